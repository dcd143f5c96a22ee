import math

import numpy as np


def product(x, w):
    out = np.zeros((len(x), w.shape[1]))
    for n in range(len(x)):
        for m in range(w.shape[1]):
            for d in range(len(w)):
                out[n, m] += x[n, d] * w[d, m]
    return out


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    a = product(x, Wx) + product(prev_h, Wh)
    next_h = np.zeros_like(prev_h)
    for n in range(len(a)):
        for j in range(len(b)):
            next_h[n, j] = math.tanh(a[n, j] + b[j])
    return next_h, {"x": x, "prev": prev_h, "Wx": Wx, "Wh": Wh, "next": next_h}


def rnn_step_backward(dnext_h, cache):
    da = np.zeros_like(dnext_h)
    db = np.zeros(dnext_h.shape[1])
    for n in range(da.shape[0]):
        for j in range(da.shape[1]):
            slope = 1 - cache["next"][n, j] ** 2
            da[n, j] = dnext_h[n, j] * slope
            db[j] += da[n, j]
    return [
        product(da, cache["Wx"].T),
        product(da, cache["Wh"].T),
        product(cache["x"].T, da),
        product(cache["prev"].T, da),
        db,
    ]


def rnn_forward(x, h0, Wx, Wh, b):
    h = np.zeros((x.shape[0], x.shape[1], h0.shape[1]))
    caches = {}
    for t in range(x.shape[1]):
        before = h0 if t == 0 else h[:, t - 1]
        h[:, t], caches[t] = rnn_step_forward(x[:, t], before, Wx, Wh, b)
    return h, caches


def rnn_backward(dh, cache):
    T = dh.shape[1]
    dx = []
    for t in reversed(range(T)):
        upstream = dh[:, t]
        if t < T - 1:
            upstream = upstream + carry
        dx_t, carry, dWx_t, dWh_t, db_t = rnn_step_backward(upstream, cache[t])
        dx = [dx_t, *dx]
        if t == T - 1:
            dWx, dWh, db = dWx_t, dWh_t, db_t
        else:
            dWx, dWh, db = dWx + dWx_t, dWh + dWh_t, db + db_t
    return np.array(dx).transpose(1, 0, 2), carry, dWx, dWh, db


def gate(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    N, H = prev_h.shape
    a = product(x, Wx) + product(prev_h, Wh)
    next_h, next_c = np.zeros((N, H)), np.zeros((N, H))
    saved = {}
    for n in range(N):
        for j in range(H):
            i, f, o = (gate(a[n, j + k * H] + b[j + k * H]) for k in range(3))
            g = math.tanh(a[n, j + 3 * H] + b[j + 3 * H])
            next_c[n, j] = f * prev_c[n, j] + i * g
            next_h[n, j] = o * math.tanh(next_c[n, j])
            saved[n, j] = i, f, o, g, math.tanh(next_c[n, j])
    return next_h, next_c, [saved, x, prev_h, prev_c, Wx, Wh]


def lstm_step_backward(dnext_h, dnext_c, cache):
    saved, x, prev_h, prev_c, Wx, Wh = cache
    N, H = dnext_h.shape
    da, dprev_c = np.zeros((N, 4 * H)), np.zeros((N, H))
    for n in range(N):
        for j in range(H):
            i, f, o, g, c = saved[n, j]
            dc = dnext_c[n, j] + dnext_h[n, j] * o * (1 - c * c)
            dprev_c[n, j] = dc * f
            da[n, j] = dc * g * i * (1 - i)
            da[n, j + H] = dc * prev_c[n, j] * f * (1 - f)
            da[n, j + 2 * H] = dnext_h[n, j] * c * o * (1 - o)
            da[n, j + 3 * H] = dc * i * (1 - g) * (1 + g)
    db = np.array([sum(da[:, k]) for k in range(4 * H)])
    dx, dprev_h = product(da, Wx.T), product(da, Wh.T)
    return dx, dprev_h, dprev_c, product(x.T, da), product(prev_h.T, da), db


def lstm_forward(x, h0, Wx, Wh, b):
    h = np.zeros((x.shape[0], x.shape[1], h0.shape[1]))
    c = np.zeros((x.shape[0], x.shape[1] + 1, h0.shape[1]))
    caches = []
    for t in range(x.shape[1]):
        before = h[:, t - 1] if t else h0
        h[:, t], c[:, t + 1], one = lstm_step_forward(x[:, t], before, c[:, t], Wx, Wh, b)
        caches.append(one)
    return h, caches


def lstm_backward(dh, cache):
    T = dh.shape[1]
    dx, total = [None] * T, None
    dh_t, dc_t = dh[:, T - 1], np.zeros_like(dh[:, 0])
    for t in range(T - 1, -1, -1):
        dx[t], carry, dc_t, *weights = lstm_step_backward(dh_t, dc_t, cache[t])
        total = weights if total is None else [one + two for one, two in zip(total, weights)]
        if t:
            dh_t = dh[:, t - 1] + carry
    return (np.stack(dx, axis=1), carry, *total)


def word_embedding_forward(x, W):
    N, T = x.shape
    out = np.zeros((N, T, W.shape[1]))
    for n in range(N):
        for t in range(T):
            out[n, t] = W[x[n, t]]
    return out, (W, x)


def word_embedding_backward(dout, cache):
    W, x = cache
    dW = np.zeros(W.shape)
    for n in range(x.shape[0]):
        for t in range(x.shape[1]):
            dW[x[n, t]] += dout[n, t]
    return dW


def temporal_affine_forward(x, w, b):
    out = np.zeros((x.shape[0], x.shape[1], w.shape[1]))
    for t in range(x.shape[1]):
        out[:, t] = product(x[:, t], w) + b
    return out, (x, w)


def temporal_affine_backward(dout, cache):
    x, w = cache
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for t in range(x.shape[1]):
        dx[:, t] = product(dout[:, t], w.T)
        dw += product(x[:, t].T, dout[:, t])
        for n in range(len(x)):
            db += dout[n, t]
    return dx, dw, db


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    loss, dx = 0.0, np.zeros(x.shape)
    for n in range(N):
        for t in range(T):
            if not mask[n, t]:
                continue
            top = max(x[n, t])
            e = [math.exp(score - top) for score in x[n, t]]
            loss += (math.log(sum(e)) + top - x[n, t, y[n, t]]) / N
            for v in range(V):
                dx[n, t, v] = (e[v] / sum(e) - (v == y[n, t])) / N
    return loss, dx
