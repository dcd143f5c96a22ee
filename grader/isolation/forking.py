"""The two worlds a warm process can live in, and the walls that its children have in each."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, partial

from grader.errors import GraderFault
from grader.escape import printable
from grader.isolation import bubblewrap
from grader.isolation.archive import warm_command, worker_zip
from grader.isolation.child import START_SECONDS, Capture, Child
from grader.isolation.policy import interpreter, make_policy, mounted_paths
from grader.isolation.values import held_by
from grader.isolation.warm import CONTROL, Pool, Warm
from grader.model import Limits
from grader.worker.wire import WireError

WORLDS = ("bubblewrap", "bare")
_TEXT_BYTES, _PAYLOAD_BYTES = 1 << 12, 1 << 12


@dataclass(frozen=True)
class Tried:
    """What a throw-away child could not do, or why there was none."""

    walls: frozenset[str]
    problem: str = ""


@cache
def pool(world: str) -> Pool:
    """Return the warm processes of a world."""
    return Pool(partial(_start, world))


@cache
def try_walls(world: str) -> Tried:
    """Fork a child that locks itself, tries what must not work, and tells what was refused."""
    if problem := bubblewrap.problem() if world == "bubblewrap" else "":
        return Tried(frozenset(), problem)
    capture = Capture(_TEXT_BYTES)
    try:
        child = Child(pool(world).fork(), capture, _PAYLOAD_BYTES)
    except GraderFault as error:
        return Tried(frozenset(), printable(str(error)))
    child.send({"files": {}, "limits": asdict(Limits())})
    hello = None
    with suppress(TimeoutError, WireError):
        hello = child.receive(START_SECONDS)
    child.stop(is_sound=hello is not None)
    if hello is None:
        words = printable(capture.text.strip().rpartition("\n")[2], _TEXT_BYTES)
        return Tried(frozenset(), f"a child of the warm process does not answer: {words}")
    return Tried(held_by(hello))


def _start(world: str, slot: int) -> Warm:
    command = warm_command(interpreter(), CONTROL)
    is_mounted = world == "bubblewrap"
    if is_mounted:
        paths, hidden = mounted_paths()
        command = [*bubblewrap.prefix((*paths, str(worker_zip())), hidden), *command]
    return Warm(command, make_policy(slot, is_mounted=is_mounted))
