"""What went wrong in a student's code, as data: the kinds are those of the host's FaultKind."""

from __future__ import annotations

import errno
from collections.abc import Container
from types import TracebackType

from .nodes import Node, type_name

MAX_DETAIL = 300
MAX_FILE_NAME = 160
_MODULE_NAME = ImportError.__dict__["name"]  # a subclass can override the attribute, not this
_CAUSE, _CONTEXT = (BaseException.__dict__[n] for n in ("__cause__", "__context__"))
_ERRNO, _FILENAME = (OSError.__dict__[name] for name in ("errno", "filename"))
_REFUSALS = {errno.EPERM, errno.EACCES, errno.EROFS}
MAX_CHAIN = 5
_CONFLICT = ("<<<<<<< ", "=======\n", ">>>>>>> ")

# First match wins; what is not listed was raised by the student for a reason of their own.
_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (NotImplementedError, "stub"),
    (EOFError, "input"),  # standard input is empty
    (MemoryError, "memory"),
    (RecursionError, "recursion"),
    (SystemExit, "exited"),
    (KeyboardInterrupt, "exited"),
    (ModuleNotFoundError, "no_module"),
)


class CallFault(Exception):
    """A call that cannot be made, or whose result cannot be used; found by our own code."""

    def __init__(self, kind: str, detail: str) -> None:
        """Keep the kind (a value of FaultKind) and the text."""
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def describe(
    error: BaseException,
    trace: TracebackType | None,
    files: Container[str],
    otherwise: str,
    given: Container[str] = (),
) -> Node:
    """Return a fault: its kind (``otherwise`` if not special), text, and the student's line.

    ``given`` are files that came with the assignment: named only where no line is the student's.
    """
    file, line = _student_line(trace, files, given)
    if not file and given:
        file, line = _student_line(trace, given)
    if type(error) is CallFault:  # not isinstance, which would ask the student's __class__
        return _fault(error.kind, error.detail, "", 0)
    kind = next((kind for base, kind in _KINDS if issubclass(type(error), base)), otherwise)
    if type(error) is TypeError and not file:
        kind = "signature"  # the call itself failed: no line of the student's was reached
    if kind == "no_module" and type(name := _MODULE_NAME.__get__(error)) is str:
        return _fault(kind, name, file, line)
    return _fault(kind, _message(error), file, line)


def is_forbidden(error: BaseException) -> bool:
    """Return True when a sandbox is behind an error, or behind the error that led to it."""
    for _ in range(MAX_CHAIN):
        if _is_refusal(error):
            return True
        earlier = _CAUSE.__get__(error) or _CONTEXT.__get__(error)
        if earlier is None:
            return False
        error = earlier
    return False


def _is_refusal(error: BaseException) -> bool:
    if not issubclass(type(error), (OSError, RuntimeError)):
        return False
    text = _message(error)
    if issubclass(type(error), OSError):
        number, name = _ERRNO.__get__(error), _FILENAME.__get__(error)
        if number in _REFUSALS or type_name(error) == "gaierror":
            return True
        # What lies outside is not even to be seen.
        return number == errno.ENOENT and (
            type(name) is not str or name.startswith("/") or "temporary directory" in text
        )
    return "can't start new thread" in text


def describe_syntax(error: BaseException, file: str) -> Node:
    """Return the fault of a file that does not compile."""
    line = error.lineno if isinstance(error, SyntaxError) else 0
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    if isinstance(error, SyntaxError) and (error.text or "").startswith(_CONFLICT):
        text = "a merge conflict is left in the file"
    return _fault("syntax", f"{type_name(error)}: {text}", file, line or 0)


def _fault(kind: str, detail: str, file: str, line: int) -> Node:
    return {"fault": {"kind": kind, "detail": detail[:MAX_DETAIL], "file": file, "line": line}}


def _student_line(
    trace: TracebackType | None, files: Container[str], given: Container[str] = ()
) -> tuple[str, int]:
    deepest = ("", 0)
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file in files and file not in given:
            deepest = (file, trace.tb_lineno)
        trace = trace.tb_next
    return deepest


def _message(error: BaseException) -> str:
    try:
        text = str(error)  # may be the student's __str__
        text = str.__getitem__(text, slice(MAX_DETAIL))
    except BaseException:  # noqa: BLE001 - it may raise anything, SystemExit too
        text = ""
    return f"{type_name(error)}: {text}" if text else type_name(error)
