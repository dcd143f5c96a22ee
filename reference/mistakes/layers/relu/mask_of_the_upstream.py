"""The sign of the upstream gradient decides, where the input must."""

import numpy as np


def relu_forward(x):
    return np.maximum(0.0, x), x


def relu_backward(dout, cache):
    return np.maximum(0.0, dout)
