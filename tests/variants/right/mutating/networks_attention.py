import numpy as np


def softmax(s):
    s -= s.max(axis=-1, keepdims=True)
    np.exp(s, out=s)
    s /= s.sum(axis=-1, keepdims=True)
    return s


def attention_forward(q, k, v):
    q /= q.shape[2] ** 0.5
    p = [softmax(one.dot(other.T)) for one, other in zip(q, k)]
    return np.array([one.dot(other) for one, other in zip(p, v)]), [p, q, k, v]


def attention_backward(dout, cache):
    v, k, q, p = cache.pop(), cache.pop(), cache.pop(), cache.pop()
    results = []
    for n in range(len(dout)):
        ds = dout[n].dot(v[n].T)
        ds -= (ds * p[n]).sum(axis=1, keepdims=True)
        ds *= p[n]
        results.append((ds.dot(k[n]) / q.shape[2] ** 0.5, ds.T.dot(q[n]), p[n].T.dot(dout[n])))
        dout[n] = 0
    return [np.stack(part) for part in zip(*results)]


def masked_attention_forward(q, k, v, mask):
    # The softmax of all keys, of which those in the mask are shared out anew.
    p = softmax(q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[2]))
    p *= mask
    p /= np.maximum(p.sum(axis=2, keepdims=True), 1e-300)
    return p @ v, [q, k, v, p]


def masked_attention_backward(dout, cache):
    q, k, v, p = cache
    ds = dout @ v.transpose(0, 2, 1)
    ds -= (ds * p).sum(axis=2, keepdims=True)
    ds *= p
    ds /= np.sqrt(q.shape[2])
    dv = p.transpose(0, 2, 1) @ dout
    cache.clear()
    return ds @ k, ds.transpose(0, 2, 1) @ q, dv
