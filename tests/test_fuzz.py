"""Random and lying input to every reader: nothing escapes but the errors meant for it.

What a reader may take is bounded too: memory in proportion to the bytes that have arrived.
"""

from __future__ import annotations

import io
import json
import os
import struct
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import CourseError
from grader.isolation.values import to_fault, to_loaded, to_returned, to_value
from grader.model import Value
from grader.submission import MAX_BYTES, Submission, list_names, read_submission, shadowing
from grader.worker.nodes import MAX_DEPTH
from grader.worker.wire import TEXT_CAP, Frame, WireError, pack_frame, read_frame

CAP = 1 << 16
PER_BYTE = 100  # bytes of memory that a byte of JSON may come to
FEW = settings(max_examples=100, deadline=None)
MANY = settings(max_examples=300, deadline=None)


def frame(text: bytes, payload: bytes = b"") -> bytes:
    """Build a frame by hand."""
    return struct.pack("<4sIQ", b"GRD1", len(text), len(payload)) + text + payload


def npy(descr: str, shape: tuple[int, ...], data: bytes = b"", pad: int = 0) -> bytes:
    """Build an npy array by hand."""
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * pad + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def read_all(data: bytes, cap: int = CAP) -> list[Frame]:
    """Read frames until the end or until something is no frame."""
    stream, frames = io.BytesIO(data), []
    with suppress(WireError):
        while (received := read_frame(stream, text_cap=cap, payload_cap=cap)) is not None:
            frames.append(received)
    return frames


@contextmanager
def at_most(count: int) -> Iterator[None]:
    """Assert that no more than so many bytes are held at any moment of the block."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] <= count
    finally:
        tracemalloc.stop()


@FEW
@given(st.binary(max_size=100), st.integers(1, 3))
def test_trailing_garbage(garbage: bytes, count: int) -> None:
    """What follows a good frame does not change it."""
    good = pack_frame({"id": 1}, [np.arange(3.0)])
    frames = read_all(good * count + b"?" + garbage)
    assert len(frames) == count
    for received in frames:
        assert received.message == {"id": 1}
        assert received.arrays[0].tolist() == [0, 1, 2]


@FEW
@given(st.data())
def test_cut_anywhere(data: st.DataObject) -> None:
    """A stream that ends inside a frame gives the frames before it, and no part of it."""
    good = pack_frame({"id": 1}, [np.arange(3.0)])
    cut = data.draw(st.integers(0, 2 * len(good)))
    assert len(read_all((good + good)[:cut])) == cut // len(good)


@MANY
@given(
    st.sampled_from(["<f8", "<f4", "<i8", "|b1"]),
    st.lists(st.sampled_from([0, 1, 2, 7, 2**20, 2**31, 2**40, 10**12]), max_size=32),
    st.binary(max_size=64),
)
def test_huge_shapes_take_no_memory(descr: str, shape: list[int], data: bytes) -> None:
    """A shape is only words until its bytes are there."""
    text = frame(b"{}", npy(descr, tuple(shape), data))
    with at_most(1 << 19):
        read_all(text)


@FEW
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1), st.binary(max_size=200))
def test_announced_sizes_take_no_memory(text: int, payload: int, data: bytes) -> None:
    """A frame's own word about its size makes nobody allocate."""
    lie = struct.pack("<4sIQ", b"GRD1", text, payload) + data
    with at_most(1 << 19), suppress(WireError):
        read_frame(io.BytesIO(lie), text_cap=2**32, payload_cap=2**64)


