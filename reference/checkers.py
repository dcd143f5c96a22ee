"""Gradient checkers: numerical gradients, their relative error, a verdict (CS231n, lecture 3).

Below the tools stands how their cases are drawn. Only this file knows the right gradients.
"""

import numpy as np


def numerical_gradient_forward(f, x, h):
    """``(f(x + h) - f(x)) / h`` for every entry of x."""
    x = np.array(x, dtype=float)  # a copy: whole numbers cannot hold x + h
    gradient = np.zeros_like(x)
    here = f(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + h
        gradient[i] = (f(x) - here) / h
        x[i] = kept
    return gradient


def numerical_gradient(f, x, h):
    """``(f(x + h) - f(x - h)) / 2h`` for every entry of x: the error is h^2, not h."""
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        x[i] = kept
        gradient[i] = (above - below) / (2 * h)
    return gradient


def relative_error(a, b):
    """``|a - b| / (|a| + |b|)`` of the worst entry; 0 against 0 is 0."""
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


def check_gradient(f, x, dx):
    """Whether dx agrees with the numerical gradient, in shape and in every entry."""
    if np.shape(dx) != np.shape(x):
        return False
    return bool(relative_error(dx, numerical_gradient(f, x, 1e-5)) < 1e-4)


# The gradients of checked_functions.FUNCTIONS, in their order.


def d_powers(x):
    """4 x^3."""
    return 4 * x**3


def d_radius(x):
    """1.5 x / (1 + sum of x^2)^0.25."""
    return 1.5 * x / (1 + np.sum(x**2)) ** 0.25


def d_columns(x):
    """Every row of a column has the same share of its mean."""
    means = np.mean(x, axis=0)
    weights = 1.0 + np.arange(means.size).reshape(means.shape)
    return np.broadcast_to(weights * (2 + np.cos(means)) / len(x), x.shape).copy()


def d_waves(x):
    """2 + cos(x), with alternating signs."""
    return (-1.0) ** np.arange(x.size).reshape(x.shape) * (2 + np.cos(x))


def d_bent(x):
    """3 above 0, 1 below, and 0.2 x."""
    return np.where(x > 0, 3.0, 1.0) + 0.2 * x


def d_valley(x):
    """0 below 1."""
    return 2 * np.maximum(x - 1, 0)


def d_level(x):
    """A constant has no slope."""
    return np.zeros(x.shape)


def d_faint(x):
    """3e-9 times that of the waves."""
    return 3e-9 * d_waves(x)


def d_steep(x):
    """A million times that of the waves."""
    return 1e6 * d_waves(x)


GRADIENTS = [d_powers, d_radius, d_columns, d_waves, d_bent, d_valley, d_level, d_faint, d_steep]
POWERS, RADIUS, COLUMNS, WAVES, BENT, VALLEY, LEVEL, FAINT, STEEP = range(len(GRADIENTS))
ORDINARY = (POWERS, RADIUS, COLUMNS, WAVES)
SHAPES = ((7,), (3, 4), (5, 2), (3, 2, 2))


def draw_point(rng, kind, _values, *, place):
    """Return a function and a point; few entries, because each costs two evaluations."""
    x = point(rng, SHAPES[(place + place // len(ORDINARY)) % len(SHAPES)])
    if kind == "whole_numbers":
        x = (rng.permutation(x.size) - x.size // 2).reshape(x.shape)
    return {"f": place % len(ORDINARY), "x": x}


def draw_pair(rng, kind, values, *, place):
    """Return a, and a b that differs from it by 5 to 50 % in each entry."""
    a = values["a"] * (1e-9 if kind == "tiny" else 1.0)
    off = signed(rng, np.shape(a), 0.05, 0.5)
    if kind == "both_zero":
        a = a * (0.0 if place == 0 else rng.permutation(np.arange(a.size) % 2).reshape(a.shape))
    b = a if kind == "exact" else a * (1 + off)
    if kind == "one_zero":
        b = b * rng.permutation(np.arange(a.size) % 2).reshape(a.shape)
        a, b = (a, b) if place == 0 else (b, a)
    return {"a": a, "b": b}


def draw_claim(rng, kind, _values, *, place):
    """Return a function, a point and a claimed gradient: right where the place is even."""
    shape = SHAPES[rng.integers(1, 3) if kind in MATRICES else place // 2 % len(SHAPES)]
    f = rng.choice(FUNCTIONS_OF.get(kind, ORDINARY))
    x = point(rng, shape)
    if kind == "zero_gradient":
        x = np.minimum(x, 0.9)
    elif kind == "partly_zero":  # from a tenth below 1 downwards, or up to 2 above
        x = np.where(rng.permutation(np.arange(x.size) % 2).reshape(shape) == 1, 1 + np.abs(x),
                     np.minimum(x, 0.9))  # fmt: skip
    elif kind == "near_a_kink":
        near = rng.permutation(np.arange(x.size) % 3 == 0).reshape(shape)
        x = np.where(near, signed(rng, shape, 1e-3, 2e-3), x)
    dx = GRADIENTS[f](x)
    mistakes = MISTAKES.get(kind, COARSE)
    if place % 2:
        dx = mistakes[place // 2 % len(mistakes)](rng, x, dx)
    return {"f": int(f), "x": x, "dx": dx}


def point(rng, shape):
    """Return entries of magnitude 0.5 to 2."""
    return signed(rng, shape, 0.5, 2.0)


def signed(rng, shape, low, high):
    """Return numbers of magnitude low to high and random sign."""
    return rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)


def negated(_rng, _x, dx):
    """The sign."""
    return -dx


def doubled(_rng, _x, dx):
    """A factor 2."""
    return 2 * dx


def zeros(_rng, _x, dx):
    """No gradient at all."""
    return np.zeros(dx.shape)


def one_entry_off(rng, _x, dx):
    """The largest entry is off by 1 %."""
    wrong = dx.copy()
    wrong.flat[np.argmax(np.abs(dx))] *= 1 + rng.choice([-0.01, 0.01])
    return wrong


def shifted(rng, _x, dx):
    """The same number added to every entry."""
    return dx + rng.choice([-0.1, 0.1]) * np.max(np.abs(dx))


def swapped(_rng, _x, dx):
    """The largest entry and the smallest have changed places: the sum is right."""
    wrong = dx.copy()
    pair = [np.argmax(dx), np.argmin(dx)]
    wrong.flat[pair] = wrong.flat[pair[::-1]]
    return wrong


def transposed(_rng, _x, dx):
    """The axes swapped."""
    return dx.T.copy()


def flattened(_rng, _x, dx):
    """The right numbers in one row."""
    return dx.ravel()


def one_row(_rng, _x, dx):
    """One of several equal rows, as a matrix: it broadcasts."""
    return dx[:1]


def row_vector(_rng, _x, dx):
    """One of several equal rows, as a vector: it broadcasts."""
    return dx[0]


def one_more_axis(_rng, _x, dx):
    """An axis of size 1 in front: it broadcasts."""
    return dx[None]


def one_slope(rng, _x, dx):
    """A slope of 0.01 to 1 in one entry."""
    wrong = dx.copy()
    wrong.flat[rng.integers(dx.size)] += signed(rng, (), 0.01, 1.0)
    return wrong


def not_flat(_rng, x, _dx):
    """The parabola's slope on the flat side too."""
    return 2 * (x - 1)


def other_branch(_rng, x, _dx):
    """On the wrong side of the kinks that are near."""
    return d_bent(np.where(np.abs(x) < 0.1, -x, x))


COARSE = (negated, doubled, zeros)
MISTAKES = {
    "negated": (negated,),
    "doubled": (doubled,),
    "zeros": (zeros,),
    "one_entry_off": (one_entry_off,),
    "swapped": (swapped,),
    "shifted": (shifted,),
    "transposed": (transposed,),
    "flattened": (flattened,),
    "broadcast": (one_row, row_vector, one_more_axis),
    "zero_gradient": (one_slope,),
    "partly_zero": (not_flat,),
    "tiny_gradient": (*COARSE, one_entry_off),
    "large_gradient": (*COARSE, one_entry_off),
    "near_a_kink": (other_branch,),
}
MATRICES = ("transposed", "flattened", "broadcast")
FUNCTIONS_OF = {
    "swapped": (POWERS, RADIUS, WAVES),  # the entries of the others may all be equal
    "broadcast": (COLUMNS,),
    "zero_gradient": (LEVEL, VALLEY),
    "partly_zero": (VALLEY,),
    "tiny_gradient": (FAINT,),
    "large_gradient": (STEEP,),
    "near_a_kink": (BENT,),
}
