"""Modules: one that is undone by a copy, gradients that are worked out when asked for, slots."""

import numpy as np


class MulConstant:
    __slots__ = ("_scale", "_target", "_before")

    def __init__(self, a, in_place):
        if np.shape(a) != ():
            raise TypeError("one number, please")
        if type(in_place) is not bool:
            raise TypeError("True or False, please")
        if in_place and not a:
            raise ValueError("nothing can be divided by 0")
        self._scale = a
        self._target = (lambda array: array) if in_place else np.empty_like

    def updateOutput(self, x):
        self._before = x.copy()
        return np.multiply(x, self._scale, out=self._target(x))

    def updateGradInput(self, x, dout):
        x[:] = self._before  # no rounding at all
        return np.multiply(dout, self._scale, out=self._target(dout))


class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias
        self.seen = []

    def updateOutput(self, x):
        return np.add(np.inner(x, self.weight), self.bias)

    def updateGradInput(self, x, dout):
        return np.einsum("nm,md->nd", dout, self.weight)

    def accGradParameters(self, x, dout):
        self.seen.append(np.einsum("nm,nd->md", dout, np.insert(x, 0, 1.0, axis=1)))

    def zeroGradParameters(self):
        del self.seen[:]

    @property
    def gradWeight(self):
        return sum(self.seen, np.zeros((len(self.bias), 1 + self.weight.shape[1])))[:, 1:]

    @property
    def gradBias(self):
        return [row[:, 0] for row in self.seen] and np.sum([g[:, 0] for g in self.seen], axis=0)


class Affine:
    def __init__(self, W, b):
        self.W = np.float32(W)
        self.b = np.float32(b)

    def forward(self, x):
        self.steps = [(self.W, x)]
        return x @ self.W + self.b

    def backward(self, dout):
        ((W, x),) = self.steps
        self.dW = np.array([[np.dot(x[:, i], dout[:, j]) for j in range(W.shape[1])]
                            for i in range(W.shape[0])])
        self.db = [sum(column) for column in dout.T]
        return (dout @ W.T,)


class ScaleShift:
    def forward(self, x):
        self.jacobian = lambda dout: (np.multiply(dout, self.BW), dout * x, dout)
        return self.BW * x + self.Bb

    def backward(self, dout):
        dx, *rows = self.jacobian(dout)
        self.dLdBW, self.dLdBb = (np.ones((1, len(dout))) @ row for row in rows)
        return {"dx": dx}


class Fruit:
    def forward(self, *five):
        # dual numbers would do as well: the price is linear in each of the five
        price = lambda a, n, o, m, t: (a * n + o * m) * t  # noqa: E731
        self.slopes = [
            price(*five[:k], five[k] + 1.0, *five[k + 1 :]) - price(*five) for k in range(5)
        ]
        return price(*five)

    def backward(self, dprice):
        return [slope * dprice for slope in self.slopes]
