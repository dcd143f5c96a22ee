"""Convolution and max-pooling as pairs of functions, in the form of the public CS231n assignments.

Loops run over the places of the kernel or window only: each place sees a grid of inputs, one
for each output.
"""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    """Each place (i, j) of a kernel weighs what it sees from everywhere: w [F, C, HH, WW].

    out[n, f, r, s] = b[f] + sum_cij w[f, c, i, j] x_padded[n, c, stride r + i, stride s + j]
    """
    stride, pad = conv_param["stride"], conv_param["pad"]
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = b[:, None, None]
    for i, j in np.ndindex(w.shape[2:]):
        seen = x_padded[grid(x_padded, w.shape[2:], stride, i, j)]
        out = out + np.einsum("ncrs,fc->nfrs", seen, w[:, :, i, j])
    return out, (x_padded, w, stride, pad)


def conv_backward_naive(dout, cache):
    """Each input collects from every output that saw it; the padding's share is cut off."""
    x_padded, w, stride, pad = cache
    dx_padded, dw = np.zeros_like(x_padded), np.zeros_like(w)
    for i, j in np.ndindex(w.shape[2:]):
        place = grid(x_padded, w.shape[2:], stride, i, j)
        dx_padded[place] += np.einsum("nfrs,fc->ncrs", dout, w[:, :, i, j])
        dw[:, :, i, j] = np.einsum("nfrs,ncrs->fc", dout, x_padded[place])
    height, width = x_padded.shape[2:]
    dx = dx_padded[:, :, pad : height - pad, pad : width - pad]
    return dx, dw, dout.sum(axis=(0, 2, 3))


def max_pool_forward_naive(x, pool_param):
    """The largest number of each window, in each channel: the windows stacked along a new axis."""
    window, stride = (pool_param["pool_height"], pool_param["pool_width"]), pool_param["stride"]
    seen = windows(x, window, stride)
    winner = seen.argmax(axis=0)
    return np.take_along_axis(seen, winner[None], 0)[0], (x, winner, window, stride)


def max_pool_backward_naive(dout, cache):
    """Each output hands its gradient to the place it was taken from; windows may overlap."""
    x, winner, window, stride = cache
    dx = np.zeros_like(x)
    for number, (i, j) in enumerate(np.ndindex(window)):
        dx[grid(x, window, stride, i, j)] += dout * (winner == number)
    return dx


def grid(x, window, stride, i, j):
    """The index of the inputs at place (i, j) of every window, shape [N, C, H_out, W_out]."""
    rows = 1 + (x.shape[2] - window[0]) // stride
    columns = 1 + (x.shape[3] - window[1]) // stride
    return np.s_[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]


def windows(x, window, stride):
    """All windows, with the place in the window as the first axis."""
    return np.stack([x[grid(x, window, stride, i, j)] for i, j in np.ndindex(window)])


def max_pool_kinks(x, pool_height, pool_width, stride):
    """How far each number of a window is ahead of the others: it wins where that is positive.

    The last place needs none: at an exact tie with it, one argument alone is 0.
    """
    seen = windows(x, (pool_height, pool_width), stride)
    others = [np.delete(seen, place, axis=0).max(axis=0) for place in range(len(seen) - 1)]
    return seen[:-1] - np.stack(others)


def conv_draw(_, kind, values):
    """An image that windows at this stride cover to its edge; a square one in ordinary cases."""
    pad, stride = values["pad"], values["stride"]
    return {"x": fitting(values["x"], kind, values["w"].shape[2:], stride, pad)}


def max_pool_draw(rng, kind, values):
    """As conv_draw; at a tie all numbers of a window differ but its two largest, one the last."""
    window, stride = (values["pool_height"], values["pool_width"]), values["stride"]
    x = fitting(values["x"], kind, window, stride, 0)
    if kind == "near_kink":  # every number is moved, so four windows of each channel are enough
        x = x[:, :, :4, :4]
    if kind == "ties":
        x = (rng.permutation(x.size).reshape(x.shape) - x.size // 2) / 4
        n, c, i, j = (rng.integers(size) for size in windows(x, window, stride).shape[1:])
        seen = x[n, c, stride * i : stride * i + window[0], stride * j : stride * j + window[1]]
        place = np.unravel_index(rng.integers(seen.size - 1), window)
        seen[place] = seen[-1, -1] = seen.max() + 0.25
    return {"x": x}


def fitting(x, kind, window, stride, pad):
    """The corner of x whose height and width windows cover: (H + 2 pad - HH) % stride == 0."""
    height, width = x.shape[2:] if kind == "non_square" else (min(x.shape[2:]),) * 2
    height -= (height + 2 * pad - window[0]) % stride
    width -= (width + 2 * pad - window[1]) % stride
    return x[:, :, :height, :width].copy()
