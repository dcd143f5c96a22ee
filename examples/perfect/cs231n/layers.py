"""Layers of a network as pairs of functions, in the form of the public CS231n assignments."""

import numpy as np


def affine_forward(x, w, b):
    """Each example as a row, times w, plus b: x [N, d_1, ..., d_k], w [D, M], b [M]."""
    out = x.reshape(x.shape[0], -1).dot(w) + b
    return out, (x, w)


def affine_backward(dout, cache):
    """dx = dout w^T, dw = x^T dout, db = sum over examples of dout."""
    x, w = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x):
    """out = max(0, x)."""
    return x * (x > 0), x


def relu_backward(dout, cache):
    """The upstream passes where x was positive."""
    return dout * (cache > 0)


def relu_kinks(x):
    """The branch changes where x changes its sign."""
    return x
