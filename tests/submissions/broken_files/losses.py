import numpy as np
from helper import squared
import sys; import matplotlib.pyplot as plt


def loss_a(W, X):
    return squared(W).sum(), 2 * W


loss_b = loss_c = loss_a


def loss_d(W, X):
    return np.array(squared(W)), W
