"""The write side of a shared directory keeps the contract that a file keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.integration.store.follower.conftest import Computers
from tests.shared_directories import OnServer
from tests.unit.store.test_directory_log import DirectoryLogContract, Stored
from whowas.store.chain import ChainedRow
from whowas.store.directory_log import DirectoryLog
from whowas.store.event_log import EventLog
from whowas.store.follower import shared_log
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.recorded_event import from_blob
from whowas.store.server.server_log import ServerLog


class TestFollower(DirectoryLogContract):
    """What is decided on the follower and appended on the server; the other one is another computer's."""

    @pytest.fixture
    def directory(self, computers: Computers, monkeypatch: pytest.MonkeyPatch) -> SharedDirectory:
        # So that what the other has written is known at once, and not a second later.
        monkeypatch.setattr(shared_log, "_FRESH_S", 0.0)
        return computers.open("ines")

    @pytest.fixture
    def log(self, directory: SharedDirectory) -> DirectoryLog:
        return directory.writes

    @pytest.fixture
    def other(self, directory: SharedDirectory, computers: Computers) -> DirectoryLog:
        del directory
        return computers.open("ines", "elsewhere").writes

    @pytest.fixture
    def file(self, directory: SharedDirectory) -> Callable[[], EventLog]:
        def followed() -> EventLog:
            directory.follow()
            return directory.log

        return followed

    @pytest.fixture
    def stored(self, on_server: OnServer, file: Callable[[], EventLog]) -> Iterator[Stored]:
        with on_server.log() as log:
            yield _Stored(file, log)

    # Nobody writes there under two names; see test_three_writers_lose_nothing_and_double_nothing.
    test_two_who_write_at_once_lose_nothing = None
    # A follower derives owners from what happened, and here nothing happened by which anybody came to own anything.
    test_what_is_decided_on_is_what_was_appended = None
    test_what_is_read_is_of_one_moment = None
    # Nor does it follow histories of users who cannot be, as they were altered before they were created.
    test_rows_hold_what_was_decided_and_chain_byte_by_byte = None


class _Stored:
    """The rows that were followed, and the owners that the server was told of."""

    def __init__(self, file: Callable[[], EventLog], log: ServerLog) -> None:
        self._file = file
        self._log = log

    def rows(self) -> Sequence[ChainedRow]:
        return list(self._file().rows())

    def owners_of_email(self, key: str) -> Sequence[str]:
        return self._owners("SELECT user_id FROM {schema}.email_owner WHERE email = %s", key)

    def owners_of_external_id(self, key: str) -> Sequence[str]:
        return self._owners("SELECT user_id FROM {schema}.external_id_owner WHERE external_id = %s", key)

    def _owners(self, query: str, key: str) -> Sequence[str]:
        return [from_blob(user_id) for (user_id,) in self._log.ask(query, key)]
