"""Imports that find nothing: a note, and only what uses them is lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from trees import FLAT, LAYERS, SPEC, codes, course, graded, messages, points

from grader.worker.load import Submission
from grader.worker.placeholders import MAX_ABSENT, missing_name

RIGHT = {"affine": 1.0, "half": 1.0}
LOST = {"affine": 0.0, "half": 1.0}


def source(top: str, line: str = "") -> str:
    """Return the layers below some imports, with a line at the start of affine_forward."""
    text = LAYERS.replace("(x, w, b):\n", f"(x, w, b):\n    {line}\n", 1) if line else LAYERS
    return f"{top}\n{text}"


# What stands at the top of a file that is right, and the modules that the notes name.
NEEDLESS: dict[str, tuple[str, set[str]]] = {
    "plots": ("import matplotlib.pyplot as plt", {"matplotlib"}),
    "an editor's": ("from numpy.testing._private.no import x", {"numpy.testing._private.no"}),
    "names that are gone": (
        "from numpy.testing import gone, more",
        {"numpy.testing.gone", "numpy.testing.more"},
    ),
    "below a module": ("import os.nothing", {"os.nothing"}),
    "several": ("import zmq, traitlets\nfrom torch import nn", {"zmq", "traitlets", "torch"}),
    "everything": ("from pylab import *", {"pylab"}),
    "nothing used": ("import torch\n@torch.no_grad()\ndef f(): pass", {"torch"}),
    "settings": (
        """from matplotlib import pyplot as plt
plt.rcParams['figure.figsize'] = (10, 8)
plt.style = plt.use('x').y[2]""",
        {"matplotlib"},
    ),
    "a base": ("import torch.nn as nn\nclass Net(nn.Module):\n  def f(self): 0", {"torch"}),
    "a type": ("import torch", {"torch"}),
    "with": ("import torch\nwith torch.no_grad() as t:\n  pass", {"torch"}),
    "in vain": ("try:\n  import numba\nexcept ImportError:\n  numba = 0\nassert not numba", set()),
    "one of two": (
        """try:
    import numba
except ImportError:
    numba = 3
import zmq
assert numba == 3""",
        {"zmq"},
    ),
    "another in its place": (
        """try:
    import cPickle as pickle
except ImportError:
    import pickle
