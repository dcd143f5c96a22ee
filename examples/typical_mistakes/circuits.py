# Exercise 2, circuits
import numpy as np

def add_multiply(x, y, z, df):
    q = x + y
    f = q * z
    # the last gate always has gradient 1
    df = 1.0
    dq = z * df
    dz = q * df
    dx = dq
    dy = dq
    return {'q': q, 'f': f, 'dq': dq, 'dx': dx, 'dy': dy, 'dz': dz}

def add_max_multiply(x, y, z, df):
    a = x + y
    b = np.maximum(y, z)
    f = a * b
    da = b * df
    db = a * df
    dx = da
    dy = da
    dy = db * (y > z)
    dz = db * (z >= y)
    return {'a': a, 'b': b, 'f': f, 'da': da, 'db': db, 'dx': dx, 'dy': dy, 'dz': dz}

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
    dneg = expneg * dexpneg
    ddot = -dneg
    dprod0 = ddot
    dprod1 = ddot
    dw2 = ddot
    dw0 = x0 * dprod0
    dx0 = w0 * dprod0
    dw1 = x1 * dprod1
    dx1 = w1 * dprod1
    return {'prod0': prod0, 'prod1': prod1, 'dot': dot, 'neg': neg, 'expneg': expneg,
            'den': den, 'f': f, 'dden': dden, 'dexpneg': dexpneg, 'dneg': dneg, 'ddot': ddot,
            'dprod0': dprod0, 'dprod1': dprod1, 'dw0': dw0, 'dx0': dx0, 'dw1': dw1,
            'dx1': dx1, 'dw2': dw2}

def neuron(w, x):
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    f = 1.0 / (1 + np.exp(-dot))
    ddot = (1 - f) * f
    dx = [w[0] * ddot, w[1] * ddot]
    # dw for the two inputs
    dw = [x[0] * ddot, x[1] * ddot]
    return {'dot': dot, 'f': f, 'ddot': ddot, 'dx': dx, 'dw': dw}

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
    dz = dm if z > w else 0
    dw = dm if w > z else 0
    return {'xy': xy, 'm': m, 's': s, 'f': f, 'ds': ds, 'dxy': dxy,
            'dx': dx, 'dy': dy, 'dz': dz, 'dw': dw}

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def staged_rational(x, y, df):
    sigy = sigmoid(y)
    num = x + sigy
    sigx = sigmoid(x)
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
    dx = dxpy
    dy = dxpy
    dx = (1 - sigx) * sigx * dsigx   # should this be + ?
    dx += dnum
    dsigy = dnum
    dy += (1 - sigy) * sigy * dsigy
    return {'sigy': sigy, 'num': num, 'sigx': sigx, 'xpy': xpy, 'xpysqr': xpysqr, 'den': den,
            'invden': invden, 'f': f, 'dnum': dnum, 'dinvden': dinvden, 'dden': dden,
            'dsigx': dsigx, 'dxpysqr': dxpysqr, 'dxpy': dxpy, 'dsigy': dsigy, 'dx': dx, 'dy': dy}

def apples_and_oranges(apple, apple_num, orange, orange_num, tax, dprice):
    apple_price = apple * apple_num
    orange_price = orange * orange_num
    all_price = apple_price + orange_price
    price = all_price * tax
    dall_price = tax * dprice
    dtax = all_price * dprice
    dapple_price = dall_price
    dorange_price = dall_price
    dapple = apple * dapple_price
    dapple_num = apple_num * dapple_price
    dorange = orange_num * dorange_price
    dorange_num = orange * dorange_price
    return {'apple_price': apple_price, 'orange_price': orange_price, 'all_price': all_price,
            'price': price, 'dall_price': dall_price, 'dapple_price': dapple_price,
            'dorange_price': dorange_price, 'dapple': dapple, 'dapple_num': dapple_num,
            'dorange': dorange, 'dorange_num': dorange_num, 'dtax': dtax}

def hidden_score(u, W, x, b, ds):
    z = np.dot(W, x) + b
    h = sigmoid(z)
    s = np.dot(u, h)
    du = h * ds
    dh = u * ds
    dz = dh * h * (1 - h)
    dW = np.outer(x, dz)
    db = dz
    dx = np.dot(W.T, dz)
    return {'z': z, 'h': h, 's': s, 'dh': dh, 'dz': dz, 'du': du, 'dW': dW, 'db': db, 'dx': dx}
