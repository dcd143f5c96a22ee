"""``net = TwoLayerNet(D, H, C); net.params["W1"] = W1; loss, grads = net.loss(X, y, reg)``.

``NetworkScores`` is called in the same way, without labels: ``scores = net.loss(X)``.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from ..faults import CallFault
from ..invoke import find, find_method, invoke
from ..nodes import type_name
from .call import Call


class NetworkClass:
    """A fresh network whose parameters are set by name; one call gives loss and gradients."""

    role = "class"

    def __init__(self, call: Call, namespace: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Make the network, which draws its own parameters, and replace them."""
        self._call = call
        make = find(namespace, call.target, self.role)
        self._network = invoke(make, call.constructor_args, values, call.target)
        for name, place in call.parameter_attributes:
            attribute, _, key = place.partition(".")
            if key:
                self._entries(attribute)[key] = values[name]
            else:
                setattr(self._network, attribute, values[name])

    @staticmethod
    def definitions(call: Call) -> dict[str, str]:
        """One method."""
        return {"forward": f"{call.target}.loss"}

    def call(self, _stage: str, values: Mapping[str, Any]) -> Any:
        """Call the method."""
        owner = self._call.target
        method = find_method(self._network, "loss", owner)
        return invoke(method, self._call.forward_args, values, f"{owner}.loss")

    def _entries(self, attribute: str) -> MutableMapping[str, Any]:
        held = getattr(self._network, attribute, None)
        if isinstance(held, MutableMapping):
            return held
        found = "there is none" if held is None else f"its type is {type_name(held)}"
        raise CallFault(
            "container",
            f"{self._call.target} must keep its parameters in a dict {attribute}; {found}",
        )


class NetworkScores(NetworkClass):
    """The same call, whose only result is an array of scores."""
