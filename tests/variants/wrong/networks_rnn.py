"""Wrong recurrent layers."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_STEP = ("dx", "dprev_h", "dWx", "dWh", "db")
_ALL = ("dx", "dh0", "dWx", "dWh", "db")
_CELL = ("dx", "dprev_h", "dprev_c", "dWx", "dWh", "db")


def _told(*names: str, code: str = "V402") -> tuple[str, ...]:
    return tuple(f"backward[{name}] {code}" for name in names)


def _raises(*names: str) -> tuple[str, ...]:
    """Told once, for the first gradient; the others only fail."""
    first, *rest = names
    return (f"backward[{first}] R201", *(f"backward[{name}]" for name in rest))


_FORWARD = "forward V401"
_STEP_WRONG = (_FORWARD, *_told(*_STEP))
_CELL_WRONG = ("forward[next_h] V401", "forward[next_c] V401", *_told(*_CELL))
_NO_CELL = ("forward[next_c]", *(f"backward[{name}]" for name in _CELL))
_ONE = "case.one_step"  # one step is enough to show it; the cause is told of the other cases
_ALL_WRONG = (*_told(*_ALL), _ONE)
_ALL_STEPS, _EMPTY = "case.all_steps", "case.empty_row"


def _step(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("rnn_step", mistake, edits, told)


def _rnn(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("rnn", mistake, edits, told)


def _cell(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("lstm_step", mistake, edits, told)


def _lstm(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("lstm", mistake, edits, told)


def _words(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("word_embedding", mistake, edits, told)


def _affine(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("temporal_affine", mistake, edits, told)


def _loss(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("temporal_softmax", mistake, edits, told)


_SLOPE = "dz = dnext_h * (1 - next_h**2)"
_SUMMED = "db = np.sum(dz, axis=0)"
_RETURN = "    return dx, dprev_h, dWx, dWh, db\n"
_RNN_STEP = (
    _step("M07 upstream ignored", (_SLOPE, "dz = 1 - next_h**2"), told=_told(*_STEP)),
    _step("M08 upstream twice", ("db = np.sum(dz, axis=0)", "db = np.sum(dz * dnext_h, axis=0)"),
          told=_told("db")),
    _step("tanh taken again of the cached tanh",
          (_SLOPE, "dz = dnext_h * (1 - np.tanh(next_h) ** 2)"), told=_told(*_STEP)),
    _step("slope of tanh forgotten", (_SLOPE, "dz = dnext_h"), told=_told(*_STEP)),
    _step("slope of the sigmoid for that of tanh", (_SLOPE, "dz = dnext_h * next_h * (1 - next_h)"),
          told=_told(*_STEP)),
    _step("1 - tanh for 1 - tanh^2", (_SLOPE, "dz = dnext_h * (1 - next_h)"), told=_told(*_STEP)),
    _step("tanh forgotten", ("np.tanh(np.dot(prev_h, Wh) + np.dot(x, Wx) + b)",
                             "np.dot(prev_h, Wh) + np.dot(x, Wx) + b"), told=_STEP_WRONG),
    _step("bias outside of tanh", ("np.dot(x, Wx) + b)", "np.dot(x, Wx)) + b"), told=_STEP_WRONG),
    _step("bias forgotten", ("np.dot(x, Wx) + b)", "np.dot(x, Wx))"), told=_STEP_WRONG),
    _step("hidden state forgotten", ("np.dot(prev_h, Wh) + np.dot(x, Wx)", "np.dot(x, Wx)"),
          told=_STEP_WRONG),
    _step("M11 Wh for its transpose", ("np.dot(dz, Wh.T)", "np.dot(dz, Wh)"),
          told=_told("dprev_h")),
    _step("M11 Wx for its transpose", ("np.dot(dz, Wx.T)", "np.dot(dz, Wx)"),
          told=_raises(*_STEP)),
    _step("M10 dWh transposed", ("np.dot(prev_h.T, dz)", "np.dot(dz.T, prev_h)"),
          told=_told("dWh")),
    _step("dWh of the next state", ("np.dot(prev_h.T, dz)", "np.dot(next_h.T, dz)"),
          told=_told("dWh")),
    _step("db is a mean", (_SUMMED, "db = np.mean(dz, axis=0)"), told=_told("db")),
    _step("db with an axis too many", (_SUMMED, "db = np.sum(dz, axis=0, keepdims=True)"),
          told=_told("db", code="S307")),
    _step("db over the wrong axis", (_SUMMED, "db = np.sum(dz, axis=1)"),
          told=_told("db", code="S306")),
    _step("db of the upstream", (_SUMMED, "db = np.sum(dnext_h, axis=0)"), told=_told("db")),
    _step("M09 results in another order", (_RETURN, "    return dprev_h, dx, dWh, dWx, db\n"),
          told=_told(*_STEP[:4], code="S306")),
    _step("a result too many", (_RETURN, "    return dx, dprev_h, dz, dWx, dWh, db\n"),
          told=("backward[dx] S303", *(f"backward[{name}]" for name in _STEP[1:]))),
    _step("db not written", (_SUMMED, "db = None"), told=_told("db", code="S301")),
    _step("dprev_h left at zero", ("np.dot(dz, Wh.T)", "np.zeros_like(prev_h)"),
          told=("backward[dprev_h]",)),
    _step("M07 upstream ignored, and db with an axis too many", (_SLOPE, "dz = 1 - next_h**2"),
          (_SUMMED, "db = np.sum(dz, axis=0, keepdims=True)"),
          told=(*_told(*_STEP[:4]), *_told("db", code="S306"))),
)  # fmt: skip

_ADDED = "dcurrent = dh[:, t, :] + dlater"
_KEPT = "now, step = rnn_step_forward(x[:, t, :], now, Wx, Wh, b)"
_RNN = (
    _rnn("no carry through time", (_ADDED, "dcurrent = dh[:, t, :]"), told=_told(*_ALL)),
    _rnn("M43 the last step alone", (_ADDED, "dcurrent = dh[:, t, :] if t == T - 1 else 0 * dlater"),
         told=_told(*_ALL)),
    _rnn("dh of the last step alone", (_ADDED, "dcurrent = dh[:, t, :] if t == T - 1 else dlater"),
         told=_told(*_ALL)),
    _rnn("forward in time", ("range(T - 1, -1, -1)", "range(T)"), told=_told(*_ALL)),
    _rnn("the first step left out", ("range(T - 1, -1, -1)", "range(T - 1, 0, -1)"),
         told=_ALL_WRONG),
    _rnn("dWx of one step", ("dWx += dWx_t", "dWx = dWx_t"), told=_told("dWx")),
    _rnn("dWh of one step", ("dWh += dWh_t", "dWh = dWh_t"), told=_told("dWh")),
    _rnn("db of one step", ("db += db_t", "db = db_t"), told=_told("db")),
    _rnn("db twice", ("db += db_t", "db += db_t\n        db += db_t"), told=(*_told("db"), _ONE)),
    _rnn("weights averaged over time", ("dWx += dWx_t", "dWx += dWx_t / T"), told=_told("dWx")),
    _rnn("carry adds up", ("dx_t, dlater, dWx_t", "dx_t, carry, dWx_t"),
         ("        db += db_t\n", "        db += db_t\n        dlater += carry\n"),
         told=_told("dx", "dWx", "dWh", "db", "dh0")),
    _rnn("dh0 is the upstream of the first state",
         ("    return dx, dlater, dWx", "    return dx, dcurrent, dWx"), told=(*_told("dh0"), _ONE)),
    _rnn("dx in reverse", ("dx[:, t, :] = dx_t", "dx[:, T - 1 - t, :] = dx_t"), told=_told("dx")),
    _rnn("every step starts from h0", (_KEPT, _KEPT.replace(" now, Wx", " h0, Wx")),
         told=(_FORWARD, *_told(*_ALL))),
    _rnn("starts from zeros", ("    now = h0", "    now = 0 * h0"),
         told=(_FORWARD, *_ALL_WRONG)),
    _rnn("always the first input", (_KEPT, _KEPT.replace("[:, t, :]", "[:, 0, :]")),
         told=(_FORWARD, *_told(*_ALL))),
    _rnn("the last state alone is cached", ("        cache.append(step)", "        cache = [step] * T"),
         told=_told(*_ALL)),
    _rnn("the cache keeps a view that is overwritten",
         ("    now = h0", "    now, kept = h0.copy(), []"),
         (_KEPT, "new, step = rnn_step_forward(x[:, t, :], now, Wx, Wh, b)"),
         ("        h[:, t, :] = now\n", "        now[...] = new\n        h[:, t, :] = now\n"),
         told=(*_told("dWh"), _ONE)),
    _rnn("returns the last state", ("    return h, cache\n\n\ndef rnn_backward",
                                    "    return now, cache\n\n\ndef rnn_backward"), told=("forward S306", _ONE)),
    _rnn("a wrong step: slope of tanh forgotten", (_SLOPE, "dz = dnext_h"), told=_ALL_WRONG),
    _rnn("a wrong step: bias forgotten", ("np.dot(x, Wx) + b)", "np.dot(x, Wx))"),
         told=(_FORWARD, *_ALL_WRONG)),
    _rnn("no carry through time, and db of one step", (_ADDED, "dcurrent = dh[:, t, :]"),
         ("db += db_t", "db = db_t"), told=_told(*_ALL)),
)  # fmt: skip

_CELL_SUM = "dc = dnext_c + dnext_h * o * (1 - tanh_c**2)"
_CELL_STEP = (
    _cell("gates f, i, g, o", ("    i = sigmoid(a[:, :H])", "    f = sigmoid(a[:, :H])"),
          ("    f = sigmoid(a[:, H : 2 * H])", "    i = sigmoid(a[:, H : 2 * H])"),
          ("    o = sigmoid(a[:, 2 * H : 3 * H])", "    o = sigmoid(a[:, 3 * H :])"),
          ("    g = np.tanh(a[:, 3 * H :])", "    g = np.tanh(a[:, 2 * H : 3 * H])"),
          ("np.hstack((dai, daf, dao, dag))", "np.hstack((daf, dai, dag, dao))"),
          told=_CELL_WRONG),
    _cell("gates f and i exchanged in backward", ("(dai, daf, dao, dag)", "(daf, dai, dao, dag)"),
          told=_told("dx", "dprev_h", "dWx", "dWh", "db")),
    _cell("sigmoid for the tanh gate", ("g = np.tanh(a[:, 3 * H :])", "g = sigmoid(a[:, 3 * H :])"),
          told=_CELL_WRONG),
    _cell("slope of the sigmoid for the tanh gate", ("dg * (1 - g**2)", "dg * g * (1 - g)"),
          told=_told("dx", "dprev_h", "dWx", "dWh", "db")),
    _cell("slope of tanh for the forget gate", ("df * f * (1 - f)", "df * (1 - f**2)"),
          told=_told("dx", "dprev_h", "dWx", "dWh", "db")),
    _cell("tanh of the activation for the slope", ("dg * (1 - g**2)", "dg * (1 - np.tanh(g) ** 2)"),
          told=_told("dx", "dprev_h", "dWx", "dWh", "db")),
    _cell("gates left without their slope", ("dai = di * i * (1 - i)", "dai = di"),
          told=_told("dx", "dprev_h", "dWx", "dWh", "db")),
    _cell("dnext_c ignored", (_CELL_SUM, "dc = dnext_h * o * (1 - tanh_c**2)"),
          told=_told(*_CELL)),
    _cell("the path through next_h forgotten", (_CELL_SUM, "dc = dnext_c"), told=_told(*_CELL)),
    _cell("slope of tanh forgotten at the cell", (_CELL_SUM, "dc = dnext_c + dnext_h * o"),
          told=_told(*_CELL)),
    _cell("tanh taken again of the cached tanh",
          (_CELL_SUM, "dc = dnext_c + dnext_h * o * (1 - np.tanh(tanh_c) ** 2)"),
          told=_told(*_CELL)),
    _cell("output gate forgotten at the cell",
          (_CELL_SUM, "dc = dnext_c + dnext_h * (1 - tanh_c**2)"), told=_told(*_CELL)),
    _cell("M07 dnext_h ignored", ("do = dnext_h * tanh_c", "do = tanh_c"),
          told=_told("dx", "dprev_h", "dWx", "dWh", "db")),
    _cell("dprev_c through the wrong gate", ("dprev_c = dc * f", "dprev_c = dc * i"),
          told=_told("dprev_c")),
    _cell("dprev_c of dnext_c alone", ("dprev_c = dc * f", "dprev_c = dnext_c * f"),
          told=_told("dprev_c")),
    _cell("i and g exchanged", ("di = dc * g", "di = dc * i"), ("dg = dc * i", "dg = dc * g"),
          told=_told("dx", "dprev_h", "dWx", "dWh", "db")),
    _cell("df of the next cell", ("df = dc * prev_c", "df = dc * tanh_c"),
          told=_told("dx", "dprev_h", "dWx", "dWh", "db")),
    _cell("old cell forgotten", ("next_c = f * prev_c + i * g", "next_c = i * g"),
          told=_CELL_WRONG),
    _cell("tanh of the cell forgotten", ("tanh_c = np.tanh(next_c)", "tanh_c = next_c"),
          told=("forward[next_h] V401", *_told(*_CELL))),
    _cell("states in another order", ("return next_h, next_c, cache", "return next_c, next_h, cache"),
          told=_CELL_WRONG[:2]),
    _cell("next_c not returned", ("return next_h, next_c, cache", "return next_h, cache"),
          told=("forward[next_h] S302", *_NO_CELL)),
    _cell("db is a mean", ("db = da.sum(axis=0)", "db = da.mean(axis=0)"), told=_told("db")),
    _cell("3 hidden units", ("    H = prev_h.shape[1]\n    a =", "    H = 3\n    a ="),
          told=("forward[next_h] R201", *_NO_CELL)),
    _cell("dnext_c ignored, and db a mean", (_CELL_SUM, "dc = dnext_h * o * (1 - tanh_c**2)"),
          ("db = da.sum(axis=0)", "db = da.mean(axis=0)"), told=_told(*_CELL)),
)  # fmt: skip

_BACK = "lstm_step_backward(dh[:, t, :] + dh_later, dc_later, cache[t])"
_HERE = "lstm_step_forward(x[:, t, :], hidden, cell, Wx, Wh, b)"
_LSTM = (
    _lstm("no carry through time", (_BACK, "lstm_step_backward(dh[:, t, :], 0, cache[t])"),
          told=_told(*_ALL)),
    _lstm("no carry of the cell", (_BACK, _BACK.replace("dc_later", "0 * dc_later")),
          told=_told(*_ALL)),
    _lstm("no carry of the hidden state", (_BACK, _BACK.replace(" + dh_later", "")),
          told=_told(*_ALL)),
    _lstm("dh of the last step alone",
          (_BACK, _BACK.replace("dh[:, t, :]", "dh[:, t, :] * (t == T - 1)")), told=_told(*_ALL)),
    _lstm("upstream handed to the cell too", (_BACK, _BACK.replace("dc_later", "dc_later + dh[:, t, :]")),
          told=_ALL_WRONG),
    _lstm("carries exchanged", ("dx[:, t, :], dh_later, dc_later", "dx[:, t, :], dc_later, dh_later"),
          told=(*_told(*_ALL), _ONE)),
    _lstm("forward in time", ("reversed(range(T))", "range(T)"), told=_told(*_ALL)),
    _lstm("dWx of one step", ("dWx += grads[3]", "dWx = grads[3]"), told=_told("dWx")),
    _lstm("dWh of one step", ("dWh += grads[4]", "dWh = grads[4]"), told=_told("dWh")),
    _lstm("dWh not written", ("        dWh += grads[4]\n", ""), told=("backward[dWh]", _ONE)),
    _lstm("db of one step", ("db += grads[5]", "db = grads[5]"), told=_told("db")),
    _lstm("cell starts from h0", ("h0, np.zeros((N, H))", "h0, h0"),
          told=(_FORWARD, *_ALL_WRONG)),
    _lstm("cell forgotten between steps", (_HERE, _HERE.replace("cell", "np.zeros((N, H))")),
          told=(_FORWARD, *_told(*_ALL))),
    _lstm("hidden state forgotten between steps", (_HERE, _HERE.replace("hidden", "h0")),
          told=(_FORWARD, *_told(*_ALL))),
    _lstm("returns the cells", ("h[:, t, :] = hidden", "h[:, t, :] = cell"),
          told=(_FORWARD, _ONE)),
    _lstm("the cache keeps a cell that is overwritten",
          (f"hidden, cell, cache[t] = {_HERE}",
           f"hidden, new, cache[t] = {_HERE}\n        cell[...] = new"),
          told=(*_told(*_ALL), _ONE)),
    _lstm("dh0 of the first upstream too", ("    return dx, dh_later, dWx",
                                             "    return dx, dh_later + dh[:, 0], dWx"),
          told=(*_told("dh0"), _ONE)),
    _lstm("a wrong step: gates f and i exchanged in backward",
          ("(dai, daf, dao, dag)", "(daf, dai, dao, dag)"), told=_ALL_WRONG),
    _lstm("a wrong step: dnext_c ignored", (_CELL_SUM, "dc = dnext_h * o * (1 - tanh_c**2)"),
          told=_told(*_ALL)),
    _lstm("no carry of the cell, and dWx of one step", (_BACK, _BACK.replace("dc_later", "0 * dc_later")),
          ("dWx += grads[3]", "dWx = grads[3]"), told=_told(*_ALL)),
)  # fmt: skip

_AGAIN, _TOO = "case.repeated_words V402", "case.repeated_words"
_ADD_AT = "np.add.at(dW, x, dout)"
_WORDS = (
    _words("M45 a repeated word is overwritten", (_ADD_AT, "dW[x] = dout"), told=(_AGAIN,)),
    _words("M45 a repeated word is added once", (_ADD_AT, "dW[x] += dout"), told=(_AGAIN,)),
    _words("a repeated word is averaged",
           (_ADD_AT, "np.add.at(dW, x, dout)\n    dW /= np.maximum(1, np.bincount(x.ravel(), minlength=len(dW)))[:, None]"),
           told=(_AGAIN,)),
    _words("a repeated word in a sentence is lost",
           (_ADD_AT, "for n in range(len(x)):\n        dW[x[n]] += dout[n]"), told=(_AGAIN,)),
    _words("the first example alone", (_ADD_AT, "np.add.at(dW, x[0], dout[0])"),
           told=("backward[dW] V402", _TOO)),
    _words("divided by N", (_ADD_AT, "np.add.at(dW, x, dout / len(x))"),
           told=("backward[dW] V402", _TOO)),
    _words("M07 counts of the words", (_ADD_AT, "np.add.at(dW, x, 1)"),
           told=("backward[dW] V402", _TOO)),
    _words("words in reverse", ("out = W[x, :]", "out = W[x[:, ::-1], :]"),
           told=("forward V401", _TOO)),
    _words("dW not written", (_ADD_AT, "pass"), told=("backward[dW]", _TOO)),
    _words("dW of 10 words", ("np.zeros(shape)", "np.zeros((40, shape[1]))"),
           told=("backward[dW] S306", _TOO)),
    _words("dx returned too", ("    return dW", "    return None, dW"),
           told=("backward[dW] S303", _TOO)),
)  # fmt: skip

_DB = "db = dout.sum(axis=(0, 1))"
_TEMPORAL = (
    _affine("bias forgotten", (".reshape(N, T, M) + b", ".reshape(N, T, M)"), told=(_FORWARD,)),
    _affine("reshaped in another order", ("dot(w).reshape(N, T, M)", "dot(w).reshape(T, N, M).swapaxes(0, 1)"),
            told=(_FORWARD,)),
    _affine("dx in another order", (".dot(w.T).reshape(N, T, D)", ".dot(w.T).reshape(T, N, D).swapaxes(0, 1)"),
            told=_told("dx")),
    _affine("dw transposed", ("reshape(N * T, D)).T", "reshape(N * T, D))"),
            told=_told("dw", code="S306")),
    _affine("dw of the output", ("dot(x.reshape(N * T, D)).T", "dot(x[:, ::-1].reshape(N * T, D)).T"),
            told=_told("dw")),
    _affine("dx stays flat", (".dot(w.T).reshape(N, T, D)", ".dot(w.T)"), told=_told("dx", code="S306")),
    _affine("db summed over N alone", (_DB, "db = dout.sum(axis=0)"), told=_told("db", code="S306")),
    _affine("db of the last step", (_DB, "db = dout[:, -1].sum(axis=0)"), told=_told("db")),
    _affine("db a mean over time", (_DB, "db = dout.mean(axis=1).sum(axis=0)"), told=_told("db")),
    _affine("dx stays flat, and db a mean", (".dot(w.T).reshape(N, T, D)", ".dot(w.T)"),
            (_DB, "db = dout.mean(axis=(0, 1))"), told=(*_told("dx", code="S306"), *_told("db"))),
)  # fmt: skip

_VALUE = (_FORWARD, _ALL_STEPS, _EMPTY)
_SLOPES = ("backward[dx] V402", _ALL_STEPS, _EMPTY)
_SUM = "loss = -np.sum(mask_flat * np.log(probs[np.arange(N * T), y_flat])) / N"
_MINUS = "dx_flat[np.arange(N * T), y_flat] -= 1\n"
_MASKED = "    dx_flat *= mask_flat[:, None]\n"
_SOFTMAX = (
    _loss("averaged over N and T", (_SUM, _SUM.replace("/ N", "/ (N * T)")),
          ("dx_flat /= N", "dx_flat /= N * T"), told=(*_VALUE, *_SLOPES)),
    _loss("averaged over the steps that count", (_SUM, _SUM.replace("/ N", "/ mask.sum()")),
          ("dx_flat /= N", "dx_flat /= mask.sum()"), told=(*_VALUE, *_SLOPES)),
    _loss("gradient not divided by N", ("    dx_flat /= N\n", ""), told=_SLOPES),
    _loss("mask ignored in the gradient", (_MASKED, ""),
          told=("backward[dx] V402", _EMPTY)),
    _loss("mask ignored in the loss", (_SUM, _SUM.replace("mask_flat * ", "")),
          told=(_FORWARD, _EMPTY)),
    _loss("mask ignored", (_SUM, _SUM.replace("mask_flat * ", "")), (_MASKED, ""),
          told=(_FORWARD, "backward[dx] V402", _EMPTY)),
    _loss("mask turned round", ("mask_flat = mask.reshape(N * T)", "mask_flat = ~mask.reshape(N * T)"),
          told=(*_VALUE, *_SLOPES)),
    _loss("an example with nothing to say is not counted",
          ("    x_flat =", "    N_kept = mask.any(axis=1).sum()\n    x_flat ="),
          (_SUM, _SUM.replace("/ N", "/ N_kept")), ("dx_flat /= N", "dx_flat /= N_kept"),
          told=(f"{_EMPTY} V401", f"{_EMPTY} V402")),
    _loss("sign of the loss", ("loss = -np.sum", "loss = np.sum"), told=_VALUE),
    _loss("right word not subtracted", (_MINUS, "pass\n"), told=_SLOPES),
    _loss("softmax over time", ("    probs = np.exp(x_flat - np.max(x_flat, axis=1, keepdims=True))\n    probs /= np.sum(probs, axis=1, keepdims=True)",
          "    probs = np.exp(x - np.max(x, axis=1, keepdims=True))\n    probs /= np.sum(probs, axis=1, keepdims=True)\n    probs = probs.reshape(N * T, V)"),
          told=(*_VALUE, *_SLOPES)),
    _loss("softmax over everything", ("probs /= np.sum(probs, axis=1, keepdims=True)", "probs /= np.sum(probs)"),
          told=(*_VALUE, *_SLOPES)),
    _loss("not stable", ("np.exp(x_flat - np.max(x_flat, axis=1, keepdims=True))", "np.exp(x_flat)"),
          told=("stress V403",)),
    _loss("dx stays flat", ("dx_flat.reshape(N, T, V)", "dx_flat"),
          told=("backward[dx] S306", _ALL_STEPS, _EMPTY)),
    _loss("dx not written", ("dx_flat.reshape(N, T, V)", "np.zeros_like(x)"), told=_SLOPES),
    _loss("mask ignored in the loss, gradient not divided by N",
          (_SUM, _SUM.replace("mask_flat * ", "")), ("    dx_flat /= N\n", ""),
          told=(_FORWARD, *_SLOPES)),
)  # fmt: skip

WRONG: tuple[Wrong, ...] = (
    *_RNN_STEP, *_RNN, *_CELL_STEP, *_LSTM, *_WORDS, *_TEMPORAL, *_SOFTMAX,
)  # fmt: skip
