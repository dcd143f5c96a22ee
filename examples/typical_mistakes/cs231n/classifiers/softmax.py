import numpy as np


def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    # TODO: compute the softmax loss and its gradient using explicit loops
    pass
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    # The regularisation is divided by N, in the loss and in the gradient.
    N = X.shape[0]
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    probs = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    loss = -np.sum(np.log(probs[np.arange(N), y]))
    loss += reg * np.sum(W * W)
    probs[np.arange(N), y] -= 1
    dW = X.T.dot(probs) + 2 * reg * W
    return loss / N, dW / N
