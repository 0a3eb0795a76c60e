"""A directory file is tampered with, bit by bit and by SQL: ``verify`` may be silent about unused bytes only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.altered_files import alter
from tests.faults.alterations import ALLOWED, IN_ROWS, IN_SCHEMA
from tests.faults.figures import FIGURES
from tests.faults.scenarios import EVERY
from tests.faults.tampering import Judge, flips, page_size, realistic_directory

pytestmark = pytest.mark.timeout(3600)

FLIPS = 1_000 if EVERY else 60


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a past, closed."""
    file = tmp_path_factory.mktemp("whole") / "whole.whowas"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
            patch.setenv(name, str(file.parent / name))
        realistic_directory(file)
    return file


@pytest.fixture
def judge(whole: Path, tmp_path: Path) -> Judge:
    """The judge of a copy of it."""
    folder = tmp_path / "files"
    folder.mkdir()
    return Judge(whole, folder / "staff.whowas")


def test_a_flipped_bit_is_found_or_is_of_no_use_to_anybody(judge: Judge, whole: Path) -> None:
    wrong: list[str] = []
    for flip in flips(whole.stat().st_size, page_size(whole), FLIPS, seed=14):
        flip.strike(judge.lay())
        verdict = judge.verdict()
        findings = [] if verdict in ("found", "unused") else [verdict]
        FIGURES.count("tampering", "bits", findings)
        wrong += [f"{flip}: {finding}" for finding in findings]
    assert not wrong, "\n".join([f"{len(wrong)} findings", *wrong])


def guarded(file: Path, *statements: str) -> None:
    """Carry out statements with all triggers in their place, and empty the write-ahead log."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.parametrize(
    ("matrix", "how", "verdict"),
    [(IN_ROWS, alter, "found"), (IN_SCHEMA, guarded, "found"), (ALLOWED, guarded, "unused")],
    ids=["rows", "schema", "allowed"],
)
def test_an_alteration_by_sql_is_found(
    matrix: dict[str, tuple[str, ...]], how: Callable[..., None], verdict: str, judge: Judge
) -> None:
    wrong: list[str] = []
    for name, statements in matrix.items():
        how(judge.lay(), *statements)
        found = judge.verdict()
        findings = [] if found == verdict else [f"untrue: {found}"]
        FIGURES.count("tampering", "SQL", findings)
        wrong += [f"{name}: {finding}" for finding in findings]
    assert not wrong, "\n".join([f"{len(wrong)} findings", *wrong])
