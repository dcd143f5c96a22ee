"""What ``grade check`` found, as JSON; documented in ``docs/report-format.md``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from grader.model import Declared, Finding, Soundness, TaskSoundness, worst_standing
from grader.report.to_json import plain

SCHEMA = 1


def write(course: str, found: Sequence[Soundness]) -> str:
    """Return one JSON document for all assignments that were checked."""
    document = {
        "schema": SCHEMA,
        "course": course,
        "result": worst_standing(each.standing for each in found),
        "assignments": [_assignment(each) for each in found],
    }
    return json.dumps(plain(document), ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def _assignment(found: Soundness) -> dict[str, Any]:
    return {
        "assignment": found.assignment,
        "title": found.title,
        "result": found.standing,
        "problems": found.problems,
        "tasks": [_task(task) for task in found.tasks],
        "seed": found.seed,
        "isolation": found.isolation,
        "versions": found.versions,
        "digests": found.digests,
        "seconds": round(found.seconds, 3),
    }


def _task(task: TaskSoundness) -> dict[str, Any]:
    return {
        "id": task.id,
        "result": task.standing,
        "proof": task.proof,
        "cases": task.cases,
        "kinds": task.kinds,
        "unproven": task.unproven,
        "mutants": task.mutants,
        "rejected": task.rejected,
        "survivors": task.survivors,
        "equal": task.equal,
        "accepted": task.accepted,
        "blind": [{"example": label, "mutants": mutants} for label, mutants in task.blind.items()],
        "mistakes": [_declared(d) for d in task.declared if d.kind == "mistake"],
        "alternatives": [_declared(d) for d in task.declared if d.kind == "alternative"],
        "weaknesses": [_weakness(weakness) for weakness in task.weaknesses],
    }


def _declared(declared: Declared) -> dict[str, Any]:
    return {
        "name": declared.name,
        "explanation": declared.explanation,
        "outcome": declared.outcome,
        "as_declared": declared.as_declared,
        "check": declared.check,
        "code": declared.code,
    }


def _weakness(weakness: Finding) -> dict[str, Any]:
    return {
        "code": weakness.code,
        "check": weakness.check,
        "argument": weakness.argument,
        "case": weakness.case,
        "message": weakness.message,
        "help": weakness.help,
        "evidence": weakness.evidence,
    }
