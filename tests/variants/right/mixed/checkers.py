"""Gradient checkers that compute in single precision and return double precision."""

import numpy as np

f32 = np.float32


def numerical_gradient_forward(f, x, h):
    x = x.astype(f32)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        ahead = x.copy()
        ahead[i] += f32(h)
        grad[i] = (f(ahead) - f(x)) / h
    return grad


def numerical_gradient(f, x, h):
    x = x.astype(f32)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape, f32)
        step[i] = h
        grad[i] = (f(x + step) - f(x - step)) / (2 * h)
    return grad


def relative_error(a, b):
    a, b = f32(a), f32(b)
    return float((abs(a - b) / np.maximum(abs(a) + abs(b), f32(1e-8))).max())


def check_gradient(f, x, dx):
    # by Richardson's extrapolation of two central differences
    if np.shape(x) != np.shape(dx):
        return bool(0)
    wide, narrow = np.zeros(x.shape), np.zeros(x.shape)
    for step, slopes in ((1e-4, wide), (5e-5, narrow)):
        for i in np.ndindex(x.shape):
            unit = np.zeros(x.shape)
            unit[i] = step
            slopes[i] = (f(x + unit) - f(x - unit)) / (2 * step)
    best = (4 * narrow - wide) / 3
    return float(np.abs(best - dx).max()) <= 1e-6 * np.abs(best).max()