pickle.dumps(1)""",
        set(),
    ),
}


@pytest.mark.parametrize(("top", "absent"), NEEDLESS.values(), ids=NEEDLESS)
def test_an_import_that_nobody_needs(
    top: str, absent: set[str], tmp_path: Path, either_rung: str
) -> None:
    """It costs a note that names the module; a file that provides for it gets its own way."""
    line = "assert not isinstance(x, torch.Tensor)" if "a type" in str(tmp_path) else ""
    report = graded(tmp_path, {"layers.py": source(top, line)}, either_rung, course(FLAT))
    assert points(report) == RIGHT, messages(report)
    told = {f.message for task in report.tasks for f in task.findings}
    assert told == {f"`{name}` is not available" for name in absent}


@pytest.mark.parametrize(
    ("top", "line", "module"),
    [
        ("import torch", "torch.tensor(x)", "torch"),
        ("import torch.nn.functional as F", "x = F.relu(x)", "torch"),
        ("from scipy.special import expit", "x = expit(x)", "scipy"),
        ("from scipy import constants", "x = x + constants.pi", "scipy"),
        ("from scipy import constants", "x = x * constants.one", "scipy"),
        ("from scipy import constants", "x = constants.table[0]", "scipy"),
        ("from scipy import constants", "if constants.big: pass", "scipy"),
        ("from scipy import constants", "constants.pi = 3", "scipy"),
        ("from scipy import constants", "for c in constants: pass", "scipy"),
        ("import numba", "numba.x()", "numba"),
        ("from numba import jit\n@jit\ndef helper(x): return x", "helper(x)", "numba"),
        ("from torch import nn\nclass Net(nn.Module):\n  pass", "Net()", "torch"),
        ("from numpy.testing import gone", "gone(x)", "numpy.testing.gone"),
        ("from parts import *", "import parts; parts.f(x)", "parts"),
        ("", "import torch", "torch"),
    ],
)
def test_an_import_that_is_needed(
    top: str, line: str, module: str, tmp_path: Path, either_rung: str
) -> None:
    """The task that uses it says which module is not available; the others are graded."""
    report = graded(tmp_path, {"layers.py": source(top, line)}, either_rung, course(FLAT))
    assert points(report) == LOST, messages(report)
    assert "affine L105" in codes(report)
    assert f"affine_forward needs a module that is not available: {module}" in messages(report)
    assert "layers.py:" in messages(report)


def test_the_target_itself_comes_from_nowhere(tmp_path: Path, either_rung: str) -> None:
    """A function that was to be imported is L105; one that may have been says what was missing."""
    lost = LAYERS.replace("def affine_", "def other_")
    files = {"layers.py": f"from parts import affine_forward, affine_backward\n{lost}"}
    report = graded(tmp_path / "a", files, either_rung, course(FLAT))
    assert points(report) == LOST
    assert "affine L105" in codes(report)
    report = graded(
        tmp_path / "b", {"layers.py": f"from parts import *\n{lost}"}, either_rung, course(FLAT)
    )
    assert points(report) == LOST
    assert "affine L106" in codes(report)
    assert "not available: parts" in messages(report)


def test_modules_that_are_always_placeholders(tmp_path: Path, either_rung: str) -> None:
    """`stub` names them: even one that a file provides for, and one that the tree holds."""
    spec = SPEC.replace("style:", "stub: [numba, cs231n.fast]\nstyle:", 1)
    top = "try:\n  import numba.cuda as c\n  assert c\nexcept ImportError:\n  1 / 0\n"
    files = {
        "cs231n/layers.py": source(f"{top}from .fast import speed\nimport cs231n.fast"),
        "cs231n/fast.py": "1 / 0",
    }  # fmt: skip
    report = graded(tmp_path, files, either_rung, course(spec))
    assert points(report) == RIGHT, messages(report)
    assert codes(report) == {"affine N720"}
    for name in ("numba", "cs231n.fast"):
        assert f"`{name}` is not available" in messages(report)


OLD = """
from __future__ import absolute_import, division, print_function
from builtins import range, object
from past.builtins import xrange, range as old_range, basestring
from past.utils import old_div
from future.builtins import zip, str
from future.utils import iteritems
from future import standard_library
from six.moves import xrange as again, map
from six.moves import range as once_more
import six
standard_library.install_aliases()
assert [*xrange(3)] == old_range(3) == [*again(3)] == [0, 1, 2]
assert old_div(7, 2) == 3 and old_div(7.0, 2) == 3.5
assert dict(iteritems({1: 2})) == dict(six.iteritems({1: 2})) == {1: 2}
assert isinstance('', six.string_types) and isinstance('', basestring)
"""


def test_stand_ins_for_modules_between_two_pythons(tmp_path: Path, either_rung: str) -> None:
    """What kept code of Python 2 alive is there, whether it is installed or not."""
    text = source(OLD, "[*xrange(2)]")
    report = graded(tmp_path, {"layers.py": text}, either_rung, course(FLAT))
    assert points(report) == RIGHT, messages(report)
    assert not codes(report)


def test_stand_ins_give_way_to_files(tmp_path: Path, either_rung: str) -> None:
    """A file of the tree with such a name is what is imported."""
    files = {"cs231n/layers.py": source("import six\nassert six.mine"), "six.py": "mine = 1\n"}
    report = graded(tmp_path, files, either_rung)
    assert points(report) == RIGHT, messages(report)


def test_no_end_of_missing_modules(tmp_path: Path, either_rung: str) -> None:
    """A file that goes on asking for other modules is given up in the end."""
    top = "import os, sys\nimport json\nn = json.__dict__.setdefault('n', [0])\nn[0] += 1\n"
    top += "__import__('missing%d' % n[0])\n"
    report = graded(tmp_path, {"layers.py": source(top)}, either_rung, course(FLAT))
    assert points(report) == {"affine": 0, "half": 0}
    assert f"missing{MAX_ABSENT + 1}" in messages(report)


LIES = [
    "raise ImportError('x', name='numpy')",
    "raise ModuleNotFoundError('x', name='numpy')",
    "raise ModuleNotFoundError('x', name='layers')",
    "raise ModuleNotFoundError('x', name='a' * 100000)",
    "raise ModuleNotFoundError('x', name=7)",
    "class E(ModuleNotFoundError):\n  name = property(lambda s: 1 / 0)\nraise E",
    "class S(str):\n  def __contains__(s, o): 1 / 0\nraise ModuleNotFoundError('x', name=S('y'))",
    "raise ImportError(type('T', (), {'__str__': lambda s: 1 / 0})(), name='y')",
]


@pytest.mark.parametrize("lie", LIES)
def test_errors_that_only_look_like_a_missing_module(
    lie: str, tmp_path: Path, either_rung: str
) -> None:
    """Nothing that is there is replaced, and no name but a plain text is taken for one."""
    report = graded(tmp_path, {"layers.py": source(lie)}, either_rung, course(FLAT))
    assert points(report) == {"affine": 0, "half": 0}
    assert codes(report) <= {"affine L104", "half L104", "affine L105", "half L105"}
    assert not any(f.code[0] == "G" for task in report.tasks for f in task.findings)


def test_a_placeholder_hides_nothing(tmp_path: Path, either_rung: str) -> None:
    """Everything that can be reached from a placeholder is in the child, which knows no answer."""
    line = (
        "import gc, sys; seen = [torch, vars(torch), type(torch).__mro__, gc.get_objects()]; "
        "text = repr(sorted(sys.modules)); assert 'grader' not in text and 'oracle' not in text"
    )
    report = graded(
        tmp_path, {"layers.py": source("import torch", line)}, either_rung, course(FLAT)
    )
    assert points(report) == RIGHT, messages(report)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (ModuleNotFoundError("x", name="a.b"), "a.b"),
        (ImportError("cannot import name 'f' from 'a.b' (/x.py)", name="a.b"), "a.b.f"),
        (ImportError("cannot import name 'f' from 'a' (unknown location)", name="a"), "a.f"),
        (ImportError("cannot import name 'f' from partially initialized module 'a'", name="a"), ""),
        (ImportError("numpy.core.multiarray failed to import"), ""),
        (ImportError("cannot import name 'f' from 'a'"), ""),
        (ModuleNotFoundError("x"), ""),
    ],
)  # fmt: skip
def test_what_an_import_did_not_find(error: ImportError, name: str) -> None:
    """The module, or the name in a module, is read from the error as Python makes it."""
    assert missing_name(error) == name


def test_nothing_is_left_behind_in_this_process() -> None:
    """A finder that is not installed leaves the import system alone."""
    before = list(sys.meta_path)
    Submission({"a.py": "", "matplotlib.stub": ""})
    assert sys.meta_path == before
