"""The system calls that no submission needs, as a filter built once by libseccomp.

Denied calls fail with EPERM, which Python raises as an exception the student can read; clone3
must fail with ENOSYS, or the C library does not fall back to clone.
"""

from __future__ import annotations

import ctypes.util
import errno
import importlib
import tempfile
from functools import lru_cache
from types import ModuleType

_LIBRARY = "libseccomp.so.2"
_DENIED = """
socket socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg recvfrom recvmsg
recvmmsg setsockopt getsockopt shutdown
execve execveat fork vfork clone unshare setns
kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_getfd pidfd_send_signal
ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp
mount umount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick
mount_setattr open_tree_attr name_to_handle_at open_by_handle_at quotactl quotactl_fd swapon swapoff
chmod fchmod fchmodat fchmodat2 chown lchown fchown fchownat utime utimes utimensat futimesat
setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat
file_setattr symlink symlinkat link linkat mknod mknodat flock fanotify_init fanotify_mark
inotify_init inotify_init1 inotify_add_watch inotify_rm_watch
keyctl add_key request_key
io_uring_setup io_uring_enter io_uring_register io_setup io_submit
bpf perf_event_open userfaultfd memfd_create memfd_secret
shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl
mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset
setrlimit setpriority ioprio_set sched_setscheduler sched_setparam sched_setattr
sched_setaffinity personality acct syslog sethostname setdomainname settimeofday
clock_settime clock_adjtime adjtimex reboot kexec_load kexec_file_load init_module
finit_module delete_module iopl ioperm modify_ldt lookup_dcookie nfsservctl vhangup
"""
# Newer than the library may be; since 424 a call has the same number on every architecture.
_NEW = {"fchmodat2": 452, "setxattrat": 463, "removexattrat": 466, "open_tree_attr": 467,
        "file_setattr": 469}  # fmt: skip
# Calls of which only some uses are denied: the argument's place and its value.
_DENIED_USES = {
    "fcntl": ((1, 8), (1, 10), (1, 15)),  # F_SETOWN, F_SETSIG, F_SETOWN_EX: signals
    "fcntl64": ((1, 8), (1, 10), (1, 15)),
    "ioctl": ((1, 0x5412), (1, 0x541C), (1, 0x8901), (1, 0x8902)),  # terminal input; owners
    "prctl": ((0, 1), (0, 4)),  # PR_SET_PDEATHSIG, PR_SET_DUMPABLE
}


def library() -> tuple[ModuleType | None, str]:
    """Return the binding of libseccomp, or None and what to install."""
    search = ctypes.util.find_library
    try:
        # The binding searches by running ldconfig twice, which costs as much as all of its rules.
        ctypes.util.find_library = lambda name: _LIBRARY if name == "seccomp" else None
        return importlib.import_module("pyseccomp"), ""
    except ModuleNotFoundError:
        return None, "pip install pyseccomp"
    except (ImportError, OSError, RuntimeError):
        return None, "apt install libseccomp2"
    finally:
        ctypes.util.find_library = search


@lru_cache(maxsize=1)
def build_filter() -> bytes | None:
    """Return the filter as BPF instructions for this machine, or None without the library."""
    seccomp, _ = library()
    if seccomp is None:
        return None
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    refuse = seccomp.ERRNO(errno.EPERM)
    for name in _DENIED.split():
        if (number := _number(seccomp, name)) >= 0:
            rules.add_rule(refuse, number)
    for name, uses in _DENIED_USES.items():
        for place, value in uses if _number(seccomp, name) >= 0 else ():
            # The kernel reads these arguments as 32 bits, so the upper half must not hide one.
            low = seccomp.Arg(place, seccomp.MASKED_EQ, 0xFFFFFFFF, value)
            rules.add_rule(refuse, name, low)
    rules.add_rule(refuse, "prlimit64", seccomp.Arg(2, seccomp.NE, 0))
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    with tempfile.TemporaryFile() as stream:
        rules.export_bpf(stream)
        stream.seek(0)
        return stream.read()


def _number(seccomp: ModuleType, name: str) -> int:
    """Return the number of a call, below zero where this architecture has none."""
    try:
        number = int(seccomp.resolve_syscall(seccomp.Arch.NATIVE, name))
    except (OSError, ValueError, RuntimeError):
        number = -1
    return number if number >= 0 else _NEW.get(name, -1)
