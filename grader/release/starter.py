"""Starter files, made of the solutions in ``reference/``, which have the students' own form.

``starters``   an assignment and the texts of its reference -> texts by path.

A file with markers loses what is marked. Of any other nothing stays but the names and signatures
that the spec asks for: what it says in docstrings and comments is the spec's own.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.model import Assignment, module_of
from grader.release.cells import as_notebook
from grader.release.marked import is_marked, parsed, unmarked
from grader.release.skeleton import skeleton, wanted
from grader.release.wording import Shapes


def starters(
    assignment: Assignment, texts: Mapping[str, str], shapes: Mapping[str, Shapes]
) -> dict[str, str]:
    """Return the starter of each file; ``shapes`` are those of the outputs, in words, by task.

    Raises ``CourseError`` where a reference cannot be taken apart, with what to do about it.
    """
    files = {}
    for file in assignment.files:
        module = module_of(file)
        tasks = [task for task in assignment.tasks if task.file == file]
        path = f"reference/{module}"
        if is_marked(texts[module]):
            text = unmarked(texts[module], path, wanted(tasks))
        else:
            text = skeleton(assignment, tasks, parsed(texts[module], path), path, shapes)
        files[file] = as_notebook(text) if file.endswith(".ipynb") else text
    return files
