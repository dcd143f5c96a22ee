"""Inputs below 0.001 are taken for 0."""

import numpy as np


def relu_forward(x):
    return np.maximum(0.0, x), x


def relu_backward(dout, cache):
    return dout * (cache > 1e-3)
