"""What a reader of a shared directory is told of passwords: that they are set, and never what their hashes are."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import whowas
from tests.unit.store.follower.followed_file import FollowedFile
from whowas.command_bus.bus import Bus
from whowas.domain.commands import ClearPassword, CreateUser, EraseUser, SetPassword, UpdateUser
from whowas.domain.errors import RefusedError, StoreError
from whowas.projections.sides.read_side import ReadSide
from whowas.store.backup import back_up
from whowas.store.event_log import EventLog
from whowas.store.file import schema
from whowas.store.follower.follower import Follower

ADA, BEN, CLEO = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abc")
HASHES = ("$argon2id$one", "$argon2id$two", "$argon2id$three")


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """A reader's follower: Ada has a password that was set twice, Ben's was cleared, and Cleo was erased."""
    path = tmp_path / "reader.whowas"
    with closing(EventLog.create(tmp_path / "server.whowas")) as log:
        now = iter(range(1_700_000_000_000_000, 1_800_000_000_000_000, 1_000_000))
        bus = Bus(log, clock=lambda: next(now), actor="ines")
        for user_id, name in ((ADA, "Ada"), (BEN, "Ben"), (CLEO, "Cleo")):
            bus.dispatch(CreateUser(user_id, {"first_name": name, "external_id": name.lower()}, {}))
        bus.dispatch(SetPassword(ADA, HASHES[0]))
        bus.dispatch(SetPassword(ADA, HASHES[1]))
        bus.dispatch(SetPassword(BEN, HASHES[2]))
        bus.dispatch(ClearPassword(BEN))
        bus.dispatch(SetPassword(CLEO, HASHES[2]))
        bus.dispatch(EraseUser(CLEO))
        follower = Follower(path, log.directory_id, hides_passwords=True)
        with closing(follower.log):
            follower.follow(FollowedFile(log, hides_passwords=True))
    return path


def test_it_is_sound_and_says_what_is_hidden(followed: Path) -> None:
    answer = whowas("verify", followed)
    assert (answer.code, answer.err) == (0, "")
    assert "3 of the payloads are hidden from you" in answer.out


def test_histories_say_that_a_password_was_set(followed: Path) -> None:
    assert whowas("history", followed, "ada").out.count("Password set") == 2
    ben = whowas("history", followed, "ben").out
    assert ben.count("Password set") == ben.count("Password cleared") == 1
    assert "Password" in whowas("diff", followed, "#4", "#5").out, "which one it is was altered"
    assert "Password" in whowas("diff", followed, "#3", "#9").out


def test_nothing_that_is_printed_or_exported_takes_it_for_a_hash(followed: Path, tmp_path: Path) -> None:
    commands: list[tuple[object, ...]] = [
        ("list", followed, "--json"),
        ("show", followed, "ada", "--json"),
        ("show", followed, "ada"),
        ("history", followed, "--json"),
        *(("export", followed, "-", "--format", kind) for kind in ("csv", "log")),
    ]
    for command in commands:
        answer = whowas(*command)
        assert answer.code == 0, command
        assert "hidden:" not in answer.out, command
        assert "argon2" not in answer.out, command
    assert (
        whowas("show", followed, "ada", "--json").objects
        == whowas("show", tmp_path / "server.whowas", "ada", "--json").objects
    )


def test_what_was_read_is_that_a_password_is_set(followed: Path, tmp_path: Path) -> None:
    with closing(EventLog.open(followed)) as log, closing(ReadSide(log, tmp_path / "cache")) as side:
        index = side.catch_up()
        users = [row.user for row in side.each([int(number) for number in index.numbers]) if row is not None]
    last = {user.id: user for user in sorted(users, key=lambda user: user.version)}
    assert last[ADA].password
    assert last[BEN].password is None


def test_it_is_never_stored(followed: Path) -> None:
    with closing(EventLog.open(followed)) as log:
        bus = Bus(log, clock=lambda: 1_900_000_000_000_000, actor="rita")
        with pytest.raises(RefusedError, match="hidden from you"):
            bus.dispatch(SetPassword(BEN, "hidden:4"))
        bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
        assert log.verify() is None


def test_a_copy_says_so_too(followed: Path, tmp_path: Path) -> None:
    back_up(followed, tmp_path / "copy.whowas")
    assert "3 of the payloads are hidden from you" in whowas("verify", tmp_path / "copy.whowas").out


def test_in_any_other_file_a_missing_hash_is_damage(followed: Path, tmp_path: Path) -> None:
    with closing(EventLog.open(followed)) as log:
        follower = Follower(tmp_path / "other.whowas", log.directory_id, hides_passwords=False)
        with closing(follower.log), pytest.raises(StoreError, match="the payload is missing"):
            follower.follow(FollowedFile(log))


def test_older_programs_are_told_that_they_do_not_know_it(followed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "NO_TYPES", frozenset({schema.RENEWED_TYPE}))
    with pytest.raises(StoreError, match="“PasswordsHidden”"):
        EventLog.open(followed)
