"""Starters: what stays of a reference without markers, and with them; what is refused."""

from __future__ import annotations

import ast
import json

import pytest

from grader.errors import CourseError
from grader.release.starter import starters
from grader.spec import load_assignment

GATE = "{id: %s, style: gate_class, target: %s, inputs: {x: [...]}, outputs: [z]}"
SPEC = """
assignment: a
title: An assignment
statement: What it is about.
files: [a.py]
tasks:
  - {id: t, title: A layer, statement: "out = x w.", style: function_pair, target: f,
     inputs: {x: [N, D], w: [D, M]}, hyper_parameters: {reg: 2}, outputs: [out]}
"""
REFERENCE = '''\
"""How it is done: dx = dout w^T."""

import numpy as np
from numpy.linalg import norm
import secrets

SLOPE = 3.5


def helper(x):
    """An answer."""
    return 2 * x


def f_forward(x, w, reg, *, regulariser="full"):
    """out = x w; the cache is (x, w)."""
    out = helper(x) @ w  # the product
    return out, (x, w)


def f_backward(dout, cache):
    """dx = dout w^T."""
    x, w = cache
    return dout @ w.T, x.T @ dout
'''


def starter_of(reference: str, spec: str = SPEC, file: str = "a.py") -> str:
    """Return the starter of the only file of an assignment."""
    shapes = {"t": {"out": "[N, M]"}}
    (text,) = starters(load_assignment(spec, "a.yaml"), {"a.py": reference}, shapes).values()
    if file.endswith(".py"):
        ast.parse(text)
    return text


def test_without_markers_names_and_signatures_stay_and_the_spec_speaks() -> None:
    """No body, docstring, comment, helper or constant of the reference is left."""
    assert (
        starter_of(REFERENCE)
        == '''\
"""An assignment.

What it is about.
"""

import numpy as np
from numpy.linalg import norm


def f_forward(x, w, reg):
    """A layer.

    out = x w.

    Arguments:
        x: [N, D]
        w: [D, M]
        reg: a number

    Returns:
        out: [N, M]
        cache: whatever the backward pass needs
    """
    raise NotImplementedError("write f_forward: return out, cache")


def f_backward(dout, cache):
    """The backward pass of f_forward.

    Arguments:
        dout: the upstream gradient, [N, M]
        cache: what f_forward returned last

    Returns:
        dx: the gradient of x, [N, D]
        dw: the gradient of w, [D, M]
    """
    raise NotImplementedError("write f_backward: return dx, dw")
'''
    )


@pytest.mark.parametrize(
    ("body", "kept", "gone"),
    [
        ("def __init__(self, a):\n        '''The answer.'''\n        self.a = a",
         ["        self.a = a\n"], ["answer"]),
        ("def __init__(self, a):\n        self.a = 1 / a",
         ['raise NotImplementedError("write G.__init__")'], ["1 / a"]),
        ("def __init__(self, a=2.0, *, b: float = 1e-3):\n        self.a = a",
         ["def __init__(self, a=2.0, *, b: float=0.001):"], []),
        ("def local(self, x):\n        return 3 * x", [], ["local", "3 * x"]),
        ("scale = 7", [], ["scale"]),
        ("@staticmethod\n    def other():\n        return 0", [], ["other", "staticmethod"]),
    ],
)  # fmt: skip
def test_of_a_class_stay_the_methods_that_are_called(
    body: str, kept: list[str], gone: list[str]
) -> None:
    """A constructor that only keeps its arguments is given; helpers of the class are not."""
    reference = (
        f"class G:\n    {body}\n\n    def forward(self, _x):\n        return 2 * _x\n\n"
        "    def backward(self, dz):\n        return 2 * dz\n\n\ndef kinks(x):\n    return x\n"
    )
    spec = SPEC[: SPEC.index("  - {")] + f"  - {GATE % ('t', 'G')}\n"
    text = starter_of(reference, spec)
    assert "def forward(self, x):" in text  # as the spec calls it, and with self
    assert "def backward(self, dz):" in text
    assert 'NotImplementedError("write G.backward: return dx")' in text
    assert [part for part in kept if part not in text] == []
    assert [part for part in [*gone, "2 *", "kinks", "_x"] if part in text] == []


