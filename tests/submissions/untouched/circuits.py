def circuit_a(x, y, df):
    q = f = dq = dx = dy = None
    # TODO
    return {"q": q, "f": f, "dq": dq, "dx": dx, "dy": dy}


def circuit_b(x, y, df):
    raise NotImplementedError
