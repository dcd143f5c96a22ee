"""Functions in single precision throughout: float32 inside and float32 returned."""

import numpy as np

f32 = np.float32


def paraboloid(x, y):
    return f32(x) ** 2 + f32(y) ** 2


def paraboloid_gradient(x, y):
    return 2 * f32(x), 2 * f32(y)


def product(x, y):
    return f32(x) * f32(y)


def product_gradient(x, y):
    return f32(y), f32(x)


def composition(x):
    return np.sin(f32(x) ** 2)


def composition_gradient(x):
    return 2 * f32(x) * np.cos(f32(x) ** 2)


def log_sum_exp(x):
    x = x.astype(f32)
    return x.max() + np.log(np.exp(x - x.max()).sum())


def log_sum_exp_gradient(x):
    exps = np.exp(x.astype(f32) - f32(x.max()))
    return exps / exps.sum()


def quadratic_form(x, A):
    x, A = x.astype(f32), A.astype(f32)
    return x @ A @ x


def quadratic_form_gradient(x, A):
    x, A = x.astype(f32), A.astype(f32)
    return A @ x + x @ A, np.outer(x, x)


def first_order_model(f, df, x, h):
    x, h = f32(x), f32(h)
    return f32(f(x)) + f32(np.sum(h * f32(df(x))))
