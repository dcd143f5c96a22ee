"""Functions and their gradients at a point (CS231n, lectures 3 and 4)."""

import numpy as np


def paraboloid(x, y):
    """``z = x^2 + y^2``."""
    return x**2 + y**2


def paraboloid_gradient(x, y):
    """dz/dx = 2 x, dz/dy = 2 y."""
    dx = 2 * x
    dy = 2 * y
    return dx, dy


def product(x, y):
    """``f = x y``."""
    return x * y


def product_gradient(x, y):
    """The gradient is [y, x]: each factor gets the other one."""
    dx = y
    dy = x
    return dx, dy


def composition(x):
    """``f = g(h(x))`` with h(x) = x^2 and g(u) = sin(u)."""
    u = x**2
    return np.sin(u)


def composition_gradient(x):
    """g'(h(x)) h'(x): the outer derivative at the inner value, times the inner derivative."""
    u = x**2
    return np.cos(u) * (2 * x)


def log_sum_exp(x):
    """``f = log(sum(exp(x)))``; shifted by the largest entry, so that exp cannot overflow."""
    top = np.max(x)
    return top + np.log(np.sum(np.exp(x - top)))


def log_sum_exp_gradient(x):
    """exp(x) / sum(exp(x)): the softmax."""
    exps = np.exp(x - np.max(x))
    return exps / np.sum(exps)


def quadratic_form(x, A):
    """``f = x^T A x``."""
    return x @ A @ x


def quadratic_form_gradient(x, A):
    """Both sides of A have an x, and their gradients add: A x + A^T x."""
    dx = A @ x + A.T @ x
    dA = np.outer(x, x)
    return dx, dA


def first_order_model(f, df, x, h):
    """``f(x + h)`` is about ``f(x) + h f'(x)``, entry by entry."""
    return f(x) + np.sum(h * df(x))


def draw_curve(_rng, _kind, values):
    """A gradient belongs to its function."""
    return {"df": values["f"]}
