"""Where a batch runs: processes of this machine, or an existing dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any

from grader.batch.run import OpenExecutor
from grader.errors import CourseError
from grader.escape import printable

_BEHIND = 5  # what hands out work is served before those who wait for it
_SECONDS = 30  # to reach a cluster


def local(jobs: int) -> OpenExecutor:
    """Return how processes of this machine are started."""
    return partial(_Local, jobs)


class _Local(ProcessPoolExecutor):
    """Worker processes that end with this one, and at once where a run is given up."""

    def __init__(self, jobs: int) -> None:
        # A fork would copy this process's threads half; what is started fresh has one thread.
        context = multiprocessing.get_context("spawn")
        theirs, self._ours = context.Pipe(duplex=False)
        self._theirs: Connection = theirs
        super().__init__(
            max_workers=jobs, mp_context=context, initializer=_settle_in, initargs=(theirs,)
        )

    def submit(self, fn: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        """Schedule a call; the first one starts the processes."""
        with _no_interrupt():
            return super().submit(fn, *args, **more)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: after what is under way, or, without ``wait``, at once."""
        if not wait:
            self._ours.close()
        super().shutdown(wait=True, cancel_futures=cancel_futures or not wait)
        self._ours.close()
        self._theirs.close()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back for a moment: a process that is started meanwhile never gets it.

    A terminal sends it to every process; this one alone answers it, and ends the others.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _settle_in(given_up: Connection) -> None:
    """Make a worker deaf to Ctrl-C, and end it when the batch was killed or has given up."""
    if hasattr(os, "nice"):
        os.nice(_BEHIND)
    # A handler, unlike SIG_IGN, is not handed on to what the worker starts.
    signal.signal(signal.SIGINT, lambda *_: None)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        # The pool's own pipes would keep it waiting: other workers hold their ends.
        wait([parent.sentinel, given_up])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def dask(address: str, seconds: float = _SECONDS) -> tuple[OpenExecutor, int]:
    """Return how an existing cluster is reached, and the number of its threads.

    Raises ``CourseError`` where it cannot be, or dask is not installed.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an optional part
    except ImportError as error:
        raise CourseError("--dask: pip install 'backgrade[dask]' brings what it needs") from error
    try:
        client = Client(address, timeout=seconds, set_as_default=False)  # type: ignore[no-untyped-call]
        threads = sum(client.nthreads().values())  # type: ignore[no-untyped-call]
    except Exception as error:  # distributed raises many kinds, OSError and its own among them
        told = printable(f"{type(error).__name__}: {error}", 200)
        raise CourseError(f"--dask {address}: cannot be reached: {told}") from error
    if not threads:
        raise CourseError(f"--dask {address}: the cluster has no workers")

    def opened() -> Executor:
        # Grading depends on the files alone, but a second try must not be answered from a cache.
        return client.get_executor(pure=False)  # type: ignore[no-any-return, no-untyped-call]

    return opened, threads
