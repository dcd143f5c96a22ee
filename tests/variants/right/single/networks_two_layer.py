import numpy as np

F = np.float32


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        shapes = {"W1": (input_size, hidden_size), "b1": hidden_size,
                  "W2": (hidden_size, output_size), "b2": output_size}  # fmt: skip
        self.params = {name: np.zeros(shape, F) for name, shape in shapes.items()}

    def forward(self, X):
        W1, b1, W2, b2 = (self.params[name].astype(F) for name in ("W1", "b1", "W2", "b2"))
        hidden = (X.astype(F) @ W1 + b1).clip(0)
        return W1, W2, hidden, hidden @ W2 + b2

    def loss(self, X, y=None, reg=0.0):
        W1, W2, hidden, scores = self.forward(X)
        if y is None:
            return scores
        reg, n = F(reg), F(len(X))
        log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
        own = np.eye(scores.shape[1], dtype=F)[y]
        loss = -(log_p * own).sum() / n + reg * (W1 * W1).sum() + reg * (W2 * W2).sum()
        dscores = (np.exp(log_p) - own) / n
        dhidden = dscores @ W2.T * np.sign(hidden)
        return loss, {
            "b2": dscores.sum(axis=0),
            "b1": dhidden.sum(axis=0),
            "W2": hidden.T @ dscores + reg * W2 + reg * W2,
            "W1": X.T.astype(F) @ dhidden + 2 * reg * W1,
        }
