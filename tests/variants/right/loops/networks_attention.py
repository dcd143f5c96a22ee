import math

import numpy as np


def attention_forward(q, k, v):
    return masked_attention_forward(q, k, v, [[True] * k.shape[1]] * q.shape[1])


def attention_backward(dout, cache):
    return masked_attention_backward(dout, cache)


def masked_attention_forward(q, k, v, mask):
    N, T, D = q.shape
    out, weights = np.zeros((N, T, v.shape[2])), {}
    for n in range(N):
        for t in range(T):
            keys = [s for s in range(k.shape[1]) if mask[t][s]]
            scores = [sum(q[n, t, d] * k[n, s, d] for d in range(D)) / math.sqrt(D) for s in keys]
            exps = [math.exp(score - max(scores)) for score in scores]
            for s, e in zip(keys, exps):
                weights[n, t, s] = e / sum(exps)
                out[n, t] += weights[n, t, s] * v[n, s]
    return out, {"arrays": (q, k, v), "weights": weights}


def masked_attention_backward(dout, cache):
    q, k, v = cache["arrays"]
    weights = cache["weights"]
    dq, dk, dv = np.zeros(q.shape), np.zeros(k.shape), np.zeros(v.shape)
    N, T, D = q.shape
    for n, t, s in weights:
        dv[n, s] += weights[n, t, s] * dout[n, t]
        # The Jacobian of the softmax, entry by entry.
        for r in range(k.shape[1]):
            if (n, t, r) in weights:
                slope = weights[n, t, s] * ((r == s) - weights[n, t, r])
                part = slope * sum(dout[n, t] * v[n, r]) / D**0.5
                dq[n, t] += part * k[n, s]
                dk[n, s] += part * q[n, t]
    return dq, dk, dv
