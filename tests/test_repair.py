"""Repaired copies as text: what is changed, where, and that nothing else moves."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.repair import HELPER, Change, repairs_for, symptom_of
from grader.repair.age import AGE
from grader.repair.arrays import GONE, with_new_numpy, with_single_entries, with_tuple_index
from grader.repair.division import divided_as_before, whole_sizes
from grader.repair.edits import Edits
from grader.repair.python2 import modernised, with_lists
from grader.repair.tokens import MAX_TEXT, Token, joined, statements, tokens_of

ROOT = Path(__file__).parent.parent
FEW = settings(max_examples=150, deadline=None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("print 'a'", "print ('a')"),
        ("print 'a', x  # why", "print ('a', x)  # why"),
        ("print 'a' % b; x = 1", "print ('a' % b); x = 1"),
        ("print 'a',", "print ('a',)"),
        ("if x: print x", "if x: print (x)"),
        ("print ('a'), 3", "print (('a'), 3)"),
        ("print (x) % y", "print ((x) % y)"),
        ("print('ok')", None),
        ("print ('ok', 3)", None),
        ("print", None),
        ("print = 3", None),
        ("x.print(3)", None),
        ("f(print)", None),
        ("print >> out, 'a'", "print ( out, 'a')"),
        ("print ['a',\n  x]", "print (['a',\n  x])"),
        ("print `x`", "print (repr(x))"),
        ("from __future__ import print_function\nprint ('a') % 3", None),
        ("try:\n  pass\nexcept E, e:\n  pass", "try:\n  pass\nexcept E as e:\n  pass"),
        ("try:\n  pass\nexcept (E, F), e:\n  pass", "try:\n  pass\nexcept (E, F) as e:\n  pass"),
        ("try:\n  pass\nexcept (E, F):\n  pass", None),
        ("raise E, 'bad'", "raise E( 'bad')"),
        ("raise E('a, b')", None),
        ("raise E", None),
        ("exec 'x = 1'", "exec ('x = 1')"),
        ("x = 1 <> 2", "x = 1 != 2"),
        ("x = `1` + `2`", "x = repr(1) + repr(2)"),
        ("x = 10L + 0xFFL", "x = 10 + 0xFF"),
        ("x = 0777 + 0 + 00 + 0.5 + 10", "x = 0o777 + 0 + 00 + 0.5 + 10"),
        ("x = ur'a' + u'b'", "x = r'a' + u'b'"),
        ("for i in xrange(3): pass", "for i in range(3): pass"),
        ("d.has_key(3)", "d.__contains__(3)"),
        ("d.iteritems(), d.itervalues(), d.iterkeys()", "d.items(), d.values(), d.keys()"),
        ("f(long=3, x=long(2))", "f(long=3, x=int(2))"),
        ("a.xrange, b. long", None),
        ("'print x <> 3' # print x", None),
        ('"""\nprint x\n"""', None),
        ("if 1:\n\tx = 1\n        y = 2", "if 1:\n        x = 1\n        y = 2"),
        ("if 1:\n    if 2:\n\tx = 1", "if 1:\n    if 2:\n        x = 1"),
        ("if 1:\n\tx = 1\n\ty = 2", None),
        ("x = '''\n\ta'''\nif 1:\n  y = 1", None),
    ],
)
def test_python_2(old: str, new: str | None) -> None:
    """Each construct of Python 2 is replaced where it is one, and the result parses."""
    edits = modernised(tokens_of(old))
    assert edits.text == (old if new is None else new)
    assert bool(edits.changes) == (new is not None)
    ast.parse(edits.text)


@pytest.mark.parametrize(
    ("old", "line", "new"),
    [
        ("def f(x, s):\n  H = x / s + 1\n  y = x / 3\n  return zeros((H, 2))", 4,
         "def f(x, s):\n  H = x // s + 1\n  y = x / 3\n  return zeros((H, 2))"),
        ("def f(h, w):\n  a, b = h / 2, w / 2\n  return x[:a, :b]", 3,
         "def f(h, w):\n  a, b = h // 2, w // 2\n  return x[:a, :b]"),
        ("def f(h):\n  a = h / 2\n  b = a\n  for i in range(b):\n    y = i / 2", 4,
         "def f(h):\n  a = h // 2\n  b = a\n  for i in range(b):\n    y = i / 2"),
        ("def f(h):\n  h /= 2\n  return x[h]", 3, "def f(h):\n  h //= 2\n  return x[h]"),
        ("def f(h):\n  return mean(x[h / 2]) / 3", 2, "def f(h):\n  return mean(x[h // 2]) / 3"),
        ("def f(h):\n  q = h / 2.0\n  p = 1e3 / h\n  return x[p, q]", 4, None),
        ("def f(h):\n  n = h / 2\n  return [0] * n", 3,
         "def f(h):\n  n = h // 2\n  return [0] * n"),
        ("def f(h):\n  n = 1 + np.floor(h / 2)\n  return zeros(n)", 3,
         f"def f(h):\n  n = 1 + {AGE}.floor(h // 2)\n  return zeros(n)"),
        # Other functions have names of their own.
        ("def f(h):\n  n = h / 2\ndef g(n):\n  return x[n]", 4, None),
        ("n = 4 / 2\nx = range(n)", 2, "n = 4 // 2\nx = range(n)"),
        ("def f(h):\n  n = 1\n\ny = x[h / 2]", 4, "def f(h):\n  n = 1\n\ny = x[h // 2]"),
        ("def f(h):\n  n = (h +\n       1) / 2\n  y = zeros((3,\n            n))", 4,
         "def f(h):\n  n = (h +\n       1) // 2\n  y = zeros((3,\n            n))"),
        ("def f(h):\n  s = 'a / b'  # h / 2\n  return x[s]", 3, None),
        ("class A:\n  def f(self):\n    self.n = 5 / 2\n    return x[self.n]", 4,
         "class A:\n  def f(self):\n    self.n = 5 // 2\n    return x[self.n]"),
    ],
)  # fmt: skip
def test_integer_division(old: str, line: int, new: str | None) -> None:
    """Only what a size or an index is computed by is divided by `//`."""
    edits = whole_sizes(tokens_of(old), line)
    assert edits.text == (old if new is None else new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("np.int, np.float, numpy.object", "int, float, object"),
        ("import numpy\nnumpy.object(1)", "import numpy\nobject(1)"),
        ("import numpy as nn\nnn.int(1)", "import numpy as nn\nint(1)"),
        ("x.np.int, np.interp, inp.int", None),
        ("np.lib.pad(x, 1)", "np.pad(x, 1)"),
        ("x.itemset(0, 1)", "x.__setitem__(0, 1)"),
        ("np.reshape(x, newshape=(1, 2))", "np.reshape(x, shape=(1, 2))"),
        ("newshape = (1, 2)", None),
        ("'np.int'  # np.int", None),
    ],
)
def test_names_of_numpy(old: str, new: str | None) -> None:
    """A name that NumPy has no more is replaced wherever it is one of NumPy's."""
    edits = with_new_numpy(tokens_of(old))
    assert edits.text == (old if new is None else new)


