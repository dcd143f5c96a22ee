import numpy as np

_GENERATOR = np.random.RandomState(5)


def dropout_forward(x, dropout_param):
    generator = _GENERATOR
    if "seed" in dropout_param:
        generator = np.random.RandomState(dropout_param["seed"])
    p, mode = dropout_param["p"], dropout_param["mode"]
    chances = [(1 - p), p] if mode == "train" else [0, 1]
    scale = 1 / p if mode == "train" else 1.0
    mask = generator.choice([0.0, scale], size=x.size, p=chances).reshape(x.shape)
    return mask * x, {"mask": mask}


def dropout_backward(dout, cache):
    return dout * cache["mask"]
