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
    inner = np.sum(dweights * weights, axis=2, keepdims=True)
    dscores = weights * (dweights - inner)
    dq = np.matmul(dscores, k) / np.sqrt(D)
    dk = np.matmul(dscores.transpose(0, 2, 1), q) / np.sqrt(D)
    return dq, dk, dv


def masked_attention_forward(q, k, v, mask):
    D = q.shape[2]
    scores = np.matmul(q, k.transpose(0, 2, 1)) / np.sqrt(D)
    scores = np.where(mask, scores, -1e9)
    exps = np.exp(scores - np.max(scores, axis=2, keepdims=True)) * mask
    total = np.sum(exps, axis=2, keepdims=True)
    weights = exps / np.where(total == 0, 1, total)
    out = np.matmul(weights, v)
    return out, (q, k, v, weights)


def masked_attention_backward(dout, cache):
    q, k, v, weights = cache
    D = q.shape[2]
    dv = np.matmul(weights.transpose(0, 2, 1), dout)
    dweights = np.matmul(dout, v.transpose(0, 2, 1))
    inner = np.sum(dweights * weights, axis=2, keepdims=True)
    dscores = weights * (dweights - inner) / np.sqrt(D)
    dq = np.matmul(dscores, k)
    dk = np.matmul(dscores.transpose(0, 2, 1), q)
    return dq, dk, dv
