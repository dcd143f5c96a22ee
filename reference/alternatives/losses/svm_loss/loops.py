"""One margin after the other, a margin of exactly 0 included."""

import numpy as np


def svm_loss(W, X, y, reg):
    N, C = len(y), W.shape[1]
    loss, dW = reg * np.sum(W * W), 2 * reg * W
    for i in range(N):
        scores = X[i] @ W
        for j in range(C):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin >= 0:
                loss += margin / N
                dW[:, j] += X[i] / N
                dW[:, y[i]] -= X[i] / N
    return loss, dW
