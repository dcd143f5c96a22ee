"""The bias collects the mean over the examples, not the sum."""

import numpy as np


def affine_forward(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, np.mean(dout, axis=0)
