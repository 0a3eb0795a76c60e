"""The scripts that make packages: what cannot be built is told in a sentence, and the rest is built all the same."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from whowas import __version__

sys.path.insert(0, str(REPOSITORY / "packaging"))

import dist
import project
from bundle import carried, keep
from linux import appdir, depends
from windows import wine


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A clock that stands still, and a folder of its own to build in."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for name in ("TZ", "PYTHONHASHSEED"):  # which building sets
        monkeypatch.setenv(name, "UTC" if name == "TZ" else "0")
    monkeypatch.setattr(project, "BUILD", tmp_path / "build")
    monkeypatch.setattr(dist, "BUILD", tmp_path / "build")
    monkeypatch.delenv("APPIMAGE_RUNTIME_SHA256", raising=False)


def without_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def test_the_date_of_the_source_is_that_of_its_last_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ["git", "-C", str(REPOSITORY), "log", "-1", "--format=%ct"]
    told = subprocess.run(asked, capture_output=True) if shutil.which("git") else None
    if told is None or told.returncode != 0:
        pytest.skip("git does not tell here when the source was committed")
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    project.fix_clock()
    assert project.epoch() == int(told.stdout)


@pytest.mark.parametrize("told", ["yesterday", "-1", "1e9"])
def test_a_date_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", told)
    with pytest.raises(project.CannotBuildError, match="is no number of seconds"):
        project.fix_clock()


def test_without_git_the_date_has_to_be_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    without_programs(monkeypatch, tmp_path)
    monkeypatch.setattr(sys, "argv", ["dist.py", "--into", str(tmp_path / "dist"), "wheel"])
    assert dist.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("Nothing was built. Git does not tell when this source was committed; set SOURCE_DATE_EPOCH")
    assert not (tmp_path / "dist").exists()


def test_outside_of_a_clone_it_is_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    monkeypatch.setattr(project, "REPOSITORY", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(project.CannotBuildError, match="set SOURCE_DATE_EPOCH"):
        project.fix_clock()


def test_what_cannot_be_built_is_told_and_the_rest_is_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuses(_asked: object) -> Path:
        raise project.CannotBuildError("mksquashfs is not installed")

    def is_wrong(_asked: object) -> Path:
        raise KeyError("libnew.so.1")

    def works(_asked: object) -> Path:
        (tmp_path / "dist" / "made").write_text("made")
        return tmp_path / "dist" / "made"

    monkeypatch.setattr(dist, "TARGETS", {"one": refuses, "two": is_wrong, "three": works})
    monkeypatch.setattr(sys, "argv", ["dist.py", "--into", str(tmp_path / "dist")])
    assert dist.main() == 1
    told = capsys.readouterr()
    assert "one     cannot be built: mksquashfs is not installed\n" in told.err
    assert "KeyError: 'libnew.so.1'" in told.err
    assert told.err.endswith("Not built: one, two.\n")
    assert told.out.startswith("three ")
    assert (tmp_path / "dist" / "SHA256SUMS").read_text().endswith("  made\n")


def test_packages_without_a_bundle_say_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["dist.py", "--into", str(tmp_path / "dist"), "deb", "rpm"])
    assert dist.main() == 1
    told = capsys.readouterr().err
    assert told.count("is not there; the target bundle goes before") == 2
    assert "Traceback" not in told


def test_another_runtime_than_the_one_that_was_told_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    runtime = tmp_path / "runtime"
    with pytest.raises(project.CannotBuildError, match=r"APPIMAGE_RUNTIME cannot be read: .*No such file"):
        appdir.appimage(tmp_path, runtime, tmp_path)
    runtime.write_bytes(b"runtime")
    with pytest.raises(project.CannotBuildError, match="APPIMAGE_RUNTIME_SHA256 says nothing"):
        appdir.appimage(tmp_path, runtime, tmp_path)
    monkeypatch.setenv("APPIMAGE_RUNTIME_SHA256", "0" * 64)
    with pytest.raises(project.CannotBuildError, match="APPIMAGE_RUNTIME_SHA256 says 000"):
        appdir.appimage(tmp_path, runtime, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["runtime"]


def test_without_mksquashfs_there_is_no_appimage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    runtime = tmp_path / "runtime"
    runtime.write_bytes(b"runtime")
    monkeypatch.setenv("APPIMAGE_RUNTIME_SHA256", hashlib.sha256(b"runtime").hexdigest())
    without_programs(monkeypatch, tmp_path)
    with pytest.raises(project.CannotBuildError, match=r"^mksquashfs is not installed$"):
        appdir.appimage(tmp_path, runtime, tmp_path)


def test_a_program_that_fails_is_told_with_what_it_said() -> None:
    with pytest.raises(project.CannotBuildError, match=r"^sh ended with 3:\nno room$"):
        project.run(["sh", "-c", "echo no room >&2; exit 3"])


def test_a_package_asks_for_the_version_that_has_what_is_linked_to() -> None:
    symbols = """libssl.so.3 libssl3 #MINVER#
