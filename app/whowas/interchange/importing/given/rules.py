"""What a person decides about an import, beyond what its files say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Similar = Literal["new", "refuse"]
Missing = Literal["keep", "suspend", "delete"]

EVERYBODY = "all"
SAME_SOURCE = "source"

RowKey = tuple[str, int]
"""A row by the name of its file and its line."""


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """The row is not taken; whom it is about still counts as being in the file."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """The row is about nobody who is there, whom it may resemble."""


@dataclass(frozen=True, slots=True)
class SameAs:
    """The row is about the user with that id."""

    user_id: str


Decision = LeaveOut | NewUser | SameAs
"""What a person says about one row, having seen what would become of it."""


@dataclass(frozen=True, slots=True)
class ImportRules:
    """The rules of an import.

    ``keys`` are tried in order: ``id``, ``external_id``, ``email``, ``name``, or a custom field behind
    ATTRIBUTE_PREFIX. ``similar`` says what becomes of rows that resemble somebody whom no key tells apart from them.
    ``missing`` is what happens to users who are in none of the files: among those of the same source, EVERYBODY, or
    the members of the group called ``among``. ``yes`` agrees to more than a third of them. ``skip_refused`` takes the
    rest where rows are refused. ``decisions`` are about single rows.
    """

    keys: tuple[str, ...] = ("id", "external_id", "email")
    similar: Similar = "refuse"
    missing: Missing = "keep"
    among: str = SAME_SOURCE
    yes: bool = False
    skip_refused: bool = False
    decisions: Mapping[RowKey, Decision] = field(default_factory=dict)
