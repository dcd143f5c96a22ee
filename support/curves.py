"""Functions to model, of a number or an array, and their gradients."""

import numpy as np


def cubes(x):
    """The sum of x^3."""
    return np.sum(x**3)


def cubes_gradient(x):
    """3 x^2."""
    return 3 * x**2


def hypotenuse(x):
    """The root of 1 + the sum of x^2."""
    return np.sqrt(1 + np.sum(x**2))


def hypotenuse_gradient(x):
    """Every entry divided by the root."""
    return x / hypotenuse(x)


def angles(x):
    """The sum of arctan(2 x)."""
    return np.sum(np.arctan(2 * x))


def angles_gradient(x):
    """2 / (1 + 4 x^2)."""
    return 2 / (1 + 4 * x**2)


CURVES = [cubes, hypotenuse, angles]
SLOPES = [cubes_gradient, hypotenuse_gradient, angles_gradient]
