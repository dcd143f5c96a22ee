"""Two affine layers with a ReLU between them, in the form of the public CS231n assignments."""

import numpy as np


class TwoLayerNet:
    """Affine, ReLU, affine, softmax: W1 [D, H], b1 [H], W2 [H, C], b2 [C] in the dict params."""

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        rng = np.random.default_rng()
        self.params = {
            "W1": std * rng.standard_normal((input_size, hidden_size)),
            "b1": np.zeros(hidden_size),
            "W2": std * rng.standard_normal((hidden_size, output_size)),
            "b2": np.zeros(output_size),
        }

    def loss(self, X, y=None, reg=0.0):
        """Mean softmax loss plus reg/2 (sum(W1 W1) + sum(W2 W2)); without y the scores."""
        W1, b1, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
        n = X.shape[0]
        before = X.dot(W1) + b1
        hidden = before * (before > 0)
        scores = hidden.dot(W2) + b2
        if y is None:
            return scores

        own = y[:, None] == np.arange(scores.shape[1])
        shifted = scores - scores.max(axis=1, keepdims=True)
        log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        loss = -np.sum(log_probs[own]) / n
        loss = loss + 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

        dscores = (np.exp(log_probs) - own) / n
        dhidden = dscores.dot(W2.T) * (before > 0)
        grads = {
            "W1": X.T.dot(dhidden) + reg * W1,
            "b1": dhidden.sum(axis=0),
            "W2": hidden.T.dot(dscores) + reg * W2,
            "b2": dscores.sum(axis=0),
        }
        return loss, grads


def hidden_kinks(W1, b1, X, **_):
    """The ReLU bends where what it receives changes its sign."""
    return X.dot(W1) + b1


def draw_sizes(_rng, _kind, values):
    """What the constructor is told: the sizes of the parameters."""
    (input_size, hidden_size), output_size = values["W1"].shape, len(values["b2"])
    return {"input_size": input_size, "hidden_size": hidden_size, "output_size": output_size}
