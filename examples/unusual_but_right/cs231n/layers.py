import math

import numpy as np


def affine_forward(x, w, b):
    out = np.zeros((len(x), w.shape[1]))
    for n in range(len(x)):
        row = x[n].flatten()
        for m in range(w.shape[1]):
            out[n, m] = b[m] + sum(row * w[:, m])
    return out, {"x": x, "w": w}


def affine_backward(dout, cache):
    x, w = cache["x"], cache["w"]
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(w.shape[1])
    for n in range(len(x)):
        row = x[n].flatten()
        drow = np.zeros(row.shape)
        for m in range(w.shape[1]):
            db[m] += dout[n, m]
            for d in range(w.shape[0]):
                drow[d] += dout[n, m] * w[d, m]
                dw[d, m] += dout[n, m] * row[d]
        dx[n] = drow.reshape(x[n].shape)
    return dx, dw, db


def relu_forward(x):
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        if x[index] > 0:
            out[index] = x[index]
    return out, x


def relu_backward(dout, cache):
    dx = np.zeros(cache.shape)
    for index in np.ndindex(cache.shape):
        dx[index] = dout[index] if cache[index] > 0 else 0
    return dx


def leaky_relu_forward(x, alpha):
    out = x.copy()
    for index in np.ndindex(x.shape):
        if x[index] < 0:
            out[index] *= alpha
    return out, (alpha, x)


def leaky_relu_backward(dout, cache):
    alpha, x = cache
    dx = dout.copy()
    for index in np.ndindex(x.shape):
        if x[index] < 0:
            dx[index] *= alpha
    return dx


def tanh_forward(x):
    out = np.array([math.tanh(entry) for entry in x.flatten()])
    return out.reshape(x.shape), x


def tanh_backward(dout, cache):
    dx = np.empty_like(dout)
    for index in np.ndindex(cache.shape):
        dx[index] = dout[index] * (1 - math.tanh(cache[index]) ** 2)
    return dx


def elu_forward(x, alpha):
    out = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        out[index] = x[index] if x[index] > 0 else alpha * math.expm1(x[index])
    return out, {"out": out, "alpha": alpha}


def elu_backward(dout, cache):
    dx = np.empty(dout.shape)
    for index in np.ndindex(dout.shape):
        below = cache["out"][index] <= 0
        dx[index] = dout[index] * (cache["out"][index] + cache["alpha"] if below else 1)
    return dx


def gelu_forward(x):
    out = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        v = x[index]
        out[index] = v / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v**3)))
    return out, x


def gelu_backward(dout, cache):
    dx = np.empty(dout.shape)
    c = math.sqrt(2 / math.pi)
    for index in np.ndindex(dout.shape):
        v = cache[index]
        t = math.tanh(c * (v + 0.044715 * v**3))
        slope = (1 + t) / 2 + v / 2 * (1 - t) * (1 + t) * c * (1 + 0.134145 * v * v)
        dx[index] = dout[index] * slope
    return dx


def svm_loss(x, y):
    loss, dx = 0.0, np.zeros(x.shape)
    for i in range(len(x)):
        for j in range(x.shape[1]):
            margin = x[i, j] - x[i, y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin / len(x)
                dx[i, j] += 1 / len(x)
                dx[i, y[i]] -= 1 / len(x)
    return loss, dx


def softmax_loss(x, y):
    loss, dx = 0.0, np.zeros(x.shape)
    for i in range(len(x)):
        top = max(x[i])
        total = sum(math.exp(score - top) for score in x[i])
        loss += (math.log(total) - (x[i, y[i]] - top)) / len(x)
        for j in range(x.shape[1]):
            dx[i, j] = (math.exp(x[i, j] - top) / total - (j == y[i])) / len(x)
    return loss, dx


def dropout_forward(x, dropout_param):
    # A generator of its own, and the cache a function.
    keep = dropout_param["p"] if dropout_param["mode"] == "train" else 1.0
    generator = np.random.default_rng(dropout_param.get("seed"))
    factors = [1 / keep if generator.random() < keep else 0.0 for _ in range(x.size)]
    factors = np.reshape(factors, x.shape)
    return np.multiply(x, factors), lambda dout: np.multiply(dout, factors)


def dropout_backward(dout, cache):
    return cache(dout)
