"""Layers of networks: right ones in many styles, and the mistakes that students really make."""

from __future__ import annotations

import pytest
from in_process import (
    NETWORKS,
    RIGHT,
    complaints,
    files_of,
    grade_texts,
    prepared,
    read_right,
)
from judging import amiss, grade
from variants.wrong.family import FAMILY
from variants.wrong.record import Wrong

SEEDS = (0, 1)
STYLES = sorted(path.name for path in RIGHT.iterdir() if path.is_dir())
VARIANTS = [(style, name) for name in NETWORKS for style in STYLES if read_right(style, name)]
ENTRIES = [(name, wrong) for name in NETWORKS for wrong in FAMILY[name]]


@pytest.mark.parametrize(("style", "name"), VARIANTS)
def test_a_right_network_is_never_accused(style: str, name: str) -> None:
    """Full marks, and nothing that costs points, however it is written."""
    for seed in SEEDS:
        report = grade_texts(prepared(name, seed), read_right(style, name))
        assert [line for task in report.tasks for line in complaints(task)] == [], seed
        assert report.score == report.max_score


@pytest.mark.parametrize(
    ("index", "name", "wrong"),
    [(index, *entry) for index, entry in enumerate(ENTRIES)],
    ids=[f"{name}-{wrong.task}-{wrong.label}" for name, wrong in ENTRIES],
)
def test_a_wrong_network_never_escapes(index: int, name: str, wrong: Wrong) -> None:
    """Exactly the mistake is told: its check, its code, its argument."""
    task, result = grade(name, wrong, SEEDS[index % len(SEEDS)])
    assert amiss(task, wrong, result) == []


@pytest.mark.parametrize("name", NETWORKS)
def test_every_task_has_right_and_wrong_versions(name: str) -> None:
    """No shipped layer rests on its reference alone: three right versions and three mistakes."""
    assert sum(other == name for _, other in VARIANTS) >= 3
    tasks = [task.id for task in prepared(name, 0).assignment.tasks]
    written = [wrong.task for other, wrong in ENTRIES if other == name]
    assert {task for task in tasks if written.count(task) < 2} == set()


STARTERS = {
    "networks_linear": """
import numpy as np

def svm_loss_vectorized(W, X, y, reg):
    loss = 0.0
    dW = np.zeros(W.shape)  # initialize the gradient as zero
    # TODO
    pass
    return loss, dW

def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    return loss, dW

svm_loss_naive = svm_loss_vectorized
softmax_loss_vectorized = softmax_loss_naive
""",
    "networks_two_layer": """
import numpy as np

class TwoLayerNet(object):
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}

    def loss(self, X, y=None, reg=0.0):
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        N, D = X.shape
        scores = None
        pass
        if y is None:
            return scores
        loss = None
        grads = {}
        return loss, grads
""",
    "networks_fc_net": """
from builtins import object

class TwoLayerNet(object):
    def __init__(self, input_dim=3072, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.params = {}
        self.reg = reg

    def loss(self, X, y=None):
        scores = None
        if y is None:
            return scores
        loss, grads = 0, {}
        return loss, grads
""",
}


@pytest.mark.parametrize("name", STARTERS)
def test_starter_code_is_not_attempted(name: str) -> None:
    """Zeros, None and empty dicts that were never worked on are not called wrong."""
    ready = prepared(name, 0)
    report = grade_texts(ready, dict.fromkeys(files_of(name), STARTERS[name]))
    written = {"svm_loss_naive", "softmax_loss_vectorized"}  # names for the others
    outcomes = {task.id: task.outcome.value for task in report.tasks if task.id not in written}
    assert set(outcomes.values()) == {"not_attempted"}, outcomes
    assert report.score == 0


def test_a_loss_without_its_gradient_earns_its_points() -> None:
    """The first half of the notebook is done: the loss is right, its gradient not written."""
    text = read_right("plain", "networks_linear")
    done = {file: source.replace("loss, dW", "loss, 0 * W") for file, source in text.items()}
    report = grade_texts(prepared("networks_linear", 0), done, {"svm_loss_naive"})
    (task,) = report.tasks
    outcomes = {check.id: check.outcome.value for check in task.checks}
    assert (outcomes["forward"], outcomes["backward[dW]"]) == ("passed", "failed")
    assert task.score == 2
