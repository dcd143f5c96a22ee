"""Gradient checkers with all points at once, with norms, and by a complex step."""

import numpy as np


def shifts(x, h):
    return h * np.eye(x.size).reshape(-1, *x.shape)


def numerical_gradient_forward(f, x, h):
    values = np.array([f(x + shift) for shift in shifts(x, h)])
    return ((values - f(x + 0.0)) / h).reshape(x.shape)


def numerical_gradient(f, x, h):
    steps = shifts(x, h)
    above = np.fromiter((f(x + step) for step in steps), float)
    below = np.fromiter((f(x - step) for step in steps), float)
    return {"gradient": (0.5 * (above - below) / h).reshape(x.shape)}


def relative_error(a, b):
    a, b = np.ravel(a), np.ravel(b)
    scale = abs(a) + abs(b)
    scale[scale < 1e-8] = 1e-8
    return [(abs(a - b) / scale).max(initial=0)]


def check_gradient(f, x, dx):
    if dx.shape != x.shape:
        return False
    exact = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        z = x.astype(complex)
        z[i] += 1e-30j
        exact[i] = np.imag(f(z)) * 1e30
    size = np.linalg.norm(exact) + np.linalg.norm(dx)
    return np.linalg.norm(exact - dx) <= 1e-5 * size
