"""Attacks on what lies outside: files, secrets, the network, other processes."""

from __future__ import annotations

from attack import (
    CONNECTION,
    FILES,
    KILLED,
    LOST,
    TOLD,
    Attack,
    at_import,
    attempt,
    grouped,
    in_call,
)


def _file(name: str, tries: str, code: str) -> Attack:
    source = at_import(attempt(code))
    return Attack(name, tries, source, "allclose", FILES, weak=frozenset({FILES}))


def _read(name: str, tries: str, code: str, beats: str = "json", *, weak: bool = True) -> Attack:
    open_below = frozenset({TOLD}) if weak else frozenset()
    return Attack(name, tries, at_import(attempt(code)), beats, TOLD, weak=open_below)


def _call(name: str, tries: str, code: str) -> Attack:
    source = in_call(attempt(code))
    return Attack(name, tries, source, "allclose", CONNECTION, weak=frozenset({CONNECTION}))


def _kill(name: str, tries: str, code: str) -> Attack:
    source = in_call(attempt(code))
    return Attack(name, tries, source, "allclose", KILLED, weak=frozenset({KILLED}))


TOUCHING = grouped(
    "files",
    _file(
        "overwrite",
        "adds a line to the grades",
        "open('@WORLD@/grades.csv', 'a').write('mallory,4')",
    ),
    _file(
        "remove",
        "removes another's submission",
        "import os\nos.unlink('@WORLD@/siblings/alice/gates.py')",
    ),
    _file(
        "rename",
        "moves the reference away",
        "import os\nos.rename('@WORLD@/reference', '@WORLD@/gone')",
    ),
    _file(
        "symlink",
        "makes a symbolic link",
        "import os\nos.symlink('@WORLD@/secret.txt', '@WORLD@/link')",
    ),
    _file(
        "hard_link",
        "makes a hard link",
        "import os\nos.link('@WORLD@/secret.txt', '@WORLD@/hard')",
    ),
    _file(
        "chmod", "changes the mode of a file", "import os\nos.chmod('@WORLD@/grades.csv', 0o600)"
    ),
    _file(
        "setuid",
        "leaves a file that runs with its owner's rights",
        "import os\nopen('@WORLD@/mine', 'w').write('x')\nos.chmod('@WORLD@/mine', 0o4755)",
    ),
    _file(
        "times", "changes the times of a file", "import os\nos.utime('@WORLD@/grades.csv', (1, 1))"
    ),
    _file(
        "attributes",
        "gives a file an extended attribute",
        "import os\nos.setxattr('@WORLD@/grades.csv', 'user.hostile', b'x')",
    ),
    _file("pipe", "makes a named pipe", "import os\nos.mkfifo('@WORLD@/pipe')"),
    _file(
        "sparse",
        "makes a file of a tebibyte that takes no space",
        """
        import resource, signal, os
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        open('@WORLD@/sparse', 'w').close()
        os.truncate('@WORLD@/sparse', 1 << 25)
        """,
    ),
    _file(
        "many",
        "makes two hundred small files",
        "for i in range(200): open(f'@WORLD@/small{i}', 'w').write('x' * 4000)",
    ),
    _file("shared_memory", "leaves a file in /dev/shm", "open('/dev/shm/@MARK@', 'w').write('x')"),
    _file("temporary", "leaves a file in /tmp", "open('/tmp/@MARK@', 'w').write('x')"),
    _file(
        "posix_shared_memory",
        "makes a segment of POSIX shared memory",
        """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.shm_open(b"/@MARK@", 0o102, 0o666) < 0:
            raise OSError(ctypes.get_errno())
        """,
    ),
    _file(
        "libc",
        "opens a file without Python, by libc",
        """
        import ctypes
        libc = ctypes.CDLL(None)
        libc.write(libc.open(b"@WORLD@/grades.csv", 0o2001), b"mallory", 7)
        """,
    ),
    _file(
        "by_proc",
        "opens a file by way of /proc/self/root",
        "open('/proc/self/root@WORLD@/grades.csv', 'a').write('mallory,4')",
    ),
    _file(
        "relative",
        "opens a file by a path that climbs from its own folder",
        "import os\nup = '../' * 20\nopen(up + '@WORLD@/grades.csv', 'a').write('mallory,4')",
    ),
    _file(
        "mapped",
        "changes a file that it mapped into memory",
        "data = np.memmap('@WORLD@/grades.csv', dtype='u1', mode='r+')\ndata[0] = 65\ndata.flush()",
    ),
    _file(
        "device",
        "makes a device node, which only root may",
        "import os, stat\nos.mknod('@WORLD@/null', stat.S_IFCHR | 0o666, os.makedev(1, 3))",
    ),
    _file(
        "shell",
        "asks a shell to do it",
        "import os\nos.system('echo mallory >> @WORLD@/grades.csv')",
    ),
)

