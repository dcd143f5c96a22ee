"""What attacks are aimed at: files, processes, listeners and a terminal that the suite made.

Nothing else is ever a target. ``World.effects`` says which of them were touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pty
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import tty
from collections.abc import Mapping
from pathlib import Path

from attack import CONNECTION, FILES, KILLED, PROCESS, TOLD, Effect

_PLACES = ("/dev/shm", "/tmp", "/var/tmp")  # where an attack may leave a file
SECRET = f"SECRET:{secrets.token_hex(8)}"  # what nothing of an attack may ever print
RIGHT = """import numpy as np
class SquareGate:
    def forward(self, x):
        self.x = x
        return x * x
    def backward(self, dz):
        return 2 * self.x * dz
"""


class World:
    """A folder of canaries, a process, listeners and a terminal, all open to everybody."""

    def __init__(self) -> None:
        """Make everything."""
        self.home = Path(tempfile.mkdtemp(prefix="hostile-"))
        self.secret = SECRET
        self.told = secrets.token_hex(8)
        self.mark = f"hx{secrets.token_hex(4)}"
        self.canary = self.home / "canary"
        self.submissions = self.home / "submissions"
        files = {
            "grades.csv": "name,points\nalice,4\n",
            "secret.txt": f"{self.secret} is a secret\n",
            "home/.netrc": f"password {self.secret}",
            "reference/reference.py": f"# {self.secret}\n{RIGHT}",
            "siblings/alice/gates.py": f"# {self.secret}\n{RIGHT}",
        }
        for name, text in files.items():
            path = self.canary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.submissions.mkdir()
        self.course()
        # Open to everybody, so that the sandbox alone is what keeps an attack out.
        for path in (self.home, *self.home.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        self._open_targets()
        self._before = self.snapshot()
        self._listened = 0

    def course(self) -> None:
        """Write a course of one task into the world."""
        course = self.home / "course"
        for name, text in {
            "course.yaml": "name: hostile\n",
            "assignments/gates.yaml": _ASSIGNMENT,
            "rubrics/gates.yaml": _RUBRIC,
            "reference/gates.py": f"# {self.secret}\n{_REFERENCE}",
        }.items():
            (course / name).parent.mkdir(parents=True, exist_ok=True)
            (course / name).write_text(text)

    def _open_targets(self) -> None:
        self._tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._abstract = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._tcp.bind(("127.0.0.1", 0))
        self._udp.bind(("127.0.0.1", 0))
        self._unix.bind(str(self.canary / "listener"))
        (self.canary / "listener").chmod(0o777)
        self._abstract.bind(f"\0{self.mark}")
        self._sockets = (self._tcp, self._udp, self._unix, self._abstract)
        for listener in self._sockets:
            if listener is not self._udp:
                listener.listen(1000)
            listener.setblocking(False)
        self.master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self.master, False)
        os.set_blocking(self._slave, False)
        self.terminal = os.ttyname(self._slave)
        Path(self.terminal).chmod(0o666)
        self._start_process()

    def _start_process(self) -> None:
        self.process = subprocess.Popen(
            ["sleep", "900"],
            env={**os.environ, "HOSTILE_SECRET": self.secret},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def fill(self, source: str) -> str:
        """Put the names of what was made into a source."""
        for name, value in {
            "WORLD": self.canary,
            "PID": self.process.pid,
            "PORT": self._tcp.getsockname()[1],
            "UDP": self._udp.getsockname()[1],
            "SOCKET": self.canary / "listener",
            "ABSTRACT": self.mark,
            "TTY": self.terminal,
            "MARK": self.mark,
            "TOLD": self.told,
        }.items():
            source = source.replace(f"@{name}@", str(value))
        return source

    def snapshot(self) -> Mapping[str, object]:
        """Return everything that can be seen of the canary files, and of strays elsewhere."""
        seen: dict[str, object] = {}
        for path in (self.canary, *self.canary.rglob("*"), *(self.home / "course").rglob("*")):
            status = path.lstat()
            text = b""
            if stat.S_ISREG(status.st_mode):
                text = path.read_bytes()
            seen[str(path)] = (
                *(status.st_mode, status.st_uid, status.st_size, status.st_nlink),
                *(status.st_mtime_ns, hashlib.sha256(text).digest(), _extended(path)),
            )
        for place in _PLACES:
            seen[place] = (Path(place) / self.mark).exists()
        return seen

    def effects(self, text: str) -> set[Effect]:
        """Return what was touched since the last time, and put it right again."""
        found = set()
        if self.secret in text or f"reached-{self.told}" in text:
            found.add(TOLD)
        if self.snapshot() != self._before:
            found.add(FILES)
            self._restore()
        if self._was_reached():
            found.add(CONNECTION)
        if self._is_disturbed():
            found.add(KILLED)
            self.process.kill()
            self.process.wait()
            self._start_process()
        if self.marked():
            found.add(PROCESS)
            self.end_marked()
        return found

    def _restore(self) -> None:
        for place in _PLACES:
            (Path(place) / self.mark).unlink(missing_ok=True)
        self._before = self.snapshot()

    def _was_reached(self) -> bool:
        reached = False
        for listener in self._sockets:
            with contextlib.suppress(BlockingIOError):
                while True:
                    if listener is self._udp:
                        listener.recv(100)
                    else:
                        listener.accept()[0].close()
                    reached = True
        for descriptor in (self.master, self._slave):  # written to, or typed into
            with contextlib.suppress(BlockingIOError):
                reached = bool(os.read(descriptor, 1000)) or reached
        return reached

    def _is_disturbed(self) -> bool:
        if self.process.poll() is not None:
            return True
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        limits = Path(f"/proc/{self.process.pid}/limits").read_text()
        return (
            fields[0] not in "SRD" or fields[16] != "0" or "Max open files            7" in limits
        )

    def marked(self, seconds: float = 0.4) -> list[int]:
        """Return the processes of attacks that are still there after a moment."""
        deadline = time.monotonic() + seconds
        while (found := self._marked_now()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return found

    def _marked_now(self) -> list[int]:
        found = []
        for entry in os.scandir("/proc"):
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                named = Path(entry.path, "comm").read_bytes()
                named += Path(entry.path, "cmdline").read_bytes()
                state = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()[0]
                if self.mark.encode() in named and state != b"Z":
                    found.append(int(entry.name))
        return found

    def end_marked(self) -> None:
        """End the processes of attacks; nothing else bears this world's mark."""
        for pid in self._marked_now():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """End and remove everything."""
        self.end_marked()
        self.process.kill()
        self.process.wait()
        for listener in self._sockets:
            listener.close()
        os.close(self.master)
        os.close(self._slave)
        self._restore_modes()
        shutil.rmtree(self.home, ignore_errors=True)

    def _restore_modes(self) -> None:
        for place in _PLACES:
            (Path(place) / self.mark).unlink(missing_ok=True)


def _extended(path: Path) -> tuple[str, ...]:
    try:
        return tuple(os.listxattr(path, follow_symlinks=False))
    except OSError:
        return ()


_ASSIGNMENT = """assignment: gates
title: One gate
files: [gates.py]
style: gate_class
limits: {call_seconds: 1, total_seconds: 5, memory_mb: 512, output_kb: 8}
tasks:
  - {id: square, target: SquareGate, inputs: {x: [N, D]}, outputs: [z]}
"""
_RUBRIC = """rubric: gates
total: 4
tasks:
  square: {forward: 1, "backward[dx]": 3}
"""
_REFERENCE = '''"""The answer."""


class SquareGate:
    """z = x^2."""

    def forward(self, x):
        """Square."""
        self.x = x
        return x * x

    def backward(self, dz):
        """dz/dx = 2 x."""
        return 2.0 * self.x * dz
'''
