"""Recognising code of another age by what it raises, and the repairs that may help.

``symptom_of``   the words of a fault -> ``Symptom`` or None.
``repairs_for``  a text and its symptom -> repaired copies, the most likely first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from grader.repair import arrays, division, python2
from grader.repair.edits import Change, Edits
from grader.repair.tokens import Token, tokens_of

Repair = Callable[[Sequence[Token], int], Edits]  # of the tokens, for a fault in this line

SYNTAX, SIZE, NUMPY, PYTHON2 = "L111", "R220", "R221", "R222"


@dataclass(frozen=True)
class Symptom:
    """A way in which code of another age fails; ``is_sure`` where nothing else fails so."""

    words: re.Pattern[str]
    repairs: tuple[tuple[str, Repair], ...]  # and the code of the finding if it helps
    is_sure: bool = True

    @property
    def code(self) -> str:
        """The code of the finding, before any repair was tried."""
        return self.repairs[0][0]


@dataclass(frozen=True)
class Repaired:
    """A copy with changes in some lines, and what the finding is called if it is right."""

    text: str
    changes: tuple[Change, ...]
    code: str


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words))


def _everywhere(code: str, repair: Callable[[Sequence[Token]], Edits]) -> tuple[str, Repair]:
    """Return a repair that does not ask for the line."""
    return code, lambda tokens, _line: repair(tokens)


def _divided(tokens: Sequence[Token]) -> Edits:
    if python2.has_true_division(tokens):
        return Edits(tokens)
    return division.divided_as_before(tokens)


_WHOLE = (SIZE, division.whole_sizes)
_BEFORE = _everywhere(SIZE, _divided)
_FLOAT = r"'(?:numpy\.)?float\d*'"
_GONE = "|".join(arrays.GONE)
_OLD = r"xrange|raw_input|unicode|basestring|long|unichr|reduce"
_VIEWS = r"map|zip|filter|range"

_SYMPTOMS = (
    Symptom(
        _any(
            rf"TypeError: {_FLOAT} object cannot be interpreted as an integer",
            rf"TypeError: can't multiply sequence by non-int of type {_FLOAT}",
            r"TypeError: \w+ indices must be integers[\w ]*, not (?:numpy\.)?float",
            r"TypeError: expected a sequence of integers or a single integer, got '\d",
            r"TypeError: integer argument expected, got float",
        ),
        (_WHOLE, _BEFORE),
    ),
    Symptom(
        _any(
            r"TypeError: slice indices must be integers or None",
            r"TypeError: `pad_width` must be of integral type",
            r"IndexError: arrays used as indices must be of integer",
            r"ValueError: a must be 1-dimensional or an integer",
        ),
        (_WHOLE, _BEFORE),
        is_sure=False,
    ),
    Symptom(
        _any(r"IndexError: only integers, slices \(`:`\), ellipsis"),
        (_WHOLE, (NUMPY, arrays.with_tuple_index), _BEFORE),
        is_sure=False,
    ),
    Symptom(
        _any(
            rf"AttributeError: module 'numpy' has no attribute '(?:{_GONE})'",
            rf"AttributeError: `np\.(?:{_GONE})` was removed",
            r"AttributeError: module 'numpy\.lib' has no attribute 'pad'",
            r"AttributeError: 'numpy\.ndarray' object has no attribute 'itemset'",
            r"AttributeError: `itemset` was removed",
            r"TypeError: reshape\(\) got an unexpected keyword argument 'newshape'",
        ),
        (_everywhere(NUMPY, arrays.with_new_numpy),),
    ),
    Symptom(
        _any(
            r"ValueError: setting an array element with a sequence",
            r"TypeError: only (?:length-1|size-1|0-dimensional) arrays can be converted",
        ),
        ((NUMPY, arrays.with_single_entries),),
        is_sure=False,
    ),
    Symptom(
        _any(
            rf"NameError: name '(?:{_OLD})' is not defined",
            r"AttributeError: 'dict' object has no attribute '(?:has_key|iter\w+)'",
        ),
        (_everywhere(PYTHON2, python2.with_new_names),),
    ),
    Symptom(
        _any(
            rf"TypeError: '(?:{_VIEWS})' object (?:is not subscriptable|does not support item)",
            rf"TypeError: object of type '(?:{_VIEWS})' has no len",
            rf"TypeError: unsupported operand type\(s\) for [+*]: '(?:{_VIEWS})'",
        ),
        (_everywhere(PYTHON2, python2.with_lists),),
    ),
    Symptom(
        _any(r": (?:SyntaxError|IndentationError|TabError): "),
        (_everywhere(SYNTAX, python2.modernised),),
        is_sure=False,
    ),
)


def symptom_of(message: str) -> Symptom | None:
    """Return what a fault is a sign of, if it is one of another age."""
    return next((symptom for symptom in _SYMPTOMS if symptom.words.search(message)), None)


def repairs_for(symptom: Symptom, text: str, line: int) -> Iterator[Repaired]:
    """Yield the copies of a text in which something could be changed for a symptom in a line."""
    tokens = tokens_of(text)
    for code, repair in symptom.repairs:
        edits = repair(tokens, line)
        if edits.changes:
            yield Repaired(edits.text, edits.changes, code)
