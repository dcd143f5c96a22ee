"""Arguments in Fortran order, as slices, read-only, in float32 and as integers."""

from __future__ import annotations

from pathlib import Path

import pytest
from in_process import grade_texts
from running import run
from small_course import graded, made, outcomes, told
from test_behaviour import edited

from grader.isolation import SANDBOXES
from grader.model import FORMS, Severity

ALL = "[fortran, strided, read_only, float32, integers]"
NAMES = [kind.value for kind in FORMS]

# task line, reference: an elementwise gate, a pair, a loss with labels, scalars, kinks.
TASKS: dict[str, tuple[str, str]] = {
    "gate": (
        "{id: t, style: gate_class, target: G, inputs: {x: [...], y: [...]}, outputs: [z]}",
        """\
class G:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y + x

    def backward(self, dz):
        return dz * (self.y + 1), dz * self.x
""",
    ),
    "pair": (
        ("{id: t, style: function_pair, target: f, outputs: [out], kinks: kinks, "
        "inputs: {x: [N, D], w: {shape: [D, M], domain: positive}, b: [M], s: []}, "
        "hyper_parameters: {a: {range: [0.1, 0.3]}}}"),
        """\
import numpy as np


def f_forward(x, w, b, s, a):
    h = x @ w + b
    return np.where(h > 0, h, a * h) * s, (x, w, h, s, a)


def f_backward(dout, cache):
    x, w, h, s, a = cache
    ds = np.sum(dout * np.where(h > 0, h, a * h))
    dh = np.where(h > 0, dout, a * dout) * s
    return dh @ w.T, x.T @ dh, dh.sum(axis=0), ds


def kinks(x, w, b, s, a):
    return x @ w + b
""",
    ),
    "loss": (
        ("{id: t, style: loss_function, target: loss, outputs: [loss], gradients: [W], "
        "inputs: {W: [D, C], X: [N, D], y: {shape: [N], domain: labels, classes: C}}, "
        "hyper_parameters: {reg: {range: [0.5, 2]}}}"),
        """\
import numpy as np


def loss(W, X, y, reg):
    s = X @ W
    s = s - s.max(axis=1, keepdims=True)
    rows = np.arange(len(y))
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    d = np.exp(log_p)
    d[rows, y] -= 1
    return -log_p[rows, y].mean() + reg * np.sum(W * W), X.T @ d / len(y) + 2 * reg * W
""",
    ),
}  # fmt: skip
_GATE_BACK = "return dz * (self.y + 1), dz * self.x"

