"""Modules that compute in float32 inside."""

import numpy as np

f32 = np.float32


class MulConstant:
    def __init__(self, a, in_place):
        if not np.isscalar(a):
            raise TypeError("a must be a number")
        if not isinstance(in_place, bool):
            raise TypeError("in_place must be a flag")
        if in_place and a == 0:
            raise ValueError("a must not be 0 in place")
        self.a, self.in_place = f32(a), in_place

    def updateOutput(self, x):
        out = f32(x) * self.a
        if self.in_place:
            x[...] = out
            return x
        return out

    def updateGradInput(self, x, dout):
        dx = f32(dout) * self.a
        if self.in_place:
            x[...] = f32(x) / self.a
            dout[...] = dx
            return dout
        return dx.astype(float)


class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias

    def updateOutput(self, x):
        return f32(x) @ f32(self.weight).T + f32(self.bias)

    def updateGradInput(self, x, dout):
        return f32(dout) @ f32(self.weight)

    def accGradParameters(self, x, dout):
        self.gradWeight += f32(dout).T @ f32(x)
        self.gradBias += f32(dout).sum(axis=0)

    def zeroGradParameters(self):
        self.gradWeight = np.zeros_like(self.weight, dtype=f32)
        self.gradBias = np.zeros(self.bias.shape)


class Affine:
    def __init__(self, W, b):
        self.W, self.b = f32(W), f32(b)

    def forward(self, x):
        self.x = f32(x)
        return self.x @ self.W + self.b

    def backward(self, dout):
        dout = f32(dout)
        self.dW = (self.x.T @ dout).astype(float)
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class ScaleShift:
    def forward(self, x):
        self.x = f32(x)
        return self.x * f32(self.BW) + f32(self.Bb)

    def backward(self, dout):
        dout = f32(dout)
        self.dLdBW = (dout * self.x).sum(axis=0, keepdims=True)
        self.dLdBb = dout.sum(axis=0, keepdims=True).astype(float)
        return dout * f32(self.BW)


class Fruit:
    def forward(self, *five):
        self.p, self.n, self.q, self.m, self.t = map(f32, five)
        return (self.p * self.n + self.q * self.m) * self.t

    def backward(self, dprice):
        d = f32(dprice)
        dtotal = self.t * d
        return (self.n * dtotal, self.p * dtotal, self.m * dtotal, self.q * dtotal,
                float((self.p * self.n + self.q * self.m) * d))
