def layer_a_forward(x, w):
    return x @ w, (x, w)


def layer_a_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout


def layer_b_forward(x, w):
    return x @ w, [w, x]


def layer_b_backward(dout, cache):
    dw = cache.pop().T @ dout
    return dout @ cache.pop().T, dw


kept = []


def layer_c_forward(x, w):
    kept[:] = [x, w]
    return x @ w, None


def layer_c_backward(dout, cache):
    return layer_a_backward(dout, kept)
