"""``gate = Multiply(); z = gate.forward(x, y); dx, dy = gate.backward(dz)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..invoke import find, find_method, invoke
from .call import Call


class GateClass:
    """A fresh instance of the student's class."""

    role = "class"

    def __init__(self, call: Call, namespace: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Make the instance."""
        self._name = call.target
        self._arguments = {"forward": call.forward_args, "backward": call.backward_args}
        make = find(namespace, call.target, self.role)
        self._gate = invoke(make, call.constructor_args, values, call.target)

    @staticmethod
    def definitions(call: Call) -> dict[str, str]:
        """Two methods of one class."""
        return {stage: f"{call.target}.{stage}" for stage in ("forward", "backward")}

    def call(self, stage: str, values: Mapping[str, Any]) -> Any:
        """Call the method of that name."""
        method = find_method(self._gate, stage, self._name)
        return invoke(method, self._arguments[stage], values, f"{self._name}.{stage}")
