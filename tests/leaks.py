"""Searching a student kit for answers: in any file, in any encoding that a number or a text has.

``Answers``     what must not be in a kit.
``answers_of``  the answers of an assignment, for a public and for a secret seed.
``leaks_in``    the files of a kit and the answers -> what was found, in words.
"""

from __future__ import annotations

import ast
import base64
import binascii
import dataclasses
import gzip
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.model import Array, Battery, Kind, Public

_MOST_ENTRIES = 12  # of one array; any one of them gives it away
_MOST_READ = 200
_SMALLEST = 1e-30  # below it single precision has zeros
_PARTS = np.array([*range(1, 65), 1000, 1024])  # halves, thirds, one of N examples
_NEAR = 1e-12
_DIGITS = range(4, 18)  # with fewer a number is met by chance
_TELLING = 9  # digits by which one number alone is known again
_SHORT_LINE = 12
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.])")
_BASE64 = re.compile(rb"[A-Za-z0-9+/\n]{16,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){16,}")
# A constructor that keeps its arguments, and a list of results, say nothing that a spec does not.
_PLAIN = re.compile(r"self\.(\w+)=\1|return[\w,]+")
_DEPTH = 4
_FEW = 4


@dataclass(frozen=True)
class Answers:
    """Numbers by where they are from, secrets as bytes, lines of code, names of functions."""

    # Where a number belongs, rounded in every way, and how many belong there: to an array, or to
    # one argument in all cases.
    written: Mapping[str, frozenset[str]]
    counts: Mapping[str, int]
    words: Array  # 8 bytes that are one such number, or two of single precision, sorted
    runs: frozenset[bytes]  # of arrays whose numbers are all public, but not in this order
    secrets: Sequence[bytes]
    lines: frozenset[str]  # without white space
    names: frozenset[str]


def answers_of(
    whole: Mapping[str, Battery],
    secret: Mapping[str, Battery],
    reference: Iterable[str],
    given: str,
    secrets: Sequence[bytes],
) -> Answers:
    """Collect what must not be in a kit.

    ``whole`` are the batteries that a kit is made of, ``secret`` those of a secret seed.
    ``reference`` are the texts of the solutions, ``given`` is what the public spec and the support
    files say: a line that stands there too is no secret.
    """
    known = np.unique(np.abs(np.concatenate([array.ravel() for array in _open(whole)])))
    numbers: dict[str, list[float]] = {}
    words: set[int] = set()
    runs: set[bytes] = set()
    there = b"|".join(a.tobytes(order) for a in _open(whole) for order in ("C", "F"))
    hidden = [*_gradients(whole, "public"), *_gradients(secret, "secret")]
    hidden += [*_values(whole), *_values(secret)]  # what is public of them is known
    for label, array in hidden:
        read = array.ravel()[:_MOST_READ]
        telling = read[_telling(read, known)][:_MOST_ENTRIES]
        numbers[label] = telling.tolist()
        series = numbers.setdefault(label.rpartition(" ")[0], [])
        series += telling[: 1 if len(series) < _MOST_ENTRIES else 0].tolist()
        words |= _words(array, telling, known)
        runs |= set() if telling.size else _runs(array, there)
    written: dict[str, set[str]] = {}
    for label, each in numbers.items():
        for number in each:
            for digits in _DIGITS:
                written.setdefault(_rounded(number, digits), set()).add(label)
    lines, names = _code(reference, given)
    return Answers(
        {text: frozenset(labels) for text, labels in written.items()},
        {label: len(each) for label, each in numbers.items()},
        np.array(sorted(words), dtype="<u8"),
        frozenset(runs),
        secrets,
        lines,
        names,
    )


def _open(whole: Mapping[str, Battery]) -> Iterator[Array]:
    """Yield what the words of a spec make public, whatever the kit holds in fact."""
    for name, battery in whole.items():
        task = battery.task
        has_outputs = task.public is not Public.NOTHING
        yield from (array for _, array in _values({name: battery}, has_outputs=has_outputs))
        if task.public is Public.WORKED_EXAMPLES:
            examples = {Kind.EXAMPLE: battery.expected[Kind.EXAMPLE]}
            shown = dataclasses.replace(battery, expected=examples)
            yield from (array for _, array in _gradients({name: shown}, ""))


