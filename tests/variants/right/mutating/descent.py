"""Steps that write into their arguments and return nothing, where they may."""


def gradient_descent(w, dw, step):
    dw *= step
    w -= dw


def momentum(w, v, dw, step, mu):
    v *= mu
    v -= step * dw
    w += v


def circuit_step(x, y, z, step):
    q = x + y
    x -= step * z
    y -= step * z
    z -= step * q
    return x, y, z, (x + y) * z
