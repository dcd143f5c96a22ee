"""Gradient checkers as the notes write them."""

import numpy as np


def numerical_gradient_forward(f, x, h):
    x = x.astype(float)
    grad = np.zeros(x.shape)
    fx = f(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old_value = x[ix]
        x[ix] = old_value + h
        fxh = f(x)
        x[ix] = old_value
        grad[ix] = (fxh - fx) / h
        it.iternext()
    return grad


def numerical_gradient(f, x, h):
    x = x.astype(float)
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old_value = x[ix]
        x[ix] = old_value + h
        fxph = f(x)
        x[ix] = old_value - h
        fxmh = f(x)
        x[ix] = old_value
        grad[ix] = (fxph - fxmh) / (2 * h)
        it.iternext()
    return grad


def relative_error(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


def check_gradient(f, x, dx):
    h, limit, floor = 1e-5, 1e-4, 1e-8
    if np.shape(dx) != x.shape:
        return False
    x = x.copy()
    numeric = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        old_value = x[ix]
        x[ix] = old_value + h
        fxph = f(x)
        x[ix] = old_value - h
        fxmh = f(x)
        x[ix] = old_value
        numeric[ix] = (fxph - fxmh) / (2 * h)
    scale = np.maximum(floor, np.abs(numeric) + np.abs(dx))
    error = np.max(np.abs(numeric - dx) / scale)
    return bool(error < limit)
