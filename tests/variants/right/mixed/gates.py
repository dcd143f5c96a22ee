"""Gates that compute in single precision and return double precision."""

import numpy as np


def single(*values):
    return [np.asarray(v, dtype=np.float32) for v in values]


def double(value):
    return np.float64(value) if np.ndim(value) else float(value)


class AddGate:
    def forward(self, x, y):
        x, y = single(x, y)
        return double(x + y)

    def backward(self, dz):
        (dz,) = single(dz)
        return double(dz), double(dz)


class MultiplyGate:
    def forward(self, x, y):
        self.x, self.y = single(x, y)
        return double(self.x * self.y)

    def backward(self, dz):
        (dz,) = single(dz)
        return double(self.y * dz), double(self.x * dz)


class MaxGate:
    def forward(self, x, y):
        x, y = single(x, y)
        self.mask = x > y
        return double(np.where(self.mask, x, y))

    def backward(self, dz):
        (dz,) = single(dz)
        return double(dz * self.mask), double(dz * ~self.mask)


class ExpGate:
    def forward(self, x):
        self.z = np.exp(single(x)[0])
        return double(self.z)

    def backward(self, dz):
        return double(self.z * single(dz)[0])


class ReciprocalGate:
    def forward(self, x):
        self.z = 1 / single(x)[0]
        return double(self.z)

    def backward(self, dz):
        return double(-(self.z**2) * single(dz)[0])


class ScaleGate:
    def __init__(self, a):
        self.a = np.float32(a)

    def forward(self, x):
        return double(self.a * single(x)[0])

    def backward(self, dz):
        return double(self.a * single(dz)[0])


class ShiftGate:
    def __init__(self, c):
        self.c = np.float32(c)

    def forward(self, x):
        return double(self.c + single(x)[0])

    def backward(self, dz):
        return double(single(dz)[0])


class SigmoidGate:
    def forward(self, x):
        self.x = single(x)[0]
        return double(1 / (1 + np.exp(-self.x)))

    def backward(self, ds):
        e = np.exp(-self.x)
        return double(e / (1 + e) ** 2 * single(ds)[0])


class ReLUGate:
    def forward(self, x):
        self.x = single(x)[0]
        return double(np.maximum(self.x, 0))

    def backward(self, dz):
        return double(np.where(self.x > 0, single(dz)[0], 0))


class SquaredNormGate:
    def forward(self, q):
        self.q = single(q)[0]
        return double(np.sum(self.q * self.q))

    def backward(self, df):
        return double(np.float32(2 * df) * self.q)
