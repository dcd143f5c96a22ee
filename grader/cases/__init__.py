"""From a task and a seed to its cases; nothing here knows an answer.

``case_rng``         the generator of one case, independent of every other case.
``draw_inputs``      named inputs of one case.
``draw_upstreams``   random signed upstream gradients for given output shapes.
``case_count``       how many cases of a kind a task has.
``dimensions_of``    the size of every named dimension of a case.
``as_sent``, ``in_single``   the values of a case in the type in which the student gets them.
``approach_kinks``, ``is_single_tie``, ``kink_margin``   near kinks and exactly on them.
"""

from grader.cases.draw import case_count, dimensions_of, draw_inputs, draw_upstreams
from grader.cases.forms import as_sent, in_single
from grader.cases.kinks import approach_kinks, is_single_tie, kink_margin
from grader.cases.seeds import case_rng, public_seed, secret_seed

__all__ = [
    "approach_kinks",
    "as_sent",
    "case_count",
    "case_rng",
    "dimensions_of",
    "draw_inputs",
    "draw_upstreams",
    "in_single",
    "is_single_tie",
    "kink_margin",
    "public_seed",
    "secret_seed",
]
