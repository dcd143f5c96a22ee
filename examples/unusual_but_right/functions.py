"""Functions by dual numbers, by hand, in single precision and by other algebra."""

import math

import numpy as np


class Dual:
    """A value and its derivative: forward mode, for the chain rule."""

    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    def __mul__(self, other):
        slope = self.slope * other.value + self.value * other.slope
        return Dual(self.value * other.value, slope)

    def sin(self):
        return Dual(math.sin(self.value), math.cos(self.value) * self.slope)


def paraboloid(x, y):
    return abs(complex(x, y)) ** 2


def paraboloid_gradient(x, y):
    return {"dy": y + y, "dx": x + x}


def product(x, y):
    # a difference of squares
    return ((x + y) ** 2 - (x - y) ** 2) / 4


def product_gradient(x, y):
    return np.array(y), np.array(x)


def composition(x):
    u = Dual(x, 1.0)
    return (u * u).sin().value


def composition_gradient(x):
    u = Dual(x, 1.0)
    return (u * u).sin().slope


def log_sum_exp(x):
    # two at a time
    total = -np.inf
    for value in x:
        total = np.logaddexp(total, value)
    return total


def log_sum_exp_gradient(x):
    # 1 / sum over j of exp(x_j - x_i), which underflows to 0 where it must
    with np.errstate(over="ignore"):
        return 1 / np.exp(x[:, None] - x).sum(axis=0)


def quadratic_form(x, A):
    return np.einsum("i,ij,j", x, A, x)


def quadratic_form_gradient(x, A):
    # a quadratic form sees the symmetric part of A only
    x32, A32 = np.float32(x), np.float32(A)
    return [x32 @ A32 + A32 @ x32, np.multiply.outer(x, x)]


def first_order_model(f, df, x, h):
    return np.add(f(x), np.dot(np.ravel(df(x)), np.ravel(h)))
