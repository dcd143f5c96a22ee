"""An autograder of one assignment for another system: what is packed, and what runs there.

``pack``    a kit -> the bytes of a zip with the grader, the assignment and two scripts.
``answer``  the unpacked zip and a submission -> the ``results.json`` of Gradescope.
"""

from grader.bundle.answering import answer, not_graded
from grader.bundle.packing import REQUIREMENTS, pack

__all__ = ["REQUIREMENTS", "answer", "not_graded", "pack"]
