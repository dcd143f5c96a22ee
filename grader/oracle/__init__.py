"""The only room that loads answers: references, their proof, and the batteries made of them.

``load_references``  ``reference/*.py`` of a course -> one ``Reference`` per task.
``build_battery``    a proven reference and a seed -> every case of the task with its answer.
``prove``            the reference's gradients against numerical derivatives of its forward.
``own_values``       what a reference computes from a student's own earlier stages.
``mutants_of``       wrong versions of an answer, made on purpose.
"""

from grader.oracle.battery import build_battery
from grader.oracle.mutants import Mutant, is_equal, mutants_of
from grader.oracle.proof import Disproven, prove
from grader.oracle.reference import Reference, digest_of, load_references
from grader.oracle.stages import own_values

__all__ = [
    "Disproven",
    "Mutant",
    "Reference",
    "build_battery",
    "digest_of",
    "is_equal",
    "load_references",
    "mutants_of",
    "own_values",
    "prove",
]
