import numpy as np


class MatrixVectorNorm:
    def forward(self, W, x):
        self.W = W
        self.x = x
        self.q = W.dot(x)
        f = np.sum(self.q**2)
        return f

    def backward(self, df):
        W, x, q = self.W, self.x, self.q
        dq = 2 * q * df
        dW = np.outer(dq, x)
        dx = W.T.dot(dq)
        return dW, dx


def linear_forward(x, W):
    s = W.dot(x)
    cache = (x, W)
    return s, cache


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
    dx = dout.dot(w.T)
    dw = x.T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db


class Affine:
    def forward(self, x, w, b):
        self.x = x
        self.w = w
        self.b = b
        out = x.dot(w) + b
        return out

    def backward(self, dout):
        x, w = self.x, self.w
        dx = dout.dot(w.T)
        dw = x.T.dot(dout)
        db = dout.sum(axis=0)
        return dx, dw, db


def relu_forward(x):
    out = np.maximum(0, x)
    cache = x
    return out, cache


def relu_backward(dout, cache):
    x = cache
    dx = dout * (x > 0)
    return dx
