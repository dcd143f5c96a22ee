"""Scaled dot-product attention as pairs of functions.

N examples, T queries of D features, S keys of D and as many values of M features.
"""

import numpy as np


def attention_forward(q, k, v):
    """Return softmax(q k^T / sqrt(D)) v: q [N, T, D], k [N, S, D], v [N, S, M]; out [N, T, M]."""
    p = softmax(q @ k.swapaxes(1, 2) / np.sqrt(q.shape[2]))
    return p @ v, (q, k, v, p)


def attention_backward(dout, cache):
    """With dp = dout v^T, through the softmax ds = p (dp - sum(p dp)); ds / sqrt(D) to q and k."""
    q, k, v, p = cache
    dp = dout @ v.swapaxes(1, 2)
    ds = p * (dp - np.sum(p * dp, axis=2, keepdims=True)) / np.sqrt(q.shape[2])
    return ds @ k, ds.swapaxes(1, 2) @ q, p.swapaxes(1, 2) @ dout


def masked_attention_forward(q, k, v, mask):
    """As attention, but query t attends to key s only where mask[t, s]; to none: out = 0."""
    p = softmax(q @ k.swapaxes(1, 2) / np.sqrt(q.shape[2]), mask)
    return p @ v, (q, k, v, p)


def masked_attention_backward(dout, cache):
    """What is not attended to has p = 0, and so no gradient either."""
    return attention_backward(dout, cache)


def softmax(s, mask=True):
    """Along the last axis, of the masked entries alone; zeros where there are none."""
    mask = np.broadcast_to(mask, s.shape)
    top = np.where(mask, s.real, -np.inf).max(axis=-1, keepdims=True, initial=-1e300)
    e = np.exp(np.where(mask, s - top, 0)) * mask
    return e / np.where(mask.any(axis=-1, keepdims=True), e.sum(axis=-1, keepdims=True), 1)
