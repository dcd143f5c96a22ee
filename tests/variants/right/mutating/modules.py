"""Modules that write into what they are given, where that is only worth a note."""

import numpy as np


class MulConstant:
    def __init__(self, a, in_place):
        if type(a) not in (int, float):
            raise TypeError
        if type(in_place) is not bool:
            raise TypeError
        if in_place and a == 0:
            raise ValueError
        self.a, self.in_place = a, in_place

    def updateOutput(self, x):
        out = x if self.in_place else x.copy()
        out *= self.a
        return out

    def updateGradInput(self, x, dout):
        dx = dout if self.in_place else dout.copy()
        dx *= self.a
        if self.in_place:
            x /= self.a
        return dx


class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias
        self.gradWeight, self.gradBias = 0 * weight, 0 * bias

    def updateOutput(self, x):
        return x @ self.weight.T + self.bias

    def updateGradInput(self, x, dout):
        return dout @ self.weight

    def accGradParameters(self, x, dout):
        self.gradWeight += dout.T @ x
        dout[0] += dout[1:].sum(axis=0)
        self.gradBias += dout[0]

    def zeroGradParameters(self):
        self.gradWeight *= 0
        self.gradBias *= 0


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        dx = dout @ self.W.T
        self.db = np.add.accumulate(dout, axis=0, out=dout)[-1]
        return dx


class ScaleShift:
    def forward(self, x):
        self.x = x.copy()
        x *= self.BW
        x += self.Bb
        return x

    def backward(self, dout):
        self.dLdBW = (dout * self.x).sum(axis=0, keepdims=True)
        self.dLdBb = dout.sum(axis=0, keepdims=True)
        dout *= self.BW
        return dout


class Fruit:
    def forward(self, *five):
        self.five = list(five)
        return (five[0] * five[1] + five[2] * five[3]) * five[4]

    def backward(self, dprice):
        a, n, o, m, tax = self.five
        return tuple(dprice * v for v in (n * tax, a * tax, m * tax, o * tax, a * n + o * m))
