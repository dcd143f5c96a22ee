"""Layers that return lists of rows, some of them lists of arrays."""

import numpy as np


class MatrixVectorNorm:
    def forward(self, W, x):
        self.W, self.x = W, x
        self.q = [float(np.dot(row, x)) for row in W]
        return sum(v * v for v in self.q)

    def backward(self, df):
        dq = [2 * v * df for v in self.q]
        return [[v * xj for xj in self.x] for v in dq], np.dot(dq, self.W).tolist()


def linear_forward(x, W):
    return (W @ x).tolist(), (x, W)


def linear_backward(ds, cache):
    x, W = cache
    return (W.T @ ds).tolist(), [row for row in ds @ x.T]


def affine_forward(x, w, b):
    return [[row @ w[:, m] + b[m] for m in range(len(b))] for row in x], (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return [w @ row for row in dout], list(x.T @ dout), [sum(c) for c in dout.T]


class Affine:
    def forward(self, x, w, b):
        self.x, self.w = x, w
        return [row @ w + b for row in x]

    def backward(self, dout):
        return [(dout @ self.w.T).tolist(), (self.x.T @ dout).tolist(), dout.sum(0).tolist()]


def relu_forward(x):
    return [[max(v, 0.0) for v in row] for row in x], x.tolist()


def relu_backward(dout, cache):
    return [[d if v > 0 else 0.0 for v, d in zip(*rows)] for rows in zip(cache, dout.tolist())]
