"""Jacobians as lists of rows; a bare tuple of rows is one, too."""

import math


def mixed(x):
    x1, x2, x3 = x.tolist()
    return [x1, 5 * x3, 4 * x2**2 - 2 * x3, x3 * math.sin(x1)]


def mixed_jacobian(x):
    x1, x2, x3 = x.tolist()
    return [[1, 0, 0], [0, 0, 5], [0, 8 * x2, -2], [x3 * math.cos(x1), 0, math.sin(x1)]]


def helicoid(x):
    r, t = x.tolist()
    return (r * math.cos(t), r * math.sin(t), t)


def helicoid_jacobian(x):
    r, t = x.tolist()
    return (math.cos(t), math.sin(t), 0.0), (-r * math.sin(t), r * math.cos(t), 1.0)


def logistic(t):
    return 1 / (1 + math.exp(-t))


def diagonal(entries):
    return [[e if i == j else 0.0 for j in range(len(entries))] for i, e in enumerate(entries)]


def sigmoid(z):
    return [logistic(t) for t in z.tolist()]


def sigmoid_jacobian(z):
    return diagonal([h * (1 - h) for h in sigmoid(z)])


def linear(W, x, b):
    return [sum(w * v for w, v in zip(row, x)) + c for row, c in zip(W.tolist(), b.tolist())]


def linear_jacobian(W, x, b):
    return [W.tolist(), diagonal([1.0] * len(b))]


def score(u, h):
    return sum(a * b for a, b in zip(u.tolist(), h.tolist()))


def score_jacobian(u, h):
    return h.tolist(), u.tolist()


def layer(W, x, b):
    return [math.tanh(z) for z in linear(W, x, b)]


def layer_jacobian(W, x, b):
    slopes = [1 - h * h for h in layer(W, x, b)]
    by_x = [[slope * w for w in row] for slope, row in zip(slopes, W.tolist())]
    return by_x, diagonal(slopes)


def layer_vjp(W, x, b, dh):
    by_x, _ = layer_jacobian(W, x, b)
    return [sum(row[j] * d for row, d in zip(by_x, dh.tolist())) for j in range(len(x))]


def relu(x):
    return [[max(v, 0.0) for v in row] for row in x.tolist()]


def relu_vjp(x, dout):
    rows = zip(x.tolist(), dout.tolist())
    return [[d if v > 0 else 0.0 for v, d in zip(row, ups)] for row, ups in rows]
