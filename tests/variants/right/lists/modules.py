"""Modules whose results are lists of numbers."""

import numpy as np


class MulConstant:
    def __init__(self, a, in_place):
        if isinstance(a, (np.ndarray, list, tuple)):
            raise TypeError("a is no number")
        if not (in_place is True or in_place is False):
            raise TypeError("in_place is no flag")
        if in_place and abs(a) == 0.0:
            raise ValueError("a is 0")
        self.a, self.in_place = a, in_place

    def updateOutput(self, x):
        if not self.in_place:
            return (x * self.a).tolist()
        for row in x:
            row *= self.a
        return x

    def updateGradInput(self, x, dout):
        if not self.in_place:
            return [[v * self.a for v in row] for row in dout.tolist()]
        for row, drow in zip(x, dout):
            row /= self.a
            drow *= self.a
        return [dout][0]


class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias

    def updateOutput(self, x):
        return (x @ self.weight.T + self.bias).tolist()

    def updateGradInput(self, x, dout):
        return (dout @ self.weight).tolist()

    def accGradParameters(self, x, dout):
        self.gradWeight = np.add(self.gradWeight, dout.T @ x).tolist()
        self.gradBias = [old + new for old, new in zip(self.gradBias, dout.sum(0))]

    def zeroGradParameters(self):
        self.gradWeight = [[0.0] * self.weight.shape[1] for _ in self.weight]
        self.gradBias = [0.0] * len(self.bias)


class Affine:
    def __init__(self, W, b):
        self.W, self.b = np.array(W), np.array(b)

    def forward(self, x):
        self.x = x
        return (x @ self.W + self.b).tolist()

    def backward(self, dout):
        self.dW = (self.x.T @ dout).tolist()
        self.db = list(dout.sum(axis=0))
        return [(dout @ self.W.T).tolist()]


class ScaleShift:
    def forward(self, x):
        self.x = x.tolist()
        return (x * self.BW + self.Bb).tolist()

    def backward(self, dout):
        columns = list(zip(*dout.tolist()))
        self.dLdBb = [[sum(column) for column in columns]]
        self.dLdBW = [[sum(a * b for a, b in zip(column, xs))
                       for column, xs in zip(columns, zip(*self.x))]]
        return [[d * w for d, w in zip(row, self.BW[0])] for row in dout]


class Fruit:
    def forward(self, apple, n_apple, orange, n_orange, tax):
        self.prices = [apple, orange]
        self.counts = [n_apple, n_orange]
        self.tax = tax
        return [sum(p * n for p, n in zip(self.prices, self.counts)) * tax]

    def backward(self, dprice):
        out = []
        for p, n in zip(self.prices, self.counts):
            out += [n * self.tax * dprice, p * self.tax * dprice]
        return out + [sum(p * n for p, n in zip(self.prices, self.counts)) * dprice]
