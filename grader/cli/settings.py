"""How a submission is run, as the command line says."""

from __future__ import annotations

import argparse
from functools import partial

from grader.cli.status import StatusLine
from grader.grade import Run
from grader.isolation import SANDBOXES, choose, find_packages
from grader.model import Assignment


def settings_of(
    assignment: Assignment,
    arguments: argparse.Namespace,
    command: str,
    replay: str,
    status: StatusLine,
) -> Run:
    """Return the settings; ``command`` begins what replays a case, ``replay`` is the only one."""
    rung, note = choose(arguments.isolation)
    return Run(
        open_session=partial(SANDBOXES[rung], packages=find_packages(assignment)),
        isolation=rung,
        isolation_note=note,
        command=command,
        replay=replay,
        starting=status.tell_task,
    )
