"""What is being made lies hidden beside its place, is named in the register, and nobody takes it for abandoned."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.system import file_lock, folders
from whowas.system.file_lock import locked_if_abandoned, made_and_locked
from whowas.system.hidden_names import OWNER, key_of, name_of
from whowas.system.unfinished import HiddenFolder, unfinished_at, write_whole
from whowas.system.unfinished_register import Place, register


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_below", tmp_path / "home")


def hidden(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if key_of(path.name)]


def entries() -> list[Path]:
    return list(register().iterdir()) if register().exists() else []


def test_it_is_made_beside_its_place_under_its_own_name_and_is_named(tmp_path: Path) -> None:
    with unfinished_at(tmp_path / "staff.csv") as new:
        (folder,) = hidden(tmp_path)
        assert new == folder / "staff.csv"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (entry,) = entries()
        assert stat.S_IMODE(entry.stat().st_mode) == 0o600
        assert f".whowas-{entry.name}.new" == folder.name
        assert Place.read(entry.read_bytes()).folder == folder
        new.write_text("made")
        new.with_name("staff.csv-wal").write_text("its companion")
        new.rename(tmp_path / "staff.csv")
    assert (tmp_path / "staff.csv").read_text() == "made"
    assert (hidden(tmp_path), entries()) == ([], [])


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with unfinished_at(tmp_path / "staff.csv") as new:
            new.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (hidden(tmp_path), entries(), (tmp_path / "staff.csv").exists()) == ([], [], False)


@pytest.mark.parametrize("what", ["a file", "unwritable"])
def test_without_a_register_things_work_as_before(tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if what == "a file":
        (tmp_path / "home").write_text("in the way")
    else:
        monkeypatch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with unfinished_at(tmp_path / "staff.csv") as new:
        assert (hidden(tmp_path), entries()) == ([new.parent], [])
        assert locked_if_abandoned(new.parent / OWNER) is None
    assert (hidden(tmp_path), entries()) == ([], [])


def test_what_lies_in_a_hidden_folder_needs_no_entry(tmp_path: Path) -> None:
    with unfinished_at(tmp_path / "outer") as outer, unfinished_at(outer.parent / "inner") as inner:
        assert inner.parent.parent == outer.parent
        assert len(entries()) == 1
    assert (hidden(tmp_path), entries()) == ([], [])


def test_a_missing_folder_is_told_and_leaves_no_entry(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        HiddenFolder.made_in(tmp_path / "nowhere")
    assert entries() == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "drafts.json"
    file.write_text("old")
    file.chmod(0o644)
    write_whole(file, b"new")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", 0o600)
    file.unlink()
    file.mkdir()
    with pytest.raises(OSError, match="drafts"):
        write_whole(file, b"newer")
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["drafts.json"]


def test_a_lock_is_held_until_it_is_closed(tmp_path: Path) -> None:
    lock = made_and_locked(tmp_path / "lock")
    assert locked_if_abandoned(tmp_path / "lock") is None
    os.close(lock)
    again = locked_if_abandoned(tmp_path / "lock")
    assert again is not None
    os.close(again)
    with pytest.raises(FileExistsError):
        made_and_locked(tmp_path / "lock")
    with pytest.raises(FileNotFoundError):
        locked_if_abandoned(tmp_path / "nothing")


def test_who_is_swept_away_before_the_lock_starts_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between making the file and locking it another process may take it for abandoned."""
    tried: list[Path] = []

    def swept_once(path: Path) -> int:
        tried.append(path)
        if len(tried) == 1:
            raise FileNotFoundError(path)
        return made_and_locked(path)

    monkeypatch.setattr(file_lock, "made_and_locked", swept_once)
    with unfinished_at(tmp_path / "staff.csv") as new:
        assert hidden(tmp_path) == [new.parent]
    assert len(set(tried)) == 2
    assert (hidden(tmp_path), entries()) == ([], [])


def test_a_lock_that_was_taken_by_a_sweeper_is_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def taken(*_: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(fcntl, "flock", taken)
    with pytest.raises(FileNotFoundError):
        made_and_locked(tmp_path / "lock")
    monkeypatch.setattr(fcntl, "flock", lambda *_: (tmp_path / "another").unlink())
    with pytest.raises(FileNotFoundError):
        made_and_locked(tmp_path / "another")


@given(st.text("0123456789abcdefg", min_size=7, max_size=9))
def test_a_name_is_told_by_its_key(key: str) -> None:
    assert key_of(name_of(key)) == (key if len(key) == 8 and "g" not in key else None)
    assert key_of(f"x{name_of(key)}") is key_of(f"{name_of(key)}x") is key_of(key) is None


@pytest.mark.parametrize(
    "entry", [b"", b"1 2", b"1 2\nrelative/.whowas-01234567.new", b"1 2\n/tmp/mine", b"x y\n/.whowas-01234567.new"]
)
def test_what_is_no_entry_is_none(entry: bytes) -> None:
    with pytest.raises(ValueError, match="not an entry"):
        Place.read(entry)
