"""Wrong versions of every shipped task; each is a few edits of ``right/plain``, or a text."""

from variants.wrong import (
    checkers,
    circuits,
    descent,
    functions,
    gates,
    graphs,
    layers,
    losses,
)
from variants.wrong.record import Wrong, text_of

WRONG: dict[str, tuple[Wrong, ...]] = {
    "checkers": checkers.WRONG,
    "circuits": circuits.WRONG,
    "descent": descent.WRONG,
    "functions": functions.WRONG,
    "gates": gates.WRONG,
    "graphs": graphs.WRONG,
    "layers": layers.WRONG,
    "losses": losses.WRONG,
}

__all__ = ["WRONG", "Wrong", "text_of"]
