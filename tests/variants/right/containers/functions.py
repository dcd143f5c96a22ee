"""Functions whose gradients come by name, or in containers of one."""

import numpy as np


def paraboloid(x, y):
    return [np.dot([x, y], [x, y])]


def paraboloid_gradient(x, y):
    return {"dy": 2 * y, "dx": 2 * x}


def product(x, y):
    return {"f": x * y}


def product_gradient(x, y):
    return {"x": y, "y": x}


def composition(x):
    return (np.sin(np.square(x)),)


def composition_gradient(x):
    return [2 * x * np.cos(np.square(x))]


def log_sum_exp(x):
    return np.logaddexp.reduce(x)


def log_sum_exp_gradient(x):
    return {"dx": np.exp(x - np.logaddexp.reduce(x))}


def quadratic_form(x, A):
    return np.array([x @ A @ x])


def quadratic_form_gradient(x, A):
    symmetric = (A + A.T) / 2
    return {"dA": np.asfortranarray(x[:, None] * x), "dx": 2 * (symmetric @ x)}


def first_order_model(f, df, x, h):
    return {"estimate": f(x) + np.vdot(df(x), h)}
