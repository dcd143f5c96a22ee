"""A student's call under pdb: on the terminal, with nothing but the case's inputs.

What a run would call before it is called as ever; then pdb stops at the first line of the
student's own function, or, where the call is known to raise, at the line that raised.
"""

from __future__ import annotations

import inspect
import linecache
import os
import pdb  # noqa: T100 - it is what this file is for
import sys
import types
from collections.abc import Collection, Container, Mapping
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any

from numpy.typing import NDArray

from .asking import Line
from .boot import HOST_PAYLOAD_CAP, HOST_TEXT_CAP, forget_paths
from .load import Submission
from .loop import Script
from .nodes import Node
from .packages import Packages
from .styles import STYLES
from .wire import Frame, read_frame

_OURS = "worker/"  # how the names of our own files begin


def main(place: str, *added_paths: str) -> None:
    """Debug what a file asks for."""
    forget_paths(added_paths)
    with Path(place).open("rb") as stream:
        request = read_frame(stream, text_cap=HOST_TEXT_CAP, payload_cap=HOST_PAYLOAD_CAP)
    if request is None:
        return
    os.chdir(request.message["folder"])  # where pdb and editors find the files by their names
    if request.message["packages"]:
        sys.meta_path.append(Packages(request.message["packages"]))
    submission = Submission(request.message["files"])
    submission.install()
    for name in [n for n in sys.modules if n.partition(".")[0] == "worker"]:
        del sys.modules[name]  # the student may have a worker.py
    _debug(request, submission)


def _debug(request: Frame, submission: Submission) -> None:
    """Run the steps of the subject up to the one to stop in."""
    stop = request.message["stop"]
    script = Script(request, submission, Line(lambda *_: None, lambda: None))
    student = script.student(stop["draw"])
    debugger = _Debugger(None, submission.origins)
    own = [(stage, chosen) for number, stage, chosen in script.steps if number == stop["draw"]]
    try:
        namespace = submission.namespace(script.call.module)
        code = _code_of(namespace, script, stop["stage"], submission.origins)
        debugger = _Debugger(code, submission.origins)
        for stage, chosen in own:
            out: list[NDArray[Any]] = []
            values = script.values(chosen)
            if stage == stop["stage"] and not stop["has_raised"]:
                body = debugger.runcall(student.step, stage, values, out)
                if body is not None:  # None where q ended it
                    _say(f"{stage} returned {_words(body['value'], out)}")
            else:
                student.step(stage, values, out)
            if stage == stop["stage"]:
                break
        if stop["has_raised"]:
            _say("it did not raise this time")
    except BaseException as error:  # noqa: BLE001 - SystemExit is the student's too
        trace = _own_part(error.__traceback__, submission.origins)
        _say(f"{type(error).__name__}: {error}")
        if stop["has_raised"] and trace is not None:
            debugger.reset()
            debugger.interaction(None, trace)


class _Debugger(pdb.Pdb):
    """pdb that stops first in the student's function, and never in our own files."""

    def __init__(self, code: CodeType | None, files: Collection[str]) -> None:
        super().__init__()
        self._code = code
        self._files = files
        self._has_stopped = False
        for name in files:  # pdb asks for whole paths, also of what is a cell of a notebook
            if name in linecache.cache:
                linecache.cache[self.canonic(name)] = linecache.cache[name]

    def stop_here(self, frame: FrameType) -> bool:
        """Stop at first where we were told to, later wherever pdb would, but not in our files."""
        name = frame.f_code.co_filename
        if not self._has_stopped:
            is_own = name in self._files
            return is_own and self._code in (frame.f_code, None)
        return not name.startswith(_OURS) and bool(super().stop_here(frame))

    def user_call(self, frame: FrameType, argument_list: None) -> None:
        """Let the first call pass, to stop at its first line: there its arguments are set."""
        if self._has_stopped:
            super().user_call(frame, argument_list)

    def user_line(self, frame: FrameType) -> None:
        """Remember that it has stopped."""
        self._has_stopped = True
        super().user_line(frame)


def _code_of(
    namespace: Mapping[str, Any], script: Script, stage: str, files: Container[str]
) -> CodeType | None:
    """Return the code of the student's function; None where it cannot be told."""
    place = STYLES[script.call.style].definitions(script.call)[stage]
    first, *rest = place.split(".")
    found = namespace.get(first)
    for name in rest:
        found = getattr(found, name, None)
    try:
        code = getattr(inspect.unwrap(found), "__code__", None)  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 - the student's object may do anything when asked
        return None
    return code if isinstance(code, CodeType) and code.co_filename in files else None


def _own_part(trace: TracebackType | None, files: Container[str]) -> TracebackType | None:
    """Return the part of a traceback between the first and the last line of the student's."""
    parts = []
    while trace is not None:
        parts.append(trace)
        trace = trace.tb_next
    own = [i for i, part in enumerate(parts) if part.tb_frame.f_code.co_filename in files]
    found: TracebackType | None = None
    for part in reversed(parts[own[0] : own[-1] + 1] if own else []):
        found = types.TracebackType(found, part.tb_frame, part.tb_lasti, part.tb_lineno)
    return found


def _words(node: Node, arrays: list[NDArray[Any]]) -> str:
    """Say of what form a value is."""
    if node["t"] == "array":
        array = arrays[node["a"]]
        return f"an array of shape {array.shape}" if array.ndim else f"{array.item():.6g}"
    if node["t"] in ("tuple", "list"):
        return f"({', '.join(_words(item, arrays) for item in node['items'])})"
    if node["t"] == "dict":
        named = zip(node["keys"], node["items"], strict=True)
        return f"{{{', '.join(f'{key}: {_words(item, arrays)}' for key, item in named)}}}"
    return "None" if node["t"] == "none" else f"a value of type {node['as']}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
