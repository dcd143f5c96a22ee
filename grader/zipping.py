"""Zips that are the same bytes for the same files, whenever and wherever they are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Container, Mapping

_WHEN = (1980, 1, 1, 0, 0, 0)
_PROGRAM, _TEXT = 0o755, 0o644


def zipped(files: Mapping[str, bytes], programs: Container[str] = ()) -> bytes:
    """Return a zip of files by name, in their order; ``programs`` may be executed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, wherever it is made: else the modes would not count
            info.external_attr = (0o100000 | (_PROGRAM if name in programs else _TEXT)) << 16
            archive.writestr(info, content)
    return out.getvalue()
