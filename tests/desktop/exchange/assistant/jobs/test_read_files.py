"""Files as they were read, and whether they are on disk what was read."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from whowas.desktop.exchange.assistant.jobs.read_files import (
    called,
    changed_since,
    distinct_names,
    read_files,
    stamp_of,
)
from whowas.domain.errors import CancelledError
from whowas.domain.progress import unwatched


def written(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def test_what_was_not_touched_is_not_told_of(tmp_path: Path) -> None:
    paths = [written(tmp_path / name, "email\n") for name in ("a.csv", "b.csv")]
    with ExitStack() as kept:
        assert changed_since(read_files(paths, kept, unwatched)) == ""


def test_what_was_changed_and_what_is_gone_is_told_in_one_sentence(tmp_path: Path) -> None:
    paths = [written(tmp_path / f"{name}.csv", "email\n") for name in "abcde"]
    with ExitStack() as kept:
        files = read_files(paths, kept, unwatched)
        paths[0].unlink()
        assert changed_since(files) == "“a.csv” is no longer there. What was read of it can be imported."
        paths[1].unlink()
        assert changed_since(files) == "“a.csv” and “b.csv” are no longer there. What was read of them can be imported."
        paths[2].write_text("email\nx@example.org\n")
        assert changed_since(files) == (
            "“c.csv” was changed since it was read. Read it again, or import what was read."
        )
        for path in paths:
            path.write_text("email\nx@example.org\n")
        assert changed_since(files) == (
            "“a.csv”, “b.csv”, “c.csv” and 2 more were changed since they were read. "
            "Read them again, or import what was read."
        )


def test_a_file_of_the_same_length_that_was_written_later_is_another(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "email\n")
    before = stamp_of(path)
    os.utime(path, ns=(1, 1))
    assert stamp_of(path) != before


def test_what_has_no_lasting_state_has_no_stamp(tmp_path: Path) -> None:
    assert stamp_of(tmp_path) is None
    assert stamp_of(tmp_path / "gone.csv") is None


def test_one_that_cannot_be_read_says_so_and_the_others_are_read(tmp_path: Path) -> None:
    there = written(tmp_path / "there.csv", "email\n")
    with ExitStack() as kept:
        gone, read = read_files([tmp_path / "gone.csv", there], kept, unwatched)
    assert gone.unread == "“gone.csv” cannot be read: No such file or directory."
    assert (read.unread, read.source.content) == ("", b"email\n")


def test_reading_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whowas.interchange.source.HELD_BYTES", 2)

    def cancelled(_done: int, _total: int) -> None:
        raise CancelledError("Cancelled.")

    with ExitStack() as kept, pytest.raises(CancelledError):
        read_files([written(tmp_path / "a.csv", "email\n")], kept, cancelled)


def test_a_file_is_read_once_however_often_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.csv", "email\n")
    monkeypatch.chdir(tmp_path)
    with ExitStack() as kept:
        assert len(read_files([path, Path("a.csv"), path], kept, unwatched)) == 1


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["/x/a.csv", "/x/b.csv"], ["a.csv", "b.csv"]),
        (["/x/a.csv", "/y/a.csv", "/y/b.csv"], ["x/a.csv", "y/a.csv", "b.csv"]),
        (["/1/x/a.csv", "/2/x/a.csv", "/y/a.csv"], ["1/x/a.csv", "2/x/a.csv", "y/a.csv"]),
        (["/a.csv", "/x/a.csv"], ["//a.csv", "x/a.csv"]),
    ],
)
def test_names_are_told_apart_by_as_many_folders_as_that_takes(paths: list[str], names: list[str]) -> None:
    assert distinct_names([Path(path) for path in paths]) == names


def test_one_file_is_called_by_its_name_and_several_are_counted() -> None:
    assert called(["a.csv"]) == "a.csv"
    assert called(["a.csv"] * 1200) == "1,200 files"
