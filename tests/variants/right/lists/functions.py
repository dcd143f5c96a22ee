"""Functions that return lists of numbers for arrays."""

import numpy as np


def paraboloid(x, y):
    return float(np.hypot(x, y) ** 2)


def paraboloid_gradient(x, y):
    return [x * 2, y * 2]


def product(x, y):
    return float(np.prod([x, y]))


def product_gradient(x, y):
    return [y, x]


def composition(x):
    return float(np.imag(np.exp(1j * x * x)))


def composition_gradient(x):
    return float(2 * x * np.real(np.exp(1j * x * x)))


def log_sum_exp(x):
    return float(np.max(x) + np.log1p(np.sum(np.exp(np.sort(x)[:-1] - np.max(x)))))


def log_sum_exp_gradient(x):
    weights = np.exp(x - x.max())
    return (weights / weights.sum()).tolist()


def quadratic_form(x, A):
    return float(np.trace(A @ np.outer(x, x)))


def quadratic_form_gradient(x, A):
    return [((A + A.T) @ x).tolist(), np.outer(x, x).tolist()]


def first_order_model(f, df, x, h):
    return float(np.sum(np.asarray(df(x)) * h) + f(x))
