"""Gates by other algebra, with unusual memory layouts; at ties the upstream is shared."""

import numpy as np


def strided(a):
    # every second entry of a larger array: not contiguous
    return np.stack([a, a], axis=-1)[..., 0]


class AddGate:
    def forward(self, x, y):
        return np.add.reduce([x, y])

    def backward(self, dz):
        return np.asfortranarray(dz) if np.ndim(dz) else dz, dz


class MultiplyGate:
    def forward(self, x, y):
        self.x, self.y = x, y
        return np.einsum("...,...->...", x, y)

    def backward(self, dz):
        dx = np.einsum("...,...->...", dz, self.y)
        return strided(dx), strided(np.multiply(self.x, dz))


class MaxGate:
    def forward(self, x, y):
        self.share = 0.5 * (1 + np.sign(x - y))
        return 0.5 * (x + y + np.abs(x - y))

    def backward(self, dz):
        return self.share * dz, (1 - self.share) * dz


class ExpGate:
    def forward(self, x):
        z = np.expm1(x) + 1
        self.local = z
        return np.asfortranarray(z) if np.ndim(x) else z

    def backward(self, dz):
        return np.transpose(np.transpose(dz) * np.transpose(self.local))


class ReciprocalGate:
    def forward(self, x):
        self.z = x**-1
        return self.z

    def backward(self, dz):
        return np.negative(np.square(self.z) * dz)


class ScaleGate:
    def __init__(self, a):
        self.a = np.array([[a]])

    def forward(self, x):
        return np.einsum("ij,...->...", self.a, x)

    def backward(self, dz):
        return np.tensordot(self.a[0], np.asarray(dz)[None], axes=1)


class ShiftGate:
    def __init__(self, c):
        self.c = c

    def forward(self, x):
        return np.subtract(x, -self.c)

    def backward(self, dz):
        return np.ones(np.shape(dz)) * dz


class SigmoidGate:
    def forward(self, x):
        self.t = np.tanh(np.divide(x, 2))
        return 0.5 + 0.5 * self.t

    def backward(self, ds):
        return (1 - self.t**2) / 4 * ds


class ReLUGate:
    def forward(self, x):
        self.x = x
        return (x + abs(x)) / 2

    def backward(self, dz):
        return np.heaviside(self.x, 0.5) * dz


class SquaredNormGate:
    def forward(self, q):
        self.q = q
        return np.einsum("i,i->", q, q)

    def backward(self, df):
        return (df * 2 * self.q[::-1])[::-1]
