"""Archives of strangers: what is unpacked, what is left out, what is refused, and how cheaply."""

from __future__ import annotations

import io
import os
import struct
import tarfile
import tempfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from handed_in import WORK, plant, read_back, tar_of, tarred, zipped
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.errors import CourseError
from grader.intake import Attempt, Opened, opened, writing
from grader.submission import read_submission


def attempt_of(path: Path, *names: str) -> Attempt:
    """Return an attempt on a path, or on loose files in it."""
    return Attempt("key", ("1",), path, 1, files=tuple((name, name) for name in names))


def held(tmp_path: Path, data: bytes, name: str = "a.zip") -> tuple[dict[str, str], Opened]:
    """Return what an archive holds once it is opened."""
    path = tmp_path / name
    path.write_bytes(data)
    with opened(attempt_of(path)) as found:
        pass
    return read_back(attempt_of(path)), found


def _info(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def _link_in_zip() -> bytes:
    info = zipfile.ZipInfo("b.py")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    buffer = io.BytesIO(zipped({"layers.py": WORK}))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def _twice() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("layers.py", "old = 1\n")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("layers.py", WORK)
    return buffer.getvalue()


def _kinds() -> bytes:
    kinds = [tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]
    odd = [(_info(f"{number}.py", kind), b"") for number, kind in enumerate(kinds)]
    links = [(_info("s.py", tarfile.SYMTYPE, "/etc/passwd"), b""),
             (_info("h.py", tarfile.LNKTYPE, "../../secret"), b""),
             (_info("d", tarfile.SYMTYPE, ".."), b""), (_info("d/out.py"), b"x = 1\n")]  # fmt: skip
    return tar_of([*odd, *links, (_info("layers.py"), WORK.encode())])


def _with_nul() -> bytes:
    info = _info("a.py")
    info.pax_headers = {"path": "a\0b.py"}
    return tar_of([(info, b"x"), (_info("layers.py"), WORK.encode())])


AWAY = ["../out.py", "a/../../out.py", "/etc/out.py", "C:\\out.py", "..\\out.py", "\\\\host\\o.py"]
TAKEN: dict[str, tuple[bytes, dict[str, str], str]] = {
    "link in a zip": (_link_in_zip(), {"layers.py": WORK}, "b.py: is a link"),
    "the same name twice": (_twice(), {"layers.py": WORK}, "is in it twice; the last one is read"),
    "links, pipes, devices": (
        _kinds(), {"layers.py": WORK, "d/out.py": "x = 1\n"}, "s.py: is a link",
    ),
    "backslashes": (zipped({"hw\\layers.py": WORK}), {"layers.py": WORK}, ""),
    "a file and a folder of one name": (
        zipped({"a.py": WORK, "a.py/b.py": "x"}), {"a.py": WORK}, "cannot be written here",
    ),
    "a name too long": (
        zipped({"x" * 300 + ".py": "x", "layers.py": WORK}), {"layers.py": WORK}, "too long",
    ),
    "a NUL in a name": (_with_nul(), {"layers.py": WORK}, "its name is impossible"),
    "too deep": (zipped({"d/" * 90 + "x.py": "", "layers.py": WORK}), {"layers.py": WORK}, "deep"),
    "what nobody reads": (
        zipped({"layers.py": WORK, "data.bin": b"\0" * (1 << 20), ".git/hooks/x.py": "x",
                "venv/lib/y.py": "x", "__pycache__/z.py": "x", "._layers.py": "x"}),
        {"layers.py": WORK}, "",
    ),
    "zips in a zip": (
        zipped({"one.zip": zipped({"a.py": WORK}), "two.tgz": tarred({"a.py": "x"})}),
        {"one/a.py": WORK, "two/a.py": "x"}, "",
    ),
    "a zip beside the work": (
        zipped({"layers.py": WORK, "old.zip": zipped({"layers.py": "x"})}), {"layers.py": WORK}, "",
    ),
    **{
        f"{kind} {name}": (pack({name: "x = 1\n", "layers.py": WORK}), {"layers.py": WORK}, "path")
        for name in AWAY for kind, pack in (("zip", zipped), ("tar", tarred))
    },
}  # fmt: skip


@pytest.mark.parametrize(("data", "holds", "words"), TAKEN.values(), ids=TAKEN)
def test_what_is_taken_and_what_is_left_out(
    data: bytes, holds: dict[str, str], words: str, tmp_path: Path
) -> None:
    """Honest files are read whatever lies beside them; what leads away is told and left out."""
    got, found = held(tmp_path, data)
    assert got == holds
    assert words in " ".join(found.left_out)
    assert bool(words) == bool(found.left_out)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip"]


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    """UTF-8 without the mark of it is read as UTF-8, and anything else as old DOS letters."""
    for raw, name in ((b"\xc3\xa9lan.py", "élan.py"), (b"\x82.py", "é.py")):
        data = zipped({"x" * (len(raw) - 3) + ".py": WORK})
        data = data.replace(b"x" * (len(raw) - 3) + b".py", raw)
        assert held(tmp_path, data)[0] == {name: WORK}
    assert held(tmp_path, zipped({"李.py": WORK}))[0] == {"李.py": WORK}


def _overlapping() -> bytes:
    """Return a zip all of whose entries are the same bytes, as the densest bombs are made."""
    data = zipped({"a.py": "#" * 5000})
    start = data.index(b"PK\1\2")
    stop = data.index(b"PK\5\6")
    entry, count = data[start:stop], 50
    renamed = b"".join(entry.replace(b"a.py", b"%c.py" % (65 + n)) for n in range(count))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(renamed), start, 0)
    return data[:start] + renamed + end


