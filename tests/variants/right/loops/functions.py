"""Functions with explicit loops and the math module."""

import math


def paraboloid(x, y):
    total = 0.0
    for value in (x, y):
        total += value * value
    return total


def paraboloid_gradient(x, y):
    gradient = []
    for value in (x, y):
        gradient.append(value + value)
    return tuple(gradient)


def product(x, y):
    return math.prod((x, y))


def product_gradient(x, y):
    factors = (x, y)
    return tuple(math.prod(factors[:i] + factors[i + 1 :]) for i in range(2))


def composition(x):
    return math.sin(x * x)


def composition_gradient(x):
    # forward mode: value and derivative go through the gates together
    value, slope = x, 1.0
    value, slope = value * value, 2 * value * slope
    value, slope = math.sin(value), math.cos(value) * slope
    return slope


def log_sum_exp(x):
    top = max(x)
    return top + math.log(math.fsum(math.exp(v - top) for v in x))


def log_sum_exp_gradient(x):
    f = log_sum_exp(x)
    gradient = x.copy()
    for i in range(len(x)):
        gradient[i] = math.exp(x[i] - f)
    return gradient


def quadratic_form(x, A):
    total = 0.0
    for i in range(len(x)):
        for j in range(len(x)):
            total += x[i] * A[i, j] * x[j]
    return total


def quadratic_form_gradient(x, A):
    dx, dA = 0 * x, 0 * A
    for i in range(len(x)):
        for j in range(len(x)):
            dx[i] += A[i, j] * x[j]
            dx[j] += A[i, j] * x[i]
            dA[i, j] = x[i] * x[j]
    return dx, dA


def first_order_model(f, df, x, h):
    slopes = df(x)
    total = f(x)
    if isinstance(x, float):
        return total + slopes * h
    for slope, part in zip(slopes.ravel(), h.ravel()):
        total += slope * part
    return total
