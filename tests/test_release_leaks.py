"""A released kit holds no answer: searched for in every shipped kit, and found where planted."""

from __future__ import annotations

import base64
import gzip
import io
import json
import pickle
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from leaks import Answers, answers_of, leaks_in
from running import ROOT

from grader.cases import secret_seed
from grader.course import Course, load, read_text, spec_text
from grader.model import Array, Battery, Kind, Public, module_of
from grader.prepare import Prepared, prepare
from grader.release import assemble, assembling
from grader.spec import load_assignment
from grader.styles import STYLES

COURSE = Course(ROOT, "Course")
# Those that are graded by name alone are others with one convention changed.
SHIPPED = [n for n in COURSE.assignment_ids() if not load(COURSE, n)[0].only_by_name]
SECRET = b"a secret of this course that nobody knows"


@dataclass(frozen=True)
class Searched:
    """A kit and what must not be in it, with some of that at hand to plant."""

    files: Mapping[str, bytes]
    answers: Answers
    targets: frozenset[str]
    gradient: Array
    hidden_input: Array
    reference: str
    run_seed: bytes

    def leaks(self, planted: bytes | None = None) -> list[str]:
        """Return what is found in the kit, or in a file that is planted there."""
        files = self.files if planted is None else {"planted": planted}
        return leaks_in(files, self.answers, self.targets)


@cache
def searched(name: str, spec: str = "", *, is_open: bool = False) -> Searched:
    """Assemble a kit, and compute its answers for the public seed and for a secret one.

    ``is_open`` makes a kit that nothing was taken out of.
    """
    assignment, rubric = load(COURSE, name)
    spec = spec or spec_text(COURSE, name)
    if spec != spec_text(COURSE, name):
        assignment = load_assignment(spec, assignment.path)
    made: list[Prepared] = []  # what the kit is made of, with all its answers
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembling, "prepare", lambda *words: noted(prepare(*words), made))
        if is_open:
            patch.setattr(assembling, "public_battery", lambda battery, _: battery)
        released = assemble(COURSE, assignment, rubric, spec, 0)
    whole = made[0].batteries
    secret = secret_seed(SECRET, assignment)
    graded = prepare(COURSE, assignment, rubric, secret, "secret").batteries
    proven = {n: b for n, b in whole.items() if isinstance(b, Battery)}
    hidden = {n: b for n, b in graded.items() if isinstance(b, Battery)}
    folder = COURSE.reference_of(name)
    texts = [read_text(folder / module_of(file)) for file in assignment.files]
    told = ("public/spec.yaml", *assignment.support)
    given = "".join(released.files[place].decode() for place in told)
    secrets = [SECRET, secret]
    answers = answers_of(proven, hidden, texts, given, secrets)
    first = next(iter(proven))
    shown = hidden[first].expected[Kind.RANDOM][0].case.inputs
    return Searched(
        files=released.files,
        answers=answers,
        targets=frozenset(_targets(name)),
        gradient=_largest(proven[first]),
        hidden_input=np.asarray(max(shown.values(), key=np.size)),
        reference=texts[0],
        run_seed=secret,
    )


def noted(prepared: Prepared, made: list[Prepared]) -> Prepared:
    """Keep what was prepared, and hand it on."""
    made.append(prepared)
    return prepared


def _targets(name: str) -> set[str]:
    tasks = load(COURSE, name)[0].tasks
    names = {n for t in tasks for n in (t.call.target, t.call.backward) if n}
    return names | {m for t in tasks for m in STYLES[t.call.style].methods or ()}


def _largest(battery: Battery) -> Array:
    """Return the first of the gradients with most dimensions; nothing where there are none."""
    gradients = [g for e in battery.expected[Kind.RANDOM] for n in e.gradients for g in n.values()]
    return max(gradients, key=np.ndim, default=np.array(0.0))


@pytest.mark.parametrize("name", SHIPPED)
def test_no_kit_holds_an_answer(name: str) -> None:
    """No gradient that is not public, no case of a secret seed, no line of a solution."""
    kit = searched(name)
    assert kit.leaks() == []
    has_gradients = any(task.gradients for task in load(COURSE, name)[0].tasks)
    assert any(n.startswith("public ") for n in kit.answers.counts) == has_gradients
    assert len(kit.answers.lines) > 1


def test_a_kit_that_kept_its_answers_is_found() -> None:
    """The search does not ask the kit what is public, but the spec."""
    found = {leak.partition(":")[0] for leak in searched("gates", is_open=True).leaks()}
    assert {"public/cases.json", "public/max.npz", "public/squared_norm.npz"} <= found
    assert "gates.py" not in found


def test_where_nothing_is_public_no_forward_value_is() -> None:
    """Nor are the numbers of worked examples."""
    spec = spec_text(COURSE, "functions").replace("public: worked_examples", "public: nothing")
    assert searched("functions", spec).leaks() == []
    found = {leak.partition(":")[0] for leak in searched("functions", spec, is_open=True).leaks()}
    assert "public/log_sum_exp.npz" in found


