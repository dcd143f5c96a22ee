import math

import numpy as np


class TwoLayerNet(object):
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.sizes = input_size, hidden_size, output_size
        self.params = dict(
            W1=std * np.random.randn(input_size, hidden_size), b1=np.zeros(hidden_size),
            W2=std * np.random.randn(hidden_size, output_size), b2=np.zeros(output_size),
        )  # fmt: skip

    def loss(self, X, y=None, reg=0.0):
        p = self.params
        D, H, C = self.sizes
        scores = np.zeros((len(X), C))
        before = np.zeros((len(X), H))
        for i in range(len(X)):
            for h in range(H):
                before[i, h] = X[i].dot(p["W1"][:, h]) + p["b1"][h]
            for c in range(C):
                scores[i, c] = p["b2"][c]
                for h in range(H):
                    scores[i, c] += max(before[i, h], 0) * p["W2"][h, c]
        if y is None:
            return scores
        grads = {name: 2 * reg * p[name] if name[0] == "W" else 0 * p[name] for name in p}
        loss = reg * sum((p[name] ** 2).sum() for name in ("W1", "W2"))
        for i in range(len(X)):
            top = max(scores[i])
            total = sum(math.exp(score - top) for score in scores[i])
            loss += (math.log(total) + top - scores[i, y[i]]) / len(X)
            dhidden = np.zeros(H)
            for c in range(C):
                d = (math.exp(scores[i, c] - top) / total - (c == y[i])) / len(X)
                grads["b2"][c] += d
                for h in range(H):
                    grads["W2"][h, c] += d * max(before[i, h], 0)
                    dhidden[h] += d * p["W2"][h, c] if before[i, h] > 0 else 0
            grads["b1"] += dhidden
            grads["W1"] += np.outer(X[i], dhidden)
        return loss, grads
