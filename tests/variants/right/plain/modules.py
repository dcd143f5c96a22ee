"""Modules as a student writes them after the lecture."""

import numpy as np


class MulConstant:
    def __init__(self, a, in_place):
        if not isinstance(a, (int, float)):
            raise TypeError("a must be a number")
        if in_place is not True and in_place is not False:
            raise TypeError("in_place must be True or False")
        if a == 0 and in_place:
            raise ValueError("a must not be 0")
        self.a = a
        self.in_place = in_place

    def updateOutput(self, x):
        if self.in_place:
            x *= self.a
            return x
        return self.a * x

    def updateGradInput(self, x, dout):
        if self.in_place:
            dout *= self.a
            x /= self.a
            return dout
        return self.a * dout


class Linear:
    def __init__(self, weight, bias):
        self.weight = weight
        self.bias = bias
        self.gradWeight = np.zeros(weight.shape)
        self.gradBias = np.zeros(bias.shape)

    def updateOutput(self, x):
        return x.dot(self.weight.T) + self.bias

    def updateGradInput(self, x, dout):
        dx = dout.dot(self.weight)
        return dx

    def accGradParameters(self, x, dout):
        self.gradWeight += dout.T.dot(x)
        self.gradBias += dout.sum(axis=0)

    def zeroGradParameters(self):
        self.gradWeight[...] = 0
        self.gradBias[...] = 0


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        out = x.dot(self.W) + self.b
        return out

    def backward(self, dout):
        dx = dout.dot(self.W.T)
        self.dW = self.x.T.dot(dout)
        self.db = dout.sum(axis=0)
        return dx


class ScaleShift:
    def forward(self, x):
        self.x = x
        return self.BW * x + self.Bb

    def backward(self, dout):
        self.dLdBW = np.sum(dout * self.x, axis=0, keepdims=True)
        self.dLdBb = np.sum(dout, axis=0, keepdims=True)
        dx = dout * self.BW
        return dx


class Fruit:
    def forward(self, apple, n_apple, orange, n_orange, tax):
        self.kept = apple, n_apple, orange, n_orange, tax
        self.total = apple * n_apple + orange * n_orange
        return self.total * tax

    def backward(self, dprice):
        apple, n_apple, orange, n_orange, tax = self.kept
        dtotal = tax * dprice
        dapple = n_apple * dtotal
        dn_apple = apple * dtotal
        dorange = n_orange * dtotal
        dn_orange = orange * dtotal
        dtax = self.total * dprice
        return dapple, dn_apple, dorange, dn_orange, dtax
