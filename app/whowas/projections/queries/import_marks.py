"""Where imports end in the timeline."""

from __future__ import annotations

from dataclasses import dataclass

from whowas.domain.causation import ImportOf, change_name
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.step_moments import moments_of
from whowas.projections.tables.read_model import ReadModel

_SELECT_IMPORTS = (
    "SELECT (SELECT number FROM step WHERE step.change = change.number "
    "ORDER BY occurred_at DESC, step.first_position DESC LIMIT 1), "
    "json_extract(causation, '$.import.source') AS source, "
    "coalesce(nullif(json_extract(causation, '$.import.by'), ''), actor) "
    "FROM change WHERE causation IS NOT NULL AND source IS NOT NULL ORDER BY number"
)
"""The last step of every import, its source, and who took it in; what is stored is that of ``causation.to_text``."""


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
    imports = list(read_model.select(_SELECT_IMPORTS))
    moments = moments_of(read_model, index, (step for step, *_ in imports if step is not None))
    return [ImportMark(moments[step], source, importer) for step, source, importer in imports if step in moments]
