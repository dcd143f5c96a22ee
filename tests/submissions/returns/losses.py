def right(W, X):
    s = X @ W
    return (s**2).sum() / len(X), 2 * X.T @ s / len(X)


def loss_a(W, X):
    return right(W, X)[0]


def loss_b(W, X):
    loss, dW = right(W, X)
    return loss, dW, W


def loss_c(W, X):
    loss, dW = right(W, X)
    return dW, loss


def loss_d(W, X):
    loss, dW = right(W, X)
    return str(loss), dW
