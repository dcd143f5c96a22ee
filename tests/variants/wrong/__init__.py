"""Wrong versions of every shipped task; each is a few edits of ``right/plain``, or a text."""

from variants.wrong import circuits, gates, graphs, jacobians, layers, losses
from variants.wrong.record import Wrong, text_of

WRONG: dict[str, tuple[Wrong, ...]] = {
    "circuits": circuits.WRONG,
    "gates": gates.WRONG,
    "graphs": graphs.WRONG,
    "jacobians": jacobians.WRONG,
    "layers": layers.WRONG,
    "losses": losses.WRONG,
}

__all__ = ["WRONG", "Wrong", "text_of"]
