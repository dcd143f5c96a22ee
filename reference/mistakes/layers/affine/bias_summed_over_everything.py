"""Every entry of the bias receives the sum over everything."""

import numpy as np


def affine_forward(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, np.full(w.shape[1], np.sum(dout))
