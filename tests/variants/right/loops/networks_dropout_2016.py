import random

import numpy as np


def dropout_forward(x, dropout_param):
    if "seed" in dropout_param:
        random.seed(dropout_param["seed"])
    p, factors = dropout_param["p"], {}
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        factor = 1.0
        if dropout_param["mode"] == "train":
            factor = 0.0 if random.random() < p else 1.0 / (1 - p)
        factors[index] = factor
        out[index] = factor * x[index]
    return out, factors


def dropout_backward(dout, cache):
    dx = np.zeros(dout.shape)
    for index, factor in cache.items():
        dx[index] = factor * dout[index]
    return dx
