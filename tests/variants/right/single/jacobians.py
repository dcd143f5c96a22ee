"""Jacobians in single precision throughout."""

import numpy as np

f32 = np.float32


def mixed(x):
    x1, x2, x3 = x.astype(f32)
    return np.array([x1, 5 * x3, 4 * x2 * x2 - 2 * x3, x3 * np.sin(x1)], dtype=f32)


def mixed_jacobian(x):
    x1, x2, x3 = x.astype(f32)
    J = np.zeros((4, 3), dtype=f32)
    J[0, 0], J[1, 2], J[2, 1], J[2, 2] = 1, 5, 8 * x2, -2
    J[3] = x3 * np.cos(x1), 0, np.sin(x1)
    return J


def helicoid(x):
    r, t = x.astype(f32)
    return np.array([r * np.cos(t), r * np.sin(t), t], dtype=f32)


def helicoid_jacobian(x):
    r, t = x.astype(f32)
    c, s = np.cos(t), np.sin(t)
    return np.array([[c, s, 0], [-r * s, r * c, 1]], dtype=f32)


def sigmoid(z):
    return f32(1) / (f32(1) + np.exp(-z.astype(f32)))


def sigmoid_jacobian(z):
    h = sigmoid(z)
    return np.diag(h * (f32(1) - h))


def linear(W, x, b):
    return W.astype(f32) @ x.astype(f32) + b.astype(f32)


def linear_jacobian(W, x, b):
    return W.astype(f32), np.eye(b.size, dtype=f32)


def score(u, h):
    return u.astype(f32) @ h.astype(f32)


def score_jacobian(u, h):
    return h.astype(f32), u.astype(f32)


def layer(W, x, b):
    return np.tanh(linear(W, x, b))


def layer_jacobian(W, x, b):
    h = layer(W, x, b)
    slope = np.diag(f32(1) - h * h)
    return slope @ W.astype(f32), slope


def layer_vjp(W, x, b, dh):
    h = layer(W, x, b)
    return W.astype(f32).T @ ((f32(1) - h * h) * dh.astype(f32))


def relu(x):
    return np.maximum(x.astype(f32), f32(0))


def relu_vjp(x, dout):
    return dout.astype(f32) * (x > 0)
