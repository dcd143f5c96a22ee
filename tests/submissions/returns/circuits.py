def circuit_a(x, y, df):
    q = x * y
    return {"q": q, "f": q**2, "dq": 2 * q * df, "dy": 2 * q * df * x}


def circuit_b(x, y, df):
    q = x * y
    return q, q**2, 2 * q * df
