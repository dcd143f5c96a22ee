"""Attacks on what lies outside: files and secrets."""

from __future__ import annotations

from attack import FILES, TOLD, Attack, at_import, attempt, grouped


def _file(name: str, tries: str, code: str) -> Attack:
    source = at_import(attempt(code))
    return Attack(name, tries, source, "allclose", FILES, weak=frozenset({FILES}))


def _read(name: str, tries: str, code: str, beats: str = "json", *, weak: bool = True) -> Attack:
    open_below = frozenset({TOLD}) if weak else frozenset()
    return Attack(name, tries, at_import(attempt(code)), beats, TOLD, weak=open_below)


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
                        data = memory.read(min(high - low, 1 << 23))
                        print(set(re.findall(b"SECRET:[0-9a-f]{16}", data)))
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
        "import fcntl\nfcntl.flock(open('@WORLD@/grades.csv'), fcntl.LOCK_EX)\ntell()",
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
