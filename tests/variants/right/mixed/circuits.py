"""The circuits in single precision, with every result turned into a Python float at the end."""

import numpy as np


def floats(named):
    return {k: np.asarray(v).astype(float) if np.ndim(v) else float(v) for k, v in named.items()}


def singles(*values):
    return [np.float32(v) for v in values]


def sigmoid(t):
    return np.float32(1) / (np.float32(1) + np.exp(-t))


def add_multiply(x, y, z, df):
    x, y, z, df = singles(x, y, z, df)
    q = x + y
    dx = dy = dq = df * z
    dz = df * q
    return floats(dict(q=q, f=z * q, dq=dq, dx=dx, dy=dy, dz=dz))


def add_max_multiply(x, y, z, df):
    x, y, z, df = singles(x, y, z, df)
    a, b = y + x, max(z, y)
    da, db = df * b, df * a
    dy, dz = (da, db) if z >= y else (da + db, 0)
    return floats(dict(a=a, b=b, f=b * a, da=da, db=db, dx=da, dy=dy, dz=dz))


def sigmoid_neuron(w0, x0, w1, x1, w2, df):
    w0, x0, w1, x1, w2, df = singles(w0, x0, w1, x1, w2, df)
    prod0, prod1 = w0 * x0, w1 * x1
    dot = w2 + prod1 + prod0
    neg = -dot
    expneg = np.exp(neg)
    den = 1 + expneg
    f = 1 / den
    dexpneg = dden = -f * f * df
    dneg = dexpneg * expneg
    dw2 = dprod0 = dprod1 = ddot = -dneg
    dw0, dx0, dw1, dx1 = dprod0 * x0, dprod0 * w0, dprod1 * x1, dprod1 * w1
    return floats(locals())


def neuron(w, x):
    w, x = singles(w, x)
    dot = w[1] * x[1] + w[0] * x[0] + w[2]
    f = sigmoid(dot)
    ddot = f - f * f
    return floats(dict(dot=dot, f=f, ddot=ddot, dx=w[:2] * ddot, dw=np.append(x, 1) * ddot))


def multiply_max(x, y, z, w, df):
    x, y, z, w, df = singles(x, y, z, w, df)
    xy, m = x * y, max(z, w)
    s = m + xy
    f = s * 2
    ds = dxy = dm = df * 2
    dx, dy = dxy * y, dxy * x
    dz = dm if z > w else 0
    dw = dm - dz
    return floats(locals())


def staged_rational(x, y, df):
    x, y, df = singles(x, y, df)
    sigx, sigy = sigmoid(x), sigmoid(y)
    num, xpy = x + sigy, x + y
    xpysqr = xpy**2
    den = sigx + xpysqr
    invden = 1 / den
    f = num / den
    dinvden, dnum = num * df, invden * df
    dsigx = dxpysqr = dden = -(invden**2) * dinvden
    dxpy = 2 * xpy * dxpysqr
    dsigy = dnum
    dx = dnum + dxpy + (sigx - sigx**2) * dsigx
    dy = dxpy + (sigy - sigy**2) * dsigy
    return floats(locals())


def apples_and_oranges(apple, apple_num, orange, orange_num, tax, dprice):
    apple, apple_num, orange, orange_num = singles(apple, apple_num, orange, orange_num)
    tax, dprice = singles(tax, dprice)
    orange_price, apple_price = orange_num * orange, apple_num * apple
    all_price = orange_price + apple_price
    price = tax * all_price
    dtax, dall_price = dprice * all_price, dprice * tax
    dapple_price = dorange_price = dall_price
    dapple, dapple_num = dall_price * apple_num, dall_price * apple
    dorange, dorange_num = dall_price * orange_num, dall_price * orange
    return floats(locals())


def hidden_score(u, W, x, b, ds):
    u, W, x, b, ds = singles(u, W, x, b, ds)
    z = x @ W.T + b
    h = sigmoid(z)
    s = (u * h).sum()
    du, dh = ds * h, ds * u
    db = dz = dh * (h - h**2)
    dW = np.asfortranarray(dz[:, None] * x[None])
    dx = dz @ W
    return floats(locals())
