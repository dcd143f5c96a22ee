# Exercise 7 - steps downhill


def gradient_descent(w, dw, step):
    return w - step * dw


def momentum(w, v, dw, step, mu):
    v = mu * v - step * dw
    return w + v, v


def circuit_step(x, y, z, step):
    # backward pass at the old point
    dq, dz = z, x + y
    dx, dy = dq, dq
    # all inputs move at once
    x -= step * dx
    y -= step * dy
    z -= step * dz
    return x, y, z, (x + y) * z
