"""Circuits by other algebra, with 0-d arrays and extended precision; ties are shared."""

import numpy as np


def add_multiply(x, y, z, df):
    q = np.sum([x, y])
    f = np.prod([q, z])
    dq, dz = np.array([z, q]) * df
    dx, dy = np.ones(2) * dq
    return {"q": q, "f": f, "dq": dq, "dx": dx, "dy": dy, "dz": dz}


def add_max_multiply(x, y, z, df):
    x, y, z = np.array(x), np.array(y), np.array(z)
    a = x + y
    b = (y + z + np.abs(y - z)) / 2
    da, db = b * df, a * df
    share = np.heaviside(y - z, 0.5)
    return {
        "a": a,
        "b": b,
        "f": a * b,
        "da": da,
        "db": db,
        "dx": da,
        "dy": da + share * db,
        "dz": (1 - share) * db,
    }


def sigmoid_neuron(w0, x0, w1, x1, w2, df):
    w0, x0, w1, x1, w2 = (np.longdouble(v) for v in (w0, x0, w1, x1, w2))
    prod0, prod1 = w0 * x0, w1 * x1
    dot = prod0 + prod1 + w2
    expneg = np.exp(-dot)
    f = 1 / (1 + expneg)
    ddot = f * (1 - f) * df
    dneg = -ddot
    dden = -(f**2) * df
    return {
        "prod0": prod0, "prod1": prod1, "dot": dot, "neg": -dot, "expneg": expneg,
        "den": 1 + expneg, "f": f, "dden": dden, "dexpneg": dden, "dneg": dneg, "ddot": ddot,
        "dprod0": ddot, "dprod1": ddot, "dw0": x0 * ddot, "dx0": w0 * ddot, "dw1": x1 * ddot,
        "dx1": w1 * ddot, "dw2": ddot,
    }  # fmt: skip


def neuron(w, x):
    extended = np.append(x, 1.0)
    dot = np.einsum("i,i->", w, extended)
    f = 0.5 * (1 + np.tanh(dot / 2))
    ddot = np.exp(-dot) / (1 + np.exp(-dot)) ** 2
    return {"dot": dot, "f": f, "ddot": ddot, "dx": (ddot * w)[:-1], "dw": ddot * extended}


def multiply_max(x, y, z, w, df):
    zw = np.array([z, w])
    m = zw.max()
    xy = np.multiply(x, y)
    s = xy + m
    ds = np.array(2.0) * df
    winners = zw == m
    dz, dw = ds * winners / winners.sum()
    dx, dy = np.array([y, x]) * ds
    return {"xy": xy, "m": m, "s": s, "f": s + s, "ds": ds, "dxy": ds, "dm": ds,
            "dx": dx, "dy": dy, "dz": dz, "dw": dw}  # fmt: skip


def staged_rational(x, y, df):
    sig = 0.5 * (1 + np.tanh(np.array([x, y]) / 2))
    sigx, sigy = sig
    num = x + sigy
    xpy = x + y
    xpysqr = np.power(xpy, 2)
    den = sigx + xpysqr
    invden = np.reciprocal(den)
    f = num / den
    dden = -num / den**2 * df
    dxpy = 2 * dden * xpy
    local = sig * (1 - sig)
    dx = df / den + local[0] * dden + dxpy
    dy = local[1] * df / den + dxpy
    return {"sigy": sigy, "num": num, "sigx": sigx, "xpy": xpy, "xpysqr": xpysqr, "den": den,
            "invden": invden, "f": f, "dnum": invden * df, "dinvden": num * df, "dden": dden,
            "dsigx": dden, "dxpysqr": dden, "dxpy": dxpy, "dsigy": df / den,
            "dx": dx, "dy": dy}  # fmt: skip


def apples_and_oranges(apple, apple_num, orange, orange_num, tax, dprice):
    prices, nums = np.array([apple, orange]), np.array([apple_num, orange_num])
    each = prices * nums
    total = prices @ nums
    dall = np.multiply(tax, dprice)
    dapple, dorange, dapple_num, dorange_num = np.r_[nums, prices] * dall
    return {"apple_price": each[0], "orange_price": each[1], "all_price": total,
            "price": total * tax, "dall_price": dall, "dapple_price": dall, "dorange_price": dall,
            "dapple": dapple, "dapple_num": dapple_num, "dorange": dorange,
            "dorange_num": dorange_num, "dtax": total * dprice}  # fmt: skip


def hidden_score(u, W, x, b, ds):
    z = np.einsum("ij,j->i", W, x) + b
    h = 0.5 + 0.5 * np.tanh(0.5 * z)
    delta = np.einsum("i,i,i->i", u, h, 1 - h)
    return {"z": z, "h": h, "s": np.einsum("i,i", u, h), "dh": np.multiply(u, ds),
            "dz": delta * ds, "du": np.multiply(h, ds), "dW": np.einsum("i,j,->ij", delta, x, ds),
            "db": np.einsum("ij,j,->i", np.eye(b.size), delta, ds),
            "dx": np.einsum("i,ij,->j", delta, W, ds)}  # fmt: skip
