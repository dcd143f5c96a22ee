"""Functions to differentiate numerically, of an array of any shape. Each returns one number.

You may import them to try your code. All of them also take complex arrays.
"""

import numpy as np


def powers(x):
    """The sum of x^4."""
    return np.sum(x**4)


def radius(x):
    """(1 + the sum of x^2)^0.75: every derivative depends on all entries."""
    return (1 + np.sum(x**2)) ** 0.75


def columns(x):
    """A function of the means over the first axis, so it needs x in its own shape."""
    means = np.mean(x, axis=0)
    weights = 1.0 + np.arange(means.size).reshape(means.shape)
    return np.sum(weights * (2 * means + np.sin(means)))


def waves(x):
    """The alternating sum of 2 x + sin(x)."""
    signs = (-1.0) ** np.arange(x.size).reshape(x.shape)
    return np.sum(signs * (2 * x + np.sin(x)))


def bent(x):
    """Bent at 0, where the slope jumps from 1 to 3."""
    return np.sum(np.maximum(x, 3 * x) + 0.1 * x**2)


def valley(x):
    """Flat below 1, a parabola above."""
    return np.sum(np.maximum(x - 1, 0) ** 2)


def level(_x):
    """The same everywhere."""
    return 2.5


def faint(x):
    """Waves of a few billionths."""
    return 3e-9 * waves(x)


def steep(x):
    """Waves of a million."""
    return 1e6 * waves(x)


FUNCTIONS = [powers, radius, columns, waves, bent, valley, level, faint, steep]
