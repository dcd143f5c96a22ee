"""The forms that a task accepts beside the stated one: each must be as sound, and be another."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from grader.codes import finding
from grader.model import Battery, Expected, Finding, Kind
from grader.numeric import largest_difference
from grader.oracle import Mutant, Reference, under
from grader.soundness.conduct import accepts_itself
from grader.soundness.hyper_parameters import weak_hyper_parameters
from grader.soundness.magnitudes import constant_outputs, flat_gradients
from grader.soundness.mutants import Tried, survivors_told, try_mutants


def prove_form(
    reference: Reference, stated: Battery, form: Battery, run_seed: bytes
) -> tuple[Tried, Iterable[Finding]]:
    """Return the mutants of an accepted form, put to every form, and its weaknesses."""
    own, words = under(reference, form.task), f"with {form.task.accepted_form}"
    others = [stated, *(other for other in stated.accepted if other is not form)]
    tried = try_mutants(own, form, run_seed, others)
    weaknesses = [
        *accepts_itself(form),
        *flat_gradients(form),
        *constant_outputs(form),
        *weak_hyper_parameters(own, form),
        *survivors_told(form, tried),
    ]
    groups = (tried.rejected, tried.survivors, tried.equal)
    named = Tried(*(_named(mutants, words) for mutants in groups))
    return named, [dataclasses.replace(w, message=f"{words}: {w.message}") for w in weaknesses]


def unheard(weaknesses: Iterable[Finding], told: Iterable[Finding]) -> list[Finding]:
    """Return the weaknesses of a form that are not those of another one too."""
    known = {(w.code, w.check, w.argument) for w in told}
    return [w for w in weaknesses if (w.code, w.check, w.argument) not in known]


def idle_forms(battery: Battery) -> Iterator[Finding]:
    """Yield a finding for each accepted form that computes what the stated one does."""
    for form in battery.accepted:
        pairs = zip(battery.expected[Kind.RANDOM], form.expected[Kind.RANDOM], strict=True)
        if all(_is_same(one, two) for one, two in pairs):
            count = len(battery.expected[Kind.RANDOM])
            name = form.task.accepted_form
            message = f"{name} computes the same as {battery.task.accepted_form} in {count} cases"
            yield finding("W816", "", message, evidence={"form": name, "cases": count})


def _is_same(one: Expected, two: Expected) -> bool:
    named = [(one.outputs, two.outputs), *zip(one.gradients, two.gradients, strict=True)]
    return all(
        array.shape == other[name].shape and largest_difference(array, other[name]) == 0.0
        for mine, other in named
        for name, array in mine.items()
    )


def _named(mutants: tuple[Mutant, ...], words: str) -> tuple[Mutant, ...]:
    return tuple(dataclasses.replace(m, name=f"{m.name} {words}") for m in mutants)
