"""Steps that return dicts and lists."""


def gradient_descent(w, dw, step):
    return {"w_next": -step * dw + w}


def momentum(w, v, dw, step, mu):
    change = v * mu - dw * step
    return {"v_next": change, "w_next": change + w}


def circuit_step(x, y, z, step):
    f = (x - step * z + y - step * z) * (z - step * (x + y))
    return {"f_next": f, "x_next": x - step * z, "y_next": y - step * z,
            "z_next": z - step * (x + y)}  # fmt: skip
