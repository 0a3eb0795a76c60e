"""The set-up says exactly what is missing, and how to mend it, in words that are true where it runs."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
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
    monkeypatch.setattr(module, "SERVER_FOLDERS", ())
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
    glib = [script.Need("libglib-2.0.so.0", script.QT_LIBRARIES["libglib-2.0.so.0"], "")]
    assert script.names(glib) == ["libglib2.0-0t64"]
    monkeypatch.setattr(script, "known", lambda package: False)
    assert script.names(glib) == ["libglib2.0-0"]


def test_tests_want_more_than_the_window_and_do_without(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "BUS_LAUNCHERS", ())
    monkeypatch.setattr(script, "has_atspi", lambda: False)
    monkeypatch.setattr(script.shutil, "which", lambda program: None if program == "Xvfb" else program)
    assert script.missing("run") == script.missing("test") == []
    assert script.main("test") == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.startswith("Some tests will be skipped")
    assert told.out.endswith("apt-get install at-spi2-core gir1.2-atspi-2.0 python3-gi xvfb\n")


def test_only_root_wants_what_packages_are_built_and_tried_with(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = ("apt-get", "sudo")
    monkeypatch.setattr(script.shutil, "which", lambda program: program if program in there else None)
    monkeypatch.setattr(script, "loads", lambda library: "wayland" not in library)
    monkeypatch.setattr(script, "has_libpython", lambda: False)
    building = {"binutils", "libwayland-client0", "libwayland-cursor0", "patchelf", script.LIBPYTHON_PACKAGE}
    assert set(script.names(script.missing("dist"))) == building
    assert building.isdisjoint(script.names(script.wanted_by_tests()))
    monkeypatch.setattr(script.os, "geteuid", lambda: 0)
    assert {*building, "debootstrap", "lintian"} <= set(script.names(script.wanted_by_tests()))


def test_root_installs_and_is_told_what_is_still_missing(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fonts = iter([False, True, False, False])
    lines: list[list[str]] = []
    monkeypatch.setattr(script, "has_font", lambda: next(fonts))
    monkeypatch.setattr(script.os, "geteuid", lambda: 0)
    monkeypatch.setattr(script, "run_quietly", lines.append)
    assert script.main("run") == 0
    assert lines == [
        ["apt-get", "-qq", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "fonts-inter"],
    ]
    assert capsys.readouterr().out == "apt-get install --no-install-recommends fonts-inter\n"
    assert script.main("run") == 2
    assert capsys.readouterr().err == "Still missing after apt-get install: a font\n"


def test_what_only_tests_want_holds_up_nothing_that_is_needed(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[list[str]] = []
    monkeypatch.setattr(script, "loads", lambda library: library != "libEGL.so.1" or len(lines) > 1)
    monkeypatch.setattr(script.shutil, "which", lambda program: None if program in ("zsh", "lintian") else program)
    monkeypatch.setattr(script, "known", lambda package: package != "lintian")
    monkeypatch.setattr(script.os, "geteuid", lambda: 0)
    monkeypatch.setattr(script, "run_quietly", lines.append)
    assert script.main("test") == 0
    assert [line[-1] for line in lines] == ["update", "libegl1", "zsh"]


def test_dnf_is_asked_for_what_rpms_say_that_they_bring(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script.shutil, "which", lambda program: program if program in ("dnf", "sudo") else None)
    monkeypatch.setattr(script, "loads", lambda library: library != "libEGL.so.1")
    assert script.main("run") == 2
    assert capsys.readouterr().err.endswith("    sudo dnf install 'libEGL.so.1()(64bit)'\n")
    assert {need.rpm for need in script.missing_for_screen()} == {"/usr/bin/Xvfb", "/usr/bin/dbus-daemon"}


SERVERS = ("postgres", "pgbouncer")


def test_a_server_is_found_aside_of_the_path(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(script.shutil, "which", lambda program: None)
    assert script.names(script.programs(script.SERVER_PROGRAMS)) == ["openssl", "pgbouncer", "postgresql"]
    (tmp_path / "17" / "bin").mkdir(parents=True)
    (tmp_path / "17" / "bin" / "postgres").touch()
    monkeypatch.setattr(script, "SERVER_FOLDERS", (f"{tmp_path.relative_to('/')}/*/bin",))
    assert script.names(script.programs(script.SERVER_PROGRAMS)) == ["openssl", "pgbouncer"]


def test_whoever_is_not_root_is_told_what_installs_a_server_without_starting_it(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setattr(script.shutil, "which", lambda program: None if program in SERVERS else program)
    assert script.main("test") == 0
    assert capsys.readouterr().out.endswith("    sudo python3 packaging/system_packages.py test\n")


@pytest.mark.parametrize("of_the_machine", [False, True])
def test_root_installs_servers_without_a_cluster_and_without_starting_one(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, of_the_machine: bool
) -> None:
    own_cluster, may_start = tmp_path / "postgresql-common" / "createcluster.d" / "tests.conf", tmp_path / "policy-rc.d"
    monkeypatch.setattr(script, "OWN_CLUSTER", own_cluster)
    monkeypatch.setattr(script, "MAY_START", may_start)
    if of_the_machine:
        may_start.write_text("the administrator's")
    ran: list[list[str]] = []

    def run(line: list[str]) -> None:
        ran.append(line)
        if line[:2] == ["apt-get", "install"]:
            assert own_cluster.read_text() == "create_main_cluster = false\n"
            assert of_the_machine or subprocess.run([may_start]).returncode == 101

    monkeypatch.setattr(script, "run_quietly", run)
    monkeypatch.setattr(script.shutil, "which", lambda program: None if program in SERVERS else program)
    monkeypatch.setattr(script.os, "geteuid", lambda: 0)
    assert script.main("test") == 0
    assert ran[1:] == [
        ["apt-get", "install", "-y", "--no-install-recommends", "pgbouncer", "postgresql"],
        ["update-rc.d", "pgbouncer", "disable"],
    ]
    # What was there stays, and nothing else does.
    assert [path.read_text() for path in tmp_path.rglob("*")] == ["the administrator's"] * of_the_machine


def test_nothing_is_withheld_from_packages_that_are_no_servers(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(script, "MAY_START", tmp_path / "policy-rc.d")
    with script.nothing_started({"apt-get", "install", "openssl"}):
        assert not list(tmp_path.iterdir())


def test_where_nothing_known_installs_no_name_is_proposed(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script.shutil, "which", lambda program: None)
    monkeypatch.setattr(script, "loads", lambda library: library != "libEGL.so.1")
    for user in (0, 1000):
        monkeypatch.setattr(script.os, "geteuid", lambda user=user: user)
        assert script.main("run") == 2
        assert capsys.readouterr().err == "System packages are missing: libEGL.so.1.\n"


def test_an_old_python_is_refused(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "OLDEST_PYTHON", (99, 0))
    assert script.main("test") == 2
    assert f"this is {sys.version_info[0]}.{sys.version_info[1]}." in capsys.readouterr().err
