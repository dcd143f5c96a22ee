"""The attack suite on every rung of this machine, as root and as nobody, and installed editably.

    python benchmarks/hostile.py                 everything; exit code 1 on any breach
    python benchmarks/hostile.py --rung sealed   one rung, as whoever calls, from this source tree
    python benchmarks/hostile.py --only frames   attacks of one class

Each run is a process of its own: a copy of this source tree, graders and attacks alike.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib
import json
import os
import pwd
import shutil
import site
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOBODY = "nobody"
PARTS = ("grader", "tests", "benchmarks", "reference", "assignments", "rubrics",
         "course.yaml", "pyproject.toml", "README.md")  # fmt: skip
COLUMNS = ("credit", "lost", "hang", "process", "files", "connection", "told", "killed", "text")
TITLES = ("credit", "results lost", "hangs", "left over", "files", "connections", "secrets",
          "killed", "texts")  # fmt: skip
NEEDED = ("numpy", "yaml", "_yaml", "tabulate", "pyseccomp")
PR_SET_CHILD_SUBREAPER = 36
LONGEST = 1200


@dataclass(frozen=True)
class Place:
    """Who runs the suite, from which interpreter and source tree."""

    title: str
    python: str
    source: Path
    user: str | None = None
    packages: str = ""

    def who(self) -> dict[str, Any]:
        """Return how a process is started as that user."""
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        if self.packages:
            environment["PYTHONPATH"] = self.packages
        if not self.user:
            return {"env": environment}
        entry = pwd.getpwnam(self.user)
        environment["HOME"] = "/nonexistent"
        return {"env": environment, "user": entry.pw_uid, "group": entry.pw_gid,
                "extra_groups": []}  # fmt: skip


def fight(rung: str, only: str) -> dict[str, Any]:
    """Run the suite on one rung in this process; returns the figures."""
    sys.path.append(str(ROOT / "tests" / "hostile"))
    sys.path.append(str(ROOT))  # behind an editable install, if there is one
    arenas = importlib.import_module("arena")
    attacks = importlib.import_module("attacks").ATTACKS
    # Whatever escapes becomes a child of ours, and can be counted at the end.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    seen: Counter[str] = Counter()
    breaches: list[str] = []
    started = time.monotonic()
    chosen = [attack for attack in attacks if only in attack.id]
    skipped = 0
    with contextlib.closing(arenas.Arena(rung)) as arena:
        for attack in chosen:
            if not arena.may_run(attack):
                skipped += 1
                continue
            bout = arena.fight(attack)
            seen.update(effect.value for effect in bout.effects)
            found = sorted(effect.value for effect in arena.breaches(attack, bout))
            if found:
                breaches.append(f"{attack.id}: {', '.join(found)} {'; '.join(bout.told)[:300]}")
    return {
        "attacks": len(chosen) - skipped,
        "seen": dict(seen),
        "breaches": breaches,
        "seconds": time.monotonic() - started,
        "children": children(),
    }


def children() -> int:
    """Return how many processes of ours there are beside the pool of warm ones."""
    mine = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, IndexError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            name = (entry / "cmdline").read_bytes()
            is_pool = b"worker.zip" in name or b"bwrap" in name
            mine += int(fields[1]) == os.getpid() and fields[0] != "Z" and not is_pool
    return mine


@contextlib.contextmanager
def copied(editable: bool) -> Iterator[tuple[Path, Path | None, str]]:
    """Copy the source tree to where everybody may read; with a fresh editable install of it."""
    home = Path(tempfile.mkdtemp(prefix="hostile-source-"))
    home.chmod(0o755)
    source = home / "source"
    try:
        for part in PARTS:
            path = ROOT / part
            ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
            if path.is_dir():
                shutil.copytree(path, source / part, ignore=ignore)
            elif path.exists():
                shutil.copy(path, source / part)
        for path in (source, *source.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        python, how = install(home / "venv", source) if editable else (None, "")
        yield source, python, how
    finally:
        shutil.rmtree(home, ignore_errors=True)


def install(place: Path, source: Path) -> tuple[Path, str]:
    """Make a fresh environment and install the source into it, editably."""
    venv.create(place, with_pip=True, symlinks=True)
    python = place / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "-q", "-e", str(source), "pyseccomp"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode == 0:
        return python, "editable"
    # Without a network: what an editable install comes to, written by hand.
    (packages,) = place.glob("lib/python*/site-packages")
    beside = [path for path in map(Path, [*site.getsitepackages(), *sys.path]) if path.is_dir()]
    numpy_at = next(path for path in beside if (path / "numpy").is_dir())
    (packages / "editable.pth").write_text(f"{source}\n{numpy_at}\n")
    return python, "editable, by hand"


def place_of_nobody(source: Path) -> Place:
    """Return a place where somebody without rights can run Python, with what the grader needs."""
    packages = source.parent / "packages"
    packages.mkdir()
    for folder in map(Path, [*site.getsitepackages(), *sys.path]):
        for name in NEEDED:
            for path in folder.glob(f"{name}*"):
                if path.is_dir() and not (packages / path.name).exists():
                    shutil.copytree(path, packages / path.name)
                elif path.is_file():
                    shutil.copy(path, packages)
    base = Path(sys.executable).resolve()
    place = Place(NOBODY, str(base), source, NOBODY, str(packages))
    with contextlib.suppress(OSError):
        subprocess.run([str(base), "-c", ""], check=True, timeout=60, **place.who())
        return place
    # The interpreter lies where others may not look: a copy of it.
    prefix = Path(sys.base_prefix)
    copy = source.parent / "python"
    library = Path(sysconfig.get_path("stdlib"))
    ignored = shutil.ignore_patterns("test", "site-packages", "idlelib", "tkinter", "config-*")
    shutil.copytree(library, copy / library.relative_to(prefix), ignore=ignored)
    for shared in (prefix / "lib").glob("libpython*.so*"):
        shutil.copy(shared, copy / "lib")
    (copy / "bin").mkdir()
    shutil.copy(base, copy / "bin")
    return Place(NOBODY, str(copy / "bin" / base.name), source, NOBODY, str(packages))


def run(place: Place, rung: str, only: str) -> dict[str, Any]:
    """Run one row of the table in a process of its own."""
    command = [place.python, str(place.source / "benchmarks" / "hostile.py"),
               "--rung", rung, "--only", only, "--json"]  # fmt: skip
    with tempfile.TemporaryFile() as told:
        done = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=told,
            stderr=subprocess.STDOUT, timeout=LONGEST, check=False, **place.who(),
        )  # fmt: skip
        told.seek(0)
        text = told.read().decode("utf-8", "replace")
    for line in reversed(text.splitlines()):
        if line.startswith('{"attacks"'):
            return dict(json.loads(line))
    last = " | ".join(text.splitlines()[-3:])
    return {"breaches": [f"the run ended with {done.returncode}: {last}"], "attacks": 0,
            "seen": {}, "seconds": 0.0, "children": 0}  # fmt: skip


def rungs_of(place: Place) -> list[str]:
    """Return the rungs that whoever runs there is offered."""
    code = (
        "import sys; sys.path[:0] = [sys.argv[1], sys.argv[1] + '/tests/hostile']; "
        "from arena import offered; print('rungs', *offered())"
    )
    done = subprocess.run(
        [place.python, "-c", code, str(place.source)],
        cwd="/", capture_output=True, text=True, timeout=120, check=False, **place.who(),
    )  # fmt: skip
    told = [line.split() for line in done.stdout.splitlines()]
    lines: list[list[str]] = [words[1:] for words in told if words[:1] == ["rungs"]]
    if not lines:
        raise SystemExit(f"{place.title} cannot run Python here: {done.stderr[-500:]}")
    return lines[0]


def table(only: str) -> int:
    """Run every row and print the table; returns the exit code."""
    breaches: list[str] = []
    with copied(editable=True) as (source, editable, how):
        own = sys.executable
        is_root = os.geteuid() == 0
        places = [Place("root" if is_root else "user", own, source)]
        if is_root:
            places.append(place_of_nobody(source))
        rows = [(place, rung) for place in places for rung in rungs_of(place)]
        installed = Place(how, str(editable), source)
        rows.append((installed, rungs_of(installed)[0]))
        titles = "".join(f"{title:>14}" for title in TITLES)
        print(f"{'who':18}{'rung':10}{'attacks':>8}{titles}   seconds")
        for place, rung in rows:
            told = run(place, rung, only)
            figures = [told["seen"].get(column, 0) for column in COLUMNS]
            figures[COLUMNS.index("process")] += told["children"]
            counts = "".join(f"{n:14}" for n in figures)
            print(f"{place.title:18}{rung:10}{told['attacks']:8}{counts}{told['seconds']:10.0f}",
                  flush=True)  # fmt: skip
            breaches += [f"{place.title}, {rung}: {line}" for line in told["breaches"]]
            if told["children"]:
                breaches.append(f"{place.title}, {rung}: {told['children']} processes at the end")
    for line in breaches:
        print(f"BREACH {line}")
    print(f"{len(breaches)} breaches; what is counted on a rung below `confined` and is no breach "
          "is what its note says")  # fmt: skip
    return 1 if breaches else 0


def main() -> int:
    """Run one rung here, or everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rung", help="one rung, in this process")
    parser.add_argument("--only", default="", help="attacks whose id has this in it")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    if sys.platform != "linux":
        print("the attacks are written for Linux")
        return 0
    if not options.rung:
        return table(options.only)
    told = fight(options.rung, options.only)
    print(json.dumps(told) if options.json else json.dumps(told, indent=2))
    return 1 if told["breaches"] else 0


if __name__ == "__main__":
    sys.exit(main())
