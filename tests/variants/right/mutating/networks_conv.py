import numpy as np


# conv_param travels in the cache and is changed; upstreams are written into; the cache is emptied.
def conv_forward_naive(x, w, b, conv_param):
    p = conv_param.pop("pad")
    x = np.pad(x, ((0,), (0,), (p,), (p,)), "constant")
    conv_param.update(x=x, w=w, p=p)
    s = conv_param["stride"]
    out = []
    for image in x:
        maps = []
        for kernel, bias in zip(w, b):
            maps.append(
                [
                    [
                        np.vdot(image[:, h : h + w.shape[2], v : v + w.shape[3]], kernel) + bias
                        for v in range(0, x.shape[3] - w.shape[3] + 1, s)
                    ]
                    for h in range(0, x.shape[2] - w.shape[2] + 1, s)
                ]
            )
        out.append(maps)
    return np.array(out), conv_param


def conv_backward_naive(dout, cache):
    x, w, p, s = cache.pop("x"), cache.pop("w"), cache.pop("p"), cache.pop("stride")
    db = dout.sum(-1).sum(-1).sum(0)
    dw, dx = np.zeros(w.shape), np.zeros(x.shape)
    for r in range(dout.shape[2]):
        for q in range(dout.shape[3]):
            here = np.s_[:, :, s * r : s * r + w.shape[2], s * q : s * q + w.shape[3]]
            dw += np.tensordot(dout[:, :, r, q], x[here], axes=(0, 0))
            dx[here] += np.tensordot(dout[:, :, r, q], w, axes=(1, 0))
    dout *= 0
    if p:
        dx = dx[:, :, p:-p, p:-p]
    return {"dx": dx, "dw": dw, "db": db}


def max_pool_forward_naive(x, pool_param):
    height, width, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = [
        [
            [
                [
                    channel[h : h + height, v : v + width].max()
                    for v in range(0, x.shape[3] - width + 1, s)
                ]
                for h in range(0, x.shape[2] - height + 1, s)
            ]
            for channel in image
        ]
        for image in x
    ]
    return np.array(out), [pool_param, out, x]


def max_pool_backward_naive(dout, cache):
    x, out, pool_param = cache.pop(), cache.pop(), cache.pop()
    dx = 0 * x
    for n, c, r, q in np.ndindex(dout.shape):
        h, v = r * pool_param["stride"], q * pool_param["stride"]
        window = x[n, c, h : h + pool_param["pool_height"], v : v + pool_param["pool_width"]]
        i, j = np.argwhere(window == out[n][c][r][q])[0]
        dx[n, c, h + i, v + j] += dout[n, c, r, q]
    dout[:] = 0
    return [dx]
