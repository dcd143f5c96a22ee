import numpy as np


def mixed(x):
    return np.array([x[0], 5 * x[2], 4 * x[1] ** 2 - 2 * x[2], x[2] * np.sin(x[0])])


def mixed_jacobian(x):
    J = np.zeros((4, 3))
    J[0, 0] = 1
    J[1, 2] = 5
    J[2, 1] = 8 * x[1]
    J[2, 2] = -2
    J[3, 0] = x[2] * np.cos(x[0])
    J[3, 2] = np.sin(x[0])
    return J


def helicoid(x):
    r, t = x
    return np.array([r * np.cos(t), r * np.sin(t), t])


def helicoid_jacobian(x):
    r, t = x
    J = np.zeros((2, 3))
    J[0, 0] = np.cos(t)
    J[0, 1] = np.sin(t)
    J[1, 0] = -r * np.sin(t)
    J[1, 1] = r * np.cos(t)
    J[1, 2] = 1
    return J


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_jacobian(z):
    h = 1 / (1 + np.exp(-z))
    local = h * (1 - h)
    return np.diag(local)


def linear(W, x, b):
    return W.dot(x) + b


def linear_jacobian(W, x, b):
    dx = W.copy()
    db = np.eye(W.shape[0])
    return dx, db


def score(u, h):
    return u.dot(h)


def score_jacobian(u, h):
    du = h.copy()
    dh = u.copy()
    return du, dh


def layer(W, x, b):
    return np.tanh(W.dot(x) + b)


def layer_jacobian(W, x, b):
    z = W.dot(x) + b
    h = np.tanh(z)
    local = np.diag(1 - h**2)
    dx = local.dot(W)
    db = local
    return dx, db


def layer_vjp(W, x, b, dh):
    z = W.dot(x) + b
    h = np.tanh(z)
    J = np.diag(1 - h**2).dot(W)
    dx = J.T.dot(dh)
    return dx


def relu(x):
    return np.maximum(0, x)


def relu_vjp(x, dout):
    dx = dout * (x > 0)
    return dx
