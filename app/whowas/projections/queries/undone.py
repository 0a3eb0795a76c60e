"""What was taken back of some changes, found without reading all others."""

from __future__ import annotations

from collections.abc import Collection

from whowas.domain.causation import Causation, TakenBack, from_text, taken_back
from whowas.projections.tables.parameters import portions
from whowas.projections.tables.read_model import ReadModel

_SELECT_POINTING = "SELECT number, change_id, causation FROM change WHERE causation IS NOT NULL AND ({})"


def undone(read_model: ReadModel, change_ids: Collection[str]) -> TakenBack:
    """Return which of some changes were taken back, whole or for some of their users, and not brought back since."""
    pointing: dict[int, tuple[str, Causation | None]] = {}
    sought, asked = set(change_ids), set(change_ids)
    # Who took them back may have been taken back too, and so on.
    while asked:
        found: set[str] = set()
        for some in portions(sorted(asked)):
            condition = " OR ".join(["instr(causation, ?)"] * len(some))
            for number, change_id, text in read_model.select(_SELECT_POINTING.format(condition), list(some)):
                pointing[number] = change_id, from_text(text)
                found.add(change_id)
        asked = found - sought
        sought |= found
    return taken_back(pointing[number] for number in sorted(pointing, reverse=True))
