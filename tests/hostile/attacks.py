"""All attacks, by class."""

from __future__ import annotations

from attack import Attack
from attacks_kernel import KERNEL
from attacks_others import KILLING, NETWORK
from attacks_reach import READING, TOUCHING
from attacks_source import SHADOWS, SOURCES
from attacks_text import TEXTS
from attacks_time import BOMBS, CRASHING, HANGING, STAYING
from attacks_values import HIDING, IN_PLACE, LYING, VALUES
from attacks_walks import WALKS
from attacks_wire import FRAMES, PICKLE
from attacks_worker import FORGED, PATCHING

ATTACKS: tuple[Attack, ...] = (
    *VALUES, *HIDING, *IN_PLACE, *LYING, *WALKS,
    *PATCHING, *FORGED, *FRAMES, *PICKLE,
    *TOUCHING, *READING, *NETWORK, *KILLING, *KERNEL,
    *HANGING, *CRASHING, *BOMBS, *STAYING,
    *SHADOWS, *SOURCES, *TEXTS,
)  # fmt: skip
