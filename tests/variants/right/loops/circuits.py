"""Circuits with the math module and Python numbers; gradients are added up with +=."""

import math


def sigmoid(t):
    return 1 / (1 + math.exp(-t))


def add_multiply(x, y, z, df):
    q = x + y
    f = q * z
    dx = dy = dz = dq = 0
    dq += z * df
    dz += q * df
    dx += dq
    dy += dq
    return dict(q=q, f=f, dq=dq, dx=dx, dy=dy, dz=dz)


def add_max_multiply(x, y, z, df):
    a, b = x + y, max(y, z)
    f = a * b
    da, db = b * df, a * df
    dx, dy, dz = da, da, 0
    if y >= z:
        dy += db
    else:
        dz += db
    return dict(a=a, b=b, f=f, da=da, db=db, dx=dx, dy=dy, dz=dz)


def sigmoid_neuron(w0, x0, w1, x1, w2, df):
    prod0, prod1 = w0 * x0, w1 * x1
    dot = prod0 + prod1 + w2
    neg = -dot
    expneg = math.exp(neg)
    den = expneg + 1
    f = 1 / den
    dden = -df / (den * den)
    dexpneg = dden
    dneg = dexpneg * expneg
    ddot = -dneg
    dprod0 = dprod1 = dw2 = ddot
    dw0, dx0 = x0 * dprod0, w0 * dprod0
    dw1, dx1 = x1 * dprod1, w1 * dprod1
    return locals()  # more names than asked for


def neuron(w, x):
    dot = w[2]
    for i in range(2):
        dot = dot + w[i] * x[i]
    f = sigmoid(dot)
    ddot = f * (1 - f)
    dx, dw = [], []
    for i in range(2):
        dx.append(w[i] * ddot)
        dw.append(x[i] * ddot)
    dw.append(ddot)
    return {"dot": dot, "f": f, "ddot": ddot, "dx": dx, "dw": dw}


def multiply_max(x, y, z, w, df):
    xy = x * y
    m = z if z >= w else w
    s = xy + m
    f = s * 2
    ds = df * 2
    dxy, dm = ds, ds
    dx, dy = dxy * y, dxy * x
    dz, dw = (dm, 0) if z >= w else (0, dm)
    return locals()


def staged_rational(x, y, df):
    v = {}
    v["sigy"] = sigmoid(y)
    v["num"] = x + v["sigy"]
    v["sigx"] = sigmoid(x)
    v["xpy"] = x + y
    v["xpysqr"] = v["xpy"] ** 2
    v["den"] = v["sigx"] + v["xpysqr"]
    v["invden"] = 1.0 / v["den"]
    v["f"] = v["num"] * v["invden"]
    v["dnum"] = v["invden"] * df
    v["dinvden"] = v["num"] * df
    v["dden"] = (-1.0 / (v["den"] ** 2)) * v["dinvden"]
    v["dsigx"] = v["dden"]
    v["dxpysqr"] = v["dden"]
    v["dxpy"] = (2 * v["xpy"]) * v["dxpysqr"]
    v["dx"] = v["dxpy"]
    v["dy"] = v["dxpy"]
    v["dx"] += ((1 - v["sigx"]) * v["sigx"]) * v["dsigx"]
    v["dx"] += v["dnum"]
    v["dsigy"] = v["dnum"]
    v["dy"] += ((1 - v["sigy"]) * v["sigy"]) * v["dsigy"]
    return v


def apples_and_oranges(apple, apple_num, orange, orange_num, tax, dprice):
    apple_price, orange_price = apple * apple_num, orange * orange_num
    all_price = apple_price + orange_price
    price = all_price * tax
    dall_price = dtax = dapple = dapple_num = dorange = dorange_num = 0
    dapple_price = dorange_price = 0
    dall_price += tax * dprice
    dtax += all_price * dprice
    dapple_price += dall_price
    dorange_price += dall_price
    dapple += apple_num * dapple_price
    dapple_num += apple * dapple_price
    dorange += orange_num * dorange_price
    dorange_num += orange * dorange_price
    return locals()


def hidden_score(u, W, x, b, ds):
    M, D = W.shape
    z, h, s = [0.0] * M, [0.0] * M, 0.0
    for i in range(M):
        z[i] = b[i]
        for j in range(D):
            z[i] += W[i][j] * x[j]
        h[i] = sigmoid(z[i])
        s += u[i] * h[i]
    du, dh, dz, db, dx = [0.0] * M, [0.0] * M, [0.0] * M, [0.0] * M, [0.0] * D
    dW = [[0.0] * D for _ in range(M)]
    for i in range(M):
        du[i] += h[i] * ds
        dh[i] += u[i] * ds
        dz[i] += h[i] * (1 - h[i]) * dh[i]
        db[i] += dz[i]
        for j in range(D):
            dW[i][j] += dz[i] * x[j]
            dx[j] += dz[i] * W[i][j]
    return {"z": z, "h": h, "s": s, "dh": dh, "dz": dz, "du": du, "dW": dW, "db": db, "dx": dx}
