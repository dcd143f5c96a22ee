"""The numbers a verdict rests on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.numeric import (
    central_difference,
    complex_step,
    largest,
    largest_difference,
    nearest_in_hull,
)


@pytest.mark.parametrize(
    ("array", "expected"),
    [([], 0.0), ([1.0, -3.0], 3.0), ([-2.0], 2.0), ([0.0, 0.0], 0.0), ([math.inf, 1], math.inf)],
)
def test_largest_is_the_largest_magnitude(array: list[float], expected: float) -> None:
    """The largest magnitude, zero for nothing, infinity kept."""
    assert largest(np.array(array)) == expected


def test_nan_is_never_close() -> None:
    """A nan makes the difference nan, so that `error <= tolerance` is False."""
    difference = largest_difference(np.array([0.0, math.nan]), np.zeros(2))
    assert not difference <= 1e9


def test_difference_of_single_precision_is_taken_in_double() -> None:
    """A float32 array is widened before subtraction, not after."""
    single = np.array([1.0 + 2.0**-20], dtype=np.float32)
    assert largest_difference(single, np.array([1.0])) == 2.0**-20


@given(
    st.integers(1, 5),
    st.integers(1, 6),
    st.integers(0, 2**31),
)
def test_a_convex_combination_is_in_the_hull(count: int, size: int, seed: int) -> None:
    """Every convex combination of vertices is found at distance zero."""
    rng = np.random.default_rng(seed)
    vertices = [rng.standard_normal(size) for _ in range(count)]
    weights = rng.dirichlet(np.ones(count))
    point = sum(w * v for w, v in zip(weights, vertices, strict=True))
    assert largest_difference(point, nearest_in_hull(point, vertices)) < 1e-7


@pytest.mark.parametrize("weights", [(-0.5, 1.5), (1.5, -0.5), (1.0, 1.0), (0.0, 0.0)])
def test_other_combinations_of_two_are_outside(weights: tuple[float, float]) -> None:
    """Shares that are negative, or do not add up to one, are no subgradient."""
    vertices = [np.array([1.0, 0.0]), np.array([0.0, 1.0])]
    point = weights[0] * vertices[0] + weights[1] * vertices[1]
    assert largest_difference(point, nearest_in_hull(point, vertices)) > 0.4


@pytest.mark.parametrize("ways", [3, 4])
def test_every_branch_at_once_is_outside(ways: int) -> None:
    """Giving the whole gradient to each of several tied branches is rejected."""
    vertices = list(np.eye(ways))
    assert largest_difference(np.ones(ways), nearest_in_hull(np.ones(ways), vertices)) > 0.5


def test_the_nearest_point_of_a_triangle() -> None:
    """Outside a triangle the nearest point is the projection onto its edge."""
    vertices = [np.array([0.0, 0.0]), np.array([2.0, 0.0]), np.array([0.0, 2.0])]
    nearest = nearest_in_hull(np.array([1.0, -3.0]), vertices)
    assert np.allclose(nearest, [1.0, 0.0], atol=1e-6)


def test_complex_step_is_exact_where_differences_are_not() -> None:
    """The complex step of exp is exact to rounding; a central difference is not."""
    exact = complex_step(np.exp)
    rough = central_difference(np.exp, 1e-3)
    assert abs(exact - 1.0) < 1e-15
    assert 1e-8 < abs(rough - 1.0) < 1e-6
