from math import exp, log

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss, dW = reg * (W**2).sum(), 2 * reg * W
    for x, label in zip(X, y):
        scores = [sum(x * W[:, c]) for c in range(W.shape[1])]
        for c, score in enumerate(scores):
            if c != label and score + 1 > scores[label]:
                loss += (score + 1 - scores[label]) / len(y)
                dW[:, c] += x / len(y)
                dW[:, label] -= x / len(y)
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    # The last class first, and one feature at a time.
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(X.shape[0]):
        scores = X[i, :] @ W
        above = [c for c in range(W.shape[1]) if scores[c] - scores[y[i]] > -1 and c != y[i]]
        loss += sum(scores[c] - scores[y[i]] + 1 for c in above)
        for d in range(W.shape[0]):
            dW[d, y[i]] -= len(above) * X[i, d]
            for c in reversed(above):
                dW[d, c] += X[i, d]
    return loss / len(X) + reg * np.sum(W * W), dW / len(X) + reg * W + W * reg


def softmax_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(len(X)):
        scores = W.T.dot(X[i])
        top = max(scores)
        total = sum(exp(score - top) for score in scores)
        loss += log(total) + top - scores[y[i]]
        for c in range(len(scores)):
            probability = exp(scores[c] - top) / total
            if c == y[i]:
                dW[:, c] += (probability - 1) * X[i]
            else:
                dW[:, c] += probability * X[i]
    for d in range(W.shape[0]):
        for c in range(W.shape[1]):
            loss += len(X) * reg * W[d, c] ** 2
            dW[d, c] += len(X) * 2 * reg * W[d, c]
    return loss / len(X), dW / len(X)


def softmax_loss_vectorized(W, X, y, reg):
    total, dW = [], 0
    for i in range(len(X)):
        scores = X[i] @ W - np.amax(X[i] @ W)
        denominator = np.exp(scores).sum()
        total.append(np.log(denominator) - scores[y[i]])
        expected = np.exp(scores) / denominator
        expected[y[i]] -= 1
        dW = dW + np.outer(X[i], expected)
    return np.mean(total) + reg * np.linalg.norm(W) ** 2, dW / len(X) + 2 * reg * W
