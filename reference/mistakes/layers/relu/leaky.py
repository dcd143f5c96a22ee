"""Negative inputs pass on a hundredth, as in a leaky ReLU."""

import numpy as np


def relu_forward(x):
    return np.maximum(0.0, x), x


def relu_backward(dout, cache):
    return np.where(cache > 0, dout, 0.01 * dout)
