"""The commands that a what-if refuses: what each of them did in the real log, in the words of histories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from whowas.corrections.what_if.outcome import Refused
from whowas.domain.commands import Command
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent, Event
from whowas.domain.sentences import directory_sentence, sentence
from whowas.domain.streams import UserStream
from whowas.store.recorded_event import RecordedEvent

INTERRUPTED_EVERY = 100


class RefusedCommand(NamedTuple):
    """A command that was refused, and the first of its ``events`` events in the log."""

    recorded: RecordedEvent
    events: int
    command: Command
    error: RefusedError


def refusals_in_words(
    refusals: Iterable[RefusedCommand],
    streams: Mapping[str, Sequence[tuple[int, Event]]],
    groups: Mapping[str, str],
    interrupt: Callable[[], None],
) -> list[Refused]:
    """Return the refusals in recorded order. ``streams`` holds their (occurred_at, event), from version 1.

    ``groups`` maps group ids to names; ``interrupt`` is called now and then.
    """
    by_stream: dict[str, list[RefusedCommand]] = {}
    for refusal in refusals:
        by_stream.setdefault(refusal.recorded.stream, []).append(refusal)
    found: list[Refused] = []
    for count, (stream, refused) in enumerate(by_stream.items()):
        if count % INTERRUPTED_EVERY == 0:
            interrupt()
        if isinstance(refused[0].recorded.event, DirectoryEvent):
            found += _own(refused, streams[stream])
        else:
            found += _of_user(refused, streams[stream], groups)
    return sorted(found, key=lambda refused: refused.position)


def _of_user(
    refusals: Iterable[RefusedCommand], events: Sequence[tuple[int, Event]], groups: Mapping[str, str]
) -> Iterable[Refused]:
    stream = UserStream()
    for refusal in refusals:
        first = refusal.recorded.version - 1
        stream = _through(stream, events, first)
        before = stream.user
        stream = _through(stream, events, first + refusal.events)
        if stream.user is not None:
            yield _refused(refusal, stream.user.name, sentence(before, stream.user, groups).title)


def _through(stream: UserStream, events: Sequence[tuple[int, Event]], version: int) -> UserStream:
    for occurred_at, event in events[stream.version : version]:
        if not isinstance(event, DirectoryEvent):
            stream = stream.then(occurred_at, event)
    return stream


def _own(refusals: Iterable[RefusedCommand], events: Sequence[tuple[int, Event]]) -> Iterable[Refused]:
    titles: list[str] = []
    directory = Directory()
    for _, event in events:
        if isinstance(event, DirectoryEvent):
            before, directory = directory, evolve_directory(directory, event)
            titles.append(directory_sentence(before, directory)[1])
    return (_refused(refusal, "", titles[refusal.recorded.version - 1]) for refusal in refusals)


def _refused(refusal: RefusedCommand, person: str, title: str) -> Refused:
    recorded, _, command, error = refusal
    return Refused(
        None if isinstance(recorded.event, DirectoryEvent) else recorded.stream,
        person,
        title,
        command,
        error.field,
        str(error),
        recorded.change_id,
        recorded.position,
        recorded.recorded_at,
        recorded.occurred_at,
        recorded.actor,
    )
