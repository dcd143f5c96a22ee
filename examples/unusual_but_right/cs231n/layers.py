import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def affine_forward(x, w, b):
    out = np.zeros((len(x), w.shape[1]))
    for n in range(len(x)):
        row = x[n].flatten()
        for m in range(w.shape[1]):
            out[n, m] = b[m] + sum(row * w[:, m])
    return out, {"x": x, "w": w}


def affine_backward(dout, cache):
    x, w = cache["x"], cache["w"]
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(w.shape[1])
    for n in range(len(x)):
        row = x[n].flatten()
        drow = np.zeros(row.shape)
        for m in range(w.shape[1]):
            db[m] += dout[n, m]
            for d in range(w.shape[0]):
                drow[d] += dout[n, m] * w[d, m]
                dw[d, m] += dout[n, m] * row[d]
        dx[n] = drow.reshape(x[n].shape)
    return dx, dw, db


def relu_forward(x):
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        if x[index] > 0:
            out[index] = x[index]
    return out, x


def relu_backward(dout, cache):
    dx = np.zeros(cache.shape)
    for index in np.ndindex(cache.shape):
        dx[index] = dout[index] if cache[index] > 0 else 0
    return dx


def leaky_relu_forward(x, alpha):
    out = x.copy()
    for index in np.ndindex(x.shape):
        if x[index] < 0:
            out[index] *= alpha
    return out, (alpha, x)


def leaky_relu_backward(dout, cache):
    alpha, x = cache
    dx = dout.copy()
    for index in np.ndindex(x.shape):
        if x[index] < 0:
            dx[index] *= alpha
    return dx


def tanh_forward(x):
    out = np.array([math.tanh(entry) for entry in x.flatten()])
    return out.reshape(x.shape), x


def tanh_backward(dout, cache):
    dx = np.empty_like(dout)
    for index in np.ndindex(cache.shape):
        dx[index] = dout[index] * (1 - math.tanh(cache[index]) ** 2)
    return dx


def elu_forward(x, alpha):
    out = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        out[index] = x[index] if x[index] > 0 else alpha * math.expm1(x[index])
    return out, {"out": out, "alpha": alpha}


def elu_backward(dout, cache):
    dx = np.empty(dout.shape)
    for index in np.ndindex(dout.shape):
        below = cache["out"][index] <= 0
        dx[index] = dout[index] * (cache["out"][index] + cache["alpha"] if below else 1)
    return dx


def gelu_forward(x):
    out = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        v = x[index]
        out[index] = v / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v**3)))
    return out, x


def gelu_backward(dout, cache):
    dx = np.empty(dout.shape)
    c = math.sqrt(2 / math.pi)
    for index in np.ndindex(dout.shape):
        v = cache[index]
        t = math.tanh(c * (v + 0.044715 * v**3))
        slope = (1 + t) / 2 + v / 2 * (1 - t) * (1 + t) * c * (1 + 0.134145 * v * v)
        dx[index] = dout[index] * slope
    return dx


