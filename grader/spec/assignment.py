"""Reading an assignment: the file as a whole. Tasks are read in ``grader.spec.task``."""

from __future__ import annotations

import hashlib
import re

from grader.errors import CourseError
from grader.model import Assignment, Limits, Public, Task, module_of
from grader.spec.arguments import read_sizes
from grader.spec.files import read_file, read_files, read_packages, read_stubs
from grader.spec.forms import stated_forms
from grader.spec.leaning import check_leaning
from grader.spec.task import Defaults, conventions, read_public, read_task
from grader.spec.yaml_cursor import Cursor, Problems, open_document

_KEYS = (
    "assignment", "version", "title", "statement", "module", "files", "tree", "support", "stub",
    "packages", "only_by_name", "style", "sizes", "conventions", "tolerance", "input_forms",
    "limits", "public", "tasks",
)  # fmt: skip
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
    fields = top.mapping(_KEYS, ["assignment", "tasks"])
    declared = read_files(fields["files"]) if "files" in fields else None
    support = read_files(fields["support"]) if "support" in fields else ()
    for name in support:
        if name.endswith(".ipynb"):
            fields["support"].problem(f"`{name}` is a notebook; support files are modules")
    module = read_file(fields["module"]) if "module" in fields else ""
    if module and declared is not None and module not in declared:
        fields["module"].problem(f"`{module}` is not one of `files`")
    defaults = Defaults(
        style=fields.get("style"),
        module=module or (declared[0] if declared else ""),
        files=declared,
        support=support,
        sizes=read_sizes(fields.get("sizes")),
        conventions=conventions(fields.get("conventions"), {}),
        tolerance=fields["tolerance"].number(1e-12, 0.5) if "tolerance" in fields else None,
        input_forms=stated_forms(fields.get("input_forms")),
        public=read_public(fields.get("public"), Public.FORWARD_VALUES),
    )
    tasks = _tasks(fields["tasks"], defaults) if "tasks" in fields else ()
    files = declared or tuple(dict.fromkeys(task.file for task in tasks if task.file))
    if not {"files", "module"} & fields.keys() and not all(task.file for task in tasks):
        top.problem("the key `files` is missing, or `module`, here or on every task")
    if len({module_of(file) for file in files}) < len(files):
        top.problem(f"two of {', '.join(files)} are the same module")
    for name in {*support} & {module_of(file) for file in files}:
        fields["support"].problem(f"`{name}` is a file to hand in already")
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
        stub=read_stubs(fields.get("stub"), (*files, *support)),
        only_by_name=_flag(fields.get("only_by_name")),
        is_tree=_is_tree(fields.get("tree"), files),
        packages=read_packages(fields.get("packages"), (*files, *support)),
        tasks=tasks,
        limits=_limits(fields.get("limits")),
        path=path,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    if problems:
        raise CourseError(*problems)
    return assignment


def _flag(cursor: Cursor | None) -> bool:
    return cursor is not None and cursor.choice(["false", "true"]) == "true"


def _is_tree(cursor: Cursor | None, files: tuple[str, ...]) -> bool:
    has_folders = any("/" in file for file in files)
    if cursor is None:
        return has_folders
    stated = cursor.choice(["false", "true"]) == "true"
    if has_folders and not stated:
        cursor.problem("a file in a folder is read with the tree around it")
    return stated


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
    cursors: dict[str, Cursor] = {}
    for item in cursor.items():
        task = read_task(item, defaults)
        if task is None:
            continue
        if task.id in tasks:
            item.problem(f"another task has the id `{task.id}`")
        tasks[task.id], cursors[task.id] = task, item
    check_leaning(cursors, tasks)
    if not cursor.items():
        cursor.problem("at least one task is needed")
    return tuple(tasks.values())
