import numpy as np


def paraboloid(x, y):
    return x**2 + y**2


def paraboloid_gradient(x, y):
    return 2 * x, 2 * y


def product(x, y):
    return x * y


def product_gradient(x, y):
    # derivative of x y is x and y
    return [x, y]


def composition(x):
    return np.sin(x**2)


def composition_gradient(x):
    return np.cos(x**2)


def log_sum_exp(x):
    return np.log(np.sum(np.exp(x)))


def log_sum_exp_gradient(x):
    return np.exp(x) / np.sum(np.exp(x))


def quadratic_form(x, A):
    return x.dot(A.dot(x))


def quadratic_form_gradient(x, A):
    dx = 2 * A.dot(x)
    dA = np.outer(x, x)
    return dx, dA


def first_order_model(f, df, x, h):
    return f(x) + h * df(x)
