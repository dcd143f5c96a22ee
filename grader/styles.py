"""What the host knows of each style: how its target is named, called, and how its results lie.

``STYLES``   style name -> ``Style``. The calls themselves are in ``grader.worker.styles``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

FORWARD = "forward"
BACKWARD = "backward"


class Results(Enum):
    """Where the outputs and the gradients lie in what the calls return."""

    SEPARATE = "outputs from forward, gradients from backward"
    LOSS_FIRST = "(loss, gradients) from one call"
    BY_NAME = "one dict with outputs and gradients from one call"
    OUTPUTS = "outputs alone, from one call"


@dataclass(frozen=True)
class Style:
    """One way to hand in a task.

    ``functions`` are the endings of the names of a pair of functions, ``methods`` the methods of
    a class, one for each stage; a style has one of them, or is a single function.
    """

    results: Results
    functions: tuple[str, str] | None = None
    methods: tuple[str, ...] | None = None
    has_cache: bool = False  # the first function hands a cache to the second
    needs_upstream: bool = False
    takes_upstream: bool = True
    sees_inputs_twice: bool = False  # backward receives the inputs again
    names_intermediates: bool = False
    has_gradients: bool = True
    is_jacobian: bool = False
    may_write: bool = False  # into its arguments, by contract
    clears_gradients: bool = False  # before each backward that follows a forward
    sets_entries: bool = False  # parameters may be entries of a dict that is an attribute
    states: tuple[str, ...] = ()  # probes of where state is kept

    @property
    def stages(self) -> tuple[str, ...]:
        """The calls that make up one draw."""
        return (FORWARD, BACKWARD)[: len(self.functions or self.methods or (FORWARD,))]

    @property
    def is_plain_function(self) -> bool:
        """True when other code can call the target with values, and get all its results."""
        return self.methods is None and not self.may_write

    @property
    def is_class(self) -> bool:
        """True when the target is a class."""
        return self.methods is not None


_OBJECT = ("shared_cache", "stale_cache")
_PAIR = ("shared_cache",)
_METHODS = ("forward", "backward")
_NETWORK = ("loss",)

STYLES: Mapping[str, Style] = {
    "gate_class": Style(
        Results.SEPARATE, methods=_METHODS, needs_upstream=True, states=_OBJECT
    ),
    "function_pair": Style(
        Results.SEPARATE, functions=("_forward", "_backward"), has_cache=True,
        needs_upstream=True, states=_PAIR,
    ),
    "function": Style(
        Results.SEPARATE, functions=("", "_gradient"), sees_inputs_twice=True, states=_PAIR
    ),
    "jacobian_function": Style(
        Results.SEPARATE, functions=("", "_jacobian"), sees_inputs_twice=True,
        takes_upstream=False, is_jacobian=True, states=_PAIR,
    ),
    "computational_graph": Style(
        Results.SEPARATE, methods=_METHODS, needs_upstream=True, states=_OBJECT
    ),
    "torch7_module": Style(
        Results.SEPARATE, methods=("updateOutput", "updateGradInput"), needs_upstream=True,
        may_write=True, clears_gradients=True, states=_OBJECT,
    ),
    "loss_function": Style(Results.LOSS_FIRST),
    "network_class": Style(Results.LOSS_FIRST, methods=_NETWORK, sets_entries=True),
    "network_scores": Style(
        Results.OUTPUTS, methods=_NETWORK, takes_upstream=False, has_gradients=False,
        sets_entries=True,
    ),
    "circuit": Style(Results.BY_NAME, names_intermediates=True),
    "update_step": Style(
        Results.OUTPUTS, takes_upstream=False, has_gradients=False, may_write=True
    ),
    "checker": Style(Results.OUTPUTS, takes_upstream=False, has_gradients=False),
    "cached_forward": Style(Results.OUTPUTS, takes_upstream=False, has_gradients=False),
}  # fmt: skip