def _encrypted() -> bytes:
    data = bytearray(zipped({"layers.py": WORK}))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def _with_long_contents() -> bytes:
    size = 40 << 20
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, size, 0, 0)
    return b"PK\3\4" + bytes(size) + end


def _long_header(kind: bytes) -> bytes:
    info = _info("pax", kind)
    info.size = 30 << 20
    return info.tobuf(tarfile.GNU_FORMAT) + bytes(30 << 20)


def _negative() -> bytes:
    raw = bytearray(_info("a.py").tobuf(tarfile.GNU_FORMAT))
    raw[124:136] = b"\xff" * 10 + b"\xf8\x00"  # -2048, in the binary form of GNU
    raw[148:156] = b" " * 8
    raw[148:156] = b"%06o\0 " % sum(raw)
    return bytes(raw) + bytes(2048)


def _nested(depth: int) -> bytes:
    data = zipped({"layers.py": WORK})
    for _ in range(depth):
        data = zipped({"in.zip": data})
    return data


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "is damaged or no zip or tar archive"),
    "no archive": (lambda: b"hello" * 200, "is damaged or no zip or tar archive"),
    "half a zip": (lambda: zipped({"layers.py": os.urandom(9999)})[:5000], "is damaged"),
    "half a tarball": (lambda: tarred({"layers.py": os.urandom(9999)})[:5000], "is damaged"),
    "half an xz": (lambda: tarred({"layers.py": os.urandom(9999)}, "xz")[:5000], "ends too early"),
    "a wrong sum": (
        lambda: zipped({"a.py": WORK}, zipfile.ZIP_STORED).replace(b"return", b"retirn"),
        "is damaged",
    ),
    "password": (_encrypted, "is encrypted: hand it in without a password"),
    "odd packing": (lambda: zipped({"a.py": WORK}, zipfile.ZIP_LZMA), "method that is not read"),
    "overlap": (_overlapping, "overlap"),
    "bomb": (lambda: zipped({"a.py": b" " * (30 << 20)}), "more than 200 times"),
    "bomb in a tarball": (lambda: tarred({"a.py": b" " * (30 << 20)}), "more than 200 times"),
    "too much code": (
        lambda: zipped({f"{n}.py": bytes(3 << 20) for n in range(3)}, zipfile.ZIP_STORED),
        "unpacks to more than 8 MiB of code",
    ),
    "too many files": (lambda: zipped({f"{n}.py": "" for n in range(101)}), "more than 100 Python"),
    "too many names": (lambda: zipped({f"{n}": "" for n in range(101)}), "more than 100 entries"),
    "endless tarball": (lambda: tarred({"a.bin": bytes(40 << 20)}), "unpacks to more than 32 MiB"),
    "long contents": (_with_long_contents, "a list of contents that is too long"),
    "long pax header": (lambda: _long_header(tarfile.XHDTYPE), "has a header that is too long"),
    "long name": (lambda: _long_header(tarfile.GNUTYPE_LONGNAME), "has a header that is too long"),
    "negative size": (_negative, "is damaged"),
    "chain of headers": (
        lambda: b"".join(_info("x", tarfile.XGLTYPE).tobuf() for _ in range(3000)), "is damaged",
    ),
    "deep": (lambda: _nested(4), "archives inside archives, more than 3 deep"),
    "only what leads away": (lambda: zipped({"../a.py": WORK}), "no Python file and no notebook"),
    "only data": (lambda: tarred({"a.csv": "1"}), "there is no Python file and no notebook in it"),
}  # fmt: skip


