import numpy as np


def affine_forward(x, w, b):
    out = np.zeros((len(x), w.shape[1]))
    for n in range(len(x)):
        row = x[n].flatten()
        for m in range(w.shape[1]):
            out[n, m] = b[m]
            for d in range(w.shape[0]):
                out[n, m] += row[d] * w[d, m]
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
