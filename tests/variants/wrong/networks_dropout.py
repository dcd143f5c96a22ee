"""Wrong dropout layers: the mistakes of real submissions."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_MASK, _TEST = "mask = (np.random.rand(*x.shape) < KEEP) / KEEP", "        out = x\n    cache"
_BACK, _SEED = "dx = dout * mask", 'np.random.seed(dropout_param["seed"])'
_DX, _NOTHING, _FOUR = "backward[dx] V402", "backward[dx]", "case.four_dimensions"


def _of(keep: str, drop: str) -> tuple[Wrong, ...]:
    """Return the mistakes, where an entry is kept with the probability ``keep``."""

    def wrong(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
        filled = tuple(
            (old.replace("KEEP", keep), new.replace("KEEP", keep).replace("DROP", drop))
            for old, new in edits
        )
        return Wrong("dropout", mistake, filled, told)

    def drawn(mask: str) -> Edit:
        return _MASK, f"mask = {mask}"

    random = "np.random.rand(*x.shape)"
    return (
        wrong("not inverted", drawn(f"{random} < KEEP"), told=("forward V412", _DX)),
        wrong("scaled in test mode instead", drawn(f"{random} < KEEP"), (_TEST, "        out = x * KEEP\n    cache"),
              told=("forward V412", _DX, "case.test_mode V412")),
        wrong("p the other way", drawn(f"({random} < DROP) / (DROP)"), told=("forward V413", _DX)),
        wrong("p the other way, not inverted", drawn(f"{random} < DROP"), told=("forward V413", _DX)),
        wrong("> for <", drawn(f"({random} > KEEP) / KEEP"), told=("forward V413",)),
        wrong("divided by the other probability", drawn(f"({random} < KEEP) / (DROP)"),
              told=("forward V412", _DX)),
        wrong("times the probability", drawn(f"({random} < KEEP) * KEEP"), told=("forward V412", _DX)),
        wrong("half of all entries, whatever p is", drawn(f"({random} < 0.5) / KEEP"),
              told=("forward V413",)),
        wrong("a mask of one row", drawn("(np.random.rand(*x.shape[1:]) < KEEP) / KEEP"),
              told=("forward V414",)),
        wrong("always the same mask", (_MASK, f"np.random.seed(0); {_MASK}"),
              told=("forward V414", "behaviour.seed B512")),
        wrong("returns the mask", ("out = x * mask", "out = mask"), told=("forward V411",)),
        wrong("drops nothing", ("out = x * mask", "out = x"), told=("forward V413", _NOTHING)),
        wrong("scaled in test mode too", (_TEST, "        out = x / KEEP\n    cache"),
              told=("case.test_mode V412",)),
        wrong("drops in test mode", ('    if mode == "train":\n        mask', "    if mode:\n        mask"),
              told=("case.test_mode V413",)),
        wrong("seed ignored", (_SEED, "pass"), told=("behaviour.seed B512",)),
        wrong("two dimensions only", ("rand(*x.shape)", "rand(x.shape[0], x.shape[1])"),
              told=(f"{_FOUR} R201",)),
        wrong("unpacks two dimensions", ("    mask = None\n", "    mask = None\n    N, D = x.shape\n"),
              told=(f"{_FOUR} R201",)),
        wrong("no mask in backward", (_BACK, "dx = dout"), told=(_DX,)),
        wrong("no scale in backward", (_BACK, "dx = dout * (mask > 0)"), told=(_DX,)),
        wrong("another mask in backward", (_BACK, "dx = dout * np.random.permutation(mask)"), told=(_DX,)),
        wrong("scaled again in backward", (_BACK, "dx = dout * mask * mask"), told=(_DX,)),
    )  # fmt: skip


KEPT = _of("p", "1 - p")
DROPPED = _of("(1 - p)", "p")
