"""The set-up says exactly what is missing, and how to mend it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from types import ModuleType

import pytest

from tests.conftest import REPOSITORY

SCRIPT = REPOSITORY / "packaging" / "system_packages.py"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, on a machine that lacks nothing and is not root's."""
    spec = importlib.util.spec_from_file_location("system_packages", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "loads", lambda library: True)
    monkeypatch.setattr(module, "known", lambda package: True)
    for check in ("has_display", "has_venv", "has_font", "has_atspi", "has_libpython"):
        monkeypatch.setattr(module, check, lambda: True)
    monkeypatch.setattr(module.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(module, "BUS_LAUNCHERS", (str(SCRIPT),))
    monkeypatch.setattr(module.os, "geteuid", lambda: 1000)
    return module


def test_make_run_without_a_display_says_so_in_one_sentence() -> None:
    unset = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "MAKEFLAGS", "MAKELEVEL")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    make = subprocess.run(["make", "run"], cwd=REPOSITORY, env=environment, capture_output=True, text=True)
    assert make.returncode == 2
    assert make.stdout == ""
    sentence, from_make = make.stderr.splitlines()
    assert sentence.startswith("No display: ")
    assert from_make.endswith("Error 2")


@pytest.mark.parametrize("purpose", ["install", "run", "test", "dist"])
def test_nothing_is_said_where_nothing_is_missing(
    script: ModuleType, purpose: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(purpose) == 0
    assert capsys.readouterr() == ("", "")


def test_missing_libraries_are_named_in_one_line(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "loads", lambda library: library not in ("libEGL.so.1", "libxcb-cursor.so.0"))
    assert script.main("install") == 0
    assert script.main("run") == 2
    assert capsys.readouterr().err.endswith("sudo apt-get install libegl1 libxcb-cursor0\n")


def test_newer_name_is_taken_only_where_apt_knows_it(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    glib = [script.QT_LIBRARIES["libglib-2.0.so.0"]]
    assert script.names(glib) == "libglib2.0-0t64"
    monkeypatch.setattr(script, "known", lambda package: False)
    assert script.names(glib) == "libglib2.0-0"


def test_tests_need_more_than_the_window(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "BUS_LAUNCHERS", ())
    monkeypatch.setattr(script, "has_atspi", lambda: False)
    monkeypatch.setattr(script.shutil, "which", lambda program: None if program == "Xvfb" else program)
    assert script.missing_packages("run") == []
    assert script.names(script.missing_packages("test")) == "at-spi2-core gir1.2-atspi-2.0 python3-gi xvfb"


def test_only_root_needs_what_packages_are_built_and_tried_with(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script.shutil, "which", lambda program: None)
    monkeypatch.setattr(script, "loads", lambda library: "wayland" not in library)
    monkeypatch.setattr(script, "has_libpython", lambda: False)
    building = {"binutils", "libwayland-client0", "libwayland-cursor0", "patchelf", script.LIBPYTHON_PACKAGE}
    assert set(script.names(script.missing_packages("dist")).split()) == building
    assert building.isdisjoint(script.names(script.missing_packages("test")).split())
    monkeypatch.setattr(script.os, "geteuid", lambda: 0)
    assert {*building, "debootstrap", "lintian"} <= set(script.names(script.missing_packages("test")).split())


def test_root_installs_and_is_told_what_is_still_missing(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fonts = iter([False, True, False, False])
    installed: list[str] = []
    monkeypatch.setattr(script, "has_font", lambda: next(fonts))
    monkeypatch.setattr(script.os, "geteuid", lambda: 0)
    monkeypatch.setattr(script, "install", lambda missing: installed.append(script.names(missing)))
    assert script.main("run") == 0
    assert installed == ["fonts-inter"]
    assert script.main("run") == 2
    assert capsys.readouterr().err == "Still missing after apt-get install: fonts-inter\n"


def test_an_old_python_is_refused(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "OLDEST_PYTHON", (99, 0))
    assert script.main("test") == 2
    assert f"this is {sys.version_info[0]}.{sys.version_info[1]}." in capsys.readouterr().err
