"""Steps that return lists of numbers."""

import numpy as np


def gradient_descent(w, dw, step):
    return np.subtract(w, np.multiply(dw, step)).tolist()


def momentum(w, v, dw, step, mu):
    velocity = mu * v - step * dw
    return [(w + velocity).tolist(), velocity.tolist()]


def circuit_step(x, y, z, step):
    x, y, z = (np.array([x, y, z]) - step * np.array([z, z, x + y])).tolist()
    return [x, y, z, (x + y) * z]