# The mistake, where, and the forms that must tell it: never another.
MISTAKES: dict[str, tuple[str, tuple[tuple[str, str], ...], dict[str, str]]] = {
    "zeros_like of integers": ("gate", (
        (_GATE_BACK, ("dx = np.zeros_like(self.x)\n        dx[...] = dz * (self.y + 1)\n"
                     "        return dx, dz * self.x")),
    ), {"integers": "B505"}),
    "a buffer of the input's type": ("pair", (
        ("dh = np.where(h > 0, dout, a * dout) * s",
         "dh = (np.where(h > 0, dout, a * dout) * s).astype(x.dtype)"),
    ), {"integers": "B505"}),
    "adds to integers in place": ("loss", (
        ("X.T @ d / len(y) + 2 * reg * W", "grad(W, X.T @ d / len(y), reg)"),
        ("def loss", ("def grad(W, d, reg):\n    dW = np.zeros_like(W)\n    dW += d\n"
                     "    return dW + 2 * reg * W\n\n\ndef loss")),
    ), {"integers": "B505"}),
    "negative powers": ("gate", ((_GATE_BACK, ("return dz * (self.y ** -1 * self.y ** 2 + 1), "
                                              "dz * self.x")),), {"integers": "B505"}),
    "writes into dz": ("gate", (
        (_GATE_BACK, "dy = dz * self.x\n        dz *= self.y + 1\n        return dz, dy"),
    ), {"read_only": "B506"}),
    "writes into x": ("pair", (("h = x @ w + b", ("y = x.copy()\n    x[:] = 0\n    x[:] = y\n"
                                                 "    h = x @ w + b")),), {"read_only": "B506"}),
    "sorts the labels and back": ("loss", (("rows = ", ("o = y.copy(); y.sort(); y[:] = o\n    "
                                                       "rows = ")),), {"read_only": "B506"}),
    "writes through ravel": ("gate", (
        (_GATE_BACK, ("dx = np.zeros_like(np.array(self.x, 'd', order='K'))\n"
                     "        flat = dx.ravel()\n"
                     "        flat[:] = np.ravel(dz * (self.y + 1))\n"
                     "        return dx, dz * self.x")),
    ), {"fortran": "B505"}),
    "counts on memory order": ("pair", (
        ("return dh @ w.T", "x = x.ravel(order='K').reshape(x.shape)\n    return dh @ w.T"),
    ), {"fortran": "B505"}),
    "sets the shape in place": ("pair", (
        ("h = x @ w + b", ("x.shape = (x.size,)\n    x.shape = (-1, w.shape[0])\n"
                          "    h = x @ w + b")),
    ), {"fortran": "B505", "strided": "B505"}),
    "reads the buffer": ("pair", (
        ("h = x @ w + b", ("x = np.frombuffer(memoryview(x).cast('B'), x.dtype).reshape(x.shape)\n"
                          "    h = x @ w + b")),
    ), {"fortran": "B505", "strided": "B505"}),
    "doubles float64 only": ("gate", (
        ("return x * y + x", ("z = x * y + x\n"
         "        return z if np.asarray(x).dtype != np.float32 else z * 1.01")),
    ), {"float32": "B505"}),
    "works in half precision if not in double": ("pair", (
        ("h = x @ w + b", ("h = x @ w + b\n"
                          "    h = h if h.dtype != np.float32 else h.astype(np.float16)")),
    ), {"float32": "B505"}),
}  # fmt: skip


def spec_of(name: str, forms: str = ALL) -> str:
    """Return a spec with one task and all forms."""
    line = TASKS[name][0]
    return f"assignment: m\nfiles: [m.py]\ninput_forms: {forms}\ntasks:\n  - {line}\n"


def reference(name: str) -> str:
    """Return the reference of a task; it imports numpy."""
    text = TASKS[name][1]
    return text if "import numpy" in text else f"import numpy as np\n\n\n{text}"


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("seed", range(12))
def test_right_code_takes_every_form(name: str, seed: int) -> None:
    """A reference passes each form, and nothing is noted of a type that was ours."""
    ready = made(spec_of(name), reference(name), seed)
    result = graded(ready, reference(name))
    found = outcomes(result)
    assert [found[f"behaviour.{form}"] for form in NAMES] == ["passed"] * 5
    assert not told(result)
    assert {f.code for f in told(result, Severity.NOTE)} <= {"N708"}


