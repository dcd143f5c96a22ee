"""Gradient checkers that move x itself, and put it back by counting."""

import numpy as np


def numerical_gradient_forward(f, x, h):
    if x.dtype.kind == "i":
        x = x * 1.0
    grad = np.empty(x.shape)
    before = f(x)
    for i, _ in np.ndenumerate(x):
        x[i] += h
        grad[i] = f(x)
        x[i] -= h
    grad -= before
    grad /= h
    return grad


def numerical_gradient(f, x, h):
    if x.dtype.kind == "i":
        x = x * 1.0
    grad = np.empty(x.shape)
    for i, _ in np.ndenumerate(x):
        x[i] += h
        grad[i] = f(x)
        x[i] -= 2 * h
        grad[i] -= f(x)
        x[i] += h
    grad /= 2 * h
    return grad


def relative_error(a, b):
    size = np.abs(a) + np.abs(b)
    if np.ndim(size):
        a -= b
        np.abs(a, out=a)
        a /= np.maximum(size, 1e-8)
        return a.max()
    return abs(a - b) / max(size, 1e-8)


def check_gradient(f, x, dx):
    if x.shape != dx.shape:
        return False
    numeric = numerical_gradient(f, x, 1e-5)
    return relative_error(dx, numeric) < 1e-5
