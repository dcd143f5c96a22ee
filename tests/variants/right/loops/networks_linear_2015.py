import math

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss, dW = 0.5 * reg * (W**2).sum(), reg * W
    for x, label in zip(X.T, y):
        scores = [np.sum(row * x) for row in W]
        for c, score in enumerate(scores):
            if c != label and score + 1 > scores[label]:
                loss += (score + 1 - scores[label]) / len(y)
                dW[c] += x / len(y)
                dW[label] -= x / len(y)
    return loss, dW


def softmax_loss_naive(W, X, y, reg):
    loss, dW = reg / 2 * (W**2).sum(), reg * W.copy()
    for i, label in enumerate(y):
        scores = W @ X[:, i]
        top = max(scores)
        total = sum(math.exp(score - top) for score in scores)
        loss += (math.log(total) + top - scores[label]) / len(y)
        for c, score in enumerate(scores):
            dW[c] += (math.exp(score - top) / total - (c == label)) * X[:, i] / len(y)
    return loss, dW


svm_loss_vectorized, softmax_loss_vectorized = svm_loss_naive, softmax_loss_naive
