"""Modules out of closures and by other algebra."""

import numpy as np


def MulConstant(a, in_place):
    # a function that makes a module will do where a class is asked for
    if not isinstance(a, (float, int)):
        raise TypeError
    if {in_place} - {True, False} or not isinstance(in_place, bool):
        raise TypeError
    if in_place and a == 0:
        raise ValueError

    class Module:
        def updateOutput(self, x):
            if in_place:
                np.copyto(x, np.exp(np.log(abs(a))) * np.sign(a) * x)
                return x[...]
            return x / (1 / a) if a else np.zeros(x.shape)

        def updateGradInput(self, x, dout):
            if in_place:
                x *= 1 / a
                dout[:] *= a
                return dout.reshape(dout.shape)
            return np.tensordot(dout, np.array([a]), axes=0)[..., 0]

    return Module()


class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias
        self.calls = []

    def updateOutput(self, x):
        return np.stack([self.weight.dot(row) + self.bias for row in x])

    def updateGradInput(self, x, dout):
        return np.linalg.multi_dot([dout, self.weight, np.eye(x.shape[1])])

    def accGradParameters(self, x, dout):
        self.calls.append((np.asfortranarray(dout.T @ x), dout.mean(axis=0) * len(dout)))
        self.gradWeight = np.sum([w for w, _ in self.calls], axis=0)
        self.gradBias = np.sum([b for _, b in self.calls], axis=0)

    def zeroGradParameters(self):
        self.calls = []


class Affine:
    def __init__(self, W, b):
        self.f = lambda x: np.transpose(np.transpose(x @ W).T + b).T
        self.g = lambda dout: np.transpose(np.matmul(W, dout.T))

    def forward(self, x):
        def back(dout):
            self.__dict__.update(dW=sum(map(np.outer, x, dout)), db=np.ones(len(x)) @ dout)
            return self.g(dout)

        self.backward = back
        return self.f(x)


class ScaleShift:
    def __init__(self, BW=None, Bb=None):
        pass

    def forward(self, x):
        self.out = x * self.BW + self.Bb
        return self.out

    def backward(self, dout):
        x = (self.out - self.Bb) / self.BW  # from the output back
        self.dLdBW, self.dLdBb = np.vstack([(dout * x).sum(0), dout.sum(0)])[:, None, :]
        return dout @ np.diag(self.BW[0])


class Fruit:
    def forward(self, apple, n_apple, orange, n_orange, tax):
        self.v = np.array([apple, n_apple, orange, n_orange])
        self.tax = tax
        return tax * (self.v[:2].prod() + self.v[2:].prod())

    def backward(self, dprice):
        d = dprice * self.tax * self.v[[1, 0, 3, 2]]
        return (*d, dprice * (self.v[0] * self.v[1] + self.v[2] * self.v[3]))
