# mypy: ignore-errors
# ruff: noqa: ANN001, ANN201
"""Two circuits that are the same: f = q^2 with q = x y."""


def circuit_a(x, y, df):
    """Multiply, then square."""
    q = x * y
    f = q * q
    dq = 2.0 * q * df
    dx = y * dq
    dy = x * dq
    return {"q": q, "f": f, "dq": dq, "dx": dx, "dy": dy}


def circuit_b(x, y, df):
    """Multiply, then square."""
    q = x * y
    f = q * q
    dq = 2.0 * q * df
    dx = y * dq
    dy = x * dq
    return {"q": q, "f": f, "dq": dq, "dx": dx, "dy": dy}
