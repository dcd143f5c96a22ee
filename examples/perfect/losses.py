# Exercise 3 - losses
import numpy as np


def l2_regulariser(W, reg):
    return reg * np.sum(W**2), 2 * reg * W


def svm_loss(W, X, y, reg):
    N = X.shape[0]
    rows = np.arange(N)
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[rows, y].reshape(-1, 1) + 1)
    margins[rows, y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)

    # 1 for every class that is in the way, minus their number at the correct class
    dscores = (margins > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    dW = X.T.dot(dscores) / N + 2 * reg * W
    return loss, dW


def svm_staged(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    rows = np.arange(N)
    scores = X @ W
    margins = np.maximum(0, scores - scores[rows, y][:, np.newaxis] + 1)
    margins[rows, y] = 0
    data_loss = np.sum(margins) / N
    reg_loss = reg * np.sum(W**2)
    loss = data_loss + reg_loss

    dmargins = np.full((N, C), 1 / N)
    dscores = dmargins * (margins > 0)
    dscores[rows, y] -= dscores.sum(axis=1)
    dW = X.T @ dscores
    dW += 2 * reg * W
    return {"scores": scores, "margins": margins, "data_loss": data_loss, "reg_loss": reg_loss,
            "loss": loss, "dmargins": dmargins, "dscores": dscores, "dW": dW}


def softmax_loss(W, X, y, reg):
    N = len(y)
    s = X @ W
    s = s - s.max(axis=1, keepdims=True)  # shift, otherwise exp overflows
    logsum = np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = (logsum[:, 0] - s[np.arange(N), y]).mean() + reg * (W * W).sum()

    p = np.exp(s - logsum)
    p[np.arange(N), y] -= 1
    dW = X.T @ p / N + 2 * reg * W
    return loss, dW


def softmax_staged(W, X, y, reg):
    N = len(y)
    rows = np.arange(N)
    scores = X @ W
    shifted = scores - scores.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(axis=1, keepdims=True)
    probs = e / total
    # not -log(probs): that is inf as soon as a probability is rounded to 0
    data_loss = np.sum(np.log(total[:, 0]) - shifted[rows, y]) / N
    reg_loss = reg * np.sum(W * W)
    loss = data_loss + reg_loss

    dscores = probs.copy()
    dscores[rows, y] -= 1
    dscores /= N
    dW = X.T @ dscores + 2 * reg * W
    return {"scores": scores, "probs": probs, "data_loss": data_loss, "reg_loss": reg_loss,
            "loss": loss, "dscores": dscores, "dW": dW}
