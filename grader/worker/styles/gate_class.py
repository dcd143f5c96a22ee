"""``gate = Multiply(); z = gate.forward(x, y); dx, dy = gate.backward(dz)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..invoke import find, find_method, invoke
from .call import Call

_MISSING = object()


class GateClass:
    """A fresh instance of the student's class.

    Where the task says so, parameters are set as attributes before forward and gradients are read
    from attributes after backward; backward then gives ``(returned, {attribute: gradient})``.
    """

    role = "class"

    def __init__(self, call: Call, namespace: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Make the instance."""
        self._call = call
        self._arguments = {"forward": call.forward_args, "backward": call.backward_args}
        make = find(namespace, call.target, self.role)
        self._gate = invoke(make, call.constructor_args, values, call.target)
        for name, attribute in call.parameter_attributes:
            setattr(self._gate, attribute, values[name])

    @staticmethod
    def definitions(call: Call) -> dict[str, str]:
        """Two methods of one class."""
        return {stage: f"{call.target}.{stage}" for stage in ("forward", "backward")}

    def call(self, stage: str, values: Mapping[str, Any]) -> Any:
        """Call the method of that name."""
        returned = self.run(stage, self._arguments[stage], values)
        attributes = self._call.gradient_attributes
        if stage == "forward" or not attributes:
            return returned
        held = {name: getattr(self._gate, name, _MISSING) for _, name in attributes}
        return returned, {name: item for name, item in held.items() if item is not _MISSING}

    def run(self, name: str, arguments: tuple[str, ...], values: Mapping[str, Any]) -> Any:
        """Call one method of the instance on values by name."""
        owner = self._call.target
        return invoke(find_method(self._gate, name, owner), arguments, values, f"{owner}.{name}")
