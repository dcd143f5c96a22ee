def circuit_a(x, y, df):
    q = x * y
    return {"q": q, "f": q**2, "dq": 2 * q * df, "dx": 2 * q * df * y, "dy": 2 * q * df * x}


circuit_b = circuit_a
