"""One example after the other, in plain loops."""

import numpy as np


def softmax_loss(W, X, y, reg):
    N, C = len(y), W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(N):
        scores = X[i].dot(W)
        scores -= scores.max()
        total = sum(np.exp(score) for score in scores)
        loss += (np.log(total) - scores[y[i]]) / N
        for j in range(C):
            dW[:, j] += (np.exp(scores[j]) / total - (j == y[i])) * X[i] / N
    return loss + reg * np.sum(W**2), dW + 2 * reg * W
