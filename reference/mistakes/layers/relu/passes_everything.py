"""The upstream gradient is passed on where the input is negative, too."""

import numpy as np


def relu_forward(x):
    return np.maximum(0.0, x), x


def relu_backward(dout, cache):
    return 1.0 * dout
