"""Reading an assignment: the file as a whole. Tasks are read in ``grader.spec.task``."""

from __future__ import annotations

import hashlib
import re
import sys

from grader.errors import CourseError
from grader.model import Assignment, Limits, Task
from grader.spec.arguments import read_sizes
from grader.spec.forms import stated_forms
from grader.spec.task import Defaults, conventions, read_task
from grader.spec.yaml_cursor import Cursor, Problems, open_document

_KEYS = (
    "assignment", "version", "title", "statement", "files", "support", "packages", "style", "sizes",
    "conventions", "tolerance", "input_forms", "limits", "tasks",
)  # fmt: skip
_FILE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\.py")
_LIMITS = {
    "call_seconds": (0.1, 3600.0),
    "size_seconds": (0.1, 3600.0),
    "total_seconds": (1.0, 86400.0),
    "memory_mb": (192.0, 1048576.0),
    "output_kb": (1.0, 65536.0),
}


def load_assignment(text: str, path: str) -> Assignment:
    """Read a spec; raises ``CourseError`` with everything that is wrong.

    ``path`` names the file in messages and is kept in the record.
    """
    problems: Problems = []
    top = open_document(text, path, problems)
    if top is None:
        raise CourseError(*problems)
    fields = top.mapping(_KEYS, ["assignment", "files", "tasks"])
    files = _files(fields["files"]) if "files" in fields else ()
    support = _files(fields["support"]) if "support" in fields else ()
    for name in {*support} & {*files}:
        fields["support"].problem(f"`{name}` is a file to hand in already")
    defaults = Defaults(
        style=fields.get("style"),
        files=files,
        support=support,
        sizes=read_sizes(fields.get("sizes")),
        conventions=conventions(fields.get("conventions"), {}),
        tolerance=fields["tolerance"].number(1e-12, 0.5) if "tolerance" in fields else None,
        input_forms=stated_forms(fields.get("input_forms")),
    )
    tasks = _tasks(fields["tasks"], defaults) if "tasks" in fields else ()
    name = fields["assignment"].text() if "assignment" in fields else ""
    if "assignment" in fields and not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        fields["assignment"].problem("an id is lower-case letters, digits, `_` and `-`")
    assignment = Assignment(
        id=name,
        version=fields["version"].whole(1) if "version" in fields else 1,
        title=fields["title"].text() if "title" in fields else name,
        statement=fields["statement"].text() if "statement" in fields else "",
        files=files,
        support=support,
        packages=_packages(fields["packages"], (*files, *support)) if "packages" in fields else (),
        tasks=tasks,
        limits=_limits(fields.get("limits")),
        path=path,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    if problems:
        raise CourseError(*problems)
    return assignment


def _files(cursor: Cursor) -> tuple[str, ...]:
    files = []
    for item in cursor.items():
        name = item.text()
        if not _FILE.fullmatch(name):
            item.problem(f"`{name}` is not the name of a Python file")
        elif name[:-3] in sys.stdlib_module_names or name == "numpy.py":
            item.problem(f"`{name}` hides a module of Python; students could not import it")
        elif name in files:
            item.problem(f"`{name}` stands here twice")
        else:
            files.append(name)
    if not cursor.items():
        cursor.problem("at least one file is needed")
    return tuple(files)


def _packages(cursor: Cursor, files: tuple[str, ...]) -> tuple[str, ...]:
    names = cursor.names()
    for name in names:
        if name in sys.stdlib_module_names or name == "numpy":
            cursor.problem(f"`{name}` can always be imported")
        elif name == "grader":
            cursor.problem("the grader itself is not for students")
        elif f"{name}.py" in files:
            cursor.problem(f"`{name}` is a file of the submission")
    return names


def _limits(cursor: Cursor | None) -> Limits:
    fields = cursor.mapping(_LIMITS) if cursor else {}
    values = {key: fields[key].number(*_LIMITS[key]) for key in fields}
    default = Limits()
    return Limits(
        call_seconds=values.get("call_seconds", default.call_seconds),
        size_seconds=values.get("size_seconds", default.size_seconds),
        total_seconds=values.get("total_seconds", default.total_seconds),
        memory_mb=int(values.get("memory_mb", default.memory_mb)),
        output_kb=int(values.get("output_kb", default.output_kb)),
    )


def _tasks(cursor: Cursor, defaults: Defaults) -> tuple[Task, ...]:
    tasks: dict[str, Task] = {}
    for item in cursor.items():
        task = read_task(item, defaults)
        if task is None:
            continue
        if task.id in tasks:
            item.problem(f"another task has the id `{task.id}`")
        tasks[task.id] = task
    if not cursor.items():
        cursor.problem("at least one task is needed")
    return tuple(tasks.values())