def svm_loss(x, y):
    loss, dx = 0.0, np.zeros(x.shape)
    for i in range(len(x)):
        for j in range(x.shape[1]):
            margin = x[i, j] - x[i, y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin / len(x)
                dx[i, j] += 1 / len(x)
                dx[i, y[i]] -= 1 / len(x)
    return loss, dx


def softmax_loss(x, y):
    loss, dx = 0.0, np.zeros(x.shape)
    for i in range(len(x)):
        top = max(x[i])
        total = sum(math.exp(score - top) for score in x[i])
        loss += (math.log(total) - (x[i, y[i]] - top)) / len(x)
        for j in range(x.shape[1]):
            dx[i, j] = (math.exp(x[i, j] - top) / total - (j == y[i])) / len(x)
    return loss, dx


def batchnorm_forward(x, gamma, beta, bn_param):
    out = np.zeros(x.shape)
    cache = {"x": x, "gamma": gamma, "mean": [], "sigma": []}
    for d in range(x.shape[1]):
        if bn_param["mode"] == "test":
            mean, var = bn_param["running_mean"][d], bn_param["running_var"][d]
        else:
            mean = sum(x[:, d]) / len(x)
            var = sum((value - mean) ** 2 for value in x[:, d]) / len(x)
            for name, new in (("running_mean", mean), ("running_var", var)):
                old = bn_param["momentum"] * bn_param[name][d]
                bn_param[name] = bn_param[name].copy()
                bn_param[name][d] = old + (1 - bn_param["momentum"]) * new
        sigma = math.sqrt(var + bn_param["eps"])
        cache["mean"].append(mean)
        cache["sigma"].append(sigma)
        for n in range(len(x)):
            out[n, d] = gamma[d] * (x[n, d] - mean) / sigma + beta[d]
    return out, cache


def column_backward(dout, x, gamma, mean, sigma):
    # The Jacobian of x_hat by x, entry by entry.
    N = len(x)
    dx = [0.0] * N
    for n in range(N):
        for m in range(N):
            local = (n == m) - 1 / N - (x[n] - mean) * (x[m] - mean) / (N * sigma**2)
            dx[n] += dout[m] * gamma[m] * local / sigma
    return dx


def batchnorm_backward(dout, cache):
    x, gamma = cache["x"], cache["gamma"]
    dx, dgamma, dbeta = np.zeros(x.shape), np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for d in range(x.shape[1]):
        mean, sigma = cache["mean"][d], cache["sigma"][d]
        dx[:, d] = column_backward(dout[:, d], x[:, d], [gamma[d]] * len(x), mean, sigma)
        for n in range(len(x)):
            dgamma[d] += dout[n, d] * (x[n, d] - mean) / sigma
            dbeta[d] += dout[n, d]
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    return batchnorm_backward(dout, cache)


def layernorm_forward(x, gamma, beta, ln_param):
    out, stats = np.empty(x.shape), []
    for n, row in enumerate(x):
        mean = sum(row) / len(row)
        sigma = math.sqrt(sum((v - mean) ** 2 for v in row) / len(row) + ln_param["eps"])
        stats.append((mean, sigma))
        for d, value in enumerate(row):
            out[n, d] = gamma[d] * (value - mean) / sigma + beta[d]
    return out, [x, gamma, stats]


def layernorm_backward(dout, cache):
    x, gamma, stats = cache
    dx, dgamma, dbeta = np.zeros(x.shape), np.zeros(len(gamma)), np.zeros(len(gamma))
    for n, (mean, sigma) in enumerate(stats):
        dx[n] = column_backward(dout[n], x[n], gamma, mean, sigma)
        dgamma += dout[n] * (x[n] - mean) / sigma
        dbeta += dout[n]
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = np.zeros(x.shape), []
    means, variances = np.array(bn_param["running_mean"]), np.array(bn_param["running_var"])
    keep = bn_param["momentum"]
    for c in range(x.shape[1]):
        mean, var = np.mean(x[:, c]), np.var(x[:, c])
        sigma = np.sqrt(var + bn_param["eps"])
        x_hat = (x[:, c] - mean) / sigma
        out[:, c] = gamma[c] * x_hat + beta[c]
        means[c] = keep * means[c] + (1 - keep) * mean
        variances[c] = keep * variances[c] + (1 - keep) * var
        cache.append((x_hat, sigma, gamma[c]))
    bn_param["running_mean"], bn_param["running_var"] = means, variances
    return out, cache


def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = np.zeros(dout.shape), [], []
    for c, (x_hat, sigma, gamma) in enumerate(cache):
        up = dout[:, c]
        dgamma.append(np.sum(up * x_hat))
        dbeta.append(np.sum(up))
        dx[:, c] = gamma / sigma * (up - up.mean() - x_hat * np.mean(up * x_hat))
    return dx, np.array(dgamma), np.array(dbeta)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C = x.shape[:2]
    size = C // G
    out, cache = np.zeros(x.shape), (gamma, G, {})
    for n in range(N):
        for g in range(G):
            own = slice(g * size, (g + 1) * size)
            group = x[n, own]
            sigma = np.sqrt(group.var() + gn_param["eps"])
            x_hat = (group - group.mean()) / sigma
            out[n, own] = x_hat * gamma[0, own] + beta[0, own]
            cache[2][n, g] = x_hat, sigma
    return out, cache


def spatial_groupnorm_backward(dout, cache):
    gamma, G, held = cache
    size = dout.shape[1] // G
    dx, dgamma, dbeta = np.zeros(dout.shape), np.zeros(gamma.shape), np.zeros(gamma.shape)
    for (n, g), (x_hat, sigma) in held.items():
        own = slice(g * size, (g + 1) * size)
        for c in range(size):
            dgamma[0, g * size + c, 0, 0] += np.sum(dout[n, g * size + c] * x_hat[c])
            dbeta[0, g * size + c, 0, 0] += np.sum(dout[n, g * size + c])
        up = dout[n, own] * gamma[0, own]
        dx[n, own] = (up - up.mean() - x_hat * np.mean(up * x_hat)) / sigma
    return dx, dgamma, dbeta


# Views of all windows; the way back is a convolution with the turned kernels.
def conv_forward_naive(x, w, b, conv_param):
    p, s = conv_param["pad"], conv_param["stride"]
    padded = np.zeros((*x.shape[:2], x.shape[2] + 2 * p, x.shape[3] + 2 * p))
    padded[:, :, p : p + x.shape[2], p : p + x.shape[3]] = x
    view = sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    out = np.einsum("nchvij,fcij->nfhv", view, w) + b[None, :, None, None]
    return out, [view, w, x.shape, p, s]


def conv_backward_naive(dout, cache):
    view, w, shape, p, s = cache
    HH, WW = w.shape[2:]
    # Zeros between the upstream gradients undo the stride.
    spread = (s * (n - 1) + 1 for n in dout.shape[2:])
    full = np.zeros((*dout.shape[:2], *spread))
    full[:, :, ::s, ::s] = dout
    full = np.pad(full, ((0, 0), (0, 0), (HH - 1, HH - 1), (WW - 1, WW - 1)))
    back = sliding_window_view(full, (HH, WW), axis=(2, 3))
    dx = np.einsum("nfhvij,fcij->nchv", back, w[:, :, ::-1, ::-1])
    dx = dx[:, :, p : p + shape[2], p : p + shape[3]]
    return dx, np.einsum("nfhv,nchvij->fcij", dout, view), np.einsum("nfhv->f", dout)


def max_pool_forward_naive(x, pool_param):
    s, size = pool_param["stride"], (pool_param["pool_height"], pool_param["pool_width"])
    view = sliding_window_view(x, size, axis=(2, 3))[:, :, ::s, ::s]
    out = view.max(axis=(4, 5))
    # A gradient that is shared in equal parts, where several numbers are the largest.
    mask = view == out[..., None, None]
    return out, (x.shape, mask / mask.sum(axis=(4, 5), keepdims=True), s)


def max_pool_backward_naive(dout, cache):
    shape, share, s = cache
    dx = np.zeros(shape)
    for i in range(share.shape[4]):
        for j in range(share.shape[5]):
            rows, columns = dout.shape[2:]
            dx[:, :, i : i + s * rows : s, j : j + s * columns : s] += dout * share[..., i, j]
    return dx


def dropout_forward(x, dropout_param):
    # A generator of its own, and the cache a function.
    keep = dropout_param["p"] if dropout_param["mode"] == "train" else 1.0
    generator = np.random.default_rng(dropout_param.get("seed"))
    factors = [1 / keep if generator.random() < keep else 0.0 for _ in range(x.size)]
    factors = np.reshape(factors, x.shape)
    return np.multiply(x, factors), lambda dout: np.multiply(dout, factors)


def dropout_backward(dout, cache):
    return cache(dout)
