# Exercise 3, losses
import numpy as np

def l2_regulariser(W, reg):
    loss = 0.5 * reg * np.sum(W * W)
    dW = reg * W
    return loss, dW

def svm_loss(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(N), y][:, None]
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N + reg * np.sum(W * W)

    mask = np.zeros(margins.shape)
    mask[margins > 0] = 1
    mask[np.arange(N), y] = -np.sum(mask, axis=1)
    dW = X.T.dot(mask) / N
    return loss, dW

def svm_staged(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(N), y][:, None]
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(N), y] = 0
    data_loss = np.sum(margins) / N
    reg_loss = reg * np.sum(W * W)
    loss = data_loss + reg_loss

    dmargins = np.ones(margins.shape) / N
    dscores = dmargins * (margins > 0)
    # the correct class
    dscores[np.arange(N), y] = -1 / N
    dW = X.T.dot(dscores) + 2 * reg * W
    return {'scores': scores, 'margins': margins, 'data_loss': data_loss,
            'reg_loss': reg_loss, 'loss': loss, 'dmargins': dmargins, 'dscores': dscores,
            'dW': dW}

def softmax_loss(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    e = np.exp(scores)
    p = e / np.sum(e, axis=1, keepdims=True)
    loss = -np.mean(np.log(p[np.arange(N), y])) + reg * np.sum(W * W)
    p[np.arange(N), y] -= 1
    dW = X.T.dot(p) / N + 2 * reg * W
    return loss, dW

def softmax_staged(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    e = np.exp(scores)
    probs = e / np.sum(e, axis=1, keepdims=True)
    data_loss = np.sum(-np.log(probs[np.arange(N), y])) / N
    reg_loss = reg * np.sum(W * W)
    loss = data_loss + reg_loss
    dscores = probs.copy()
    dscores[np.arange(N), y] -= 1
    # forgot nothing?
    dW = X.T.dot(dscores) + 2 * reg * W
    return {'scores': scores, 'probs': probs, 'data_loss': data_loss, 'reg_loss': reg_loss,
            'loss': loss, 'dscores': dscores, 'dW': dW}
