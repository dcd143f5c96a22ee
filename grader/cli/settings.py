"""How a submission is run, as the command line says.

``run_on``       the settings of an assignment on a rung of isolation.
``settings_of``  the same by the arguments of a command.
``recording``    settings that keep what is observed.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial

from grader.cli.status import StatusLine
from grader.grade import Run
from grader.isolation import SANDBOXES, choose, find_packages
from grader.model import Assignment, Battery
from grader.observe import TaskObservations


def run_on(assignment: Assignment, isolation: tuple[str, str]) -> Run:
    """Return the settings on a rung, which is given with its note as ``choose`` gives it."""
    rung, note = isolation
    return Run(partial(SANDBOXES[rung], packages=find_packages(assignment)), rung, note)


def settings_of(
    assignment: Assignment,
    arguments: argparse.Namespace,
    command: str,
    replay: str,
    status: StatusLine,
) -> Run:
    """Return the settings; ``command`` begins what replays a case, ``replay`` is the only one."""
    settings = run_on(assignment, choose(arguments.isolation))
    return replace(settings, command=command, replay=replay, starting=status.tell_task)


def recording(settings: Run) -> tuple[Run, list[tuple[Battery, TaskObservations]]]:
    """Return settings under which a list receives what is observed of each task."""
    seen: list[tuple[Battery, TaskObservations]] = []
    observed = replace(settings, observed=lambda battery, found: seen.append((battery, found)))
    return observed, seen
