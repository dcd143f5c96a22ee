"""Layers of a network as pairs of functions, in the form of the public CS231n assignments."""

import numpy as np


def affine_forward(x, w, b):
    """Each example as a row, times w, plus b: x [N, d_1, ..., d_k], w [D, M], b [M]."""
    out = x.reshape(x.shape[0], -1).dot(w) + b
    return out, (x, w)


def affine_backward(dout, cache):
    """Dx = dout w^T, dw = x^T dout, db = sum over examples of dout."""
    x, w = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x):
    """Out = max(0, x)."""
    return x * (x > 0), x


def relu_backward(dout, cache):
    """The upstream passes where x was positive."""
    return dout * (cache > 0)


def relu_kinks(x, **_):
    """The branch changes where x changes its sign."""
    return x


def leaky_relu_forward(x, alpha):
    """Out = x where x > 0, else alpha x."""
    slope = np.where(x > 0, 1.0, alpha)
    return slope * x, slope


def leaky_relu_backward(dout, cache):
    """The slope is 1 where x was positive, else alpha."""
    return dout * cache


def tanh_forward(x):
    """Out = tanh(x)."""
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, cache):
    """The slope of tanh is 1 - tanh^2."""
    return dout * (1.0 - cache * cache)


def elu_forward(x, alpha):
    """Out = x where x > 0, else alpha (exp(x) - 1)."""
    out = np.where(x > 0, x, alpha * (np.exp(x * (x <= 0)) - 1.0))
    return out, (x, out, alpha)


def elu_backward(dout, cache):
    """The slope is 1 where x was positive, else alpha exp(x) = out + alpha."""
    x, out, alpha = cache
    return dout * np.where(x > 0, 1.0, out + alpha)


def gelu_forward(x):
    """Out = x (1 + t) / 2 with t = tanh(c (x + a x^3)), the approximation of GELU by a tanh."""
    t = np.tanh(np.sqrt(2.0 / np.pi) * (x + 0.044715 * x * x * x))
    return 0.5 * x * (1.0 + t), (x, t)


def gelu_backward(dout, cache):
    """Product rule: (1 + t) / 2 + x/2 dt/dx, where dt/dx = (1 - t^2) c (1 + 3 a x^2)."""
    x, t = cache
    dt = (1.0 - t * t) * np.sqrt(2.0 / np.pi) * (1.0 + 3.0 * 0.044715 * x * x)
    return dout * (0.5 * (1.0 + t) + 0.5 * x * dt)


def svm_loss(x, y):
    """L_i = sum_{j != y_i} max(0, x_ij - x_i,y_i + 1), the mean over i; x [N, C], y [N].

    Every positive margin pushes its own score up by one and pulls the correct one down by one.
    """
    n, c = x.shape
    own = y[:, None] == np.arange(c)
    margins = (x - x[own][:, None] + 1.0) * ~own
    active = margins > 0
    loss = np.sum(margins * active) / n
    dx = (active - own * active.sum(axis=1, keepdims=True)) / n
    return loss, dx


def svm_kinks(x, y):
    """The hinges bend where x_ij - x_i,y_i + 1 changes its sign, for the wrong classes j alone."""
    own = y[:, None] == np.arange(x.shape[1])
    return (x - x[own][:, None] + 1.0)[~own]


def softmax_loss(x, y):
    """L_i = log(sum_j exp(x_ij)) - x_i,y_i, the mean over i; dx = (probs - one_hot(y)) / N."""
    n, c = x.shape
    own = y[:, None] == np.arange(c)
    shifted = x - x.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.sum(log_probs[own]) / n
    dx = (np.exp(log_probs) - own) / n
    return loss, dx


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    elif mode == "test":
        out = x
    cache = (dropout_param, mask)
    return out, cache


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    if dropout_param["mode"] == "train":
        dx = dout * mask
    elif dropout_param["mode"] == "test":
        dx = dout
    return dx
