"""Reading a submission: whatever lies there, the answer is a text or a reason."""

from __future__ import annotations

import os
import re
import socket
import sys
import tempfile
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.errors import CourseError
from grader.submission import MAX_BYTES, Submission, list_names, read_submission

posix = pytest.mark.skipif(os.name != "posix", reason="pipes, links and names of POSIX")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(8 << 30)


def _holes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_BYTES)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


KINDS: dict[str, tuple[Callable[[Path], object], str]] = {
    "link": (lambda path: path.symlink_to(__file__), "is a link"),
    "link to nothing": (lambda path: path.symlink_to("nowhere"), "is a link"),
    "link to itself": (_loop, "is a link"),
    "link to a device": (lambda path: path.symlink_to("/dev/zero"), "is a link"),
    "pipe": (os.mkfifo, "is not a regular file"),
    "socket": (_socket, "is not a regular file"),
    "folder": (lambda path: path.mkdir(), "is not a regular file"),
    "sparse": (_sparse, "is larger than 1 MiB"),
    "holes": (_holes, "contains a NUL"),
}


@posix
@pytest.mark.parametrize(("make", "reason"), KINDS.values(), ids=KINDS)
def test_no_regular_file(make: Callable[[Path], object], reason: str, tmp_path: Path) -> None:
    """Links, pipes, sockets, folders and files full of nothing are refused, at once and cheaply."""
    make(tmp_path / "a.py")
    tracemalloc.start()
    read = read_submission(tmp_path, ["a.py"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reason in read.broken["a.py"].message
    assert not read.texts
    assert peak < 8 * MAX_BYTES


@posix
def test_file_that_changes_under_us(tmp_path: Path) -> None:
    """While a file is swapped for a link again and again, what lies behind the link is not read."""
    secret = tmp_path / "secret.txt"
    secret.write_text("hush = 1\n")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "file").write_text("x = 1\n")
    (folder / "link").symlink_to(secret)
    is_over = threading.Event()

    def swap() -> None:
        while not is_over.is_set():
            for name in ("file", "link"):
                os.link(folder / name, folder / "new", follow_symlinks=False)
                (folder / "new").replace(folder / "a.py")
                (folder / "new").unlink(missing_ok=True)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for _ in range(300):
            read = read_submission(folder, ["a.py"])
            assert "hush" not in read.texts.get("a.py", "")
    finally:
        is_over.set()
        thread.join()


def test_only_declared_files_are_read(tmp_path: Path) -> None:
    """A file that nobody asked for is named, and never opened."""
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "numpy.py").write_bytes(b"\xff\xfe")
    read = read_submission(tmp_path, ["a.py"])
    assert (dict(read.texts), dict(read.broken), read.others) == (
        {"a.py": "x = 1\n"}, {}, ("numpy.py",),
    )  # fmt: skip


texts = st.binary(max_size=300) | st.builds(
    lambda start, cookie, rest: start + b"# -*- coding: " + cookie + b" -*-\n" + rest,
    st.sampled_from([b"", b"\n", b"\xef\xbb\xbf", b"#!/usr/bin/python\n", b"\x0c"]),
    st.sampled_from([b"utf-8", b"UTF-7", b"latin-1", b"utf-16", b"rot13", b"nonsense"])
    | st.binary(max_size=12),
    st.binary(max_size=60),
)


@settings(max_examples=300, deadline=None)
@given(texts)
@example(b"# coding: utf-7\n+AGkAbQBwAG8AcgB0-")
@example(b"\xed\xa0\x80")
@example("x = '\u202e'\n".encode())
def test_any_bytes(data: bytes) -> None:
    """Any bytes are UTF-8 text as it stands, or a reason; never an exception."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.py").write_bytes(data)
        read = read_submission(Path(folder), ["a.py"])
    if text := read.texts.get("a.py"):
        assert text.encode() == data.removeprefix(b"\xef\xbb\xbf")
        assert not re.match(rb"\s*#.*coding[:=]\s*utf-7", data.lower().partition(b"\n")[0])
    else:
        assert (set(read.broken) == {"a.py"}) == (data not in (b"", b"\xef\xbb\xbf"))


@posix
@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5))
def test_any_names(names: list[bytes]) -> None:
    """Any names in the folder give a submission, and nothing unprintable is said of them."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            if b"/" not in name and b"\0" not in name and name not in (b".", b".."):
                Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).touch()  # noqa: PTH118
        (Path(folder) / "b.py").touch()
        read = read_submission(Path(folder), ["a.py", "b.py"])
    assert isinstance(read, Submission)
    for found in read.broken.values():
        assert found.message.isprintable()


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "nowhere/at/all", "\ud800"])
def test_impossible_paths(path: str) -> None:
    """A path that cannot exist is an error of the caller."""
    with pytest.raises(CourseError):
        list_names(Path(path))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root makes nodes")
@pytest.mark.skipif(sys.platform != "linux", reason="device numbers of Linux")
def test_device(tmp_path: Path) -> None:
    """A device is not opened, since opening can already do something."""
    try:
        os.mknod(tmp_path / "a.py", 0o20666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("no device can be made here")
    assert "is not a regular file" in read_submission(tmp_path, ["a.py"]).broken["a.py"].message
