"""Loading reference solutions by path and calling them in the student's own form."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import importlib
import inspect
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.compare.collect import Problem, collect_gradients, collect_outputs
from grader.errors import CourseError, GraderFault
from grader.model import Array, Assignment, Task, Value, module_of
from grader.oracle.noise import steady_noise
from grader.styles import STYLES as HOST_STYLES
from grader.worker.load import Submission
from grader.worker.objects import with_dicts, with_objects
from grader.worker.styles import STYLES


@dataclass(frozen=True)
class Reference:
    """The solution of one task: the names its call needs, bound to the task's conventions."""

    task: Task
    namespace: Mapping[str, Any]
    kinks: Callable[..., Any] | None
    source: str
    scope: Mapping[str, Any]  # every name of the reference file
    draw: Callable[..., Any] | None = None
    support: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # names by module
    files: Mapping[str, str] = field(default_factory=dict)  # texts of all that it may import

    def arguments(self, values: Mapping[str, Any], upstream: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a call is given: values, upstream, and objects where numbers choose them."""
        known = {**values, **upstream}
        # Copies: what a reference does to its arguments must not reach the case.
        known = {n: v.copy() if isinstance(v, np.ndarray) else v for n, v in known.items()}
        with_objects(self.task.call.objects, known, self.support.__getitem__)
        with_dicts(self.task.call.constants, self.task.call.dicts, known)
        return known


@dataclass(frozen=True)
class Answer:
    """What a reference returned: named outputs, and named gradients for each upstream."""

    outputs: dict[str, Array]
    gradients: tuple[dict[str, Array], ...]


def load_references(
    folder: Path, assignment: Assignment, support: Mapping[str, str] | None = None
) -> dict[str, Reference]:
    """Execute the reference files of an assignment and find every task's solution.

    ``support`` holds the texts of the support files that they may import, by name. Raises
    ``CourseError`` with everything that is missing or does not load.
    """
    problems: list[str] = []
    sources: dict[str, str] = {}
    modules: dict[str, tuple[ModuleType, str]] = {}
    for file in map(module_of, assignment.files):
        try:
            sources[file] = (folder / file).read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            problems.append(f"reference/{file}: cannot be read: {reason}")
    support = support or {}
    places = {**dict.fromkeys(support, "support"), **dict.fromkeys(sources, "reference")}
    with _importable({**support, **sources}):
        for file, place in places.items():
            try:
                module = importlib.import_module(_import_name(file))
                modules[file] = (module, sources.get(file, ""))
            except (Exception, SystemExit) as error:  # noqa: BLE001  whatever it raises is reported
                line = getattr(error, "lineno", None)
                where = f"{place}/{file}:{line}" if line else f"{place}/{file}"
                problems.append(f"{where}: does not load: {type(error).__name__}: {error}")
    names = {
        file.removesuffix(".py"): vars(modules[file][0]) for file in support if file in modules
    }
    references = {}
    for task in assignment.tasks:
        if module_of(task.file) in modules:
            module, source = modules[module_of(task.file)]
            references[task.id] = _reference(
                task, module, source, names, {**support, **sources}, problems
            )
    if problems:
        raise CourseError(*problems)
    return references


def outputs_of(
    reference: Reference,
    values: Mapping[str, Any],
    upstream: Mapping[str, Any] | None = None,
    namespace: Mapping[str, Any] | None = None,
) -> dict[str, Array]:
    """Return the outputs alone, e.g. to learn the shapes of the upstream gradients.

    A style that answers in one call is given ``upstream``, or upstreams of 1.
    """
    task = reference.task
    known = reference.arguments(values, upstream or {f"d{name}": 1.0 for name in task.upstream})
    with np.errstate(all="ignore"), steady_noise(task):
        names = reference.namespace if namespace is None else namespace
        subject = STYLES[task.call.style](task.call, names, known)
        return _arrays(task, collect_outputs(task, _value(subject.call("forward", known)), {}))


def digest_of(folder: Path, assignment: Assignment) -> str:
    """Return one digest over the reference files of an assignment."""
    digest = hashlib.sha256()
    for file in map(module_of, assignment.files):
        digest.update(file.encode() + b"\0" + (folder / file).read_bytes() + b"\0")
    return digest.hexdigest()


def answer(
    reference: Reference,
    values: Mapping[str, Any],
    upstreams: tuple[Mapping[str, Any], ...],
) -> Answer:
    """Call the reference forward and, where it has one, backward for each upstream.

    ``values`` may be float64, float32 or complex. Raises what the reference raises, and
    ``GraderFault`` when it does not return what its task promises.
    """
    task, style = reference.task, STYLES[reference.task.call.style]
    forwards, answers = [], []
    with np.errstate(all="ignore"):
        for upstream in upstreams:  # each with a forward of its own: backward may use up the cache
            known = reference.arguments(values, upstream)
            subject = style(task.call, reference.namespace, known)
            with steady_noise(task):
                forwards.append(_value(subject.call("forward", known)))
            if HOST_STYLES[task.call.style].may_write:  # backward may write into the output
                forwards[-1] = _copied(forwards[-1])
            is_pair = len(HOST_STYLES[task.call.style].stages) == 2
            answers.append(_value(subject.call("backward", known)) if is_pair else forwards[-1])
    forward, returned = forwards[0], answers
    outputs = _arrays(task, collect_outputs(task, forward, {}))
    return Answer(outputs, tuple(_arrays(task, collect_gradients(task, r, {})) for r in returned))


def changed_arguments(
    reference: Reference, values: Mapping[str, Any], upstream: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return the arrays that a reference changes in place, where its style forbids it."""
    call, style = reference.task.call, HOST_STYLES[reference.task.call.style]
    known = reference.arguments(values, upstream)
    with np.errstate(all="ignore"):
        subject = STYLES[call.style](call, reference.namespace, known)
        for stage in style.stages:
            with steady_noise(reference.task):
                subject.call(stage, known)
    before = {name: v for name, v in {**values, **upstream}.items() if isinstance(v, np.ndarray)}
    objects = {name for name, _ in call.objects}
    changed = [n for n, v in before.items() if n not in objects and not np.array_equal(known[n], v)]
    return () if style.may_write else tuple(changed)


def _arrays(task: Task, collected: Mapping[str, Any]) -> dict[str, Array]:
    arrays = {}
    for name, leaf in collected.items():
        if isinstance(leaf, Problem):
            raise GraderFault(f"the reference of {task.id}: {leaf.message}")
        arrays[name] = leaf.array
    return arrays


def _value(returned: Any) -> Value:
    """Describe what trusted code returned; the student's goes through the wire instead."""
    if isinstance(returned, (np.ndarray, np.generic, float, int, complex)):
        return Value("array", type(returned).__name__, np.asarray(returned))
    if isinstance(returned, (tuple, list)):
        form = "tuple" if isinstance(returned, tuple) else "list"
        return Value(form, form, items=tuple(map(_value, returned)))
    if isinstance(returned, dict):
        return Value("dict", "dict", None, tuple(map(_value, returned.values())), tuple(returned))
    return Value("none" if returned is None else "other", type(returned).__name__)


def _copied(value: Value) -> Value:
    if value.array is not None:
        return dataclasses.replace(value, array=value.array.copy())
    return dataclasses.replace(value, items=tuple(map(_copied, value.items)))


def under(reference: Reference, task: Task) -> Reference:
    """Return the reference bound to the conventions of a task that is the same but for them."""
    if task.conventions == reference.task.conventions:
        return reference
    namespace = {n: with_conventions(reference.scope[n], task) for n in reference.namespace}
    return dataclasses.replace(reference, task=task, namespace=namespace)


def accepted_references(reference: Reference) -> tuple[Reference, ...]:
    """Return the reference under every other form that its task accepts, beside the stated one."""
    task = reference.task
    if not task.accept_any:
        return ()
    _, *others = itertools.product(*task.accept_any.values())
    return tuple(
        under(
            reference,
            dataclasses.replace(
                task,
                conventions={**task.conventions, **dict(zip(task.accept_any, values, strict=True))},
            ),
        )
        for values in others
    )


@contextmanager
def _importable(sources: Mapping[str, str]) -> Iterator[None]:
    """Let the files import each other, as they can in the student's place, and leave no trace."""
    names = {_import_name(file) for file in sources}
    names |= {
        name.rsplit(".", count)[0] for name in names for count in range(1, name.count(".") + 1)
    }
    kept = {name: sys.modules.pop(name) for name in names & sys.modules.keys()}
    finder = Submission(sources)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in names | finder.names:
            sys.modules.pop(name, None)
        sys.modules.update(kept)


def _import_name(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _reference(
    task: Task,
    module: ModuleType,
    source: str,
    support: Mapping[str, Mapping[str, Any]],
    files: Mapping[str, str],
    problems: list[str],
) -> Reference:
    namespace = {}
    open_names = {*task.accept_any}
    for name in filter(None, (task.call.target, task.call.backward)):
        found = getattr(module, name, None)
        if not callable(found):
            problems.append(
                f"reference/{module_of(task.file)}: `{name}` of the task `{task.id}` is missing"
            )
            continue
        namespace[name] = with_conventions(found, task)
        open_names -= _stated_by(found)
    problems += (
        f"reference/{module_of(task.file)}: `accept_any: [{name}]` of the task `{task.id}` needs a "
        f"keyword-only parameter `{name}` of its functions"
        for name in sorted(open_names if namespace else ())
    )
    for item in (i for i in task.inputs if i.source):
        name, _, entries = (item.source or "").partition(".")
        found = support.get(name, {}).get(entries)
        if not isinstance(found, (list, tuple)):
            problems.append(f"support/{name}.py: the list `{entries}` of {item.name} is missing")
        elif item.classes and item.classes.isdigit() and int(item.classes) > len(found):
            problems.append(
                f"support/{name}.py: the list `{entries}` has {len(found)} entries, "
                f"but {item.name} is one of {item.classes}"
            )
    return Reference(
        task,
        namespace,
        kinks=_named(task, module, task.kinks, "kink function", problems),
        source=source,
        scope=vars(module),
        draw=_named(task, module, task.draw, "drawing function", problems),
        support=support,
        files=files,
    )


def _named(
    task: Task, module: ModuleType, name: str | None, what: str, problems: list[str]
) -> Callable[..., Any] | None:
    found = getattr(module, name, None) if name else None
    if name and not callable(found):
        problems.append(f"reference/{module_of(task.file)}: the {what} `{name}` is missing")
        return None
    problems += (
        f"reference/{module_of(task.file)}: the {what} `{name}` depends on `{convention}`, which "
        f"`accept_any` of the task `{task.id}` leaves open; the cases are the same for all"
        for convention in sorted(_stated_by(found) & task.accept_any.keys())
    )
    return with_conventions(found, task) if found is not None else None


def with_conventions(function: Callable[..., Any], task: Task) -> Callable[..., Any]:
    """Bind the keyword-only parameters of a function that are named like a convention."""
    names = _stated_by(function) & task.conventions.keys()
    stated = {name: task.conventions[name] for name in names}
    return functools.partial(function, **stated) if stated else function


def _stated_by(function: Any) -> set[str]:
    """Return the keyword-only parameters of a function; a class has none to be stated by."""
    if function is None or inspect.isclass(function):
        return set()
    parameters = inspect.signature(function).parameters.values()
    return {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}
