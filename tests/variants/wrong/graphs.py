"""Wrong graphs."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong


def _g(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("graph", mistake, edits, told)


_SUM = "grads[source] += grad"

WRONG: tuple[Wrong, ...] = (
    _g(
        "overwrites at branches",
        (_SUM, "grads[source] = grad"),
        told=(
            "backward[dx] V402",
            "backward[dy] V402",
            "backward[dz] V402",
            "case.fan_out",
            "case.diamond",
            "case.leaf_twice",
            "case.inner_twice",
            "case.deep",
        ),
    ),
)
