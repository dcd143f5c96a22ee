"""Attacks on whom the submission could talk to, and on other processes."""

from __future__ import annotations

from attack import CONNECTION, KILLED, LOST, TOLD, Attack, attempt, grouped, in_call


def _call(name: str, tries: str, code: str) -> Attack:
    source = in_call(attempt(code))
    return Attack(name, tries, source, "allclose", CONNECTION, weak=frozenset({CONNECTION}))


def _kill(name: str, tries: str, code: str) -> Attack:
    source = in_call(attempt(code))
    return Attack(name, tries, source, "allclose", KILLED, weak=frozenset({KILLED}))


NETWORK = grouped(
    "network",
    _call("tcp", "connects", "import socket\nsocket.create_connection(('127.0.0.1', @PORT@), 1)"),
    _call(
        "udp",
        "sends a datagram",
        "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.sendto(b'x', ('127.0.0.1', @UDP@))",
    ),
    _call(
        "unix",
        "connects to a socket in the file system",
        "import socket\nsocket.socket(socket.AF_UNIX).connect('@SOCKET@')",
    ),
    _call(
        "abstract",
        "connects to a socket without a file",
        "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0@ABSTRACT@')",
    ),
    _call(
        "libc",
        "connects by system calls of its own",
        """
        import ctypes, socket, struct
        libc = ctypes.CDLL(None, use_errno=True)
        fd = libc.syscall(41, 2, 1, 0)
        address = struct.pack("=HH4s8x", 2, socket.htons(@PORT@), bytes([127, 0, 0, 1]))
        libc.syscall(42, fd, address, 16)
        """,
    ),
    _call(
        "old_call_table",
        "connects by the system calls of 32-bit programs, which some filters forget",
        """
        import ctypes, mmap, platform, struct, socket
        if platform.machine() != "x86_64": raise OSError("another machine")
        # socket, then connect, with everything below 4 GiB: mmap with MAP_32BIT
        libc = ctypes.CDLL(None, use_errno=True)
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p] + [ctypes.c_long] * 5
        page = libc.mmap(None, 4096, 7, 0x62, -1, 0)
        if page in (None, ctypes.c_void_p(-1).value): raise OSError("no page")
        address = struct.pack("=HH4s8x", 2, socket.htons(@PORT@), bytes([127, 0, 0, 1]))
        def call(number, b, c, d):
            code = (b"\\x53\\xb8" + struct.pack("<I", number) + b"\\xbb" + struct.pack("<I", b)
                + b"\\xb9" + struct.pack("<I", c) + b"\\xba" + struct.pack("<I", d)
                + b"\\xcd\\x80\\x5b\\xc3")
            ctypes.memmove(page, code, len(code))
            return ctypes.CFUNCTYPE(ctypes.c_int)(page)()
        ctypes.memmove(page + 1024, address, 16)
        fd = call(359, 2, 1, 0)
        if fd < 0: raise OSError(fd)
        call(362, fd, page + 1024, 16)
        """,
    ),
    _call(
        "web",
        "asks for a page",
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:@PORT@/', timeout=0.3)",
    ),
    _call(
        "terminal",
        "writes to a terminal that is open elsewhere",
        "open('@TTY@', 'w').write('\\x1b]0;mallory\\x07')",
    ),
    _call(
        "typing",
        "types into a terminal that is open elsewhere",
        """
        import fcntl, os
        fd = os.open('@TTY@', os.O_RDWR)
        fcntl.ioctl(fd, 0x5412, b"x")
        """,
    ),
    Attack(
        "server",
        "listens for others",
        in_call(
            attempt(
                "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()\ntell()"
            )
        ),
        "allclose",
        TOLD,
        weak=frozenset({TOLD}),
    ),
)

KILLING = grouped(
    "killing",
    _kill("kill", "kills another process", "import os\nos.kill(@PID@, 9)"),
    _kill("stop", "stops another process", "import os\nos.kill(@PID@, 19)"),
    _kill(
        "pidfd",
        "kills by a descriptor of the process",
        "import os, signal\nsignal.pidfd_send_signal(os.pidfd_open(@PID@), 9)",
    ),
    _kill(
        "thread",
        "kills by tgkill, without Python",
        "import ctypes\nctypes.CDLL(None).syscall(234, @PID@, @PID@, 9)",
    ),
    _kill(
        "owner",
        "lets the kernel send the signal, as news of a pipe",
        """
        import fcntl, os
        r, w = os.pipe()
        fcntl.fcntl(r, fcntl.F_SETOWN, @PID@)
        fcntl.fcntl(r, 10, 9)  # F_SETSIG
        fcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        os.write(w, b"x")
        """,
    ),
    _kill(
        "trace",
        "stops a process by tracing it",
        """
        import ctypes, time
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.ptrace(16, @PID@, 0, 0) < 0: raise OSError(ctypes.get_errno())
        time.sleep(0.5)
        open("/proc/@PID@/oom_score_adj", "w").write("17")
        import os
        os.kill(@PID@, 9)
        """,
    ),
    _kill("slow", "makes a process nicer", "import os\nos.setpriority(os.PRIO_PROCESS, @PID@, 9)"),
    _kill(
        "limit",
        "lowers the limits of a process",
        "import resource\nresource.prlimit(@PID@, resource.RLIMIT_NOFILE, (7, 7))",
    ),
    Attack(
        "grader",
        "kills its parent",
        in_call(attempt("import os\nif os.getppid() > 1: os.kill(os.getppid(), 9)")),
        "json",
        LOST,
        needs="confined",
    ),
    Attack(
        "group",
        "kills its process group",
        in_call(attempt("import os\nos.kill(0, 9)")),
        "json",
        LOST,
    ),
)
