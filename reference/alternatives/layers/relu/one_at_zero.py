"""At 0 the whole gradient passes: a valid subgradient too."""

import numpy as np


def relu_forward(x):
    return np.maximum(0.0, x), x


def relu_backward(dout, cache):
    return np.where(cache < 0, 0.0, dout)
