"""Modules by einsum and by functions that write into an `out`."""

import numpy as np


class MulConstant:
    def __init__(self, a, in_place):
        if np.ndim(a) or isinstance(a, str):
            raise TypeError(f"{a!r} is no number")
        if in_place not in (True, False) or not isinstance(in_place, (bool, np.bool_)):
            raise TypeError(f"{in_place!r} is no flag")
        if in_place and np.isclose(a, 0, atol=0):
            raise ValueError(f"{a!r} cannot be undone")
        self.factor = a
        self.keeps = in_place

    def updateOutput(self, x):
        return np.multiply(x, self.factor, out=x if self.keeps else None)

    def updateGradInput(self, x, dout):
        if self.keeps:
            np.divide(x, self.factor, out=x)
        return np.multiply(dout, self.factor, out=dout if self.keeps else None)


class Linear:
    def __init__(self, weight, bias):
        self.bias = bias
        self.weight = weight

    def updateOutput(self, x):
        self.out = np.einsum("nd,md->nm", x, self.weight)
        self.out += self.bias
        return self.out

    def updateGradInput(self, x, dout):
        self.gradInput = np.einsum("nm,md->nd", dout, self.weight)
        return self.gradInput

    def accGradParameters(self, x, dout, scale=1):
        self.gradWeight = self.gradWeight + scale * np.einsum("nm,nd->md", dout, x)
        self.gradBias = self.gradBias + scale * np.einsum("nm->m", dout)

    def zeroGradParameters(self):
        # broadcast to the right shape when something is added
        self.gradWeight, self.gradBias = 0.0, 0.0


class Affine:
    def __init__(self, W, b):
        # the bias as one more row
        self.rows = np.vstack([W, b])

    def forward(self, x):
        self.ones = np.column_stack([x, np.ones(len(x))])
        return np.einsum("nd,dm->nm", self.ones, self.rows)

    def backward(self, dout):
        both = np.einsum("nd,nm->dm", self.ones, dout)
        self.dW, self.db = both[:-1], both[-1]
        return np.einsum("nm,dm->nd", dout, self.rows[:-1])


class ScaleShift:
    def forward(self, x):
        self.x = x
        return np.einsum("nd,kd->nd", x, self.BW) + self.Bb

    def backward(self, dout):
        self.dLdBW = np.einsum("nd,nd->d", dout, self.x)[None]
        self.dLdBb = np.einsum("nd->d", dout)[np.newaxis, :]
        return np.einsum("nd,kd->nd", dout, self.BW)


class Fruit:
    def forward(self, apple, n_apple, orange, n_orange, tax):
        self.each, self.count = np.array([apple, orange]), np.array([n_apple, n_orange])
        self.tax = tax
        return tax * np.einsum("k,k->", self.each, self.count)

    def backward(self, dprice):
        deach, dcount = self.count * self.tax * dprice, self.each * self.tax * dprice
        return deach[0], dcount[0], deach[1], dcount[1], self.each @ self.count * dprice
