"""Gates that return lists of numbers for arrays, and Python numbers for numbers."""

import numpy as np


def plain(value):
    return np.asarray(value).tolist()


class AddGate:
    def forward(self, x, y):
        return plain(x + y)

    def backward(self, dz):
        return plain(dz), plain(dz)


class MultiplyGate:
    def forward(self, x, y):
        self.x, self.y = x, y
        return plain(x * y)

    def backward(self, dz):
        return [plain(self.y * dz), plain(self.x * dz)]


class MaxGate:
    def forward(self, x, y):
        self.x, self.y = x, y
        return plain(np.maximum(x, y))

    def backward(self, dz):
        return plain(np.where(self.x >= self.y, dz, 0)), plain(np.where(self.x < self.y, dz, 0))


class ExpGate:
    def forward(self, x):
        self.z = np.exp(x)
        return plain(self.z)

    def backward(self, dz):
        return plain(self.z * dz)


class ReciprocalGate:
    def forward(self, x):
        self.x = x
        return plain(1 / x)

    def backward(self, dz):
        return plain(-dz / (self.x * self.x))


class ScaleGate:
    def __init__(self, a):
        self.a = a

    def forward(self, x):
        return plain(x * self.a)

    def backward(self, dz):
        return plain(dz * self.a)


class ShiftGate:
    def __init__(self, c):
        self.c = c

    def forward(self, x):
        return plain(x + self.c)

    def backward(self, dz):
        return plain(dz)


class SigmoidGate:
    def forward(self, x):
        self.s = 1 / (1 + np.exp(-x))
        return plain(self.s)

    def backward(self, ds):
        return plain(self.s * (1 - self.s) * ds)


class ReLUGate:
    def forward(self, x):
        self.x = x
        return plain(np.where(x > 0, x, 0))

    def backward(self, dz):
        return plain(np.where(self.x > 0, dz, 0))


class SquaredNormGate:
    def forward(self, q):
        self.q = q
        return sum(v * v for v in q.tolist())

    def backward(self, df):
        return [2 * v * df for v in self.q]
