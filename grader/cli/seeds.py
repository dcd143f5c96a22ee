"""Which run seed a command grades with: the course's secret one, or a public one by number."""

from __future__ import annotations

import os

from grader.cases import public_seed, secret_seed
from grader.course import Course, read_secret
from grader.model import Assignment

OF_COURSE = "secret"  # what a report calls the seed that nobody else can compute


def seed_of(course: Course, assignment: Assignment, stated: int | None) -> tuple[bytes, str]:
    """Return the run seed, and its name in reports; ``stated`` is what ``--seed`` says."""
    secret = None if stated is not None else read_secret(course, os.environ)
    if secret is not None:
        return secret_seed(secret, assignment), OF_COURSE
    number = stated or 0
    return public_seed(number, assignment), f"public, {number}"
