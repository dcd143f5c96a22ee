"""Starter files by the markers that instructors know from nbgrader and otter.

``is_marked``   whether a file has any.
``unmarked``    the file with each marked part replaced by an error that says what to write.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from grader.errors import CourseError
from grader.release.wording import unwritten

_BEGIN = re.compile(r"\s*#+\s*BEGIN SOLUTION(?: NO PROMPT)?\s*")
_END = re.compile(r"\s*#+\s*END SOLUTION\s*")
_LINE = re.compile(r".*\S.*#\s*SOLUTION(?: NO PROMPT)?\s*")
_ANY = re.compile(r"#\s*(?:BEGIN|END)? ?SOLUTION\b")
_HERE = "# your code here"


def is_marked(source: str) -> bool:
    """Return True when some part of a file is marked as a solution."""
    return any(_ANY.search(line) for line in source.splitlines())


def unmarked(source: str, path: str, wanted: Mapping[str, str]) -> str:
    """Return the file without what is marked; everything else stays, docstrings and comments too.

    ``path`` names it in messages; ``wanted`` says what to write in the functions of the tasks
    (``name`` or ``Class.method``). Raises ``CourseError`` for a marker that has no partner.
    """
    lines = source.splitlines()
    tree = parsed(source, path)
    names, spans = _names_by_line(tree), _spans(tree)
    marked: set[int] = set()  # lines, counted from 1
    kept: list[str] = []
    at = 0
    while at < len(lines):
        end = _end_of_marked(lines, at, path)
        if end == at:
            kept.append(lines[at])
            at += 1
            continue
        code = [i for i in range(at, end) if lines[i].split("#")[0].strip()] or [at]
        indent = lines[code[0]][: len(lines[code[0]]) - len(lines[code[0]].lstrip())]
        name = names.get(code[0] + 1, "")
        marked |= {*range(at + 1, end + 1)}
        if not name:
            kept.append(indent + _HERE)
        else:
            kept += unwritten(wanted.get(name, f"write {name}"), indent)
        at = end
    is_given = {n for n in wanted if n.endswith(".__init__")}  # a constructor may be
    whole = [n for n in wanted if n in spans and n not in is_given and not marked & {*spans[n]}]
    if whole:
        raise CourseError(
            f"{path}: nothing is marked in {', '.join(whole)}, which students are to write; where "
            "one function is marked, mark all of them"
        )
    text = "\n".join(kept) + "\n"
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise CourseError(
            f"{path}: without what is marked it is no valid Python (line {error.lineno}: "
            f"{error.msg}); mark whole statements inside functions"
        ) from error
    return text


def _end_of_marked(lines: list[str], at: int, path: str) -> int:
    """Return the line behind the marked part that begins here; the line itself where none does."""
    if _BEGIN.fullmatch(lines[at]):
        for end in range(at + 1, len(lines)):
            if _END.fullmatch(lines[end]):
                return end + 1
            if _BEGIN.fullmatch(lines[end]):
                break
        raise CourseError(f"{path}:{at + 1}: `BEGIN SOLUTION` has no `END SOLUTION`")
    if _END.fullmatch(lines[at]):
        raise CourseError(f"{path}:{at + 1}: `END SOLUTION` has no `BEGIN SOLUTION`")
    end = at
    while end < len(lines) and _LINE.fullmatch(lines[end]):
        end += 1
    if end == at and _ANY.search(lines[at]):
        raise CourseError(
            f"{path}:{at + 1}: a marker stands alone in its line, or `# SOLUTION` ends it"
        )
    return end


def _names_by_line(tree: ast.Module) -> dict[int, str]:
    """Return the innermost function whose body holds a line, as ``name`` or ``Class.method``."""
    names: dict[int, str] = {}

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            name = prefix + getattr(child, "name", "")
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                first, last = child.body[0].lineno, child.end_lineno or child.lineno
                if first > child.lineno:  # a function in one line has no place for an error
                    names.update(dict.fromkeys(range(first, last + 1), name))
                visit(child, f"{name}.")
            else:
                visit(child, f"{name}." if isinstance(child, ast.ClassDef) else prefix)

    visit(tree, "")
    return names


def _spans(tree: ast.Module) -> dict[str, range]:
    """Return the lines of each function, and of each method as ``Class.method``."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    named = [(node.name, node) for node in tree.body if isinstance(node, functions)]
    named += [
        (f"{owner.name}.{node.name}", node)
        for owner in tree.body if isinstance(owner, ast.ClassDef)
        for node in owner.body if isinstance(node, functions)
    ]  # fmt: skip
    return {name: range(node.lineno, (node.end_lineno or node.lineno) + 1) for name, node in named}


def parsed(source: str, path: str) -> ast.Module:
    """Return the syntax tree of a file; raises ``CourseError`` naming the line that has none."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno}: not valid Python: {error.msg}") from error
