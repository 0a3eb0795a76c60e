"""Deciding one change on the follower, and sending it to the server until it is known what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.domain.errors import StoreError, UncertainError
from whowas.domain.progress import Progress, begin_phase, unwatched
from whowas.store.decided import Committed, Decided, Moved
from whowas.store.server.errors import NotConnectedError

if TYPE_CHECKING:
    from whowas.store.chain import ChainedRow
    from whowas.store.follower.link import Link
    from whowas.store.owner_folding import Shared
    from whowas.store.server.rows.decided_rows import Appended
    from whowas.store.server.server_log import ServerLog
    from whowas.store.snapshot import Snapshot

_TRIES_S = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""When it is tried to find out what became of a change whose answer was lost."""

NOT_SAVED = " This was not saved."
_UNCERTAIN = (
    "The connection to the server was lost while this was being saved, and the server cannot be asked now whether "
    "that was done. It will be seen as soon as it can be."
)


class SharedDeciding:
    """The follower while one change is decided on it, and the way to the server."""

    is_renewed = False
    copy: Path | None = None

    def __init__(
        self, link: Link, held: ExitStack, reading: AbstractContextManager[Snapshot], *, is_locked: bool, looks: bool
    ) -> None:
        self.answer: Appended | None = None
        self.has_moved = False
        self.came: list[ChainedRow] = []
        """What is on the server behind ``head``, this change too, where that came beside the answer."""
        self._looks = looks
        self._link = link
        self._held = held
        self._is_locked = is_locked
        self._sent: Decided | None = None
        self._server: ServerLog | None = None
        """To which it was sent, and of which an answer came."""
        self._reading = ExitStack()
        snapshot = self._reading.enter_context(reading)
        self.head = snapshot.head
        self.directory_id = snapshot.directory_id
        self.last_recorded_at = snapshot.last_recorded_at
        self.former_keys = snapshot.former_keys
        self.watched_by = snapshot.watched_by
        self.stream_events = snapshot.stream_events
        self.users_holding = snapshot.users_holding
        self.change_of_command = snapshot.change_of_command
        self.owners_of_email = snapshot.owners_of_email
        self.owners_of_external_id = snapshot.owners_of_external_id
        self.users_of_source = snapshot.users_of_source

    def shared(self) -> list[Shared]:
        """Return nothing: no owners are ever stored anew."""
        return []

    def append(
        self, decided: Decided, about_to_commit: Callable[[], None], progress: Progress = unwatched
    ) -> Committed | Moved:
        """See ``Deciding``."""
        self.end_reading()
        begin_phase(progress, "saving", counts_rows=False)
        try:
            server = self._link.server()
        except NotConnectedError as error:  # nothing was sent yet
            raise NotConnectedError(f"{error}{NOT_SAVED}") from error
        try:
            self._server = server
            with self._link.waiting():
                if server.takes_portions(decided):
                    answer = server.append_whole(decided, progress, self._about_to(about_to_commit, decided))
                else:
                    self._about_to(about_to_commit, decided)()
                    answer = self._appended(server, decided)
        except (NotConnectedError, UncertainError) as error:
            self._link.drop()
            if self._sent is None:
                raise NotConnectedError(f"{error}{NOT_SAVED}") from error
            with suppress(StoreError):  # the lock went with the connection
                self._held.close()
            answer = self._sent_again()
        return self._answered(answer)

    def _appended(self, server: ServerLog, decided: Decided) -> Appended | Moved:
        if not self._looks:
            return server.append(decided)
        answer, self.came = server.append_and_look(decided)
        return answer

    def _about_to(self, about_to_commit: Callable[[], None], decided: Decided) -> Callable[[], None]:
        def told() -> None:
            about_to_commit()
            # Who decided it lets go of its events before the block ends.
            self._sent = decided._replace(
                events=tuple(decided.events),
                read=dict(decided.read),
                released_emails=tuple(decided.released_emails),
                claimed_emails=tuple(decided.claimed_emails),
                released_external_ids=tuple(decided.released_external_ids),
                claimed_external_ids=tuple(decided.claimed_external_ids),
            )

        return told

    def commit(self) -> None:
        """End the transaction that kept others from writing, if there is one."""
        try:
            with self._link.waiting():
                self._held.close()
        except (NotConnectedError, UncertainError):
            self._link.drop()
            if self._sent is None or self.answer is None:
                return
            self._answered(self._sent_again())
            return
        if self._is_locked and self.answer is not None and self._server is not None:  # it is committed only now
            self.answer = replace(self.answer, not_copied=self._server.not_copied)

    def end_reading(self) -> None:
        """Let go of the snapshot of the follower, into which what is saved is then taken."""
        self._reading.close()

    def _answered(self, answer: Appended | Moved) -> Committed | Moved:
        if isinstance(answer, Moved):
            if self._is_locked:  # the lock was lost with the connection, and somebody else was quicker
                self.answer = None
                raise StoreError("The connection to the server was lost, and others saved meanwhile. Try again.")
            self.has_moved = True
            return answer
        self.answer = answer
        return Committed(answer.first_position, answer.last_position, answer.repeated)

    def _sent_again(self) -> Appended | Moved:
        """Find out what became of a change whose answer was lost, by sending it again.

        The server knows it by the id of its command: if it was saved, that is the answer, and it is saved once. A lost
        connection on which it may still be waiting can do no harm, as whichever comes second changes nothing. But it
        may keep the second one waiting, or the server may lack something by now: that says nothing of the first. Raises
        UncertainError where nothing is found out, RefusedError where the server refuses what is asked.
        """
        assert self._sent is not None
        self._server = None
        met: StoreError | None = None
        for pause in _TRIES_S:
            time.sleep(pause)
            try:
                server = self._link.server()
                with self._link.waiting():
                    again = server.append_whole if server.takes_portions(self._sent) else server.append
                    return again(self._sent)
            except (NotConnectedError, UncertainError) as error:
                self._link.drop()
                met = error
            except StoreError as error:
                met = error
        raise UncertainError(_UNCERTAIN) from met
