"""The names of the three lenses: a directory as it is known now, as it was known once, or without some changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whowas.corrections.what_if.outcome import WhatIfOutcome


@dataclass(frozen=True, slots=True)
class Now:
    """All that is known today, the only lens under which anything can be written."""


@dataclass(frozen=True, slots=True)
class AsKnown:
    """No more than had been recorded by a moment (UTC µs)."""

    recorded_at: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would be without some changes; ``called`` says in words which they are."""

    outcome: WhatIfOutcome
    called: str


Lens = Now | AsKnown | WhatIf
