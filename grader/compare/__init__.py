"""What came back against what was expected: findings and verdicts, never points.

``compare``        observations of a task -> a verdict per check.
``behaviour``      probes of a task -> verdicts of the behaviour checks.
``load_verdicts``  a file or class that is not there -> the verdicts of all checks.
``notes``          remarks that never cost points.
``missing_file``   a file that is not there -> the verdicts of all checks.
"""

from grader.compare.behaviour import behaviour
from grader.compare.remarks import notes
from grader.compare.verdict import CheckVerdict, compare, load_verdicts, missing_file, unjudged

__all__ = [
    "CheckVerdict",
    "behaviour",
    "compare",
    "load_verdicts",
    "missing_file",
    "notes",
    "unjudged",
]
