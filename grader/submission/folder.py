"""Reading a submission: the declared files, and where they lie in a tree its Python files too."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from grader.codes import finding
from grader.escape import printable
from grader.model import Finding, module_of
from grader.submission.declared import Found, find_declared, has_folders, missing
from grader.submission.notebook import MAX_NOTEBOOK_BYTES, Notebook, read_notebook
from grader.submission.reading import MAX_BYTES, decode, read_bytes
from grader.submission.record import Submission
from grader.submission.tree import Listing, is_importable, list_names, list_sources, module_path

MAX_TREE_FILES = 300
MAX_TREE_BYTES = 2 << 20
_MAX_NAMES = 1000


def read_submission(path: Path, files: Sequence[str], *, is_tree: bool | None = None) -> Submission:
    """Read the declared files of a submission. A single file stands for one of ``files``.

    Of a tree every Python file is read, so that the declared ones can import it; ``is_tree`` is
    taken to be so where a declared file lies in a folder.
    """
    names = list_names(path)
    is_folder = path.is_dir()
    is_tree = (has_folders(files) if is_tree is None else is_tree) and is_folder
    listing = list_sources(path) if is_tree else Listing(names, is_cut=False)
    found = find_declared(path, files, listing, is_tree=is_tree)
    if is_folder and not is_tree and len(found.places) < len(files):
        listing = list_sources(path)  # names alone, to say where a missing file lies
    reader = _Reader(path if is_folder else path.parent)
    for file in files:
        if file not in found.places:
            reader.broken[file] = missing(file, names, listing, found.rivals)
        else:
            reader.read_declared(file, found.places[file])
    if is_tree:
        reader.read_tree(files, listing, found)
    others = tuple(n for n in names if n not in files)[:_MAX_NAMES] if is_folder else ()
    return Submission(
        printable(path.resolve().name, 100),
        reader.texts,
        reader.broken,
        others,
        reader.digest.hexdigest(),
        reader.unread,
        tuple(reader.notes),
    )


def shadowing(submission: Submission) -> list[Finding]:
    """Return a note for each file that is named like a module of Python; none is ever loaded."""
    notes = []
    for name in submission.others:
        stem = name.removesuffix(".py")
        is_python = name != stem and stem in sys.stdlib_module_names
        if is_python or stem in ("numpy", "conftest"):
            notes.append(
                finding("N707", "load", f"{printable(name, 80)} has the name of a module of Python")
            )
    return notes


class _Reader:
    """The files of one submission as they are read."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.texts: dict[str, str] = {}
        self.broken: dict[str, Finding] = {}
        self.unread: dict[str, str] = {}
        self.notes: list[Finding] = []
        self.digest = hashlib.sha256()

    def read_declared(self, file: str, place: str) -> None:
        """Read a declared file from where it lies; a notebook may stand for a module."""
        is_notebook = place.endswith(".ipynb")
        cap = MAX_NOTEBOOK_BYTES if is_notebook else MAX_BYTES
        data, reason = self._read(file, place, cap)
        shown = file if place == file else printable(place, 120)
        text = ""
        if not reason and is_notebook:
            notebook = read_notebook(data)
            text, reason = notebook.text, notebook.problem
        elif not reason:
            text, reason = decode(data)
        if reason:
            if is_notebook and "larger" in reason:
                reason += ": clear the outputs of its cells"
            self.broken[file] = finding("L102", "load", f"{shown}: {reason}")
            return
        if is_notebook:
            self._note_notebook(shown, notebook)
        if place.rpartition("/")[2] != file.rpartition("/")[2]:
            self.notes.append(finding("N723", "load", f"{shown} was read for {file}"))
        stem = file.rpartition(".")[0]
        self.texts[f"{stem}.ipynb" if is_notebook else f"{stem}.py"] = text

    def _note_notebook(self, shown: str, notebook: Notebook) -> None:
        told = f"{shown}: definitions of {notebook.cells} code cells"
        if notebook.skipped:
            told += f"; left out: {notebook.skipped} lines of magics or shell commands"
        self.notes.append(finding("N722", "load", told))

    def read_tree(self, files: Sequence[str], listing: Listing, found: Found) -> None:
        """Read the other Python files of the tree, those nearest to the declared ones first."""
        if found.base:
            self.notes.append(finding("N721", "load", f"found in {printable(found.base, 120)}/"))
        start = f"{found.base}/" if found.base else ""
        inside = [p.removeprefix(start) for p in listing.paths if p.startswith(start)]
        declared = {module_of(file) for file in files}  # a notebook is not hidden by its namesake
        others = [p for p in inside if is_importable(p) and module_path(p) not in declared]
        others = [p for p in others if p.rpartition("/")[2] != "__init__.py"]  # never run
        steps = {folder: _steps(folder, files) for folder in {p.rpartition("/")[0] for p in others}}
        others.sort(key=lambda place: (steps[place.rpartition("/")[0]], place))
        total, is_cut = 0, listing.is_cut
        for count, place in enumerate(others):
            if count >= MAX_TREE_FILES or total > MAX_TREE_BYTES:
                is_cut = True
                break
            data, reason = self._read(place, f"{start}{place}", MAX_BYTES)
            total += len(data)
            text, reason = ("", reason) if reason else decode(data)
            if reason:
                self.unread[place] = reason
            else:
                self.texts.setdefault(module_path(place), text)
        if is_cut:
            read = len(self.texts)
            told = f"{read} Python files were read, those nearest to what is graded"
            self.notes.append(finding("N724", "load", told))

    def _read(self, name: str, place: str, cap: int) -> tuple[bytes, str]:
        data, reason = read_bytes(self._root, place, cap)
        self.digest.update(os.fsencode(name) + b"\0" + data + b"\0")
        return data, reason


def _steps(folder: str, files: Sequence[str]) -> int:
    """Return how many steps lead from a folder to the nearest one with a declared file."""
    parts = folder.split("/") if folder else []
    counts = []
    for file in files:
        others = file.split("/")[:-1]
        pairs = zip(parts, others, strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        counts.append(len(parts) + len(others) - 2 * shared)
    return min(counts)
