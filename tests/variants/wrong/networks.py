"""Wrong layers of a network."""

from __future__ import annotations

from variants.wrong.record import Wrong

_DX, _DW, _DB = "backward[dx] V402", "backward[dw] V402", "backward[db] V402"

WRONG: tuple[Wrong, ...] = (
    Wrong("affine", "bias forgotten", (("rows.dot(w) + b", "rows.dot(w)"),), ("forward V401",)),
    Wrong("affine", "dx stays flat", ((".reshape(x.shape)\n    dw", "\n    dw"),),
          ("backward[dx] S306",)),
    Wrong("affine", "db of one example", (("dout.sum(axis=0)", "dout[0]"),), (_DB,)),
    Wrong("affine", "db has an axis too many",
          (("dout.sum(axis=0)", "dout.sum(axis=0, keepdims=True)"),), ("backward[db] S307",)),
    Wrong("affine", "dw is a mean", (("rows.T.dot(dout)", "rows.T.dot(dout) / len(x)"),), (_DW,)),
    Wrong("relu", "upstream ignored", (("dout * (x > 0)", "1.0 * (x > 0)"),), (_DX,)),
    Wrong("relu", "mask of the upstream", (("dout * (x > 0)", "dout * (dout > 0)"),), (_DX,)),
)  # fmt: skip
