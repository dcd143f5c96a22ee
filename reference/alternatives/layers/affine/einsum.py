"""With einsum, and the gradients by name."""

import numpy as np


def affine_forward(x, w, b):
    return np.einsum("nd,dm->nm", x, w) + b[None, :], {"x": x, "w": w}


def affine_backward(dout, cache):
    return {
        "dx": np.einsum("nm,dm->nd", dout, cache["w"]),
        "dw": np.einsum("nm,nd->dm", dout, cache["x"]),
        "db": np.ones(len(dout)) @ dout,
    }
