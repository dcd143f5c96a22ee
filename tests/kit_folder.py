"""A student kit on the disk, as a release writes it, for the tests of what students do with it."""

from __future__ import annotations

from pathlib import Path

from in_process import COURSE, prepared
from running import ROOT

from grader.kit import MARKER, PUBLIC, case_files, marker_text, public_battery
from grader.model import Battery

EXAMPLES = ROOT / "examples"


def write_kit(root: Path, name: str = "gates", of: str = "typical_mistakes") -> Path:
    """Write the kit of an assignment into a folder, with an example as what was written in it."""
    ready = prepared(name, 0)
    batteries = {
        task: public_battery(battery, ready.rubric)
        for task, battery in ready.batteries.items()
        if isinstance(battery, Battery)
    }
    public = root / PUBLIC
    public.mkdir(parents=True)
    for file, data in case_files(batteries).items():
        (public / file).write_bytes(data)
    for part, folder in (("spec", "assignments"), ("rubric", "rubrics")):
        (public / f"{part}.yaml").write_text((COURSE.root / folder / f"{name}.yaml").read_text())
    (root / MARKER).write_text(marker_text(COURSE.name, ready.assignment, 0))
    for file in ready.assignment.files:
        place = root / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes((EXAMPLES / of / file).read_bytes())
    for file, text in ready.support.items():
        (root / file).write_text(text)
    return root
