"""Where imports end in the timeline."""

from __future__ import annotations

from dataclasses import dataclass

from whowas.domain.causation import ImportOf, change_name, from_text
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.tables.read_model import ReadModel


@dataclass(frozen=True, slots=True)
class ImportMark:
    """An import: the moment after its last step, where it came from, and who took it in."""

    moment: int
    source: str
    actor: str

    @property
    def change(self) -> str:
        """What the import is called."""
        return change_name(ImportOf(self.source))


def import_marks(read_model: ReadModel, index: VersionIndex) -> list[ImportMark]:
    """Return every import, in recorded order."""
    imports = [
        (source, actor, last_step)
        for causation, actor, last_step in read_model.select(
            "SELECT causation, actor, "
            "(SELECT number FROM step WHERE step.change = change.number "
            "ORDER BY occurred_at DESC, step.first_position DESC LIMIT 1) "
            "FROM change WHERE causation IS NOT NULL ORDER BY number"
        )
        if isinstance(source := from_text(causation), ImportOf) and last_step is not None
    ]
    if not imports:
        return []
    ranks = index.steps.ranks()
    return [
        ImportMark(int(ranks[last_step]), source.source, source.by or actor)
        for source, actor, last_step in imports
        if last_step < len(ranks)
    ]
