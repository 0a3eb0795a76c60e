"""A log on a server keeps the contract that a file keeps, and its own part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import pytest

from tests.decisions import decided
from tests.shared_directories import OnServer
from tests.unit.store.test_directory_log import ADA, BEN, CLEO, Append, AppendContract, Stored, head_of, new
from whowas.domain.causation import ImportOf, to_text
from whowas.domain.errors import CancelledError, RefusedError, StoreError
from whowas.domain.events import PasswordSet, UserErased
from whowas.domain.progress import Progress, unwatched
from whowas.store.chain import ChainedRow, first_damage
from whowas.store.decided import Committed, Decided, Moved
from whowas.store.recorded_event import from_blob, to_blob
from whowas.store.server import server_log
from whowas.store.server.rows.decided_rows import Appended
from whowas.store.server.server_log import ServerLog


class OnServerStored:
    """What is in the log, as its admin reads it."""

    def __init__(self, log: ServerLog) -> None:
        self._log = log

    def rows(self) -> Sequence[ChainedRow]:
        return list(chain.from_iterable(self._log.pages(0)))

    def owners_of_email(self, key: str) -> Sequence[str]:
        rows = self._log.ask("SELECT user_id FROM {schema}.email_owner WHERE email = %s", key)
        return [from_blob(user_id) for (user_id,) in rows]

    def owners_of_external_id(self, key: str) -> Sequence[str]:
        rows = self._log.ask("SELECT user_id FROM {schema}.external_id_owner WHERE external_id = %s", key)
        return [from_blob(user_id) for (user_id,) in rows]


@pytest.fixture
def log(on_server: OnServer) -> Iterator[ServerLog]:
    with on_server.log() as log:
        yield log


@pytest.fixture
def stored(log: ServerLog) -> Stored:
    return OnServerStored(log)


def committed(answer: Appended | Moved) -> Committed | Moved:
    """Return what a writer is told."""
    if isinstance(answer, Moved):
        return answer
    return Committed(answer.first_position, answer.last_position, answer.repeated)


class OnServerContract(AppendContract):
    """The contract, of a server."""

    @pytest.fixture
    def stored(self, log: ServerLog) -> Stored:
        return OnServerStored(log)


class TestInOneCall(OnServerContract):
    """A change that goes to the server in one call."""

    @pytest.fixture
    def append(self, log: ServerLog) -> Append:
        def append(
            decided: Decided, about_to_commit: Callable[[], None] = lambda: None, progress: Progress = unwatched
        ) -> Committed | Moved:
            del progress
            with log.locked():
                answer = log.append(decided)
                if isinstance(answer, Appended):
                    about_to_commit()
            return committed(answer)

        return append


class TestInPortions(OnServerContract):
    """A change that goes there in several, of two events at most."""

    @pytest.fixture
    def append(self, log: ServerLog, monkeypatch: pytest.MonkeyPatch) -> Append:
        monkeypatch.setattr(server_log, "_EVENTS_A_CALL", 2)

        def append(
            decided: Decided, about_to_commit: Callable[[], None] = lambda: None, progress: Progress = unwatched
        ) -> Committed | Moved:
            return committed(log.append_whole(decided, progress, about_to_commit))

        return append


def test_the_rows_are_those_on_the_server(log: ServerLog, stored: Stored) -> None:
    """So whoever appended need not ask for them."""
    first = log.append(decided(log.head(), new(ADA), new(BEN, occurred_at=-5, is_backdated=True)))
    second = log.append(decided(log.head(), new(ADA, 2), new(CLEO, command_id=ADA)))
    assert isinstance(first, Appended)
    assert isinstance(second, Appended)
    assert [*first.rows, *second.rows] == stored.rows()
    assert second.chain_before == first.chain_after
    assert log.head() == head_of(stored) == (4, second.chain_after)
    assert log.chain_at(2) == first.chain_after
    assert log.chain_at(5) is None


def test_what_is_there_twice_is_sent_again_in_portions(log: ServerLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_log, "_EVENTS_A_CALL", 2)
    change = decided(log.head(), *(new(ADA, version) for version in range(1, 6)), whole=True)
    assert committed(log.append_whole(change)) == Committed(1, 5)
    assert committed(log.append_whole(change)) == Committed(1, 5, repeated=True)
    assert log.head().position == 5


def test_a_change_can_be_cancelled_between_any_two_portions(log: ServerLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_log, "_EVENTS_A_CALL", 2)
    change = decided(log.head(), *(new(ADA, version) for version in range(1, 8)), claimed_emails=[("a", ADA)])

    def stop_at(at: int) -> Progress:
        def progress(done: int, _total: int) -> None:
            if done == at:
                raise CancelledError

        return progress

    for at in (0, 2, 4, 6):
        with pytest.raises(CancelledError):
            log.append_whole(change, stop_at(at))
        assert log.head().position == 0
    assert committed(log.append_whole(change)) == Committed(1, 7)


def test_nobody_writes_under_anothers_name(log: ServerLog) -> None:
    with pytest.raises(RefusedError, match="their own account"):
        log.append(decided(log.head(), new(ADA, actor="ben")))
    by_another = decided(log.head(), new(ADA, actor="ben"))._replace(causation=to_text(ImportOf("list", "ben")))
    with pytest.raises(RefusedError, match="their own account"):
        log.append(by_another)
    own = decided(log.head(), new(ADA, actor="ben"))._replace(causation=to_text(ImportOf("list", log.account)))
    assert committed(log.append(own)) == Committed(1, 1)


def test_nothing_occurs_in_the_future(log: ServerLog) -> None:
    now = log.now()
    log.append(decided(log.head(), new(ADA, occurred_at=now + 50_000_000, is_backdated=True)))
    with pytest.raises(RefusedError, match="in the future") as refused:
        log.append(decided(log.head(), new(BEN, occurred_at=now + 3_600_000_000, is_backdated=True)))
    assert refused.value.field == "occurred_at"
    assert log.head().position == 1


def test_a_clients_clock_does_no_harm(log: ServerLog, stored: Stored) -> None:
    log.append(decided(log.head(), new(ADA, occurred_at=4_000_000_000_000_000), recorded_at=4_000_000_000_000_000))
    ((columns, *_),) = stored.rows()
    assert columns[6] == columns[7] <= log.now()


def test_versions_that_do_not_follow_are_no_change(log: ServerLog) -> None:
    log.append(decided(log.head(), new(ADA)))
    with pytest.raises(StoreError, match="versions of a stream follow each other"):
        log.append(decided(log.head(), new(ADA, 3), read={ADA: 1}))
    with pytest.raises(StoreError, match="versions of a stream follow each other"):
        log.append(decided(log.head(), new(BEN, 2), read={BEN: 0}))
    assert log.head().position == 1


def test_readers_see_everything_but_passwords(on_server: OnServer, log: ServerLog, stored: Stored) -> None:
    log.append(decided(log.head(), new(ADA), new(ADA, 2, PasswordSet("$argon2id$v")), new(ADA, 3)))
    with on_server.log(on_server.member("rita", "reader")) as readers:
        assert (readers.account, readers.rights) == ("rita", "reader")
        seen = list(chain.from_iterable(readers.pages(0)))
        assert [row[:3] for row in seen] == [row[:3] for row in stored.rows()]
        assert [(row[3], row[4]) for row in seen] == [
            (None, None) if row[0][4] == "PasswordSet" else (row[3], row[4]) for row in stored.rows()
        ]
        with pytest.raises(StoreError, match="no right"):
            readers.append(decided(readers.head(), new(BEN, actor="rita")))
    with on_server.log(on_server.member("edna", "editor")) as editors:
        assert (editors.account, editors.rights) == ("edna", "editor")
        assert list(chain.from_iterable(editors.pages(0))) == stored.rows()
        editors.append(decided(editors.head(), new(BEN, actor="edna")))
    assert stored.rows()[-1][0][8] == "edna"


def test_only_admins_erase(on_server: OnServer, log: ServerLog, stored: Stored) -> None:
    log.append(decided(log.head(), new(ADA)))
    with (
        on_server.log(on_server.member("edna", "editor")) as editors,
        pytest.raises(RefusedError, match="Only an admin"),
    ):
        editors.append(decided(editors.head(), new(ADA, 2, UserErased(), actor="edna"), erased=(ADA,)))
    follower, other = BEN, CLEO
    log.confirm_forgotten(follower, log.head().position)
    log.confirm_forgotten(other, log.head().position)
    assert log.not_forgotten() == []
    log.append(decided(log.head(), new(ADA, 2, UserErased()), erased=(ADA,)))
    log.confirm_forgotten(follower, 2)
    ((account, when_us),) = log.not_forgotten()
    assert account == "ines"
    assert 0 <= log.now() - when_us < 60_000_000
    assert log.ask("SELECT value FROM {schema}.directory WHERE key = 'unswept'") == [("",)]
    log.ask("SELECT {schema}.sweep_1()")
    log.ask("SELECT {schema}.mark_swept_1()")
    assert first_damage(stored.rows(), erased={to_blob(ADA): 2}) is None
