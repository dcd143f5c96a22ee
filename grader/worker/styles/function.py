"""``z = f(x, y); dx, dy = f_gradient(x, y)``: a value and its gradient at a point.

``JacobianFunction`` is called in the same way; its second function returns whole Jacobians.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..invoke import find, invoke
from .call import Call


class Function:
    """Two functions of the same inputs, with nothing passed between them."""

    role = "function"

    def __init__(self, call: Call, namespace: Mapping[str, Any], _values: object) -> None:
        """Keep the namespace; each function is looked up when it is called."""
        self._call = call
        self._namespace = namespace
        self._arguments = {"forward": call.forward_args, "backward": call.backward_args}

    @staticmethod
    def definitions(call: Call) -> dict[str, str]:
        """Two functions, each with a name of its own."""
        return {"forward": call.target, "backward": call.backward or ""}

    def call(self, stage: str, values: Mapping[str, Any]) -> Any:
        """Call one of the functions."""
        name = self.definitions(self._call)[stage]
        function = find(self._namespace, name, self.role)
        return invoke(function, self._arguments[stage], values, name)


class JacobianFunction(Function):
    """``y = f(x); J = f_jacobian(x)``."""
