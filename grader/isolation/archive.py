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
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

import numpy as np

import grader.worker
from grader.errors import GraderFault

# -I -S: no environment, no site-packages, no working directory on the path; numpy's folder is
# named for the import of numpy alone. -B: the student's process writes no bytecode anywhere.
_FLAGS = ("-I", "-S", "-B", "-X", "utf8")
# Collecting garbage in the middle of an import of numpy finds none and costs a part of it.
_START = "import gc, sys; gc.disable(); sys.path += sys.argv[{}:]; from worker.{} import main; "
_START += "gc.enable(); main(*sys.argv[1:])"
_UNCHECKED = (1).to_bytes(4, "little") + bytes(8)  # a .pyc that is not compared with its source


def worker_command() -> list[str]:
    """Return the command line of a child process."""
    return [interpreter_path(), *_FLAGS, "-c", _START.format(1, "boot"), *_added_paths()]


def warm_command(program: str, control: str) -> list[str]:
    """Return the command line of a warm process, with ``control`` for its socket."""
    return [program, *_FLAGS, "-c", _START.format(2, "warm"), control, *_added_paths()]


def debugging_command(request: str) -> list[str]:
    """Return the command line of a process that debugs what a file asks for."""
    words = [*_FLAGS, "-c", _START.format(2, "debugging"), request]
    return [interpreter_path(), *words, *_added_paths()]


def interpreter_path() -> str:
    """Return the path of this Python."""
    if not sys.executable:
        raise GraderFault("this Python does not know its own path (sys.executable is empty)")
    return sys.executable


def _added_paths() -> tuple[str, str]:
    return str(worker_zip()), str(Path(np.__file__).resolve().parent.parent)


@lru_cache(maxsize=1)
def worker_zip() -> Path:
    """Return the path of the worker's code."""
    # Compiled once per host, so that no child has to; under neutral names, so that the student's
    # process does not learn where the grader lives.
    home = Path(tempfile.mkdtemp(prefix="grade-worker-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    archive = home / "worker.zip"
    sources = Path(grader.worker.__file__).parent
    with zipfile.ZipFile(archive, "w") as bundle:
        for path in sorted(sources.rglob("*.py")):
            name = f"worker/{path.relative_to(sources).as_posix()}"
            data = importlib.util.MAGIC_NUMBER + _UNCHECKED + marshal.dumps(_code(path, name))
            bundle.writestr(f"{name}c", data)
    return archive


def _code(path: Path, name: str) -> CodeType:
    """Return the code of a source file under a neutral name, from the bytecode cache if it can."""
    code = SourceFileLoader(name, str(path)).get_code(name)
    if code is None:
        raise GraderFault(f"{path.name} of the worker cannot be compiled")
    return _renamed(code, name)


def _renamed(code: CodeType, name: str) -> CodeType:
    constants = tuple(_renamed(c, name) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_filename=name, co_consts=constants)
