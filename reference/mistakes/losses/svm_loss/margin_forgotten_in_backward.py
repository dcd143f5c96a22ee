"""Backward counts scores above the correct one: the margin of 1 is forgotten."""

import numpy as np


def svm_loss(W, X, y, reg):
    rows = np.arange(len(y))
    scores = X @ W
    margins = np.maximum(0.0, scores - scores[rows, y][:, None] + 1.0)
    margins[rows, y] = 0.0
    loss = np.sum(margins) / len(y) + reg * np.sum(W * W)

    dscores = (scores > scores[rows, y][:, None]).astype(float)
    dscores[rows, y] = -np.sum(dscores, axis=1)
    return loss, X.T @ dscores / len(y) + 2.0 * reg * W