def test_every_name_that_is_gone_has_one_in_its_place() -> None:
    """What stands in the place of a name exists, in this NumPy too."""
    for name, new in GONE.items():
        if AGE not in new:
            eval(new.format(np="np"), {"np": np})
        if name not in dir(np):
            text = with_new_numpy(tokens_of(f"np.{name}")).text
            assert text == new.format(np="np")
        else:
            assert with_new_numpy(tokens_of(f"np.{name}")).text == f"np.{name}"


AGE_NAMES: dict[str, object] = {}
exec(HELPER, AGE_NAMES)


def run(text: str, **names: object) -> dict[str, Any]:
    """Run a repaired text, its helper in the place of the import."""
    space: dict[str, Any] = {"np": np, "age": type("Age", (), AGE_NAMES), **names}
    for name, value in AGE_NAMES.items():
        setattr(space["age"], name, staticmethod(value) if callable(value) else value)
    exec(text.replace(AGE, "age"), space)
    return space


NUMBERS = [7, 7.0, -7, np.int64(7), np.float64(7), np.float32(7), np.arange(1, 8),
           np.arange(1.0, 8), np.array(7), np.array([[7]]), True, 3 + 1j]  # fmt: skip


@pytest.mark.parametrize("a", NUMBERS, ids=repr)
@pytest.mark.parametrize("b", [2, 2.0, np.int64(2), np.float64(2), np.array([2])], ids=repr)
def test_division_as_in_python_2(a: Any, b: Any) -> None:
    """Whole numbers are floored, whatever they are kept in; everything else is divided."""

    def is_whole(value: object) -> bool:
        return bool(np.asarray(value).dtype.kind in "iub")

    expected = a // b if is_whole(a) and is_whole(b) else a / b
    text = divided_as_before(tokens_of("c = 1 + a / b ** 1 * 3")).text
    assert np.array_equal(run(text, a=a, b=b)["c"], 1 + expected * 3)
    text = divided_as_before(tokens_of("a /= b")).text
    if not isinstance(a, np.ndarray):
        assert np.array_equal(run(text, a=a, b=b)["a"], expected)
    elif is_whole(a) > is_whole(b):
        with pytest.raises(TypeError):  # as without any repair
            run(text, a=a.copy(), b=b)
    elif np.ndim(b) == 0:
        kept = a.copy()
        assert run(text, a=kept, b=b)["a"] is kept
        assert np.array_equal(kept, expected)


