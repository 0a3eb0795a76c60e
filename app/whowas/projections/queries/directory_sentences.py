"""What a step did to the directory itself: its groups, custom fields and named moments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from whowas.domain.directory import Directory
from whowas.domain.fields import listed
from whowas.projections.index.version_index import VersionIndex

DirectoryKind = Literal["group", "field", "moment"]


def directory_sentence_at(index: VersionIndex, moment: int) -> tuple[DirectoryKind, str]:
    """Return what the step before ``moment``, which changed no user, was about, and what it did."""
    return sentence_between(*_around(index, moment))


def sentence_between(before: Directory, after: Directory) -> tuple[DirectoryKind, str]:
    """Return what a step between two states of the directory itself was about, and what it did."""
    groups = _renaming("group", "created", before.groups, after.groups)
    old, new = ({key: named.name for key, named in state.moments.items()} for state in (before, after))
    moments = _renaming("moment", "named", old, new) or _notes(before, after)
    fields = [name for name in after.fields if name not in before.fields]
    told = [*groups, *moments]
    if fields:
        told.append(f"custom field {fields[0]} defined" if len(fields) == 1 else f"{len(fields)} custom fields defined")
    text = listed(told) if told else "nothing changed"
    kind: DirectoryKind = "group" if groups else "moment" if moments else "field"
    return kind, text[0].upper() + text[1:]


def _around(index: VersionIndex, moment: int) -> tuple[Directory, Directory]:
    """Return the directory's own state right before and right after a step."""
    before, after = Directory(), None
    for place, state in index.directories:
        if place < moment:
            before = state
        elif place == moment:
            after = state
    return before, after or before


def _renaming(what: str, began: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return what happened to names by id: one by name, several by their number."""
    begun = [name for key, name in after.items() if key not in before]
    ended = [name for key, name in before.items() if key not in after]
    renamed = [f"{name} renamed to {after[key]}" for key, name in before.items() if after.get(key, name) != name]
    told = []
    for names, verb in ((begun, f" {began}"), (ended, " deleted"), (renamed, "")):
        if len(names) == 1:
            told.append(f"{what} {names[0]}{verb}")
        elif names:
            told.append(f"{len(names):,} {what}s{verb or ' renamed'}")
    return told


def _notes(before: Directory, after: Directory) -> list[str]:
    """Return the moments of which the note alone was changed."""
    return [
        f"note of moment {named.name} changed"
        for key, named in after.moments.items()
        if key in before.moments and before.moments[key] != named
    ]
