import numpy as np


def l2_regulariser(W, reg):
    loss = reg * np.sum(W * W)
    dW = 2 * reg * W
    return loss, dW


def svm_loss(W, X, y, reg):
    N = X.shape[0]
    rows = np.arange(N)
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    loss = np.sum(margins) / N
    loss += reg * np.sum(W * W)

    dscores = (margins > 0).astype(float)
    dscores[rows, y] = -np.sum(dscores, axis=1)
    dscores /= N
    dW = X.T.dot(dscores)
    dW += 2 * reg * W
    return loss, dW


def svm_staged(W, X, y, reg):
    N = X.shape[0]
    rows = np.arange(N)
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    data_loss = np.sum(margins) / N
    reg_loss = reg * np.sum(W * W)
    loss = data_loss + reg_loss

    dmargins = np.ones_like(margins) / N
    dscores = dmargins * (margins > 0)
    dscores[rows, y] = -np.sum(dscores, axis=1)
    dW = X.T.dot(dscores)
    dW += 2 * reg * W
    return {
        "scores": scores,
        "margins": margins,
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": loss,
        "dmargins": dmargins,
        "dscores": dscores,
        "dW": dW,
    }


def softmax_loss(W, X, y, reg):
    N = X.shape[0]
    rows = np.arange(N)
    scores = X.dot(W)
    shifted = scores - scores.max(axis=1, keepdims=True)
    exps = np.exp(shifted)
    sums = exps.sum(axis=1, keepdims=True)
    probs = exps / sums
    loss = np.mean(np.log(sums[:, 0]) - shifted[rows, y])
    loss += reg * np.sum(W * W)

    dscores = probs.copy()
    dscores[rows, y] -= 1
    dscores /= N
    dW = X.T.dot(dscores)
    dW += 2 * reg * W
    return loss, dW


def softmax_staged(W, X, y, reg):
    N = X.shape[0]
    rows = np.arange(N)
    scores = X.dot(W)
    shifted = scores - scores.max(axis=1, keepdims=True)
    exps = np.exp(shifted)
    sums = exps.sum(axis=1, keepdims=True)
    probs = exps / sums
    data_loss = np.mean(np.log(sums[:, 0]) - shifted[rows, y])
    reg_loss = reg * np.sum(W * W)
    loss = data_loss + reg_loss

    dscores = probs.copy()
    dscores[rows, y] -= 1
    dscores /= N
    dW = X.T.dot(dscores)
    dW += 2 * reg * W
    return {
        "scores": scores,
        "probs": probs,
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": loss,
        "dscores": dscores,
        "dW": dW,
    }
