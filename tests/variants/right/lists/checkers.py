"""Gradient checkers that return nested lists, 0 and 1."""

import numpy as np


def differences(f, x, ahead, behind):
    flat = np.asarray(x, dtype=np.float64).ravel()
    found = []
    for i, value in enumerate(flat):
        points = np.stack([flat, flat])
        points[:, i] = value + ahead, value - behind
        high, low = (f(row.reshape(x.shape)) for row in points)
        found.append((high - low) / (ahead + behind))
    return np.array(found).reshape(x.shape).tolist()


def numerical_gradient_forward(f, x, h):
    return differences(f, x, h, 0.0)


def numerical_gradient(f, x, h):
    return differences(f, x, h, h)


def relative_error(a, b):
    size = np.abs(a) + np.abs(b)
    return float(np.where(size > 1e-8, np.abs(a - b) / np.where(size > 1e-8, size, 1),
                          np.abs(a - b) * 1e8).max())  # fmt: skip


def check_gradient(f, x, dx):
    if list(dx.shape) != list(x.shape):
        return 0
    slopes = np.array(differences(f, x, 1e-5, 1e-5))
    return int(np.allclose(slopes, dx, rtol=1e-4, atol=0))
