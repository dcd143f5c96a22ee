import numpy as np


def add_multiply(x, y, z, df):
    q = x + y
    f = q * z

    dq = z * df
    dz = q * df
    dx = dq
    dy = dq
    return {"q": q, "f": f, "dq": dq, "dx": dx, "dy": dy, "dz": dz}


def add_max_multiply(x, y, z, df):
    a = x + y
    b = max(y, z)
    f = a * b

    da = b * df
    db = a * df
    dx = da
    dy = da
    dz = 0.0
    if y > z:
        dy += db
    else:
        dz += db
    return {"a": a, "b": b, "f": f, "da": da, "db": db, "dx": dx, "dy": dy, "dz": dz}


def sigmoid_neuron(w0, x0, w1, x1, w2, df):
    out = {}
    out["prod0"] = w0 * x0
    out["prod1"] = w1 * x1
    out["dot"] = out["prod0"] + out["prod1"] + w2
    out["neg"] = -out["dot"]
    out["expneg"] = np.exp(out["neg"])
    out["den"] = 1 + out["expneg"]
    out["f"] = 1 / out["den"]

    out["dden"] = -1 / out["den"] ** 2 * df
    out["dexpneg"] = out["dden"]
    out["dneg"] = out["expneg"] * out["dexpneg"]
    out["ddot"] = -out["dneg"]
    out["dprod0"] = out["ddot"]
    out["dprod1"] = out["ddot"]
    out["dw2"] = out["ddot"]
    out["dw0"] = x0 * out["dprod0"]
    out["dx0"] = w0 * out["dprod0"]
    out["dw1"] = x1 * out["dprod1"]
    out["dx1"] = w1 * out["dprod1"]
    return out


def neuron(w, x):
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    f = 1 / (1 + np.exp(-dot))

    ddot = (1 - f) * f
    dx = np.array([w[0] * ddot, w[1] * ddot])
    dw = np.array([x[0] * ddot, x[1] * ddot, 1.0 * ddot])
    return {"dot": dot, "f": f, "ddot": ddot, "dx": dx, "dw": dw}


def multiply_max(x, y, z, w, df):
    xy = x * y
    m = max(z, w)
    s = xy + m
    f = 2 * s

    ds = 2 * df
    dxy = ds
    dm = ds
    dx = y * dxy
    dy = x * dxy
    dz = dm * (z > w)
    dw = dm * (w >= z)
    return {
        "xy": xy,
        "m": m,
        "s": s,
        "f": f,
        "ds": ds,
        "dxy": dxy,
        "dm": dm,
        "dx": dx,
        "dy": dy,
        "dz": dz,
        "dw": dw,
    }


def staged_rational(x, y, df):
    sigy = 1 / (1 + np.exp(-y))
    num = x + sigy
    sigx = 1 / (1 + np.exp(-x))
    xpy = x + y
    xpysqr = xpy**2
    den = sigx + xpysqr
    invden = 1 / den
    f = num * invden

    dnum = invden * df
    dinvden = num * df
    dden = -1 / den**2 * dinvden
    dsigx = dden
    dxpysqr = dden
    dxpy = 2 * xpy * dxpysqr
    dsigy = dnum
    dx = dxpy
    dy = dxpy
    dx += (1 - sigx) * sigx * dsigx
    dx += dnum
    dy += (1 - sigy) * sigy * dsigy
    return {
        "sigy": sigy,
        "num": num,
        "sigx": sigx,
        "xpy": xpy,
        "xpysqr": xpysqr,
        "den": den,
        "invden": invden,
        "f": f,
        "dnum": dnum,
        "dinvden": dinvden,
        "dden": dden,
        "dsigx": dsigx,
        "dxpysqr": dxpysqr,
        "dxpy": dxpy,
        "dsigy": dsigy,
        "dx": dx,
        "dy": dy,
    }


def apples_and_oranges(apple, apple_num, orange, orange_num, tax, dprice):
    out = {}
    out["apple_price"] = apple * apple_num
    out["orange_price"] = orange * orange_num
    out["all_price"] = out["apple_price"] + out["orange_price"]
    out["price"] = out["all_price"] * tax

    out["dall_price"] = tax * dprice
    out["dtax"] = out["all_price"] * dprice
    out["dapple_price"] = out["dall_price"]
    out["dorange_price"] = out["dall_price"]
    out["dapple"] = apple_num * out["dapple_price"]
    out["dapple_num"] = apple * out["dapple_price"]
    out["dorange"] = orange_num * out["dorange_price"]
    out["dorange_num"] = orange * out["dorange_price"]
    return out


def hidden_score(u, W, x, b, ds):
    z = W.dot(x) + b
    h = 1 / (1 + np.exp(-z))
    s = u.dot(h)

    du = h * ds
    dh = u * ds
    local = h * (1 - h)
    dz = dh * local
    dW = np.outer(dz, x)
    db = dz.copy()
    dx = W.T.dot(dz)
    return {
        "z": z,
        "h": h,
        "s": s,
        "dh": dh,
        "dz": dz,
        "du": du,
        "dW": dW,
        "db": db,
        "dx": dx,
    }
