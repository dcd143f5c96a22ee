"""Circuits in single precision throughout."""

import numpy as np

f32 = np.float32
ONE, TWO, ZERO = f32(1), f32(2), f32(0)


def add_multiply(x, y, z, df):
    x, y, z, df = f32(x), f32(y), f32(z), f32(df)
    q = x + y
    dq = z * df
    return {"q": q, "f": q * z, "dq": dq, "dx": dq, "dy": dq, "dz": q * df}


def add_max_multiply(x, y, z, df):
    x, y, z, df = f32(x), f32(y), f32(z), f32(df)
    a, b = x + y, np.maximum(y, z)
    da, db = b * df, a * df
    toy = db if y > z else ZERO
    return {"a": a, "b": b, "f": a * b, "da": da, "db": db,
            "dx": da, "dy": da + toy, "dz": db - toy}  # fmt: skip


def sigmoid_neuron(w0, x0, w1, x1, w2, df):
    w0, x0, w1, x1, w2, df = map(f32, (w0, x0, w1, x1, w2, df))
    prod0, prod1 = w0 * x0, w1 * x1
    dot = prod0 + prod1 + w2
    neg = -dot
    expneg = np.exp(neg)
    den = ONE + expneg
    f = ONE / den
    dden = -df / (den * den)
    dneg = expneg * dden
    ddot = -dneg
    return {
        "prod0": prod0, "prod1": prod1, "dot": dot, "neg": neg, "expneg": expneg, "den": den,
        "f": f, "dden": dden, "dexpneg": dden, "dneg": dneg, "ddot": ddot, "dprod0": ddot,
        "dprod1": ddot, "dw0": x0 * ddot, "dx0": w0 * ddot, "dw1": x1 * ddot, "dx1": w1 * ddot,
        "dw2": ddot,
    }  # fmt: skip


def neuron(w, x):
    w, x = w.astype(f32), x.astype(f32)
    dot = w[:2] @ x + w[2]
    f = ONE / (ONE + np.exp(-dot))
    ddot = f * (ONE - f)
    return {"dot": dot, "f": f, "ddot": ddot, "dx": ddot * w[:2], "dw": ddot * np.append(x, ONE)}


def multiply_max(x, y, z, w, df):
    x, y, z, w, df = (np.array(v, dtype=f32) for v in (x, y, z, w, df))
    xy, m = x * y, np.maximum(z, w)
    s = xy + m
    ds = TWO * df
    dz = np.where(z >= w, ds, ZERO)
    return {"xy": xy, "m": m, "s": s, "f": TWO * s, "ds": ds, "dxy": ds, "dm": ds,
            "dx": y * ds, "dy": x * ds, "dz": dz, "dw": ds - dz}  # fmt: skip


def staged_rational(x, y, df):
    x, y, df = f32(x), f32(y), f32(df)
    sigy = ONE / (ONE + np.exp(-y))
    num = x + sigy
    sigx = ONE / (ONE + np.exp(-x))
    xpy = x + y
    xpysqr = xpy * xpy
    den = sigx + xpysqr
    invden = ONE / den
    dnum, dinvden = invden * df, num * df
    dden = -dinvden / (den * den)
    dxpy = TWO * xpy * dden
    dx = dnum + (ONE - sigx) * sigx * dden + dxpy
    dy = (ONE - sigy) * sigy * dnum + dxpy
    return {"sigy": sigy, "num": num, "sigx": sigx, "xpy": xpy, "xpysqr": xpysqr, "den": den,
            "invden": invden, "f": num * invden, "dnum": dnum, "dinvden": dinvden, "dden": dden,
            "dsigx": dden, "dxpysqr": dden, "dxpy": dxpy, "dsigy": dnum,
            "dx": dx, "dy": dy}  # fmt: skip


def apples_and_oranges(apple, apple_num, orange, orange_num, tax, dprice):
    values = (apple, apple_num, orange, orange_num, tax, dprice)
    apple, apple_num, orange, orange_num, tax, dprice = map(f32, values)
    apple_price, orange_price = apple * apple_num, orange * orange_num
    all_price = apple_price + orange_price
    d = tax * dprice
    return {"apple_price": apple_price, "orange_price": orange_price, "all_price": all_price,
            "price": all_price * tax, "dall_price": d, "dapple_price": d, "dorange_price": d,
            "dapple": apple_num * d, "dapple_num": apple * d, "dorange": orange_num * d,
            "dorange_num": orange * d, "dtax": all_price * dprice}  # fmt: skip


def hidden_score(u, W, x, b, ds):
    u, W, x, b, ds = u.astype(f32), W.astype(f32), x.astype(f32), b.astype(f32), f32(ds)
    z = W @ x + b
    h = ONE / (ONE + np.exp(-z))
    dz = u * h * (ONE - h) * ds
    return {"z": z, "h": h, "s": u @ h, "dh": u * ds, "dz": dz, "du": h * ds,
            "dW": np.outer(dz, x), "db": dz, "dx": W.T @ dz}  # fmt: skip
