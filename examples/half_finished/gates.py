"""Gates. Fill in the methods marked TODO."""

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
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return self.y * dz, self.x * dz


class MaxGate:
    def forward(self, x, y):
        self.x, self.y = x, y
        return np.maximum(x, y)

    def backward(self, dz):
        # TODO: your code here
        raise NotImplementedError


class ExpGate:
    def forward(self, x):
        self.z = np.exp(x)
        return self.z

    def backward(self, dz):
        dx = None
        # TODO: your code here
        return dx


class ReciprocalGate:
    def forward(self, x):
        # TODO: your code here
        pass

    def backward(self, dz):
        # TODO: your code here
        pass


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
        raise NotImplementedError("TODO")

    def backward(self, ds):
        raise NotImplementedError("TODO")


class ReLUGate:
    def forward(self, x):
        """z = max(0, x)"""

    def backward(self, dz):
        """dx"""


class SquaredNormGate:
    # not started, first finish the others
    def forward(self, q):
        f = None
        return f

    def backward(self, df):
        dq = None
        return dq
