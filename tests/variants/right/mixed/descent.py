"""Steps that compute in single precision and return double precision."""

import numpy as np

f32 = np.float32


def gradient_descent(w, dw, step):
    return (f32(w) - f32(step) * f32(dw)).astype(float)


def momentum(w, v, dw, step, mu):
    velocity = f32(mu) * f32(v) - f32(step) * f32(dw)
    return (f32(w) + velocity).astype(float), velocity.astype(float)


def circuit_step(x, y, z, step):
    x, y, z, step = map(f32, (x, y, z, step))
    point = x - step * z, y - step * z, z - step * (x + y)
    f = (point[0] + point[1]) * point[2]
    return tuple(map(float, (*point, f)))
