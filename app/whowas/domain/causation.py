"""Why a change was made, where it is no edit: an import, an undo, a redo, a restore or a what-if."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, assert_never


@dataclass(frozen=True, slots=True)
class ImportOf:
    """The change took in a file called ``source``; ``by`` is who did that, where lines name actors of their own."""

    source: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class UndoOf:
    """The change took back another change; ``reason`` is the person's own word.

    Where people had altered again what it did, they were asked, and what they kept stays as later work: it stands on
    its own from then on, and the other change counts as taken back whole.
    """

    change_id: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class UndoForSome:
    """The change took back what another one did to some of its users: to those whom it altered itself.

    For everybody else the other one counts on, and what it did to groups and fields stays. A kind of its own, because
    programs up to 0.5.0 read a kind that they do not know as an edit, after which the other change counts on for them.
    """

    change_id: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RedoOf:
    """The change took back an undo."""

    change_id: str


@dataclass(frozen=True, slots=True)
class WhatIfOf:
    """The change made the directory as it would be without other changes; ``reason`` is the person's own word."""

    change_ids: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RestoreOf:
    """The change brought users back to a moment, the one after the step of ``occurred_at`` (UTC µs) and ``position``.

    ``reason`` is the person's own word.
    """

    occurred_at: int
    position: int
    reason: str | None = None


Causation = ImportOf | UndoOf | UndoForSome | RedoOf | WhatIfOf | RestoreOf


def change_name(causation: Causation | None) -> str:
    """Return what a change made for that cause is called; "" where it is called by what it did."""
    match causation:
        case ImportOf(source):
            return f"Import of {source}"
        case RestoreOf():
            return "Restored to an earlier moment"
        case WhatIfOf():
            return "What-if applied"
        case UndoOf() | UndoForSome() | RedoOf() | None:
            return ""
        case _:
            assert_never(causation)


@dataclass(slots=True)
class TakenBack:
    """What later changes took back: the ids of changes taken back ``whole``, and ``for_some`` of their users.

    ``for_some`` maps the ids of changes to those of the changes that did that; these users are whom they altered.
    """

    whole: set[str] = field(default_factory=set)
    for_some: dict[str, list[str]] = field(default_factory=dict)


def taken_back(newest_first: Iterable[tuple[str, Causation | None]]) -> TakenBack:
    """Return what later changes took back, given (id, causation) with the last change first.

    What a what-if left out counts as taken back. A change that takes another back counts for nothing itself where it
    was taken back later.
    """
    found = TakenBack()
    void = found.whole
    for change_id, causation in newest_first:
        if change_id in void:
            continue
        match causation:
            case UndoOf(other) | RedoOf(other):
                void.add(other)
            case WhatIfOf(others):
                void.update(others)
            case UndoForSome(other):
                found.for_some.setdefault(other, []).append(change_id)
            case ImportOf() | RestoreOf() | None:
                pass
            case _:
                assert_never(causation)
    return found


KINDS: dict[str, type[Causation]] = {
    "import": ImportOf,
    "undo": UndoOf,
    "undo_some": UndoForSome,
    "redo": RedoOf,
    "what_if": WhatIfOf,
    "restore": RestoreOf,
}
"""Every cause by the key under which it is stored."""

_NAMES = {kind: name for name, kind in KINDS.items()}


def to_text(causation: Causation | None) -> str | None:
    """Return the stored form, a JSON object with one key; None for a plain edit.

    Whatever is no text, as some names of files are not, is stored as question marks.
    """
    if causation is None:
        return None
    text = json.dumps({_NAMES[type(causation)]: asdict(causation)}, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()


def from_text(text: str | None) -> Causation | None:
    """Return what ``to_text`` wrote; None for a kind this program does not know, which then reads as an edit."""
    if text is None:
        return None
    ((name, fields),) = json.loads(text).items()
    if name not in KINDS:
        return None
    given: Any = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    return KINDS[name](**given)
