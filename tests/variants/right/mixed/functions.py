"""Functions that compute in single precision and return double precision."""

import numpy as np

f32 = np.float32


def paraboloid(x, y):
    return float(f32(x) * f32(x) + f32(y) * f32(y))


def paraboloid_gradient(x, y):
    return float(f32(2 * x)), float(f32(2 * y))


def product(x, y):
    return float(f32(x) * f32(y))


def product_gradient(x, y):
    return float(f32(y)), float(f32(x))


def composition(x):
    return float(np.sin(f32(x) * f32(x)))


def composition_gradient(x):
    x = f32(x)
    return float(np.cos(x * x) * (x + x))


def log_sum_exp(x):
    x = x.astype(f32)
    return float(x.max() + np.log(np.exp(x - x.max()).sum()))


def log_sum_exp_gradient(x):
    exps = np.exp(x.astype(f32) - f32(x.max()))
    return (exps / exps.sum()).astype(float)


def quadratic_form(x, A):
    return float(x.astype(f32) @ (A.astype(f32) @ x.astype(f32)))


def quadratic_form_gradient(x, A):
    x = x.astype(f32)
    dx = (A + A.T).astype(f32) @ x
    return dx.astype(float), np.outer(x, x).astype(float)


def first_order_model(f, df, x, h):
    return float(f32(f(x)) + f32(np.sum(f32(h) * f32(df(x)))))
