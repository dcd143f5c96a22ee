"""Losses with einsum, one-hot labels and masks; the loss has shape (1,)."""

import numpy as np


def l2_regulariser(W, reg):
    return np.array([reg * np.linalg.norm(W) ** 2]), np.asfortranarray(W * (reg + reg))


def one_hot(y, C):
    return np.eye(C)[y]


def svm_loss(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    Y = one_hot(y, C)
    scores = np.einsum("nd,dc->nc", X, W)
    delta = scores - np.sum(scores * Y, axis=1, keepdims=True) + 1 - Y
    loss = np.einsum("nc->", np.clip(delta, 0, None)) / N + reg * np.einsum("dc,dc->", W, W)
    # half of the gradient where a margin is exactly 0; that of the correct class is 0 by design
    passes = np.heaviside(delta, 0.5) * (1 - Y)
    d = (passes - Y * passes.sum(axis=1, keepdims=True)) / N
    dW = np.einsum("nd,nc->cd", X, d).T + 2 * reg * W
    return loss.reshape(1), dW


def svm_staged(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    Y = one_hot(y, C).astype(bool)
    scores = np.asfortranarray(X @ W)
    raw = scores - scores[Y].reshape(N, 1) + 1.0
    margins = np.where((raw > 0) & ~Y, raw, 0.0)
    data_loss = np.array([margins.sum(axis=1).mean()])
    reg_loss = reg * np.vdot(W, W)
    dmargins = np.broadcast_to(1.0 / N, (N, C))
    gate = np.where(Y, 0.0, np.heaviside(raw, 0.5))
    # the Jacobian of one row: e_j - e_y
    jacobian = np.eye(C)[None, :, :] - Y[:, None, :]
    dscores = np.einsum("nj,njk->nk", dmargins * gate, jacobian)
    return {
        "dW": (dscores.T @ X).T + reg * 2 * W,
        "dscores": dscores,
        "dmargins": dmargins,
        "loss": data_loss + reg_loss,
        "reg_loss": reg_loss,
        "data_loss": data_loss,
        "margins": margins,
        "scores": scores,
    }


def softmax_loss(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    s = (W.T @ X.T).T
    log_sum = np.logaddexp.reduce(s, axis=1)
    loss = np.add.reduce(log_sum - np.take_along_axis(s, y[:, None], 1)[:, 0])
    P = np.exp(s - log_sum[:, None])
    dW = np.tensordot(X, (P - one_hot(y, C)) / N, axes=(0, 0)) + 2 * reg * W
    return np.array([loss / N + reg * np.trace(W.T @ W)]), dW


def softmax_staged(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    scores = np.einsum("nd,dc->nc", X, W)
    log_probs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    probs = np.exp(log_probs)
    data_loss = -np.einsum("nc,nc->", log_probs, one_hot(y, C)) / N
    reg_loss = reg * np.sum(np.square(W))
    loss = np.reshape(data_loss + reg_loss, (1,))
    dscores = np.where(np.arange(C) == y[:, None], probs - 1, probs) / N
    dW = np.einsum("nd,nc->dc", X, dscores, order="F") + 2 * reg * W
    return {
        "scores": scores,
        "probs": probs,
        "data_loss": np.array([[data_loss]]),
        "reg_loss": reg_loss,
        "loss": loss,
        "dscores": dscores,
        "dW": dW,
    }
