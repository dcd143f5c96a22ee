"""The fifty mistakes: what each is, how it is told, and which shipped tasks invite it.

``MISTAKES``   the list. ``tasks`` are those that must have a version; more may have one.
``WRITTEN``    number -> the tasks that have a version: the rows of ``variants.wrong`` (to be
               rejected), ``variants.harmless`` (right, with a note) and ``variants.in_child`` whose
               label starts with that number. A task that is added needs no more than such rows.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from in_process import ASSIGNMENTS, COURSE
from variants.harmless import HARMLESS
from variants.in_child import ROWS
from variants.wrong import Right, WRONG, Wrong

from grader.course import load

_GATES = "add multiply max exp reciprocal scale shift sigmoid relu squared_norm"
_CIRCUITS = (
    "add_multiply add_max_multiply sigmoid_neuron sigmoid_neuron_short multiply_max staged_rational"
)
_LOSSES = "l2_regulariser svm_loss svm_staged softmax_loss softmax_staged"
_LAYERS = "matrix_vector_norm linear affine affine_gate relu"
_WITH_UPSTREAM = (
    "add_multiply add_max_multiply sigmoid_neuron multiply_max staged_rational"  # circuits
)
_OF_DATA = "svm_loss svm_staged softmax_loss softmax_staged"

EVERY = {"gates": _GATES, "circuits": _CIRCUITS, "losses": _LOSSES, "layers": _LAYERS}
_TWO_STAGES = {"gates": _GATES, "layers": _LAYERS}
_UPSTREAM = {**_TWO_STAGES, "circuits": _WITH_UPSTREAM}
_DATA = {"losses": _OF_DATA}
_SVM = {"losses": "svm_loss svm_staged"}
_SOFTMAX = {"losses": "softmax_loss softmax_staged"}
_AFFINE = {"layers": "affine affine_gate"}


class Mistake(NamedTuple):
    """A mistake of the list, tasks that invite it, and where none does the reason."""

    number: str
    what: str
    told: str
    tasks: dict[str, str]
    absent: str = ""


def _later(number: str, what: str, absent: str) -> Mistake:
    return Mistake(number, what, "", {}, absent)


_VALUE = "wrong gradient, `V402`"
_NETWORKS = "graded in tests/test_networks.py"

MISTAKES: tuple[Mistake, ...] = (
    Mistake("M01", "1/N missing", _VALUE, _DATA),
    Mistake("M02", "1/N twice, or in one of the gradients alone", _VALUE,
            {**_DATA, "layers": "linear affine affine_gate"}),
    Mistake("M03", "bias gradient averaged over the batch", _VALUE, _AFFINE),
    Mistake("M04", "bias gradient summed over everything", "`V402`, or as a number `S306`",
            _AFFINE),
    Mistake("M05", "bias gradient summed over the wrong axis", "wrong shape, `S306`", _AFFINE),
    Mistake("M06", "bias gradient not reduced, or kept (1, M)", "`S306`, `S307`", _AFFINE),
    Mistake("M07", "upstream ignored", _VALUE, _UPSTREAM),
    Mistake("M08", "upstream added or applied twice", _VALUE, _UPSTREAM),
    Mistake("M09", "gradients swapped", "`V402`; where the shapes differ `S306`", {
        "gates": "multiply max",  # those of an add gate are equal
        "circuits": _CIRCUITS,
        "layers": "matrix_vector_norm linear affine affine_gate",
    }),
    Mistake("M10", "product transposed", "wrong shape, `S306`", {
        "losses": _LOSSES, "layers": "matrix_vector_norm linear affine affine_gate"}),
    Mistake("M11", "W for its transpose in dx",
            "raises, since dimensions are distinct: `R201`; where they chance to fit, `V402`",
            {"layers": "matrix_vector_norm linear affine affine_gate"}),
    Mistake("M12", "elementwise product for a matrix product, or the reverse", "`R201` or `S306`", {
        "gates": "multiply max exp reciprocal sigmoid relu",
        "losses": _OF_DATA,
        "layers": _LAYERS,
    }),
    Mistake("M13", "sign", _VALUE, EVERY),
    Mistake("M14", "factor 2 or 1/2", _VALUE, EVERY),
    Mistake("M15", "gradient of the regulariser missing", _VALUE, {"losses": _LOSSES}),
    Mistake("M16", "another factor before the regulariser", _VALUE, {"losses": _LOSSES}),
    Mistake("M17", "SVM: nothing for the correct class", _VALUE, _SVM),
    Mistake("M18", "SVM: -1 for the correct class, not minus its count", _VALUE, _SVM),
    Mistake("M19", "SVM: the correct class in the sum of margins",
            "wrong loss, `V401`, and where it reaches the gradient `V402`", _SVM),
    Mistake("M20", "SVM: backward without the margin 1", _VALUE, _SVM),
    Mistake("M21", "softmax: -1 at the label missing", _VALUE, _SOFTMAX),
    Mistake("M22", "softmax: the denominator not differentiated", _VALUE, _SOFTMAX),
    Mistake("M23", "softmax: the diagonal of its Jacobian alone", _VALUE, _SOFTMAX),
    Mistake("M24", "derivative of the sigmoid at the wrong variable", _VALUE, {
        "gates": "sigmoid",
        "circuits": "sigmoid_neuron sigmoid_neuron_short staged_rational",
    }),
    Mistake("M25", "mask of the upstream's sign", _VALUE, {"gates": "max relu", "layers": "relu"}),
    Mistake("M26", "max or ReLU passes everything", _VALUE, {
        "gates": "max relu",
        "circuits": "add_max_multiply multiply_max",
        "losses": "svm_loss svm_staged",
        "layers": "relu",
    }),
    Mistake("M27", "shares at a tie that do not add up to one, or lie outside it",
            "not a subgradient, `V404`, on the check `ties`", {
        "gates": "max relu",
        "circuits": "add_max_multiply multiply_max",
        "losses": "svm_loss svm_staged",
        "layers": "relu",
    }),
    _later("M28", "max pool: gradient to all, or divided", _NETWORKS),
    _later("M29", "max pool: = for += where windows overlap", _NETWORKS),
    _later("M30", "convolution: stride missing in backward", _NETWORKS),
    _later("M31", "convolution: kernel flipped", _NETWORKS),
    _later("M32", "convolution: padding not cropped", _NETWORKS),
    _later("M33", "batch normalisation: a path through mean or variance dropped", _NETWORKS),
    _later("M34", "batch normalisation: N - 1 for N", _NETWORKS),
    _later("M35", "batch normalisation: dgamma from x", _NETWORKS),
    _later("M36", "dropout: mask drawn again, scale forgotten or doubled",
           _NETWORKS),
    Mistake("M37", "fork or sum overwritten, not added up", _VALUE, {
        "circuits": "add_max_multiply staged_rational",
        "losses": _OF_DATA,
        "layers": "matrix_vector_norm linear affine affine_gate",
    }),
    Mistake("M38", "a second backward adds to the first",
            "in one object right, with the note `N703`, where the spec states nothing else, and "
            "`B508` where it does; across objects `V402` and not repeatable, `B502`", _TWO_STAGES),
    Mistake("M39", "stale or shared cache", "`B501`, `B504`", {
        "gates": "multiply max exp reciprocal scale sigmoid relu squared_norm",  # others keep none
        "layers": _LAYERS,
    }),
    Mistake("M40", "arguments or upstream changed in place",
            "right, with the note `N701` or `N702`; `V402` where its own result suffers, `B506` "
            "where the spec hands out read-only arguments, `B509` where it states in place or not", {
        **_TWO_STAGES,
        "losses": _LOSSES,
        "circuits": "sigmoid_neuron_short",  # the others are given numbers
    }),
    Mistake("M41", "cut off to integers", _VALUE, EVERY),
    Mistake("M42", "float32 inside", "right; note `N704` where float32 is returned", EVERY),
    _later("M43", "BPTT: the last step alone", _NETWORKS),
    _later("M44", "word2vec: repeated negatives counted once", "word2vec is not shipped yet"),
    _later("M45", "embedding: a repeated index overwritten", _NETWORKS),
    Mistake("M46", "loss and gradient are of different functions",
            "wrong loss, `V401`, and nothing said of the gradient", {"losses": _LOSSES}),
    Mistake("M47", "wrong container, order or count; None; a key missing",
            "`S301` to `S306`", EVERY),
    Mistake("M48", "prints, files, input(), sleeps, endless loops",
            "prints and files right with the notes `N705`, `N706`; sleeps right; input() `R207`; "
            "a loop `R202`", EVERY),
    Mistake("M49", "expected answers hard-coded", "`V401`, `V402`", EVERY),
    Mistake("M50", "the grader's reference or an autodiff package",
            "cannot be imported: `L105` where it is used, a note where not; a tape of one's own is "
            "right; differences and complex steps are right and shown to a human, `D601`", EVERY),
)  # fmt: skip


def _written() -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for assignment in ASSIGNMENTS:
        versions: list[Wrong | Right] = [*WRONG[assignment], *HARMLESS[assignment]]
        for version in versions:
            for number in version.numbers:
                found[number].add((assignment, version.task))
    for row in ROWS:
        tasks = row.tasks or [task.id for task in load(COURSE, row.assignment)[0].tasks]
        for number in row.numbers:
            found[number] |= {(row.assignment, task) for task in tasks}
    return found


WRITTEN = _written()
