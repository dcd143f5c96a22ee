"""Gradient checkers in single precision, where the step is large enough for it."""

import numpy as np

f32 = np.float32


def numerical_gradient_forward(f, x, h):
    x, h = x.astype(f32), f32(h)
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        ahead = x.copy()
        ahead[i] += h
        grad[i] = (f32(f(ahead)) - f32(f(x))) / h
    return grad


def numerical_gradient(f, x, h):
    x, h = x.astype(f32), f32(h)
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[i] += h
        behind[i] -= h
        grad[i] = (f32(f(ahead)) - f32(f(behind))) / (2 * h)
    return grad


def relative_error(a, b):
    a, b = f32(a), f32(b)
    return np.max(np.abs(a - b) / np.maximum(f32(1e-8), np.abs(a) + np.abs(b)))


def check_gradient(f, x, dx):
    if dx.shape != x.shape:
        return np.False_
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[i] += 1e-4
        behind[i] -= 1e-4
        grad[i] = (f(ahead) - f(behind)) / 2e-4
    # the comparison needs no more digits than these
    return relative_error(grad, dx) < f32(1e-3)