def test_division_keeps_its_place_among_the_operators() -> None:
    """Precedence and order are those of any division."""
    source = "[8 / 2 / 2, 2 * 7 / 2, 7 / 2 * 2, -7 / 2, 7 / -2, 9 / 2 ** 2, 1 + 7 / 2, (1 + 6) / 2]"
    got = run(f"x = {divided_as_before(tokens_of(source)).text}")["x"]
    assert got == [2, 7, 6, -4, -4, 2, 4, 3]
    array = np.arange(4.0)
    assert run(divided_as_before(tokens_of("x /= 1 + 1  # half")).text, x=array)["x"] is array
    assert array.tolist() == [0, 0.5, 1, 1.5]


def test_arrays_for_an_older_numpy() -> None:
    """Lists are taken for tuples where they once were, and arrays of size 1 for numbers."""
    source = "i = [slice(0, 2), 1]\na = x[i]\nb = x[[0, 1]]\nc = {0: 1}[0]\nd = [[1], 2][0]"
    x = np.arange(12.0).reshape(3, 4)
    text = "\n".join(
        with_tuple_index(tokens_of(source), line).text.split("\n")[line - 1] for line in range(1, 6)
    )
    got = run(text, x=x)
    assert got["a"].tolist() == x[0:2, 1].tolist()
    assert got["b"].tolist() == x[[0, 1]].tolist()
    assert (got["c"], got["d"]) == (1, [1])
    source = "y[0] = np.array([[2.0]])\ny[1] += float(np.array([3.0])) # c\ny[2:] = y[:2]"
    for line in (1, 2, 3):
        source = with_single_entries(tokens_of(source), line).text
    assert run(source, y=np.zeros(4))["y"].tolist() == [2, 3, 2, 3]


def test_lists_of_python_2() -> None:
    """map, zip, filter and range give lists; what is only called so is left alone."""
    source = (
        "a = map(str, [1])[0]\nb = zip([1], [2]) + [3]\nc = range(2) + [2]\n"
        "d = filter(None, [0, 1])[0]\ne = {'map': 1}['map']\n"
        "class F:\n  def map(self, x): return x\ng = F().map(3)"
    )
    got = run(with_lists(tokens_of(source)).text)
    assert [got[n] for n in "abcdeg"] == ["1", [(1, 2), 3], [0, 1, 2], 1, 1, 3]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("f raised TypeError: 'float' object cannot be interpreted as an integer", "R220"),
        ("f raised TypeError: 'numpy.float64' object cannot be interpreted as an integer", "R220"),
        ("f raised TypeError: list indices must be integers or slices, not float", "R220"),
        ("f raised TypeError: can't multiply sequence by non-int of type 'float'", "R220"),
        ("f raised TypeError: slice indices must be integers or None or have", "R220"),
        ("f raised AttributeError: module 'numpy' has no attribute 'int'. `np.int` was", "R221"),
        ("f raised AttributeError: `np.mat` was removed in the NumPy 2.0 release.", "R221"),
        ("f raised AttributeError: module 'numpy.lib' has no attribute 'pad'", "R221"),
        ("f raised TypeError: only 0-dimensional arrays can be converted to Python", "R221"),
        ("f raised NameError: name 'xrange' is not defined. Did you mean: 'range'?", "R222"),
        ("f raised TypeError: 'map' object is not subscriptable", "R222"),
        ("a.py:3: SyntaxError: Missing parentheses in call to 'print'.", "L111"),
        ("a.py:3: TabError: inconsistent use of tabs and spaces", "L111"),
        ("f raised TypeError: 'str' object cannot be interpreted as an integer", None),
        ("f raised AttributeError: module 'numpy' has no attribute 'imposter'", None),
        ("f raised NameError: name 'range_' is not defined", None),
        ("f raised ValueError: operands could not be broadcast together", None),
        ("f raised IndexError: index 3 is out of bounds", None),
    ],
)
def test_symptoms(message: str, code: str | None) -> None:
    """A fault is known by its words; what other mistakes raise is none."""
    found = symptom_of(message)
    assert (found and found.code) == code


