import numpy as np

F = np.float32


def svm_loss_vectorized(W, X, y, reg):
    W, X, reg, n = W.astype(F), X.astype(F), F(reg), F(X.shape[1])
    own = np.eye(len(W), dtype=F)[:, y]
    scores = W @ X
    margins = (scores - (scores * own).sum(axis=0) + 1) * (1 - own)
    mask = (margins > 0).astype(F)
    loss = np.maximum(margins, 0).sum() / n + reg * (W * W).sum() / 2
    return loss, (mask - own * mask.sum(axis=0)) @ X.T / n + reg * W


def softmax_loss_vectorized(W, X, y, reg):
    W, X, reg, n = W.astype(F), X.astype(F), F(reg), F(X.shape[1])
    scores = W @ X
    log_p = scores - np.logaddexp.reduce(scores, axis=0)
    own = np.eye(len(W), dtype=F)[:, y]
    loss = -(log_p * own).sum() / n + reg * (W * W).sum() / 2
    return loss, (X @ (np.exp(log_p) - own).T).T / n + reg * W


def svm_loss_naive(W, X, y, reg):
    return svm_loss_vectorized(W, X, y, reg)


def softmax_loss_naive(W, X, y, reg):
    return softmax_loss_vectorized(W, X, y, reg)
