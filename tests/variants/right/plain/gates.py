import numpy as np


class AddGate:
    def forward(self, x, y):
        z = x + y
        return z

    def backward(self, dz):
        dx = dz
        dy = dz
        return dx, dy


class MultiplyGate:
    def forward(self, x, y):
        z = x * y
        self.x = x
        self.y = y
        return z

    def backward(self, dz):
        dx = self.y * dz
        dy = self.x * dz
        return dx, dy


class MaxGate:
    def forward(self, x, y):
        z = np.maximum(x, y)
        self.x = x
        self.y = y
        return z

    def backward(self, dz):
        x, y = self.x, self.y
        dx = (x > y) * dz
        dy = (x <= y) * dz
        return dx, dy


class ExpGate:
    def forward(self, x):
        self.x = x
        self.z = np.exp(x)
        return self.z

    def backward(self, dz):
        dx = self.z * dz
        return dx


class ReciprocalGate:
    def forward(self, x):
        self.x = x
        self.z = 1 / x
        return self.z

    def backward(self, dz):
        dx = -1 / self.x**2 * dz
        return dx


class ScaleGate:
    def __init__(self, a):
        self.a = a

    def forward(self, x):
        z = self.a * x
        self.x = x
        return z

    def backward(self, dz):
        dx = self.a * dz
        return dx


class ShiftGate:
    def __init__(self, c):
        self.c = c

    def forward(self, x):
        z = self.c + x
        self.x = x
        return z

    def backward(self, dz):
        dx = dz
        return dx


class SigmoidGate:
    def forward(self, x):
        s = 1 / (1 + np.exp(-x))
        self.x = x
        self.s = s
        return s

    def backward(self, ds):
        s = self.s
        dx = (1 - s) * s * ds
        return dx


class ReLUGate:
    def forward(self, x):
        self.x = x
        z = np.maximum(0, x)
        return z

    def backward(self, dz):
        x = self.x
        dx = dz * (x > 0)
        return dx


class SquaredNormGate:
    def forward(self, q):
        self.q = q
        f = np.sum(q**2)
        return f

    def backward(self, df):
        dq = 2 * self.q * df
        return dq
