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
