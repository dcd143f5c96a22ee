import numpy as np


def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    dropped = np.zeros(x.shape, dtype=bool)
    if dropout_param["mode"] == "train":
        np.random.seed(dropout_param.get("seed"))
        dropped = np.random.uniform(size=x.shape) >= p
        x[dropped] = 0
        x /= p
    return x, [dropped, p if dropout_param["mode"] == "train" else 1]


def dropout_backward(dout, cache):
    keep = cache.pop()
    dout[cache.pop()] = 0
    dout /= keep
    return dout
