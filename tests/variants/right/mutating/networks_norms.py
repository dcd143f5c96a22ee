import numpy as np


# Every step of the graph of the lecture; the cache is used up, dout is written into.
def batchnorm_forward(x, gamma, beta, bn_param):
    eps, m = bn_param["eps"], bn_param["momentum"]
    if bn_param["mode"] == "test":
        out = x - bn_param["running_mean"]
        out /= np.sqrt(bn_param["running_var"] + eps)
        out *= gamma
        out += beta
        return out, {}
    N = x.shape[0]
    mu = 1 / float(N) * np.sum(x, axis=0)
    xmu = x - mu
    sq = xmu**2
    var = 1 / float(N) * np.sum(sq, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1 / sqrtvar
    xhat = xmu * ivar
    gammax = gamma * xhat
    out = gammax + beta
    bn_param["running_mean"] = m * bn_param["running_mean"] + (1 - m) * mu
    bn_param["running_var"] = m * bn_param["running_var"] + (1 - m) * var
    return out, [xhat, gamma, xmu, ivar, sqrtvar, var, eps]


def batchnorm_backward(dout, cache):
    eps, var, sqrtvar, ivar, xmu, gamma, xhat = (cache.pop() for _ in range(7))
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dout *= gamma
    divar = np.sum(dout * xmu, axis=0)
    dxmu = dout * ivar
    dsqrtvar = -1.0 / (sqrtvar**2) * divar
    dvar = 0.5 * 1.0 / np.sqrt(var + eps) * dsqrtvar
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    dxmu += 2 * xmu * dsq
    dmu = -1 * np.sum(dxmu, axis=0)
    dxmu += 1.0 / N * np.ones((N, D)) * dmu
    return dxmu, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    xhat, gamma, _, ivar = cache[:4]
    N = dout.shape[0]
    dbeta = np.ones(N) @ dout
    dgamma = np.diag(xhat.T @ dout)
    # The Jacobian of a column is symmetric: ivar (1 - 1/N - xhat xhat^T / N).
    dx = np.empty_like(dout)
    for d in range(dout.shape[1]):
        column = xhat[:, d]
        J = ivar[d] * (np.eye(N) - 1.0 / N - np.outer(column, column) / N)
        dx[:, d] = J @ (dout[:, d] * gamma[d])
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def layernorm_forward(x, gamma, beta, ln_param):
    # Batch normalisation of the transposed, with the mode and statistics that it asks for.
    ln_param["mode"] = "train"
    ln_param["momentum"] = 0.0
    ln_param["running_mean"] = ln_param["running_var"] = np.zeros(len(x))
    ones = np.ones((1, len(x)))
    xhat, cache = batchnorm_forward(x.T, ones, 0 * ones, ln_param)
    return gamma * xhat.T + beta, (cache, xhat.T, gamma)


def layernorm_backward(dout, cache):
    inner, xhat, gamma = cache
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dout *= gamma
    dx, _, _ = batchnorm_backward(dout.T.copy(), inner)
    return dx.T, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    rows = np.reshape(np.swapaxes(x, 0, 1), (C, -1)).T
    out, cache = batchnorm_forward(rows, gamma, beta, bn_param)
    return np.swapaxes(np.reshape(out.T, (C, N, H, W)), 0, 1), cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    rows = np.reshape(np.swapaxes(dout, 0, 1), (C, -1)).T
    dx, dgamma, dbeta = batchnorm_backward(rows, cache)
    return np.swapaxes(np.reshape(dx.T, (C, N, H, W)), 0, 1), dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    parts = np.split(x, G, axis=1)
    means = [p.mean(axis=(1, 2, 3)).reshape(-1, 1, 1, 1) for p in parts]
    spreads = [np.sqrt(p.var(axis=(1, 2, 3)).reshape(-1, 1, 1, 1) + gn_param["eps"]) for p in parts]
    hats = [(p - m) / s for p, m, s in zip(parts, means, spreads)]
    return np.concatenate(hats, axis=1) * gamma + beta, [hats, spreads, gamma]


def spatial_groupnorm_backward(dout, cache):
    gamma, spreads, hats = cache.pop(), cache.pop(), cache.pop()
    dgamma = np.einsum("nchw,nchw->c", dout, np.hstack(hats)).reshape(gamma.shape)
    dbeta = np.einsum("nchw->c", dout)[None, :, None, None]
    dout *= gamma
    pieces = []
    for up, hat, spread in zip(np.split(dout, len(hats), axis=1), hats, spreads):
        axes = (1, 2, 3)
        up = up - up.mean(axes, keepdims=True) - hat * (up * hat).mean(axes, keepdims=True)
        pieces.append(up / spread)
    return np.concatenate(pieces, axis=1), dgamma, dbeta
