def layer_a_forward(x, w):
    return x @ w, (x, w)


def layer_a_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout


def layer_b_forward(x, w, b=0):
    return layer_a_forward(x, w)


def layer_b_backward(dout):
    return dout, dout


def layer_c_forward(*args):
    return layer_a_forward(*args)


layerc_backward = layer_a_backward
