"""Find a student's function and call it, saying clearly why if that is impossible."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from .faults import CallFault
from .nodes import type_name

MAX_OFFERS = 30


def find(
    namespace: Mapping[str, Any], name: str, role: str, absent: Sequence[str] = ()
) -> Callable[..., Any]:
    """Return the class or function ``name``, or a fault that lists what the file does define.

    ``absent`` are modules that the name may have been imported from in vain.
    """
    if name not in namespace:
        offers = _offers(namespace, name)
        defined = f"the file defines {', '.join(offers)}" if offers else "the file defines nothing"
        defined += f"; not available: {', '.join(absent)}" if absent else ""
        raise CallFault("name", f"no {role} {name}; {defined}")
    found = namespace[name]
    if not callable(found):
        raise CallFault("not_callable", f"{name} must be a {role}; its type is {type_name(found)}")
    return found  # type: ignore[no-any-return]


def find_method(instance: object, name: str, owner: str) -> Callable[..., Any]:
    """Return a bound method, or a fault that lists the methods there are."""
    try:
        method = getattr(instance, name)
    except AttributeError as error:
        offers = _closest_first(name, [n for n in vars(type(instance)) if n[:1] != "_"])
        has = f"it has {', '.join(offers)}" if offers else "it has no methods"
        raise CallFault("name", f"{owner} has no method {name}; {has}") from error
    if not callable(method):
        raise CallFault(
            "not_callable", f"{owner}.{name} must be a method; its type is {type_name(method)}"
        )
    return method  # type: ignore[no-any-return]


def invoke(
    function: Callable[..., Any], names: Sequence[str], values: Mapping[str, Any], title: str
) -> Any:
    """Call ``function`` with the values of ``names``; a fault says why it cannot be called so."""
    arguments = [values[name] for name in names]
    try:
        return function(*arguments)
    except TypeError as error:
        # Looked at afterwards, because asking for a signature costs more than most calls.
        is_ours = error.__traceback__ is None or error.__traceback__.tb_next is None
        if is_ours:
            _check_signature(function, names, title)
        raise


def _check_signature(function: Callable[..., Any], names: Sequence[str], title: str) -> None:
    called = f"it is called as {title.rpartition('.')[2]}({', '.join(names)})"
    underlying = getattr(function, "__func__", None)
    try:
        signature = inspect.signature(function)
    except ValueError as error:
        if underlying is None:  # a function written in C may not tell: let the call show
            return
        missing_self = f"{title} is defined without parameters, but {called}; is self missing?"
        raise CallFault("signature", missing_self) from error
    except Exception:  # noqa: BLE001 - a student's __signature__ may be anything
        return
    if _accepts(signature, len(names)):
        return
    shown = inspect.signature(underlying) if underlying else signature
    hint = ""
    first = next(iter(shown.parameters), "")
    if underlying and first != "self" and _accepts(shown, len(names)):
        hint = "; is self missing?"
    raise CallFault("signature", f"{title} is defined with {shown}, but {called}{hint}")


def _accepts(signature: inspect.Signature, count: int) -> bool:
    try:
        signature.bind(*range(count))
    except TypeError:
        return False
    return True


def _offers(namespace: Mapping[str, Any], name: str) -> list[str]:
    own = namespace.get("__name__")
    public = [
        key
        for key, value in namespace.items()
        if key[:1] != "_" and callable(value) and getattr(value, "__module__", None) == own
    ]
    return _closest_first(name, public)


def _closest_first(name: str, offers: list[str]) -> list[str]:
    def distance(offer: str) -> float:
        return -SequenceMatcher(None, name.lower(), offer.lower()).ratio()

    return sorted(offers[:200], key=distance)[:MAX_OFFERS]
