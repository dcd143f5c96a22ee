"""Layers, each in another style."""

import numpy as np


class MatrixVectorNorm:
    def forward(self, W, x):
        self.__dict__.update(W=W, x=x)
        return (x @ (W.T @ W) @ x).item()

    def backward(self, df):
        M, D = self.W.shape
        dW, dx = np.zeros((M, D)), np.zeros(D)
        for i in range(M):
            q = sum(self.W[i, k] * self.x[k] for k in range(D))
            for j in range(D):
                dW[i, j] = 2 * q * self.x[j] * df
                dx[j] += 2 * q * self.W[i, j] * df
        return {"dx": dx, "dW": dW}


def linear_forward(x, W):
    return np.einsum("md,dn->mn", W, x), lambda ds: (np.einsum("md,mn->dn", W, ds),
                                                     np.einsum("mn,dn->md", ds, x))


def linear_backward(ds, cache):
    return cache(ds)  # the cache is a closure


def affine_forward(x, w, b):
    # homogeneous coordinates: the bias is one more row of the weights
    x1 = np.hstack([x, np.ones((len(x), 1))])
    w1 = np.vstack([w, b])
    return x1 @ w1, {"x1": x1, "w1": w1}


def affine_backward(dout, cache):
    dx1 = dout @ cache["w1"].T
    dw1 = cache["x1"].T @ dout
    return [dx1[:, :-1], dw1[:-1], dw1[-1]]


class Affine:
    def forward(self, x, w, b):
        self.x = np.float32(x)
        self.w = np.float32(w)
        return np.float32(self.x @ self.w + np.float32(b))

    def backward(self, dout):
        up = dout.astype("f4")
        db = np.ones(len(up), "f4") @ up
        return np.tensordot(up, self.w, ([1], [1])), np.tensordot(self.x, up, ([0], [0])), db


def relu_forward(x):
    return (np.abs(x) + x) / 2, np.sign(x)


def relu_backward(dout, cache):
    return np.where(cache == 1, dout, 0 * dout)
