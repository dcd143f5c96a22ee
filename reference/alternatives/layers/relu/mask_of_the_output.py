"""The mask is read off the output."""

import numpy as np


def relu_forward(x):
    out = x * (x > 0)
    return out, out != 0


def relu_backward(dout, cache):
    return np.where(cache, dout, 0.0)
