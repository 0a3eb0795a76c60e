"""Named moments: a name and a note for a moment of the timeline, and the rules such a name must keep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from whowas.domain.commands import DeleteMoment, MomentCommand, NameMoment, RenameMoment
from whowas.domain.errors import AlteredAgainError, RefusedError
from whowas.domain.events import MomentDeleted, MomentEvent, MomentNamed, MomentRenamed
from whowas.domain.fields import checked_name, checked_note, name_key, require_id, shortened

_LIKE_ISO = r"\d{4}-?(W\d\d(-?\d)?|\d{3})|\d{4}-?(W\d\d(-?\d)?|\d{3}|\d\d-?\d\d)[Tt ]\d\d[\d:.,]*([Zz]|[-+−][\d:]+)?"
"""A date of another kind than a calendar's, or any with a time."""

NOW = "now"
"""What everybody calls the last moment."""


@dataclass(frozen=True, slots=True)
class NamedMoment:
    """A name for the moment right after one event, the last of its step, so that a backdated step does not move it.

    ``occurred_at`` (UTC microseconds) and ``position`` are that event's; position 0 is the moment before everything.
    """

    name: str
    note: str | None
    occurred_at: int
    position: int

    @property
    def place(self) -> tuple[int, int]:
        """The event behind which the moment is, as the timeline orders events: (occurred_at, position)."""
        return self.occurred_at, self.position


Moments = Mapping[str, NamedMoment]
"""The named moments of a directory by id."""


def moment_called(moments: Moments, name: str) -> str | None:
    """Return the id of the moment called ``name`` whatever its case, or None."""
    key = name_key(name)
    return next((moment_id for moment_id, known in moments.items() if name_key(known.name) == key), None)


def decide_moment(command: MomentCommand, moments: Moments) -> tuple[MomentEvent, ...]:
    """Return the events that ``command`` causes among ``moments``. Raises RefusedError naming the field at fault."""
    match command:
        case NameMoment(moment_id, name, note, occurred_at, position):
            require_id("moment", moment_id)
            if moment_id in moments:
                raise RefusedError("moment", "This moment has a name already.")
            name, note = _free_name(moments, moment_id, name), checked_note("note", note)
            return (MomentNamed(moment_id, name, note, occurred_at, position),)
        case RenameMoment(moment_id, name, note):
            before = _existing(moments, moment_id)
            name, note = _free_name(moments, moment_id, name), checked_note("note", note)
            return () if (name, note) == (before.name, before.note) else (MomentRenamed(moment_id, name, note),)
        case DeleteMoment(moment_id):
            _existing(moments, moment_id)
            return (MomentDeleted(moment_id),)
        case _:
            assert_never(command)


def evolve_moments(moments: Moments, event: MomentEvent) -> Moments:
    """Return the named moments after ``event``; a moment without a name stays without one."""
    match event:
        case MomentNamed(moment_id, name, note, occurred_at, position):
            return {**moments, moment_id: NamedMoment(name, note, occurred_at, position)}
        case MomentRenamed(moment_id, name, note) if moment_id in moments:
            return {**moments, moment_id: replace(moments[moment_id], name=name, note=note)}
        case MomentRenamed():
            return moments
        case MomentDeleted(moment_id):
            return {known: moment for known, moment in moments.items() if known != moment_id}
        case _:
            assert_never(event)


def moments_back(before: Moments, after: Moments, now: Moments) -> list[MomentCommand]:
    """Return the commands that bring the named moments from ``after`` a change back to ``before`` it.

    Only what the change altered is touched. Raises AlteredAgainError when some of that was altered again since.
    """
    known = {**before, **after}
    ended: list[MomentCommand] = []
    brought_back: list[MomentCommand] = []
    for moment_id in sorted(known):
        old, new = before.get(moment_id), after.get(moment_id)
        if old == new:
            continue
        if now.get(moment_id) != new:
            name = known[moment_id].name
            raise AlteredAgainError("moment", f"The moment {name} was changed again since, so this cannot be undone.")
        passed_on = new is not None and moment_called(before, new.name) not in (None, moment_id)
        if old is not None and new is not None and old.place == new.place and not passed_on:
            brought_back.append(RenameMoment(moment_id, old.name, old.note))
            continue
        if new is not None:
            ended.append(DeleteMoment(moment_id))
        if old is not None:
            brought_back.append(NameMoment(moment_id, old.name, old.note, *old.place))
    # What ends goes first: a name that it holds may be needed.
    return [*ended, *brought_back]


def _existing(moments: Moments, moment_id: str) -> NamedMoment:
    if moment_id not in moments:
        raise RefusedError("moment", "There is no such named moment.")
    return moments[moment_id]


def _free_name(moments: Moments, moment_id: str, name: str) -> str:
    name = checked_name("name", name)
    if name_key(name).startswith("#"):
        raise RefusedError("name", "The name of a moment cannot begin with #, as positions do.")
    if name_key(name) == NOW or _is_iso(name):
        raise RefusedError("name", f"“{shortened(name)}” means a moment by itself, so none can be called that.")
    if moment_called(moments, name) not in (None, moment_id):
        raise RefusedError("name", f"There is a moment called “{shortened(name)}” already.")
    return name


def _is_iso(name: str) -> bool:
    """Say whether a name is written like a moment of ISO 8601, whatever its form, be there such a day or not."""
    return re.fullmatch(_LIKE_ISO, name) is not None or _is_plain_iso(name)


def _is_plain_iso(name: str) -> bool:
    try:
        datetime.fromisoformat(name)
    except ValueError:
        return False
    return True
