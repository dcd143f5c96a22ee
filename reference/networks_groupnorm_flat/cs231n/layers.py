"""Group normalisation with one gamma and beta for each channel, in a flat array."""

import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Each example's C channels in G groups, each group on its own; gamma, beta [C]."""
    groups = x.reshape(len(x), G, -1)
    mean = np.mean(groups, axis=2, keepdims=True)
    var = np.mean((groups - mean) ** 2, axis=2, keepdims=True)
    std = np.sqrt(var + gn_param["eps"])
    x_hat = ((groups - mean) / std).reshape(x.shape)
    out = gamma[:, None, None] * x_hat + beta[:, None, None]
    return out, (x_hat, std, gamma)


def spatial_groupnorm_backward(dout, cache):
    """For x (dx_hat - mean(dx_hat) - x_hat mean(dx_hat x_hat)) / std in each group."""
    x_hat, std, gamma = cache
    groups = (*std.shape[:2], -1)
    dx_hat, along = (dout * gamma[:, None, None]).reshape(groups), x_hat.reshape(groups)
    mean = np.mean(dx_hat, axis=2, keepdims=True)
    share = np.mean(dx_hat * along, axis=2, keepdims=True)
    dx = (dx_hat - mean - along * share) / std
    return dx.reshape(dout.shape), (dout * x_hat).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))


def spatial_groupnorm_draw(rng, kind, values):
    """Groups whose means and variances are drawn, so that none is tiny.

    Beside a variance of 100 or more no small eps shows, wherever it stands and even if the code has
    1e-5 for the given one; in the cases called eps, where it is large, the numbers are small.
    """
    shape = values["x"].shape
    x = rng.standard_normal((shape[0], values["G"], shape[1] // values["G"], *shape[2:]))
    axes, kept = (2, 3, 4), (*x.shape[:2], 1, 1, 1)
    x = (x - x.mean(axis=axes, keepdims=True)) / x.std(axis=axes, keepdims=True)
    center = rng.uniform(5, 20, kept) * rng.choice((-1.0, 1.0), kept)
    x = (0.03 if kind == "eps" else 1.0) * (center + rng.uniform(10, 30, kept) * x)
    return {"x": x.reshape(shape)}
