"""A program listens to other starts only at an address that no other account can use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from whowas.system import single_instance


@pytest.fixture(autouse=True)
def short_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def test_a_folder_of_ones_own_is_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert single_instance._is_private(tmp_path)


@pytest.mark.parametrize("mode", [0o750, 0o707, 0o777, 0o1777])
def test_a_folder_that_others_may_enter_is_not(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    assert not single_instance._is_private(tmp_path)
    tmp_path.chmod(0o700)


def test_neither_is_what_somebody_put_in_its_place(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(own)
    (tmp_path / "file").touch(mode=0o600)
    assert not single_instance._is_private(tmp_path / "link")
    assert not single_instance._is_private(tmp_path / "file")
    assert not single_instance._is_private(tmp_path / "nowhere")


@pytest.mark.skipif(os.geteuid() != 0, reason="a folder is given away by root only")
def test_another_persons_folder_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / f"whowas-{os.getuid()}"
    theirs.mkdir(mode=0o700)
    os.chown(theirs, 12_345, -1)
    assert not single_instance._is_private(theirs)
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert single_instance.claimed(None) == single_instance.Claim(None)
    assert list(theirs.iterdir()) == []


def test_a_runtime_folder_too_deep_for_a_socket_is_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    assert deep not in list(single_instance._folders())
