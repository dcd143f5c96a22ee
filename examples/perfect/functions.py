# Exercise 1 - functions and their gradients
import numpy as np


def paraboloid(x, y):
    return x**2 + y**2


def paraboloid_gradient(x, y):
    return 2 * x, 2 * y


def product(x, y):
    return x * y


def product_gradient(x, y):
    # each factor gets the other one
    return [y, x]


def composition(x):
    return np.sin(x**2)


def composition_gradient(x):
    # g'(h(x)) h'(x)
    return np.cos(x**2) * 2 * x


def log_sum_exp(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


def log_sum_exp_gradient(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def quadratic_form(x, A):
    return x @ A @ x


def quadratic_form_gradient(x, A):
    # A is not symmetric, so it is not 2 A x
    return (A + A.T) @ x, np.outer(x, x)


def first_order_model(f, df, x, h):
    return f(x) + np.sum(h * df(x))