RIGHT = {
    "float32 throughout": ("gate", "z = np.float32(x) * np.float32(y) + np.float32(x)", "float32"),
    "float64 throughout": ("gate", "z = np.float64(x) * np.float64(y) + np.float64(x)", "float64"),
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("seed", range(4))
def test_right_in_either_precision(name: str, seed: int) -> None:
    """Code that turns everything into one precision is right in every form."""
    task, forward, precision = RIGHT[name]
    source = reference(task).replace("return x * y + x", f"{forward}\n        return z")
    source = source.replace(_GATE_BACK, f"d = np.{precision}(dz)\n        "
                            "return d * (self.y + 1), d * self.x")  # fmt: skip
    assert not told(graded(made(spec_of(task), reference(task), seed), source))


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.parametrize("seed", range(6))
def test_a_mistake_shows_in_its_form_alone(name: str, seed: int) -> None:
    """What is wrong in one form is told there, in its words, and costs nothing else."""
    task, edits, expected = MISTAKES[name]
    source = edited(reference(task), edits)
    result = graded(made(spec_of(task), reference(task), seed), source)
    codes = {f.check: f.code for f in told(result)}
    assert codes == {f"behaviour.{form}": code for form, code in expected.items()}
    assert result.outcome.value == "passed", "free unless priced"
    errors = [(f.check, f.code, f.argument) for f in told(result)]
    assert len(errors) == len(set(errors))


@pytest.mark.parametrize(
    ("name", "form", "fragment", "help_line"),
    [
        ("zeros_like of integers", "integers", "with integers: dx[", "np.zeros_like"),
        ("writes into dz", "read_only", ("writes into a read-only argument: m.py:11: G.backward "
         "raised ValueError: output array is read-only"), "copy before you write"),
        ("writes through ravel", "fortran", "with arrays in Fortran order: dx[", "ravel"),
        ("reads the buffer", "strided", "with arrays that are slices with a step", "ravel"),
        ("doubles float64 only", "float32", "with float32 arrays: z[", "same numbers"),
    ],
)  # fmt: skip
def test_what_a_student_reads(name: str, form: str, fragment: str, help_line: str) -> None:
    """The message names the form, then what is wrong and where; the help says what to do."""
    task, edits, _ = MISTAKES[name]
    source = edited(reference(task), edits)
    result = graded(made(spec_of(task), reference(task)), source)
    (finding,) = [f for f in told(result) if f.check == f"behaviour.{form}"]
    assert fragment in finding.message
    assert help_line in finding.help
    assert finding.case == f"t:{form}:0"


def test_a_form_can_be_priced() -> None:
    """A rubric may give points to a form, and then it counts."""
    spec = spec_of("gate", "[integers]")
    rubric = (
        "rubric: m\ntotal: 5\ntasks:\n  t: {forward: 1, backward: 2, case.scalar: 0, "
        "behaviour.integers: 2}\n"
    )
    ready = made(spec, reference("gate"), 0, rubric)
    assert float(graded(ready, reference("gate")).score) == 5
    source = reference("gate").replace(_GATE_BACK, MISTAKES["zeros_like of integers"][1][0][1])
    assert float(graded(ready, source).score) == 3


def test_a_reference_must_take_the_forms_too(tmp_path: Path) -> None:
    """`grade check` calls an assignment weak whose own reference fails a form it asks for."""
    fails = edited(reference("gate"), MISTAKES["zeros_like of integers"][1])
    for name, text in {
        "course.yaml": "name: Forms\n",
        "assignments/m.yaml": spec_of("gate", "[strided, integers]"),
        "reference/m.py": fails,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = run("check", "m", "--course", tmp_path)
    assert done.code == 1
    assert "the reference, handed in, fails `behaviour.integers`" in " ".join(done.out.split())
    assert "strided" not in done.out


def test_forms_reach_a_real_child() -> None:
    """What is asked of the child is asked of a process of its own as well."""
    for mistake in ("writes through ravel", "writes into dz", "zeros_like of integers"):
        task, edits, expected = MISTAKES[mistake]
        source = edited(reference(task), edits)
        ready = made(spec_of(task), reference(task))
        (result,) = grade_texts(ready, {"m.py": source}, open_session=SANDBOXES["process"]).tasks
        assert {f.check: f.code for f in told(result)} == {
            f"behaviour.{form}": code for form, code in expected.items()
        }


def test_wrong_code_is_not_judged_by_form() -> None:
    """Where the ordinary cases are wrong, a form would tell nothing new."""
    source = reference("gate").replace("dz * self.x", "dz * self.y")
    found = outcomes(graded(made(spec_of("gate"), reference("gate")), source))
    assert {found[f"behaviour.{form}"] for form in NAMES} == {"skipped"}
