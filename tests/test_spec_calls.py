"""How a spec says what a call receives and what it returns: dicts, constants, whole numbers."""

from __future__ import annotations

import pytest
from test_spec import changed, problems_of

from grader.spec import load_assignment

NORM = """\
assignment: norms
files: [norms.py]
style: function_pair
tasks:
  - id: norm
    target: norm
    inputs: {x: [N, D], mean: [D]}
    hyper_parameters: {eps: {value: 1.0e-5}, groups: {range: [2, 3], whole: true}}
    constants: {mode: train}
    dicts: {param: [mode, eps, mean]}
    forward_args: [x, groups, param]
    outputs: [out, new_mean]
    read_back: {new_mean: param.mean}
    upstream: [out]
    gradients: [x]
"""


def test_values_may_come_in_a_dict() -> None:
    """A dict of named values is one argument; what it holds is not passed a second time."""
    (task,) = load_assignment(NORM, "assignments/norms.yaml").tasks
    assert task.call.dicts == (("param", ("mode", "eps", "mean")),)
    assert task.call.constants == (("mode", "train"),)
    assert task.call.results == ("out",)
    assert task.hyper_parameters[1].is_whole


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "range: [2, 3]",
            "range: [2, 3.5]",
            "tasks[0].hyper_parameters.groups: a whole number has",
        ),
        ("[mode, eps, mean]}", "[mod, eps, mean]}", "`mod` is unknown here (did you mean `mode`?)"),
        ("param.mean}", "parm.mean}", "`parm.mean` is not an entry of a dict"),
        ("{param: [", "{x: [", "`x` cannot be the name of a dict"),
        ("{mode: train}", "{eps: train}", "`eps` cannot be the name of a constant"),
        ("{new_mean: ", "{old_mean: ", "tasks[0].read_back.old_mean: unknown key"),
    ],
)
def test_bad_dict(old: str, new: str, problem: str) -> None:
    """A dict, a constant or an entry that cannot be is named."""
    found = problems_of(changed(NORM, old, new), "assignments/norms.yaml")
    assert any(problem in text for text in found), found
