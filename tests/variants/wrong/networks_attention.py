"""Wrong attention."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong


def _told(*names: str, code: str = "V402") -> tuple[str, ...]:
    return tuple(f"backward[{name}] {code}" for name in names)


def _plain(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("attention", mistake, edits, told)


def _masked(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("masked_attention", mistake, edits, told)


_FORWARD, _ONE = "forward V401", "case.one_query"
_ALL = (*_told("dq", "dk", "dv"), _ONE)
_EVERYTHING = (_FORWARD, *_ALL)
_SCALED = "k.transpose(0, 2, 1)) / np.sqrt(D)"
_INNER = "inner = np.sum(dweights * weights, axis=2, keepdims=True)"
_JACOBIAN = "dscores = weights * (dweights - inner)"
_NORMED = "np.sum(np.exp(shifted), axis=2, keepdims=True)"
_DV = "dv = np.matmul(weights.transpose(0, 2, 1), dout)"

_ATTENTION = (
    _plain("sqrt(D) forgotten", (_SCALED, "k.transpose(0, 2, 1))"), told=_EVERYTHING),
    _plain("sqrt(D) forgotten everywhere", (_SCALED, "k.transpose(0, 2, 1))"),
           ("np.matmul(dscores, k) / np.sqrt(D)", "np.matmul(dscores, k)"),
           ("np.matmul(dscores.transpose(0, 2, 1), q) / np.sqrt(D)", "np.matmul(dscores.transpose(0, 2, 1), q)"),
           told=_EVERYTHING),
    _plain("D for sqrt(D)", (_SCALED, "k.transpose(0, 2, 1)) / D"), told=_EVERYTHING),
    _plain("sqrt of the keys for sqrt(D)", (_SCALED, "k.transpose(0, 2, 1)) / np.sqrt(k.shape[1])"),
           told=_EVERYTHING),
    _plain("sqrt(D) forgotten in dq", ("np.matmul(dscores, k) / np.sqrt(D)", "np.matmul(dscores, k)"),
           told=(*_told("dq"), _ONE)),
    _plain("sqrt(D) forgotten in dk",
           ("np.matmul(dscores.transpose(0, 2, 1), q) / np.sqrt(D)", "np.matmul(dscores.transpose(0, 2, 1), q)"),
           told=(*_told("dk"), _ONE)),
    _plain("softmax over the queries", (_NORMED, _NORMED.replace("axis=2", "axis=1")),
           ("np.max(scores, axis=2, keepdims=True)", "np.max(scores, axis=1, keepdims=True)"),
           told=_EVERYTHING),
    _plain("softmax over everything", (_NORMED, "np.sum(np.exp(shifted), axis=(1, 2), keepdims=True)"),
           told=(_FORWARD, *_told("dq", "dk", "dv"))),
    _plain("no softmax", ("weights = np.exp(shifted) / " + _NORMED, "weights = scores"),
           told=_EVERYTHING),
    _plain("not stable", ("scores - np.max(scores, axis=2, keepdims=True)", "scores"),
           told=("stress V403",)),
    _plain("softmax taken for entries of their own", (_JACOBIAN, "dscores = dweights * weights * (1 - weights)"),
           told=(*_told("dq", "dk"), _ONE)),
    _plain("inner term forgotten", (_JACOBIAN, "dscores = weights * dweights"),
           told=(*_told("dq", "dk"), _ONE)),
    _plain("softmax passes the gradient on", (_JACOBIAN, "dscores = dweights"),
           told=(*_told("dq", "dk"), _ONE)),
    _plain("inner term over the queries", (_INNER, _INNER.replace("axis=2", "axis=1")),
           told=(*_told("dq", "dk"), _ONE)),
    _plain("inner term without the weights", (_INNER, "inner = np.mean(dweights, axis=2, keepdims=True)"),
           told=(*_told("dq", "dk"), _ONE)),
    _plain("inner term over the examples too", (_INNER, "inner = np.sum(dweights * weights, axis=(0, 2), keepdims=True)"),
           told=(*_told("dq", "dk"), _ONE)),
    _plain("M10 weights not transposed", (_DV, "dv = np.matmul(weights, dout)"),
           told=("backward[dq] R201", "backward[dk]", "backward[dv]", _ONE)),
    _plain("M07 upstream ignored in dv", (_DV, "dv = np.matmul(weights.transpose(0, 2, 1), np.ones_like(dout))"),
           told=(*_told("dv"), _ONE)),
    _plain("dv added up over the examples", (_DV, _DV + "\n    dv = dv.sum(axis=0)"),
           told=(*_told("dv", code="S306"), _ONE)),
    _plain("M09 dk and dq exchanged", ("    return dq, dk, dv", "    return dk, dq, dv"),
           told=(*_told("dq", "dk", code="S306"), _ONE)),
    _plain("dk not written", ("np.matmul(dscores.transpose(0, 2, 1), q) / np.sqrt(D)", "np.zeros_like(k)"),
           told=("backward[dk]", _ONE)),
    _plain("sqrt(D) forgotten in dq, inner term forgotten",
           ("np.matmul(dscores, k) / np.sqrt(D)", "np.matmul(dscores, k)"),
           (_JACOBIAN, "dscores = weights * dweights"), told=(*_told("dq", "dk"), _ONE)),
)  # fmt: skip

_KINDS = ("case.causal", "case.padding", "case.attends_to_nothing")
_ALL_MASKED = (_FORWARD, *_told("dq", "dk", "dv"), *_KINDS)
_FILLED = "s = np.where(mask, s, -1e9)"
_EXPS = "e = np.exp(s - s.max(axis=2, keepdims=True)) * mask"
_SHARED = "p = e / np.where(total == 0, 1, total)"
_DS = "ds = p * (dp - (p * dp).sum(axis=2, keepdims=True))"

_MASKED = (
    _masked("mask ignored", (_FILLED, ""), (_EXPS, _EXPS.replace(" * mask", "")), told=_ALL_MASKED),
    _masked("mask after the softmax",
            (_FILLED, ""), (_EXPS, _EXPS.replace(" * mask", "")), (_SHARED, "p = e / total * mask"),
            told=_ALL_MASKED),
    _masked("mask turned round", (_FILLED, "mask = ~mask\n    s = np.where(mask, s, -1e9)"), told=_ALL_MASKED),
    _masked("0 for minus infinity", (_FILLED, "s = np.where(mask, s, 0)"),
            (_EXPS, _EXPS.replace(" * mask", "")), told=_ALL_MASKED),
    _masked("a small number for minus infinity", (_FILLED, "s = np.where(mask, s, 1e-9)"),
            (_EXPS, _EXPS.replace(" * mask", "")), told=_ALL_MASKED),
    _masked("uniform where nothing is allowed", (_EXPS, _EXPS.replace(" * mask", "")),
            told=("case.attends_to_nothing V401", "case.attends_to_nothing V402")),
    _masked("nan where nothing is allowed", (_FILLED, "s = np.where(mask, s, -np.inf)"),
            (_SHARED, "p = e / total"),
            told=("case.attends_to_nothing V403",)),
    _masked("always causal", (_FILLED, "mask = np.tri(*mask.shape, mask.shape[1] - mask.shape[0], dtype=bool)\n    " + _FILLED),
            told=(*_ALL_MASKED[:4], *_KINDS[1:])),
    _masked("padding alone", (_FILLED, "mask = np.broadcast_to(mask.any(axis=0), mask.shape)\n    " + _FILLED),
            told=(*_ALL_MASKED[:4], _KINDS[0], _KINDS[2])),
    _masked("sqrt(D) forgotten", ("k.swapaxes(1, 2) / q.shape[2] ** 0.5", "k.swapaxes(1, 2)"), told=_ALL_MASKED),
    _masked("sqrt(D) forgotten in backward", ("    ds = ds / q.shape[2] ** 0.5\n", ""),
            told=(*_told("dq", "dk"), *_KINDS)),
    _masked("softmax over the queries", ("total = e.sum(axis=2, keepdims=True)", "total = e.sum(axis=1, keepdims=True)"),
            told=_ALL_MASKED),
    _masked("inner term forgotten", (_DS, "ds = p * dp"), told=(*_told("dq", "dk"), *_KINDS)),
    _masked("softmax passes the gradient on", (_DS, "ds = dp * (p > 0)"), told=(*_told("dq", "dk"), *_KINDS)),
    _masked("dv of all keys alike", ("dv = p.swapaxes(1, 2) @ dout", "dv = (p > 0).swapaxes(1, 2) @ dout"),
            told=(*_told("dv"), *_KINDS)),
    _masked("not stable", (_EXPS, "e = np.exp(s) * mask"), told=("stress V403",)),
    _masked("mask ignored, sqrt(D) forgotten in backward",
            (_FILLED, ""), (_EXPS, _EXPS.replace(" * mask", "")), ("    ds = ds / q.shape[2] ** 0.5\n", ""),
            told=_ALL_MASKED),
)  # fmt: skip

WRONG: tuple[Wrong, ...] = (*_ATTENTION, *_MASKED)
