import numpy as np


def numerical_gradient_forward(f, x, h):
    grad = np.zeros_like(x)
    fx = f(x)
    for ix in np.ndindex(x.shape):
        old = x[ix]
        x[ix] = old + h
        grad[ix] = (f(x) - fx) / h
        x[ix] = old
    return grad


def numerical_gradient(f, x, h):
    x = x.astype(float)
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        x[ix] += h
        fxph = f(x)
        x[ix] -= h
        fxmh = f(x)
        grad[ix] = (fxph - fxmh) / (2 * h)
    return grad


def relative_error(a, b):
    return np.max(np.abs(a - b) / (np.abs(a) + np.abs(b)))


def check_gradient(f, x, dx):
    if dx.shape != x.shape:
        return False
    h = 1e-5
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[ix] = h
        grad[ix] = (f(x + e) - f(x - e)) / (2 * h)
    return np.allclose(grad, dx)
