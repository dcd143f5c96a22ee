import numpy as np

F = np.float32


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    both = np.concatenate([x, prev_h], axis=1).astype(F)
    W = np.concatenate([Wx, Wh]).astype(F)
    h = np.tanh(both @ W + b.astype(F))
    return h, [both, W, h, x.shape[1]]


def rnn_step_backward(dnext_h, cache):
    both, W, h, D = cache
    da = dnext_h.astype(F) * (F(1) - h * h)
    dboth, dW = da @ W.T, both.T @ da
    return dboth[:, :D], dboth[:, D:], dW[:D], dW[D:], da.sum(0)


def rnn_forward(x, h0, Wx, Wh, b):
    steps = []
    h = np.empty((x.shape[1] + 1, *h0.shape), dtype=F)
    h[0] = h0
    for t, x_t in enumerate(x.swapaxes(0, 1)):
        h[t + 1], step = rnn_step_forward(x_t, h[t], Wx, Wh, b)
        steps.append(step)
    return h[1:].swapaxes(0, 1), steps


def rnn_backward(dh, cache):
    dx = np.empty((*dh.shape[:2], cache[0][3]), dtype=F)
    carry, sums = F(0), [F(0)] * 3
    for t in range(len(cache))[::-1]:
        dx[:, t], carry, *rest = rnn_step_backward(dh[:, t].astype(F) + carry, cache[t])
        sums = [a + b for a, b in zip(sums, rest)]
    return (dx, carry, *sums)


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    x, h, c, Wx, Wh, b = (a.astype(F) for a in (x, prev_h, prev_c, Wx, Wh, b))
    a = x @ Wx + h @ Wh + b
    i, f, o, g = np.split(a, 4, axis=1)
    i, f, o = (F(0.5) + F(0.5) * np.tanh(gate / F(2)) for gate in (i, f, o))
    g = np.tanh(g)
    new = f * c + i * g
    return o * np.tanh(new), new, (x, h, c, Wx, Wh, i, f, o, g, new)


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, h, c, Wx, Wh, i, f, o, g, new = cache
    dh, dc = dnext_h.astype(F), dnext_c.astype(F)
    dc = dc + dh * o / np.cosh(new) ** 2
    blocks = (dc * g * i * (1 - i), dc * c * f * (1 - f), dh * np.tanh(new) * o * (1 - o))
    da = np.concatenate([*blocks, dc * i * (1 - g * g)], axis=1)
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, h.T @ da, da.sum(axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    h, c = h0, np.zeros_like(h0)
    out, caches = [], []
    for t in range(x.shape[1]):
        h, c, cache = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        out.append(h)
        caches.append(cache)
    return np.stack(out, 1), caches


def lstm_backward(dh, cache):
    dh = dh.astype(F)
    carry_h = carry_c = np.zeros_like(dh[:, 0])
    dx, sums = [], 0
    for t in range(len(cache) - 1, -1, -1):
        step = lstm_step_backward(dh[:, t] + carry_h, carry_c, cache[t])
        dx.append(step[0])
        carry_h, carry_c = step[1], step[2]
        flat = np.concatenate([part.ravel() for part in step[3:]])
        sums = sums + flat
    (D, K), H = step[3].shape, dh.shape[2]
    dWx, dWh, db = np.split(sums, [D * K, D * K + H * K])
    return np.stack(dx[::-1], 1), carry_h, dWx.reshape(D, K), dWh.reshape(H, K), db


def word_embedding_forward(x, W):
    return W.astype(F)[x], (x, len(W))


def word_embedding_backward(dout, cache):
    x, V = cache
    return (np.eye(V, dtype=F)[x.ravel()].T @ dout.reshape(x.size, -1)).astype(F)


def temporal_affine_forward(x, w, b):
    x, w = x.astype(F), w.astype(F)
    return x @ w + b.astype(F), lambda d: (d @ w.T, np.tensordot(x, d, 2 * [[0, 1]]))


def temporal_affine_backward(dout, cache):
    dout = dout.astype(F)
    return (*cache(dout), dout.sum(axis=(0, 1)))


def temporal_softmax_loss(x, y, mask):
    x = x.astype(F)
    p = np.exp(x - x.max(-1, keepdims=True))
    p = p / p.sum(-1, keepdims=True)
    n, t = np.nonzero(mask)
    loss = -np.log(p[n, t, y[n, t]]).sum() / F(len(x))
    dx = np.zeros_like(x)
    dx[n, t] = p[n, t] / F(len(x))
    dx[n, t, y[n, t]] -= 1 / F(len(x))
    return loss, dx
