from itertools import product

import numpy as np



def conv_forward_naive(x, w, b, conv_param):
    step, pad = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    rows = int((x.shape[2] + 2 * pad - HH) / step) + 1
    columns = int((x.shape[3] + 2 * pad - WW) / step) + 1
    out = np.zeros((len(x), F, rows, columns))
    for n, f, r, s in product(*map(range, out.shape)):
        total = float(b[f])
        for i, j in product(range(HH), range(WW)):
            h, v = step * r + i - pad, step * s + j - pad
            if 0 <= h < x.shape[2] and 0 <= v < x.shape[3]:
                for c in range(C):
                    total += float(x[n, c, h, v]) * float(w[f, c, i, j])
        out[n, f, r, s] = total
    return out, {"x": x, "w": w, "step": step, "pad": pad}


def conv_backward_naive(dout, cache):
    x, w, step, pad = cache["x"], cache["w"], cache["step"], cache["pad"]
    F, C, HH, WW = w.shape
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(F)
    for n, f, r, s in product(*map(range, dout.shape)):
        up = dout[n, f, r, s]
        db[f] += up
        for i, j in product(range(HH), range(WW)):
            h, v = step * r + i - pad, step * s + j - pad
            if 0 <= h < x.shape[2] and 0 <= v < x.shape[3]:
                dx[n, :, h, v] += up * w[f, :, i, j]
                dw[f, :, i, j] += up * x[n, :, h, v]
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    height, width, step = (pool_param[k] for k in ("pool_height", "pool_width", "stride"))
    rows, columns = (x.shape[2] - height) // step + 1, (x.shape[3] - width) // step + 1
    out = np.zeros((*x.shape[:2], rows, columns))
    places = {}
    for n, c, r, s in product(*map(range, out.shape)):
        best = None
        for i, j in product(range(height), range(width)):
            place = n, c, r * step + i, s * step + j
            if best is None or x[place] > x[best]:
                best = place
        out[n, c, r, s] = x[best]
        places[n, c, r, s] = best
    return out, (x.shape, places)


def max_pool_backward_naive(dout, cache):
    shape, places = cache
    dx = np.zeros(shape)
    for out, place in places.items():
        dx[place] += dout[out]
    return dx
