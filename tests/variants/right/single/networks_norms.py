import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    x = x.astype(np.float32)
    gamma, beta = gamma.astype(np.float32), beta.astype(np.float32)
    if bn_param["mode"] == "test":
        mean, var = (bn_param[n].astype(np.float32) for n in ("running_mean", "running_var"))
        return (x - mean) / np.sqrt(var + np.float32(bn_param["eps"])) * gamma + beta, None
    mean, var = x.mean(0), x.var(0)
    keep = bn_param["momentum"]
    bn_param["running_mean"] = keep * bn_param["running_mean"] + (1 - keep) * mean
    bn_param["running_var"] = keep * bn_param["running_var"] + (1 - keep) * var
    inverse = 1 / np.sqrt(var + np.float32(bn_param["eps"]))
    x_hat = (x - mean) * inverse

    def backward(dout):
        dout = dout.astype(np.float32)
        dgamma, dbeta = (dout * x_hat).sum(0), dout.sum(0)
        return gamma * inverse * (dout - (dbeta + x_hat * dgamma) / len(x)), dgamma, dbeta

    return x_hat * gamma + beta, backward


def batchnorm_backward(dout, cache):
    return cache(dout)


def batchnorm_backward_alt(dout, cache):
    return list(cache(dout))


def layernorm_forward(x, gamma, beta, ln_param):
    x = x.astype(np.float32).T
    mean, var = x.mean(0), x.var(0)
    inverse = 1 / np.sqrt(var + np.float32(ln_param["eps"]))
    x_hat = (x - mean) * inverse
    out = x_hat.T * gamma.astype(np.float32) + beta.astype(np.float32)
    return out, (x_hat, inverse, gamma.astype(np.float32))


def layernorm_backward(dout, cache):
    x_hat, inverse, gamma = cache
    dout = dout.astype(np.float32)
    up = (dout * gamma).T
    dx = inverse * (up - up.mean(0) - x_hat * (up * x_hat).mean(0))
    return dx.T, (dout * x_hat.T).sum(0), dout.sum(0)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    rows = np.moveaxis(x, 1, -1).reshape(N * H * W, C)
    out, cache = batchnorm_forward(rows, gamma, beta, bn_param)
    return np.moveaxis(out.reshape(N, H, W, C), -1, 1), cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = cache(np.moveaxis(dout, 1, -1).reshape(N * H * W, C))
    return np.moveaxis(dx.reshape(N, H, W, C), -1, 1), dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    columns = x.astype(np.float32).reshape(N * G, C * H * W // G).T
    ones = np.ones(columns.shape[1], np.float32)
    unused = {"mode": "train", "momentum": 0, "running_mean": 0, "running_var": 0}
    x_hat, backward = batchnorm_forward(columns, ones, 0 * ones, {**gn_param, **unused})
    x_hat = x_hat.T.reshape(N, C, H, W)
    out = x_hat * gamma.astype(np.float32) + beta.astype(np.float32)
    return out, (x_hat, backward, gamma.astype(np.float32), G)


def spatial_groupnorm_backward(dout, cache):
    x_hat, backward, gamma, G = cache
    N, C, H, W = dout.shape
    dout = dout.astype(np.float32)
    dx = backward((dout * gamma).reshape(N * G, C * H * W // G).T)[0]
    dgamma, dbeta = ((d).sum(axis=(0, 2, 3), keepdims=True) for d in (dout * x_hat, dout))
    return dx.T.reshape(N, C, H, W), dgamma, dbeta