def _cases(batteries: Mapping[str, Battery]) -> Iterator[tuple[str, Battery, int]]:
    for name, battery in batteries.items():
        yield from ((name, one, 0) for one in (battery, *battery.accepted))


def _gradients(batteries: Mapping[str, Battery], which: str) -> Iterator[tuple[str, Array]]:
    """Yield every gradient, those of the branches at a tie too, under a name of its own."""
    for task, battery, _ in _cases(batteries):
        for expected in (e for cases in battery.expected.values() for e in cases):
            hulls = [named for branches in expected.hulls for named in branches]
            for draw, named in enumerate([*expected.gradients, *hulls]):
                for name, array in named.items():
                    place = f"{which} {task} {name} {expected.case.id}/{draw}"
                    yield place, np.asarray(array, dtype=float)


def _values(
    batteries: Mapping[str, Battery], *, has_outputs: bool = True
) -> Iterator[tuple[str, Array]]:
    for task, battery, _ in _cases(batteries):
        for expected in (e for cases in battery.expected.values() for e in cases):
            case = expected.case
            outputs = expected.outputs if has_outputs else {}
            for draw, named in enumerate([case.inputs, outputs, *case.upstreams]):
                for name, value in named.items():
                    array = np.asarray(value)
                    if array.dtype.kind == "f":
                        yield f"case {task} {name} {case.id}/{draw}", array.astype(float)


def _telling(values: Array, known: Array) -> Array:
    """Return True for numbers that are in no way simple, and not public as they stand."""
    sizes = np.abs(values)
    with np.errstate(invalid="ignore", over="ignore"):
        parts = values[..., None] * _PARTS
        is_odd = np.all(np.abs(parts - np.round(parts)) > _NEAR * np.abs(parts), axis=-1)
    return np.asarray((sizes > _SMALLEST) & np.isfinite(values) & is_odd & ~_is_among(sizes, known))


def _is_among(values: Array, known: Array) -> Array:
    """Return True for each value that is in a sorted array, which is not empty."""
    places = np.searchsorted(known, values).clip(max=known.size - 1)
    return np.asarray(known[places] == values)


def _words(array: Array, telling: Array, known: Array) -> set[int]:
    """Return each telling number as 8 bytes of either order, and pairs of single precision."""
    either = np.array([telling, -telling])
    found = {w for kind in ("<f8", ">f8") for w in _as_words(either.astype(kind))}
    array = np.atleast_1d(array)
    for order in ("C", "F"):
        part = array[:_MOST_READ] if order == "C" else array[..., :_MOST_READ]
        row = part.ravel(order=order)[:_MOST_READ]
        pairs = row[: row.size // 2 * 2].reshape(-1, 2)
        pairs = pairs[_telling(pairs, known).all(axis=1)][:_MOST_ENTRIES]
        for kind in ("<f4", ">f4"):
            found |= {w for sign in (1, -1) for w in _as_words((sign * pairs).astype(kind))}
    return found


def _runs(array: Array, there: bytes) -> set[bytes]:
    """Return how an array begins, such as a masked upstream, unless something public does so."""
    runs = set()
    for order in ("C", "F"):
        first = array.ravel(order=order)[:_MOST_ENTRIES]
        if np.unique(first).size >= _FEW and first.tobytes() not in there:
            runs |= {first.astype(kind).tobytes() for kind in ("<f8", ">f8", "<f4", ">f4")}
    return runs


def _as_words(array: Array) -> list[int]:
    data = array.tobytes()
    return [int(word) for word in np.frombuffer(data, dtype="<u8")] if data else []


def _code(reference: Iterable[str], given: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the lines that tell something, and the names that are not the students' to write."""
    lines, names = set(), set()
    stated = _bare(given)
    for source in reference:
        kept = {
            number
            for node in ast.walk(ast.parse(source))
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom))
            for number in range(
                node.lineno,
                node.body[0].lineno
                if isinstance(node, (ast.FunctionDef, ast.ClassDef))
                else node.lineno + 1,
            )
        }
        for number, line in enumerate(source.splitlines(), 1):
            for part in (line, line.partition("#")[0], line.partition("#")[2]):
                bare = _bare(part).strip("\"'`#.")
                is_kept = number in kept or _PLAIN.fullmatch(bare)
                if len(bare) >= _SHORT_LINE and not is_kept and bare not in stated:
                    lines.add(bare)
        names |= {
            node.name
            for node in ast.parse(source).body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        }
    return frozenset(lines), frozenset(names)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def leaks_in(kit: Mapping[str, bytes], answers: Answers, targets: frozenset[str]) -> list[str]:
    """Return what was found of the answers; ``targets`` are the names that students write."""
    found = []
    for place, data in kit.items():
        for blob in {*_unpacked(data, _DEPTH)}:
            found += [f"{place}: {what}" for what in _in_blob(blob, answers, targets)]
    return found