* Build-Depends-Package: libssl-dev
 SSL_new@OPENSSL_3.0.0 3.0.0
 SSL_later@OPENSSL_3.0.0 3.0.9
 SSL_group@OPENSSL_3.2.0 3.2.0~rc1
 (symver)GLIBC_2.9 2.9
"""
    assert depends._oldest(symbols, {"OPENSSL_3.0.0"}) == "3.0.0"
    assert depends._oldest(symbols, {"OPENSSL_3.0.0", "OPENSSL_3.2.0"}) == "3.2.0~rc1"
    assert depends._oldest(symbols, {"ELSEWHERE_1"}) == ""
    assert depends._oldest("", {"OPENSSL_3.0.0"}) == ""


@pytest.mark.parametrize(
    ("library", "owner"),
    [
        ("PySide6/Qt/lib/libicudata.so.73", "ICU"),
        ("PySide6/Qt/lib/libQt6Core.so.6", "Qt"),
        ("PySide6/QtCore.abi3.so", "pyside6-essentials"),
        (r"PySide6\plugins\platforms\qwindows.dll", "Qt"),
        (r"PySide6\Qt6Core.dll", "Qt"),
        (r"PySide6\MSVCP140.dll", "Microsoft Visual C++ runtime"),
        ("python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so", "Python"),
        ("_ssl.pyd", "Python"),
        ("numpy.libs/libgfortran-040039e1.so.5.0.0", "libgfortran"),
    ],
)
def test_every_library_is_somebodys(library: str, owner: str) -> None:
    assert carried.owner(library) == owner


def test_there_is_no_bundle_with_a_library_whose_licence_nobody_knows() -> None:
    with pytest.raises(project.CannotBuildError, match=r"does not say whose libsomething\.so\.1 is"):
        carried.owner("libsomething.so.1")


def test_what_was_fetched_for_windows_before_the_pins_changed_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(wine, "_PROGRAMS", ("sh",))
    monkeypatch.setattr(wine, "FETCHED", tmp_path)
    monkeypatch.setattr(wine, "STAMP", tmp_path / "pinned.sha256")
    assert wine.lacking() == "nothing was fetched for it, see windows/wine.py"
    (tmp_path / "numpy-1.0-cp313-cp313-win_amd64.whl").touch()
    assert wine.lacking() == "what was fetched for it is not what is pinned by now, see windows/wine.py"
    (tmp_path / "pinned.sha256").write_text(wine._pinned())
    assert wine.lacking() is None
    monkeypatch.setattr(wine, "_PROGRAMS", ("sh", "no-such-program"))
    assert wine.lacking() == "no-such-program cannot be found"


def test_a_publishers_address_for_updates_goes_into_the_bundle(tmp_path: Path) -> None:
    assert str(tmp_path / "updates.txt") not in dict(keep.resources(tmp_path))
    (tmp_path / "updates.txt").write_text("https://example.org/newest\n")
    assert dict(keep.resources(tmp_path))[str(tmp_path / "updates.txt")] == "whowas/resources"


def test_the_readme_names_the_packages_that_are_built() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"whowas[_-]\d[\w.-]*(?:\.deb|\.rpm|\.zst|\.exe)", text))
    assert named == {
        f"whowas_{__version__}_amd64.deb",
        f"whowas-{__version__}-1.x86_64.rpm",
        f"whowas-{__version__}-1-x86_64.pkg.tar.zst",
        f"whowas-{__version__}-setup.exe",
    }


def test_the_readmes_first_minute_names_a_button_that_there_is() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    (button,) = re.findall(r"The first minute: start it, press \*(.*?)\*", text)
    welcome = REPOSITORY / "app" / "whowas" / "desktop" / "window" / "welcome.py"
    assert f'"{button}"' in welcome.read_text(encoding="utf-8")
