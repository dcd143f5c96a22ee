"""Gates that return dicts and lists, built in unusual ways: inheritance, closures, slots."""

import math

import numpy as np


class Gate:
    """Keeps what forward was given; subclasses say what z and the gradients are."""

    def forward(self, *values):
        self.values = values
        return self.compute(*values)

    def backward(self, upstream):
        return self.gradients(upstream, *self.values)


class AddGate(Gate):
    compute = staticmethod(lambda x, y: {"z": x + y})

    def gradients(self, dz, x, y):
        return {"dx": dz, "dy": dz}


class MultiplyGate(Gate):
    def compute(self, x, y):
        return (x * y,)

    def gradients(self, dz, x, y):
        return {"x": y * dz, "y": x * dz}


class MaxGate:
    def __init__(self):
        self.mask = None

    def __getattr__(self, name):
        raise AttributeError(name)

    def forward(self, x, y, axis=None):
        self.mask = np.array(x > y)
        return np.max([x, y], axis=0)

    def backward(self, dz, *, scale=1.0):
        dx, dy = np.zeros(np.shape(dz)), np.zeros(np.shape(dz))
        np.copyto(dx, dz, where=self.mask)
        np.copyto(dy, dz, where=~self.mask)
        return [dx, dy]


class ExpGate:
    def forward(self, x):
        z = math.exp(x) if isinstance(x, float) else np.exp(x)
        self.backward = lambda dz: [z * dz]  # a list of one result
        return z


class ReciprocalGate(Gate):
    def compute(self, x):
        return {"z": np.divide(1, x)}

    def gradients(self, dz, x):
        return (-dz * x**-2.0,)


class ScaleGate(Gate):
    def __init__(self, a, name="scale"):
        self.a = a

    def compute(self, x):
        return self.a * x

    def gradients(self, dz, x):
        return {"dx": self.a * dz, "da": np.sum(x * dz)}  # one more than asked for


class ShiftGate(Gate):
    def __init__(self, *constants):
        (self.c,) = constants

    def compute(self, x):
        return x + self.c

    def gradients(self, dz, x):
        return {"x": dz}


class SigmoidGate:
    def forward(self, x):
        s = np.exp(-np.logaddexp(0, -x))
        self.local = s * np.exp(-np.logaddexp(0, x))
        return s

    def backward(self, ds):
        return {"dx": np.array(self.local * ds)}


class ReLUGate:
    @staticmethod
    def relu(x):
        return np.clip(x, 0, np.inf)

    def forward(self, x):
        self.alive = self.relu(x) > 0
        return self.relu(x)

    def backward(self, dz):
        return dict(dx=np.where(self.alive, dz, 0.0))


class SquaredNormGate(Gate):
    def compute(self, q):
        return np.array([q @ q])

    def gradients(self, df, q):
        return {"dq": np.multiply(q, 2) * df}
