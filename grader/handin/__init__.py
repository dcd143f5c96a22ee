"""What is handed in: the files that an assignment asks for, and what they import of their own.

``gather``     a submission -> the files of its hand-in.
``problems``   what keeps a hand-in from being graded: files that are missing or do not load.
``reports``    the report of a self-check as the files that go with it.
"""

from grader.handin.files import MAX_PACKED, HandIn, gather, written
from grader.handin.told import problems, reports

__all__ = ["MAX_PACKED", "HandIn", "gather", "problems", "reports", "written"]
