import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    a = np.einsum("nd,dh->nh", x, Wx) + np.einsum("nk,kh->nh", prev_h, Wh) + b
    e = np.exp(-2 * np.abs(a))
    h = np.sign(a) * (1 - e) / (1 + e)

    def backward(dh):
        da = dh * 4 * e / (1 + e) ** 2
        pairs = ("nh,dh->nd", da, Wx), ("nh,kh->nk", da, Wh), ("nd,nh->dh", x, da), ("nk,nh->kh", prev_h, da)
        return [*(np.einsum(*pair) for pair in pairs), np.einsum("nh->h", da)]

    return h, backward


def rnn_step_backward(dnext_h, cache):
    return cache(dnext_h)


def rnn_forward(x, h0, Wx, Wh, b):
    # Unrolled by hand: no step function is used.
    T = x.shape[1]
    from_x = np.einsum("ntd,dh->nth", x, Wx) + b
    h = [h0]
    for t in range(T):
        h.append(np.tanh(from_x[:, t] + h[-1] @ Wh))
    return np.transpose(h[1:], (1, 0, 2)), dict(x=x, h=h, Wx=Wx, Wh=Wh)


def rnn_backward(dh, cache):
    x, h, Wx, Wh = (cache[name] for name in ("x", "h", "Wx", "Wh"))
    da = np.zeros(dh.shape)
    later = 0
    for t in range(dh.shape[1])[::-1]:
        da[:, t] = (dh[:, t] + later) * (1 - h[t + 1] ** 2)
        later = da[:, t] @ Wh.T
    before = np.stack(h[:-1], axis=1)
    return (
        np.einsum("nth,dh->ntd", da, Wx),
        later,
        np.einsum("ntd,nth->dh", x, da),
        np.einsum("ntk,nth->kh", before, da),
        np.einsum("nth->h", da),
    )


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    N, H = prev_h.shape
    a = (np.einsum("nd,dk->nk", x, Wx) + np.einsum("nh,hk->nk", prev_h, Wh) + b).reshape(N, 4, H)
    s = 0.5 + 0.5 * np.tanh(0.5 * a)  # of which the fourth block is not used
    g = np.tanh(a[:, 3])
    c = s[:, 1] * prev_c + s[:, 0] * g
    return s[:, 2] * np.tanh(c), c, (x, prev_h, prev_c, Wx, Wh, s, g, c)


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, s, g, c = cache
    dc = dnext_c + dnext_h * s[:, 2] * (1 - np.tanh(c) ** 2)
    da = np.stack([dc * g, dc * prev_c, dnext_h * np.tanh(c), dc * s[:, 0]], axis=1)
    slope = s * (1 - s)
    slope[:, 3] = 1 - g**2
    da = (da * slope).reshape(len(x), -1)
    return (
        np.einsum("nk,dk->nd", da, Wx),
        np.einsum("nk,hk->nh", da, Wh),
        dc * s[:, 1],
        np.einsum("nd,nk->dk", x, da),
        np.einsum("nh,nk->hk", prev_h, da),
        np.einsum("nk->k", da),
    )


def lstm_forward(x, h0, Wx, Wh, b):
    def unroll(h, c, t):
        if t == x.shape[1]:
            return []
        h, c, cache = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        return [(h, cache), *unroll(h, c, t + 1)]

    h, caches = zip(*unroll(h0, 0 * h0, 0))
    return np.swapaxes(h, 0, 1), caches


def lstm_backward(dh, cache):
    sums, dx = {}, {}
    late_h = late_c = np.zeros(dh[:, 0].shape)
    for t, one in reversed(list(enumerate(cache))):
        dx[t], late_h, late_c, *rest = lstm_step_backward(late_h + dh[:, t], late_c, one)
        for name, part in zip(("Wx", "Wh", "b"), rest):
            sums[name] = sums.get(name, 0) + part
    dx = np.stack([dx[t] for t in sorted(dx)], axis=1)
    return dx, late_h, sums["Wx"], sums["Wh"], sums["b"]


def word_embedding_forward(x, W):
    hot = (x[..., None] == np.arange(len(W))).astype(float)
    return np.einsum("ntv,vd->ntd", hot, W), hot


def word_embedding_backward(dout, cache):
    return np.einsum("ntv,ntd->vd", cache, dout)


def temporal_affine_forward(x, w, b):
    return np.einsum("ntd,dm->ntm", x, w) + b[None, None], {"x": x, "w": w}


def temporal_affine_backward(dout, cache):
    dx = np.einsum("ntm,dm->ntd", dout, cache["w"])
    return dx, np.einsum("ntd,ntm->dm", cache["x"], dout), np.einsum("ntm->m", dout)


def temporal_softmax_loss(x, y, mask, verbose=False):
    N = x.shape[0]
    rows, labels, kept = x[mask], y[mask], np.argwhere(mask)
    rows = rows - rows.max(axis=1)[:, np.newaxis]
    log_p = rows - np.log(np.exp(rows).sum(axis=1))[:, np.newaxis]
    hot = np.eye(x.shape[2])[labels]
    dx = np.zeros(x.shape)
    dx[kept[:, 0], kept[:, 1]] = (np.exp(log_p) - hot) / N
    return np.array([-np.einsum("kv,kv->", hot, log_p) / N]), dx
