"""Losses with explicit loops, with einsum, and in single precision."""

import numpy as np


def l2_regulariser(W, reg):
    w = W.ravel(order="K")
    return np.array([[reg * (w @ w)]]), [W * 2 * reg]


def svm_loss(W, X, y, reg):
    # as in the notes: one example and one class after the other
    D, C = W.shape
    dW = np.zeros((D, C))
    loss = 0.0
    for i in range(len(X)):
        scores = [sum(X[i, d] * W[d, c] for d in range(D)) for c in range(C)]
        for j in range(C):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                for d in range(D):
                    dW[d, j] += X[i, d]
                    dW[d, y[i]] -= X[i, d]
    loss /= len(X)
    dW /= len(X)
    for d in range(D):
        for c in range(C):
            loss += reg * W[d, c] ** 2
            dW[d, c] += 2 * reg * W[d, c]
    return [loss, dW]


def svm_staged(W, X, y, reg):
    one_hot = np.eye(W.shape[1])[y]
    scores = np.einsum("nd,dc->nc", X, W)
    gap = scores - np.einsum("nc,nc->n", scores, one_hot)[:, None] + 1 - one_hot
    margins = np.clip(gap, 0, None) * (1 - one_hot)
    data_loss = margins.sum(1).mean()
    reg_loss = np.linalg.norm(W) ** 2 * reg
    dmargins = np.broadcast_to(1 / len(X), margins.shape)  # read-only view, strides 0
    on = dmargins * (gap > 0) * (1 - one_hot)
    dscores = on - one_hot * on.sum(1, keepdims=True)
    dW = np.einsum("nd,nc->dc", X, dscores, optimize=True) + reg * (W + W)
    return {
        "dW": np.asfortranarray(dW), "dscores": dscores, "dmargins": dmargins,
        "loss": data_loss + reg_loss, "reg_loss": reg_loss, "data_loss": data_loss,
        "margins": margins, "scores": scores, "gap": gap,
    }


def softmax_loss(W, X, y, reg):
    # single precision is enough for training
    W32, X32 = W.astype(np.float32), X.astype(np.float32)
    s = X32 @ W32
    s -= s.max(1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(1, keepdims=True))
    n = np.float32(len(y))
    loss = -log_p[range(len(y)), y].sum() / n + np.float32(reg) * (W32 * W32).sum()
    dlog = np.exp(log_p)
    np.subtract.at(dlog, (np.arange(len(y)), y), 1)
    return np.float32(loss), X32.T @ dlog / n + 2 * np.float32(reg) * W32


def softmax_staged(W, X, y, reg):
    def one(x, label):
        """Scores, probabilities, loss and dscores of a single example."""
        s = x @ W
        top = s.max()
        z = np.exp(s - top)
        p = z / z.sum()
        return s, p, top + np.log(z.sum()) - s[label], p - np.eye(len(s))[label]

    scores, probs, losses, ds = map(np.stack, zip(*map(one, X, y)))
    data_loss = losses.mean()
    reg_loss = reg * np.trace(W.T @ W)
    dscores = ds / len(ds)
    dW = sum(np.outer(x, d) for x, d in zip(X, dscores)) + 2 * reg * W
    return {
        "scores": scores.tolist(), "probs": probs, "data_loss": [data_loss],
        "reg_loss": reg_loss, "loss": data_loss + reg_loss, "dscores": dscores, "dW": dW,
    }
