"""Layers with einsum; what backward needs is a function that forward made."""

import numpy as np


def affine_forward(x, w, b):
    out = np.einsum("nd,dm->nm", x.reshape(len(x), w.shape[0]), w) + b[np.newaxis]

    def back(dout):
        dw = np.tensordot(x, dout, axes=(0, 0)).reshape(w.shape)
        return [np.einsum("nm,dm->nd", dout, w).reshape(x.shape), dw, np.ones(len(x)) @ dout]

    return [out, back]


def affine_backward(dout, cache):
    return cache(dout)


def relu_forward(x):
    return (x + abs(x)) / 2, np.heaviside(x, 0.5)


def relu_backward(dout, cache):
    return np.einsum("...,...->...", dout, cache)


def leaky_relu_forward(x, alpha):
    slope = alpha + (1 - alpha) * np.heaviside(x, 0.5)
    return np.asfortranarray(x * slope), {"slope": slope}


def leaky_relu_backward(dout, cache):
    return (np.einsum("...,...->...", dout, cache["slope"]),)


def tanh_forward(x):
    # (1 - e) / (1 + e) with e = exp(-2|x|), which cannot overflow
    e = np.exp(-2 * abs(x))
    return np.sign(x) * (1 - e) / (1 + e), lambda dout: 4 * e / (1 + e) ** 2 * dout


def tanh_backward(dout, cache):
    return cache(dout)


def elu_forward(x, alpha):
    out = x.copy()
    out[x < 0] = alpha * (np.exp(x[x < 0]) - 1)
    return out, (x < 0, alpha, out)


def elu_backward(dout, cache):
    below, alpha, out = cache
    dx = np.array(dout)
    dx[below] *= alpha + out[below]
    return {"dx": dx}


def gelu_forward(x):
    c, a = np.sqrt(2 / np.pi), 0.044715
    u = np.polyval([c * a, 0, c, 0], x)
    return 0.5 * x * (1 + np.tanh(u)), lambda dout: dout * (
        0.5 + 0.5 * np.tanh(u) + 0.5 * x * np.cosh(np.minimum(abs(u), 300)) ** -2
        * np.polyval([3 * c * a, 0, c], x)
    )  # fmt: skip


def gelu_backward(dout, cache):
    return cache(dout)


def svm_loss(x, y):
    N, C = x.shape
    Y = np.eye(C)[y]
    delta = x - np.einsum("nc,nc->n", x, Y)[:, None] + 1 - Y
    passes = np.heaviside(delta, 0.5) * (1 - Y)
    dx = np.einsum("nj,njk->nk", passes, np.eye(C)[None] - Y[:, None]) / N
    return np.einsum("nc->", np.clip(delta, 0, None)).reshape(1) / N, dx


def softmax_loss(x, y):
    N, C = x.shape
    log_sum = np.logaddexp.reduce(x, axis=1)
    loss = np.mean(log_sum - np.choose(y, x.T))
    return loss, {"x": (np.exp(x - log_sum[:, None]) - np.eye(C)[y]) / N}
