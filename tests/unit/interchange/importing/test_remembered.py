"""What is remembered of imports is a help: it comes back as it was, and never stands in the way."""

from __future__ import annotations

import json
from pathlib import Path
from stat import S_IMODE
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.users import STATUSES
from whowas.interchange.importing import remembered
from whowas.interchange.importing.given.rules import ImportRules, LeaveOut, Missing, Similar
from whowas.interchange.importing.remembered import (
    MOST_DIRECTORIES,
    MOST_SETS,
    LastImport,
    RememberedColumns,
    columns_for,
    last_import,
    remember_columns,
    remember_import,
)
from whowas.interchange.mapping.chosen import Blank, Chosen
from whowas.interchange.reading.table import HowToRead
from whowas.system import folders

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
CHOSEN = st.builds(
    Chosen,
    fields=st.dictionaries(TEXT, st.none() | TEXT, max_size=3),
    statuses=st.dictionaries(TEXT, st.sampled_from(STATUSES), max_size=3),
    blank=st.none() | st.sampled_from(get_args(Blank)),
)
HOW = st.builds(
    HowToRead, encoding=st.none() | TEXT, delimiter=st.none() | TEXT, sheet=st.none() | TEXT, header=st.booleans()
)
RULES = st.builds(
    ImportRules,
    keys=st.lists(TEXT, max_size=3).map(tuple),
    similar=st.sampled_from(get_args(Similar)),
    missing=st.sampled_from(get_args(Missing)),
    among=TEXT,
    skip_refused=st.booleans(),
)
MADE = st.builds(LastImport, paths=st.lists(TEXT, max_size=3).map(tuple), how=HOW, chosen=CHOSEN, rules=RULES)
TITLES = ("First name", "E-Mail", "Room")
SAID = Chosen({"Room": "attributes.Room"}, {"away": "suspended"}, "clear")
LAST = LastImport(("/lists/a.csv",), HowToRead(), SAID, ImportRules())


@given(CHOSEN, st.lists(TEXT, max_size=3))
def test_what_was_said_of_titles_comes_back(chosen: Chosen, keys: list[str]) -> None:
    remember_columns(TITLES, chosen, keys)
    assert columns_for(TITLES) == RememberedColumns(chosen, tuple(keys))


@given(st.text(max_size=20), MADE)
def test_the_last_import_into_a_directory_comes_back(directory: str, made: LastImport) -> None:
    remember_import("/other.whowas", LAST)
    if directory.isprintable():
        remember_import(directory, made)
        assert last_import(directory) == made
        assert last_import("/other.whowas") == LAST


def test_nothing_is_remembered_at_first() -> None:
    assert columns_for(TITLES) is None
    assert last_import("/staff.whowas") is None


def test_a_set_of_titles_is_known_whatever_its_order_and_case() -> None:
    remember_columns(TITLES, SAID, ["email"])
    assert columns_for(["room", "e-mail", "First Name", ""]) == RememberedColumns(SAID, ("email",))
    assert columns_for([*TITLES, "Phone"]) is None
    assert columns_for(TITLES[:2]) is None


@pytest.mark.parametrize("titles", [("1", "2", "3"), ("Ada", "ada@example.org"), (), ("", "")])
def test_what_are_no_titles_is_not_remembered(titles: tuple[str, ...]) -> None:
    remember_columns(titles, SAID, ["email"])
    assert columns_for(titles) is None
    assert not _file().exists()


def test_what_holds_for_one_time_is_not_remembered() -> None:
    once = ImportRules(yes=True, decisions={("a.csv", 2): LeaveOut()})
    remember_import("/staff.whowas", LastImport((), HowToRead(), Chosen(), once))
    remember_columns(TITLES, Chosen(name="members"), [])
    found, columns = last_import("/staff.whowas"), columns_for(TITLES)
    assert found is not None
    assert columns is not None
    assert found.rules == ImportRules()
    assert columns.chosen == Chosen()


def test_only_so_many_are_kept_and_the_latest_last() -> None:
    for number in range(MOST_SETS + 3):
        remember_columns([f"Title {number}"], SAID, [])
        if number == MOST_SETS:
            remember_columns(["Title 2"], SAID, [])
    for number in range(MOST_DIRECTORIES + 1):
        remember_import(f"/{number}.whowas", LAST)
    assert [columns_for([f"Title {number}"]) is None for number in range(4)] == [True, True, False, True]
    assert len(json.loads(_file().read_bytes())["columns"]) == MOST_SETS
    assert last_import("/0.whowas") is None
    assert last_import("/1.whowas") == LAST


def test_the_oldest_go_before_the_file_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_LARGEST", 5_000)
    for number in range(40):
        remember_columns([f"Title {number}"], Chosen({"x" * 400: None}), [])
        assert columns_for([f"Title {number}"]) is not None
        assert _file().stat().st_size <= 5_000
    assert columns_for(["Title 0"]) is None
    before = _file().read_bytes()
    remember_import("/staff.whowas", LastImport(("x" * 6_000,), HowToRead(), Chosen(), ImportRules()))
    assert _file().read_bytes() == before


def test_the_file_is_for_its_owner_alone() -> None:
    remember_columns(TITLES, SAID, [])
    assert S_IMODE(_file().stat().st_mode) == 0o600
    assert S_IMODE(_file().parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\0" * 40, b"[]", b"{}", b'{"whowas": "imports"', b"\xff", b'{"whowas": "mappings", "version": 1}'),
        b"[" * 100_000,
        b'{"whowas": "imports", "version": 1, "columns": []}',
        b'{"whowas": "imports", "version": 1, "columns": {"a": {"chosen": {"statuses": {"x": "gone"}}, "keys": []}}}',
        b'{"whowas": "imports", "version": 1, "imports": {"/staff.whowas": {"paths": "a.csv"}}}',
    ],
)
def test_a_damaged_file_means_that_nothing_is_remembered_and_is_written_anew(content: bytes) -> None:
    folders.private_folder(_file().parent)
    _file().write_bytes(content)
    assert columns_for(TITLES) is None
    assert last_import("/staff.whowas") is None
    remember_import("/staff.whowas", LAST)
    assert last_import("/staff.whowas") == LAST


def test_a_newer_versions_file_is_not_read_and_not_lost() -> None:
    content = b'{"whowas": "imports", "version": 2, "columns": ["in another form"]}'
    folders.private_folder(_file().parent)
    _file().write_bytes(content)
    assert columns_for(TITLES) is None
    remember_columns(TITLES, SAID, [])
    remember_import("/staff.whowas", LAST)
    assert _file().read_bytes() == content


def test_what_cannot_be_written_is_not_remembered() -> None:
    folders.config().parent.mkdir(parents=True, exist_ok=True)
    folders.config().write_bytes(b"a file where the folder should be")
    remember_columns(TITLES, SAID, [])
    remember_import("/staff.whowas", LAST)
    assert columns_for(TITLES) is None
    assert last_import("/staff.whowas") is None


def test_a_path_that_is_no_text_is_not_remembered_and_loses_nothing() -> None:
    remember_columns(TITLES, SAID, [])
    remember_import("/staff.whowas", LastImport(("/lists/\udcff.csv",), HowToRead(), Chosen(), ImportRules()))
    remember_columns(["\udcff"], SAID, [])
    assert last_import("/staff.whowas") is None
    assert columns_for(TITLES) == RememberedColumns(SAID, ())


def _file() -> Path:
    return folders.config() / "imports.json"