READING = grouped(
    "reading",
    _read("secret", "reads a file by its path", "print(open('@WORLD@/secret.txt').read())"),
    _read(
        "reference",
        "reads the reference solution",
        "print(open('@WORLD@/reference/reference.py').readline())",
    ),
    _read(
        "course",
        "reads the answers of the course that is being graded",
        "print(open('@WORLD@/../course/reference/gates.py').readline())",
    ),
    _read(
        "siblings",
        "lists the folder of another submission and reads it",
        """
        import os
        for name in os.listdir('@WORLD@/siblings'):
            print(open(f'@WORLD@/siblings/{name}/gates.py').readline())
        """,
    ),
    _read(
        "home",
        "reads a password from the home folder",
        """
        import os
        print(open(os.environ.get("HOME", "@WORLD@/home") + "/.netrc").read())
        """,
    ),
    _read(
        "upwards",
        "looks around the folder it runs in",
        """
        import glob
        for name in glob.glob("../*/secret*") + glob.glob("../../*/secret*"):
            print(open(name).read(100))
        """,
        weak=False,
    ),
    _read(
        "environment",
        "prints its environment",
        "import os\nprint({k: v for k, v in os.environ.items() if 'SECRET' in v})",
        weak=False,
    ),
    _read(
        "environment_of_parent",
        "reads the environment of its parents in /proc",
        """
        import os
        pid = os.getppid()
        while pid > 1:
            data = open(f"/proc/{pid}/environ", "rb").read()
            if b"SECRET:" in data: print(data[data.index(b"SECRET:"):][:30])
            pid = int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
        """,
    ),
    _read(
        "environment_of_other",
        "reads the environment of another process",
        """
        data = open("/proc/@PID@/environ", "rb").read()
        print(data[data.index(b"SECRET:"):][:30])
        """,
    ),
    _read(
        "memory_of_parent",
        "searches the memory of its parents",
        """
        import os, re
        pid = os.getppid()
        while pid > 1:
            with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
                for line in maps:
                    if "[stack]" in line or "[heap]" in line:
                        low, high = (int(part, 16) for part in line.split()[0].split("-"))
                        memory.seek(low)
                        found = re.search(b"SECRET:[0-9a-f]{16}", memory.read(min(high - low, 1 << 23)))
                        if found: print(found[0].decode())
            pid = int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
        """,
    ),
    _read(
        "memory_of_other",
        "copies memory of another process by process_vm_readv",
        """
        import ctypes
        class Piece(ctypes.Structure):
            _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
        line = next(l for l in open("/proc/@PID@/maps") if "[stack]" in l)
        low, high = (int(part, 16) for part in line.split()[0].split("-"))
        data = ctypes.create_string_buffer(high - low)
        mine, other = Piece(ctypes.addressof(data), high - low), Piece(low, high - low)
        libc = ctypes.CDLL(None, use_errno=True)
        libc.process_vm_readv(@PID@, ctypes.byref(mine), 1, ctypes.byref(other), 1, 0)
        at = data.raw.index(b"SECRET:") if b"SECRET:" in data.raw else None
        print(data.raw[at:at + 30] if at else "absent")
        """,
    ),
    _read(
        "inherited_files",
        "reads from every descriptor it was given",
        """
        import os
        for fd in range(3, 256):
            try: print(os.pread(fd, 100, 0)[:40])
            except OSError: pass
        """,
        "allclose",
        weak=False,
    ),
    _read(
        "lock",
        "locks the grades, so that nobody else can",
        "import fcntl\nfcntl.flock(open('@WORLD@/grades.csv'), fcntl.LOCK_EX | fcntl.LOCK_NB)\ntell()",
    ),
    _read(
        "editable",
        "finds the grader's own source by the files of an editable install",
        """
        import importlib.util, sys
        for name in ("reference", "grader", "grader.oracle"):
            try:
                if importlib.util.find_spec(name): tell()
            except ImportError: pass
        """,
        "allclose",
        weak=False,
    ),
)

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
        address = struct.pack("=HHI8x", 2, socket.htons(@PORT@), struct.unpack("=I", bytes([127, 0, 0, 1]))[0])
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
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
        page = libc.mmap(None, 4096, 7, 0x62, -1, 0)
        if page in (None, ctypes.c_void_p(-1).value): raise OSError("no page")
        address = struct.pack("=HHI8x", 2, socket.htons(@PORT@), struct.unpack("=I", bytes([127, 0, 0, 1]))[0])
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
