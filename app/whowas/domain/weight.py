"""How much memory the texts of an event take: an event itself is small, but a note may be long."""

from __future__ import annotations

from sys import getsizeof

from whowas.domain.events import Event, UserCreated, UserUpdated


def weight(event: Event) -> int:
    """Return about how many bytes an event keeps in memory."""
    match event:
        case UserCreated(_, texts, attributes):
            return _AN_EVENT + sum(map(getsizeof, (*texts.values(), *attributes.values())))
        case UserUpdated(changes, attributes):
            return _AN_EVENT + sum(map(getsizeof, (*changes.values(), *attributes.values())))
        case _:
            return _AN_EVENT


_AN_EVENT = 1_000
"""Measured: an event as it is recorded, with the tuples around it, but without its texts."""
