"""Gradient checkers on stacks of points, and one by complex numbers."""

import numpy as np


def around(x, h):
    """Return every x + h e, stacked."""
    return x + h * np.eye(x.size).reshape(-1, *x.shape)


def numerical_gradient_forward(f, x, h):
    rise = np.array([f(point) for point in around(x, h)]) - f(1.0 * x)
    return (rise / h).reshape(x.shape)


def numerical_gradient(f, x, h):
    # the mean of a forward and a backward difference
    return (
        numerical_gradient_forward(f, x, h) + numerical_gradient_forward(f, x, -h)
    ) / 2  # fmt: skip


def relative_error(a, b):
    pairs = zip(np.ravel(a), np.ravel(b), strict=True)
    return max(abs(p - q) / max(1e-8, abs(p) + abs(q)) for p, q in pairs)


def check_gradient(f, x, dx):
    # f(x + ie) = f(x) + i e f'(x): nothing cancels, so the step can be as small as we like
    slopes = [np.imag(f(point)) / 1e-20 for point in around(x, 1e-20j)]
    return dx.shape == x.shape and np.allclose(slopes, dx.ravel(), rtol=1e-6, atol=0)
