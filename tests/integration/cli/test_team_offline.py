"""The command line on a shared directory whose server is away: reading goes on, saving is refused, nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from tests.command_line import json_lines, whowas
from tests.integration.cli.shared_staff import SharedStaff, made_staff, share
from tests.postgres import Cluster, running_cluster
from whowas.cli.committing import SavedOnServer
from whowas.store.server.server_log import ServerLog

NEW = json_lines({"command": "CreateUser", "first_name": "Chi"})
NOTE = "Not connected since "


@pytest.fixture(scope="module")
def of_this_module() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def stopping(of_this_module: Cluster) -> Iterator[Cluster]:
    """A server that a test may stop."""
    yield of_this_module
    of_this_module.stop()
    (of_this_module.data / "postgresql.auto.conf").write_text("")
    of_this_module.start()


@pytest.fixture
def staff(tmp_path: Path, stopping: Cluster) -> SharedStaff:
    return share(made_staff(tmp_path), stopping, stopping.database())


def test_without_its_server_it_is_read_and_not_written(staff: SharedStaff, stopping: Cluster, tmp_path: Path) -> None:
    reading = (
        ("list", staff.team_file, "--json"),
        ("show", staff.team_file, "1"),
        ("history", staff.team_file),
        ("export", staff.team_file, "-", "--format", "log"),
        ("head", staff.team_file),
        ("list", staff.url),
        ("show", staff.team_file, "nobody"),
    )
    before = [whowas(*command) for command in reading]
    stopping.stop()
    for command, online in zip(reading, before, strict=True):
        offline = whowas(*command)
        assert (offline.code, offline.out) == (online.code, online.out)
        note, *rest = offline.err.splitlines()
        assert note.startswith(NOTE)
        assert "this is the directory as it was then" in note
        assert rest == online.err.splitlines()
    assert whowas("verify", staff.team_file).code == 0
    assert "The server has the same" not in whowas("verify", staff.team_file).out
    copy = tmp_path / "copy.whowas"
    assert whowas("backup", staff.team_file, copy).code == 0
    rows = tmp_path / "rows.csv"
    rows.write_text("First name\nDan\n", encoding="utf-8")
    for refused in (
        whowas("run", staff.team_file, stdin=NEW),
        whowas("import", staff.team_file, rows),
        whowas("erase", staff.team_file, "1", "--yes"),
        whowas("team", "grant", staff.team_file, "ada", "reader"),
        whowas("team", "members", staff.team_file),
        whowas("team", "check", staff.team_file),
        whowas("team", "take-back", staff.team_file, tmp_path / "back.whowas"),
    ):
        assert (refused.code, refused.out) == (2, "")
        assert refused.err.count("\n") == 1
    stopping.start()
    assert whowas("list", staff.team_file, "--json") == before[0]
    assert whowas("head", staff.team_file).out == whowas("head", copy).out


def test_where_there_is_neither_server_nor_copy(staff: SharedStaff, stopping: Cluster, tmp_path: Path) -> None:
    unseen = tmp_path / "unseen.whowas-team"
    unseen.write_text(f"host = {stopping.folder}\ndbname = nowhere\n", encoding="utf-8")
    stopping.stop()
    answer = whowas("list", unseen)
    assert (answer.code, answer.out) == (2, "")
    assert "is not running" in answer.err


def press_at(monkeypatch: pytest.MonkeyPatch, owner: type, method: str, call: int, *, after: bool) -> None:
    """Press Ctrl+C once, before or after so many calls of a method."""
    original, calls = getattr(owner, method), 0

    def interrupted(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            raise KeyboardInterrupt
        result = original(*arguments, **named)
        if calls == call and after:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(owner, method, interrupted)


LINES = json_lines(*({"command": "CreateUser", "first_name": name} for name in ("Chi", "Dan", "Eva")))


@pytest.mark.parametrize(
    ("owner", "method", "after", "saved"),
    [
        (SavedOnServer, "before_commit", False, 1),
        (SavedOnServer, "before_commit", True, 1),
        (ServerLog, "append", False, 1),
        (ServerLog, "append", True, 2),
        (SavedOnServer, "after_commit", False, 2),
        (SavedOnServer, "after_commit", True, 2),
    ],
)
def test_stopped_while_saving(
    staff: SharedStaff, monkeypatch: pytest.MonkeyPatch, owner: type, method: str, after: bool, saved: int
) -> None:
    with monkeypatch.context() as patched:
        press_at(patched, owner, method, 2, after=after)
        stopped = whowas("run", staff.team_file, stdin=LINES)
    changes = "1 change is saved" if saved == 1 else f"{saved} changes are saved"
    assert (stopped.code, stopped.err) == (1, f"Stopped; {changes}.\n")
    names = [user["first_name"] for user in whowas("list", staff.team_file, "--json").objects]
    assert names == ["Ada", "Ben", "Chi", "Dan", "Eva"][: 2 + saved]
    assert whowas("verify", staff.team_file).code == 0


@pytest.mark.parametrize(
    ("owner", "method", "after", "saved"),
    [
        (SavedOnServer, "before_commit", True, False),
        (ServerLog, "append_whole", False, False),
        (ServerLog, "append_whole", True, True),
        (SavedOnServer, "after_commit", False, True),
    ],
)
def test_an_import_stopped_while_saving(
    staff: SharedStaff,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    method: str,
    after: bool,
    saved: bool,
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("First name\nDan\nEva\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        press_at(patched, owner, method, 1, after=after)
        stopped = whowas("import", staff.team_file, rows)
    assert stopped.code == (1 if saved else 2)
    assert stopped.err.splitlines()[-1] == ("Stopped; 1 change is saved." if saved else "Stopped.")
    assert len(whowas("list", staff.team_file, "--json").objects) == (4 if saved else 2)
    assert whowas("verify", staff.team_file).code == 0


def test_stopped_while_saving_and_the_server_is_gone(
    staff: SharedStaff, stopping: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = ServerLog.append

    def stopped_after(log: ServerLog, decided: object) -> object:
        original(log, decided)  # type: ignore[arg-type]
        stopping.stop()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ServerLog, "append", stopped_after)
        stopped = whowas("run", staff.team_file, stdin=NEW)
    assert stopped.code == 1
    assert "Another one may be" in stopped.err
    stopping.start()
    assert "Chi" in whowas("list", staff.team_file).out


def test_reading_does_not_wait_for_a_second_server(
    staff: SharedStaff, stopping: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert whowas("erase", staff.team_file, "2", "--yes").code == 0
    stopping.set(synchronous_standby_names="elsewhere")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another computer"))
    listed = whowas("list", staff.url)
    stopping.set(synchronous_standby_names="")
    assert (listed.code, listed.err) == (0, "")


def test_what_is_not_yet_on_the_second_server_is_said(staff: SharedStaff, stopping: Cluster) -> None:
    stopping.set(synchronous_standby_names="elsewhere")

    def stop_waiting() -> None:
        """End the wait for the second server, as its keeper may."""
        with stopping.superuser() as connection:
            waiting = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            while connection.execute(waiting).fetchone() is None:
                time.sleep(0.01)

    keeper = Thread(target=stop_waiting)
    keeper.start()
    saved = whowas("run", staff.team_file, stdin=NEW)
    keeper.join()
    stopping.set(synchronous_standby_names="")
    assert (saved.code, saved.objects[0]["ok"]) == (0, True)
    assert saved.err == "Saved on the server, not yet copied to the second one.\n"
