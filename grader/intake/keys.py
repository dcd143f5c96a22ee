"""Keys: the names under which results are stored, safe on every file system."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

MAX_KEY = 80
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_-])?")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
# Windows opens devices under these names, whatever ending they have.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def keys_of(labels: Sequence[str]) -> list[str]:
    """Return a key for each label: the label itself where it can be one, else with a hash.

    Labels that differ only in case would be one folder on some disks, so all but the one in lower
    case get a hash.
    """
    folded = Counter(label.lower() for label in labels)
    taken: set[str] = set()
    copies: Counter[str] = Counter()
    keys = []
    for label in labels:
        is_twin = folded[label.lower()] > 1 and label != label.lower()
        key = _hashed(label) if is_twin or not _is_plain(label) else label
        while key.lower() in taken:  # one label twice, or one that looks like a hashed one
            copies[label] += 1
            key = _hashed(f"{label}\0{copies[label]}")
        taken.add(key.lower())
        keys.append(key)
    return keys


def _is_plain(label: str) -> bool:
    return bool(_PLAIN.fullmatch(label)) and not _DEVICE.fullmatch(label)


def _hashed(label: str) -> str:
    digest = hashlib.sha256(label.encode("utf-8", "surrogateescape")).hexdigest()[:10]
    shown = _UNSAFE.sub("_", label.partition("\0")[0])[: MAX_KEY - 12].strip("._-")
    if _DEVICE.fullmatch(shown):
        shown = f"_{shown}"
    return f"{shown}-{digest}" if shown else f"x-{digest}"
