"""What other systems take: one file per system, each a function from an ``Export`` to files."""

from collections.abc import Callable

from grader.grades.exporters import (
    autolab,
    canvas,
    github_classroom,
    gradescope,
    markdown,
    moodle,
    nbgrader,
    prairielearn,
)
from grader.grades.exporters.record import Export, Exported

Exporter = Callable[[Export], Exported]

EXPORTERS: dict[str, Exporter] = {
    "autolab": autolab.write,
    "canvas": canvas.write,
    "github_classroom": github_classroom.write,
    "gradescope": gradescope.write,
    "markdown": markdown.write,
    "moodle": moodle.write,
    "nbgrader": nbgrader.write,
    "prairielearn": prairielearn.write,
}

__all__ = ["EXPORTERS", "Export", "Exported", "Exporter"]
