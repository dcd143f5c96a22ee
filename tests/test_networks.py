"""Layers of networks: right ones in many styles, and the mistakes that students really make."""

from __future__ import annotations

import pytest
from in_process import NETWORKS, RIGHT, complaints, grade_texts, prepared, read_right
from judging import amiss, grade
from variants.wrong.family import FAMILY
from variants.wrong.record import Wrong

SEEDS = (0, 1, 2)
STYLES = sorted(path.name for path in RIGHT.iterdir() if path.is_dir())
VARIANTS = [(style, name) for name in NETWORKS for style in STYLES if read_right(style, name)]
ENTRIES = [(name, wrong) for name in NETWORKS for wrong in FAMILY[name]]


@pytest.mark.parametrize(("style", "name"), VARIANTS)
def test_a_right_network_is_never_accused(style: str, name: str) -> None:
    """Full marks, and nothing that costs points, however it is written."""
    for seed in SEEDS:
        report = grade_texts(prepared(name, seed), read_right(style, name))
        assert [line for task in report.tasks for line in complaints(task)] == [], seed
        assert report.score == report.max_score


@pytest.mark.parametrize(
    ("index", "name", "wrong"),
    [(index, *entry) for index, entry in enumerate(ENTRIES)],
    ids=[f"{name}-{wrong.task}-{wrong.label}" for name, wrong in ENTRIES],
)
def test_a_wrong_network_never_escapes(index: int, name: str, wrong: Wrong) -> None:
    """Exactly the mistake is told: its check, its code, its argument."""
    task, result = grade(name, wrong, SEEDS[index % len(SEEDS)])
    assert amiss(task, wrong, result) == []


@pytest.mark.parametrize("name", NETWORKS)
def test_every_task_has_right_and_wrong_versions(name: str) -> None:
    """No shipped layer rests on its reference alone: three right versions and three mistakes."""
    assert sum(other == name for _, other in VARIANTS) >= 3
    tasks = [task.id for task in prepared(name, 0).assignment.tasks]
    written = [wrong.task for other, wrong in ENTRIES if other == name]
    assert {task for task in tasks if written.count(task) < 2} == set()
