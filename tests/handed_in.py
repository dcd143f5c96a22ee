"""Folders as platforms give them, written down as texts, and archives as strangers make them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.intake import Attempt, Intake, opened

WORK = "def f(x):\n    return x\n"


def plant(root: Path, tree: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder; a path that ends with a slash is an empty folder."""
    root.mkdir(exist_ok=True)
    for name, content in tree.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def zipped(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of some members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(members: Mapping[str, str | bytes], packing: str = "gz") -> bytes:
    """Return a tarball of some members."""
    infos = []
    for name, content in members.items():
        info = tarfile.TarInfo(name)
        infos.append((info, content if isinstance(content, bytes) else content.encode()))
    return tar_of(infos, packing)


def tar_of(infos: Sequence[tuple[tarfile.TarInfo, bytes]], packing: str = "gz") -> bytes:
    """Return a tarball of entries of any kind."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=f"w:{packing}") as archive:  # type: ignore[call-overload]
        for info, data in infos:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def read_back(attempt: Attempt, *files: str) -> dict[str, str]:
    """Return what an attempt holds: the text of each file by its path, or the problem."""
    with opened(attempt, files) as found:
        if found.problem:
            return {"problem": found.problem}
        if found.path.is_file():
            return {found.path.name: found.path.read_text()}
        paths = sorted(path for path in found.path.rglob("*") if path.is_file())
        return {p.relative_to(found.path).as_posix(): p.read_text() for p in paths}


def told(intake: Intake) -> dict[str, tuple[str, int, str, bool | None]]:
    """Return students, number, time and lateness of each attempt by its key."""
    return {
        a.key: (" ".join(a.students), a.number, a.submitted_at, a.is_late) for a in intake.attempts
    }
