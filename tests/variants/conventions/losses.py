"""Regulariser full or half, data loss as mean or sum, examples in rows or in columns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from variants.conventions.form import Form
from variants.wrong.record import Edit, Right, Wrong

# What the course states, and what right/plain does.
_COURSE = {"regulariser": "full", "reduction": "mean", "orientation": "XW"}
_OTHER = {"regulariser": "half", "reduction": "sum", "orientation": "WX"}
_HALF_GRADIENT = ("dW += 2 * reg * W", "dW += reg * W")
_NOT_DIVIDED = ("    dscores /= N\n", "")
_COLUMNS = """def {0}(W, X, y, reg):
    {1}


def of_rows(W, X, y, reg):
"""
_PAIR = "loss, dW = of_rows(W.T, X.T, y, reg)\n    return loss, dW.T"
_DICT = """named = of_rows(W.T, X.T, y, reg)
    return {name: np.transpose(value) for name, value in named.items()}"""


def _columns(task: str, body: str) -> tuple[Edit, ...]:
    return ((f"def {task}(W, X, y, reg):\n", _COLUMNS.format(task, body)),)


# The results of a task, and per convention: the edits of right/plain that follow the other value.
_RESULTS = {
    "l2_regulariser": "loss dW",
    "svm_loss": "loss dW",
    "softmax_loss": "loss dW",
    "svm_staged": "scores margins data_loss reg_loss loss dmargins dscores dW",
    "softmax_staged": "scores probs data_loss reg_loss loss dscores dW",
}
_EDITS: dict[str, dict[str, tuple[Edit, ...]]] = {
    "l2_regulariser": {
        "regulariser": (("loss = reg *", "loss = 0.5 * reg *"), ("dW = 2 * reg", "dW = reg")),
    },
    "svm_loss": {
        "regulariser": (("loss += reg", "loss += 0.5 * reg"), _HALF_GRADIENT),
        "reduction": (("np.sum(margins) / N", "np.sum(margins)"), _NOT_DIVIDED),
        "orientation": _columns("svm_loss", _PAIR),
    },
    "softmax_loss": {
        "regulariser": (("loss += reg", "loss += 0.5 * reg"), _HALF_GRADIENT),
        "reduction": (("np.mean(np.log", "np.sum(np.log"), _NOT_DIVIDED),
        "orientation": _columns("softmax_loss", _PAIR),
    },
    "svm_staged": {
        "regulariser": (("reg_loss = reg", "reg_loss = 0.5 * reg"), _HALF_GRADIENT),
        "reduction": (("np.sum(margins) / N", "np.sum(margins)"),
                      ("np.ones_like(margins) / N", "np.ones_like(margins)")),
        "orientation": _columns("svm_staged", _DICT),
    },
    "softmax_staged": {
        "regulariser": (("reg_loss = reg", "reg_loss = 0.5 * reg"), _HALF_GRADIENT),
        "reduction": (("np.mean(np.log", "np.sum(np.log"), _NOT_DIVIDED),
        "orientation": _columns("softmax_staged", _DICT),
    },
}  # fmt: skip
# Which results tell the two values of a convention apart; in a staged loss the later ones follow.
_APART = {
    "regulariser": {
        "pair": "loss dW",
        "svm_staged": "reg_loss dW",
        "softmax_staged": "reg_loss dW",
    },
    "reduction": {
        "pair": "loss dW",
        "svm_staged": "data_loss dmargins",
        "softmax_staged": "data_loss dscores",
    },
}


def _forms(task: str) -> Iterator[Form]:
    """Yield under each spec the version that follows it, and those that differ in one point."""
    for chosen in itertools.product((False, True), repeat=len(_EDITS[task])):
        asked = dict(zip(_EDITS[task], chosen, strict=True))
        spec = {name: (_OTHER if other else _COURSE)[name] for name, other in asked.items()}
        right = Right(task, "follows " + ", ".join(spec.values()), _edits(task, asked))
        yield Form("loss of the stated form", "losses", right, tuple(spec.items()))
        for name, value in spec.items():
            flipped = _edits(task, {**asked, name: not asked[name]})
            wrong = Wrong(task, f"not {name} {value}", flipped, _told(task, name))
            yield Form(f"loss of another {name}", "losses", wrong, tuple(spec.items()))


def _edits(task: str, chosen: dict[str, bool]) -> tuple[Edit, ...]:
    return tuple(e for name, other in chosen.items() if other for e in _EDITS[task][name])


def _told(task: str, convention: str) -> tuple[str, ...]:
    results = _RESULTS[task].split()
    is_pair = len(results) == 2
    checks = {name: _check(name, is_pair) for name in results}
    if convention in _APART:
        apart = _APART[convention]["pair" if is_pair else task]
        return tuple(f"{checks[name]} {_code(name)}" for name in apart.split())
    # X and W do not fit each other: the call raises, for all of its results. In a lecture's
    # example they are square and fit, and the values are wrong.
    raised = f"{checks[results[0]]} R201"
    return (raised, *(f"{check} {_code(name)}|{raised}" for name, check in checks.items()))


def _is_gradient(name: str) -> bool:
    return name in ("dmargins", "dscores", "dW")


def _check(name: str, is_pair: bool) -> str:
    if _is_gradient(name):
        return f"backward[{name}]"
    return "forward" if is_pair else f"forward[{name}]"


def _code(name: str) -> str:
    return "V402" if _is_gradient(name) else "V401"


FORMS = tuple(form for task in _EDITS for form in _forms(task))
