"""The packages, built once as `make dist` builds them, and new Debians to install them in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import REPOSITORY
from tests.distribution.new_debian import OWN_MOUNTS, NewDebian

FOLDER = REPOSITORY / "build" / "distribution"
PREVIOUS = "0.0.1"
RELEASES = ("bookworm", "trixie")
DATE = 1_767_225_600
"""When all files are dated, in seconds since 1970: somebody may commit between two builds."""

LONGEST_S = 1_500
"""What one test may take on a machine that has much else to do: whole systems are made meanwhile."""

PROGRAMS = ("debootstrap", "dpkg-deb", "lintian", "nsenter", "patchelf", "rpm", "zstd")
OF_BEFORE = "usr/lib/whowas/_internal/of_before.txt"
"""A file that the older package has and the newer one has not."""


@dataclass(frozen=True, slots=True)
class Packages:
    """The bundle, the Debian package of it, and one that is older and has other files."""

    bundle: Path
    current: Path
    previous: Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder more time than others have."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(LONGEST_S))


@pytest.fixture(scope="session", autouse=True)
def _can_be_tried() -> None:
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if find_spec("PyInstaller") is None:
        missing.append("packaging/requirements-dist.txt")
    why = ""
    if os.geteuid():
        why = "only root can make a new Debian"
    elif missing:
        why = f"not installed: {', '.join(missing)}"
    elif subprocess.run([*OWN_MOUNTS, "true"], stderr=subprocess.DEVNULL).returncode != 0:
        why = "nothing can be mounted here, as in a root inside another"
    if why:
        pytest.skip(f"the packages are tried in new Debians, but {why}")


@pytest.fixture(scope="session")
def making(_can_be_tried: None) -> Iterator[Mapping[str, NewDebian]]:
    """New Debians, which are being made while the packages are built, by the names of their releases."""
    # Not pytest's folders: they are kept after the run.
    with TemporaryDirectory(prefix="debian-") as folder, ExitStack() as stack:
        yield {release: stack.enter_context(NewDebian(Path(folder) / release, release)) for release in RELEASES}


def build(*targets: str, into: Path) -> None:
    """Build targets of ``make dist``, compressed little."""
    command = [sys.executable, str(REPOSITORY / "packaging" / "dist.py"), "--quick", "--into", str(into)]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(DATE)}
    done = subprocess.run([*command, *targets], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def packages(making: Mapping[str, NewDebian]) -> Packages:
    """Built anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    build("bundle", "deb", into=FOLDER)
    (current,) = FOLDER.glob("whowas_*.deb")
    return Packages(FOLDER / "whowas", current, _older(current))


def _older(package: Path) -> Path:
    """Make what could have been the version before: it has a file more, a library less, and a picture that differs."""
    tree = FOLDER / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", str(package), str(tree)], check=True)
    control = tree / "DEBIAN" / "control"
    lines = control.read_text().splitlines()
    control.write_text(
        "".join(f"Version: {PREVIOUS}\n" if line.startswith("Version:") else f"{line}\n" for line in lines)
    )
    (tree / OF_BEFORE).write_text("no longer needed")
    libraries = tree / "usr/lib/whowas/_internal"
    (libraries / "PySide6/Qt/plugins/wayland-decoration-client/libbradient.so").unlink()
    icon = libraries / "whowas/resources/icons/app.svg"
    icon.write_text(icon.read_text() + "<!-- of before -->\n")
    made = FOLDER / f"whowas_{PREVIOUS}.deb"
    subprocess.run(["dpkg-deb", "-Znone", "--build", str(tree), str(made)], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return made


@pytest.fixture(scope="session")
def bookworm(packages: Packages, making: Mapping[str, NewDebian]) -> NewDebian:
    """Debian 12 with plain persons and the packages in /root; nothing is installed yet."""
    return _with_packages(making["bookworm"], packages)


@pytest.fixture(scope="session")
def trixie(packages: Packages, making: Mapping[str, NewDebian]) -> NewDebian:
    """Debian 13, as ``bookworm``."""
    return _with_packages(making["trixie"], packages)


def _with_packages(debian: NewDebian, packages: Packages) -> NewDebian:
    debian.wait_until_made()
    for package in (packages.current, packages.previous):
        shutil.copy(package, debian.root / "root")
    debian.apt_get("update")
    return debian


@pytest.fixture(params=RELEASES)
def debian(request: pytest.FixtureRequest) -> NewDebian:
    """Each release in its turn, without the program."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, NewDebian)
    found.run("dpkg", "--purge", "whowas")
    return found


@pytest.fixture
def installed(bookworm: NewDebian, packages: Packages) -> NewDebian:
    """Debian 12 with the program in it."""
    bookworm.apt_get("install", f"/root/{packages.current.name}")
    return bookworm
