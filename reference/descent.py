"""Steps against the gradient (CS231n, lectures 3 and 4)."""


def gradient_descent(w, dw, step):
    """``w <- w - step dw``: the gradient points uphill, so step against it."""
    return w - step * dw


def momentum(w, v, dw, step, mu):
    """The velocity keeps a share of itself, and carries w along."""
    v = mu * v - step * dw
    w = w + v
    return w, v


def circuit_step(x, y, z, step):
    """One step downhill on ``f = (x + y) z``; every gradient is that of the old point."""
    q = x + y
    dx = dy = z  # multiply gate: the other factor; add gate: distributes
    dz = q
    x, y, z = x - step * dx, y - step * dy, z - step * dz
    return x, y, z, (x + y) * z
