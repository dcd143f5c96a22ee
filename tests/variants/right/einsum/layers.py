"""Layers with einsum, Fortran order and views; at ties the upstream is halved."""

import numpy as np


class MatrixVectorNorm:
    def forward(self, W, x):
        self.W, self.x = W, x
        return np.einsum("ij,j,ik,k->", W, x, W, x)

    def backward(self, df):
        # f = x^T (W^T W) x
        dx = df * 2 * (self.W.T @ self.W) @ self.x
        dW = df * 2 * self.W @ np.einsum("i,j->ij", self.x, self.x)
        return np.asfortranarray(dW), dx


def linear_forward(x, W):
    return np.einsum("md,dn->mn", W, x), lambda ds: (
        np.einsum("md,mn->dn", W, ds),
        np.einsum("mn,dn->md", ds, x),
    )


def linear_backward(ds, cache):
    return cache(ds)


def affine_forward(x, w, b):
    ones = np.ones((x.shape[0], 1))
    extended = np.hstack([x, ones])  # the bias as one more row of weights
    return np.asfortranarray(extended @ np.vstack([w, b])), (extended, w)


def affine_backward(dout, cache):
    extended, w = cache
    both = np.einsum("nd,nm->dm", extended, dout)
    return np.einsum("nm,dm->nd", dout, w), both[:-1], both[-1]


class Affine:
    def forward(self, x, w, b):
        self.x, self.w = x, w
        return np.add(np.tensordot(x, w, axes=(1, 0)), b[np.newaxis, :])

    def backward(self, dout):
        dx = (self.w @ dout.T).T
        dw = (dout.T @ self.x).T
        db = np.ones(len(dout)) @ dout
        return dx, dw, db


def relu_forward(x):
    return np.where(x < 0, 0.0, x), np.sign(x)


def relu_backward(dout, cache):
    dx = np.empty(dout.shape, order="F")
    dx[:] = (cache + 1) / 2 * dout
    return dx
