"""What is installed is pinned, from any registry that serves the same bytes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PACKAGING = REPOSITORY / "packaging"
FILES = [PACKAGING / f"requirements{suffix}.txt" for suffix in ("", "-dev", "-dist")]
BY_HAND = PACKAGING / "requirements-wine.txt"


def pins(file: Path) -> dict[str, set[str]]:
    """Package name -> the versions pinned for it (one for each range of Pythons) with their number of hashes."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.+-]+)", file.read_text(), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("file", [*FILES, BY_HAND], ids=lambda file: file.name)
def test_every_pin_has_hashes_and_no_address(file: Path) -> None:
    entries = re.split(r"^(?=\S)", file.read_text(), flags=re.MULTILINE)
    entries = [entry for entry in entries if entry and not entry.startswith("#")]
    assert entries
    for entry in entries:
        assert re.match(r"[\w.-]+==", entry)
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry)
        assert "://" not in entry


def test_everything_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    run = project["project"]["dependencies"] + groups["build"]
    for file, asked in zip(FILES, (run, run + groups["test"] + groups["lint"], run + groups["dist"]), strict=True):
        wanted = {re.split(r"[><=~! \[]", requirement)[0] for requirement in asked}
        assert wanted <= set(pins(file))


def test_tests_and_bundles_are_made_of_the_versions_that_are_shipped() -> None:
    shipped, tested, bundled = map(pins, FILES)
    assert shipped.items() <= tested.items()
    assert shipped.items() <= bundled.items()
    assert all(tested[name] == bundled[name] for name in tested.keys() & bundled.keys())
