"""Modules with explicit loops over examples and entries."""

import numbers

import numpy as np


class MulConstant:
    def __init__(self, a, in_place):
        if not isinstance(a, numbers.Number):
            raise TypeError
        if type(in_place) != bool:
            raise TypeError
        if in_place == True and not a:
            raise ValueError
        self.a, self.in_place = a, in_place

    def updateOutput(self, x):
        out = x if self.in_place else np.empty(x.shape)
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                out[i, j] = x[i, j] * self.a
        return out

    def updateGradInput(self, x, dout):
        dx = dout if self.in_place else np.empty(dout.shape)
        for i in range(dout.shape[0]):
            for j in range(dout.shape[1]):
                dx[i, j] = dout[i, j] * self.a
                if self.in_place:
                    x[i, j] = x[i, j] / self.a
        return dx


class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias

    def updateOutput(self, x):
        out = np.zeros((len(x), len(self.bias)))
        for i, row in enumerate(x):
            for j in range(len(self.bias)):
                out[i, j] = np.dot(row, self.weight[j]) + self.bias[j]
        return out

    def updateGradInput(self, x, dout):
        dx = np.zeros_like(x)
        for i in range(len(x)):
            for j in range(dout.shape[1]):
                dx[i] += dout[i, j] * self.weight[j]
        return dx

    def accGradParameters(self, x, dout):
        for i in range(len(x)):
            for j in range(dout.shape[1]):
                self.gradWeight[j] += dout[i, j] * x[i]
                self.gradBias[j] += dout[i, j]

    def zeroGradParameters(self):
        self.gradWeight = np.zeros(self.weight.shape)
        self.gradBias = np.zeros(len(self.bias))


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.array([[sum(x[i] * self.W[:, j]) + self.b[j] for j in range(len(self.b))]
                         for i in range(len(x))])

    def backward(self, dout):
        N, D, M = len(self.x), len(self.W), len(self.b)
        dx, dW, db = np.zeros((N, D)), np.zeros((D, M)), np.zeros(M)
        for i in range(N):
            for k in range(M):
                db[k] += dout[i, k]
                for j in range(D):
                    dx[i, j] += dout[i, k] * self.W[j, k]
                    dW[j, k] += dout[i, k] * self.x[i, j]
        self.dW, self.db = dW, db
        return dx


class ScaleShift:
    BW = Bb = None

    def forward(self, x):
        self.x = x
        out = np.empty(x.shape)
        for j in range(x.shape[1]):
            out[:, j] = self.BW[0, j] * x[:, j] + self.Bb[0, j]
        return out

    def backward(self, dout):
        dx = np.empty(dout.shape)
        self.dLdBW, self.dLdBb = np.zeros(self.BW.shape), np.zeros(self.Bb.shape)
        for i in range(len(dout)):
            for j in range(dout.shape[1]):
                dx[i, j] = self.BW[0, j] * dout[i, j]
                self.dLdBW[0, j] += self.x[i, j] * dout[i, j]
                self.dLdBb[0, j] += dout[i, j]
        return dx


class Fruit:
    def forward(self, *five):
        self.five = five
        price = 0
        for k in (0, 2):
            price += five[k] * five[k + 1]
        return price * five[4]

    def backward(self, dprice):
        out = []
        tax = self.five[4]
        for k in range(4):
            out.append(self.five[k ^ 1] * tax * dprice)
        out.append((self.five[0] * self.five[1] + self.five[2] * self.five[3]) * dprice)
        return out
