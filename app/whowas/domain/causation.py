"""Why a change was made when it was not simply a person's edit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportOf:
    """The change took in a file called ``source``."""

    source: str


@dataclass(frozen=True, slots=True)
class UndoOf:
    """The change took back another change."""

    change_id: str


@dataclass(frozen=True, slots=True)
class RedoOf:
    """The change took back an undo."""

    change_id: str


Causation = ImportOf | UndoOf | RedoOf

_KINDS: dict[str, type[ImportOf] | type[UndoOf] | type[RedoOf]] = {
    "import": ImportOf,
    "undo": UndoOf,
    "redo": RedoOf,
}


def to_text(causation: Causation | None) -> str | None:
    """Return the stored form, ``kind:value``; None for a plain edit."""
    match causation:
        case None:
            return None
        case ImportOf(value):
            return f"import:{value}"
        case UndoOf(value):
            return f"undo:{value}"
        case RedoOf(value):
            return f"redo:{value}"


def from_text(text: str | None) -> Causation | None:
    """Return what ``to_text`` wrote; None for a kind this program does not know, which then reads as an edit."""
    if text is None:
        return None
    kind, _, value = text.partition(":")
    return _KINDS[kind](value) if kind in _KINDS else None
