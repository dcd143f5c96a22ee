import numpy as np


def attention_forward(q, k, v):
    q = q * q.shape[-1] ** -0.5
    s = np.einsum("ntd,nsd->nts", q, k)
    top = s.max(axis=-1, keepdims=True)
    log_sum = np.log(np.exp(s - top).sum(axis=-1, keepdims=True)) + top
    p = np.exp(s - log_sum)
    return np.einsum("nts,nsm->ntm", p, v), dict(q=q, k=k, v=v, p=p)


def attention_backward(dout, cache):
    q, k, v, p = (cache[name] for name in "qkvp")
    # Every row's Jacobian of the softmax in full: diag(p) - p p^T.
    jacobian = np.einsum("nts,sr->ntsr", p, np.eye(p.shape[2])) - np.einsum("nts,ntr->ntsr", p, p)
    ds = np.einsum("ntm,nrm,ntsr->nts", dout, v, jacobian)
    dq = np.einsum("nts,nsd->ntd", ds, k) * q.shape[-1] ** -0.5
    return [dq, np.einsum("nts,ntd->nsd", ds, q), np.einsum("nts,ntm->nsm", p, dout)]


def masked_attention_forward(q, k, v, mask):
    # The mask as a number that is added.
    s = np.einsum("ntd,nsd->nts", q, k) / q.shape[-1] ** 0.5
    s = s + np.where(mask, 0.0, -1e30)[None]
    e = np.exp(s - s.max(axis=2)[:, :, None])
    p = e / e.sum(axis=2)[:, :, None]
    p[:, ~mask.any(axis=1)] = 0
    return np.einsum("nts,nsm->ntm", p, v), (p, q, k, v, mask)


def masked_attention_backward(dout, cache):
    p, q, k, v, mask = cache
    # sum(p dp) over the keys is the same as dout . out
    dp = np.einsum("ntm,nsm->nts", dout, v)
    inner = np.einsum("ntm,nts,nsm->nt", dout, p, v)
    ds = p * (dp - inner[..., None]) / q.shape[-1] ** 0.5
    ds = np.where(mask[None], ds, 0)
    return (
        np.einsum("nts,nsd->ntd", ds, k),
        np.einsum("nts,ntd->nsd", ds, q),
        np.einsum("nts,ntm->nsm", p, dout),
    )
