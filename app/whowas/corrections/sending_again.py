"""Deciding once more, on a server, the changes that it lost: they were saved, and are not there any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.command_of_event import command_of, is_second_half
from whowas.domain.commands import DirectoryCommand
from whowas.domain.errors import ConflictError, RefusedError
from whowas.domain.events import Forgotten, UserErased
from whowas.domain.progress import Progress, unwatched
from whowas.store.recorded_event import RecordedEvent

_ALTERED = "Somebody else has changed the same user meanwhile."
_ERASURE = "Erasing has to be asked for anew."


class OnceSaved(Protocol):
    """A change that was saved: its id, and its events in recorded order."""

    @property
    def change_id(self) -> str: ...

    @property
    def events(self) -> Sequence[RecordedEvent]: ...


@dataclass(frozen=True, slots=True)
class SentAgain:
    """How many changes are on the server now, and why others are not, by the ids of these."""

    sent: int
    refused: dict[str, str]


def send_again(bus: Bus, changes: Iterable[OnceSaved], total: int, progress: Progress = unwatched) -> SentAgain:
    """Carry out ``total`` changes again, each whole or not at all; one that is there already counts as sent.

    Each must find its users as they were before it, or it is refused: nothing that others did since is altered.
    Raises CancelledError or StoreError; what was sent by then stays.
    """
    sent = 0
    refused: dict[str, str] = {}
    for number, each in enumerate(changes):
        progress(number, total)
        try:
            bus.carry_out(partial(_decide, each))
            sent += 1
        except ConflictError:
            refused[each.change_id] = _ALTERED
        except RefusedError as error:
            refused[each.change_id] = str(error)
    return SentAgain(sent, refused)


def _decide(once: OnceSaved, change: Change) -> None:
    command_id: str | None = once.events[0].command_id or once.change_id
    assert command_id is not None
    if change.done_before(command_id) is not None:
        return
    seen: set[str] = set()
    for recorded, keep_email in _commands(once.events):
        if isinstance(recorded.event, UserErased | Forgotten):
            raise RefusedError("", _ERASURE)
        command = command_of(recorded.event, recorded.stream, keep_email=keep_email)
        is_first = recorded.stream not in seen and not isinstance(command, DirectoryCommand)
        seen.add(recorded.stream)
        change.dispatch(
            command,
            command_id=command_id,
            expected_version=recorded.version - 1 if is_first else None,
            occurred_at=recorded.occurred_at if recorded.occurred_at < recorded.recorded_at else None,
        )
        command_id = None


def _commands(events: Sequence[RecordedEvent]) -> Iterator[tuple[RecordedEvent, bool]]:
    """Yield the events of which each stands for a command, and whether the one who is restored keeps the email."""
    before: RecordedEvent | None = None
    for recorded, following in zip(events, [*events[1:], None], strict=True):
        is_second = before is not None and before.stream == recorded.stream
        if before is not None and is_second and is_second_half(before.event, recorded.event):
            before = None
            continue
        before = recorded
        goes_on = following is not None and following.stream == recorded.stream
        yield recorded, not (goes_on and following is not None and is_second_half(recorded.event, following.event))
