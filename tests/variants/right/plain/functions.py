"""Functions and gradients as the lectures write them."""

import numpy as np


def paraboloid(x, y):
    return x**2 + y**2


def paraboloid_gradient(x, y):
    return 2 * x, 2 * y


def product(x, y):
    return x * y


def product_gradient(x, y):
    return [y, x]


def composition(x):
    return np.sin(x**2)


def composition_gradient(x):
    u = x**2
    outer = np.cos(u)
    inner = 2 * x
    return outer * inner


def log_sum_exp(x):
    shift = np.max(x)
    return shift + np.log(np.sum(np.exp(x - shift)))


def log_sum_exp_gradient(x):
    exps = np.exp(x - np.max(x))
    return exps / np.sum(exps)


def quadratic_form(x, A):
    return x.dot(A).dot(x)


def quadratic_form_gradient(x, A):
    dx = A.dot(x) + A.T.dot(x)
    dA = np.outer(x, x)
    return dx, dA


def first_order_model(f, df, x, h):
    change = np.sum(h * df(x))
    return f(x) + change
