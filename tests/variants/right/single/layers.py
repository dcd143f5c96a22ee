"""Layers in single precision throughout."""

import numpy as np


def single(*arrays):
    return [np.asarray(a, dtype=np.float32) for a in arrays]


class MatrixVectorNorm:
    def forward(self, W, x):
        self.W, self.x = single(W, x)
        self.q = self.W @ self.x
        return np.sum(self.q**2, dtype=np.float32)

    def backward(self, df):
        dq = self.q * np.float32(2 * df)
        return np.outer(dq, self.x), dq @ self.W


def linear_forward(x, W):
    x, W = single(x, W)
    return W @ x, (x, W)


def linear_backward(ds, cache):
    x, W = cache
    (ds,) = single(ds)
    return W.T @ ds, ds @ x.T


def affine_forward(x, w, b):
    x, w, b = single(x, w, b)
    return x @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    (dout,) = single(dout)
    return dout @ w.T, x.T @ dout, dout.sum(0)


class Affine:
    def forward(self, x, w, b):
        self.x, self.w, b = single(x, w, b)
        return np.dot(self.x, self.w) + b

    def backward(self, dout):
        (dout,) = single(dout)
        return np.dot(dout, self.w.T), np.dot(self.x.T, dout), np.sum(dout, 0)


def relu_forward(x):
    (x,) = single(x)
    return x * (x > 0), x > 0


def relu_backward(dout, cache):
    return np.float32(dout) * cache
