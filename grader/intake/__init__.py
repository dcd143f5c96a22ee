"""What was handed in, by whom: a folder as a learning platform gives it becomes a list of attempts.

``take_in``      a folder of submissions and a roster -> ``Intake``: every attempt, numbered, under
                 a key, with its students.
``opened``       an attempt -> a folder or file that ``read_submission`` reads; archives are
                 unpacked safely, and what cannot be opened is a problem of that attempt alone.
``read_roster``  a CSV file -> ``Roster``: who should have handed in, groups, extensions, more time.

Everything that arrives is taken for hostile. The only exception is ``CourseError``, for what the
instructor named: the folder, the layout, the roster.
"""

from grader.intake.layouts import LAYOUTS
from grader.intake.opening import Opened, opened
from grader.intake.record import Attempt, Intake
from grader.intake.roster import Member, Roster, read_roster
from grader.intake.taking import take_in

__all__ = [
    "LAYOUTS",
    "Attempt",
    "Intake",
    "Member",
    "Opened",
    "Roster",
    "opened",
    "read_roster",
    "take_in",
]
