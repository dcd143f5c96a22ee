"""Layers that write into what they were given, and use their cache up: a note at most."""

import numpy as np


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, [x, w]


def affine_backward(dout, cache):
    w, x = cache.pop(), cache.pop()
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    dout[0] += dout[1:].sum(axis=0)
    return dx, dw, dout[0]


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    dout[cache <= 0] = 0
    return dout


def leaky_relu_forward(x, alpha):
    mask = x <= 0
    x[mask] *= alpha
    return x, {"mask": mask, "alpha": alpha}


def leaky_relu_backward(dout, cache):
    dout[cache.pop("mask")] *= cache.pop("alpha")
    return dout


def tanh_forward(x):
    out = np.tanh(x, out=x)
    return out, out


def tanh_backward(dout, cache):
    cache **= 2
    cache -= 1
    dout *= -cache
    return dout


def elu_forward(x, alpha):
    below = x <= 0
    x[below] = alpha * np.expm1(x[below])
    return x, (below, alpha, x)


def elu_backward(dout, cache):
    below, alpha, out = cache
    out[below] += alpha
    out[~below] = 1
    dout *= out
    return dout


def gelu_forward(x):
    t = np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * np.power(x, 3)))
    return x * (t + 1) / 2, [t, x]


def gelu_backward(dout, cache):
    x, t = cache.pop(), cache.pop()
    t *= t
    slope = (1 - t) * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * np.square(x)) * x / 2
    t **= 0.5
    t *= np.sign(x)
    dout *= slope + (1 + t) / 2
    return dout


def svm_loss(x, y):
    rows = range(len(x))
    x -= x[rows, y][:, None] - 1
    x[rows, y] = 0
    x *= x > 0
    loss = x.sum() / len(x)
    x[x > 0] = 1
    x[rows, y] = -x.sum(axis=1)
    x /= len(x)
    return loss, x


def softmax_loss(x, y):
    rows = range(len(x))
    x -= x.max(axis=1).reshape(-1, 1)
    shifted = x[rows, y]
    np.exp(x, out=x)
    sums = x.sum(axis=1)
    x /= sums.reshape(-1, 1)
    x[rows, y] -= 1
    x /= len(x)
    return (np.log(sums) - shifted).mean(), x
