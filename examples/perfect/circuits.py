# Exercise 2 - circuits
import numpy as np


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def add_multiply(x, y, z, df):
    q = x + y
    f = q * z
    # backward, last gate first
    dq = df * z
    dz = df * q
    dx = dq
    dy = dq
    return {"q": q, "f": f, "dq": dq, "dx": dx, "dy": dy, "dz": dz}


def add_max_multiply(x, y, z, df):
    a = x + y
    b = max(y, z)
    f = a * b

    da = df * b
    db = df * a
    # + gate
    dx = da
    dy = da
    # max gate: += because y is used two times
    dz = 0.0
    if y >= z:
        dy += db
    else:
        dz += db
    return dict(a=a, b=b, f=f, da=da, db=db, dx=dx, dy=dy, dz=dz)


def sigmoid_neuron(w0, x0, w1, x1, w2, df):
    prod0 = w0 * x0
    prod1 = w1 * x1
    dot = prod0 + prod1 + w2
    neg = -dot
    expneg = np.exp(neg)
    den = 1 + expneg
    f = 1 / den

    dden = -1 / den**2 * df
    dexpneg = dden
    dneg = np.exp(neg) * dexpneg
    ddot = -dneg
    dprod0 = ddot
    dprod1 = ddot
    dw2 = ddot
    dw0 = dprod0 * x0
    dx0 = dprod0 * w0
    dw1 = dprod1 * x1
    dx1 = dprod1 * w1
    names = ("prod0 prod1 dot neg expneg den f dden dexpneg dneg ddot dprod0 dprod1 "
             "dw0 dx0 dw1 dx1 dw2").split()
    here = locals()
    return {name: here[name] for name in names}


def neuron(w, x):
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    f = sigmoid(dot)
    ddot = f * (1 - f)
    dx = np.array([w[0] * ddot, w[1] * ddot])
    dw = np.array([x[0] * ddot, x[1] * ddot, 1 * ddot])
    return {"dot": dot, "f": f, "ddot": ddot, "dx": dx, "dw": dw}


def multiply_max(x, y, z, w, df):
    xy = x * y
    m = max(z, w)
    s = xy + m
    f = 2 * s

    ds = 2 * df
    dxy, dm = ds, ds
    dx = y * dxy
    dy = x * dxy
    dz = dm if z > w else 0.0
    dw = dm if z <= w else 0.0
    return {"xy": xy, "m": m, "s": s, "f": f, "ds": ds, "dxy": dxy, "dm": dm,
            "dx": dx, "dy": dy, "dz": dz, "dw": dw}


def staged_rational(x, y, df):
    sigy = sigmoid(y)  # (1)
    num = x + sigy  # (2)
    sigx = sigmoid(x)  # (3)
    xpy = x + y  # (4)
    xpysqr = xpy**2  # (5)
    den = sigx + xpysqr  # (6)
    invden = 1.0 / den  # (7)
    f = num * invden  # (8)

    # (8)
    dnum = invden * df
    dinvden = num * df
    # (7)
    dden = (-1.0 / (den**2)) * dinvden
    # (6)
    dsigx = dden
    dxpysqr = dden
    # (5)
    dxpy = (2 * xpy) * dxpysqr
    # (4)
    dx = dxpy
    dy = dxpy
    # (3) from here on always +=
    dx += ((1 - sigx) * sigx) * dsigx
    # (2)
    dx += dnum
    dsigy = dnum
    # (1)
    dy += ((1 - sigy) * sigy) * dsigy
    return {"sigy": sigy, "num": num, "sigx": sigx, "xpy": xpy, "xpysqr": xpysqr, "den": den,
            "invden": invden, "f": f, "dnum": dnum, "dinvden": dinvden, "dden": dden,
            "dsigx": dsigx, "dxpysqr": dxpysqr, "dxpy": dxpy, "dsigy": dsigy, "dx": dx, "dy": dy}


def apples_and_oranges(apple, apple_num, orange, orange_num, tax, dprice):
    # layer by layer as in the book
    apple_price = apple * apple_num
    orange_price = orange * orange_num
    all_price = apple_price + orange_price
    price = all_price * tax

    dall_price = dprice * tax
    dtax = dprice * all_price
    dapple_price = dall_price
    dorange_price = dall_price
    dorange = dorange_price * orange_num
    dorange_num = dorange_price * orange
    dapple = dapple_price * apple_num
    dapple_num = dapple_price * apple
    return {"apple_price": apple_price, "orange_price": orange_price, "all_price": all_price,
            "price": price, "dall_price": dall_price, "dtax": dtax, "dapple_price": dapple_price,
            "dorange_price": dorange_price, "dorange": dorange, "dorange_num": dorange_num,
            "dapple": dapple, "dapple_num": dapple_num}


def hidden_score(u, W, x, b, ds):
    z = W.dot(x) + b
    h = sigmoid(z)
    s = u.dot(h)

    # ds is a number
    du = ds * h
    dh = ds * u
    delta = dh * h * (1 - h)
    dW = np.outer(delta, x)
    db = delta
    dx = W.T.dot(delta)
    return {"z": z, "h": h, "s": s, "du": du, "dh": dh, "dz": delta, "dW": dW, "db": db, "dx": dx}
