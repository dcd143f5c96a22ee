"""Layers that compute in single precision and return double precision."""

import numpy as np


def product(a, b):
    return np.matmul(a.astype(np.float32), b.astype(np.float32)).astype(float)


class MatrixVectorNorm:
    def forward(self, W, x):
        self.W, self.x = W, x
        self.q = product(W, x)
        return float(np.sum(self.q * self.q))

    def backward(self, df):
        dq = 2 * self.q * df
        return product(dq[:, None], self.x[None, :]), product(self.W.T, dq)


def linear_forward(x, W):
    return product(W, x), (x, W)


def linear_backward(ds, cache):
    x, W = cache
    return product(W.T, ds), product(ds, x.T)


def affine_forward(x, w, b):
    return product(x, w) + b.astype(np.float32), (x, w)


def affine_backward(dout, cache):
    x, w = cache
    db = np.zeros(dout.shape[1], dtype=np.float32)
    for row in dout.astype(np.float32):
        db += row
    return product(dout, w.T), product(x.T, dout), db.astype(float)


class Affine:
    def forward(self, x, w, b):
        self.x, self.w = x, w
        return product(x, w) + b

    def backward(self, dout):
        return product(dout, self.w.T), product(self.x.T, dout), product(dout.T, np.ones(len(dout)))


def relu_forward(x):
    x = x.astype(np.float32)
    return np.maximum(x, 0).astype(np.float64), x


def relu_backward(dout, cache):
    return (dout.astype(np.float32) * (cache > 0)).astype(np.float64)
