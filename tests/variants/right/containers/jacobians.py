"""Jacobians in dicts by name, in lists and as one-row matrices."""

import numpy as np


def mixed(x):
    return {"y": np.r_[x[0], 5 * x[2], 4 * x[1] ** 2 - 2 * x[2], x[2] * np.sin(x[0])]}


def mixed_jacobian(x):
    rows = np.diag([1.0, 5.0, 8 * x[1]])[:, [0, 2, 1]]
    rows[2, 2] = -2
    return {"dx": np.vstack([rows, [x[2] * np.cos(x[0]), 0, np.sin(x[0])]])}


def helicoid(x):
    return [np.r_[x[0] * np.cos(x[1]), x[0] * np.sin(x[1]), x[1]]]


def helicoid_jacobian(x):
    c, s = np.cos(x[1]), np.sin(x[1])
    numerator = np.array([[c, -x[0] * s], [s, x[0] * c], [0, 1]])
    return {"x": numerator.T}


def sigmoid(z):
    return (1 / (1 + np.exp(-z)),)


def sigmoid_jacobian(z):
    (h,) = sigmoid(z)
    return (np.diagflat(h - h**2),)


def linear(W, x, b):
    return [W @ x + b]


def linear_jacobian(W, x, b):
    return {"db": np.eye(*b.shape), "dx": W}


def score(u, h):
    return np.array([[u @ h]])


def score_jacobian(u, h):
    return [h.reshape(1, -1), u[None]]  # h^T and u^T


def layer(W, x, b):
    return {"h": np.tanh(W @ x + b), "z": W @ x + b}


def layer_jacobian(W, x, b):
    slope = np.diag(1 - np.tanh(W @ x + b) ** 2)
    return {"x": slope @ W, "b": slope}


def layer_vjp(W, x, b, dh):
    row = dh[None] @ layer_jacobian(W, x, b)["x"]
    return {"dx": row[0]}


def relu(x):
    return {"out": x * (x > 0)}


def relu_vjp(x, dout):
    return [np.where(x > 0, dout, 0)]
