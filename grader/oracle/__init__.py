"""The only room that loads answers: references, their proof, and the batteries made of them.

``load_references``  ``reference/*.py`` of a course -> one ``Reference`` per task.
``answer``           a reference's outputs and gradients at given values.
``build_battery``    a proven reference and a seed -> every case of the task with its answer.
``prove``            the reference's gradients against numerical derivatives of its forward.
``own_values``       what a reference computes from a student's own earlier stages.
``clear_share``      how often random inputs keep away from the kinks.
``drawn_inputs``     inputs as the spec, or the reference's own function, draws them.
``random_cases``     answered random cases alone.
``accepted_references``, ``under``  the same reference under other conventions that a task accepts.
``answers_of``       the same cases, as another reference answers them.
``lent_files``, ``lent_name``   its functions for a student's code that leans on them.
``mutants_of``       wrong versions of an answer, made on purpose.
``redrawn``          a random layer's answers for another mask.
"""

from grader.oracle.battery import (
    answers_of,
    build_battery,
    clear_share,
    has_proof,
    random_cases,
)
from grader.oracle.drawing import drawn_inputs
from grader.oracle.lent import lent_files, lent_name
from grader.oracle.mask_mutants import redrawn
from grader.oracle.mutants import Mutant, is_equal, mutants_of, without_upstream
from grader.oracle.proof import Disproven, prove
from grader.oracle.reference import (
    Answer,
    Reference,
    accepted_references,
    answer,
    changed_arguments,
    digest_of,
    load_references,
    outputs_of,
    under,
)
from grader.oracle.stages import own_values

__all__ = [
    "Answer",
    "Disproven",
    "Mutant",
    "Reference",
    "accepted_references",
    "answer",
    "answers_of",
    "build_battery",
    "changed_arguments",
    "clear_share",
    "digest_of",
    "drawn_inputs",
    "has_proof",
    "is_equal",
    "lent_files",
    "lent_name",
    "load_references",
    "mutants_of",
    "outputs_of",
    "own_values",
    "prove",
    "random_cases",
    "redrawn",
    "under",
    "without_upstream",
]
