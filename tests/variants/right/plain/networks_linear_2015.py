import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_classes = W.shape[0]
    num_train = X.shape[1]
    loss = 0.0
    for i in range(num_train):
        scores = W.dot(X[:, i])
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                loss += margin
                dW[j] += X[:, i]
                dW[y[i]] -= X[:, i]
    loss /= num_train
    dW /= num_train
    loss += 0.5 * reg * np.sum(W * W)
    dW += reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[1]
    columns = np.arange(num_train)
    scores = W.dot(X)
    margins = np.maximum(0, scores - scores[y, columns] + 1)
    margins[y, columns] = 0
    loss = np.sum(margins) / num_train
    loss += 0.5 * reg * np.sum(W * W)
    mask = (margins > 0).astype(float)
    mask[y, columns] = -np.sum(mask, axis=0)
    dW = mask.dot(X.T) / num_train
    dW += reg * W
    return loss, dW


def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    num_train = X.shape[1]
    for i in range(num_train):
        scores = W.dot(X[:, i])
        scores -= np.max(scores)
        p = np.exp(scores) / np.sum(np.exp(scores))
        loss += np.log(np.sum(np.exp(scores))) - scores[y[i]]
        for j in range(W.shape[0]):
            dW[j] += p[j] * X[:, i]
        dW[y[i]] -= X[:, i]
    loss /= num_train
    dW /= num_train
    loss += 0.5 * reg * np.sum(W * W)
    dW += reg * W
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    num_train = X.shape[1]
    columns = np.arange(num_train)
    scores = W.dot(X)
    scores -= np.max(scores, axis=0)
    sums = np.sum(np.exp(scores), axis=0)
    p = np.exp(scores) / sums
    loss = np.sum(np.log(sums)) - np.sum(scores[y, columns])
    loss /= num_train
    loss += 0.5 * reg * np.sum(W * W)
    dscores = p
    dscores[y, columns] -= 1
    dW = dscores.dot(X.T) / num_train
    dW += reg * W
    return loss, dW
