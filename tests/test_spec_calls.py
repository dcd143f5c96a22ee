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


NETWORK = """\
assignment: nets
files: [nets.py]
style: network_class
tasks:
  - id: net
    target: Net
    inputs: {W: [D, C], X: [N, D]}
    parameter_attributes: {W: params.W}
    outputs: [loss]
    gradients: [W]
    kinks: bends
"""


def test_parameters_of_a_network_may_be_entries_of_a_dict() -> None:
    """What is set before the call is no argument of it."""
    (task,) = load_assignment(NETWORK, "assignments/nets.yaml").tasks
    assert task.call.parameter_attributes == (("W", "params.W"),)
    assert task.call.forward_args == ("X",)
    (plain,) = load_assignment(changed(NETWORK, "params.W", "W"), "assignments/nets.yaml").tasks
    assert plain.call.parameter_attributes == (("W", "W"),)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("params.W}", "params.}", "attributes.W: `params.` is no attribute, nor an entry"),
        ("params.W}", ".W}", "`.W` is no attribute"),
        ("params.W}", "params.W.x}", "`params.W.x` is no attribute"),
        ("{W: params.W}", "{V: params.V}", "tasks[0].parameter_attributes.V: unknown key"),
        ("network_class", "gate_class", "`params.W` is not a name"),
        ("    kinks", "    gradient_attributes: {W: dW}\n    kinks",
         "gradient_attributes: gradients are left in attributes by a backward call"),
        ("[loss]", "[loss, scores]", "a `network_class` has one output"),
        ("network_class", "network_scores", "a `network_scores` has no gradients"),
        ("style: network_class", "style: network_scores",
         "tasks[0].kinks: without gradients there is nothing that jumps"),
    ],
)  # fmt: skip
def test_bad_network(old: str, new: str, problem: str) -> None:
    """A place that cannot be set, and keys that mean nothing here, are named."""
    found = problems_of(changed(NETWORK, old, new), "assignments/nets.yaml")
    assert any(problem in text for text in found), found


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
