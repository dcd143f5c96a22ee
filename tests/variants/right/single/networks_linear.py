import numpy as np

F = np.float32


def svm_loss_naive(W, X, y, reg):
    W, X, reg = W.astype(F), X.astype(F), F(reg)
    loss, dW = F(0), np.zeros(W.shape, dtype=F)
    for i in range(len(X)):
        margins = X[i] @ W - X[i] @ W[:, y[i]] + F(1)
        margins[y[i]] = 0
        loss += margins[margins > 0].sum()
        dW[:, margins > 0] += X[i][:, None]
        dW[:, y[i]] -= np.count_nonzero(margins > 0) * X[i]
    return loss / F(len(X)) + reg * np.sum(W * W), dW / F(len(X)) + 2 * reg * W


def svm_loss_vectorized(W, X, y, reg):
    W, X, reg = W.astype(F), X.astype(F), F(reg)
    own = np.eye(W.shape[1], dtype=F)[y]
    scores = X @ W
    margins = (scores - (scores * own).sum(axis=1, keepdims=True) + 1) * (1 - own)
    loss = np.maximum(margins, 0).sum() / F(len(X)) + reg * (W * W).sum()
    mask = (margins > 0).astype(F)
    return [loss, X.T @ (mask - own * mask.sum(axis=1)[:, None]) / F(len(X)) + reg * W + reg * W]


def softmax_loss_naive(W, X, y, reg):
    W, X, reg = W.astype(F), X.astype(F), F(reg)
    loss, dW = F(0), np.zeros(W.shape, dtype=F)
    for x, label in zip(X, y):
        scores = x @ W
        log_p = scores - np.logaddexp.reduce(scores)
        loss -= log_p[label]
        dW += x[:, None] * (np.exp(log_p) - (np.arange(len(scores)) == label))[None].astype(F)
    return loss / F(len(X)) + reg * np.vdot(W, W), dW / F(len(X)) + 2 * reg * W


def softmax_loss_vectorized(W, X, y, reg):
    W, X, reg = W.astype(F), X.astype(F), F(reg)
    scores = X @ W
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    own = np.eye(W.shape[1], dtype=F)[y]
    loss = -(log_p * own).sum() / F(len(X)) + reg * np.vdot(W, W)
    return loss, {"dW": X.T @ (np.exp(log_p) - own) / F(len(X)) + 2 * reg * W}
