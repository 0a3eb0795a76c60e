"""The table of formats: what the command line, the window and the README say of them follows from it."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

from tests.conftest import REPOSITORY
from whowas import interchange
from whowas.interchange.formats import EXPORTS, export_format_of


@pytest.mark.parametrize(
    ("name", "expected"), [("users.csv", "csv"), ("LOG.JSONL", "log"), ("users", "csv"), ("users.txt", "csv")]
)
def test_an_export_is_of_the_format_that_its_name_ends_with(name: str, expected: str) -> None:
    assert export_format_of(name).name == expected


def test_formats_cannot_be_mistaken_for_one_another() -> None:
    assert len({known.name for known in EXPORTS}) == len(EXPORTS)
    suffixes = [known.suffix for known in EXPORTS]
    assert sorted(set(suffixes)) == sorted(suffixes)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


def test_every_format_that_describes_itself_is_in_the_table() -> None:
    names = [found.name for found in pkgutil.iter_modules(interchange.__path__, "whowas.interchange.")]
    modules = [importlib.import_module(name) for name in names]
    described = {module.EXPORT.name: module.__name__ for module in modules if hasattr(module, "EXPORT")}
    assert described.keys() == {known.name for known in EXPORTS}


def test_the_readme_names_every_format() -> None:
    text = " ".join((REPOSITORY / "README.md").read_text(encoding="utf-8").split())
    (sentence,) = re.findall(r"`whowas export` writes (.*?)[;.]", text)
    assert re.findall(r"`([a-z]+)`", sentence) == [known.name for known in EXPORTS]
