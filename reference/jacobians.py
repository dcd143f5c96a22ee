"""Jacobians in numerator layout, and vector-Jacobian products that never build one.

Entry [i, j] of a Jacobian is the derivative of output i by input j. The chain rule multiplies
Jacobians from the left: d(outer)/d(inner) comes first (CS224n, lecture 4).
"""

import numpy as np


def mixed(x):
    """``y = (x1, 5 x3, 4 x2^2 - 2 x3, x3 sin x1)``, from R^3 to R^4."""
    x1, x2, x3 = x
    return np.stack([x1, 5.0 * x3, 4.0 * x2 * x2 - 2.0 * x3, x3 * np.sin(x1)])


def mixed_jacobian(x):
    """One row for each output, one column for each input."""
    x1, x2, x3 = x
    return np.array(
        [
            [1.0, 0.0, 0.0],
            [0.0, 0.0, 5.0],
            [0.0, 8.0 * x2, -2.0],
            [x3 * np.cos(x1), 0.0, np.sin(x1)],
        ]
    )


def helicoid(x):
    """``y = (r cos t, r sin t, t)`` for ``x = (r, t)``."""
    r, t = x
    return np.stack([r * np.cos(t), r * np.sin(t), t])


def helicoid_jacobian(x):
    """In denominator layout: one row for each input, one column for each output."""
    r, t = x
    return np.array(
        [
            [np.cos(t), np.sin(t), 0.0],
            [-r * np.sin(t), r * np.cos(t), 1.0],
        ]
    )


def sigmoid(z):
    """``h = 1 / (1 + exp(-z))``, entry by entry."""
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_jacobian(z):
    """Output i depends on input i alone: a diagonal matrix."""
    h = sigmoid(z)
    return np.diag((1.0 - h) * h)


def linear(W, x, b):
    """``z = W x + b``."""
    return W @ x + b


def linear_jacobian(W, x, b):  # noqa: ARG001  a linear function has the same Jacobian everywhere
    """The Jacobian by x is W itself, by b the identity."""
    return W, np.eye(b.size)


def score(u, h):
    """``s = u^T h``, one number."""
    return u @ h


def score_jacobian(u, h):
    """By u it is h^T, by h it is u^T: one output, one row."""
    return h, u


def layer(W, x, b):
    """``h = tanh(W x + b)``."""
    return np.tanh(W @ x + b)


def layer_jacobian(W, x, b):
    """``diag(tanh'(z)) W`` by x, and ``diag(tanh'(z)) I`` by b."""
    h = layer(W, x, b)
    dh_dz = np.diag(1.0 - h * h)
    dz_dx, dz_db = W, np.eye(b.size)
    return dh_dz @ dz_dx, dh_dz @ dz_db


def layer_vjp(W, x, b, dh):
    """``dL/dx = (dh/dx)^T dL/dh``, from the right to the left and without a Jacobian."""
    h = layer(W, x, b)
    dz = (1.0 - h * h) * dh
    return W.T @ dz


def relu(x):
    """``out = max(0, x)``, entry by entry."""
    return np.maximum(0.0, x)


def relu_vjp(x, dout):
    """The Jacobian is diagonal and holds 0 or 1: it lets the upstream pass or stops it."""
    return dout * (x > 0)


def relu_kinks(x):
    """ReLU switches where x changes sign."""
    return x
