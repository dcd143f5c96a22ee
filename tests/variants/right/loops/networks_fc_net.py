"""A network of layers in a loop over the layers, each of them an object or a pair of functions."""

import numpy as np


def affine_forward(x, w, b):
    return np.dot(x.reshape(len(x), -1), w) + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, np.sum(dout, axis=0)


def softmax_loss(scores, y):
    dx, loss = np.zeros(scores.shape), 0
    for i, row in enumerate(scores):
        e = np.exp(row - max(row))
        loss += np.log(sum(e)) - row[y[i]] + max(row)
        dx[i] = e / sum(e)
        dx[i, y[i]] -= 1
    return loss / len(y), dx / len(y)


class TwoLayerNet:
    def __init__(self, input_dim=3072, hidden_dim=100, num_classes=10, weight_scale=0.1, reg=0):
        self.reg, self.params, sizes = reg, {}, (input_dim, hidden_dim, num_classes)
        for i in (1, 2):
            self.params["W%d" % i] = weight_scale * np.random.randn(sizes[i - 1], sizes[i])
            self.params["b%d" % i] = np.zeros((sizes[i],))

    def loss(self, X, y=None):
        scores, caches, masks = X, [], []
        for i in (1, 2):
            scores, cache = affine_forward(scores, self.params[f"W{i}"], self.params[f"b{i}"])
            caches.append(cache)
            if i == 1:
                masks.append(scores > 0)
                scores[~masks[-1]] = 0
        if y is None:
            return scores
        loss, d = softmax_loss(scores, y)
        grads = {}
        for i in (2, 1):
            d, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(d, caches.pop())
            if masks:
                d = d * masks.pop()
            grads[f"W{i}"] += self.reg * self.params[f"W{i}"]
            loss += self.reg / 2 * np.linalg.norm(self.params[f"W{i}"]) ** 2
        return loss, grads
