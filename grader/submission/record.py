"""What is known of a submission once it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.model import Finding


@dataclass(frozen=True)
class Submission:
    """The texts that can be imported, a finding for each declared file that has none, other names.

    ``unread`` are files of the tree that are no plain text, with the reason. ``notes`` are about
    the submission as a whole.
    """

    name: str
    texts: Mapping[str, str]
    broken: Mapping[str, Finding]
    others: tuple[str, ...]
    digest: str
    unread: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
