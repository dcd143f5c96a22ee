"""Dropout layers in many styles, right and wrong in the ways of real submissions.

``KEEP``, ``DROP``   specs in which p is the probability to keep an entry, or to drop one.
``RIGHT``            solutions by style.
``WRONG``            solutions by mistake, with the start of each line that must be told.
"""

from __future__ import annotations

KEEP = """\
assignment: m
files: [m.py]
tasks:
  - id: dropout
    style: function_pair
    target: dropout
    inputs: {x: {shape: [N, D], domain: nonzero}}
    hyper_parameters: {p: {range: [0.6, 0.8]}}
    constants: {mode: train}
    dicts: {dropout_param: [mode, p, seed]}
    outputs: [out]
    random: {mask: x, keep: p, seed: seed}
    sizes: {N: [40, 50], D: [60, 70]}
    input_forms: [float32, integers]
    cases:
      test_mode: {set: {mode: test}}
      four_dimensions: {shapes: {x: [5, 4, 7, 9]}}
"""
DROP = KEEP.replace("keep: p", "drop: p").replace("[0.6, 0.8]", "[0.2, 0.4]")
HEAD = "import random\nimport numpy as np\n\n"
PLAIN = """\
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    else:
        out = x
    return out, (dropout_param, mask)

def dropout_backward(dout, cache):
    dropout_param, mask = cache
    if dropout_param["mode"] == "train":
        return dout * mask
    return dout
"""
MASK = "mask = (np.random.rand(*x.shape) < p) / p"
SEEDS = 'np.random.seed(dropout_param["seed"])'


def change(*pairs: tuple[str, str]) -> str:
    """Return the plain solution with some of its code replaced."""
    text = PLAIN
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return HEAD + text


def drawn(mask: str, *pairs: tuple[str, str]) -> str:
    """Return the plain solution with another way to draw its mask."""
    return change((MASK, mask), *pairs)


OF_GENERATOR = """\
def dropout_forward(x, dropout_param):
    rng = np.random.default_rng(dropout_param.get("seed"))
    if dropout_param["mode"] == "test":
        return np.array(x), None
    kept = rng.random(x.shape) < dropout_param["p"]
    out = np.zeros(x.shape)
    out[kept] = x[kept] / dropout_param["p"]
    return out, (kept, dropout_param["p"])

def dropout_backward(dout, cache):
    if cache is None:
        return dout.copy()
    dx = np.zeros_like(dout)
    dx[cache[0]] = dout[cache[0]] / cache[1]
    return dx
"""
OF_LOOPS = """\
def dropout_forward(x, dropout_param):
    if "seed" in dropout_param:
        random.seed(dropout_param["seed"])
    p, is_train = dropout_param["p"], dropout_param["mode"] == "train"
    factors = [1 / p if random.random() < p else 0.0 for _ in range(x.size)] if is_train else []
    factors = np.array(factors or [1.0] * x.size).reshape(x.shape)
    return factors * x, {"factors": factors}

def dropout_backward(dout, cache):
    return cache["factors"] * dout
"""
AGAIN = "return dout * (np.random.rand(*dout.shape) < p) / p"
RIGHT = {
    "plain": HEAD + PLAIN,
    "default_rng": HEAD + OF_GENERATOR,
    "loops of the random module": HEAD + OF_LOOPS,
    "binomial": drawn("mask = np.random.binomial(1, p, x.shape) / p"),
    "choice": drawn("mask = np.random.choice([0, 1 / p], size=x.shape, p=[1 - p, p])"),
    "uniform, dropped where above": drawn(
        "mask = np.ones_like(x, dtype=float) / p; mask[np.random.uniform(size=x.shape) >= p] = 0"
    ),
    "the mask a bool, scaled apart": drawn(
        "mask = np.random.random_sample(x.shape) < p",
        ("out = x * mask", "out = np.where(mask, x, 0) / p"),
        ("return dout * mask", "return dout * mask / dropout_param['p']"),
    ),
    "float32": drawn(f"{MASK}; mask = mask.astype(np.float32); x = x.astype(np.float32)"),
    "as many as expected, in random places": drawn(
        "mask = (np.random.permutation(x.size).reshape(x.shape) < p * x.size) / p"
    ),
    "a generator of the module": drawn(
        "mask = (np.random.random(x.shape) < p) / p", ("mask = None", "mask = 1")
    ),
    "drawn again in backward, under a state kept": drawn(
        f"state = np.random.get_state(); {MASK}; mask = state",
        (
            "out = x * mask",
            "np.random.set_state(state); out = x * (np.random.rand(*x.shape) < p)/p",
        ),
        (
            "return dout * mask",
            f"p = dropout_param['p']; np.random.set_state(mask); {AGAIN}",
        ),
    ),
}


