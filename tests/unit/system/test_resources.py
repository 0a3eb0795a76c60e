"""The program finds its own files, in the source tree and installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.system import resources


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    resources.folder.cache_clear()
    yield
    resources.folder.cache_clear()


def test_source_tree_uses_the_top_level_folder() -> None:
    assert resources.folder() == Path(resources.__file__).parents[3] / "resources"


def test_installed_package_uses_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    icon = tmp_path / "resources" / "icons" / "user.svg"
    icon.parent.mkdir(parents=True)
    icon.touch()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    assert resources.path("icons", "user.svg") == icon


def test_missing_file_says_that_the_installation_is_broken() -> None:
    with pytest.raises(FileNotFoundError, match=r"not installed completely.*nowhere"):
        resources.path("nowhere.svg")