def _npz(array: Array) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, a=array)
    return file.getvalue()


def _zip(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner", data)
    return file.getvalue()


def _npy(array: Array) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def _written(form: str) -> Callable[[Array], bytes]:
    return lambda array: " ".join(form % v for v in array.ravel().tolist()).encode()


PLANTED: dict[str, Callable[[Array], bytes]] = {
    "raw": lambda a: a.tobytes(),
    "raw at an odd place": lambda a: b"abc" + a.tobytes(),
    "a part": lambda a: a.ravel()[:3].tobytes(),
    "big endian": lambda a: a.astype(">f8").tobytes(),
    "single precision": lambda a: a.astype("<f4").tobytes(),
    "single precision, big endian": lambda a: a.astype(">f4").tobytes(),
    "Fortran order": lambda a: a.tobytes(order="F"),
    "transposed, single precision": lambda a: a.T.astype("<f4").tobytes(),
    "negated": lambda a: (-a).tobytes(),
    "npy": _npy,
    "npz": _npz,
    "npz in a zip": lambda a: _zip(_npz(a)),
    "gzip": lambda a: gzip.compress(a.tobytes()),
    "pickle": lambda a: pickle.dumps({"dx": a}),
    "pickled list": lambda a: pickle.dumps(a.tolist(), protocol=2),
    "base64": lambda a: b"key: " + base64.b64encode(a.tobytes()),
    "base64 in lines": lambda a: base64.encodebytes(_npy(a)),
    "hexadecimal": lambda a: b"key: '" + a.tobytes().hex().encode() + b"'",
    "JSON": lambda a: json.dumps(a.tolist()).encode(),
    "17 digits": _written("%.17g"),
    "6 digits": _written("%.6g"),
    "4 decimals": _written("%.4f"),
    "3 decimals": _written("%.3f"),
    "Python": lambda a: repr(a).encode(),
}


@pytest.mark.parametrize("form", PLANTED)
def test_a_planted_gradient_is_found(form: str) -> None:
    """In every shape and encoding, of the public cases; and the inputs of the graded ones."""
    kit = searched("layers")
    assert kit.gradient.ndim == 2
    assert kit.leaks(planted=PLANTED[form](kit.gradient))
    assert kit.leaks(planted=PLANTED[form](kit.hidden_input))


@pytest.mark.parametrize("form", ["raw", "big endian", "17 digits", "JSON", "npz", "pickle"])
def test_a_single_planted_number_is_found(form: str) -> None:
    """One gradient of a circuit of numbers is an answer too."""
    kit = searched("circuits")
    assert kit.gradient.shape == ()
    assert kit.leaks(planted=PLANTED[form](kit.gradient))


@pytest.mark.parametrize(
    "planted",
    [
        SECRET,
        base64.b64encode(SECRET),
        SECRET.hex().encode(),
        b"# " + SECRET.hex().upper().encode(),
        gzip.compress(SECRET),
    ],
)
def test_a_planted_secret_is_found(planted: bytes) -> None:
    """As text, as bytes, in base64 and hexadecimal; the run seed made of it too."""
    kit = searched("gates")
    assert kit.leaks(planted=planted) == ["planted: the secret"]
    assert kit.leaks(planted=kit.run_seed)
    assert kit.leaks(planted=kit.run_seed.hex().encode())


@pytest.mark.parametrize(
    "planted",
    [
        "    return (1.0 - self.s) *    self.s * ds\n",
        "x = 1\n\tdx = np.greater(self.x,self.y)*dz\n",
        '"""ds/dx = (1 - s) s."""',
        "# Route: the larger argument receives  everything, at a tie y does.",
        "def relu_kinks(x):\n    pass\n",
    ],
)
def test_planted_code_is_found(planted: str) -> None:
    """A line of a body, however it is spaced, of a docstring, and a function that is no task."""
    kit = searched("gates")
    assert len(kit.leaks(planted=planted.encode())) == 1
    assert kit.leaks(planted=_zip(planted.encode()))


def test_a_whole_reference_is_found_and_what_is_public_is_not() -> None:
    """The file itself, packed; but not the values that a kit has anyway, in whatever form."""
    kit = searched("gates")
    assert len(kit.leaks(planted=_zip(kit.reference.encode()))) > 20
    assignment, rubric = load(COURSE, "gates")
    assert {task.public for task in assignment.tasks} > {Public.WORKED_EXAMPLES}
    released = assemble(COURSE, assignment, rubric, spec_text(COURSE, "gates"), 0)
    for battery in released.batteries.values():
        for expected in battery.expected[Kind.RANDOM]:
            for array in (*expected.outputs.values(), *expected.case.inputs.values()):
                assert kit.leaks(planted=_npz(np.asarray(array))) == []
