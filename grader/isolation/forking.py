"""The two worlds a warm process can live in, and the walls that its children have in each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

from grader.errors import GraderFault
from grader.escape import printable
from grader.isolation import bubblewrap
from grader.isolation.archive import warm_command, worker_zip
from grader.isolation.packages import Packages, paths_of
from grader.isolation.policy import interpreter, make_policy, mounted_paths, readable_paths
from grader.isolation.warm import CONTROL, Pool, Warm

WORLDS = ("bubblewrap", "bare")
_TRIES = 3  # somebody may have killed one: that must not count as a machine without walls


@dataclass(frozen=True)
class Tried:
    """What a child that was thrown away could not do, or why there was none."""

    walls: frozenset[str]
    problem: str = ""


@cache
def pool(world: str, packages: Packages) -> Pool:
    """Return the warm processes of a world in which these packages can be read.

    No default: to the cache a call without packages would not be one with none.
    """
    return Pool(partial(_start, world, packages))


@cache
def try_walls(world: str) -> Tried:
    """Start a warm process; a child of it locks itself and tries what must not work."""
    if problem := bubblewrap.problem() if world == "bubblewrap" else "":
        return Tried(frozenset(), problem)
    tried = Tried(frozenset())
    for _ in range(_TRIES):
        try:
            tried = Tried(pool(world, ()).warm_up())
        except GraderFault as error:
            tried = Tried(frozenset(), printable(str(error)))
        if tried.walls:
            break
    return tried


def _start(world: str, packages: Packages, slot: int) -> Warm:
    command = warm_command(interpreter(), CONTROL)
    declared = paths_of(packages)
    if world == "bare":
        paths = (*readable_paths(), *declared)
        return Warm(command, make_policy(paths, slot, is_mounted=False, declared=declared))
    paths, hidden = mounted_paths()
    paths = (*paths, *declared)
    command = [*bubblewrap.prefix((*paths, str(worker_zip())), hidden), *command]
    return Warm(command, make_policy(paths, slot, is_mounted=True))
