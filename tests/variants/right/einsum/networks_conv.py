import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


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
