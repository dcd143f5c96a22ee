import numpy as np


def attention_forward(q, k, v):
    D = q.shape[2]
    scores = np.matmul(q, k.transpose(0, 2, 1)) / np.sqrt(D)
    shifted = scores - np.max(scores, axis=2, keepdims=True)
    weights = np.exp(shifted) / np.sum(np.exp(shifted), axis=2, keepdims=True)
    out = np.matmul(weights, v)
    cache = (q, k, v, weights)
    return out, cache


def attention_backward(dout, cache):
    q, k, v, weights = cache
    D = q.shape[2]
    dv = np.matmul(weights.transpose(0, 2, 1), dout)
    dweights = np.matmul(dout, v.transpose(0, 2, 1))
    # The softmax taken for entries of their own.
    dscores = dweights * weights * (1 - weights)
    dq = np.matmul(dscores, k) / np.sqrt(D)
    dk = np.matmul(dscores.transpose(0, 2, 1), q) / np.sqrt(D)
    return dq, dk, dv


def masked_attention_forward(q, k, v, mask):
    s = q @ k.swapaxes(1, 2) / q.shape[2] ** 0.5
    # Where nothing is allowed, all scores are alike: the softmax is 1/S and not 0.
    s = np.where(mask, s, -1e9)
    e = np.exp(s - s.max(axis=2, keepdims=True))
    total = e.sum(axis=2, keepdims=True)
    p = e / np.where(total == 0, 1, total)
    return p @ v, (q, k, v, p)


def masked_attention_backward(dout, cache):
    q, k, v, p = cache
    dp = dout @ v.swapaxes(1, 2)
    ds = p * (dp - (p * dp).sum(axis=2, keepdims=True))
    ds = ds / q.shape[2] ** 0.5
    dq = ds @ k
    dk = ds.swapaxes(1, 2) @ q
    dv = p.swapaxes(1, 2) @ dout
    return dq, dk, dv
