"""Steps in single precision throughout."""

import numpy as np

f32 = np.float32


def gradient_descent(w, dw, step):
    return w.astype(f32) - f32(step) * dw.astype(f32)


def momentum(w, v, dw, step, mu):
    v = f32(mu) * v.astype(f32) - f32(step) * dw.astype(f32)
    return w.astype(f32) + v, v


def circuit_step(x, y, z, step):
    x, y, z, step = map(f32, (x, y, z, step))
    x, y, z = x - step * z, y - step * z, z - step * (x + y)
    return x, y, z, (x + y) * z
