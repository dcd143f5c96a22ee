# mypy: ignore-errors
# ruff: noqa: ANN001, ANN201
"""Three layers that are all the same: out = x w."""


def layer_a_forward(x, w):
    """``out = x w`` with x [N, D] and w [D, M]."""
    return x @ w, (x, w)


def layer_a_backward(dout, cache):
    """``dx = dout w^T`` and ``dw = x^T dout``."""
    x, w = cache
    return dout @ w.T, x.T @ dout


layer_b_forward = layer_c_forward = layer_a_forward
layer_b_backward = layer_c_backward = layer_a_backward