@pytest.mark.parametrize("piece", [b"[],", b"{},", b"0,", b'"",', b"[[]],", b"1e9,", b'{"":0},'])
def test_text_of_many_small_things(piece: bytes) -> None:
    """The most that the text of one frame can come to in memory is bounded by its cap."""
    cap = TEXT_CAP // 4
    inner = piece * ((cap - 20) // len(piece))
    data = frame(b'{"a":[' + inner.rstrip(b",") + b"]}")
    with at_most(PER_BYTE * cap):
        assert len(read_all(data, TEXT_CAP)) == 1


def test_more_arrays_than_allowed_take_no_memory() -> None:
    """Empty arrays cost few bytes on the wire and many in memory; there is a cap on them."""
    one = npy("<f8", (0,) * 32)
    data = frame(b"{}", one * 20_000)
    with at_most(len(data) + (8 << 20)), pytest.raises(WireError):
        read_frame(io.BytesIO(data), text_cap=CAP, payload_cap=1 << 30)


@MANY
@given(
    st.integers(1, 20_000),
    st.sampled_from([(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":[', b"]}]")]),
    st.booleans(),
)
def test_deep_text(depth: int, ends: tuple[bytes, bytes], is_closed: bool) -> None:
    """Text nested to any depth is an object or a WireError."""
    opening, closing = ends
    text = b'{"a":' + opening * depth + b"0" + (closing * depth + b"}") * is_closed
    read_all(frame(text), cap=1 << 20)


@MANY
@given(
    st.lists(
        st.sampled_from(
            [b"NaN", b"-Infinity", b"1e999", b"-1e999", b"9" * 5000, b"1E", b"\xff", b"\x00", b"{",
             b"}", b"[", b"]", b",", b":", b'"', b'"\\ud800"', b"0", b"null", b'"t"', b"\\"]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_odd_text(pieces: list[bytes]) -> None:
    """Numbers that are none, half strings and surrogates are an object or a WireError."""
    for received in read_all(frame(b'{"a":' + b"".join(pieces) + b"}")):
        assert isinstance(received.message, dict)


# Nodes much like those of the protocol, with every kind of thing in every place.
_words = st.sampled_from(
    ["none", "array", "tuple", "list", "dict", "other", "ndarray", "forward", "backward", "raised",
     "timed_out", "", "\ud800", "\x1b[31m", "\u202e", "a" * 5000]
)  # fmt: skip
_plain = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([10**30, -1, 2**63, 10**7 + 1])
    | st.floats()
    | _words
)
_keys = st.sampled_from(["t", "a", "as", "items", "keys", "fault", "kind", "detail", "file", "line",
                         "stubs", "value", "seconds", "mutated", "skipped", "x"])  # fmt: skip
nodes: st.SearchStrategy[Any] = st.recursive(
    _plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=6),
    max_leaves=25,
)
ARRAYS = [np.arange(3.0), np.zeros((0, 2)), np.array(True)]


def shown(value: Value) -> Iterator[str]:
    """Yield every text of a value."""
    yield from (value.form, value.type_name, *value.keys)
    for item in value.items:
        yield from shown(item)


@MANY
@given(nodes)
def test_to_value(node: Any) -> None:
    """Any node is a value whose texts can be shown, or a WireError."""
    with suppress(WireError):
        assert all(text.isprintable() and len(text) < 200 for text in shown(to_value(node, ARRAYS)))


@MANY
@given(st.dictionaries(_keys, nodes, max_size=6), st.sampled_from(["forward", "load"]))
def test_to_fault(node: Any, stage: str) -> None:
    """Any node is a fault whose texts can be shown, or a WireError."""
    with suppress(WireError):
        fault = to_fault(node, stage)
        assert fault.stage == stage
        assert (fault.detail + fault.file).isprintable()
        assert len(fault.detail) <= 300


@MANY
@given(st.dictionaries(_keys, nodes, max_size=6))
def test_to_loaded_and_to_returned(message: dict[str, Any]) -> None:
    """Any message is an answer or a WireError, and a time is never beyond its limit."""
    with suppress(WireError):
        assert to_loaded(Frame(message, [])).stubs <= {"forward", "backward"}
    with suppress(WireError):
        returned = to_returned(Frame(message, [*ARRAYS]), 2.0)
        assert returned is None or 0 <= returned.seconds <= 2


@FEW
@given(st.integers(1, 5000), st.integers(1, 6))
def test_one_array_in_many_places(count: int, depth: int) -> None:
    """An array that is named many times is held once, and nodes are counted."""
    node: Any = {"t": "array", "a": 0, "as": "ndarray"}
    for level in range(depth):
        node = {"t": "list", "items": [node] * (count if level == 0 else 2)}
    big = [np.zeros(1 << 16)]
    with at_most(16 << 20), suppress(WireError):
        to_value(node, big)


@FEW
@given(st.integers(1, 3000))
def test_deep_nodes(depth: int) -> None:
    """A node nested deeper than any honest one is a WireError."""
    node: Any = {"t": "none"}
    for _ in range(depth):
        node = {"t": "tuple", "items": [node]}
    if depth > MAX_DEPTH:
        with pytest.raises(WireError):
            to_value(node, [])
    else:
        to_value(node, [])


def settle(path: Path, files: tuple[str, ...] = ("gates.py",)) -> Submission | None:
    """Read a submission, if it is one; only ``CourseError`` may come of it."""
    try:
        submission = read_submission(path, files)
    except CourseError:
        return None
    assert submission.name.isprintable()
    assert set(submission.texts) | set(submission.broken) == set(files)
    for told in (*submission.broken.values(), *shadowing(submission)):
        assert told.message.isprintable()
    json.dumps([submission.name, submission.digest]).encode("ascii")
    return submission


@MANY
@given(
    st.binary(max_size=400)
    | st.builds(
        lambda cookie, body: b"# -*- coding: " + cookie + b" -*-\n" + body,
        st.sampled_from([b"utf-7", b"utf8", b"rot13", b"\xff", b"zlib", b"UTF-8", b"x" * 500, b""]),
        st.binary(max_size=50),
    )
)
def test_any_bytes_as_a_file(data: bytes) -> None:
    """Any bytes are a text or a reason why not; a text is exactly those bytes."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "gates.py").write_bytes(data)
        submission = settle(Path(folder))
        assert submission is not None
        if "gates.py" in submission.texts:
            assert submission.texts["gates.py"] == data.decode("utf-8-sig")
            assert "\0" not in submission.texts["gates.py"]


_names = st.binary(min_size=1, max_size=60) | st.sampled_from(
    [
        b"numpy.py",
        b"gates.py ",
        b"GATES.PY",
        b"\x1b[31m.py",
        b"\xff.py",
        b"a\nb",
        "\u202e.py".encode(),
    ]
)


@pytest.mark.skipif(os.name != "posix", reason="names of any bytes")
@FEW
@given(st.lists(_names, max_size=5), _names)
def test_any_names_in_a_folder(names: list[bytes], own: bytes) -> None:
    """Files of any name, in a folder of any name, are listed and never in the way."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / (os.fsdecode(own.translate(None, b"/\0")) or "x")
        with suppress(OSError):  # `.` and `..` among them
            folder.mkdir()
        for name in names:
            with suppress(OSError, ValueError):
                (folder / os.fsdecode(name.translate(None, b"/\0"))).touch()
        settle(folder)


@FEW
@given(st.text(max_size=400))
def test_any_path(text: str) -> None:
    """A path that cannot be is an error of the caller, said in words."""
    with tempfile.TemporaryDirectory() as home:
        place = Path(home) / "inside"
        place.mkdir()
        name = text.replace("/", "").replace("..", "") or "x"
        settle(place / name)
        with suppress(CourseError):
            list_names(place / name)


def test_sizes_that_lie() -> None:
    """A file of many gigabytes that takes no space is refused before it is read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gates.py")
        path.touch()
        os.truncate(path, 8 << 30)
        with at_most(MAX_BYTES):
            submission = settle(Path(folder))
        assert submission is not None
        assert "gates.py" in submission.broken
