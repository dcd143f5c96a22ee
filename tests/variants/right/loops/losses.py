"""Losses with explicit loops over examples and classes."""

import math

import numpy as np


def l2_regulariser(W, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    for d in range(W.shape[0]):
        for c in range(W.shape[1]):
            loss += reg * W[d, c] ** 2
            dW[d, c] = reg * 2 * W[d, c]
    return loss, dW


def svm_loss(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss /= num_train
    dW /= num_train
    loss += reg * np.sum(W * W)
    dW += reg * 2 * W
    return loss, dW


def svm_staged(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    out = {"scores": np.zeros((N, C)), "margins": np.zeros((N, C)), "data_loss": 0.0}
    for i in range(N):
        for j in range(C):
            out["scores"][i, j] = sum(X[i] * W[:, j])
        for j in range(C):
            if j != y[i]:
                m = out["scores"][i, j] - out["scores"][i, y[i]] + 1
                out["margins"][i, j] = m if m >= 0 else 0
        out["data_loss"] += sum(out["margins"][i]) / N
    out["reg_loss"] = reg * sum(w**2 for w in W.ravel())
    out["loss"] = out["data_loss"] + out["reg_loss"]
    out["dmargins"] = np.full((N, C), 1 / N)
    out["dscores"] = np.zeros((N, C))
    out["dW"] = 2 * reg * W
    for i in range(N):
        for j in range(C):
            # at a margin of exactly 0 the gradient passes
            if j != y[i] and out["scores"][i, j] - out["scores"][i, y[i]] + 1 >= 0:
                out["dscores"][i, j] += out["dmargins"][i, j]
                out["dscores"][i, y[i]] -= out["dmargins"][i, j]
        out["dW"] += np.outer(X[i], out["dscores"][i])
    return out


def softmax_loss(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    loss = 0.0
    dW = np.zeros_like(W)
    for i in range(N):
        scores = X[i] @ W
        scores -= max(scores)
        total = 0.0
        for s in scores:
            total += math.exp(s)
        loss += math.log(total) - scores[y[i]]
        for j in range(C):
            p = math.exp(scores[j]) / total
            dW[:, j] += (p - (j == y[i])) * X[i]
    return loss / N + reg * np.sum(W**2), dW / N + 2 * reg * W


def softmax_staged(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    scores, probs = np.zeros((N, C)), np.zeros((N, C))
    dscores = np.zeros((N, C))
    data_loss = 0.0
    for i in range(N):
        scores[i] = np.dot(X[i], W)
        top = max(scores[i])
        total = sum(math.exp(s - top) for s in scores[i])
        data_loss += (math.log(total) + top - scores[i, y[i]]) / N
        for j in range(C):
            probs[i, j] = math.exp(scores[i, j] - top) / total
            dscores[i, j] = (probs[i, j] - 1 if j == y[i] else probs[i, j]) / N
    reg_loss = reg * float((W**2).sum())
    dW = np.zeros(W.shape)
    for i in range(N):
        dW += X[i][:, None] * dscores[i][None, :]
    dW += 2 * reg * W
    names = ("scores", "probs", "data_loss", "reg_loss", "loss", "dscores", "dW")
    values = (scores, probs, data_loss, reg_loss, data_loss + reg_loss, dscores, dW)
    return dict(zip(names, values))
