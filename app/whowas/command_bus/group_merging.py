"""Merging a group into another: who is in it joins the other and leaves it, and then it is deleted."""

from __future__ import annotations

from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import Command, DeleteGroup, JoinGroup, LeaveGroup
from whowas.domain.errors import RefusedError
from whowas.domain.events import GroupDeleted, GroupJoined, GroupLeft
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress, begin_phase, part_of, unwatched, watched
from whowas.domain.streams import DirectoryStream
from whowas.store.event_log import EventLog


def merging(
    change: Change,
    log: EventLog,
    group_id: str,
    into_id: str,
    *,
    occurred_at: int | None = None,
    progress: Progress = unwatched,
) -> list[Command]:
    """Return the commands that merge a group into another, as the first and only thing that ``change`` decides.

    It has to be a whole one, see ``Decided``, as others may join the group meanwhile. Deleted users go along, so that
    whoever is brought back is in the other group. With ``occurred_at`` (UTC µs) it happened then.
    Raises RefusedError; CancelledError.
    """
    groups = change.directory().groups
    if group_id not in groups or into_id not in groups:
        raise RefusedError("group" if group_id not in groups else "into", "There is no such group.")
    name = shortened(groups[group_id])
    if group_id == into_id:
        raise RefusedError("into", f"{name} cannot be merged into itself.")
    if occurred_at is not None:
        _require_there(change.directory_stream(), group_id, into_id, occurred_at)
    commands: list[Command] = []
    users = _ever_joined(log, group_id, progress)
    for user_id in watched(users, len(users), progress):
        stream = change.stream(user_id)
        if occurred_at is not None and any(
            when_us > occurred_at and event in (GroupJoined(group_id), GroupLeft(group_id))
            for when_us, _, event in stream.events
        ):
            raise RefusedError(
                "occurred_at", f"Somebody joined or left {name} after that moment, so it cannot have been merged then."
            )
        user = stream.user if occurred_at is None else stream.as_of(occurred_at)
        if user is None or group_id not in user.groups:
            continue
        is_deleted = user.status == "deleted"
        if into_id not in user.groups:
            commands.append(JoinGroup(user_id, into_id, is_deleted))
        commands.append(LeaveGroup(user_id, group_id, is_deleted))
    return [*commands, DeleteGroup(group_id)]


def _require_there(own: DirectoryStream, group_id: str, into_id: str, occurred_at: int) -> None:
    """Raise RefusedError unless both groups were there at a moment (UTC µs), and the first one ever since."""
    then, now = own.as_of(occurred_at).groups, own.directory.groups
    for known_id in (group_id, into_id):
        if known_id not in then:
            raise RefusedError("occurred_at", f"There was no group “{shortened(now[known_id])}” at that moment.")
    if any(when_us > occurred_at and event == GroupDeleted(group_id) for when_us, _, event in own.events):
        reason = f"{shortened(now[group_id])} was deleted and brought back after that moment"
        raise RefusedError("occurred_at", f"{reason}, so it cannot have been merged then.")


def merge(change: Change, log: EventLog, group_id: str, into_id: str, progress: Progress = unwatched) -> None:
    """Merge a group into another within a change, now. Raises RefusedError; CancelledError."""
    begin_phase(progress, "comparing", counts_rows=False)
    commands = merging(change, log, group_id, into_id, progress=part_of(progress, 0, 2))
    for command in watched(commands, len(commands), part_of(progress, 1, 2)):
        change.dispatch(command)


def _ever_joined(log: EventLog, group_id: str, progress: Progress) -> list[str]:
    """Return the ids of all who ever joined a group, whether they left it since or not."""
    joined = watched(log.read(only=GroupJoined), 0, progress)
    return list(dict.fromkeys(known.stream for known in joined if known.event == GroupJoined(group_id)))
