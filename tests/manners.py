"""The manners of real submissions: what lies around a right or wrong text of a module.

``MANNERS``   each takes the path of a module and its text, and gives the files of a tree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import NamedTuple

Tree = Callable[[str, str], dict[str, str]]


class Manner(NamedTuple):
    """A way to hand in; ``notes`` must be told, ``error`` to every function of the file."""

    name: str
    tree: Tree
    notes: frozenset[str] = frozenset()
    error: str = ""
    is_of_age: bool = False  # right after repair, where it is right
    needs_plain: bool = False


def _above(*lines: str) -> Tree:
    return lambda path, text: {path: "\n".join(lines) + "\n" + text}


def _below(*lines: str) -> Tree:
    return lambda path, text: {path: text + "\n\n" + "\n".join(lines) + "\n"}


def _first(line: str) -> Tree:
    """Put a line first into every function of the module."""

    def tree(path: str, text: str) -> dict[str, str]:
        return {path: re.sub(r"^( *)def .*:\n", rf"\g<0>\1    {line}\n", text, flags=re.MULTILINE)}

    return tree


def _xrange(path: str, text: str) -> dict[str, str]:
    used = re.sub(r"\brange\(", "xrange(", text)
    return {path: "from builtins import range\nfrom past.builtins import xrange\n" + used}


def _with(**others: str) -> Tree:
    """Put other files beside the module; names are made of __ for / and end without .py."""
    return lambda path, text: {
        path: text, **{f"{name.replace('__', '/')}.py": body for name, body in others.items()}
    }  # fmt: skip


def _sibling(path: str, text: str) -> dict[str, str]:
    folder = path.rpartition("/")[0]
    return {path: f"from .my_tools import rows\n{text}", f"{folder}/my_tools.py": "rows = len\n"}


def _deeper(path: str, text: str) -> dict[str, str]:
    return {f"assignment_final/{path}": text}


def _windows(path: str, text: str) -> dict[str, str]:
    return {path: "\ufeff" + text.replace("\n", "\r\n")}


def _tabs(path: str, text: str) -> dict[str, str]:
    """Python 2 took a tab for eight spaces; the second statement of a function is so indented."""
    return {
        path: re.sub(
            r"^(    |)def .*:\n",
            r"\g<0>\1    if True:\n\t\1pass\n",
            text,
            count=1,
            flags=re.MULTILINE,
        )
    }


def _notebook(path: str, text: str) -> dict[str, str]:
    cells = ["%matplotlib inline\nimport numpy as np\n", "# Layers\n", text,
             "!ls\nx = affine_forward(1, 2)\nplt.show()\n"]  # fmt: skip
    body: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "source": cell,
            "outputs": [],
            "execution_count": None,
            "metadata": {},
        }
        for cell in cells
    ]
    notebook = {"cells": body, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return {path.replace(".py", ".ipynb"): json.dumps(notebook)}


_NOTED = frozenset({"N720"})
_OLD_PACKAGE = _with(
    cs231n____init__="print 'welcome'\n",
    cs231n__classifiers____init__="from cs231n.classifiers.k_nearest_neighbor import *\n",
    cs231n__solver="def step(self):\n    print 'loss', self.loss\n",
    cs231n__vis_utils="import scipy.misc\n",
)

MANNERS: tuple[Manner, ...] = (
    Manner("as given", _with()),
    Manner("past.builtins", _xrange),
    Manner(
        "plots and timers",
        _above("import matplotlib.pyplot as plt", "from time import time", "plt.ion()"),
        _NOTED,
    ),
    Manner(
        "an editor's imports",
        _above(
            "from numpy.testing._private.decorators import setastest",
            "from traitlets.traitlets import Float",
            "from zmq.backend import zmq_poll",
        ),
        _NOTED,
    ),
    Manner("a package of Python 2 around it", _OLD_PACKAGE),
    Manner("a sibling of one's own", _sibling),
    Manner("a sibling that is missing", _above("from .fast_layers import conv_fast"), _NOTED),
    Manner(
        "an extension that may be missing",
        _above(
            "try:",
            "    from .im2col_cython import col2im",
            "except ImportError:",
            '    print("run setup.py")',
        ),
        frozenset({"N705"}),
    ),
    Manner("a folder too many", _deeper, frozenset({"N721"})),
    Manner("line ends of Windows", _windows),
    Manner("prints", _first('print("here", flush=True)'), frozenset({"N705"})),
    Manner(
        "trials below",
        _below('if __name__ == "__main__":', "    X = load_CIFAR10(ROOT)", "    assert X == 1"),
    ),
    Manner(
        "trials at top level", _below("x = np.ones((2, 3))", "print(x.mean())"), frozenset({"N705"})
    ),
    Manner("an unfinished function", _below("def later(x):", "    return undefined(x[X_train])")),
    Manner("a library that differentiates", _above("import torch"), frozenset({"D602", "N720"})),
    Manner("Python 2", _first('print "here"'), error="L111", is_of_age=True, needs_plain=True),
    Manner("tabs", _tabs, error="L111", is_of_age=True, needs_plain=True),
    Manner("a merge conflict", _above("<<<<<<< HEAD", "import numpy"), error="L103"),
    Manner("a notebook", _notebook, frozenset({"N722"})),
    Manner(
        "a type that is gone",
        _above("import numpy as np", "dtype = np.float"),
        error="R221",
        is_of_age=True,
        needs_plain=True,
    ),
)
