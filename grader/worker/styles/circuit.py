"""``{"q": ..., "f": ..., "dq": ..., "dx": ...} = f(x, y, z, df)``: a staged function."""

from __future__ import annotations

from .loss_function import LossFunction


class Circuit(LossFunction):
    """Called as a loss is: one function that returns everything, here by name."""
