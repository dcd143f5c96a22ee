"""Jacobians entry by entry, with the math module."""

import math

import numpy as np


def mixed(x):
    return np.array([x[0], 5 * x[2], 4 * x[1] * x[1] - 2 * x[2], x[2] * math.sin(x[0])])


def mixed_jacobian(x):
    terms = {
        (0, 0): 1,
        (1, 2): 5,
        (2, 1): 2 * 4 * x[1],
        (2, 2): -2,
        (3, 0): x[2] * math.cos(x[0]),
        (3, 2): math.sin(x[0]),
    }
    J = np.empty((4, 3))
    for i in range(4):
        for j in range(3):
            J[i, j] = terms.get((i, j), 0)
    return J


def helicoid(x):
    return np.array([x[0] * math.cos(x[1]), x[0] * math.sin(x[1]), x[1]])


def helicoid_jacobian(x):
    columns = [
        [math.cos(x[1]), -x[0] * math.sin(x[1])],
        [math.sin(x[1]), x[0] * math.cos(x[1])],
        [0, 1],
    ]
    J = np.empty((2, 3))
    for j in range(3):
        for i in range(2):
            J[i, j] = columns[j][i]
    return J


def sigmoid(z):
    h = np.zeros(len(z))
    for i in range(len(z)):
        h[i] = 1 / (1 + math.exp(-z[i]))
    return h


def sigmoid_jacobian(z):
    J = np.zeros((len(z), len(z)))
    for i in range(len(z)):
        e = math.exp(-z[i])
        J[i, i] = e / (1 + e) ** 2
    return J


def linear(W, x, b):
    z = np.zeros(len(b))
    for i in range(len(b)):
        z[i] = b[i]
        for j in range(len(x)):
            z[i] += W[i, j] * x[j]
    return z


def linear_jacobian(W, x, b):
    by_x = np.zeros((len(b), len(x)))
    by_b = np.zeros((len(b), len(b)))
    for i in range(len(b)):
        for j in range(len(x)):
            by_x[i, j] = W[i, j]
        by_b[i, i] = 1
    return by_x, by_b


def score(u, h):
    s = 0
    for a, b in zip(u, h):
        s += a * b
    return s


def score_jacobian(u, h):
    by_u, by_h = np.zeros(len(u)), np.zeros(len(h))
    for i in range(len(u)):
        by_u[i], by_h[i] = h[i], u[i]
    return by_u, by_h


def layer(W, x, b):
    return np.array([math.tanh(z) for z in linear(W, x, b)])


def layer_jacobian(W, x, b):
    h = layer(W, x, b)
    by_x, by_b = linear_jacobian(W, x, b)
    for i in range(len(h)):
        by_x[i] *= 1 - h[i] * h[i]
        by_b[i] *= 1 - h[i] * h[i]
    return by_x, by_b


def layer_vjp(W, x, b, dh):
    h = layer(W, x, b)
    dx = np.zeros(len(x))
    for j in range(len(x)):
        for i in range(len(h)):
            dx[j] += (1 - h[i] ** 2) * W[i, j] * dh[i]
    return dx


def relu(x):
    out = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if x[i, j] > 0:
                out[i, j] = x[i, j]
    return out


def relu_vjp(x, dout):
    dx = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if x[i, j] >= 0:
                dx[i, j] = dout[i, j]
    return dx
