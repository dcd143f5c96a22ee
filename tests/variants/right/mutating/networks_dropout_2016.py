import numpy as np


def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    dropped = np.zeros(x.shape, dtype=bool)
    if dropout_param["mode"] == "train":
        np.random.seed(dropout_param.get("seed"))
        dropped = np.random.uniform(size=x.shape) >= (1 - p)
        x[dropped] = 0
        x /= (1 - p)
    return x, [dropped, (1 - p) if dropout_param["mode"] == "train" else 1]


def dropout_backward(dout, cache):
    keep = cache.pop()
    dout[cache.pop()] = 0
    dout /= keep
    return dout
