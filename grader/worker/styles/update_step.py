"""``w = step(w, dw, learning_rate)``: new parameters, returned or written into the old ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .loss_function import LossFunction


class UpdateStep(LossFunction):
    """One function; where it returns None it has changed its arguments in place."""

    def call(self, stage: str, values: Mapping[str, Any]) -> Any:
        """Call the function."""
        returned = super().call(stage, values)
        if returned is not None or not self._call.updates:
            return returned
        changed = tuple(values[name] for name in self._call.updates)
        return changed[0] if len(changed) == 1 else changed


class Checker(LossFunction):
    """``is_right = check_gradient(f, x, dx)``: one function, which may be handed functions."""
