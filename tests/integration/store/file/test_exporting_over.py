"""Exports never overwrite a directory, or SQLite's files beside one, by any name, nor any other directory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import contents, json_lines, whowas
from whowas.store.event_log import EventLog

ADA = json_lines({"command": "CreateUser", "first_name": "Ada"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two directories; another process has one open, with a log beside it; there are links to both."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("staff.whowas", "club.whowas"):
        whowas("run", folder / name, stdin=ADA)
    (folder / "link.csv").symlink_to(folder / "club.whowas")
    (folder / "link.whowas").symlink_to(folder / "staff.whowas")
    (folder / "hard.csv").hardlink_to(folder / "club.whowas")
    (folder / "club.whowas-wal").write_bytes(b"")
    (tmp_path / "in.csv").write_text("first_name,email\nBen,none\n")
    return folder


def export(folder: Path, file: str, target: Path) -> int:
    return whowas("export", folder / file, target, "--format", "csv").code


def refused_lines(folder: Path, file: str, target: Path) -> int:
    source = folder.parent / "in.csv"
    return whowas("import", folder / file, source, "--skip-refused", "--refused", target).code


@pytest.mark.parametrize("file", ["staff.whowas", "link.whowas"])
@pytest.mark.parametrize("target", ["staff.whowas", "club.whowas", "link.csv", "hard.csv", "club.whowas-wal"])
@pytest.mark.parametrize("write", [export, refused_lines])
def test_over_a_directory_nothing_is_written(
    folder: Path, write: Callable[[Path, str, Path], int], file: str, target: str
) -> None:
    before = contents(folder)
    assert write(folder, file, folder / target) == 2
    assert contents(folder) == before


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_through_a_link_the_log_of_what_it_leads_to_is_left_alone(folder: Path, suffix: str) -> None:
    with closing(EventLog.open(folder / "staff.whowas")):
        beside = folder / f"staff.whowas{suffix}"
        assert beside.exists()
        answer = whowas("export", folder / "link.whowas", beside, "--format", "csv")
    assert answer.code == 2
    assert answer.err == f"“staff.whowas{suffix}” is a Whowas directory, or part of one; choose another file.\n"


def test_over_another_file_it_is_written(folder: Path) -> None:
    target = folder / "club.whowas.csv"
    target.write_text("what was there")
    assert export(folder, "staff.whowas", target) == 0
    assert "Ada" in target.read_text()
