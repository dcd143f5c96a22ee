"""``out, cache = affine_forward(x, w, b); dx, dw, db = affine_backward(dout, cache)``.

``CachedForward`` is the first function alone, where nothing is differentiated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..faults import CallFault
from ..invoke import find, invoke
from ..nodes import type_name
from .call import Call


class FunctionPair:
    """Two functions and the cache that passes between them, untouched."""

    role = "function"

    def __init__(self, call: Call, namespace: Mapping[str, Any], _values: object) -> None:
        """Keep the namespace; each function is looked up when it is called."""
        self._call = call
        self._namespace = namespace
        self._cache: Any = None

    @staticmethod
    def definitions(call: Call) -> dict[str, str]:
        """Two functions, each with a name of its own."""
        return {"forward": call.target, "backward": call.backward or ""}

    def call(self, stage: str, values: Mapping[str, Any]) -> Any:
        """Call one of the functions; forward's cache stays here."""
        name = self.definitions(self._call)[stage]
        function = find(self._namespace, name, self.role)
        if stage == "backward":
            held = {**values, "cache": self._cache}
            return invoke(function, self._call.backward_args, held, name)
        returned = invoke(function, self._call.forward_args, values, name)
        count = len(self._call.results) or 1
        if isinstance(returned, (tuple, list)) and len(returned) == count + 1:
            *outputs, self._cache = returned
            outputs += [_entry(values, place) for _, place in self._call.read_back]
            return outputs[0] if len(outputs) == 1 else tuple(outputs)
        got = (
            f"{len(returned)} values"
            if isinstance(returned, (tuple, list))
            else (f"one value of type {type_name(returned)}")
        )
        wanted = ", ".join(self._call.results if count > 1 else ("out",))
        raise CallFault("container", f"{name} must return ({wanted}, cache); it returned {got}")


class CachedForward(FunctionPair):
    """``out, cache = batchnorm_forward(x, gamma, beta, bn_param)``, and no backward."""

    @staticmethod
    def definitions(call: Call) -> dict[str, str]:
        """One function, in a file that may have the other."""
        return {"forward": call.target}


def _entry(values: Mapping[str, Any], place: str) -> Any:
    """Return an entry of a dict as the student left it, or None."""
    name, _, key = place.partition(".")
    return values[name].get(key)
