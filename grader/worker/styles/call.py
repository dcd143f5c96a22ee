"""What a style is given and what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Pairs = Sequence[tuple[str, str]]
Groups = Sequence[tuple[str, Sequence[str]]]


class Call(Protocol):
    """What a style reads of the host's ``grader.model.Call``."""

    @property
    def target(self) -> str:
        """The class or function."""

    @property
    def backward(self) -> str | None:
        """The second function of a pair."""

    @property
    def constructor_args(self) -> tuple[str, ...]:
        """Names of the values passed to the constructor."""

    @property
    def forward_args(self) -> tuple[str, ...]:
        """Names of the values passed to forward."""

    @property
    def backward_args(self) -> tuple[str, ...]:
        """Names of the values passed to backward."""

    @property
    def objects(self) -> Pairs:
        """Arguments, and the list (``module.LIST``) that their numbers choose from."""

    @property
    def parameter_attributes(self) -> Pairs:
        """Values, and the attributes they are set as before forward."""

    @property
    def gradient_attributes(self) -> Pairs:
        """Gradients, and the attributes they are read from after backward."""

    @property
    def updates(self) -> tuple[str, ...]:
        """The arguments that an update step may change in place."""

    @property
    def results(self) -> tuple[str, ...]:
        """The outputs that forward returns."""

    @property
    def read_back(self) -> Pairs:
        """Outputs, and the entry of a dict (``dict.key``) they are read from after forward."""


class Subject(Protocol):
    """One student's object, or one call with its private cache."""

    def call(self, stage: str, values: Mapping[str, Any]) -> Any:
        """Run ``forward`` or ``backward`` on values by name; return what the student returns."""


class Style(Protocol):
    """How the subjects of one style are made."""

    role: str  # what the target must be: "class" or "function"

    def __call__(
        self, call: Call, namespace: Mapping[str, Any], values: Mapping[str, Any], /
    ) -> Subject:
        """Open a subject on the names of a module and the values of a case."""

    @staticmethod
    def definitions(call: Call) -> dict[str, str]:
        """Return where each stage is defined: ``name`` or ``Class.method``."""
