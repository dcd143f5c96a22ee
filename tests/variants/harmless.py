"""What looks like a mistake and is right by the rules: full marks, and a note where one is due."""

from __future__ import annotations

from collections.abc import Iterator

from in_process import COURSE, read_right
from variants.wrong.everywhere import PLACES, accumulated
from variants.wrong.record import Edit, Right

from grader.course import load
from grader.model import Task

_INPUT, _UPSTREAM, _ONCE, _SINGLE = ("N701",), ("N702",), ("N703",), ("N704",)
_NUMERICAL = ("D601",)  # for a human to look at
_ONCE_OR_ZERO = ("N703?",)  # where the mask lets nothing pass, twice 0 is 0
_NO_FLOATS = {"check_gradient", "graph"}  # their results are True, False and Python's own floats
_GATE, _PAIR = " " * 8, " " * 4


def _then(statement: str, after: str, indent: str) -> Edit:
    return statement, f"{statement}\n{indent}{after}"


def _first(after: str, statement: str, indent: str) -> Edit:
    return statement, f"{after}\n{indent}{statement}"


def _changed(task: str, *edits: Edit) -> Right:
    return Right(task, "M40 argument changed after its last use", edits, _INPUT)


def _zeroed(task: str, *edits: Edit) -> Right:
    return Right(task, "M40 upstream changed after its last use", edits, _UPSTREAM)


_COPY = ("self.x = x", "self.x = 1 * x")
_MARGINS = ("dW += 2 * reg * W", "W *= 2 * reg\n    dW += W")

_WRITTEN: dict[str, tuple[Right, ...]] = {
    "gates": (
        _changed("add", _then("z = x + y", "x *= 0", _GATE)),
        _changed("multiply", _COPY, _first("x *= 0", "return z", _GATE)),
        _changed("max", _COPY, _first("x *= 0", "return z", _GATE)),
        _changed("exp", _first("x *= 0", "return self.z", _GATE)),
        _changed("reciprocal", _COPY, _first("x *= 0", "return self.z", _GATE)),
        _changed("scale", _first("x *= 0", "return z", _GATE)),
        _changed("shift", _first("x *= 0", "return z", _GATE)),
        _changed("sigmoid", _first("x *= 0", "return s", _GATE)),
        _changed("relu", _COPY, _first("x *= 0", "return z", _GATE)),
        _changed("squared_norm", ("self.q = q", "self.q = 1 * q"),
                 _first("q *= 0", "return f", _GATE)),
        _zeroed("add", ("dx = dz", "dx = 1 * dz"), ("dy = dz", f"dy = 1 * dz\n{_GATE}dz *= 0")),
        _zeroed("multiply", _first("dz *= 0", "return dx", _GATE)),
        _zeroed("max", _first("dz *= 0", "return dx", _GATE)),
        _zeroed("exp", _first("dz *= 0", "return dx", _GATE)),
        _zeroed("reciprocal", _first("dz *= 0", "return dx", _GATE)),
        _zeroed("scale", _first("dz *= 0", "return dx", _GATE)),
        _zeroed("shift", ("dx = dz", f"dx = 1 * dz\n{_GATE}dz *= 0")),
        _zeroed("sigmoid", _first("ds *= 0", "return dx", _GATE)),
        _zeroed("relu", _first("dz *= 0", "return dx", _GATE)),
        # Central differences with a step of 1e-5 are exact to 1e-10 here.
        Right("exp", "M50 differences", (
            ("self.z * dz", "(np.exp(self.x + 1e-5) - np.exp(self.x - 1e-5)) / 2e-5 * dz"),),
              _NUMERICAL),
        Right("sigmoid", "M50 complex step", (
            ("(1 - s) * s * ds", "np.imag(1 / (1 + np.exp(-self.x - 1e-20j))) / 1e-20 * ds"),),
              _NUMERICAL),
    ),
    "circuits": (
        _changed("sigmoid_neuron_short", _first("w *= 0", "return {", _PAIR)),
        *(Right(task, "M50 a tape of one's own", base="lists") for task in (
            "add_multiply", "add_max_multiply", "sigmoid_neuron", "multiply_max",
            "staged_rational")),
    ),
    "losses": (
        _changed("l2_regulariser", ("dW = 2 * reg * W", "dW = W\n    dW *= 2 * reg")),
        _changed("svm_loss", _MARGINS),
        _changed("svm_staged", _MARGINS),
        _changed("softmax_loss", _MARGINS),
        _changed("softmax_staged", _MARGINS),
    ),
    "layers": (
        _changed("matrix_vector_norm", _COPY, _first("x *= 0", "return f", _GATE)),
        _changed("affine", _then("out = x.dot(w) + b", "b *= 0", _PAIR)),
        _changed("relu", ("np.maximum(0, x)", "np.maximum(0, x, out=x)")),
        Right("linear", "M40 cached argument changed in backward",
              (_first("W *= 0", "return dx, dW", _PAIR),), _INPUT + _ONCE),
        _zeroed("linear", _first("ds *= 0", "return dx, dW", _PAIR)),
        _zeroed("affine", _first("dout *= 0", "return dx, dw, db", _PAIR)),
        _zeroed("relu", ("dx = dout * (x > 0)", "dout[x <= 0] = 0\n    dx = dout")),
        Right("linear", "M38 accumulates in the cache", (
            ("cache = (x, W)", "cache = [x, W, 0]"), ("x, W = cache", "x, W, kept = cache"),
            ("dx = W.T.dot(ds)", "dx = cache[2] = kept + W.T.dot(ds)")), _ONCE),
        Right("affine", "M38 accumulates in the cache", (
            ("cache = (x, w, b)", "cache = [x, w, 0]"), ("x, w, b = cache", "x, w, kept = cache"),
            ("db = dout.sum(axis=0)", "db = cache[2] = kept + dout.sum(axis=0)")), _ONCE),
        Right("relu", "M38 accumulates in the cache", (
            ("cache = x\n", "cache = [x, 0]\n"), ("x = cache", "x, kept = cache"),
            ("dx = dout * (x > 0)", "dx = cache[1] = kept + dout * (x > 0)")), _ONCE_OR_ZERO),
    ),
}  # fmt: skip


def _in_the_object(assignment: str, task: Task) -> Iterator[Right]:
    """Yield a class that adds a gradient to that of its earlier backward."""
    places = PLACES.get(assignment, {}).get(task.id)
    if places and task.call.style == "gate_class" and task.conventions["second_backward"] == "any":
        notes = _ONCE_OR_ZERO if task.kinks else _ONCE
        yield Right(task.id, "M38 accumulates in the object", (accumulated(places),), notes)


def _in_single_precision(assignment: str, task: Task) -> Iterator[Right]:
    if read_right("single", assignment):
        notes = () if task.id in _NO_FLOATS else _SINGLE
        yield Right(task.id, "M42 float32 inside and returned", notes=notes, base="single")
    if read_right("mixed", assignment):
        yield Right(task.id, "M42 float32 inside, float64 returned", base="mixed")


def _harmless(assignment: str) -> tuple[Right, ...]:
    made = [
        right
        for task in load(COURSE, assignment)[0].tasks
        for right in (*_in_the_object(assignment, task), *_in_single_precision(assignment, task))
    ]
    return (*_WRITTEN.get(assignment, ()), *made)


HARMLESS = {assignment: _harmless(assignment) for assignment in COURSE.assignment_ids()}
