"""What an autograder was made with, kept beside the files of its assignment."""

from __future__ import annotations

import json
from pathlib import Path

from grader.batch import Kit, kit_of
from grader.course import find_course, load, read_text
from grader.model import Assignment, Rubric

COURSE = "course"
_SETTINGS = "settings.json"
_RUBRIC = "rubrics/{}.yaml"


def files_of(kit: Kit) -> dict[str, str]:
    """Return texts by path, from which ``read_kit`` makes the kit again."""
    seeds = [[name, run_seed.hex(), shown] for name, run_seed, shown in kit.seeds]
    stated = {"seeds": seeds, "isolation": kit.isolation, "allow_weak": kit.allow_weak}
    files = {f"{COURSE}/{place}": text for place, text in kit.files().items()}
    return {**files, _SETTINGS: json.dumps(stated, indent=1) + "\n"}


def read_kit(source: Path) -> tuple[Kit, list[tuple[Assignment, Rubric]]]:
    """Return the kit of an unpacked autograder, and its assignment."""
    stated = json.loads((source / _SETTINGS).read_text(encoding="utf-8"))
    course = find_course(str(source / COURSE), {}, None)
    seeds = {name: (bytes.fromhex(run_seed), shown) for name, run_seed, shown in stated["seeds"]}
    chosen = [load(course, name) for name in seeds]
    rubrics = {
        asked.id: read_text(course.root / _RUBRIC.format(asked.id))
        for asked, rubric in chosen
        if rubric.path
    }
    kit = kit_of(
        course, chosen, rubrics, seeds, stated["isolation"], allow_weak=stated["allow_weak"]
    )
    return kit, chosen
