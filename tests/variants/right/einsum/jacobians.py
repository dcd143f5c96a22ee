"""Jacobians as products of small tensors."""

import numpy as np

LINEAR = np.array([[1.0, 0, 0], [0, 0, 5], [0, 0, -2], [0, 0, 0]])


def mixed(x):
    bent = np.array([0, 0, 4 * x[1] ** 2, x[2] * np.sin(x[0])])
    return np.einsum("ij,j->i", LINEAR, x) + bent


def mixed_jacobian(x):
    bent = np.zeros_like(LINEAR)
    bent[2, 1], bent[3] = 8 * x[1], [x[2] * np.cos(x[0]), 0, np.sin(x[0])]
    return LINEAR + bent


def turned(t):
    return np.array([np.cos(t), np.sin(t)])


def helicoid(x):
    return np.append(np.einsum(",i->i", x[0], turned(x[1])), x[1])


def helicoid_jacobian(x):
    by_r = np.append(turned(x[1]), 0)
    by_t = np.append(x[0] * turned(x[1] + np.pi / 2), 1)
    return np.vstack([by_r, by_t])


def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(z / 2)


def sigmoid_jacobian(z):
    return np.einsum("i,ij->ij", 1 / (4 * np.cosh(z / 2) ** 2), np.identity(z.size))


def linear(W, x, b):
    return np.einsum("ij,j->i", W, x) + b


def linear_jacobian(W, x, b):
    one = np.identity(b.size)
    return np.einsum("ik,kj->ij", one, W), one


def score(u, h):
    return np.einsum("i,i->", u, h)


def score_jacobian(u, h):
    one = np.identity(u.size)
    return np.einsum("ij,i->j", one, h), np.einsum("i,ij->j", u, one)


def layer(W, x, b):
    return np.tanh(linear(W, x, b))


def layer_jacobian(W, x, b):
    slope = 1 / np.cosh(linear(W, x, b)) ** 2
    return np.einsum("i,ij->ij", slope, W), np.einsum("i,ij->ij", slope, np.identity(b.size))


def layer_vjp(W, x, b, dh):
    return np.einsum("i,i,ij->j", dh, 1 / np.cosh(linear(W, x, b)) ** 2, W)


def relu(x):
    return np.einsum("ij,ij->ij", x, x > 0)


def relu_vjp(x, dout):
    return np.einsum("ij,ij->ij", dout, np.heaviside(x, 0.5))
