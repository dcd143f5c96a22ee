"""Steps entry by entry."""

import numpy as np


def gradient_descent(w, dw, step):
    result = np.empty(w.shape)
    for i in np.ndindex(w.shape):
        result[i] = w[i] - step * dw[i]
    return result


def momentum(w, v, dw, step, mu):
    new_w, new_v = np.empty(w.shape), np.empty(w.shape)
    for i in np.ndindex(w.shape):
        new_v[i] = mu * v[i] - step * dw[i]
        new_w[i] = w[i] + new_v[i]
    return new_w, new_v


def circuit_step(x, y, z, step):
    point = {"x": x, "y": y, "z": z}
    gradient = {"x": z, "y": z, "z": x + y}
    for name, slope in gradient.items():
        point[name] -= step * slope
    return [*point.values(), (point["x"] + point["y"]) * point["z"]]
