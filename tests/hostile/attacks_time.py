"""Attacks that take what others need: time, memory, descriptors; and those that crash or stay."""

from __future__ import annotations

from attack import (
    HANG,
    LOST,
    MARK,
    PROCESS,
    TEXT,
    Attack,
    at_import,
    attempt,
    gate,
    grouped,
    in_call,
)


def _hang(name: str, tries: str, code: str, beats: str = "zip", before: str = "") -> Attack:
    return Attack(name, tries, in_call(code, before), beats, HANG)


def _crash(name: str, tries: str, code: str) -> Attack:
    return Attack(name, tries, in_call(code), "allclose", LOST)


def _stay(name: str, tries: str, code: str, beats: str = "json", *, weak: bool = True) -> Attack:
    open_below = frozenset({PROCESS}) if weak else frozenset()
    return Attack(name, tries, at_import(MARK + attempt(code)), beats, PROCESS, weak=open_below)


HANGING = grouped(
    "hangs",
    _hang("loop", "a loop without end", "while True: pass"),
    _hang("sleep", "sleeps", "import time\ntime.sleep(30)"),
    _hang("import", "never finishes its import", "", before="while True: pass"),
    _hang(
        "c_loop",
        "a loop in C that holds the interpreter lock: no alarm is heard",
        "import itertools\nmax(itertools.count())",
        "allclose",
    ),
    _hang(
        "swallowed",
        "catches whatever is meant to end it",
        """
        import time
        while True:
            try:
                while True: time.sleep(0.01)
            except BaseException: pass
        """,
        "allclose",
    ),
    _hang(
        "ignored_signals",
        "ignores every signal and cancels the alarm",
        """
        import signal
        for number in range(1, 65):
            try: signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError): pass
        signal.alarm(0)
        while True: pass
        """,
        "allclose",
    ),
    _hang("stopped", "stops itself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    _hang(
        "at_exit",
        "hangs when the process is to end",
        "import atexit, time\natexit.register(time.sleep, 30)",
        "allclose",
    ),
    _hang(
        "thread",
        "leaves a thread that the interpreter waits for",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(30,)).start()",
        "allclose",
    ),
    _hang(
        "lock",
        "waits for a lock that it holds",
        "import threading\nl = threading.Lock()\nl.acquire()\nl.acquire()",
    ),
    _hang("input", "waits for input", "import os\nos.read(0, 1)"),
    _hang(
        "expression",
        "a regular expression that takes for ever",
        "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
    ),
    _hang(
        "finaliser",
        "hangs when an object is thrown away",
        "Slow()",
        before="class Slow:\n    def __del__(self):\n        while True: pass",
    ),
    _hang(
        "text",
        "an exception that never finishes its text",
        "raise Slow",
        before="class Slow(Exception):\n    def __str__(self):\n        while True: pass",
    ),
    Attack(
        "array",
        "an object that never finishes its array",
        gate(
            "return Slow()",
            before="class Slow:\n    def __array__(self, *a, **k):\n        while True: pass",
        ),
        "zip",
        HANG,
    ),
    _hang(
        "program", "becomes another program", "import os\nos.execv('/bin/sleep', ['sleep', '30'])"
    ),
    Attack(
        "drip",
        "stays below the limit of each call, in every call",
        gate(
            "time.sleep(0.85)\nreturn x * 0",
            "time.sleep(0.85)\nreturn dz * 0",
            "import time\ntime.sleep(0.85)",
        ),
        "numeric",
        HANG,
    ),
    Attack(
        "pipe",
        "leaves a process that holds the pipe open",
        at_import(
            MARK
            + attempt(
                """
                import os, time
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        mark()
                        time.sleep(8)
                    os._exit(0)
                """
            )
        ),
        "json",
        HANG,
        weak=frozenset({PROCESS}),
    ),
)

