"""Grading many submissions: a plain function mapped by any executor, and a journal that survives.

``Order``        what is to be graded of one submission, and ``Graded`` what became of it.
``Kit``          the texts of a course that grading needs, for processes that cannot see its folder.
``grade_order``  the unit: an order and a kit -> ``Graded``.
``carry_out``    orders through an executor -> every ``Graded``, once.
``Journal``      what is kept of them, so that a run goes on where one was killed.
"""

from grader.batch.journal import Journal
from grader.batch.kit import Kit, kit_of
from grader.batch.order import MAX_TRIES, Graded, Order, Status
from grader.batch.run import Progress, carry_out
from grader.batch.unit import grade_order

__all__ = [
    "MAX_TRIES",
    "Graded",
    "Journal",
    "Kit",
    "Order",
    "Progress",
    "Status",
    "carry_out",
    "grade_order",
    "kit_of",
]
