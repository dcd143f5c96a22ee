"""Seeds: one for the run, from it one for each case, so that adding a task moves no other."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np

from grader.model import Assignment, Kind


def secret_seed(secret: bytes, assignment: Assignment) -> bytes:
    """Return the run seed of an assignment under a course secret."""
    message = f"{assignment.id}\0{assignment.version}".encode()
    return hmac.new(secret, message, hashlib.sha256).digest()


def public_seed(number: int, assignment: Assignment) -> bytes:
    """Return the run seed that anybody can compute, for ``--seed`` and courses without secret."""
    return secret_seed(f"public {number}".encode(), assignment)


def case_rng(run_seed: bytes, task: str, kind: Kind, index: int) -> np.random.Generator:
    """Return the generator of one case; redraws of the case go on in its stream."""
    message = f"{task}:{kind.value}:{index}".encode()
    digest = hmac.new(run_seed, message, hashlib.sha256).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
