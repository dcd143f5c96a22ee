"""The entries of a zip."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from grader.intake.writing import Budget, Refused, check_ratio, copy_in, is_wanted

_MAX_READ = 8 << 20  # of the list of contents, which zipfile reads at once
_METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
    zipfile.ZIP_BZIP2,
)  # lzma takes memory at will
_ENCRYPTED = 0x1
_UTF8 = 0x800
_LOCAL_HEADER = 30  # bytes before the name of each entry


def unpack_zip(stream: BinaryIO, into: Path, budget: Budget) -> list[Path]:
    """Write the work in a zip; return the archives in it."""
    size = os.fstat(stream.fileno()).st_size
    nested = []
    with zipfile.ZipFile(_Sparing(stream)) as archive:
        infos = archive.infolist()
        _check(infos, size)
        for info in infos:
            budget.see()
            name = _name(info)
            if info.is_dir():
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                budget.leave_out(name, "is a link")
                continue
            if not is_wanted(name):
                continue
            if info.flag_bits & _ENCRYPTED:
                raise Refused("is encrypted: hand it in without a password")
            if info.compress_type not in _METHODS:
                raise Refused("is packed by a method that is not read here: use an ordinary zip")
            with archive.open(info) as entry:
                written = copy_in(entry, into, name, budget)
            if written and written.suffix not in (".py", ".ipynb"):
                nested.append(written)
    return nested


def _check(infos: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Refuse a zip whose entries share bytes, or whose code is a bomb by its own account."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Refused("has entries that overlap: that is a bomb, no submission")
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
    work = [info for info in infos if is_wanted(info.filename)]
    check_ratio(sum(info.file_size for info in work), size)


def _name(info: zipfile.ZipInfo) -> str:
    """Return a name; many programs write UTF-8 and do not say so."""
    if info.flag_bits & _UTF8 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


class _Sparing(io.RawIOBase):
    """A file that gives no more at once than an honest list of contents needs."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _MAX_READ:
            size = _MAX_READ + 1
        data = self._stream.read(size)
        if len(data) > _MAX_READ:
            raise Refused("has a list of contents that is too long")
        return data
