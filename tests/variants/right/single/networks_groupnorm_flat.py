import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    x, gamma, beta = (a.astype(np.float32) for a in (x, gamma, beta))
    N, C, H, W = x.shape
    groups = x.reshape(N, G, -1)
    centred = groups - groups.mean(-1, keepdims=True)
    inverse = 1 / np.sqrt(np.mean(centred * centred, -1, keepdims=True) + gn_param["eps"])
    x_hat = (centred * inverse).reshape(N, C, -1)
    out = np.einsum("c,nck->nck", gamma, x_hat) + beta[:, None]

    def backward(dout):
        dout = dout.reshape(N, C, -1).astype(np.float32)
        up = np.einsum("c,nck->nck", gamma, dout).reshape(N, G, -1)
        hat = x_hat.reshape(N, G, -1)
        along = np.einsum("ngk,ngk->ng", up, hat)[..., None] / hat.shape[-1]
        dx = (up - up.mean(-1, keepdims=True) - hat * along) * inverse
        return dx.reshape(x.shape), np.einsum("nck,nck->c", dout, x_hat), dout.sum((0, 2))

    return out.reshape(x.shape).astype(np.float32), backward


def spatial_groupnorm_backward(dout, cache):
    return cache(dout)
