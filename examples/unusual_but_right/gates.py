"""Gates, my way: one base class, plain Python where it is enough."""

import math
from functools import reduce

import numpy as np


def each(fn, *args):
    """Apply fn entry by entry, to numbers and to arrays."""
    if not isinstance(args[0], np.ndarray):
        return fn(*args)
    out = np.empty(args[0].shape)
    for i in np.ndindex(out.shape):
        out[i] = fn(*(a[i] for a in args))
    return out


class Gate:
    """forward saves all arguments, backward multiplies upstream by every local gradient."""

    f = None
    local = ()

    def forward(self, *args):
        self.args = args
        return each(type(self).f, *args)

    def backward(self, up):
        grads = [up * each(g, *self.args) for g in self.local]
        return grads[0] if len(grads) == 1 else grads


class AddGate(Gate):
    f = lambda x, y: x + y
    local = [lambda x, y: 1.0] * 2


class MultiplyGate(Gate):
    f = lambda x, y: x * y
    local = [lambda x, y: y, lambda x, y: x]


class MaxGate(Gate):
    # max(x, y) = (x + y + |x - y|) / 2; a tie is shared half and half
    f = lambda x, y: 0.5 * (x + y + abs(x - y))
    local = [
        lambda x, y: 0.5 * (1 + (x > y) - (x < y)),
        lambda x, y: 0.5 * (1 + (y > x) - (y < x)),
    ]


class ExpGate(Gate):
    f = math.exp
    local = (math.exp,)


class ReciprocalGate(Gate):
    f = lambda x: x**-1.0
    local = (lambda x: -(x**-2.0),)


class ScaleGate:
    def __init__(self, a):
        self.backward = self.forward = lambda t: np.multiply(t, a)


class ShiftGate:
    def __init__(self, c):
        self.terms = [c]

    def forward(self, x, *, start=0.0):
        return reduce(lambda s, t: s + t, [*self.terms, x], start)

    def backward(self, dz, **_):
        return np.array(dz, copy=True, order="F")


class SigmoidGate(Gate):
    # sigmoid(x) = (1 + tanh(x / 2)) / 2
    f = lambda x: 0.5 * (1 + math.tanh(x / 2))
    local = (lambda x: 0.25 / math.cosh(x / 2) ** 2,)


class ReLUGate(Gate):
    f = lambda x: x if x > 0 else 0.0
    local = (lambda x: float(np.heaviside(x, 0.5)),)  # half of the gradient at 0


class SquaredNormGate:
    def forward(self, q):
        self.q = q.tolist()
        return [sum(v * v for v in self.q)]

    def backward(self, df):
        return [2 * v * df for v in self.q]
