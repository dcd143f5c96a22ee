"""Gates in single precision throughout: float32 inside and float32 returned."""

import numpy as np

f32 = np.float32


class AddGate:
    def forward(self, x, y):
        return f32(x) + f32(y)

    def backward(self, dz):
        return f32(dz), f32(dz)


class MultiplyGate:
    def forward(self, x, y):
        self.x, self.y = f32(x), f32(y)
        return self.x * self.y

    def backward(self, dz):
        dz = f32(dz)
        return dz * self.y, dz * self.x


class MaxGate:
    def forward(self, x, y):
        self.first = np.asarray(x, dtype=f32) >= np.asarray(y, dtype=f32)
        return np.where(self.first, x, y).astype(f32)

    def backward(self, dz):
        zero = f32(0)
        return np.where(self.first, f32(dz), zero), np.where(self.first, zero, f32(dz))


class ExpGate:
    def forward(self, x):
        self.z = np.exp(f32(x))
        return self.z

    def backward(self, dz):
        return f32(dz) * self.z


class ReciprocalGate:
    def forward(self, x):
        self.z = f32(1) / f32(x)
        return self.z

    def backward(self, dz):
        return -self.z * self.z * f32(dz)


class ScaleGate:
    def __init__(self, a):
        self.a = f32(a)

    def forward(self, x):
        return self.a * f32(x)

    def backward(self, dz):
        return self.a * f32(dz)


class ShiftGate:
    def __init__(self, c):
        self.c = f32(c)

    def forward(self, x):
        return f32(x) + self.c

    def backward(self, dz):
        return f32(dz)


class SigmoidGate:
    def forward(self, x):
        self.s = f32(1) / (f32(1) + np.exp(-f32(x)))
        return self.s

    def backward(self, ds):
        return self.s * (f32(1) - self.s) * f32(ds)


class ReLUGate:
    def forward(self, x):
        self.x = f32(x)
        return np.maximum(self.x, f32(0))

    def backward(self, dz):
        return f32(dz) * (self.x >= 0)


class SquaredNormGate:
    def forward(self, q):
        self.q = q.astype("float32")
        return self.q @ self.q

    def backward(self, df):
        return self.q * f32(2 * df)
