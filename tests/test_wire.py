"""Frames: what is sent arrives, and whatever else arrives is a WireError."""

from __future__ import annotations

import io
import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.worker.wire import Frame, WireError, pack_frame, read_frame, write_all

CAP = 1 << 20


def read(data: bytes, cap: int = CAP) -> Frame | None:
    """Read one frame from bytes."""
    return read_frame(io.BytesIO(data), text_cap=cap, payload_cap=cap)


def frame(text: bytes, payload: bytes = b"", magic: bytes = b"GRD1") -> bytes:
    """Build a frame by hand."""
    return struct.pack("<4sIQ", magic, len(text), len(payload)) + text + payload


def npy(header: str, data: bytes = b"") -> bytes:
    """Build an npy array by hand."""
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def header(descr: str = "<f8", order: str = "False", shape: str = "()") -> str:
    """Build the text of an npy header."""
    return f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}"


ARRAYS = [
    np.array(1.5),
    np.array([], dtype=np.float64),
    np.zeros((0, 3), dtype=np.int64),
    np.arange(6, dtype=np.int64).reshape(2, 3),
    np.array([True, False]),
    np.array([[1.5, np.nan, -0.0, np.inf]], dtype=np.float32),
    np.zeros((1,) * 32),
]


def test_arrays_survive() -> None:
    """Every shape and dtype that is allowed arrives bit by bit, as an independent array."""
    received = read(pack_frame({"a": [1, "é"]}, ARRAYS))
    assert received is not None
    assert received.message == {"a": [1, "é"]}
    for sent, got in zip(ARRAYS, received.arrays, strict=True):
        assert (sent.dtype, sent.shape, sent.tobytes()) == (got.dtype, got.shape, got.tobytes())
        assert got.flags.aligned
        assert got.flags.writeable


def test_payload_is_npy() -> None:
    """Numpy itself reads what we write, and we read what numpy writes."""
    for array in ARRAYS:
        stream = io.BytesIO(pack_frame({}, [array])[16 + 2 :])
        assert np.load(stream, allow_pickle=False).tobytes() == array.tobytes()
        stream = io.BytesIO()
        np.lib.format.write_array(stream, array, version=(1, 0), allow_pickle=False)
        received = read(frame(b"{}", stream.getvalue()))
        assert received is not None
        assert received.arrays[0].tobytes() == array.tobytes()


def test_end_between_frames() -> None:
    """The end of the stream is None where a frame would begin, and only there."""
    stream = io.BytesIO(pack_frame({"n": 1}) * 2)
    numbers = [read_frame(stream, text_cap=CAP, payload_cap=CAP) for _ in range(3)]
    assert [n and n.message for n in numbers] == [{"n": 1}, {"n": 1}, None]


GARBAGE = {
    "magic": frame(b"{}", magic=b"GRD2"),
    "text too large": struct.pack("<4sIQ", b"GRD1", CAP + 1, 0),
    "payload too large": struct.pack("<4sIQ", b"GRD1", 2, 1 << 60) + b"{}",
    "short text": struct.pack("<4sIQ", b"GRD1", 10, 0) + b"{}",
    "no JSON": frame(b"{"),
    "no UTF-8": frame(b'{"a": "\xff"}'),
    "no object": frame(b"[]"),
    "NaN": frame(b'{"a": NaN}'),
    "deep": frame(b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
    "long number": frame(b'{"a": ' + b"9" * 100_000 + b"}"),
    "no npy": frame(b"{}", b"hello"),
    "version 2": frame(b"{}", npy(header(), bytes(8)).replace(b"\x01\x00", b"\x02\x00", 1)),
    "short header": frame(b"{}", b"\x93NUMPY\x01\x00\xff"),
    "pickle": frame(b"{}", npy(header("|O"), bytes(8))),
    "complex": frame(b"{}", npy(header("<c16"), bytes(16))),
    "fortran": frame(b"{}", npy(header(order="True"), bytes(8))),
    "negative": frame(b"{}", npy(header(shape="(-1,)"), bytes(8))),
    "huge": frame(b"{}", npy(header(shape="(9999999999999, 9999999999999)"), bytes(8))),
    "huge and empty": frame(b"{}", npy(header(shape="(0, 9999999999999)"))),
    "many dimensions": frame(b"{}", npy(header(shape=f"({'1, ' * 33})".replace(", )", ")")))),
    "short data": frame(b"{}", npy(header(shape="(2,)"), bytes(15))),
    "trailing data": frame(b"{}", npy(header(), bytes(9))),
    "code": frame(b"{}", npy("__import__('os').abort()")),
    "many arrays": frame(b"{}", npy(header(shape="(0,)")) * 5000),
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE)
def test_garbage(data: bytes) -> None:
    """Everything that is not a frame is a WireError."""
    with pytest.raises(WireError):
        read(data)


def test_lie_about_size_allocates_nothing() -> None:
    """A header that promises a gigabyte makes us wait for chunks, not allocate."""
    asked: list[int] = []

    class Liar(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            asked.append(size or 0)
            return super().read(size)

    stream = Liar(struct.pack("<4sIQ", b"GRD1", 2, 1 << 30) + b"{}")
    with pytest.raises(WireError):
        read_frame(stream, text_cap=CAP, payload_cap=1 << 31)
    assert max(asked) <= 1 << 16


def test_unsendable_arrays_are_our_error() -> None:
    """The sender refuses what the reader would."""
    for arrays in ([np.array(1j)], [np.zeros(1, dtype=object)], [np.zeros(0)] * 5000):
        with pytest.raises(ValueError):
            pack_frame({}, arrays)


def test_write_in_pieces() -> None:
    """A raw stream that takes a few bytes at a time gets them all."""
    taken = bytearray()

    class Narrow:
        def write(self, data: memoryview) -> int:
            taken.extend(data[:3])
            return min(3, len(data))

    write_all(Narrow(), b"0123456789")
    assert bytes(taken) == b"0123456789"


def only_frames_or_wire_errors(data: bytes) -> bool:
    """Read until the end; anything but a frame or a WireError comes through as itself."""
    stream = io.BytesIO(data)
    try:
        while read_frame(stream, text_cap=1 << 12, payload_cap=1 << 12) is not None:
            pass
    except WireError:
        return True
    return True


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    """Random bytes, alone or behind a magic, are a WireError or a frame."""
    assert only_frames_or_wire_errors(data)
    assert only_frames_or_wire_errors(b"GRD1" + data)
    assert only_frames_or_wire_errors(frame(b"{}", b"\x93NUMPY\x01\x00" + data))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_frames(data: st.DataObject) -> None:
    """A good frame that is cut, and changed in a few bytes, is a WireError or a frame."""
    good = bytearray(pack_frame({"value": {"t": "array", "a": 0}}, ARRAYS[:5]))
    for _ in range(data.draw(st.integers(0, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    assert only_frames_or_wire_errors(bytes(good[: data.draw(st.integers(0, len(good)))]))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["<f8", "<f4", "<i8", "|b1", "|O", ">f8", "<U1"]),
    st.lists(st.integers(-2, 10**14), max_size=40),
    st.binary(max_size=64),
)
def test_lying_shapes(descr: str, shape: list[int], data: bytes) -> None:
    """A shape that does not match its data is a WireError."""
    payload = npy(header(descr, shape=str(tuple(shape))), data)
    assert only_frames_or_wire_errors(frame(b"{}", payload))


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=5), json_values, max_size=5))
def test_messages_survive(message: dict[str, Any]) -> None:
    """Any JSON object arrives as it was."""
    received = read(pack_frame(message))
    assert received is not None
    assert received.message == json.loads(json.dumps(message))
