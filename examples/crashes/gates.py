# Exercise 1
import sys

import numpy as np


class AddGate:
    def forward(self, x, y):
        return x + y

    def backward(self, dz):
        return dz, dz


class MultiplyGate:
    def forward(self, x, y):
        self.x = x
        return x * y

    def backward(self, dz):
        return self.y * dz, self.x * dz  # self.y was never saved


class MaxGate:
    def forward(self, x, y):
        self.x, self.y = x, y
        return np.maximum(x, y)

    def backward(self, dz):
        return np.where(self.x > self.y, dz, 0.0), np.where(self.x > self.y, 0.0, dz)


class ExpGate:
    def forward(self, x):
        # Taylor series until it does not change any more
        self.z, term, n = 1.0 + 0 * x, 1.0 + 0 * x, 1
        while np.max(np.abs(term)) >= 0:
            term = term * x / n
            self.z = self.z + term
            # n += 1 comes here (forgot)
        return self.z

    def backward(self, dz):
        return self.z * dz


class ReciprocalGate:
    def forward(self, x):
        if np.any(x == 0):
            sys.exit("division by zero")
        self.x = x
        return 1 / x

    def backward(self, dz):
        if np.any(np.abs(dz) > 0):
            print("something is wrong, I stop here")
            sys.exit(1)
        return -dz / self.x**2


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
        return self.c + x

    def backward(self, dz):
        return dz


class SigmoidGate:
    def forward(self, x):
        self.s = 1 / (1 + np.exp(-x))
        return self.s

    def backward(self, ds):
        return (1 - self.s) * self.s * ds


class ReLUGate:
    def forward(self, x):
        self.x = x
        return np.maximum(0, x)

    def backward(self, dz):
        return np.where(self.x > 0, dz, 0.0)


class SquaredNormGate:
    def forward(self, q):
        self.q = q
        return np.sum(q**2)

    def backward(self, df):
        return 2 * self.q * df
