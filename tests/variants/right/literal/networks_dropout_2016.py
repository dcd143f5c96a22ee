import numpy as np


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if dropout_param.get("seed") is not None:
        np.random.seed(dropout_param["seed"])
    if mode == "test":
        return x, lambda dout: dout
    mask = np.random.binomial(1, (1 - p), size=x.shape)
    return np.where(mask, x, 0) / (1 - p), lambda dout: mask * dout / (1 - p)


def dropout_backward(dout, cache):
    return cache(dout)
