"""Gates with explicit loops and the math module; numbers stay Python numbers."""

import math

import numpy as np


def each(function, *values):
    # one number after the other
    if np.ndim(values[0]) == 0:
        return function(*values)
    flat = [np.ravel(v).tolist() for v in values]
    out = [function(*numbers) for numbers in zip(*flat)]
    return np.array(out).reshape(values[0].shape)


class AddGate:
    def forward(self, x, y):
        if isinstance(x, float):
            return x + y
        z = np.empty(x.shape)
        for i, v in np.ndenumerate(x):
            z[i] = v + y[i]
        return z

    def backward(self, dz):
        return each(lambda d: 1.0 * d, dz), each(lambda d: 1.0 * d, dz)


class MultiplyGate:
    def forward(self, x, y):
        self.x, self.y = x, y
        return each(lambda a, b: a * b, x, y)

    def backward(self, dz):
        dx = each(lambda d, b: d * b, dz, self.y)
        dy = each(lambda d, a: d * a, dz, self.x)
        return dx, dy


class MaxGate:
    def forward(self, x, y):
        self.saved = [x, y]
        return each(max, x, y)

    def backward(self, dz):
        x, y = self.saved
        # the first one wins a tie
        dx = each(lambda a, b, d: d if a >= b else 0, x, y, dz)
        dy = each(lambda a, b, d: 0 if a >= b else d, x, y, dz)
        return dx, dy


class ExpGate:
    def forward(self, x):
        self.x = x
        return each(math.exp, x)

    def backward(self, dz):
        return each(lambda v, d: math.exp(v) * d, self.x, dz)


class ReciprocalGate:
    def forward(self, x):
        self.x = x
        return each(lambda v: 1 / v, x)

    def backward(self, dz):
        return each(lambda v, d: -d / v**2, self.x, dz)


class ScaleGate:
    def __init__(self, a):
        self.a = a

    def forward(self, x):
        return each(lambda v: v * self.a, x)

    def backward(self, dz):
        return each(lambda d: d * self.a, dz)


class ShiftGate:
    def __init__(self, c):
        self.c = c

    def forward(self, x):
        return each(lambda v: v + self.c, x)

    def backward(self, dz):
        return each(float, dz)


class SigmoidGate:
    def one(self, v):
        # the stable form of both signs
        if v >= 0:
            return 1 / (1 + math.exp(-v))
        e = math.exp(v)
        return e / (1 + e)

    def forward(self, x):
        self.x = x
        return each(self.one, x)

    def backward(self, ds):
        # the chain of the four gates
        def chain(v, d):
            expneg = math.exp(-v)
            den = 1 + expneg
            dden = -1 / den**2 * d
            dneg = expneg * dden
            return -dneg

        return each(chain, self.x, ds)


class ReLUGate:
    def forward(self, x):
        self.x = x
        return each(lambda v: v if v > 0 else 0.0, x)

    def backward(self, dz):
        return each(lambda v, d: d if v >= 0 else 0.0, self.x, dz)


class SquaredNormGate:
    def forward(self, q):
        self.q = q
        total = 0
        for v in q:
            total += v * v
        return total

    def backward(self, df):
        dq = np.zeros(len(self.q))
        for i in range(len(self.q)):
            dq[i] = df * 2 * self.q[i]
        return dq
