"""The gradebook: from report documents, roster and overrides to what leaves for other systems.

Nothing here grades. Everything is a pure function of parsed ``report.json`` documents.

``handed_of``         a document -> ``Handed``, what counts of an attempt.
``gradebook``         attempts, rubrics, roster, overrides -> a ``Row`` for every student.
``read_overrides``    the text of ``overrides.yaml`` -> overrides; ``prices`` gives its tasks.
``to_csv``, ``to_jsonl``, ``to_summary``   ``grades.csv``, ``grades.jsonl`` and ``summary.md``.
``for_students``      a document without what is hidden from students.
``EXPORTERS``         what other systems take.
``diff``, ``explain``  what changed and why; what an appeal needs.
``under_pseudonyms``  rows without ids and names; ``restored`` gives them back.
"""

from grader.grades import to_csv, to_jsonl, to_summary
from grader.grades.diff import Change, describe, diff
from grader.grades.documents import Document, Handed, handed_of
from grader.grades.explain import explain
from grader.grades.exporters import EXPORTERS, Export, Exported
from grader.grades.gradebook import BEST, LATEST, gradebook, prices
from grader.grades.lateness import Late, Member
from grader.grades.overrides import Override, read_overrides
from grader.grades.people import file_name, pseudonym, restored, under_pseudonyms
from grader.grades.rows import AttemptScore, Row, Status, TaskGrade
from grader.grades.showing import for_students

__all__ = [
    "BEST",
    "EXPORTERS",
    "LATEST",
    "AttemptScore",
    "Change",
    "Document",
    "Export",
    "Exported",
    "Handed",
    "Late",
    "Member",
    "Override",
    "Row",
    "Status",
    "TaskGrade",
    "describe",
    "diff",
    "explain",
    "file_name",
    "for_students",
    "gradebook",
    "handed_of",
    "prices",
    "pseudonym",
    "read_overrides",
    "restored",
    "to_csv",
    "to_jsonl",
    "to_summary",
    "under_pseudonyms",
]
