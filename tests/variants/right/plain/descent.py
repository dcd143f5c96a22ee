"""Steps as the lectures write them."""

import numpy as np


def gradient_descent(w, dw, step):
    w_next = w - step * dw
    return w_next


def momentum(w, v, dw, step, mu):
    v_next = mu * v - step * dw
    w_next = w + v_next
    return w_next, v_next


def circuit_step(x, y, z, step):
    q = x + y
    dx = z
    dy = z
    dz = q
    x_next = x - step * dx
    y_next = y - step * dy
    z_next = z - step * dz
    f_next = (x_next + y_next) * z_next
    return x_next, y_next, z_next, f_next
