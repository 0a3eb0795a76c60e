"""The table of formats: what the command line, the window and the README say of them follows from it."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

from tests.conftest import REPOSITORY
from whowas import interchange
from whowas.interchange.formats import EXPORTS, IMPORTS, export_format_of, guessed_format


@pytest.mark.parametrize(
    ("content", "source", "expected"),
    [
        (b'{"at": 1}', "", "changelog"),
        (b'\xef\xbb\xbf\n {"at": 1}', "", "changelog"),
        (b"email\n", "", "csv"),
        (b"nonsense", "history.jsonl", "changelog"),
        (b'{"odd": "header"}\n', "LIST.CSV", "csv"),
        (b"email\n", "list.txt", "csv"),
    ],
)
def test_the_format_is_seen_from_the_name_or_the_content(content: bytes, source: str, expected: str) -> None:
    assert guessed_format(content, source).name == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("users.csv", "csv"), ("LOG.JSONL", "log"), ("users", "csv"), ("users.txt", "csv")]
)
def test_an_export_is_of_the_format_that_its_name_ends_with(name: str, expected: str) -> None:
    assert export_format_of(name).name == expected


def test_formats_cannot_be_mistaken_for_one_another() -> None:
    for table in (EXPORTS, IMPORTS):
        assert len({known.name for known in table}) == len(table)
    suffixes = [known.suffix for known in EXPORTS]
    assert sorted(set(suffixes)) == sorted(suffixes)
    read = [suffix for known in IMPORTS for suffix in known.suffixes]
    assert sorted(set(read)) == sorted(read)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in [*suffixes, *read])


def test_every_format_that_describes_itself_is_in_the_table() -> None:
    names = [found.name for found in pkgutil.iter_modules(interchange.__path__, "whowas.interchange.")]
    modules = [importlib.import_module(name) for name in names]
    for table, called in ((EXPORTS, "EXPORT"), (IMPORTS, "IMPORT")):
        described = {getattr(module, called).name: module.__name__ for module in modules if hasattr(module, called)}
        assert described.keys() == {known.name for known in table}


def test_the_readme_names_every_format() -> None:
    text = " ".join((REPOSITORY / "README.md").read_text(encoding="utf-8").split())
    for verb, table in (("export` writes", EXPORTS), ("import` reads", IMPORTS)):
        (sentence,) = re.findall(rf"`whowas {verb} (.*?)[;.]", text)
        assert re.findall(r"`([a-z]+)`", sentence) == [known.name for known in table]
