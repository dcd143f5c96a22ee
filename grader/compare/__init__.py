"""What came back against what was expected: findings and verdicts, never points.

``compare``        observations of a task -> a verdict per check.
``judged``         the same, under the form that fits best of those that the task accepts.
``behaviour``      probes of a task -> verdicts of the behaviour checks.
``wrong_stages``, ``excuse``   a circuit's stages that are right for the student's own earlier ones.
``plan``, ``follow``   a backward against the student's own forward -> its verdict and credit.
``follow_mask``    the same for a random layer.
``for_own_mask``   the answers that belong to the mask of a draw of a random layer.
``linearity``      a combination of upstreams -> the verdict of the check of that name.
``load_verdicts``  a file or class that is not there -> the verdicts of all checks.
``notes``          remarks that never cost points.
``leaves_of``, ``shapes_of``   a draw as named arrays, and the shapes that answers have.
``weighted``       the scalar, of ``weighted_outputs``, that gradients are gradients of.
``place``          an entry in words: ``dx[2, 0]``.
``side_by_side``   two small arrays as evidence.
``missing_file``   a file that is not there -> the verdicts of all checks.
"""

from grader.compare.accepted import judged
from grader.compare.behaviour import behaviour
from grader.compare.follow import Fit, follow
from grader.compare.follow_mask import follow_mask
from grader.compare.follow_plan import Plan, plan, weighted, weighted_outputs
from grader.compare.judge import place, side_by_side
from grader.compare.leaves import leaves_of, shapes_of
from grader.compare.linearity import linearity
from grader.compare.own_mask import for_own_mask
from grader.compare.own_values import OwnValues, excuse, wrong_stages
from grader.compare.remarks import notes
from grader.compare.verdict import CheckVerdict, compare, load_verdicts, missing_file, unjudged

__all__ = [
    "CheckVerdict",
    "Fit",
    "OwnValues",
    "Plan",
    "behaviour",
    "compare",
    "excuse",
    "follow",
    "follow_mask",
    "for_own_mask",
    "judged",
    "leaves_of",
    "linearity",
    "load_verdicts",
    "missing_file",
    "notes",
    "place",
    "plan",
    "shapes_of",
    "side_by_side",
    "unjudged",
    "weighted",
    "weighted_outputs",
    "wrong_stages",
]
