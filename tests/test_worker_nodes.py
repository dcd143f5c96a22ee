"""Any Python object is described, and none of its own code runs."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from typing import Any, NoReturn

import numpy as np
import pytest

from grader.isolation.values import to_value
from grader.worker.wire import decode, encode

Pair = namedtuple("Pair", "dx dy")  # noqa: PYI024 - what a student would write


class Tensor:
    """An array in disguise."""

    def __array__(self) -> NoReturn:
        """Must not be called."""
        raise AssertionError


class Liar:
    """Claims to be a list of any length."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """Lie."""
        return list

    def __len__(self) -> NoReturn:
        """Must not be called."""
        raise SystemExit

    def __getattr__(self, name: str) -> NoReturn:
        """Must not be called."""
        raise SystemExit(name)


class Meta(type):
    """A metaclass whose classes have no name."""

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        """Must not be called."""
        raise SystemExit


class Nameless(metaclass=Meta):
    """A class without a name."""

    def __repr__(self) -> NoReturn:
        """Must not be called."""
        raise SystemExit


class LongTuple(tuple):  # type: ignore[type-arg]
    """A tuple that claims to be endless."""

    __slots__ = ()

    def __iter__(self) -> Any:
        """Never end."""
        while True:
            yield 1

    def __len__(self) -> int:
        """Lie."""
        return 10**9


class Positive(float):
    """A number that says it is another one."""

    def __pos__(self) -> float:
        """Lie."""
        return 7.0

    def __float__(self) -> float:
        """Lie."""
        return 7.0


class Sub(np.ndarray):
    """An array that lies about itself."""

    @property
    def dtype(self) -> Any:
        """Must not be asked."""
        raise SystemExit

    def __array_finalize__(self, _other: object) -> None:
        """Allow views to be made."""

    def __eq__(self, _other: object) -> Any:
        """Lie."""
        return True

    __hash__ = None


def described(value: object, *, allow_complex: bool = False) -> Any:
    """Encode and read back as nested tuples of (type name, numbers)."""
    arrays: list[Any] = []

    def plain(found: Any) -> Any:
        if found.array is not None:
            return (found.type_name, found.array.dtype.name, found.array.tolist())
        if found.form == "dict":
            return dict(zip(found.keys, map(plain, found.items), strict=True))
        if found.form in {"tuple", "list"}:
            return (found.form, [plain(item) for item in found.items])
        return (found.form, found.type_name)

    return plain(to_value(encode(value, arrays, allow_complex=allow_complex), arrays))


loop: list[Any] = []
loop.append(loop)
wide_loop: list[Any] = []
wide_loop.extend([wide_loop] * 17)
F = "float64"

CASES: dict[str, tuple[object, object]] = {
    "none": (None, ("none", "NoneType")),
    "float": (1.5, ("float", F, 1.5)),
    "int": (-3, ("int", "int64", -3)),
    "bool": (True, ("bool", "bool", True)),
    "numpy float": (np.float64(2), ("float64", F, 2.0)),
    "numpy float32": (np.float32(0.5), ("float32", "float32", 0.5)),
    "numpy int8": (np.int8(5), ("int8", "int64", 5)),
    "0-d": (np.array(1.0), ("ndarray", F, 1.0)),
    "uint8": (np.array([255], np.uint8), ("ndarray", "int64", [255])),
    "uint64 too big": (np.array([2**63], np.uint64), ("other", "uint64 array")),
    "long double": (np.array([1.5], np.longdouble), ("ndarray", F, [1.5])),
    "big endian": (np.array([1.5], ">f8"), ("ndarray", F, [1.5])),
    "Fortran": (np.asfortranarray([[1.0, 2], [3, 4]]), ("ndarray", F, [[1, 2], [3, 4]])),
    "matrix": (np.ones((1, 1)).view(np.matrix), ("matrix", F, [[1.0]])),
    "masked": (np.ma.masked_array([1.0, 2], [True, False]), ("MaskedArray", F, [1.0, 2.0])),
    "lying array": (np.array([1.0]).view(Sub), ("Sub", F, [1.0])),
    "lying number": (Positive(2), ("Positive", F, 2.0)),
    "complex": (1j, ("other", "complex")),
    "complex array": (np.array([1j]), ("other", "complex128 array")),
    "object array": (np.array([None, object()]), ("other", "object array")),
    "half array": (np.zeros(1, np.float16), ("other", "float16 array")),
    "text array": (np.array(["a"]), ("other", "str32 array")),
    "many dimensions": (np.zeros((1,) * 32), ("ndarray", F, np.zeros((1,) * 32).tolist())),
    "huge int": (10**400, ("other", "int")),
    "text": ("hello", ("other", "str")),
    "tensor": (Tensor(), ("other", "Tensor")),
    "liar": (Liar(), ("other", "Liar")),
    "no name": (Nameless(), ("other", "Nameless")),
    "generator": ((x for x in iter(int, 1)), ("other", "generator")),
    "tuple": ((1.0, None), ("tuple", [("float", F, 1.0), ("none", "NoneType")])),
    "named tuple": (Pair(1.0, 2.0), ("tuple", [("float", F, 1.0), ("float", F, 2.0)])),
    "endless tuple": (LongTuple([1.0]), ("tuple", [("float", F, 1.0)])),
    "short list": ([1.0, 2], ("list", [("float", F, 1.0), ("int", "int64", 2)])),
    "long list": ([1.0] * 17, ("list", F, [1.0] * 17)),
    "list of long lists": ([[1] * 20] * 2, ("list", [("list", "int64", [1] * 20)] * 2)),
    "long list of lists": ([[1, 2]] * 20, ("list", "int64", [[1, 2]] * 20)),
    "long list of arrays": ([np.ones(2)] * 17, ("list", F, [[1.0, 1.0]] * 17)),
    "deep list": ([[[1.0, 2]]], ("list", [("list", [("list", F, [1.0, 2.0])])])),
    "ragged list": ([[1], [1, 2]] * 9, ("other", "list")),
    "long list of objects": ([Tensor()] * 20, ("other", "list")),
    "long tuple": ((1.0,) * 17, ("tuple", F, [1.0] * 17)),
    "dict": ({"dx": 1.0, 3: None}, {"dx": ("float", F, 1.0), "3": ("none", "NoneType")}),
    "ordered": (OrderedDict(a=1), {"a": ("int", "int64", 1)}),
    "dict of nameless": ({Nameless(): 1}, {"Nameless": ("int", "int64", 1)}),
    "big dict": (dict.fromkeys(range(65)), ("other", "dict")),
    "loop": (loop, ("list", [("list", [("other", "list")])])),
    "wide loop": (wide_loop, ("other", "list")),
}


@pytest.mark.parametrize(("value", "expected"), CASES.values(), ids=CASES)
def test_described(value: object, expected: object) -> None:
    """Each kind of object has its form, its type name and its numbers."""
    assert described(value) == expected


def test_complex_inside_one_process() -> None:
    """The oracle sees complex values."""
    assert described(np.array([1j]), allow_complex=True) == ("ndarray", "complex128", [1j])
    assert described(2j, allow_complex=True) == ("complex", "complex128", 2j)


def test_snapshot() -> None:
    """A value does not change when the student's array does."""
    array, arrays = np.zeros(2), []  # type: ignore[var-annotated]
    encode(array, arrays)
    array[:] = 1
    assert arrays[0].tolist() == [0, 0]


def test_node_count_is_capped() -> None:
    """A structure that grows without end is cut, and nothing raises."""
    wide: Any = 1.0
    for _ in range(4):
        wide = dict.fromkeys(map(str, range(64)), wide)
    arrays: list[Any] = []
    assert to_value(encode(wide, arrays), arrays).form == "dict"
    assert len(arrays) < 2500


@pytest.mark.parametrize("value", [1.5, 3, True, np.float64(2.5), np.arange(3), np.array(1.0)])
def test_arguments_arrive(value: Any) -> None:
    """An array argument stays an array and a number becomes a Python number."""
    arrays: list[Any] = []
    got = decode(encode(value, arrays), arrays)
    assert np.array_equal(got, value)
    assert isinstance(got, np.ndarray) == isinstance(value, np.ndarray)
    assert isinstance(value, np.ndarray) or type(got) in {bool, int, float}
