"""Circuits as little graphs of objects; the results come in subclasses of dict."""

from collections import OrderedDict, defaultdict

import numpy as np


class Graph(dict):
    """Named values; `grad` adds gradients up."""

    def grad(self, **more):
        for name, value in more.items():
            self["d" + name] = self.get("d" + name, 0.0) + value


def add_multiply(x, y, z, df):
    g = Graph(q=x + y)
    g["f"] = g["q"] * z
    g.grad(q=z * df, z=g["q"] * df)
    g.grad(x=g["dq"], y=g["dq"])
    return g


def add_max_multiply(x, y, z, df):
    g = Graph(a=x + y, b=np.maximum(y, z))
    g["f"] = g["a"] * g["b"]
    g.grad(a=g["b"] * df, b=g["a"] * df)
    g.grad(x=g["da"], y=g["da"])
    g.grad(y=(y > z) * g["db"], z=(not y > z) * g["db"])
    return g


def sigmoid_neuron(w0, x0, w1, x1, w2, df):
    g = defaultdict(float)
    g["prod0"], g["prod1"] = np.float64(w0 * x0), np.array(w1 * x1)
    g["dot"] = g["prod0"] + g["prod1"] + w2
    g["neg"] = g["dot"] * -1
    g["expneg"] = np.e ** g["neg"]
    g["den"] = g["expneg"] + 1
    g["f"] = g["den"] ** -1
    g["dden"] += -(g["den"] ** -2) * df
    g["dexpneg"] += g["dden"]
    g["dneg"] += g["dexpneg"] * g["expneg"]
    g["ddot"] += g["dneg"] * -1
    for name in ("prod0", "prod1", "w2"):
        g["d" + name] += g["ddot"]
    g["dw0"] += g["dprod0"] * x0
    g["dx0"] += g["dprod0"] * w0
    g["dw1"] += g["dprod1"] * x1
    g["dx1"] += g["dprod1"] * w1
    return g


def neuron(w, x):
    dot = np.inner(w[:-1], x) + w[-1]
    f = 1 / (1 + np.exp(-dot))
    ddot = f - f**2
    dw = np.zeros_like(w)
    dw[:2], dw[2] = ddot * x, ddot
    return OrderedDict(dw=dw, dx=np.asfortranarray(ddot * w[:-1]), ddot=ddot, f=f, dot=dot)


def multiply_max(x, y, z, w, df):
    g = Graph(xy=x * y, m=max((z, w)))
    g["s"] = g["xy"] + g["m"]
    g["f"] = 2 * g["s"]
    g.grad(s=2 * df)
    g.grad(xy=g["ds"], m=g["ds"])
    g.grad(x=g["dxy"] * y, y=g["dxy"] * x)
    winner, loser = ("z", "w") if z > w else ("w", "z")
    g.grad(**{winner: g["dm"], loser: 0})
    return g


def staged_rational(x, y, df):
    sigmoid = lambda t: 1 / (1 + np.exp(-t))  # noqa: E731
    g = Graph(sigx=sigmoid(x), sigy=sigmoid(y), xpy=x + y)
    g["num"] = x + g["sigy"]
    g["xpysqr"] = g["xpy"] * g["xpy"]
    g["den"] = g["sigx"] + g["xpysqr"]
    g["invden"] = g["den"] ** -1.0
    g["f"] = g["num"] * g["invden"]
    g.grad(num=g["invden"] * df, invden=g["num"] * df)
    g.grad(den=-g["invden"] ** 2 * g["dinvden"])
    g.grad(sigx=g["dden"], xpysqr=g["dden"])
    g.grad(xpy=2 * g["xpy"] * g["dxpysqr"])
    g.grad(x=g["dxpy"], y=g["dxpy"])
    g.grad(x=g["dsigx"] * g["sigx"] * (1 - g["sigx"]))
    g.grad(x=g["dnum"], sigy=g["dnum"])
    g.grad(y=g["dsigy"] * g["sigy"] * (1 - g["sigy"]))
    return g


def apples_and_oranges(apple, apple_num, orange, orange_num, tax, dprice):
    g = Graph(apple_price=apple * apple_num, orange_price=orange * orange_num)
    g["all_price"] = g["apple_price"] + g["orange_price"]
    g["price"] = g["all_price"] * tax
    g.grad(all_price=tax * dprice, tax=g["all_price"] * dprice)
    g.grad(apple_price=g["dall_price"], orange_price=g["dall_price"])
    g.grad(apple=g["dapple_price"] * apple_num, apple_num=g["dapple_price"] * apple)
    g.grad(orange=g["dorange_price"] * orange_num, orange_num=g["dorange_price"] * orange)
    return g


def hidden_score(u, W, x, b, ds):
    g = OrderedDict(z=W @ x + b)
    g["h"] = 1 / (1 + np.exp(-g["z"]))
    g["s"] = np.array([u @ g["h"]])  # of one entry
    g["du"], g["dh"] = (ds * g["h"]).tolist(), tuple(ds * u)
    g["dz"] = g["h"] * (1 - g["h"]) * np.array(g["dh"])
    g["dW"] = [row for row in g["dz"][:, None] * x]
    g["db"], g["dx"] = list(g["dz"]), g["dz"] @ W
    return g
