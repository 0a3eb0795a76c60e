"""Files are written whole or not at all, for their owner only, and never over what must not be lost."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.domain.errors import StoreError
from whowas.interchange.writing import require_writable, write_lines


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Stands for the directory that is exported."""
    file = tmp_path / "staff.whowas"
    file.write_text("the directory", encoding="utf-8")
    return file


def test_a_file_is_for_its_owner_only_also_where_another_was(directory: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before", encoding="utf-8")
    out.chmod(0o644)

    write_lines(out, ["a\n", "é\r\n"], directory)

    assert out.read_bytes() == b"a\n\xc3\xa9\r\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_what_was_there_stays_when_the_lines_break_off(directory: Path, tmp_path: Path) -> None:
    def lines() -> Iterator[str]:
        yield "a\n"
        raise StoreError("The disk failed.")

    out = tmp_path / "out.csv"
    out.write_text("before", encoding="utf-8")

    with pytest.raises(StoreError, match="The disk failed"):
        write_lines(out, lines(), directory)

    assert out.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "staff.whowas"]


def test_a_link_is_followed_and_stays_a_link(directory: Path, tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.touch()
    link.symlink_to(target)

    write_lines(link, ["a\n"], directory)

    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "a\n"


def test_what_is_no_file_is_written_into_and_not_replaced(directory: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    write_lines(pipe, ["a\n"], directory)

    assert os.read(reader, 100) == b"a\n"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    os.close(reader)


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_the_directory_and_what_belongs_to_it_are_not_written_over(suffix: str, directory: Path) -> None:
    target = directory.with_name(directory.name + suffix)
    target.write_text("as it was", encoding="utf-8")

    with pytest.raises(StoreError, match="choose another file"):
        write_lines(target, ["a\n"], directory)

    assert target.read_text(encoding="utf-8") == "as it was"


def test_a_place_that_cannot_be_written_is_named_before_anything_is_done(directory: Path, tmp_path: Path) -> None:
    for path, sentence in ((tmp_path, "is a folder"), (tmp_path / "nowhere" / "out.csv", "nowhere” does not exist")):
        with pytest.raises(StoreError, match=sentence):
            require_writable(path, directory)


def test_bytes_that_were_no_text_come_back_as_they_were(directory: Path, tmp_path: Path) -> None:
    write_lines(tmp_path / "out", [b"x\xff\n".decode("utf-8", "surrogateescape")], directory)
    assert (tmp_path / "out").read_bytes() == b"x\xff\n"


def test_a_directory_that_is_not_there_yet_is_not_written_over_either(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="choose another file"):
        require_writable(tmp_path / "new.whowas", tmp_path / "x" / ".." / "new.whowas")
