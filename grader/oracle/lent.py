"""The reference's functions as files, to be called where a student's function calls its helper."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from grader.model import module_of
from grader.oracle.reference import Reference

_BOUND = "_stated_"


def lent_files(references: Iterable[Reference]) -> dict[str, str]:
    """Return the texts that the functions of some tasks need, with these tasks' conventions."""
    files: dict[str, str] = {}
    for reference in references:
        file = module_of(reference.task.file)
        files = {**reference.files, **files}
        for name, function in reference.namespace.items():
            if isinstance(function, functools.partial):
                stated = f"functools.partial({name}, **{dict(function.keywords)!r})"
                files[file] += f"\n\nimport functools\n{_BOUND}{name} = {stated}\n"
    return files


def lent_name(reference: Reference, name: str) -> str:
    """Return the name by which a function has its task's conventions in these files."""
    is_bound = isinstance(reference.namespace[name], functools.partial)
    return f"{_BOUND}{name}" if is_bound else name
