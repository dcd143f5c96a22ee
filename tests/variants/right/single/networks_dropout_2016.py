import numpy as np


def dropout_forward(x, dropout_param):
    x = np.asarray(x, np.float32)
    if dropout_param["mode"] == "test":
        return x, np.ones_like(x)
    p = dropout_param["p"]
    rng = np.random.default_rng(dropout_param.get("seed"))
    mask = (rng.random(x.shape, dtype=np.float32) < (1 - p)).astype(np.float32) / np.float32((1 - p))
    return x * mask, mask


def dropout_backward(dout, cache):
    return np.asarray(dout, np.float32) * cache
