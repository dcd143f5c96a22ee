"""Frames: how host and child talk. Data only, and every byte of it is checked.

A frame is a fixed header (magic, text length, payload length), a JSON object, and arrays one
after the other in npy format 1.0, without pickle. Whatever bytes are read, the answer is a frame
or a ``WireError``, and nothing is allocated for bytes that have not arrived.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

from .nodes import Node, WireError, decode, describe, encode

__all__ = [
    "TEXT_CAP",
    "Frame",
    "Node",
    "WireError",
    "decode",
    "describe",
    "encode",
    "pack_frame",
    "read_frame",
    "write_all",
]

MAX_ARRAYS = 4096
MAX_NDIM = 32
MAX_LENGTH = 1 << 40  # of one dimension; keeps every product of a zero-size shape small
MAX_EXTENT = 1 << 56
_BYTES_PER_CHARACTER = 32  # of JSON at its worst, `[],` again and again
TEXT_CAP = 1 << 19

_MAGIC = b"GRD1"
_FRAME_HEADER = struct.Struct("<4sIQ")
_NPY_MAGIC = b"\x93NUMPY\x01\x00"
_NPY_START = len(_NPY_MAGIC) + 2  # the magic, then the header's length in two bytes
_NPY_HEADER = re.compile(
    rb"\{'descr': '(\|b1|<i8|<f4|<f8)', 'fortran_order': False, "
    rb"'shape': \(((?:\d{1,13}, )*\d{1,13},?|)\), \} *\n"
)
_CHUNK = 1 << 16


class Frame(NamedTuple):
    """One message: a JSON object and the arrays it refers to by position."""

    message: dict[str, Any]
    arrays: list[NDArray[Any]]
    weight: int = 0  # bytes of memory it may take here, roughly


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes | None: ...


class _Writable(Protocol):
    def write(self, data: memoryview, /) -> int | None: ...


def pack_frame(message: dict[str, Any], arrays: Sequence[NDArray[Any]] = ()) -> bytes:
    """Return the bytes of one frame."""
    if len(arrays) > MAX_ARRAYS:
        raise ValueError(f"{len(arrays)} arrays do not fit in one frame")
    text = json.dumps(message, allow_nan=False).encode("ascii")
    parts = [text]
    for array in arrays:
        parts += [_npy_header(array.dtype.str, array.shape), array.tobytes()]
    payload_length = sum(map(len, parts)) - len(text)
    return b"".join([_FRAME_HEADER.pack(_MAGIC, len(text), payload_length), *parts])


def write_all(stream: _Writable, data: bytes) -> None:
    """Write ``data`` to a raw stream, which may take it in pieces."""
    view = memoryview(data)
    while view:
        view = view[stream.write(view) or 0 :]


def read_frame(stream: _Readable, *, text_cap: int, payload_cap: int) -> Frame | None:
    """Read one frame, or None when the stream ends where a frame would begin."""
    header = _receive(stream, _FRAME_HEADER.size)
    if not header:
        return None
    if len(header) < _FRAME_HEADER.size:
        raise WireError("a frame ends in its header")
    magic, text_length, payload_length = _FRAME_HEADER.unpack(header)
    if magic != _MAGIC:
        raise WireError("not a frame")
    if text_length > text_cap or payload_length > payload_cap:
        raise WireError("too large")
    text, payload = _receive(stream, text_length), _receive(stream, payload_length)
    if len(text) + len(payload) < text_length + payload_length:
        raise WireError("a frame ends early")
    weight = len(payload) + _BYTES_PER_CHARACTER * len(text)
    return Frame(_parse_text(text), _parse_payload(payload), weight)


def _receive(stream: _Readable, size: int) -> bytearray:
    # In chunks: a header that lies about its size must not make us allocate for it.
    data = bytearray()
    while len(data) < size:
        chunk = stream.read(min(size - len(data), _CHUNK))
        if not chunk:
            break
        data += chunk
    return data


def _parse_text(text: bytearray) -> dict[str, Any]:
    try:
        message = json.loads(text.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise WireError("the text of a frame is not JSON") from error
    if not isinstance(message, dict):
        raise WireError("the text of a frame is not an object")
    return message


def _refuse_constant(name: str) -> NoReturn:
    raise WireError(f"{name} is not JSON")


def _parse_payload(payload: bytearray) -> list[NDArray[Any]]:
    arrays: list[NDArray[Any]] = []
    at = 0
    while at < len(payload):
        if len(arrays) == MAX_ARRAYS:
            raise WireError("too many arrays")
        start = at + _NPY_START
        if payload[at : at + len(_NPY_MAGIC)] != _NPY_MAGIC or start > len(payload):
            raise WireError("not an npy array")
        data = start + payload[start - 2] + 256 * payload[start - 1]
        dtype, shape, count = _parse_npy_header(bytes(payload[start:data]))
        at = data + count * dtype.itemsize
        if at > len(payload):
            raise WireError("an array is longer than its frame")
        # The copy is aligned, writable and independent of the other arrays of the frame.
        arrays.append(
            np.frombuffer(payload, dtype, count, data).reshape(shape).copy()
            if count
            else np.zeros(shape, dtype)
        )
    return arrays


@lru_cache(maxsize=1024)
def _npy_header(descr: str, shape: tuple[int, ...]) -> bytes:
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode("ascii")
    if not _NPY_HEADER.fullmatch(text + b"\n"):
        raise ValueError(f"an array of type {descr} and shape {shape} cannot be sent")
    text += b" " * (-(_NPY_START + len(text) + 1) % 64) + b"\n"
    return _NPY_MAGIC + struct.pack("<H", len(text)) + text


@lru_cache(maxsize=1024)
def _parse_npy_header(text: bytes) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    found = _NPY_HEADER.fullmatch(text)
    if found is None:
        raise WireError("not a plain npy header")
    descr, dimensions = found.groups()
    shape = tuple(int(length) for length in dimensions.split(b",") if length)
    if len(shape) > MAX_NDIM or any(length > MAX_LENGTH for length in shape):
        raise WireError("an array with an impossible shape")
    # NumPy refuses strides beyond the address space even where another length is 0.
    if math.prod(max(length, 1) for length in shape) > MAX_EXTENT:
        raise WireError("an array with an impossible extent")
    return np.dtype(descr.decode("ascii")), shape, math.prod(shape)
