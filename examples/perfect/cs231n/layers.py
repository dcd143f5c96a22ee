"""Layers of a network as pairs of functions, in the form of the public CS231n assignments."""

import numpy as np


def affine_forward(x, w, b):
    """Each example as a row, times w, plus b: x [N, d_1, ..., d_k], w [D, M], b [M]."""
    out = x.reshape(x.shape[0], -1).dot(w) + b
    return out, (x, w)


def affine_backward(dout, cache):
    """Dx = dout w^T, dw = x^T dout, db = sum over examples of dout."""
    x, w = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x):
    """Out = max(0, x)."""
    return x * (x > 0), x


def relu_backward(dout, cache):
    """The upstream passes where x was positive."""
    return dout * (cache > 0)


def relu_kinks(x, **_):
    """The branch changes where x changes its sign."""
    return x


def leaky_relu_forward(x, alpha):
    """Out = x where x > 0, else alpha x."""
    slope = np.where(x > 0, 1.0, alpha)
    return slope * x, slope


def leaky_relu_backward(dout, cache):
    """The slope is 1 where x was positive, else alpha."""
    return dout * cache


def tanh_forward(x):
    """Out = tanh(x)."""
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, cache):
    """The slope of tanh is 1 - tanh^2."""
    return dout * (1.0 - cache * cache)


def elu_forward(x, alpha):
    """Out = x where x > 0, else alpha (exp(x) - 1)."""
    out = np.where(x > 0, x, alpha * (np.exp(x * (x <= 0)) - 1.0))
    return out, (x, out, alpha)


def elu_backward(dout, cache):
    """The slope is 1 where x was positive, else alpha exp(x) = out + alpha."""
    x, out, alpha = cache
    return dout * np.where(x > 0, 1.0, out + alpha)


def gelu_forward(x):
    """Out = x (1 + t) / 2 with t = tanh(c (x + a x^3)), the approximation of GELU by a tanh."""
    t = np.tanh(np.sqrt(2.0 / np.pi) * (x + 0.044715 * x * x * x))
    return 0.5 * x * (1.0 + t), (x, t)


def gelu_backward(dout, cache):
    """Product rule: (1 + t) / 2 + x/2 dt/dx, where dt/dx = (1 - t^2) c (1 + 3 a x^2)."""
    x, t = cache
    dt = (1.0 - t * t) * np.sqrt(2.0 / np.pi) * (1.0 + 3.0 * 0.044715 * x * x)
    return dout * (0.5 * (1.0 + t) + 0.5 * x * dt)


def svm_loss(x, y):
    """L_i = sum_{j != y_i} max(0, x_ij - x_i,y_i + 1), the mean over i; x [N, C], y [N].

    Every positive margin pushes its own score up by one and pulls the correct one down by one.
    """
    n, c = x.shape
    own = y[:, None] == np.arange(c)
    margins = (x - x[own][:, None] + 1.0) * ~own
    active = margins > 0
    loss = np.sum(margins * active) / n
    dx = (active - own * active.sum(axis=1, keepdims=True)) / n
    return loss, dx


def svm_kinks(x, y):
    """The hinges bend where x_ij - x_i,y_i + 1 changes its sign, for the wrong classes j alone."""
    own = y[:, None] == np.arange(x.shape[1])
    return (x - x[own][:, None] + 1.0)[~own]


def softmax_loss(x, y):
    """L_i = log(sum_j exp(x_ij)) - x_i,y_i, the mean over i; dx = (probs - one_hot(y)) / N."""
    n, c = x.shape
    own = y[:, None] == np.arange(c)
    shifted = x - x.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.sum(log_probs[own]) / n
    dx = (np.exp(log_probs) - own) / n
    return loss, dx


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


def conv_forward_naive(x, w, b, conv_param):
    """Each place (i, j) of a kernel weighs what it sees from everywhere: w [F, C, HH, WW].

    out[n, f, r, s] = b[f] + sum_cij w[f, c, i, j] x_padded[n, c, stride r + i, stride s + j]
    """
    stride, pad = conv_param["stride"], conv_param["pad"]
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = b[:, None, None]
    for i, j in np.ndindex(w.shape[2:]):
        seen = x_padded[grid(x_padded, w.shape[2:], stride, i, j)]
        out = out + np.einsum("ncrs,fc->nfrs", seen, w[:, :, i, j])
    return out, (x_padded, w, stride, pad)


def conv_backward_naive(dout, cache):
    """Each input collects from every output that saw it; the padding's share is cut off."""
    x_padded, w, stride, pad = cache
    dx_padded, dw = np.zeros_like(x_padded), np.zeros_like(w)
    for i, j in np.ndindex(w.shape[2:]):
        place = grid(x_padded, w.shape[2:], stride, i, j)
        dx_padded[place] += np.einsum("nfrs,fc->ncrs", dout, w[:, :, i, j])
        dw[:, :, i, j] = np.einsum("nfrs,ncrs->fc", dout, x_padded[place])
    height, width = x_padded.shape[2:]
    dx = dx_padded[:, :, pad : height - pad, pad : width - pad]
    return dx, dw, dout.sum(axis=(0, 2, 3))


def max_pool_forward_naive(x, pool_param):
    """The largest number of each window, in each channel: the windows stacked along a new axis."""
    window, stride = (pool_param["pool_height"], pool_param["pool_width"]), pool_param["stride"]
    seen = windows(x, window, stride)
    winner = seen.argmax(axis=0)
    return np.take_along_axis(seen, winner[None], 0)[0], (x, winner, window, stride)


def max_pool_backward_naive(dout, cache):
    """Each output hands its gradient to the place it was taken from; windows may overlap."""
    x, winner, window, stride = cache
    dx = np.zeros_like(x)
    for number, (i, j) in enumerate(np.ndindex(window)):
        dx[grid(x, window, stride, i, j)] += dout * (winner == number)
    return dx


def grid(x, window, stride, i, j):
    """The index of the inputs at place (i, j) of every window, shape [N, C, H_out, W_out]."""
    rows = 1 + (x.shape[2] - window[0]) // stride
    columns = 1 + (x.shape[3] - window[1]) // stride
    return np.s_[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]


def windows(x, window, stride):
    """All windows, with the place in the window as the first axis."""
    return np.stack([x[grid(x, window, stride, i, j)] for i, j in np.ndindex(window)])


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    elif mode == "test":
        out = x
    cache = (dropout_param, mask)
    return out, cache


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    if dropout_param["mode"] == "train":
        dx = dout * mask
    elif dropout_param["mode"] == "test":
        dx = dout
    return dx
