"""The list of what the program is made of is whole, and says what the packages say of themselves."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker

from tests.conftest import REPOSITORY
from tests.unit.packaging.test_pins import FILES, pins
from whowas.desktop.window import bundled_parts
from whowas.desktop.window.bundled_parts import LICENCES
from whowas.system import resources

BUILDING = {"hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers"}
"""Needed to install the program from its source, and no part of it."""


def test_every_package_that_is_shipped_is_listed() -> None:
    markers = re.findall(r"^([\w.-]+)==\S+ ; (.*?) \\$", FILES[0].read_text(), re.MULTILINE)
    of_others = {name for name, _ in markers} - {name for name, marker in markers if Marker(marker).evaluate()}
    assert set(LICENCES) == set(pins(FILES[0])) - BUILDING - of_others


@pytest.mark.parametrize("package", LICENCES)
def test_a_licence_is_what_the_package_says(package: str) -> None:
    said = metadata.metadata(package)
    expression = said.get("License-Expression") or said.get("License") or ""
    if not expression:
        text = "".join(file.read_text() for file in metadata.files(package) or [] if "LICENSE" in file.name)
        expression = "MIT" if "Permission is hereby granted, free of charge" in text else text
    if expression == "any-OSI":
        # One may choose; and what the package itself says first is this one, word for word.
        text = "".join(file.read_text() for file in metadata.files(package) or [] if "LICENSE" in file.name)
        expression = "Zlib" if "1. The origin of this software must not be misrepresented" in text else text
    assert LICENCES[package] in expression.split(" OR ")


def test_a_bundle_without_metadata_lists_them_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(package: str) -> str:
        raise metadata.PackageNotFoundError(package)

    monkeypatch.setattr(bundled_parts, "version", version)
    parts = bundled_parts.bundled_parts()
    assert len(parts) == len(LICENCES) + 3
    assert {part.version for part in parts if part.name in LICENCES} == {""}


def test_what_a_bundle_carries_besides_packages_is_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert bundled_parts.licence_texts() is None  # the source carries nothing
    (tmp_path / "licences").mkdir()
    told = [{"name": "OpenBLAS", "version": "0.3", "licence": "BSD-3-Clause", "texts": "numpy"}]
    (tmp_path / "licences" / "parts.json").write_text(json.dumps(told))
    monkeypatch.setattr(resources, "folder", lambda: tmp_path)
    assert bundled_parts.Part("OpenBLAS", "0.3", "BSD-3-Clause") in bundled_parts.bundled_parts()
    assert bundled_parts.licence_texts() == tmp_path / "licences"


def test_the_programs_own_licence_is_the_one_that_is_told() -> None:
    assert (REPOSITORY / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
