"""``loss, dW = svm_loss(W, X, y, reg)``: one call gives the loss and its gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..invoke import find, invoke
from .call import Call


class LossFunction:
    """One function; ``forward`` is the only stage and returns everything."""

    role = "function"

    def __init__(self, call: Call, namespace: Mapping[str, Any], _values: object) -> None:
        """Find the function."""
        self._call = call
        self._function = find(namespace, call.target, self.role)

    @staticmethod
    def definitions(call: Call) -> dict[str, str]:
        """One function."""
        return {"forward": call.target}

    def call(self, _stage: str, values: Mapping[str, Any]) -> Any:
        """Call the function."""
        return invoke(self._function, self._call.forward_args, values, self._call.target)
