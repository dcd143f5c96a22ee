"""The kit that students get: how it lies on the disk, and what of a battery may be in it.

``public_battery``   the cases that may be known, without the answers that may not.
``case_files``, ``read_cases``   batteries as data, npy without pickle, and back.
``marker_text``, ``find_kit``, ``read_kit``   the folder, known by its ``kit.yaml``.
``unknown``          an answer that is not in a kit: its shape alone.
"""

from grader.kit.cases import case_files, read_cases
from grader.kit.folder import MARKER, PUBLIC, Kit, find_kit, kit_files, marker_text, read_kit
from grader.kit.public import is_known, public_battery, unknown

__all__ = [
    "MARKER",
    "PUBLIC",
    "Kit",
    "case_files",
    "find_kit",
    "is_known",
    "kit_files",
    "marker_text",
    "public_battery",
    "read_cases",
    "read_kit",
    "unknown",
]
