"""Layers with explicit loops over examples and entries."""

import numpy as np


class MatrixVectorNorm:
    def forward(self, W, x):
        M, D = W.shape
        self.W, self.x, self.q = W, x, []
        f = 0.0
        for i in range(M):
            qi = 0.0
            for j in range(D):
                qi += W[i, j] * x[j]
            self.q.append(qi)
            f += qi**2
        return f

    def backward(self, df):
        M, D = self.W.shape
        dW, dx = np.zeros((M, D)), np.zeros(D)
        for i in range(M):
            for j in range(D):
                dW[i, j] = 2 * self.q[i] * self.x[j] * df
                dx[j] += 2 * self.q[i] * self.W[i][j] * df
        return dW, dx


def linear_forward(x, W):
    D, N = x.shape
    M = W.shape[0]
    s = np.zeros((M, N))
    for n in range(N):
        for m in range(M):
            s[m, n] = np.dot(W[m], x[:, n])
    return s, {"x": x, "W": W}


def linear_backward(ds, cache):
    x, W = cache["x"], cache["W"]
    dx, dW = np.zeros(x.shape), np.zeros(W.shape)
    for n in range(x.shape[1]):
        for m in range(W.shape[0]):
            dx[:, n] += W[m] * ds[m, n]
            dW[m] += x[:, n] * ds[m, n]
    return dx, dW


def affine_forward(x, w, b):
    N = x.shape[0]
    out = []
    for n in range(N):
        row = b.copy()
        for d in range(x.shape[1]):
            row = row + x[n, d] * w[d]
        out.append(row)
    return np.array(out), [x, w, b]


def affine_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for n in range(x.shape[0]):
        for d in range(x.shape[1]):
            dx[n, d] = np.sum(dout[n] * w[d])
            dw[d] += x[n, d] * dout[n]
        db += dout[n]
    return dx, dw, db


class Affine:
    def forward(self, x, w, b):
        self.args = x, w, b
        out = np.zeros((x.shape[0], w.shape[1]))
        for n, row in enumerate(x):
            for m in range(w.shape[1]):
                out[n, m] = sum(row * w[:, m]) + b[m]
        return out

    def backward(self, dout):
        x, w, b = self.args
        dx = np.array([[sum(dout[n] * w[d]) for d in range(x.shape[1])] for n in range(x.shape[0])])
        dw = np.zeros(w.shape)
        for n in range(x.shape[0]):
            dw += np.outer(x[n], dout[n])
        db = np.zeros(b.shape)
        for m in range(b.shape[0]):
            for n in range(x.shape[0]):
                db[m] += dout[n, m]
        return dx, dw, db


def relu_forward(x):
    out = x.copy()
    for n in range(x.shape[0]):
        for d in range(x.shape[1]):
            if out[n, d] < 0:
                out[n, d] = 0
    return out, x


def relu_backward(dout, cache):
    dx = np.zeros(dout.shape)
    for n in range(dout.shape[0]):
        for d in range(dout.shape[1]):
            dx[n, d] = 0 if cache[n, d] < 0 else dout[n, d]
    return dx
