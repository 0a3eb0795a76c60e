"""What is made of the bundle besides Debian's package: read, unpacked or installed, and tried."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.distribution.conftest import FOLDER, Packages, build
from whowas import __version__

sys.path.insert(0, str(REPOSITORY / "packaging"))

from dist_twice import digests

TARGETS = ("deb", "rpm", "arch", "wheel", "appdir")
RPM = f"whowas-{__version__}-1.x86_64.rpm"
ARCH = f"whowas-{__version__}-1-x86_64.pkg.tar.zst"
WHEEL = f"whowas-{__version__}-py3-none-any.whl"
APPDIR = "whowas.AppDir"
EVERYWHERE = {
    *("usr/bin/whowas", "usr/lib/whowas/whowas", "usr/share/applications/whowas.desktop"),
    *("usr/share/man/man1/whowas.1.gz", "usr/share/mime/packages/whowas.xml"),
    *("usr/share/metainfo/whowas.metainfo.xml", "usr/share/zsh/site-functions/_whowas"),
}


@pytest.fixture(scope="session")
def built(packages: Packages) -> Path:
    """The folder with all that is made of the bundle."""
    build(*TARGETS[1:], into=FOLDER)
    return FOLDER


def checked(*program: str | Path) -> str:
    """Run a program's self-check with nothing of the test's surroundings, and return what it found."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": os.environ["HOME"], "LANG": "C.UTF-8"}
    done = subprocess.run([*map(str, program), "--self-check"], env=clean, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Everything works.\n")
    return done.stdout


def answer(*command: str | Path) -> str:
    """Run a command, which must be content, and return what it said."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_rpm_is_installed_tried_and_erased(built: Path, tmp_path: Path) -> None:
    package = built / RPM
    assert "digests OK" in answer("rpm", "--checksig", "--nosignature", package)
    assert answer("rpm", "-qp", "--nosignature", "--queryformat", "%{NAME} %{VERSION} %{ARCH}", package) == (
        f"whowas {__version__} x86_64"
    )
    asked = answer("rpm", "-qp", "--nosignature", "--requires", package).split()
    assert {"libxcb-cursor.so.0()(64bit)", "libstdc++.so.6(GLIBCXX_3.4.29)(64bit)"} <= set(asked)
    assert {"libcrypto.so.3(OPENSSL_3.0.0)(64bit)"} <= set(asked)
    # Debian has none of the packages that it asks for, by their names.
    rpm = ("rpm", "--root", tmp_path, "--nodeps", "--force-debian", "--nosignature")
    answer(*rpm, "--install", package)
    assert {path for path in EVERYWHERE if os.path.lexists(tmp_path / path)} == EVERYWHERE
    assert "other 10 plugins can be loaded" in checked(tmp_path / "usr/lib/whowas/whowas")
    answer(*rpm, "--upgrade", "--force", package)
    answer(*rpm, "--erase", "--noscripts", "whowas")
    assert not list(tmp_path.glob("usr/lib/whowas/**/*"))


def test_archs_package_is_unpacked_and_tried(built: Path, tmp_path: Path) -> None:
    answer("tar", "--extract", "--zstd", "--file", built / ARCH, "--directory", tmp_path)
    told = (tmp_path / ".PKGINFO").read_text().splitlines()
    assert {"pkgname = whowas", f"pkgver = {__version__}-1", "depend = xcb-util-cursor"} <= set(told)
    assert (tmp_path / ".MTREE").exists()
    assert {path for path in EVERYWHERE if os.path.lexists(tmp_path / path)} == EVERYWHERE
    assert checked(tmp_path / "usr/lib/whowas/whowas")


def test_the_appdir_runs_from_where_it_is(built: Path) -> None:
    root = built / APPDIR
    assert checked(root / "AppRun")
    assert (root / "whowas.desktop").is_file()
    assert (root / ".DirIcon").is_file()
    texts = root / "usr/lib/whowas/_internal/whowas/resources/licences"
    told = {part["name"]: part for part in json.loads((texts / "parts.json").read_text())}
    more = [file.name for file in (root / "usr/lib/whowas/_internal").glob("libxcb-*") if not file.is_symlink()]
    assert "libxcb-cursor.so.0" in more
    for name in more:
        assert (texts / told[name.partition(".so")[0]]["texts"] / "copyright").stat().st_size > 500


def test_the_wheel_is_installed_without_a_network_and_tried(built: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "new", with_pip=False, symlinks=True)
    python = tmp_path / "new" / "bin" / "python"
    install = ("--isolated", "install", "--no-index", "--no-deps", "--disable-pip-version-check", built / WHEEL)
    answer(sys.executable, "-m", "pip", "--python", python, *install)
    # What it needs is what is pinned, and there already; the source itself is not among it.
    (packages,) = (tmp_path / "new").glob("lib/python*/site-packages")
    (needed,) = {folder for folder in sys.path if Path(folder, "PySide6").is_dir()}
    (packages / "needed.pth").write_text(f"{needed}\n")
    assert checked(tmp_path / "new" / "bin" / "whowas")
    where = answer(
        python, "-c", "import whowas, whowas.system.resources as r; print(whowas.__file__, r.folder())"
    ).split()
    assert [str(packages) in path for path in where] == [True, True]


def test_the_same_bundle_gives_the_same_packages(built: Path, tmp_path: Path) -> None:
    (tmp_path / "whowas").symlink_to(built / "whowas")
    build(*TARGETS, into=tmp_path)
    names = {f"whowas_{__version__}_amd64.deb", RPM, ARCH, WHEEL}
    assert {name for name in names if (tmp_path / name).read_bytes() != (built / name).read_bytes()} == set()
    assert digests(tmp_path / APPDIR) == digests(built / APPDIR)
