"""``out = m.updateOutput(x); dx = m.updateGradInput(x, dout); m.accGradParameters(x, dout)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .call import Call
from .gate_class import GateClass


class Torch7Module(GateClass):
    """A module of Torch 7; parameters and their gradients are attributes.

    Backward receives the very input that forward received: an in-place module restores it. The
    gradients of parameters are cleared before the first backward after a forward; one more
    backward adds to them.
    """

    def __init__(self, call: Call, namespace: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Make the module."""
        super().__init__(call, namespace, values)
        self._held: dict[str, Any] = {}
        self._is_fresh = True

    @staticmethod
    def definitions(call: Call) -> dict[str, str]:
        """The methods of Torch."""
        return {
            "forward": f"{call.target}.updateOutput",
            "backward": f"{call.target}.updateGradInput",
        }

    def run(self, name: str, arguments: tuple[str, ...], values: Mapping[str, Any]) -> Any:
        """Call the methods of Torch that stand for forward or backward."""
        if name == "forward":
            self._held = {key: values[key] for key in arguments}
            self._is_fresh = True
            return super().run("updateOutput", arguments, values)
        held = {**values, **self._held}
        both = (*self._held, *arguments)
        if not self._call.gradient_attributes:
            return super().run("updateGradInput", both, held)
        if self._is_fresh:
            super().run("zeroGradParameters", (), held)
        self._is_fresh = False
        returned = super().run("updateGradInput", both, held)
        super().run("accGradParameters", both, held)
        return returned
