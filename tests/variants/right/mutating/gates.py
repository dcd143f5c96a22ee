"""Gates that write into what they are given, consume their caches and return aliases."""

import numpy as np


class AddGate:
    def forward(self, x, y):
        x += y
        return x

    def backward(self, dz):
        return dz, dz  # one object, twice


class MultiplyGate:
    def forward(self, x, y):
        self.stack = [x, y]
        return x * y

    def backward(self, dz):
        y = self.stack.pop()
        x = self.stack.pop()
        y *= dz
        x *= dz
        return y, x


class MaxGate:
    def forward(self, x, y):
        self.cache = [(x, y)]
        return np.maximum(x, y)

    def backward(self, dz):
        x, y = self.cache.pop()
        dz = np.asarray(dz)
        dx = dz.copy()
        dx[x <= y] = 0
        dz[x > y] = 0
        return dx, dz


class ExpGate:
    def forward(self, x):
        self.z = np.exp(x, out=x if np.ndim(x) else None)
        return self.z

    def backward(self, dz):
        self.z *= dz
        return self.z


class ReciprocalGate:
    def forward(self, x):
        x **= -1
        self.z = x
        return x

    def backward(self, dz):
        dz *= self.z
        dz *= -self.z
        return dz


class ScaleGate:
    def __init__(self, a):
        self.a = a

    def forward(self, x):
        x *= self.a
        return x

    def backward(self, dz):
        dz *= self.a
        return dz


class ShiftGate:
    def __init__(self, c):
        self.c = c

    def forward(self, x):
        x += self.c
        return x

    def backward(self, dz):
        return dz


class SigmoidGate:
    def forward(self, x):
        x = np.negative(x)
        self.s = 1 / (1 + np.exp(x))
        return self.s

    def backward(self, ds):
        s = self.s
        del self.s
        ds *= s
        s -= 1
        ds *= -s
        return ds


class ReLUGate:
    def forward(self, x):
        self.off = x <= 0
        if np.ndim(x) == 0:
            return 0.0 if self.off else x
        x[self.off] = 0
        return x

    def backward(self, dz):
        if np.ndim(dz) == 0:
            return 0.0 if self.off else dz
        dz[self.off] = 0
        return dz


class SquaredNormGate:
    def forward(self, q):
        self.dq = np.zeros_like(q)
        self.q = q.copy()
        q *= q
        return q.sum()

    def backward(self, df):
        self.dq += 2 * self.q * df  # accumulates, from 0 at each forward
        return self.dq
