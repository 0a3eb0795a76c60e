"""What tells whether something made from the read model is still valid."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Epoch:
    """How long arrays and row numbers of a read model stay valid: only while both counts are the same.

    ``ordering_epoch`` counts what put steps or rows elsewhere: each step that came before the end of the timeline, and
    each time that a user's rows were made again. ``erasure_count`` counts the users erased; with each, the read model
    is rebuilt and gives other numbers to users and rows.
    """

    ordering_epoch: int
    erasure_count: int
