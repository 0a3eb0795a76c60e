"""Mappings kept under a name or in a file: they come back as they were, and what is damaged is said in a sentence."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.mapping.saved_mappings import (
    save_mapping,
    saved_mapping,
    with_saved,
    write_mapping,
)
from whowas.system import folders

CHOSEN = Chosen(
    {"Nick": "attributes.Nick", "Fee": None, "Who": "name", "Nr": "external_id"}, {"left": "suspended"}, "clear"
)


def settings() -> Path:
    return folders.config() / "mappings.json"


def test_a_saved_mapping_comes_back_as_it_was() -> None:
    save_mapping("Members", CHOSEN)
    save_mapping("Staff", Chosen({"A": "email"}))

    found = saved_mapping("members")
    assert (found.fields, found.statuses, found.blank, found.name) == (
        CHOSEN.fields,
        CHOSEN.statuses,
        "clear",
        "Members",
    )
    assert saved_mapping("Staff").fields == {"A": "email"}
    assert stat.S_IMODE(settings().stat().st_mode) == 0o600


def test_saving_again_replaces() -> None:
    save_mapping("Members", CHOSEN)
    save_mapping("MEMBERS", Chosen({"A": "email"}))
    assert (saved_mapping("Members").fields, saved_mapping("Members").name) == ({"A": "email"}, "MEMBERS")
    assert [kept["name"] for kept in json.loads(settings().read_text())["mappings"]] == ["MEMBERS"]


def test_a_mapping_saved_out_of_another_has_what_that_says_and_what_is_said_now() -> None:
    save_mapping("Members", CHOSEN)
    save_mapping("Alumni", Chosen({"nick": None, "Code": "external_id"}, {"LEFT": "deleted"}, name="Members"))

    found = saved_mapping("Alumni")
    assert found.fields == {"Fee": None, "Who": "name", "nick": None, "Code": "external_id"}
    assert found.statuses == {"LEFT": "deleted"}


def test_a_saved_mapping_can_be_exported_and_given_by_its_path(tmp_path: Path) -> None:
    save_mapping("Members", CHOSEN)
    path = tmp_path / "given.json"
    write_mapping(path, Chosen(name="Members"))
    settings().unlink()

    assert saved_mapping(str(path)).fields == CHOSEN.fields
    assert saved_mapping(str(path)).name == "given"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_written_mapping_is_called_like_its_file(tmp_path: Path) -> None:
    write_mapping(tmp_path / "alumni.json", CHOSEN)
    assert saved_mapping(str(tmp_path / "alumni.json")).name == "alumni"


def test_titles_that_a_list_does_not_have_are_told_and_overlooked() -> None:
    save_mapping("Members", CHOSEN)
    chosen, told = with_saved(Chosen(name="Members"), ("nick", "Who"))
    assert chosen.fields == {"Nick": "attributes.Nick", "Who": "name"}
    assert chosen.name == "Members"
    assert [("Fee" in sentence, "Nr" in sentence) for sentence in told] == [(True, True)]


def test_what_is_not_there_is_said_with_what_is() -> None:
    with pytest.raises(RefusedError, match="no saved mapping called “Members”"):
        saved_mapping("Members")
    save_mapping("Staff", CHOSEN)
    with pytest.raises(RefusedError, match="There is “Staff”"):
        saved_mapping("Members")


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"', "{}", "\0", '{"whowas": "mapping"}', "[" * 100_000])
def test_a_damaged_mapping_is_one_sentence(content: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(RefusedError, match="damaged"):
        saved_mapping(str(path))
    settings().parent.mkdir(parents=True, exist_ok=True)
    settings().write_text(content)
    with pytest.raises(RefusedError):
        saved_mapping("Members")
    with pytest.raises(RefusedError):
        save_mapping("Members", CHOSEN)
    assert settings().read_text() == content


def test_a_mapping_of_a_newer_version_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"whowas": "mapping", "version": 2, "name": "x", "fields": {}, "statuses": {}}))
    with pytest.raises(RefusedError, match="newer version"):
        saved_mapping(str(path))


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="could not be read"):
        saved_mapping(str(tmp_path / "x.json"))


_TITLES = st.text(max_size=30)
_FIELDS = st.sampled_from(("email", "name", "status", None, f"{ATTRIBUTE_PREFIX}Shoe size"))


@given(st.dictionaries(_TITLES, _FIELDS), st.dictionaries(_TITLES, st.sampled_from(("active", "suspended", "deleted"))))
def test_any_titles_and_words_come_back(fields: dict[str, str | None], statuses: dict[str, str]) -> None:
    save_mapping("Any", Chosen(fields, statuses))  # type: ignore[arg-type]
    found = saved_mapping("Any")
    assert (found.fields, found.statuses) == (fields, statuses)