CRASHING = grouped(
    "crashes",
    _crash("null", "reads address 0", "import ctypes\nctypes.string_at(0)"),
    _crash(
        "stride",
        "writes far outside an array",
        "np.lib.stride_tricks.as_strided(x, (2,), (1 << 44,))[1] = 1",
    ),
    _crash("abort", "aborts", "import os\nos.abort()"),
    _crash("kill", "kills itself", "import os\nos.kill(os.getpid(), 9)"),
    _crash(
        "stack",
        "uses up the stack",
        "import sys\nsys.setrecursionlimit(10**9)\n"
        "def deeper(_): return max([1], key=deeper)\ndeeper(1)",
    ),
    _crash(
        "bytecode",
        "runs bytecode that no compiler wrote",
        "f = lambda: 0\nf.__code__ = f.__code__.replace(co_code=bytes([100, 255, 83, 0] * 9), "
        "co_consts=())\nf()",
    ),
    Attack(
        "wild_result",
        "returns an array that cannot be read",
        gate("return np.lib.stride_tricks.as_strided(x, x.shape, (1 << 44, 8))"),
        "allclose",
        LOST,
    ),
    Attack(
        "wild_interface",
        "returns an object whose array lies at a wild address",
        gate(
            "return Wild(x.shape)",
            before="""
            class Wild:
                def __init__(self, shape):
                    self.__array_interface__ = {
                        "shape": shape, "typestr": "<f8", "data": (8192, False), "version": 3}
            """,
        ),
        "allclose",
        LOST,
    ),
)

BOMBS = grouped(
    "bombs",
    _crash(
        "memory",
        "keeps all the memory it can get",
        """
        import mmap, sys
        sys.kept = []
        for size in (1 << 25, 1 << 23, 1 << 21):
            try:
                while len(sys.kept) < 9000: sys.kept.append(mmap.mmap(-1, size))
            except (OSError, ValueError, MemoryError): pass
        """,
    ),
    _crash(
        "descriptors",
        "keeps all the descriptors it can get",
        """
        import sys, os
        sys.kept = []
        try:
            while len(sys.kept) < 3000: sys.kept.append(os.dup(2))
        except OSError: pass
        """,
    ),
    Attack(
        "threads",
        "starts forty threads that do not end",
        in_call(
            """
            import threading, time
            for _ in range(40):
                try: threading.Thread(target=time.sleep, args=(30,)).start()
                except RuntimeError: pass
            """
        ),
        "allclose",
        HANG,
    ),
    Attack(
        "output",
        "prints sixteen megabytes",
        in_call("for _ in range(256): print('x' * 65536)"),
        "json",
        TEXT,
    ),
    Attack(
        "message",
        "an exception with eight megabytes of text",
        in_call("raise ValueError('y' * (8 << 20))"),
        "allclose",
        TEXT,
    ),
    Attack(
        "result",
        "returns a petabyte that takes no space",
        gate("return np.broadcast_to(0.0, (1 << 24, 1 << 23))"),
        "pickle",
        LOST,
    ),
    Attack(
        "spread",
        "spreads over a few processes",
        at_import(
            MARK
            + attempt(
                """
                import os, time
                for _ in range(4):
                    if os.fork() == 0:
                        mark()
                        kept = bytearray(8 << 20)
                        time.sleep(8)
                        os._exit(0)
                """
            )
        ),
        "allclose",
        PROCESS,
    ),
)

STAYING = grouped(
    "staying",
    _stay(
        "daemon",
        "forks twice into a session of its own",
        """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                mark()
                os.closerange(0, 256)
                time.sleep(8)
            os._exit(0)
        """,
    ),
    _stay(
        "child",
        "leaves a child in its own process group",
        """
        import os, time
        if os.fork() == 0:
            mark()
            os.closerange(0, 256)
            time.sleep(8)
            os._exit(0)
        """,
        weak=False,
    ),
    _stay(
        "spawned",
        "starts a program in a session of its own",
        """
        import subprocess
        subprocess.Popen(["/bin/sh", "-c", "sleep 8; : @MARK@"], start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        """,
    ),
    _stay(
        "posix_spawn",
        "starts a program by posix_spawn",
        """
        import os
        os.posix_spawn("/bin/sh", ["sh", "-c", "exec >&- 2>&- <&-; sleep 8; : @MARK@"],
            {}, setsid=True)
        """,
    ),
    _stay(
        "at_end",
        "forks when it is told to end",
        """
        import atexit, os, time, signal
        def stay(*_):
            if os.fork() == 0:
                os.setsid()
                mark()
                os.closerange(0, 256)
                time.sleep(8)
                os._exit(0)
        atexit.register(stay)
        signal.signal(signal.SIGTERM, stay)
        stay()
        """,
    ),
)
