"""The packages, built once as `make dist` builds them, and a new Debian to install them in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import REPOSITORY
from tests.distribution.new_debian import OWN_MOUNTS, NewDebian

FOLDER = REPOSITORY / "build" / "distribution"
PREVIOUS = "0.0.1"


@dataclass(frozen=True, slots=True)
class Packages:
    """The bundle, the Debian package of it, and the same package saying that it is of an older version."""

    bundle: Path
    current: Path
    previous: Path


@pytest.fixture(scope="session", autouse=True)
def _can_be_tried() -> None:
    why = ""
    missing = [name for name in ("debootstrap", "dpkg-deb", "nsenter", "patchelf") if shutil.which(name) is None]
    if find_spec("PyInstaller") is None:
        missing.append("packaging/requirements-dist.txt")
    if os.geteuid():
        why = "only root can make a new Debian"
    elif missing:
        why = f"not installed: {', '.join(missing)}"
    elif subprocess.run([*OWN_MOUNTS, "true"], stderr=subprocess.DEVNULL).returncode != 0:
        why = "nothing can be mounted here, as in a root inside another"
    if why:
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)


@pytest.fixture(scope="session")
def making_debian(_can_be_tried: None) -> Iterator[NewDebian]:
    """A Debian that is being made while the packages are built: 12, or the one that SUITE names."""
    # Not pytest's folders: they are kept after the run.
    with (
        TemporaryDirectory(prefix="debian-") as folder,
        NewDebian(Path(folder) / "root", os.environ.get("SUITE", "bookworm")) as debian,
    ):
        yield debian


@pytest.fixture(scope="session")
def packages(making_debian: NewDebian) -> Packages:
    """Built anew, compressed little."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    build = [sys.executable, str(REPOSITORY / "packaging" / "dist.py"), "--quick", "--into", str(FOLDER)]
    done = subprocess.run([*build, "bundle", "deb"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (current,) = FOLDER.glob("whowas_*.deb")
    return Packages(FOLDER / "whowas", current, _as_version(current, PREVIOUS))


def _as_version(package: Path, version: str) -> Path:
    tree = FOLDER / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", str(package), str(tree)], check=True)
    control = tree / "DEBIAN" / "control"
    lines = control.read_text().splitlines()
    control.write_text(
        "".join(f"Version: {version}\n" if line.startswith("Version:") else f"{line}\n" for line in lines)
    )
    made = FOLDER / f"whowas_{version}.deb"
    subprocess.run(["dpkg-deb", "-Znone", "--build", str(tree), str(made)], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return made


@pytest.fixture(scope="session")
def debian(packages: Packages, making_debian: NewDebian) -> NewDebian:
    """A new Debian with a plain person and the packages in /root; nothing is installed yet."""
    making_debian.wait_until_made()
    for package in (packages.current, packages.previous):
        shutil.copy(package, making_debian.root / "root")
    making_debian.apt_get("update")
    return making_debian
