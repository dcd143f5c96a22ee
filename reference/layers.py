"""Layers: vectorised forward and backward passes (CS231n, lecture 4).

A gradient has the shape of its argument. Where a matrix product went forward, the two other
matrix products with fitting shapes go backward.
"""

import numpy as np


class MatrixVectorNorm:
    """f = ||W x||^2, W of shape [M, D] and x of shape [D]."""

    def forward(self, W, x):
        """``f = sum_i q_i^2`` with q = W x, shape [M]."""
        self.W = W
        self.x = x
        self.q = W @ x
        return np.sum(self.q * self.q)

    def backward(self, df):
        """df/dq = 2 q; df/dW_ij = 2 q_i x_j; df/dx_j = sum_i 2 q_i W_ij."""
        dq = 2.0 * self.q * df
        dW = np.outer(dq, self.x)
        dx = self.W.T @ dq
        return dW, dx


def linear_forward(x, W, *, orientation="WX"):
    """``s = W x``, the examples in columns: x [D, N], W [M, D], s [M, N].

    With ``orientation="XW"`` they are rows: s = x W, x [N, D], W [D, M], s [N, M].
    """
    s = W @ x if orientation == "WX" else x @ W
    return s, (x, W, orientation)


def linear_backward(ds, cache):
    """``dx = W^T ds`` and ``dW = ds x^T`` (rows: dx = ds W^T and dW = x^T ds)."""
    x, W, orientation = cache
    if orientation == "WX":
        return W.T @ ds, ds @ x.T
    return ds @ W.T, x.T @ ds


def affine_forward(x, w, b):
    """``out = x w + b`` with x [N, D], w [D, M], b [M], out [N, M]."""
    out = x @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    """``dx = dout w^T``, ``dw = x^T dout``, ``db`` = the sum of dout over the batch."""
    x, w = cache
    dx = dout @ w.T
    dw = x.T @ dout
    db = np.sum(dout, axis=0)
    return dx, dw, db


class Affine:
    """The affine layer as a class: the cache lives in the object."""

    def forward(self, x, w, b):
        """``out = x w + b`` with x [N, D], w [D, M], b [M], out [N, M]."""
        self.x = x
        self.w = w
        return x @ w + b

    def backward(self, dout):
        """``dx = dout w^T``, ``dw = x^T dout``, ``db`` = the sum of dout over the batch."""
        dx = dout @ self.w.T
        dw = self.x.T @ dout
        db = np.sum(dout, axis=0)
        return dx, dw, db


def relu_forward(x):
    """``out = max(0, x)``, entry by entry, any shape."""
    return np.maximum(0.0, x), x


def relu_backward(dout, cache):
    """``dx = dout`` where x > 0, else 0: the Jacobian is diagonal and never formed."""
    x = cache
    return dout * (x > 0)


def relu_kinks(x):
    """The ReLU bends where x changes sign."""
    return x
