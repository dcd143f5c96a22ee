"""Orders, a kit and a unit that grade nothing, for tests of how a batch is carried out."""

from __future__ import annotations

import json
from collections.abc import Iterator

from grader.batch import Graded, Kit, Order, Status

KIT = Kit("Stub", b"", (), "auto", allow_weak=False, digest="kit")


def orders(count: int) -> Iterator[Order]:
    """Yield orders that the stub units below understand."""
    return (Order(f"s{n:03d}", f"digest {n}", ()) for n in range(count))


def again(key: str) -> Order:
    """Return an order by its key."""
    return Order(key, f"digest {int(key[1:])}", ())


def answered(order: Order, _kit: Kit) -> Graded:
    """Grade at once."""
    report = {"complete": True, "tasks": []}
    text = json.dumps({"schema": 1, "reports": [report], "key": order.key}, indent=2)
    return Graded(order.key, order.digest, Status.GRADED, text, order.key, score=1, max_score=2)
