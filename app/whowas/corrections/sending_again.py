"""Deciding once more, on the directory as it is now, what a server had acknowledged and lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from whowas.command_bus.bus import Bus, Receipt
from whowas.command_bus.unit_of_work import Change
from whowas.domain.causation import Causation, RedoOf, UndoForSome, UndoOf, WhatIfOf
from whowas.domain.command_of_event import command_of, is_second_half
from whowas.domain.commands import Command, EraseUser, JoinGroup, LeaveGroup, MomentCommand
from whowas.domain.errors import RefusedError
from whowas.domain.events import Forgotten, GroupCreated, GroupDeleted
from whowas.domain.progress import Progress, unwatched, watched
from whowas.store.follower.lost_changes import LostChange
from whowas.store.recorded_event import RecordedEvent


@dataclass(frozen=True, slots=True)
class SentAgain:
    """What became of one lost change.

    Either it is in the log, as ``receipt`` says, which is ``repeated`` where somebody else was quicker in sending it;
    or it was refused as ``refusal`` says, because what others did since does not go with it.
    """

    change: LostChange
    receipt: Receipt | None
    refusal: str = ""


def send_again(bus: Bus, lost: Iterable[LostChange], count: int, progress: Progress = unwatched) -> list[SentAgain]:
    """Decide about ``count`` lost changes again, each by itself, in their order; return what became of each.

    Each is done when it was done, but under the name of whoever sends it. It is known by the command that it came of,
    so that it is there once, whoever else sends it too. Raises StoreError, where those before it are saved already, and
    CancelledError likewise.
    """
    sent: list[SentAgain] = []
    became: dict[str, str] = {}
    for change in watched(lost, count, progress, every=1):
        try:
            before, receipt = bus.carry_out(
                lambda deciding, change=change: _decide(deciding, change),  # type: ignore[misc]
                causation=_with_ids(change.events[0].causation, became),
                progress=unwatched,
            )
        except RefusedError as error:
            sent.append(SentAgain(change, None, str(error)))
            continue
        became[change.change_id] = (before or receipt).change_id
        sent.append(SentAgain(change, before or receipt))
    return sent


def _decide(deciding: Change, lost: LostChange) -> Receipt | None:
    """Dispatch the commands of a lost change; return what was done before if it was sent already."""
    command_id: str | None = lost.events[0].command_id or lost.change_id
    assert command_id is not None
    if (before := deciding.done_before(command_id)) is not None:
        return Receipt(*before, repeated=True)
    with deciding.together():
        # Whoever was deleted went along where groups were merged, or that was undone.
        even_deleted = any(isinstance(one.event, GroupCreated | GroupDeleted) for one in lost.events)
        for lost_command, event in _commands(lost.events):
            command = lost_command
            if even_deleted and isinstance(command, JoinGroup | LeaveGroup):
                command = replace(command, even_deleted=True)
            # These are never dated: they happen when they are recorded.
            occurred_at = None if isinstance(command, MomentCommand | EraseUser) else event.occurred_at
            count = deciding.events
            deciding.dispatch(command, command_id=command_id, occurred_at=occurred_at)
            if deciding.events > count:
                command_id = None
    return None


def _commands(events: Sequence[RecordedEvent]) -> Iterator[tuple[Command, RecordedEvent]]:
    """Yield the commands that events came of, each with the first of its events."""
    following = iter([*events[1:], None])
    is_half = False
    for recorded in events:
        after = next(following)
        if is_half:
            is_half = False
            continue
        if isinstance(recorded.event, Forgotten):
            raise RefusedError("", "Somebody whom it is about was erased, so nobody knows any more what it was.")
        is_half = after is not None and after.stream == recorded.stream and is_second_half(recorded.event, after.event)
        yield command_of(recorded.event, recorded.stream, keep_email=not is_half), recorded


def _with_ids(causation: Causation | None, became: Mapping[str, str]) -> Causation | None:
    """Return a cause that names other lost changes by the ids which they have by now."""
    match causation:
        case UndoOf(change_id) | UndoForSome(change_id) | RedoOf(change_id):
            return replace(causation, change_id=became.get(change_id, change_id))
        case WhatIfOf(change_ids):
            return replace(causation, change_ids=tuple(became.get(each, each) for each in change_ids))
        case _:
            return causation
