def right(W, X):
    s = X @ W
    return (s**2).sum() / len(X), 2 * X.T @ s / len(X)


def loss_a(W, X):
    raise type("\x1b[2JBad\n{evil}" + "x" * 5000, (Exception,), {})("gone")


class Meta(type):
    __name__ = property(lambda cls: 1 / 0)

    def __repr__(cls):
        raise SystemExit

    __instancecheck__ = __subclasscheck__ = lambda cls, other: 1 / 0


class Thing(metaclass=Meta):
    __class__ = property(lambda self: float)
    __array__ = __len__ = __iter__ = __float__ = lambda self, *a, **k: 1 / 0


Thing.__qualname__ = "\x1b]0;title\x07"


def loss_b(W, X):
    return Thing(), right(W, X)[1]


def loss_c(W, X):
    assert W.shape == (1, 1), "{W} has the wrong shape"


def loss_d(W, X):
    return {"\x1b[31mloss": 1, "{0}": 2}
