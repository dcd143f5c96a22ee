"""The random numbers that a random layer finds: other ones in each call, or those of a seed.

``noise_seeds``  what the global generators are seeded with before each draw of a random layer.
``seeded``       forwards that are given a seed; what comes back is kept, not judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from zlib import crc32

from grader.checks import SEED
from grader.isolation import Returned, Session, Step
from grader.model import Battery, Case, Draw, Task

_SEEDS = (11, 12)


def noise_seeds(task: Task, owners: Sequence[Case]) -> dict[int, int]:
    """Return a seed for each draw of a random layer; in a replay a draw has the same one again.

    ``owners`` are the cases of the draws. Other tasks find the same numbers in every call, and are
    judged by that.
    """
    if task.random is None:
        return {}
    seeds, seen = {}, Counter[str]()
    for number, case in enumerate(owners):
        seeds[number] = 2 * crc32(f"{case.id} {seen[case.id]}".encode())
        seen[case.id] += 1
    return seeds


def seeded(
    session: Session, battery: Battery, seconds: float, replay: str
) -> dict[str, tuple[Draw, ...]]:
    """Return forwards under a seed, under another, and under the first one again.

    The last finds other random numbers than the first, unless it uses the seed.
    """
    task, first = battery.task, battery.probed[0].case
    if task.random is None or task.random.seed is None or replay not in ("", first.id):
        return {}
    values: list[dict[str, Any]] = [{**first.inputs, task.random.seed: seed} for seed in _SEEDS]
    chosen = (0, 1, 0)
    steps: list[Step] = [(number, "forward", (own,)) for number, own in enumerate(chosen)]
    seeds = noise_seeds(task, [first] * len(steps))
    replies = session.run(task.call, values, steps, seconds=seconds, seeds=seeds)
    parts = [reply.value if isinstance(reply, Returned) else reply for reply in replies if reply]
    return {SEED: tuple(Draw(part, None) for part in parts)} if len(parts) == len(steps) else {}
