def right(W, X):
    s = X @ W
    return (s**2).sum() / len(X), 2 * X.T @ s / len(X)


loss_a = right


def loss_b(W):
    return right(W, W)


def loss_c():
    return 0.0, 0.0


class loss_d:
    def __init__(self, W, X):
        self.both = right(W, X)
