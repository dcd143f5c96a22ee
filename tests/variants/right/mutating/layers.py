"""Layers that write into their arguments, and accumulate gradients that forward resets."""

import numpy as np


class MatrixVectorNorm:
    def forward(self, W, x):
        self.W, self.x = W, x
        self.q = W @ x
        return self.q @ self.q

    def backward(self, df):
        self.q *= 2 * df
        dx = self.q @ self.W
        self.W[:] = self.q[:, None]
        self.W *= self.x
        return self.W, dx


def linear_forward(x, W):
    cache = [x, W]
    return W @ x, cache


def linear_backward(ds, cache):
    W, x = cache.pop(), cache.pop()
    return W.T @ ds, ds @ x.T


def affine_forward(x, w, b):
    out = x @ w
    out += b
    b[:] = 0
    return out, {"x": x, "w": w, "db": b}


def affine_backward(dout, cache):
    cache["db"] += dout.sum(axis=0)
    dw = cache["x"].T @ dout
    np.matmul(dout, cache["w"].T, out=cache["x"])
    return cache["x"], dw, cache["db"]


class Affine:
    buffers = {}  # shared, but used only within one call

    def forward(self, x, w, b):
        self.x, self.w = x, w
        self.dw, self.db = np.zeros_like(w), np.zeros_like(b)
        key = (x.shape[0], w.shape[1])
        out = Affine.buffers.setdefault(key, np.empty(key))
        np.matmul(x, w, out=out)
        out += b
        return out.copy()

    def backward(self, dout):
        self.dw += self.x.T @ dout
        self.db += dout.sum(axis=0)
        return dout @ self.w.T, self.dw, self.db


def relu_forward(x):
    mask = x <= 0
    x[mask] = 0
    return x, mask


def relu_backward(dout, cache):
    dout[cache] = 0
    return dout