MARKED = '''\
"""Read this."""

import numpy as np


def helper(x):
    return x


{0}


def f_backward(dout, cache):
    """Mind the shapes."""
    x, w = cache  # given
    dx = dout @ w.T  # SOLUTION
    dw = x.T @ dout  # SOLUTION
    return dx, dw
'''


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("### BEGIN SOLUTION", "### END SOLUTION"),
        ("# BEGIN SOLUTION", "# END SOLUTION"),
        ("#   BEGIN SOLUTION NO PROMPT", "#END SOLUTION"),
    ],
)
def test_with_markers_what_is_marked_goes_and_all_else_stays(begin: str, end: str) -> None:
    """Whole regions, and single lines as otter marks them; each says what is to be written."""
    marked = (
        f"def f_forward(x, w, reg):\n    n = len(x)\n    {begin}\n    # the product\n"
        f"    out = x @ w\n\n    if n:\n        out = 2 * out\n    {end}\n    return out, (x, w)"
    )
    assert (
        starter_of(MARKED.replace("{0}", marked))
        == '''\
"""Read this."""

import numpy as np


def helper(x):
    return x


def f_forward(x, w, reg):
    n = len(x)
    raise NotImplementedError("write f_forward: return out, cache")
    return out, (x, w)


def f_backward(dout, cache):
    """Mind the shapes."""
    x, w = cache  # given
    raise NotImplementedError("write f_backward: return dx, dw")
    return dx, dw
'''
    )


def test_what_is_marked_outside_of_functions_leaves_a_comment() -> None:
    """A whole helper goes; in a method the error says the class, in a helper its name alone."""
    source = (
        "### BEGIN SOLUTION\ndef helper(x):\n    return 2 * x\n### END SOLUTION\n\n\n"
        "class G:\n    def forward(self, x):\n        # BEGIN SOLUTION\n        return x\n"
        "        # END SOLUTION\n\n\ndef other():\n    return 3  # SOLUTION\n"
    )
    text = starter_of(source)
    assert text.startswith("# your code here\n\n\nclass G:\n")
    assert '        raise NotImplementedError("write G.forward")\n' in text
    assert '    raise NotImplementedError("write other")\n' in text
    assert "return" not in text


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("def f_forward(:", "reference/a.py:1: not valid Python"),
        ("f_forward = f_backward = abs", "`f_forward` is not defined by `def` or `class` there; "),
        (REFERENCE.replace("def f_forward", "@helper\ndef f_forward"),
         "the signature needs `helper`, which may be part of the answer; mark what students"),
        (REFERENCE.replace("x, w, reg,", "x, w, reg=helper(2),"), "the signature needs `helper`"),
        ("# BEGIN SOLUTION\nx = 1\n", "reference/a.py:1: `BEGIN SOLUTION` has no `END SOLUTION`"),
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION\n", "a.py:1: `BEGIN SOLUTION` has no"),
        ("x = 1\n### END SOLUTION\n", "reference/a.py:2: `END SOLUTION` has no `BEGIN SOLUTION`"),
        ("x = 1  # BEGIN SOLUTION\n# END SOLUTION\n", "a.py:1: a marker stands alone in its line"),
        ("if x:\n    # BEGIN SOLUTION\n    y = 1\n    # END SOLUTION\n",
         "reference/a.py: without what is marked it is no valid Python (line 2: "),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_apart_is_refused(reference: str, problem: str) -> None:
    """With the place, and with what to do about it."""
    with pytest.raises(CourseError) as caught:
        starter_of(reference)
    (told,) = caught.value.problems
    assert problem in told


def test_a_method_that_is_not_written_in_its_class_is_refused() -> None:
    """A starter without it would not say that it is to be written."""
    spec = SPEC[: SPEC.index("  - {")] + f"  - {GATE % ('t', 'G')}\n"
    reference = "class G:\n    def forward(self, x):\n        return x\n\n    backward = abs\n"
    with pytest.raises(CourseError, match=r"`G\.backward` is not defined by `def` there; mark"):
        starter_of(reference, spec)


def test_a_constant_or_an_import_that_a_signature_needs_stays() -> None:
    """And no other."""
    text = starter_of(REFERENCE.replace("x, w, reg,", "x, w: secrets, reg=SLOPE,"))
    assert "import secrets\n" in text
    assert "SLOPE = 3.5\n" in text
    assert "def f_forward(x, w: secrets, reg=SLOPE):" in text
    assert "SLOPE" not in starter_of(REFERENCE)


def test_a_notebook_has_a_cell_for_each_function() -> None:
    """Text, imports, functions; nothing was run, and the same reference gives the same bytes."""
    spec = SPEC.replace("a.py", "a.ipynb")
    text = starter_of(REFERENCE, spec, "a.ipynb")
    assert text == starter_of(REFERENCE, spec, "a.ipynb")
    document = json.loads(text)
    assert document["nbformat"] == 4
    cells = [(c["cell_type"], "".join(c["source"])) for c in document["cells"]]
    assert [kind for kind, _ in cells] == ["markdown", "code", "code", "code"]
    assert cells[0][1].startswith("# An assignment.")
    assert cells[1][1] == "import numpy as np\nfrom numpy.linalg import norm"
    assert cells[2][1].startswith("def f_forward(x, w, reg):")
    assert cells[3][1].endswith('raise NotImplementedError("write f_backward: return dx, dw")')
