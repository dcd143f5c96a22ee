"""The rungs as another user than root, and under an installed grader that root cannot help."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
NOBODY = 65534
PROGRAM = f"""
import sys
sys.path[:0] = {[str(ROOT), str(ROOT / "tests")]!r}
import os
import numpy as np
from grader.isolation import SANDBOXES, problem_of
from grader.isolation.session import Returned
from grader.model import Call, Fault, FaultKind, Limits
assert os.getuid() == {NOBODY}
rung = sys.argv[1]
if problem_of(rung):
    print("SKIP", problem_of(rung))
    raise SystemExit
GATE = Call("gate_class", "gates", "Gate", None, (), ("x",), ("dz",))
VALUES = [{{"x": np.ones((2, 3))}}, {{"dz": np.ones((2, 3))}}]
def answer(body):
    source = "class Gate:\\n def forward(self, x):\\n  " + body + "\\n  return x * 3\\n"
    with SANDBOXES[rung]({{"gates.py": source}}, Limits(call_seconds=5)) as opened:
        return opened.run(GATE, VALUES, [(0, "forward", (0,))], seconds=5)[0]
assert isinstance(answer("import fractions, sqlite3"), Returned)
for body in (
    "open({str(ROOT / "README.md")!r})",
    "open('/proc/self/environ')",
    "open('a', 'w')",
    "open('/tmp/a', 'w')",
    "import os; os.kill(os.getppid(), 9)",
    "import os; os.fork()",
    "import socket; socket.socket()",
    "import os; os.chmod(os.__file__, 0o777)",
):
    found = answer(body)
    assert isinstance(found, Fault) and found.kind is FaultKind.FORBIDDEN, (body, found)
assert isinstance(answer("pass"), Returned)
print("HELD", rung)
"""


def python_for_all() -> str | None:
    """Return a Python of this version that every user can start, and that can load our numpy."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for program in (sys.executable, shutil.which(version, path=os.defpath)):
        with suppress(PermissionError):
            if program and as_nobody([program, "-c", "import numpy"]).returncode == 0:
                return program
    return None


def as_nobody(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command as a user without any rights."""
    return subprocess.run(
        command, user=NOBODY, group=NOBODY, extra_groups=[], cwd="/", env=environment(),
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def environment() -> dict[str, str]:
    """Return an environment with our packages, wherever the program looks for its own."""
    packages = str(Path(np.__file__).parent.parent)
    return {"PATH": os.defpath, "PYTHONPATH": packages, "OPENBLAS_NUM_THREADS": "1"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root becomes nobody")
@pytest.mark.parametrize("rung", ["sealed", "confined"])
def test_the_rungs_hold_for_a_user(rung: str) -> None:
    """What root's rungs refuse is refused to a user's as well, and right answers come."""
    program = python_for_all()
    if program is None:
        pytest.skip("no Python of this version that every user can start")
    done = as_nobody([program, "-c", PROGRAM, rung])
    if done.stdout.startswith("SKIP"):
        pytest.skip(done.stdout)
    assert done.stdout == f"HELD {rung}\n", done.stderr