OTHER = change(('p, mode = dropout_param["p"]', 'p, mode = 1 - dropout_param["p"]'))
NOT_SCALED = ("/ p", "")
BACKWARD = "return dout * mask"
# A mistake, and of each line that must be told its check and code, and some of its words.
WRONG = {
    "not inverted": (
        change(NOT_SCALED),
        ("forward V412 kept entries are x itself", "backward[dx] V402"),
    ),
    "p the other way": (OTHER, ("forward V413", "backward[dx] V402")),
    "p the other way, not inverted": (
        change(("< p) / p", "> p)")),
        ("forward V413", "backward[dx] V402"),
    ),
    "> for <": (change(("< p)", "> p)")), ("forward V413",)),
    "divided by the other probability": (
        change(("/ p", "/ (1 - p)")),
        ("forward V412 kept entries are x / 0.", "backward[dx] V402"),
    ),
    "multiplied by the probability": (
        change(("/ p", "* p")),
        ("forward V412 kept entries are x times", "backward[dx] V402"),
    ),
    "another share": (drawn("mask = (np.random.rand(*x.shape) < 0.9) / p"), ("forward V413 0.",)),
    "the mask in place of the output": (
        change(("out = x * mask", "out = mask")),
        ("forward V411 every entry is 0 or 1.",),
    ),
    "a mask of any number": (
        drawn("mask = np.random.rand(*x.shape)"),
        ("forward V411 entries are",),
    ),
    "mask not applied in forward": (
        change(("out = x * mask", "out = x")),
        ("forward V413 no entry is dropped",),
    ),
    "everything dropped": (drawn("mask = 0.0"), ("forward V413 every entry is dropped",)),
    "one draw for a row": (
        drawn("mask = (np.random.rand(len(x), *[1] * (x.ndim - 1)) < p) / p"),
        ("forward V414 entries of out along axis 1 are dropped together",),
    ),
    "one draw for a column": (
        drawn("mask = (np.random.rand(*x.shape[1:]) < p) / p"),
        ("forward V414 entries of out along axis 0 are dropped together",),
    ),
    "the last row left out": (
        drawn(f"{MASK}; mask[-1] = 1 / p"),
        ("forward V414 1.00 of the entries of out[",),
    ),
    "always the same mask": (
        drawn("mask = (np.random.default_rng(0).random(x.shape) < p) / p"),
        ("forward V414 2 calls without a seed", "behaviour.seed B512 with a seed: two seeds"),
    ),
    "the first entries dropped": (
        drawn("mask = (np.arange(x.size).reshape(x.shape) < p * x.size) / p"),
        ("forward V414 2 calls without a seed", "behaviour.seed B512 with a seed: two seeds"),
    ),
    "seed ignored": (
        change((SEEDS, "pass")),
        ("behaviour.seed B512 with a seed: two calls with the same seed",),
    ),
    "seed misspelt": (
        change((SEEDS, SEEDS.replace('"seed"', '"sed"'))),
        ("behaviour.seed B512 with a seed: m.py:7: dropout_forward raised KeyError",),
    ),
    "test mode scaled": (
        change(("        out = x\n", "        out = x * p\n")),
        ("case.test_mode V412 all entries are",),
    ),
    "test mode drops": (
        change(('if mode == "train"', "if True")),
        ("case.test_mode V413",),
    ),
    "scaled in test mode alone": (
        change(NOT_SCALED, ("        out = x\n", "        out = x * p\n")),
        ("forward V412", "backward[dx] V402", "case.test_mode V412"),
    ),
    "two dimensions alone": (
        change(("*x.shape", "x.shape[0], x.shape[1]")),
        ("case.four_dimensions R201",),
    ),
    "backward without mask": (change((BACKWARD, "return dout")), ("backward[dx] V402",)),
    "backward without scale": (
        change((BACKWARD, "return dout * (mask > 0)")),
        ("backward[dx] V402",),
    ),
    "backward scaled twice": (
        change((BACKWARD, "return dout * mask * mask")),
        ("backward[dx] V402",),
    ),
    "backward draws another mask": (
        change((BACKWARD, "return dout * (np.random.rand(*dout.shape) < 0.7) / 0.7")),
        ("backward[dx] V402",),
    ),
    "backward adds the mask": (change((BACKWARD, "return dout + mask")), ("backward[dx] V402",)),
    "a mask that the next call replaces": (
        drawn(f"{MASK}; KEPT[:] = [mask]")
        .replace("import numpy as np", "import numpy as np\nKEPT = [None]")
        .replace(BACKWARD, "return dout * KEPT[0]"),
        ("behaviour.shared_cache B501",),
    ),
}
