"""Judging without answers: by the public values and by witnesses that are the student's own work.

``self_check``   a submission against a kit -> a report that gives no points.
``checks_in``    the checks it can come to.
``differences``  a gradient against central differences of the student's own forward.
"""

from grader.selfcheck.check import self_check
from grader.selfcheck.scope import checks_in
from grader.selfcheck.slopes import differences

__all__ = ["checks_in", "differences", "self_check"]
