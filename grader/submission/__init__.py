"""Reading a submission: only plain text, nothing followed or executed.

``read_submission``  a folder or a single file -> ``Submission``; what cannot be read is a fault
                     of that file, never an exception.
``list_names``       the names at the top of a submission.
``list_sources``     the Python files and notebooks in it, by their paths.
``is_handed_in``     whether a declared file is among them.
``nearest_place``    where a file that is missing lies in fact, in words.
``spellings``        the names that a declared file may have.
``shadowing``        notes about files that no import would find.
"""

from grader.submission.declared import is_handed_in, nearest_place
from grader.submission.folder import read_submission, shadowing
from grader.submission.reading import MAX_BYTES
from grader.submission.record import Submission
from grader.submission.tree import Listing, list_names, list_sources, spellings

__all__ = [
    "MAX_BYTES",
    "Listing",
    "Submission",
    "is_handed_in",
    "list_names",
    "list_sources",
    "nearest_place",
    "read_submission",
    "shadowing",
    "spellings",
]
