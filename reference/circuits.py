"""Circuits: staged forward and backward passes through small graphs.

Forward, every gate has a name. Backward, the same names are met in reverse order, and each
receives upstream gradient times local gradient; a value used twice adds up both gradients.
"""

import numpy as np


def add_multiply(x, y, z, df):
    """``f = (x + y) z`` (CS231n, lecture 4)."""
    q = x + y
    f = q * z

    dq = z * df  # multiply gate: the other factor
    dz = q * df
    dx = 1.0 * dq  # add gate: distributes
    dy = 1.0 * dq
    return {"q": q, "f": f, "dq": dq, "dx": dx, "dy": dy, "dz": dz}


def add_max_multiply(x, y, z, df):
    """``f = (x + y) max(y, z)``, where y feeds two gates (CS224n, lecture 4)."""
    a = x + y
    b = np.maximum(y, z)
    f = a * b

    da = b * df
    db = a * df
    dx = 1.0 * da
    dy = 1.0 * da + np.greater(y, z) * db  # gradients add at branches
    dz = np.less_equal(y, z) * db
    return {"a": a, "b": b, "f": f, "da": da, "db": db, "dx": dx, "dy": dy, "dz": dz}


def add_max_multiply_kinks(x, y, z):  # noqa: ARG001  kinks receive every input
    """The max gate switches where y - z changes sign."""
    return y - z


def sigmoid_neuron(w0, x0, w1, x1, w2, df):
    """``f = 1 / (1 + exp(-(w0 x0 + w1 x1 + w2)))``, gate by gate (CS231n, lecture 4)."""
    prod0 = w0 * x0
    prod1 = w1 * x1
    dot = prod0 + prod1 + w2
    neg = -1.0 * dot
    expneg = np.exp(neg)
    den = 1.0 + expneg
    f = 1.0 / den

    dden = -1.0 / (den * den) * df  # 1/x gate: -1 / x^2
    dexpneg = 1.0 * dden  # 1 + x gate: 1
    dneg = expneg * dexpneg  # exp gate: its own output
    ddot = -1.0 * dneg  # -1 * x gate: -1
    dprod0 = 1.0 * ddot  # add gates: distribute
    dprod1 = 1.0 * ddot
    dw2 = 1.0 * ddot
    dw0 = x0 * dprod0  # multiply gates: the other factor
    dx0 = w0 * dprod0
    dw1 = x1 * dprod1
    dx1 = w1 * dprod1
    return {
        "prod0": prod0,
        "prod1": prod1,
        "dot": dot,
        "neg": neg,
        "expneg": expneg,
        "den": den,
        "f": f,
        "dden": dden,
        "dexpneg": dexpneg,
        "dneg": dneg,
        "ddot": ddot,
        "dprod0": dprod0,
        "dprod1": dprod1,
        "dw0": dw0,
        "dx0": dx0,
        "dw1": dw1,
        "dx1": dx1,
        "dw2": dw2,
    }


def neuron(w, x):
    """``f = sigmoid(w[0] x[0] + w[1] x[1] + w[2])``, short form (CS231n, lecture 4).

    w has shape [3], its last entry is the bias; x has shape [2].
    """
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    f = 1.0 / (1.0 + np.exp(-dot))

    ddot = (1.0 - f) * f  # the sigmoid as one gate
    dx = w[:2] * ddot
    dw = np.append(x * ddot, 1.0 * ddot)  # the bias has a gradient, too
    return {"dot": dot, "f": f, "ddot": ddot, "dx": dx, "dw": dw}


def multiply_max(x, y, z, w, df):
    """``f = 2 (x y + max(z, w))`` (CS231n notes, patterns in backward flow)."""
    xy = x * y
    m = np.maximum(z, w)
    s = xy + m
    f = 2.0 * s

    ds = 2.0 * df
    dxy = 1.0 * ds
    dm = 1.0 * ds
    dx = y * dxy
    dy = x * dxy
    dz = np.greater(z, w) * dm
    dw = np.less_equal(z, w) * dm
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


def multiply_max_kinks(x, y, z, w):  # noqa: ARG001  kinks receive every input
    """The max gate switches where z - w changes sign."""
    return z - w


def staged_rational(x, y, df):
    """``f = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)`` (CS231n notes, staged computation)."""
    sigy = 1.0 / (1.0 + np.exp(-y))
    num = x + sigy
    sigx = 1.0 / (1.0 + np.exp(-x))
    xpy = x + y
    xpysqr = xpy * xpy
    den = sigx + xpysqr
    invden = 1.0 / den
    f = num * invden

    dnum = invden * df
    dinvden = num * df
    dden = -1.0 / (den * den) * dinvden
    dsigx = 1.0 * dden
    dxpysqr = 1.0 * dden
    dxpy = 2.0 * xpy * dxpysqr
    dsigy = 1.0 * dnum
    dx = 1.0 * dnum + (1.0 - sigx) * sigx * dsigx + 1.0 * dxpy  # x is used three times
    dy = (1.0 - sigy) * sigy * dsigy + 1.0 * dxpy  # y is used twice
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
    """The price of apples and oranges with tax (Saito, Deep Learning from Scratch, chapter 5)."""
    apple_price = apple * apple_num
    orange_price = orange * orange_num
    all_price = apple_price + orange_price
    price = all_price * tax

    dall_price = tax * dprice  # multiply gate: the other factor
    dtax = all_price * dprice
    dapple_price = 1.0 * dall_price  # add gate: distributes
    dorange_price = 1.0 * dall_price
    dapple = apple_num * dapple_price
    dapple_num = apple * dapple_price
    dorange = orange_num * dorange_price
    dorange_num = orange * dorange_price
    return {
        "apple_price": apple_price,
        "orange_price": orange_price,
        "all_price": all_price,
        "price": price,
        "dall_price": dall_price,
        "dapple_price": dapple_price,
        "dorange_price": dorange_price,
        "dapple": dapple,
        "dapple_num": dapple_num,
        "dorange": dorange,
        "dorange_num": dorange_num,
        "dtax": dtax,
    }


def hidden_score(u, W, x, b, ds):
    """``s = u^T f(W x + b)`` with the sigmoid f (CS224n, lecture 4).

    u and b have shape [M], W [M, D], x [D]. dz is the lecture's delta = u * f'(z), times ds.
    """
    z = W @ x + b
    h = 1.0 / (1.0 + np.exp(-z))
    s = u @ h

    du = h * ds
    dh = u * ds
    dz = (1.0 - h) * h * dh  # computed once, used three times
    dW = np.outer(dz, x)
    db = 1.0 * dz
    dx = W.T @ dz
    return {"z": z, "h": h, "s": s, "dh": dh, "dz": dz, "du": du, "dW": dW, "db": db, "dx": dx}
