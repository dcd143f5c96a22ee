def gradient_descent(w, dw, step):
    return w + step * dw


def momentum(w, v, dw, step, mu):
    v_new = mu * v - step * dw
    w_new = w + v
    return w_new, v_new


def circuit_step(x, y, z, step):
    # one after the other
    x = x - step * z
    y = y - step * z
    z = z - step * (x + y)
    return x, y, z, (x + y) * z
