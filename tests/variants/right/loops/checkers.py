"""Gradient checkers on copies, one Python number at a time."""

import math

import numpy as np


def moved(x, i, h):
    values = [float(v) for v in x.ravel()]
    values[i] += h
    return np.array(values).reshape(x.shape)


def numerical_gradient_forward(f, x, h):
    f0 = f(moved(x, 0, 0.0))
    return np.array([(f(moved(x, i, h)) - f0) / h for i in range(x.size)]).reshape(x.shape)


def numerical_gradient(f, x, h):
    slopes = []
    for i in range(x.size):
        slopes.append((f(moved(x, i, h)) - f(moved(x, i, -h))) / 2 / h)
    return np.array(slopes).reshape(x.shape)


def relative_error(a, b):
    worst = 0.0
    for p, q in zip(np.ravel(a).tolist(), np.ravel(b).tolist()):
        below = abs(p) + abs(q)
        if below < 1e-8:
            below = 1e-8
        worst = max(worst, abs(p - q) / below)
    return worst


def check_gradient(f, x, dx):
    if np.shape(dx) != np.shape(x):
        return False
    # one entry after the other, by one-sided differences; stop at the first that is wrong
    for slope, claim in zip(numerical_gradient_forward(f, x, 1e-6).flat, dx.flat):
        if not math.isclose(slope, claim, rel_tol=5e-4):
            return False
    return True
