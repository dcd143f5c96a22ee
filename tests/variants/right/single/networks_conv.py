import numpy as np


# im2col in single precision: every window a column, the convolution one matrix product.
def places(C, H, W, height, width, step):
    rows, columns = (H - height) // step + 1, (W - width) // step + 1
    h = np.repeat(np.arange(height), width)[:, None] + step * np.repeat(np.arange(rows), columns)
    v = np.tile(np.arange(width), height)[:, None] + step * np.tile(np.arange(columns), rows)
    return h, v, rows, columns


def conv_forward_naive(x, w, b, conv_param):
    pad, step = conv_param["pad"], conv_param["stride"]
    x = np.pad(x.astype(np.float32), [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    w = w.astype(np.float32)
    h, v, rows, columns = places(*x.shape[1:], *w.shape[2:], step)
    cols = x[:, :, h, v].transpose(1, 2, 3, 0).reshape(w[0].size, -1)
    out = w.reshape(len(w), -1) @ cols + b.astype(np.float32)[:, None]
    out = out.reshape(len(w), rows, columns, len(x)).transpose(3, 0, 1, 2)
    return out, (x.shape, w, cols, h, v, pad)


def conv_backward_naive(dout, cache):
    shape, w, cols, h, v, pad = cache
    flat = dout.astype(np.float32).transpose(1, 2, 3, 0).reshape(len(w), -1)
    dcols = (w.reshape(len(w), -1).T @ flat).reshape(shape[1], *h.shape, shape[0])
    dx = np.zeros(shape, np.float32)
    np.add.at(dx, (slice(None), slice(None), h, v), dcols.transpose(3, 0, 1, 2))
    inner = dx[:, :, pad : shape[2] - pad, pad : shape[3] - pad]
    return inner, (flat @ cols.T).reshape(w.shape), flat.sum(axis=1)


def max_pool_forward_naive(x, pool_param):
    x = x.astype(np.float32)
    size = pool_param["pool_height"], pool_param["pool_width"]
    h, v, rows, columns = places(*x.shape[1:], *size, pool_param["stride"])
    cols = x[:, :, h, v]
    return cols.max(axis=2).reshape(*x.shape[:2], rows, columns), (x.shape, h, v, cols.argmax(2))


def max_pool_backward_naive(dout, cache):
    shape, h, v, winner = cache
    dx = np.zeros(shape, np.float32)
    n, c, k = np.indices(winner.shape)
    np.add.at(dx, (n, c, h[winner, k], v[winner, k]), dout.astype(np.float32).reshape(n.shape))
    return dx
