"""``grade list``: the assignments and tasks of this course."""

from __future__ import annotations

import argparse
import os

from tabulate import tabulate

from grader.course import find_course, load
from grader.errors import ExitCode


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the assignments and tasks of the course."""
    course = find_course(arguments.course, os.environ, None)
    print(course.name)
    for name in course.assignment_ids():
        assignment, rubric = load(course, name)
        total = f"{float(rubric.total):g} points"
        if assignment.only_by_name:
            total += ", only by its name"
        print(f"\n{assignment.id}: {assignment.title} ({', '.join(assignment.files)}, {total})\n")
        rows = [
            (t.id, t.title, t.call.style, " ".join(t.lecture),
             f"{float(sum(rubric.points[t.id].values())):g}")
            for t in assignment.tasks
        ]  # fmt: skip
        print(tabulate(rows, ("task", "title", "style", "lecture", "points"),
                       disable_numparse=True))  # fmt: skip
    return ExitCode.OK
