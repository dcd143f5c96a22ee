"""Circuits with a tiny tape instead of formulas written out by hand."""

import math

import numpy as np


class Var:
    """A number that remembers how it was made."""

    def __init__(self, value, parents=()):
        self.v, self.parents, self.g = value, parents, 0.0

    def __add__(self, other):
        other = as_var(other)
        return Var(self.v + other.v, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = as_var(other)
        return Var(self.v * other.v, [(self, other.v), (other, self.v)])

    def __neg__(self):
        return Var(-self.v, [(self, -1.0)])

    def exp(self):
        e = math.exp(self.v)
        return Var(e, [(self, e)])

    def inverse(self):
        return Var(1 / self.v, [(self, -1 / self.v**2)])

    def square(self):
        return Var(self.v**2, [(self, 2 * self.v)])

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.v))
        return Var(s, [(self, s * (1 - s))])

    def max(self, other):
        first = self.v > other.v
        return Var(max(self.v, other.v), [(self, 1.0 * first), (other, 1.0 * (not first))])


def as_var(x):
    return x if isinstance(x, Var) else Var(x)


def backprop(last, upstream):
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for parent, _ in node.parents:
                visit(parent)
            order.append(node)

    visit(last)
    last.g = upstream
    for node in reversed(order):
        for parent, local in node.parents:
            parent.g += node.g * local


def answer(leaves, nodes, df):
    """nodes: name -> Var in the order of the forward pass, the last one is f."""
    backprop(list(nodes.values())[-1], df)
    result = {name: node.v for name, node in nodes.items()}
    result.update({"d" + name: node.g for name, node in {**leaves, **nodes}.items()})
    return result  # with df as well, it does no harm


def add_multiply(x, y, z, df):
    x, y, z = map(Var, (x, y, z))
    q = x + y
    return answer(dict(x=x, y=y, z=z), dict(q=q, f=q * z), df)


def add_max_multiply(x, y, z, df):
    x, y, z = map(Var, (x, y, z))
    a, b = x + y, y.max(z)
    return answer(dict(x=x, y=y, z=z), dict(a=a, b=b, f=a * b), df)


def sigmoid_neuron(w0, x0, w1, x1, w2, df):
    leaves = {n: Var(v) for n, v in dict(w0=w0, x0=x0, w1=w1, x1=x1, w2=w2).items()}
    n = {}
    n["prod0"] = leaves["w0"] * leaves["x0"]
    n["prod1"] = leaves["w1"] * leaves["x1"]
    n["dot"] = n["prod0"] + n["prod1"] + leaves["w2"]
    n["neg"] = -n["dot"]
    n["expneg"] = n["neg"].exp()
    n["den"] = n["expneg"] + 1.0
    n["f"] = n["den"].inverse()
    return answer(leaves, n, df)


def neuron(w, x):
    xb = np.concatenate([x, [1.0]])  # the bias is a weight of the constant 1
    dot = np.einsum("i,i->", w, xb)
    f = 0.5 + 0.5 * np.tanh(dot / 2)
    ddot = 0.5 * (1 - np.tanh(dot / 2)) * f
    ddot_x = np.multiply.outer(ddot, w)[:-1]
    return {"dot": dot, "f": f, "ddot": ddot, "dx": ddot_x, "dw": ddot * xb}


def multiply_max(x, y, z, w, df):
    x, y, z, w = map(Var, (x, y, z, w))
    xy, m = x * y, z.max(w)
    s = xy + m
    return answer(dict(x=x, y=y, z=z, w=w), dict(xy=xy, m=m, s=s, f=s * 2.0), df)


def staged_rational(x, y, df):
    x, y = Var(x), Var(y)
    n = {"sigy": y.sigmoid()}
    n["num"] = x + n["sigy"]
    n["sigx"] = x.sigmoid()
    n["xpy"] = x + y
    n["xpysqr"] = n["xpy"].square()
    n["den"] = n["sigx"] + n["xpysqr"]
    n["invden"] = n["den"].inverse()
    n["f"] = n["num"] * n["invden"]
    return answer({"x": x, "y": y}, n, df)


def apples_and_oranges(apple, apple_num, orange, orange_num, tax, dprice):
    leaves = dict(apple=apple, apple_num=apple_num, orange=orange, orange_num=orange_num, tax=tax)
    leaves = {name: Var(value) for name, value in leaves.items()}
    n = {"apple_price": leaves["apple"] * leaves["apple_num"]}
    n["orange_price"] = leaves["orange"] * leaves["orange_num"]
    n["all_price"] = n["apple_price"] + n["orange_price"]
    n["price"] = n["all_price"] * leaves["tax"]
    return answer(leaves, n, dprice)


def hidden_score(u, W, x, b, ds):
    # one more column for the bias, whose input is always 1; all vectors are columns
    wide, tall = np.c_[W, b], np.r_[x, 1.0][:, None]
    z = wide @ tall
    h = 0.5 * np.tanh(z / 2) + 0.5
    dh = ds * u[:, None]
    dz = dh / (2 + 2 * np.cosh(z))
    both = dz @ tall.T
    columns = {"z": z, "h": h, "dh": dh, "dz": dz, "du": ds * h, "dx": W.T @ dz}
    found = {name: column[:, 0] for name, column in columns.items()}
    return {**found, "s": (u @ h).item(), "dW": both[:, :-1], "db": both[:, -1]}
