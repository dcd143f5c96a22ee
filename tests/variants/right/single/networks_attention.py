import numpy as np

F = np.float32


def attention_forward(q, k, v):
    q, k, v = q.astype(F), k.astype(F), v.astype(F)
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(F(q.shape[-1]))
    e = np.exp(s - s.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    return p @ v, [q, k, v, p]


def attention_backward(dout, cache):
    q, k, v, p = cache
    dout = dout.astype(F)
    dp = dout @ np.swapaxes(v, -1, -2)
    ds = p * (dp - (p * dp).sum(-1, keepdims=True)) / np.sqrt(F(q.shape[-1]))
    return ds @ k, np.swapaxes(ds, -1, -2) @ q, np.swapaxes(p, -1, -2) @ dout


def masked_attention_forward(q, k, v, mask):
    q, k, v = q.astype(F), k.astype(F), v.astype(F)
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(F(q.shape[-1]))
    s[:, ~mask] = -np.inf
    with np.errstate(invalid="ignore"):
        e = np.exp(s - s.max(-1, keepdims=True))
        p = np.nan_to_num(e / e.sum(-1, keepdims=True))
    return p @ v, [q, k, v, p]


masked_attention_backward = attention_backward
