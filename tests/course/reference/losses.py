# mypy: ignore-errors
# ruff: noqa: ANN001, ANN201
"""Four losses that are all the same: the mean over the rows of X of the squared scores."""

import numpy as np


def loss_a(W, X):
    """``loss = sum((X W)^2) / N`` and its gradient by W."""
    scores = X @ W
    return np.sum(scores * scores) / len(X), 2.0 * (X.T @ scores) / len(X)


loss_b = loss_c = loss_d = loss_a
