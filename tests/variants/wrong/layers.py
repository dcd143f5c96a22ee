"""Wrong layers."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_DX, _DW, _DB = "backward[dx] V402", "backward[dw] V402", "backward[db] V402"
_RAISES = ("backward[dx] R201", "backward[dw]", "backward[db]")
_OUT = "forward V401"
_READ_ONLY = ("behaviour.read_only B506",)
_NEAR = ("near_kink V402 dx|backward[dx] V402",)


def _w(task: str, mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong(task, mistake, edits, told)


def _norm_w(mistake: str, dW: str, *told: str) -> Wrong:
    edit = ("dW = np.outer(dq, x)", f"dW = {dW}")
    return Wrong("matrix_vector_norm", mistake, (edit,), told or ("backward[dW] V402",))


def _norm_x(mistake: str, dx: str, *told: str) -> Wrong:
    edit = ("dx = W.T.dot(dq)", f"dx = {dx}")
    return Wrong("matrix_vector_norm", mistake, (edit,), told or (_DX,))


def _linear_w(mistake: str, dW: str, *told: str) -> Wrong:
    return Wrong("linear", mistake, (("ds.dot(x.T)", dW),), told or ("backward[dW] V402",))


def _linear_x(mistake: str, dx: str, *told: str) -> Wrong:
    return Wrong("linear", mistake, (("W.T.dot(ds)", dx),), told or (_DX,))


def _affine_x(mistake: str, dx: str, *told: str) -> Wrong:
    return Wrong("affine", mistake, (("dout.dot(w.T)", dx),), told or (_DX,))


def _affine_w(mistake: str, dw: str, *told: str) -> Wrong:
    return Wrong("affine", mistake, (("x.T.dot(dout)", dw),), told or (_DW,))


def _affine_b(mistake: str, db: str, *told: str) -> Wrong:
    return Wrong("affine", mistake, (("dout.sum(axis=0)", db),), told or (_DB,))


def _gate(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("affine_gate", mistake, edits, told)


def _relu(mistake: str, dx: str, *told: str) -> Wrong:
    return Wrong("relu", mistake, (("dx = dout * (x > 0)", f"dx = {dx}"),), told or (_DX,))


WRONG: tuple[Wrong, ...] = (
    _norm_w("M14 factor 2", "np.outer(dq, x) / 2"),
    _norm_w("M07 upstream ignored", "2 * np.outer(q, x)"),
    _norm_w("M10 transposed", "np.outer(x, dq)", "backward[dW] S306"),
    _norm_w("rows alike", "np.outer(np.ones(len(q)), x)"),
    _norm_w("M49 example of the lecture", "np.array([[0.088, 0.176], [0.104, 0.208]]) * df",
            "backward[dW] S306|backward[dW] V402", "backward[dW] V402|backward[dW] S306"),
    _norm_w("flat", "np.outer(dq, x).ravel()", "backward[dW] S306"),
    _norm_w("M12 elementwise product", "dq * x", "backward[dW] R201", "backward[dx]",
            "backward[dW] S306"),
    _w("matrix_vector_norm", "M08 upstream twice", ("2 * q * df", "2 * q * df * df"),
       told=("backward[dW] V402", _DX)),
    _norm_x("M11 W for W^T", "W.dot(dq)", "backward[dW] R201", "backward[dx]",
            "backward[dx] V402"),
    _norm_x("M07 upstream ignored", "2 * W.T.dot(q)"),
    _norm_x("M37 overwrites instead of adding up", "dq[-1] * W[-1]"),
    _norm_x("of q alone", "W.T.dot(q)"),
    _norm_x("column", "W.T.dot(dq)[:, None]", "backward[dx] S307"),
    _w("matrix_vector_norm", "M09 swapped", ("return dW, dx", "return dx, dW"),
       told=("backward[dW] S306", "backward[dx] S306")),
    _w("matrix_vector_norm", "the norm", ("np.sum(self.q**2)", "np.linalg.norm(self.q)"),
       told=(_OUT,)),
    _linear_x("M11 W for W^T", "W.dot(ds)", "backward[dx] R201", "backward[dW]"),
    _linear_x("M07 upstream ignored", "W.T.dot(np.ones_like(ds))"),
    _linear_x("M12 elementwise product", "W.T * ds", "backward[dx] R201", "backward[dW]"),
    _linear_x("squeezed", "np.squeeze(W.T.dot(ds))", "backward[dx] S307"),
    _linear_x("M13 sign", "-W.T.dot(ds)"),
    _linear_x("M10 transposed", "ds.T.dot(W)", "backward[dx] S306"),
    _linear_w("M10 transposed", "x.dot(ds.T)", "backward[dW] S306"),
    _linear_w("M02 mean for sum", "ds.dot(x.T) / x.shape[1]"),
    _linear_w("M37 last example overwrites the sum", "np.outer(ds[:, -1], x[:, -1])"),
    _linear_w("first example alone", "np.outer(ds[:, 0], x[:, 0])"),
    _linear_w("M07 upstream ignored", "np.ones_like(ds).dot(x.T)"),
    _linear_w("gradient of another weight", "ds.dot(x.T) + 0.1 * W"),
    _w("linear", "M09 swapped", ("return dx, dW", "return dW, dx"),
       told=("backward[dx] S306", "backward[dW] S306")),
    _w("linear", "M39 cache in a global",
       ("cache = (x, W)", "global kept\n    kept = cache = (x, W)"),
       ("x, W = cache", "x, W = kept"), told=("behaviour.shared_cache B501",)),
    _w("linear", "examples in rows", ("return s, cache", "return s.T, cache"),
       told=("forward S306",)),
    _w("linear", "M47 no cache", ("return s, cache", "return s"),
       told=("forward S302", "backward[dx]", "backward[dW]")),
    _affine_x("M11 w for w^T", "dout.dot(w)", *_RAISES),
    _affine_x("M02 divided by N", "dout.dot(w.T) / len(x)"),
    _affine_x("M07 upstream ignored", "np.ones_like(dout).dot(w.T)"),
    _affine_x("M12 elementwise product", "dout * w.T", *_RAISES),
    _affine_x("last example wrong", "dout.dot(w.T); dx[-1] = 0"),
    _affine_x("last example wrong in larger batches", "dout.dot(w.T); dx[2:] *= 1.001"),
    _affine_x("single upstream row", "dout[:1].dot(w.T) + 0 * x"),
    _affine_w("M10 transposed", "dout.T.dot(x)", "backward[dw] S306"),
    _affine_w("M02 mean for sum", "x.T.dot(dout) / len(x)"),
    _affine_w("M37 last example overwrites the sum", "np.outer(x[-1], dout[-1])"),
    _affine_w("first example alone", "np.outer(x[0], dout[0])"),
    _affine_w("zeros", "0 * w"),
    _affine_w("M41 cut off to integers", "x.T.dot(dout).astype(int)"),
    _affine_w("right for x > 0 only", "np.abs(x).T.dot(dout)"),
    _affine_w("one nan", "x.T.dot(dout); dw[-1, -1] = np.nan", "backward[dw] V403"),
    _affine_w("one entry off by 1e-3", "x.T.dot(dout); dw[np.unravel_index("
              "np.argmax(np.abs(dw)), dw.shape)] *= 1.001"),
    _affine_w("squeezed upstream", "x.T.dot(dout.squeeze())", *_RAISES),
    _affine_b("M03 mean for sum", "dout.mean(axis=0)"),
    _affine_b("M05 wrong axis", "dout.sum(axis=1)", "backward[db] S306"),
    _affine_b("M06 not reduced", "dout", "backward[db] S306"),
    _affine_b("M06 keepdims", "dout.sum(axis=0, keepdims=True)", "backward[db] S307"),
    _affine_b("M04 sum over everything", "dout.sum() * np.ones_like(b)"),
    _affine_b("M04 a number", "dout.sum()", "backward[db] S306"),
    _affine_b("M05 column of means", "dout.mean(axis=1, keepdims=True)", "backward[db] S306"),
    _affine_b("M37 last example overwrites the sum", "dout[-1]"),
    _affine_b("first example alone", "dout[0]"),
    _affine_b("M07 upstream ignored", "np.full(b.shape, float(len(x)))"),
    _affine_b("M41 integers", "np.zeros(b.shape, dtype=int); db[:] = dout.sum(axis=0)"),
    _affine_b("one for each example", "np.ones(len(x)).dot(dout) * len(x)"),
    _w("affine", "no bias", ("x.dot(w) + b", "x.dot(w)"), told=(_OUT,)),
    _w("affine", "bias twice", ("x.dot(w) + b", "x.dot(w) + 2 * b"), told=(_OUT,)),
    _w("affine", "squeezed", ("x.dot(w) + b", "np.squeeze(x.dot(w) + b)"), told=("forward S307",)),
    _w("affine", "M47 db forgotten", ("return dx, dw, db", "return dx, dw"),
       told=("backward[dx] S303", "backward[dw]", "backward[db]")),
    _w("affine", "M47 None for db", ("return dx, dw, db", "return dx, dw, None"),
       told=("backward[db] S301",)),
    _w("affine", "M47 M09 order", ("return dx, dw, db", "return dw, dx, db"),
       told=("backward[dx] S306", "backward[dw] S306")),
    _w("affine", "M39 cache in a global",
       ("cache = (x, w, b)", "global kept\n    kept = cache = (x, w, b)"),
       ("x, w, b = cache", "x, w, b = kept"), told=("behaviour.shared_cache B501",)),
    _w("affine", "M40 upstream negated in place before its last use",
       ("dx = dout.dot(w.T)", "dx = dout.dot(w.T)\n    dout *= -1"), told=(_DW, _DB)),
    _w("affine", "M40 cache spoilt in forward",
       ("cache = (x, w, b)", "cache = (x, w, b)\n    x += 1"), told=(_DW,)),
    _gate("M38 accumulates over calls", ("class Affine:", "class Affine:\n    seen = {}\n"),
          ("dw = x.T.dot(dout)", "s, k = self.seen, w.shape; dw = s[k] = x.T @ dout + s.get(k, 0)"),
          told=("backward[dw] V402", "behaviour.repeatable B502")),
    _gate("M10 dw swapped factors", ("x.T.dot(dout)", "dout.T.dot(x)"),
          told=("backward[dw] S306",)),
    _gate("M06 db not reduced", ("dout.sum(axis=0)", "dout"),
          told=("backward[db] S306",)),
    _gate("M39 cache in the class", ("self.x = x", "Affine.x = x"),
          told=("behaviour.shared_cache B501",)),
    _gate("M39 keeps the first x", ("self.x = x", "self.x = getattr(self, 'x', x)"),
          told=("behaviour.stale_cache B504",)),
    _gate("M02 dx divided by N", ("dout.dot(w.T)", "dout.dot(w.T) / len(x)"), told=(_DX,)),
    _gate("M02 dw divided by N", ("x.T.dot(dout)", "x.T.dot(dout) / len(x)"), told=(_DW,)),
    _gate("M03 mean for sum", ("dout.sum(axis=0)", "dout.mean(axis=0)"), told=(_DB,)),
    _gate("M04 sum over everything", ("dout.sum(axis=0)", "np.full_like(self.b, dout.sum())"),
          told=(_DB,)),
    _gate("M05 wrong axis", ("dout.sum(axis=0)", "dout.sum(axis=1)"), told=("backward[db] S306",)),
    _gate("M06 keepdims", ("dout.sum(axis=0)", "dout.sum(axis=0, keepdims=True)"),
          told=("backward[db] S307",)),
    _gate("M09 dx and dw swapped", ("return dx, dw", "return dw, dx"),
          told=("backward[dx] S306", "backward[dw] S306")),
    _gate("M11 w for w^T", ("dout.dot(w.T)", "dout.dot(w)"), told=_RAISES),
    _gate("M12 elementwise product", ("dout.dot(w.T)", "dout * w.T"), told=_RAISES),
    _gate("M37 last example overwrites dw", ("x.T.dot(dout)", "np.outer(x[-1], dout[-1])"),
          told=(_DW,)),
    _gate("M37 last example overwrites db", ("dout.sum(axis=0)", "dout[-1]"), told=(_DB,)),
    # Its spec hands out read-only arguments too.
    _gate("M40 argument changed after its last use",
          ("out = x.dot(w) + b", "out = x.dot(w) + b\n        b *= 0"), told=_READ_ONLY),
    _gate("M40 upstream changed after its last use",
          ("return dx, dw, db", "dout *= 0\n        return dx, dw, db"), told=_READ_ONLY),
    _gate("dx of the bias", ("dout.dot(w.T)", "dout.dot(w.T) + self.b.sum()"), told=(_DX,)),
    _gate("scales dx by 1 + 1e-4", ("dout.dot(w.T)", "dout.dot(w.T) * 1.0001"), told=(_DX,)),
    _relu("M26 passes everything", "dout"),
    _relu("M25 mask on the upstream", "dout * (dout > 0)"),
    _relu("negative side", "dout * (x < 0)"),
    _relu("M07 the mask alone", "(x > 0).astype(float)"),
    _relu("M12 matrix product", "np.dot(dout, x > 0)", "backward[dx] R201"),
    _w("relu", "M39 cache in a global",
       ("cache = x\n", "global kept\n    kept = cache = x\n"), ("x = cache", "x = kept"),
       told=("behaviour.shared_cache B501",)),
    _relu("mask of the first row", "dout * (x[0] > 0)"),
    _relu("threshold 1e-2", "dout * (x > 1e-2)", *_NEAR),
    _relu("threshold 1e-4", "dout * (x > 1e-4)", *_NEAR),
    _relu("squeezed", "np.squeeze(dout * (x > 0))", "backward[dx] S307"),
    _relu("summed over the batch", "(dout * (x > 0)).sum(axis=0)", "backward[dx] S306"),
    _relu("M27 twice at a tie", "dout * ((x > 0) + 2.0 * (x == 0))", "ties V404 dx"),
    _w("relu", "cache of the output's sign", ("cache = x\n", "cache = out - 1e-2\n"), told=_NEAR),
    _w("relu", "absolute value", ("np.maximum(0, x)", "np.abs(x)"), told=(_OUT,)),
)  # fmt: skip
