"""System calls that code of this kind never needs, each a door that was open somewhere once."""

from __future__ import annotations

from attack import PROCESS, TOLD, Attack, at_import, attempt, grouped


def _syscall(name: str, tries: str, number: int, arguments: str, *words: int) -> Attack:
    code = f"""
    import ctypes, platform, struct
    if platform.machine() != "x86_64": raise OSError("another machine")
    libc = ctypes.CDLL(None, use_errno=True)
    room = ctypes.create_string_buffer(struct.pack("<{len(words)}I", *{words}), 4096)
    if libc.syscall({number}, {arguments}) < 0: raise OSError(ctypes.get_errno(), "refused")
    tell()
    """
    return _told(name, tries, code)


def _told(name: str, tries: str, code: str) -> Attack:
    source = at_import(attempt(code))
    return Attack(name, tries, source, "allclose", TOLD, weak=frozenset({TOLD}))


KERNEL = grouped(
    "kernel",
    _syscall("io_uring", "sets up a ring that makes calls a filter does not see", 425, "2, room"),
    _syscall("userfaultfd", "handles page faults itself", 323, "1"),
    _syscall("keyring", "adds a key to a keyring", 248, "b'user', b'@MARK@', b'x', 1, -2"),
    _syscall("bpf", "asks for a BPF map", 321, "0, room, 72", 2, 4, 8, 1),
    _syscall("perf", "counts events of the kernel", 298, "room, 0, -1, -1, 0", 1, 112),
    _syscall("user_namespace", "makes a user namespace", 272, "0x10000000"),
    _syscall("network_namespace", "makes a network namespace", 272, "0x40000000"),
    _syscall("new_mount_tree", "opens a new view of the file system", 428, "-100, b'/', 1"),
    _syscall("chroot", "changes its root folder", 161, "b'@WORLD@'"),
    _syscall(
        "inotify", "watches the folder of the grades", 254, "libc.syscall(294, 0), b'@WORLD@', 2"
    ),
    _syscall(
        "pidfd_getfd",
        "takes a descriptor of another process",
        438,
        "libc.syscall(434, @PID@, 0), 0, 0",
    ),
    _syscall("compare", "asks whether two processes share memory", 312, "@PID@, @PID@, 1, 0, 0"),
    _syscall("kernel_log", "reads the log of the kernel", 103, "3, room, 4096"),
    _syscall("vsock", "opens a socket to the host of a virtual machine", 41, "40, 1, 0"),
    _syscall("netlink", "opens a socket to the kernel", 41, "16, 3, 0"),
    _syscall("other_call_table", "opens a socket by the x32 call table", 0x40000029, "2, 1, 0"),
    _told(
        "message_queue",
        "opens a message queue",
        """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mq_open(b"/@MARK@", os.O_CREAT | os.O_RDWR, 0o600, None) < 0:
            raise OSError(ctypes.get_errno(), "refused")
        libc.mq_unlink(b"/@MARK@")
        tell()
        """,
    ),
    _told(
        "sysv_shared_memory",
        "makes a segment of System V shared memory",
        """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        found = libc.shmget(0, 4096, 0o1600)
        if found < 0: raise OSError(ctypes.get_errno(), "refused")
        libc.shmctl(found, 0, None)
        tell()
        """,
    ),
    _told(
        "file_handle",
        "opens a file by its number, past every folder",
        """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        handle = ctypes.create_string_buffer(bytes([128, 0, 0, 0]) + bytes(140))
        mount = ctypes.c_int()
        if libc.name_to_handle_at(-100, b"@WORLD@/secret.txt", handle, ctypes.byref(mount), 0) < 0:
            raise OSError(ctypes.get_errno(), "refused")
        folder = os.open("@WORLD@", os.O_RDONLY)
        fd = libc.open_by_handle_at(folder, handle, 0)
        if fd < 0: raise OSError(ctypes.get_errno(), "refused")
        print(os.read(fd, 100))
        """,
    ),
    _told(
        "uid",
        "becomes another user for good",
        """
        import os
        if os.getuid(): raise OSError("not root")
        os.setresuid(4321, 4321, 0)
        os.setresuid(0, 0, 0)
        tell()
        """,
    ),
    _told(
        "limits",
        "raises its own memory limit",
        """
        import resource
        try:
            resource.setrlimit(resource.RLIMIT_AS, (1 << 42, 1 << 42))
        except ValueError:
            soft, hard = resource.getrlimit(resource.RLIMIT_AS)
            if soft == hard: raise OSError("no way up")
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        tell()
        """,
    ),
    _told(
        "new_program",
        "runs a program made in memory",
        """
        import os, subprocess
        fd = os.memfd_create("@MARK@", 0)
        os.write(fd, b"#!/bin/sh\\necho reached-@TOLD@\\n")
        print(subprocess.run([f"/proc/self/fd/{fd}"], pass_fds=[fd], capture_output=True).stdout)
        """,
    ),
    _told(
        "program",
        "runs a program",
        "import subprocess\nprint(subprocess.run(['echo', 'reached-' + '@TOLD@'], "
        "capture_output=True).stdout)",
    ),
    Attack(
        "vfork",
        "starts a process by a system call of its own",
        at_import(
            attempt(
                """
                import ctypes, time, os
                pid = ctypes.CDLL(None).syscall(56, 17, 0, 0, 0, 0)
                if pid == 0:
                    ctypes.CDLL(None).prctl(15, b"@MARK@", 0, 0, 0)
                    os.setsid()
                    time.sleep(8)
                    os._exit(0)
                if pid < 0: raise OSError("refused")
                time.sleep(0.1)
                """
            )
        ),
        "allclose",
        PROCESS,
        weak=frozenset({PROCESS}),
    ),
)
