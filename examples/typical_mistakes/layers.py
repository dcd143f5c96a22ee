# Exercise 4, layers
import numpy as np

class MatrixVectorNorm:
    def forward(self, W, x):
        self.W = W
        self.x = x
        self.q = W.dot(x)
        return np.sum(self.q ** 2)

    def backward(self, df):
        dq = 2 * self.q * df
        dW = np.outer(self.x, dq)
        dx = self.W.T.dot(dq)
        return dW, dx

def linear_forward(x, W):
    s = W.dot(x)
    return s, (x, W)

def linear_backward(ds, cache):
    x, W = cache
    dx = W.T.dot(ds)
    dW = ds.dot(x.T)
    return dW, dx

def affine_forward(x, w, b):
    out = x.dot(w) + b
    return out, (x, w, b)

def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T)
    dw = x.T.dot(dout)
    db = dout          # out = ... + b, so the gradient just passes through
    return dx, dw, db

class Affine:
    def forward(self, x, w, b):
        self.x = x
        self.w = w
        return x.dot(w) + b

    def backward(self, dout):
        dx = dout.dot(self.w.T)
        dw = self.x.T.dot(dout)
        db = np.sum(dout, axis=0, keepdims=True)
        return dx, dw, db

def relu_forward(x):
    out = np.maximum(0, x)
    return out, x

def relu_backward(dout, cache):
    x = cache
    dout[x < 0] = 0
    return dout
