"""From the text of a spec or a rubric to an ``Assignment`` or a ``Rubric``, or to all its errors.

``load_assignment``   YAML text of ``assignments/ID.yaml`` -> ``Assignment``.
``load_rubric``       YAML text of ``rubrics/ID.yaml`` -> ``Rubric`` of that assignment.
``default_rubric``    one point for every check that counts.
"""

from grader.spec.assignment import load_assignment
from grader.spec.rubric import default_rubric, load_rubric

__all__ = ["default_rubric", "load_assignment", "load_rubric"]
