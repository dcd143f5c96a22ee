"""Reading a submission: only plain text, nothing followed or executed.

``read_submission``  a folder or a single file -> ``Submission``; what cannot be read is a fault
                     of that file, never an exception.
``list_names``       the names at the top of a submission.
``list_sources``     the Python files and notebooks in it, by their paths.
``find_declared``    where the declared files lie.
``is_handed_in``     whether a declared file is among them.
``nearest_place``    where a file that is missing lies in fact, in words.
``read_bytes``       one file, as it is.
``module_path``      a path as imports spell it.
``spellings``        the names that a declared file may have.
``shadowing``        notes about files that no import would find.
"""

from grader.submission.declared import find_declared, is_handed_in, nearest_place
from grader.submission.folder import read_submission, shadowing
from grader.submission.notebook import MAX_NOTEBOOK_BYTES
from grader.submission.reading import MAX_BYTES, read_bytes
from grader.submission.record import Submission
from grader.submission.tree import Listing, list_names, list_sources, module_path, spellings

__all__ = [
    "MAX_BYTES",
    "MAX_NOTEBOOK_BYTES",
    "Listing",
    "Submission",
    "find_declared",
    "is_handed_in",
    "list_names",
    "list_sources",
    "module_path",
    "nearest_place",
    "read_bytes",
    "read_submission",
    "shadowing",
    "spellings",
]
