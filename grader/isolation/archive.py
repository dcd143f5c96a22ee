"""The worker as one zip, and the command that starts it."""

from __future__ import annotations

import atexit
import importlib.util
import marshal
import shutil
import sys
import tempfile
import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np

import grader.worker
from grader.errors import GraderFault

# -I -S: no environment, no site-packages, no working directory on the path; numpy's folder is
# named for the import of numpy alone. -B: the student's process writes no bytecode anywhere.
_FLAGS = ("-I", "-S", "-B", "-X", "utf8")
_BOOT = "import sys; sys.path += sys.argv[1:]; from worker.boot import main; main(*sys.argv[1:])"
_UNCHECKED = (1).to_bytes(4, "little") + bytes(8)  # a .pyc that is not compared with its source


def worker_command() -> list[str]:
    """Return the command line of a child process."""
    if not sys.executable:
        raise GraderFault("this Python does not know its own path (sys.executable is empty)")
    numpy_home = Path(np.__file__).resolve().parent.parent
    return [sys.executable, *_FLAGS, "-c", _BOOT, str(_worker_zip()), str(numpy_home)]


@lru_cache(maxsize=1)
def _worker_zip() -> Path:
    # Compiled once per host, so that no child has to; under neutral names, so that the student's
    # process does not learn where the grader lives.
    home = Path(tempfile.mkdtemp(prefix="grade-worker-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    archive = home / "worker.zip"
    sources = Path(grader.worker.__file__).parent
    with zipfile.ZipFile(archive, "w") as bundle:
        for path in sorted(sources.rglob("*.py")):
            name = f"worker/{path.relative_to(sources).as_posix()}"
            code = compile(path.read_bytes(), name, "exec", dont_inherit=True)
            data = importlib.util.MAGIC_NUMBER + _UNCHECKED + marshal.dumps(code)
            bundle.writestr(f"{name}c", data)
    return archive
