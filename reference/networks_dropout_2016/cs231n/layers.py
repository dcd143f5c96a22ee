"""Dropout as a pair of functions, in the form of the public CS231n assignments."""

import numpy as np


def dropout_forward(x, dropout_param):
    """Drop each entry with probability p, else divide by 1 - p; in test mode keep all."""
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    out = x.copy()
    if dropout_param["mode"] == "train":
        keep = 1 - dropout_param["p"]
        mask = (np.random.rand(*x.shape) < keep) / keep
        out = x * mask
    return out, (dropout_param["mode"], mask)


def dropout_backward(dout, cache):
    """The mask of the forward once more; in test mode the upstream itself."""
    mode, mask = cache
    return dout * mask if mode == "train" else dout.copy()
