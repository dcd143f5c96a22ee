"""Proving an assignment before a student does: its reference, its cases, its rubric.

``prove_assignment``  a course and an assignment -> ``Soundness``: what proved each task, what its
                      cases reject, and every weakness with its number.
``prove_task``        the same for one task, without handing anything in.
"""

from grader.soundness.assignment import prove_assignment
from grader.soundness.task import prove_task

__all__ = ["prove_assignment", "prove_task"]
