import numpy as np


def svm_loss_naive(W, X, y, reg):
    # The gradient of reg * sum(W * W) is 2 * reg * W.
    dW = np.zeros(W.shape)
    loss = 0.0
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / X.shape[0] + reg * np.sum(W * W)
    dW = dW / X.shape[0] + reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    # The gradient is not written yet.
    N = X.shape[0]
    dW = np.zeros(W.shape)
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), y].reshape(-1, 1) + 1)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N + reg * np.sum(W * W)
    return loss, dW
