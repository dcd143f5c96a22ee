"""Wrong versions of every shipped task; each is a few edits of ``right/plain``, or a text."""

from variants.wrong import circuits, gates, graphs, layers, losses, modules
from variants.wrong.record import Wrong, text_of

WRONG: dict[str, tuple[Wrong, ...]] = {
    "circuits": circuits.WRONG,
    "gates": gates.WRONG,
    "graphs": graphs.WRONG,
    "layers": layers.WRONG,
    "losses": losses.WRONG,
    "modules": modules.WRONG,
}

__all__ = ["WRONG", "Wrong", "text_of"]
