"""A new course: the files that `grade init` writes, as small as they can be and sound.

``write_course``   a folder -> the files written into it.
"""

from __future__ import annotations

from pathlib import Path

from grader.errors import CourseError

_SPEC = """\
# What must be implemented. Every field: docs/writing-an-assignment.md
assignment: first
version: 1
title: A first assignment
statement: |
  A layer of a network, in first.py. Replace this text by what your students must know: names,
  arguments, shapes, and every convention the lecture leaves open.
files: [first.py]
tasks:
  - id: affine
    title: Affine layer
    statement: |
      Functions `affine_forward(x, w, b)` and `affine_backward(dout, cache)` for out = x w + b with
      x of shape [N, D], w [D, M], b [M] and out [N, M]. `affine_forward` returns (out, cache),
      where cache is any value of your choice; `affine_backward` returns (dx, dw, db).
    style: function_pair
    target: affine
    inputs: {x: [N, D], w: [D, M], b: [M]}
    outputs: [out]
"""
_RUBRIC = """\
# What each check is worth; `total` must be the sum.
rubric: first
total: 4
tasks:
  affine:
    forward: 1
    backward: 3
"""
_REFERENCE = '''\
"""Your own solution, written as a student would hand it in. Never give this file away."""

import numpy as np


def affine_forward(x, w, b):
    """``out = x w + b``."""
    out = x @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    """``dx = dout w^T``, ``dw = x^T dout``, ``db`` = the sum of dout over the batch."""
    x, w = cache
    dx = dout @ w.T
    dw = x.T @ dout
    db = np.sum(dout, axis=0)
    return dx, dw, db
'''
_EXAMPLE = '''\
"""An example submission with one mistake: db is the mean over the batch, not the sum."""

import numpy as np


def affine_forward(x, w, b):
    return x.dot(w) + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout.dot(w.T), x.T.dot(dout), np.mean(dout, axis=0)
'''
_README = """\
# {name}

    assignments/first.yaml      what students implement
    reference/first.py          your solution: the answers are computed from it
    rubrics/first.yaml          what each check is worth
    examples/mistake/first.py   an example submission

    grade check first           proves the reference, shows that wrong versions are rejected
    grade examples/mistake      grades the example
    grade list                  the assignments and tasks of this course

Put 16 random characters or more into `course.secret` before you grade for the record, so that
nobody can compute the inputs; it is in `.gitignore`:

    python3 -c "import secrets; print(secrets.token_hex(16))" > course.secret

Never hand out `reference/`.
"""


def write_course(folder: Path) -> tuple[Path, ...]:
    """Write a new course and return its files.

    Raises ``CourseError`` where the folder holds something already, and ``OSError`` where it
    cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder}: is there already; `grade init` needs a new or empty folder")
    name = folder.resolve().name or "course"
    files = {
        "course.yaml": f"name: {_quoted(name)}\n",
        "assignments/first.yaml": _SPEC,
        "reference/first.py": _REFERENCE,
        "rubrics/first.yaml": _RUBRIC,
        "examples/mistake/first.py": _EXAMPLE,
        "README.md": _README.format(name=name),
        ".gitignore": "course.secret\n",
    }
    for place, text in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(folder / place for place in files)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
