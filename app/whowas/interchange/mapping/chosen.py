"""What a person says about the columns of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from whowas.domain.users import Status

Blank = Literal["keep", "clear"]
DayOrder = Literal["day first", "month first"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person says about the columns of a list; everything else is recognised.

    ``fields`` maps titles to one of our names, ``attributes.NAME``, ``name`` (first and last name in one cell) or None
    (left out), as ``field_names.field_asked`` returns them; ``statuses`` maps words to statuses, "" being a blank cell.
    ``name`` is that of a saved mapping, or the path of one that was exported: what else is said here counts more than
    what that says.
    ``blank`` says what an empty cell does to a user who is there; None is "keep", or what the saved mapping says.
    ``days`` says which part of a day such as 03/04/2024 comes first, None where every such cell has to tell by itself.
    """

    fields: Mapping[str, str | None] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    blank: Blank | None = None
    name: str = ""
    days: DayOrder | None = None
