"""Layers in a row, made of the functions in cs231n/layers.py that are handed in with them.

That file is imported where it is needed: a network may do without.
"""


def affine_relu_forward(x, w, b):
    """An affine layer followed by a ReLU: returns (out, cache)."""
    from .layers import affine_forward, relu_forward  # noqa: PLC0415

    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, relu_cache)


def affine_relu_backward(dout, cache):
    """Backward of the two: returns (dx, dw, db)."""
    from .layers import affine_backward, relu_backward  # noqa: PLC0415

    fc_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), fc_cache)