def test_changes_are_told_with_their_lines() -> None:
    """Few lines are named, many are counted."""
    assert Change("x", (3,)).told() == "x in line 3"
    assert Change("x", (3, 4)).told("a.py") == "x in a.py lines 3 and 4"
    assert Change("x", tuple(range(1, 8))).told() == "x in lines 1, 2, 3 and 4 more"


REPAIRS: list[Callable[[Sequence[Token]], Edits]] = [
    modernised,
    with_lists,
    divided_as_before,
    with_new_numpy,
    *(lambda tokens, line=line: whole_sizes(tokens, line) for line in (1, 3)),
    lambda tokens: with_tuple_index(tokens, 2),
    lambda tokens: with_single_entries(tokens, 2),
]
PIECES = st.sampled_from(
    ["def f(x):", "\n", "\n  ", "\n\t", "print ", "x", " = ", "/", "/=", "(", ")", "[", "]", "'",
     '"""', "#", "\\\n", ":", ";", ",", "np.int", "`", "<>", "except ", "raise ", "for i in ",
     "xrange(3)", "0777L", "é", "\0", "ur'", ".", "*", "\r\n", "=", "in ", "{", "}", "float(",
     "import numpy as np", "from __future__ import division", "newshape="]
)  # fmt: skip


@FEW
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80))
def test_any_text_can_be_repaired(text: str) -> None:
    """No repair raises, and none moves a line."""
    tokens = tokens_of(text)
    assert joined(tokens) == text
    for start, stop in statements(tokens):
        assert start < stop
    for repair in REPAIRS:
        edits = repair(tokens)
        assert edits.text.count("\n") == text.count("\n")
        assert bool(edits.changes) or edits.text == text


def test_sources_of_python_come_through_unchanged() -> None:
    """What is Python 3 already is left as it is, but for names that are Python 2's."""
    for path in [*(ROOT / "grader").rglob("*.py"), *(ROOT / "tests").glob("test_[a-d]*.py")]:
        text = path.read_text()
        assert joined(tokens_of(text)) == (text if len(text) <= MAX_TEXT else "")
        assert modernised(tokens_of(text)).text == text, path


@pytest.mark.parametrize(
    "text",
    ["'''" + "\\'''" * 5000, "'" * 20_000, "(" * 20_000, "a/" * 10_000, "\\\n" * 10_000,
     "print a\n" * 3000, "x[" * 10_000, "`" * 20_000, "a = b / c\n" * 2000,
     "\t x\n" * 5000, "if x:" * 4000, "x" * (MAX_TEXT + 1)],
    ids=range(12),
)  # fmt: skip
def test_hostile_texts_take_no_time(text: str) -> None:
    """The work of every repair is in proportion to the text."""
    started = time.process_time()
    for message in (
        "a.py:1: SyntaxError: x",
        "TypeError: 'float' object cannot be interpreted as an integer",
        "IndexError: only integers, slices (`:`), ellipsis",
        "ValueError: setting an array element with a sequence",
    ):
        symptom = symptom_of(message)
        assert symptom is not None
        list(repairs_for(symptom, text, 1))
    assert time.process_time() - started < 3
