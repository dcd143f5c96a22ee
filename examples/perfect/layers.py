# Exercise 4 - layers
import numpy as np


class MatrixVectorNorm:
    def forward(self, W, x):
        self.W, self.x = W, x
        self.q = W.dot(x)
        return np.sum(self.q**2)

    def backward(self, df):
        dq = 2 * self.q * df
        dW = dq[:, None] * self.x[None, :]
        dx = self.W.T.dot(dq)
        return dW, dx


def linear_forward(x, W):
    return W.dot(x), (x, W)


def linear_backward(ds, cache):
    x, W = cache
    dx = W.T.dot(ds)
    dW = ds.dot(x.T)
    return dx, dW


def affine_forward(x, w, b):
    out = x.dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T)  # (N,M) x (M,D)
    dw = x.T.dot(dout)  # (D,N) x (N,M)
    db = dout.sum(axis=0)  # b was broadcast over N -> sum over N
    return dx, dw, db


class Affine:
    def forward(self, x, w, b):
        out, self.cache = affine_forward(x, w, b)
        return out

    def backward(self, dout):
        return affine_backward(dout, self.cache)


def relu_forward(x):
    out = np.maximum(0, x)
    return out, x


def relu_backward(dout, cache):
    x = cache
    dx = dout.copy()
    dx[x <= 0] = 0
    return dx
