"""A draft in the words of the list of drafts: whose it is, and which fields were edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whowas.desktop.details.draft import Draft
from whowas.desktop.details.selection_draft import SelectionDraft
from whowas.domain.fields import ATTRIBUTE_PREFIX, counted, label, listed


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A row of the list; the third column is for the button of the row."""

    name: str
    edited: str

    def texts(self) -> tuple[str, ...]:
        """Return the text of each column."""
        return self.name, self.edited, ""


def line_of(draft: Draft, name: str | None, custom: Mapping[str, str]) -> DraftLine:
    """Return the row of a draft for the user called ``name``, None for one who does not exist yet.

    ``custom`` maps the ids of custom fields to their names.
    """
    fields = [*draft.values, *(["groups"] if draft.groups is not None else [])]
    labels = [*map(label, fields), *(custom.get(field_id, field_id) for field_id in draft.attributes)]
    return DraftLine(_new(draft) if name is None else name, listed(labels) if labels else "")


def line_for_several(draft: SelectionDraft, count: int, custom: Mapping[str, str]) -> DraftLine:
    """Return the row of a draft for ``count`` users; ``custom`` as for ``line_of``."""
    called = {ATTRIBUTE_PREFIX + field_id: name for field_id, name in custom.items()}
    fields = [*draft.values, *(["groups"] if draft.moves else []), *(["status"] if draft.status else [])]
    return DraftLine(counted(count, "user"), listed(called.get(field) or label(field) for field in fields))


def _new(draft: Draft) -> str:
    text = {name: value.strip() for name, value in draft.values.items()}
    full = f"{text.get('first_name', '')} {text.get('last_name', '')}".strip()
    called = full or text.get("email", "")
    return f"New user: {called}" if called else "New user"
