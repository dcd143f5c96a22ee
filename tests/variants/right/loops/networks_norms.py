import math

import numpy as np


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
