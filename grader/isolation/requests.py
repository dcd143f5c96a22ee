"""What the worker is asked to run, as data, and whether every value it needs is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from grader.errors import GraderFault
from grader.isolation.session import Step
from grader.model import Array, Call
from grader.worker.wire import Node, describe


def run_request(
    call: Call,
    values: Sequence[Mapping[str, Any]],
    steps: Sequence[Step],
    *,
    seed: int,
    layouts: Mapping[int, str],
    watches_memory: bool,
    helpers: Mapping[str, Sequence[str]],
    seeds: Mapping[int, int],
) -> tuple[dict[str, Any], list[Array]]:
    """Return what the worker reads of a run, and the arrays that go with it."""
    arrays: list[Array] = []
    message = {
        "call": asdict(call),
        "values": [_describe_values(held, arrays) for held in values],
        "steps": steps,
        "seed": seed,
        "layouts": {str(subject): layout for subject, layout in layouts.items()},
        "watches_memory": watches_memory,
        "helpers": helpers,
        "seeds": {str(subject): own for subject, own in seeds.items()},
    }
    return message, arrays


def _describe_values(held: Mapping[str, Any], arrays: list[Array]) -> dict[str, Node]:
    nodes = {name: describe(value, arrays) for name, value in held.items()}
    for name, node in nodes.items():
        if "text" not in node and node["t"] != "array":
            raise GraderFault(f"the value of {name} is no array, number or text: {node}")
    return nodes


def check_names(call: Call, values: Sequence[Mapping[str, Any]], steps: Sequence[Step]) -> None:
    """Raise ``GraderFault`` where a call lacks a value."""
    # A name we forgot must not look like a fault of the student's.
    needed = {
        "forward": set(call.forward_args),
        "backward": set(call.backward_args) - {"cache"},
    }
    made = {name: set(keys) for name, keys in call.dicts}
    at_first = {*call.constructor_args, *(name for name, _ in call.parameter_attributes)}
    opened: set[int] = set()
    for subject, stage, chosen in steps:
        names = needed[stage] if subject in opened else needed[stage] | at_first
        opened.add(subject)
        names = names.union(*made.values()) - made.keys() - dict(call.constants).keys()
        names -= {*call.optional}
        missing = names.difference(*(values[index] for index in chosen))
        if missing:
            raise GraderFault(f"no values for {', '.join(sorted(missing))} in {call.target}")
