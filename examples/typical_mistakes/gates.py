# Exercise 1, gates
import numpy as np

class AddGate:
    def forward(self, x, y):
        return x + y

    def backward(self, dz):
        return dz, dz

class MultiplyGate:
    def forward(self, x, y):
        self.x = x
        self.y = y
        return x * y

    def backward(self, dz):
        dx = self.x * dz
        dy = self.y * dz
        return dx, dy

class MaxGate:
    def forward(self, x, y):
        self.x = x
        self.y = y
        return np.maximum(x, y)

    def backward(self, dz):
        # gradient goes to the bigger one
        dx = dz * (self.x > self.y)
        dy = dz * (self.y > self.x)
        return dx, dy

class ExpGate:
    def forward(self, x):
        self.x = x
        return np.exp(x)

    def backward(self, dz):
        # derivative of e^x is e^x :)
        return np.exp(self.x)

class ReciprocalGate:
    def forward(self, x):
        self.x = x
        return 1.0 / x

    def backward(self, dz):
        return 1.0 / self.x**2 * dz

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
        # c + x, so the gradient is c
        return self.c * dz

saved = {}   # for backward

class SigmoidGate:
    def forward(self, x):
        saved['s'] = 1.0 / (1.0 + np.exp(-x))
        return saved['s']

    def backward(self, ds):
        s = saved['s']
        return ds * (1 - s) * s

class ReLUGate:
    def forward(self, x):
        self.x = x
        return np.maximum(0, x)

    def backward(self, dz):
        return np.maximum(0, dz)

class SquaredNormGate:
    def forward(self, q):
        self.q = q
        return np.sum(q * q)

    def backward(self, df):
        return self.q * df
