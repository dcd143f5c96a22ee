def layer_a_forward(x, w):
    return x @ w, (x, w)


def layer_a_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout


def layer_b_forward(x, w):
    return x @ w


def layer_b_backward(dout, cache):
    return dout, cache


def layer_c_forward(x, w):
    return x @ w, x, w


layer_c_backward = layer_a_backward
