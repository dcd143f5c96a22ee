import numpy as np


def right(W, X):
    s = X @ W
    return (s**2).sum() / len(X), 2 * X.T @ s / len(X)


def loss_a(W, X):
    loss, dW = right(W, X)
    return np.array([[loss]]), [list(row) for row in dW]  # fine


def loss_b(W, X):
    loss, dW = right(W, X)
    return loss + 0j, dW


def loss_c(W, X):
    loss, dW = right(W, X)
    return [loss, [list(row)[: 1 + i % 2] for i, row in enumerate(dW)]]


def loss_d(W, X):
    loss, dW = right(W, X)
    dW[0, 0] = float("inf")
    return loss, dW
