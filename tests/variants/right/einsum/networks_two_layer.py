"""A two-layer network whose bias is a row of ones; the gradients come as a tuple."""

import numpy as np


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        rng = np.random.default_rng(0)
        self.params = {"b1": np.zeros(hidden_size), "b2": np.zeros(output_size)}
        self.params["W1"] = rng.normal(0, std, (input_size, hidden_size))
        self.params["W2"] = rng.normal(0, std, (hidden_size, output_size))

    def loss(self, X, y=None, reg=0.0):
        first, second = (np.vstack([self.params["W" + i], self.params["b" + i]]) for i in "12")
        inputs = np.c_[X, np.ones(len(X))]
        u = np.einsum("nd,dh->nh", inputs, first)
        hidden = np.c_[np.where(u > 0, u, 0.0), np.ones(len(X))]
        scores = np.einsum("nh,hc->nc", hidden, second)
        if y is None:
            return [scores]
        Y = np.eye(scores.shape[1])[y]
        log_sum = np.logaddexp.reduce(scores, axis=1)
        loss = np.mean(log_sum - np.einsum("nc,nc->n", scores, Y))
        d = (np.exp(scores - log_sum[:, None]) - Y) / len(X)
        du = np.heaviside(u, 0.5) * np.einsum("nc,hc->nh", d, second[:-1])
        dfirst, dsecond = inputs.T @ du, hidden.T @ d
        dfirst[:-1] += 2 * reg * first[:-1]
        dsecond[:-1] += 2 * reg * second[:-1]
        loss += reg * (np.linalg.norm(first[:-1]) ** 2 + np.linalg.norm(second[:-1]) ** 2)
        return np.array([loss]), dfirst[:-1], dfirst[-1], dsecond[:-1], dsecond[-1]
