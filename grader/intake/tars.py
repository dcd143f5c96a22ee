"""The entries of a tar, packed or not, from its beginning to its end."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import tarfile
from pathlib import Path
from typing import BinaryIO

from grader.intake.writing import Budget, Refused, Source, check_ratio, copy_in, is_wanted

_MAX_HEADER = 1 << 16  # tarfile reads extended headers at once
_MAX_WINDOW = 160 << 20  # memory; `xz -9` needs 65 MiB
_CHUNK = 1 << 16


def unpack_tar(stream: BinaryIO, into: Path, budget: Budget) -> list[Path]:
    """Write the work in a tar, `.gz`, `.bz2` or `.xz` too; return the archives in it."""
    size = os.fstat(stream.fileno()).st_size
    nested = []
    work = 0
    with tarfile.TarFile(fileobj=_Forward(_unpacked(stream), budget), mode="r") as archive:  # type: ignore[arg-type]
        while info := archive.next():
            budget.see()
            archive.members.clear()  # type: ignore[attr-defined]  # it remembers every entry
            if info.issym() or info.islnk():
                budget.leave_out(info.name, "is a link")
            elif info.isdir() or not is_wanted(info.name):
                continue
            elif not info.isreg():
                budget.leave_out(info.name, "is not a regular file")
            elif (entry := archive.extractfile(info)) is not None:
                work += info.size
                check_ratio(work, size)
                written = copy_in(entry, into, info.name, budget)
                if written and written.suffix not in (".py", ".ipynb"):
                    nested.append(written)
    return nested


def _unpacked(stream: BinaryIO) -> Source:
    magic = stream.read(6)
    stream.seek(0)
    if magic[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=stream)
    if magic[:3] == b"BZh":
        return bz2.BZ2File(stream)
    return _Xz(stream) if magic == b"\xfd7zXZ\0" else stream


class _Xz:
    """An xz stream that may not ask for memory at will, as ``lzma.open`` lets it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._reader = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MAX_WINDOW)

    def read(self, size: int, /) -> bytes:
        while not self._reader.eof:
            packed = self._stream.read(_CHUNK) if self._reader.needs_input else b""
            if self._reader.needs_input and not packed:
                raise EOFError("it ends too early")
            if data := self._reader.decompress(packed, size):
                return data
        return b""


class _Forward:
    """A stream that ``tarfile`` reads from front to back: capped, and never turned back.

    A size that is negative or absurd makes ``tarfile`` seek; here that ends in a refusal.
    """

    def __init__(self, source: Source, budget: Budget) -> None:
        self._source = source
        self._budget = budget
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _MAX_HEADER:
            raise Refused("has a header that is too long")
        pieces = []
        while size and (piece := self._source.read(size)):
            pieces.append(piece)
            size -= len(piece)
            self._at += len(piece)
            self._budget.stream(len(piece))
        return b"".join(pieces)

    def seek(self, offset: int) -> int:
        if offset < self._at:
            raise Refused("is damaged: its entries do not follow one another")
        while self._at < offset and self.read(min(_CHUNK, offset - self._at)):
            pass
        return self._at

    def tell(self) -> int:
        return self._at