def _unpacked(data: bytes, depth: int) -> Iterator[bytes]:
    """Yield the bytes of a file, and of all that is packed or written in it as text."""
    yield data
    if depth == 0:
        return
    inner: list[bytes] = []
    if data[:4] == b"PK\3\4":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inner += [packed.read(name) for name in packed.namelist()]
    for unpack in (gzip.decompress, zlib.decompress):
        if data[:2] in (b"\x1f\x8b", b"\x78\x9c", b"\x78\xda", b"\x78\x01"):
            try:
                inner.append(unpack(data))
            except (OSError, zlib.error, EOFError):
                continue
    for run in _BASE64.findall(data):
        bare = run.replace(b"\n", b"").rstrip(b"=")
        inner.append(base64.b64decode(bare[: len(bare) // 4 * 4]))
        # The padding may be missing, and a part of four be left over.
        inner.append(
            base64.b64decode(bare + b"=" * (-len(bare) % 4)) if len(bare) % 4 != 1 else b""
        )
    inner += [binascii.unhexlify(run) for run in _HEX.findall(data)]
    for each in inner:
        yield from _unpacked(each, depth - 1)


def _in_blob(blob: bytes, answers: Answers, targets: frozenset[str]) -> Iterator[str]:
    for offset in range(8):
        usable = (len(blob) - offset) // 8 * 8
        if usable > 0 and answers.words.size:
            there = np.frombuffer(blob[offset : offset + usable], dtype="<u8")
            if _is_among(there, answers.words).any():
                yield "a number that is an answer, in binary"
                break
    yield from ("an array that is an answer, in binary" for run in answers.runs if run in blob)
    yield from ("the secret" for secret in answers.secrets if secret in blob)
    text = blob.decode("latin-1")
    yield from _written(set(_NUMBER.findall(text)), answers)
    bare = _bare(text)
    yield from (f"the line {line}" for line in answers.lines if line in bare)
    defined = set(re.findall(r"\b(?:def|class)\s+(\w+)", text))
    yield from (f"the function {name}" for name in answers.names & defined - targets)


def _written(tokens: set[str], answers: Answers) -> Iterator[str]:
    """Yield an array of which one number stands with all its digits, or several with fewer."""
    found: Counter[str] = Counter()
    for token in tokens:
        digits = len(re.sub(r"^[0.]+|e.*|\D", "", token))
        if digits not in _DIGITS:
            continue
        labels = answers.written.get(_rounded(float(token), digits), frozenset())
        if labels and digits >= _TELLING:
            yield f"{token}, {min(labels)}"
            return
        found.update(labels)
    for label, count in found.items():
        if count >= 3 and 4 * count >= answers.counts[label]:
            yield label
            return


def _rounded(number: float, digits: int) -> str:
    return f"{abs(number):.{digits - 1}e}"
