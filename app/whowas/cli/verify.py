"""The command that verifies a directory: its history, and that it is the one that was seen, or that the server has."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whowas.cli.exit_codes import NO
from whowas.cli.opening import FILE, open_silently
from whowas.cli.printing import notify, say
from whowas.cli.seen import note, seen_before, sentence_of, take_as_seen
from whowas.cli.shared import shared
from whowas.cli.where import SharedAt, Where
from whowas.command_bus.renewal import shared_told
from whowas.domain.errors import DamagedError, RefusedError
from whowas.safekeeping.seen_heads import NeverSeen, Rewritten
from whowas.store.chain import Damage, Head
from whowas.store.event_log import EventLog
from whowas.store.server.errors import AnotherHistoryError

if TYPE_CHECKING:
    from whowas.store.follower.shared_directory import SharedDirectory


@dataclass(frozen=True, slots=True)
class _Found:
    """What verifying found: damage, or an alarm as a sentence, or neither; and what else is told of it."""

    damage: Damage | None
    position: int
    alarm: str
    told: tuple[str, ...]


@click.command("verify")
@FILE
@click.option("--head", "expected", metavar="HEAD", help="What `whowas head` printed before: notices a cut-off end.")
@click.option("--accept", "accepted", is_flag=True, help="Take this history as the one seen on this computer.")
def verify(file: Where, expected: str | None, accepted: bool) -> int:
    """Check that the history is as it was written, and the one that this computer saw; exits 1 if not.

    Everything else in the file is checked as well: that every event can be read and follows those before it, that who
    has which email and external id is what the history tells, and that tables, indexes and triggers are as they should
    be. Who shares an email or an external id with somebody is listed; that is no damage, and can only be in files that
    an older version made. Of a shared directory, what this computer has of it is checked, and that its server has
    the same.

    \b
    Example: whowas verify staff.whowas --head "$(cat head.txt)"
    """
    try:
        head_given = Head.parse(expected) if expected is not None else None
    except ValueError as error:
        raise RefusedError("head", "A head looks like 123:5f0c…, as `whowas head` prints it.") from error
    try:
        found = _verified(file, head_given, accepted=accepted)
    except (DamagedError, AnotherHistoryError) as error:
        notify(str(error))
        return NO
    if found.damage is not None or found.alarm:
        notify(found.alarm if found.damage is None else found.damage.sentence())
        return NO
    checked = " and the head given" if head_given else ""
    say(f"{found.position:,} events, their payloads{checked} verified: the history is as it was written.")
    for sentence in found.told:
        say(sentence)
    return 0


def _verified(where: Where, expected: Head | None, *, accepted: bool) -> _Found:
    """Verify a directory; ``accepted`` ends an alarm about a file. Raises RefusedError or StoreError."""
    if isinstance(where, Path):
        return _verified_file(where, expected, accepted=accepted)
    if accepted:
        sentence = "A shared directory needs no --accept: opened again after a warning, it is as its server has it."
        raise RefusedError("accept", sentence)
    return _verified_copy(where, expected)


def _verified_file(file: Path, expected: Head | None, *, accepted: bool) -> _Found:
    with closing(open_silently(file)) as log:
        damage, seen = log.verify(expected), seen_before(log)
        if accepted and damage is None and isinstance(seen, Rewritten):
            take_as_seen(log)
            seen = seen_before(log)
        if damage is None:
            note(log)
            for sentence in shared_told(log.shared()):
                notify(sentence)
        sentence = "" if isinstance(seen, NeverSeen) else sentence_of(seen)
        hidden = [] if damage is not None else _hidden_told(log)
        told = (*hidden, *((sentence,) if sentence else ()))
        is_alarm = isinstance(seen, Rewritten)
        return _Found(damage, log.head().position, sentence if is_alarm else "", told)


def _verified_copy(where: SharedAt, expected: Head | None) -> _Found:
    """Verify what this computer has of a shared directory, and that its server has the same where that is there."""
    with shared(where) as directory:
        log, told, alarm = directory.log, list[str](), ""
        damage = log.verify(expected)
        if damage is None:
            told += _hidden_told(log)
            if directory.offline is None:
                alarm = _differing(directory)
                told.append("The server has the same history.")
        elif expected is None and directory.offline is None:
            notify(f"It is left at “{directory.keep_aside()}”; the next command makes it anew from the server.")
        return _Found(damage, log.head().position, alarm, tuple(told))


def _differing(directory: SharedDirectory) -> str:
    """Return where the server has something else than this computer kept, as a sentence; "" where it has the same."""
    from whowas.team.comparing import first_difference
    from whowas.team.connected import server_at

    with server_at(directory.address) as server:
        position = first_difference(directory.log, server)
    return "" if position is None else f"On the server, event {position:,} is not as this computer has it."


def _hidden_told(log: EventLog) -> list[str]:
    hidden = log.hidden_passwords()
    if not hidden:
        return []
    are = "is" if hidden == 1 else "are"
    return [f"{hidden:,} of the payloads {are} hidden from you: only editors are given password hashes."]
