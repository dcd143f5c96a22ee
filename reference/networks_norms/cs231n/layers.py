"""Normalisation layers as pairs of functions, in the form of the public CS231n assignments.

All of them bring numbers to mean 0 and variance 1, then scale and shift them. They differ in which
numbers share a mean: a column (batch), a row (layer), a channel (spatial), a group of channels.
"""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    """Each column of x [N, D] on its own; gamma, beta [D]. Training updates running statistics."""
    eps, momentum = bn_param["eps"], bn_param["momentum"]
    if bn_param["mode"] == "test":
        x_hat = (x - bn_param["running_mean"]) / np.sqrt(bn_param["running_var"] + eps)
        return gamma * x_hat + beta, None
    x_hat, mean, var, std = normalised(x, 0, eps)
    for name, statistic in (("running_mean", mean), ("running_var", var)):
        bn_param[name] = momentum * bn_param[name] + (1 - momentum) * statistic[0]
    return gamma * x_hat + beta, (x_hat, std, gamma)


def batchnorm_backward(dout, cache):
    """Mean and variance depend on every row: three paths lead back to x."""
    x_hat, std, gamma = cache
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * x_hat, axis=0) / (-2 * std**2)
    dmean = -np.sum(dx_hat / std, axis=0)
    dx = dx_hat / std + dvar * 2 * x_hat * std / len(x_hat) + dmean / len(x_hat)
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def batchnorm_backward_alt(dout, cache):
    """The three paths in one formula."""
    x_hat, std, gamma = cache
    dx = normalised_backward(dout * gamma, x_hat, std, 0)
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def layernorm_forward(x, gamma, beta, ln_param):
    """Each row of x [N, D] on its own; gamma, beta [D]."""
    x_hat, _, _, std = normalised(x, 1, ln_param["eps"])
    return gamma * x_hat + beta, (x_hat, std, gamma)


def layernorm_backward(dout, cache):
    """As batchnorm_backward_alt, along the rows; gamma and beta still belong to the columns."""
    x_hat, std, gamma = cache
    dx = normalised_backward(dout * gamma, x_hat, std, 1)
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Each channel of x [N, C, H, W] on its own: batch normalisation of N*H*W rows of C numbers."""
    out, cache = batchnorm_forward(as_rows(x), gamma, beta, bn_param)
    return as_maps(out, x.shape), cache


def spatial_batchnorm_backward(dout, cache):
    """The same detour for dout."""
    dx, dgamma, dbeta = batchnorm_backward(as_rows(dout), cache)
    return as_maps(dx, dout.shape), dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Each example's C channels in G groups, each group on its own; gamma, beta [1, C, 1, 1]."""
    groups = x.reshape(len(x), G, -1)
    x_hat, _, _, std = normalised(groups, 2, gn_param["eps"])
    x_hat = x_hat.reshape(x.shape)
    return gamma * x_hat + beta, (x_hat, std, gamma)


def spatial_groupnorm_backward(dout, cache):
    """Sums over examples and places for gamma and beta; the one formula in each group for x."""
    x_hat, std, gamma = cache
    groups = (*std.shape[:2], -1)
    dx = normalised_backward((dout * gamma).reshape(groups), x_hat.reshape(groups), std, 2)
    dgamma = np.sum(dout * x_hat, axis=(0, 2, 3), keepdims=True)
    return dx.reshape(dout.shape), dgamma, np.sum(dout, axis=(0, 2, 3), keepdims=True)


def normalised(x, axis, eps):
    """x_hat = (x - mean) / sqrt(var + eps) along an axis, with mean, var and sqrt(var + eps)."""
    mean = np.mean(x, axis=axis, keepdims=True)
    var = np.mean((x - mean) ** 2, axis=axis, keepdims=True)
    std = np.sqrt(var + eps)
    return (x - mean) / std, mean, var, std


def normalised_backward(dx_hat, x_hat, std, axis):
    """All paths through x_hat: (dx_hat - mean(dx_hat) - x_hat mean(dx_hat x_hat)) / std."""
    mean = np.mean(dx_hat, axis=axis, keepdims=True)
    along = np.mean(dx_hat * x_hat, axis=axis, keepdims=True)
    return (dx_hat - mean - x_hat * along) / std


def as_rows(maps):
    """[N, C, H, W] to [N*H*W, C]: the channels must come last before the shape may change."""
    return maps.transpose(0, 2, 3, 1).reshape(-1, maps.shape[1])


def as_maps(rows, shape):
    """[N*H*W, C] back to [N, C, H, W]."""
    count, channels, height, width = shape
    return rows.reshape(count, height, width, channels).transpose(0, 3, 1, 2)


def batchnorm_draw(rng, kind, values):
    """Columns with means and variances of their own; running statistics of the same size."""
    x = scattered(rng, values["x"].shape, (0,), kind)
    return {"x": x, **running(rng, x.shape[1], kind)}


def batchnorm_test_draw(rng, kind, values):
    """Numbers of the size of the running statistics."""
    x = size_of(kind) * rng.normal(0, 20, values["x"].shape)
    return {"x": x, **running(rng, x.shape[1], kind)}


def layernorm_draw(rng, kind, values):
    """Rows with means and variances of their own."""
    return {"x": scattered(rng, values["x"].shape, (1,), kind)}


def spatial_batchnorm_draw(rng, kind, values):
    """Channels with means and variances of their own, and those of each map beside them."""
    x = scattered(rng, values["x"].shape, (0, 2, 3), kind)
    return {"x": x, **running(rng, x.shape[1], kind)}


def spatial_groupnorm_draw(rng, kind, values):
    """Groups with means and variances of their own."""
    shape = values["x"].shape
    groups = (shape[0], values["G"], shape[1] // values["G"], *shape[2:])
    return {"x": scattered(rng, groups, (2, 3, 4), kind).reshape(shape)}


def scattered(rng, shape, axes, kind):
    """Normal numbers whose mean and spread along the axes are drawn, so that none is tiny.

    Beside a variance of 100 or more no small eps shows, wherever it stands and even if the code has
    1e-5 for the given one; in the cases called eps, where it is large, the numbers are small.
    """
    x = rng.standard_normal(shape)
    x = (x - x.mean(axis=axes, keepdims=True)) / x.std(axis=axes, keepdims=True)
    kept = x.mean(axis=axes, keepdims=True).shape
    center = rng.uniform(5, 20, kept) * rng.choice((-1.0, 1.0), kept)
    return size_of(kind) * (center + rng.uniform(10, 30, kept) * x)


def running(rng, count, kind):
    """Running statistics as large as those of the drawn numbers."""
    size = size_of(kind)
    mean = size * rng.uniform(5, 20, count) * rng.choice((-1.0, 1.0), count)
    return {"running_mean": mean, "running_var": size**2 * rng.uniform(100, 900, count)}


def size_of(kind):
    """One, or small beside the root of a large eps."""
    return 0.03 if kind == "eps" else 1.0
