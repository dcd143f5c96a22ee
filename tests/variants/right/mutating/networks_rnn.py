import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = x.dot(Wx)
    next_h += prev_h.dot(Wh)
    next_h += b
    np.tanh(next_h, out=next_h)
    return next_h, [x, prev_h, Wx, Wh, next_h.copy()]


def rnn_step_backward(dnext_h, cache):
    next_h = cache.pop()
    dnext_h *= 1 - next_h**2
    Wh, Wx, prev_h, x = (cache.pop() for _ in range(4))
    return dnext_h.dot(Wx.T), dnext_h.dot(Wh.T), x.T.dot(dnext_h), prev_h.T.dot(dnext_h), dnext_h.sum(0)


def rnn_forward(x, h0, Wx, Wh, b):
    h = np.zeros(x.shape[:2] + h0.shape[1:])
    cache, state = [], h0
    for t in range(x.shape[1]):
        state, one = rnn_step_forward(x[:, t], state, Wx, Wh, b)
        h[:, t] = state
        cache.append(one)
    return h, cache


def rnn_backward(dh, cache):
    T = dh.shape[1]
    x, h0, Wx, Wh = cache[0][:4]
    dx = np.zeros((len(x), T, x.shape[1]))
    dWx, dWh, db, dprev = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh)), None
    while cache:
        t = len(cache) - 1
        if dprev is not None:
            dh[:, t] += dprev
        dx[:, t], dprev, one, two, three = rnn_step_backward(dh[:, t], cache.pop())
        dWx += one
        dWh += two
        db += three
    return dx, dprev, dWx, dWh, db


def sigmoid(x):
    x *= -1
    np.exp(x, out=x)
    x += 1
    return 1 / x


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    H = a.shape[1] // 4
    a[:, : 3 * H] = sigmoid(a[:, : 3 * H])
    a[:, 3 * H :] = np.tanh(a[:, 3 * H :])
    ai, af, ao, ag = np.hsplit(a, 4)
    next_c = af * prev_c + ai * ag
    next_h = ao * np.tanh(next_c)
    return next_h, next_c, {"a": a, "c": next_c, "rest": [x, prev_h, prev_c, Wx, Wh]}


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh = cache.pop("rest")
    a = cache.pop("a")
    tanh_c = np.tanh(cache.pop("c"))
    ai, af, ao, ag = np.hsplit(a, 4)
    dnext_c += dnext_h * ao * (1 - tanh_c**2)
    dnext_h *= tanh_c
    da = np.hstack([dnext_c * ag, dnext_c * prev_c, dnext_h, dnext_c * ai])
    H = ai.shape[1]
    da[:, : 3 * H] *= a[:, : 3 * H] * (1 - a[:, : 3 * H])
    da[:, 3 * H :] *= 1 - ag**2
    dnext_c *= af
    return da.dot(Wx.T), da.dot(Wh.T), dnext_c, x.T.dot(da), prev_h.T.dot(da), da.sum(axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    h = np.zeros(x.shape[:2] + h0.shape[1:])
    cache, state, cell = [], h0, np.zeros_like(h0)
    for t in range(x.shape[1]):
        state, cell, one = lstm_step_forward(x[:, t], state, cell, Wx, Wh, b)
        h[:, t] = state
        cache.append(one)
    return h, cache


def lstm_backward(dh, cache):
    N, T, H = dh.shape
    dcell, total = np.zeros((N, H)), [0, 0, 0]
    dx = []
    while cache:
        t = len(cache) - 1
        dx_t, dstate, dcell, *rest = lstm_step_backward(dh[:, t], dcell, cache.pop())
        dx.insert(0, dx_t)
        total = [one + two for one, two in zip(total, rest)]
        if t:
            dh[:, t - 1] += dstate
    return (np.moveaxis(dx, 0, 1), dstate, *total)


def word_embedding_forward(x, W):
    return np.take(W, x, axis=0), {"x": x, "dW": np.zeros_like(W)}


def word_embedding_backward(dout, cache):
    np.add.at(cache["dW"], cache["x"].ravel(), dout.reshape(-1, dout.shape[-1]))
    return cache.pop("dW")


def temporal_affine_forward(x, w, b):
    out = x.dot(w)
    out += b
    return out, [x, w]


def temporal_affine_backward(dout, cache):
    w, x = cache.pop(), cache.pop()
    dout = dout.reshape(-1, w.shape[1])
    return dout.dot(w.T).reshape(x.shape), x.reshape(-1, len(w)).T.dot(dout), dout.sum(axis=0)


def temporal_softmax_loss(x, y, mask, verbose=False):
    x -= x.max(axis=-1, keepdims=True)
    right = np.take_along_axis(x, y[..., None], -1)[..., 0]
    np.exp(x, out=x)
    total = x.sum(axis=-1)
    loss = ((np.log(total) - right)[mask]).sum() / len(x)
    x /= total[..., None]
    n, t = np.indices(y.shape)
    x[n, t, y] -= 1
    x[~mask] = 0
    x /= len(x)
    return loss, x