# Limits that would take long to reach.
LOWERED = {
    "too much code": ("MAX_BYTES", 8 << 20),
    "too many files": ("MAX_FILES", 100),
    "too many names": ("MAX_NAMES", 100),
    "endless tarball": ("MAX_STREAM", 32 << 20),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb or a broken archive is a problem in words, found fast and with little memory."""
    make, words = REFUSED[name]
    if name in LOWERED:
        monkeypatch.setattr(writing, *LOWERED[name])
    path = tmp_path / "a.tar.gz"
    path.write_bytes(make())
    tracemalloc.start()
    started = time.process_time()
    with opened(attempt_of(path)) as found:
        assert words in found.problem
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 << 20
    assert time.process_time() - started < 5
    assert sorted(tmp_path.rglob("*")) == [path]


def test_three_deep_is_read(tmp_path: Path) -> None:
    """A zip in a zip in a zip is what some platforms make."""
    assert held(tmp_path, _nested(2))[0] == {"layers.py": WORK}


def test_a_file_that_is_too_large_is_told_by_its_reader(tmp_path: Path) -> None:
    """What is cut off while unpacking is too large for the reader still, never half a file."""
    (tmp_path / "a.zip").write_bytes(zipped({"layers.py": os.urandom(9 << 20), "b.py": WORK}))
    with opened(attempt_of(tmp_path / "a.zip"), ["layers.py"]) as found:
        submission = read_submission(found.path, ["layers.py", "b.py"])
    assert "is larger than 1 MiB" in submission.broken["layers.py"].message
    assert submission.texts == {"b.py": WORK}


def test_loose_files_and_archives_together(tmp_path: Path) -> None:
    """Archives are unpacked beside loose files; a broken one costs the others nothing."""
    tree: dict[str, str | bytes] = {
        "one.zip": zipped({"a.py": WORK}),
        "broken.zip": b"PK\3\4",
        "layers.py": WORK,
    }
    plant(tmp_path / "in", tree)
    attempt = attempt_of(tmp_path / "in", *tree)
    assert read_back(attempt) == {"layers.py": WORK, "one/a.py": WORK}
    with opened(attempt) as found:
        assert found.left_out[0].startswith("broken.zip is damaged")
    assert read_back(attempt_of(tmp_path / "in", "../in/layers.py")) == {".._in_layers.py": WORK}


def test_a_folder_with_an_archive(tmp_path: Path) -> None:
    """An archive in a folder is opened only where what is asked for does not lie open."""
    packed = zipped({"layers.py": "packed"})
    plant(tmp_path / "in", {"hw.zip": packed, "layers.py": WORK})
    plant(tmp_path / "on", {"hw.zip": packed, "report.ipynb": "{}"})
    with opened(attempt_of(tmp_path / "in"), ["layers.py"]) as found:
        assert found.path == tmp_path / "in"
    assert read_back(attempt_of(tmp_path / "on"), "layers.py") == {
        "layers.py": "packed", "report.ipynb": "{}",
    }  # fmt: skip


def test_a_full_disk_is_nobodys_submission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be written, the instructor is told, and no student blamed."""
    (tmp_path / "a.zip").write_bytes(zipped({"layers.py": WORK}))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with (
        pytest.raises(CourseError, match="no temporary folder"),
        opened(attempt_of(tmp_path / "a.zip")),
    ):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_disk_that_fills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills while a file is written is told to the instructor too."""
    (tmp_path / "a.zip").write_bytes(zipped({"layers.py": "x" * (1 << 20)}))
    own = Path.open
    monkeypatch.setattr(
        Path,
        "open",
        lambda path, mode="r": own(Path("/dev/full"), "wb") if mode == "xb" else own(path, mode),
    )
    with pytest.raises(CourseError, match="No space left"), opened(attempt_of(tmp_path / "a.zip")):
        pass


_Names = st.text(st.sampled_from("ab./\\:é\n "), min_size=1, max_size=12).map(lambda n: f"{n}.py")


@settings(max_examples=40)
@given(st.dictionaries(_Names, st.binary(max_size=30), max_size=6), st.sampled_from(["zip", "tar"]))
@example({"../../x.py": b""}, "tar")
def test_any_names_stay_inside(members: dict[str, bytes], kind: str) -> None:
    """Whatever entries are called, nothing is written outside, and the rest is read whole."""
    with tempfile.TemporaryDirectory() as folder:
        outer = Path(folder) / "out"
        outer.mkdir()
        (outer / "a.zip").write_bytes(zipped(members) if kind == "zip" else tarred(members))
        with opened(attempt_of(outer / "a.zip")) as found:
            if not found.problem:
                root = found.path
                written = [p for p in root.rglob("*") if p.is_file()]
                contents = set(members.values())
                assert written
                assert all(p.read_bytes() in contents and not p.is_symlink() for p in written)
                assert all(p.resolve().is_relative_to(root.resolve()) for p in written)
        assert [p.name for p in Path(folder).rglob("*")] == ["out", "a.zip"]
        assert not found.path.exists()


@settings(max_examples=80)
@given(
    st.sampled_from([zipped({"a/layers.py": WORK, "b.py": "x"}), tarred({"layers.py": WORK}, ""),
                     tarred({"layers.py": WORK}), tarred({"layers.py": WORK}, "xz")]),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=8),
    st.integers(0, 4000),
)  # fmt: skip
def test_any_damage(data: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    """Whatever bytes are changed or cut off, the answer is a folder or a problem."""
    damaged = bytearray(data)
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(bytes(damaged[: max(len(damaged) - cut // 8, 1)]))
        with opened(attempt_of(path)) as found:
            assert found.problem or list(found.path.rglob("*.py"))
