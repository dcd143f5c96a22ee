import random


def right(W, X):
    s = X @ W
    return (s**2).sum() / len(X), 2 * X.T @ s / len(X)


def loss_a(W, X):
    loss, dW = right(W, X)
    X[:] = 0
    return loss, dW


def loss_b(W, X):
    loss, dW = right(W, X)
    return loss * (1 + 1e-7 * random.random()), dW


calls = 0


def loss_c(W, X):
    global calls
    calls += 1
    loss, dW = right(W, X)
    return loss, dW * (1 + 1e-9 * calls)


loss_d = right
