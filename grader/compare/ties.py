"""At a tie any valid subgradient is right: one point of the convex hull of the branches' gradients.

The gradients of all arguments are judged together. Judged one by one, a max gate that gives its
upstream to both inputs, or to neither, would pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.compare.collect import Problem
from grader.compare.judge import place, tolerance_for
from grader.model import Array, Named
from grader.numeric import nearest_in_hull


def judge_tie(
    gradients: Named, branches: tuple[Named, ...], scale: Mapping[str, float], stated: float | None
) -> tuple[Problem | None, dict[str, Any], str]:
    """Return the problem at a tie, its evidence, and the argument it is worst for.

    ``gradients`` have the shapes of the reference and finite entries.
    """
    names = list(gradients)
    units = {name: scale.get(name) or 1.0 for name in names}
    point = _flat(gradients, names, units)
    nearest = nearest_in_hull(point, [_flat(branch, names, units) for branch in branches])
    errors = np.abs(point - nearest)
    allowed = np.concatenate(
        [np.full(gradients[n].size, tolerance_for(gradients[n], stated)) for n in names]
    )
    if (errors <= allowed).all():
        return None, {}, ""
    worst = int(np.argmax(errors / allowed))
    for name in names:
        if worst < gradients[name].size:
            break
        worst -= gradients[name].size
    index = tuple(int(i) for i in np.unravel_index(worst, gradients[name].shape))
    got = float(gradients[name][index]) + 0.0  # -0 reads like a mistake
    choices = sorted({round(float(branch[name][index]), 9) + 0.0 for branch in branches})
    evidence = {"index": index, "got": got, "branches": choices,
                "relative_error": float(errors.max())}  # fmt: skip
    between = " and ".join(f"{c:.6g}" for c in (choices[0], choices[-1]))
    if len(choices) == 1:
        message = f"{place(name, index)} is {got:.6g}, expected {choices[0]:.6g}"
    elif choices[0] <= got <= choices[-1]:
        message = (
            f"{place(name, index)} is {got:.6g}: by itself possible, but not together with the "
            "other gradients; the shares of the branches must add up to one"
        )
    else:
        message = f"{place(name, index)} is {got:.6g}, valid are values between {between}"
    return Problem("V404", message), evidence, name


def _flat(gradients: Named, names: list[str], units: Mapping[str, float]) -> Array:
    return np.concatenate(
        [np.asarray(gradients[n], dtype=np.float64).ravel() / units[n] for n in names]
    )
