"""Recurrent layers as pairs of functions, in the form of the public CS231n assignments.

N examples, T steps in time, D features, H hidden units, V words, M outputs.
"""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """next_h = tanh(x Wx + prev_h Wh + b): x [N, D], prev_h [N, H], Wx [D, H], Wh [H, H], b [H]."""
    next_h = np.tanh(x.dot(Wx) + prev_h.dot(Wh) + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    """The slope of tanh is 1 - tanh^2; then an affine layer of x and one of prev_h."""
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    return da.dot(Wx.T), da.dot(Wh.T), x.T.dot(da), prev_h.T.dot(da), da.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    """T steps one after the other: x [N, T, D], h0 [N, H]; h [N, T, H]."""
    states, caches, h = [], [], h0
    for t in range(x.shape[1]):
        h, cache = rnn_step_forward(x[:, t], h, Wx, Wh, b)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches


def rnn_backward(dh, cache):
    """Back through time: h_t reaches the loss by itself (dh_t) and by step t + 1 (carried)."""
    carried, dWx, dWh, db, dx = 0, 0, 0, 0, []
    for t in reversed(range(len(cache))):
        step = rnn_step_backward(dh[:, t] + carried, cache[t])
        dx.insert(0, step[0])
        carried = step[1]
        dWx, dWh, db = dWx + step[2], dWh + step[3], db + step[4]
    return np.stack(dx, axis=1), carried, dWx, dWh, db


def sigmoid(x):
    """1 / (1 + exp(-x)), without an exp of a large number."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    """Gates i, f, o, g from a = x Wx + prev_h Wh + b [N, 4H]; c = f c + i g, h = o tanh(c)."""
    H = prev_h.shape[1]
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 2 * H : 3 * H])
    g = np.tanh(a[:, 3 * H :])
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


def lstm_step_backward(dnext_h, dnext_c, cache):
    """The cell reaches the loss by itself and through next_h; s' = s (1 - s), t' = 1 - t^2."""
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    tanh_c = np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - tanh_c**2)
    da = np.hstack([
        dc * g * i * (1 - i),
        dc * prev_c * f * (1 - f),
        dnext_h * tanh_c * o * (1 - o),
        dc * i * (1 - g**2),
    ])  # fmt: skip
    dprev_c = dc * f
    return da.dot(Wx.T), da.dot(Wh.T), dprev_c, x.T.dot(da), prev_h.T.dot(da), da.sum(axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    """T steps from a cell state of zeros: x [N, T, D], h0 [N, H]; h [N, T, H]."""
    states, caches, h, c = [], [], h0, np.zeros_like(h0)
    for t in range(x.shape[1]):
        h, c, cache = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches


def lstm_backward(dh, cache):
    """Back through time, with the gradients of the hidden and of the cell state carried along."""
    carried_h, carried_c, dWx, dWh, db, dx = 0, 0, 0, 0, 0, []
    for t in reversed(range(len(cache))):
        step = lstm_step_backward(dh[:, t] + carried_h, carried_c, cache[t])
        dx.insert(0, step[0])
        carried_h, carried_c = step[1:3]
        dWx, dWh, db = dWx + step[3], dWh + step[4], db + step[5]
    return np.stack(dx, axis=1), carried_h, dWx, dWh, db


def word_embedding_forward(x, W):
    """Row W[word] for each word: x [N, T] integers, W [V, D]; out [N, T, D]."""
    return W[x], (x, W)


def word_embedding_backward(dout, cache):
    """A row of W collects from every place where its word stands."""
    x, W = cache
    dW = np.zeros_like(W, dtype=dout.dtype)
    np.add.at(dW, x, dout)
    return dW


def temporal_affine_forward(x, w, b):
    """The same affine layer at every step: x [N, T, D], w [D, M], b [M]; out [N, T, M]."""
    return x.dot(w) + b, (x, w)


def temporal_affine_backward(dout, cache):
    """As an affine layer of N T examples."""
    x, w = cache
    rows = dout.reshape(-1, w.shape[1])
    return dout.dot(w.T), x.reshape(-1, w.shape[0]).T.dot(rows), rows.sum(axis=0)


def temporal_softmax_loss(x, y, mask):
    """Cross-entropy of the scores x [N, T, V], summed over the steps in the mask, a mean over N."""
    shifted = x - x.real.max(axis=2, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
    right = np.arange(x.shape[2]) == y[:, :, None]
    kept = mask[:, :, None] / len(x)
    loss = -np.sum(kept * right * log_p)
    return loss, kept * (np.exp(log_p) - right)
