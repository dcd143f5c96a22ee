# Exercise 1 - gates
# Every gate saves what it needs in forward() and uses it in backward().

import numpy as np


class AddGate:
    def forward(self, x, y):
        return x + y

    def backward(self, dz):
        # d(x+y)/dx = 1, d(x+y)/dy = 1
        return dz * 1.0, dz * 1.0


class MultiplyGate:
    def forward(self, x, y):
        self.saved = (x, y)
        return x * y

    def backward(self, dz):
        x, y = self.saved
        return dz * y, dz * x  # "switched"!


class MaxGate:
    def forward(self, x, y):
        self.x_wins = x >= y
        return np.where(self.x_wins, x, y)

    def backward(self, dz):
        dx = np.where(self.x_wins, dz, 0.0)
        dy = np.where(self.x_wins, 0.0, dz)
        return dx, dy


class ExpGate:
    def forward(self, x):
        self.out = np.exp(x)
        return self.out

    def backward(self, dz):
        return dz * self.out


class ReciprocalGate:
    def forward(self, x):
        self.out = 1 / x
        return self.out

    def backward(self, dz):
        # -1/x^2 = -(1/x)^2
        return -dz * self.out ** 2


class ScaleGate:
    def __init__(self, a):
        self.a = a

    def forward(self, x):
        return self.a * x

    def backward(self, dz):
        return self.a * dz


class ShiftGate:
    def __init__(self, c):
        self.c = c

    def forward(self, x):
        return x + self.c

    def backward(self, dz):
        return dz


class SigmoidGate:
    def forward(self, x):
        self.s = 1 / (1 + np.exp(-x))
        return self.s

    def backward(self, ds):
        return ds * self.s * (1 - self.s)


class ReLUGate:
    def forward(self, x):
        self.mask = np.asarray(x) > 0
        return x * self.mask

    def backward(self, dz):
        return dz * self.mask


class SquaredNormGate:
    def forward(self, q):
        self.q = q
        return np.dot(q, q)

    def backward(self, df):
        return df * 2 * self.q
