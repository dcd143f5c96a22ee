"""Kits of this course's assignments, without a release: the public cases of any seed.

``kit_of``   a kit, its cases written as files and read again.
``checked``  a submission against it, in this process.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from in_process import COURSE, InProcess, prepared

from grader.grade import Run
from grader.kit import Kit, case_files, public_battery, read_cases
from grader.model import Battery, Report
from grader.selfcheck import self_check
from grader.submission import Submission


@lru_cache(maxsize=32)
def kit_of(name: str, seed: int) -> Kit:
    """Return the kit of an assignment; its folder is no folder."""
    ready = prepared(name, seed)
    batteries = {
        task: public_battery(battery, ready.rubric)
        for task, battery in ready.batteries.items()
        if isinstance(battery, Battery)
    }
    files = case_files(batteries)
    cases = read_cases(ready.assignment, files.__getitem__)
    return Kit(COURSE.root, COURSE.name, ready.assignment, ready.rubric, cases,
               f"public, {seed}", {}, ready.support)  # fmt: skip


def checked(kit: Kit, texts: Mapping[str, str], only: str = "") -> Report:
    """Return what self-check says of some files."""
    handed = Submission("handed in", dict(texts), {}, (), "")
    return self_check(kit, handed, Run(InProcess, "none", ""), only)
