import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    size = x.shape[1] // G
    out, cache = np.zeros(x.shape), {"gamma": gamma}
    for n in range(len(x)):
        for g in range(G):
            own = list(range(g * size, (g + 1) * size))
            mean = sum(x[n, c].sum() for c in own) / (size * x[0, 0].size)
            var = sum(((x[n, c] - mean) ** 2).sum() for c in own) / (size * x[0, 0].size)
            x_hat = [(x[n, c] - mean) / (var + gn_param["eps"]) ** 0.5 for c in own]
            for c, hat in zip(own, x_hat):
                out[n, c] = gamma[c] * hat + beta[c]
            cache[n, g] = own, np.array(x_hat), (var + gn_param["eps"]) ** 0.5
    return out, cache


def spatial_groupnorm_backward(dout, cache):
    gamma = cache.pop("gamma")
    dx, dgamma, dbeta = np.zeros(dout.shape), 0 * gamma, 0 * gamma
    for (n, _), (own, x_hat, sigma) in cache.items():
        for c, hat in zip(own, x_hat):
            dgamma[c] += np.vdot(dout[n, c], hat)
            dbeta[c] += dout[n, c].sum()
        up = np.array([gamma[c] * dout[n, c] for c in own])
        dx[n, own] = (up - np.mean(up) - x_hat * np.mean(up * x_hat)) / sigma
    return dx, dgamma, dbeta
