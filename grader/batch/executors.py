"""Where a batch runs: processes of this machine, or an existing dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial

from grader.batch.run import OpenExecutor
from grader.errors import CourseError
from grader.escape import printable

_SECONDS = 30  # to reach a cluster


def local(jobs: int) -> OpenExecutor:
    """Return how processes of this machine are started."""
    return partial(
        ProcessPoolExecutor,
        max_workers=jobs,
        # A fork would copy this process's threads half; what is started fresh has one thread.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_end_with_parent,
    )


def _end_with_parent() -> None:
    """End this worker when the batch is killed: the pool's pipes alone would keep it waiting."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
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
