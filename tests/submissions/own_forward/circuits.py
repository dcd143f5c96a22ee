def circuit_a(x, y, df):  # one slip at the start
    q = x + y
    f = q * q
    dq = 2 * q * df
    return {"q": q, "f": f, "dq": dq, "dx": y * dq, "dy": x * dq}


def circuit_b(x, y, df):  # nothing but zeros
    return {"q": 0.0, "f": 0.0, "dq": 0.0, "dx": 0.0, "dy": 0.0}
