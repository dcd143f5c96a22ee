"""Hostile submissions, on the strongest rung there is: each is shown to work elsewhere, not here.

Every attack is put to a naive grader first, in the background: it must succeed there, or the test
of it could not fail. Then our grader meets it between two right submissions.
"""

from __future__ import annotations

import contextlib
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

if sys.platform != "linux":
    pytest.skip("the attacks are written for Linux", allow_module_level=True)

sys.path.insert(0, str(Path(__file__).parent / "hostile"))

from arena import SLACK_SECONDS, Arena, offered
from attack import Attack
from attacks import ATTACKS
from proof import Proof, prove

from grader.isolation import SANDBOXES, Returned
from grader.model import Call, Limits

Proofs = dict[str, "Future[Proof]"]
each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)


@pytest.fixture(scope="module")
def proofs(request: pytest.FixtureRequest) -> Iterator[Proofs]:
    """Start every proof that is asked for."""
    asked = {
        item.callspec.id
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == "test_works_elsewhere"
    }
    wanted = {attack.id: attack for attack in ATTACKS if attack.id in asked}
    with ThreadPoolExecutor(3) as pool:
        yield {name: pool.submit(prove, attack) for name, attack in wanted.items()}
        pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def arena(proofs: Proofs) -> Iterator[Arena]:
    """Open our grader on the strongest rung, while the proofs run."""
    del proofs
    with contextlib.closing(Arena(offered()[0])) as opened:
        yield opened


@each_attack
def test_fails_here(attack: Attack, arena: Arena) -> None:
    """An attack earns nothing, touches nothing, leaves nothing and disturbs nobody."""
    if not arena.may_run(attack):
        pytest.skip(f"a success would end the test itself below {attack.needs}")
    bout = arena.fight(attack)
    assert not arena.breaches(attack, bout), (attack.tries, bout.told)
    assert bout.seconds <= arena.limits.total_seconds + SLACK_SECONDS


@each_attack
def test_works_elsewhere(attack: Attack, proofs: Proofs) -> None:
    """The same attack succeeds against a naive grader, where this system allows it at all."""
    proof = proofs[attack.id].result()
    if attack.gains not in proof.effects and proof.is_absent:
        pytest.skip("this system refuses it to everybody")
    assert attack.gains in proof.effects, (attack.tries, proof.text[-2000:])


_FLOOD = """
import os, signal, struct
def flood(*_):
    text = b'{"a":[' + b"[]," * 345_000 + b"[]]}"
    frame = struct.pack("<4sIQ", b"GRD1", len(text), 0) + text
    for fd in range(3, 256):
        try:
            while True:
                rest = frame
                while rest: rest = rest[os.write(fd, rest):]
        except OSError: pass
class SquareGate:
    def forward(self, x):
        signal.signal(signal.SIGALRM, flood)
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        return x
"""


def test_a_flood_that_nobody_reads() -> None:
    """Frames that arrive while the host compares are held back: it does not fill up with them."""
    call = Call("gate_class", "gates", "SquareGate", None, (), ("x",), ("dz",))
    with SANDBOXES[offered()[0]]({"gates.py": _FLOOD}, Limits()) as session:
        session.load(call)
        (answer,) = session.run(call, [{"x": np.ones(2)}], [(0, "forward", (0,))], seconds=5)
        assert isinstance(answer, Returned)
        before = resident_mib()
        time.sleep(2)  # as a comparison of large arrays may take
        assert resident_mib() - before < 120


def resident_mib() -> float:
    """Return the memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def test_the_suite_is_whole() -> None:
    """Ids are unique, and every class of attack has several."""
    names = [attack.id for attack in ATTACKS]
    assert len(set(names)) == len(names) >= 60
    groups = [attack.group for attack in ATTACKS]
    assert min(map(groups.count, set(groups))) >= 4
