"""A log that is written straight into its file is one that the program could have written."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.benchmarks.long_logs import write_long_log
from tests.benchmarks.peer import replayed
from whowas.domain.events import GroupLeft, UserDeleted, UserReactivated, UserRestored
from whowas.domain.unique import reserved
from whowas.store.event_log import EventLog


def test_a_long_log_is_whole_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "long.whowas"
    write_long_log(path, users=100, changes=1_500)
    log = EventLog.open(path)
    assert log.verify() is None
    assert log.head().position == 1_500
    kinds = Counter(type(recorded.event) for recorded in log.read())
    assert min(kinds[kind] for kind in (UserDeleted, UserRestored, UserReactivated, GroupLeft)) > 0
    assert len({recorded.change_id for recorded in log.read()}) == 1_500
    users = replayed(log).values()
    assert len(users) == 100
    assert any(user.status == "deleted" for user in users)
    for user in users:
        email = reserved("email", user)
        assert email is None or log.owners_of_email(email) == [user.id]
    assert (path.stat().st_mode & 0o777, log.read_only) == (0o600, "")
    log.close()
