# Exercise 6 - Jacobians
import numpy as np


def mixed(x):
    x1, x2, x3 = x
    return np.array([x1, 5 * x3, 4 * x2**2 - 2 * x3, x3 * np.sin(x1)])


def mixed_jacobian(x):
    x1, x2, x3 = x
    # row i = output i, column j = input j
    return np.array([
        [1, 0, 0],
        [0, 0, 5],
        [0, 8 * x2, -2],
        [x3 * np.cos(x1), 0, np.sin(x1)],
    ])


def helicoid(x):
    r, t = x
    return np.array([r * np.cos(t), r * np.sin(t), t])


def helicoid_jacobian(x):
    r, t = x
    J = np.array([
        [np.cos(t), -r * np.sin(t)],
        [np.sin(t), r * np.cos(t)],
        [0, 1],
    ])
    return J.T  # denominator layout


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_jacobian(z):
    s = sigmoid(z)
    return np.diag(s * (1 - s))


def linear(W, x, b):
    return W @ x + b


def linear_jacobian(W, x, b):
    return W, np.eye(len(b))


def score(u, h):
    return u @ h


def score_jacobian(u, h):
    return h, u


def layer(W, x, b):
    return np.tanh(W @ x + b)


def layer_jacobian(W, x, b):
    h = layer(W, x, b)
    dz_dx, dz_db = linear_jacobian(W, x, b)
    dh_dz = np.diag(1 - h**2)
    return dh_dz @ dz_dx, dh_dz @ dz_db


def layer_vjp(W, x, b, dh):
    h = layer(W, x, b)
    dz = (1 - h**2) * dh    # diag(...)^T dh
    dx = W.T @ dz
    return dx


def relu(x):
    return np.maximum(0, x)


def relu_vjp(x, dout):
    # the Jacobian is diagonal: 1 where x > 0
    return dout * (x > 0)
