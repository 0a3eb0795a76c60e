"""``make dist``: everything that this machine can build, into dist/, with checksums.

``python packaging/dist.py TARGET…`` builds some of it; packages are made of the bundle that is there. Needs nothing
from the network. The same commit gives the same bytes, see ``dist_twice.py``.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import project
from bundle.build import EMPTY_WINDOW, bundle
from linux import appdir, nfpm
from linux.deb import deb
from macos import dmg
from project import BUILD, DIST, REPOSITORY
from windows import installer, wine


def main() -> int:
    """Build what is asked for, telling about each, and write the checksums of all; returns the exit code."""
    parser = argparse.ArgumentParser(prog="dist.py", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"any of {', '.join(TARGETS)}; all when none is")
    parser.add_argument("--into", type=Path, default=DIST, metavar="FOLDER", help="build there, not in dist/")
    parser.add_argument("--quick", action="store_true", help="compress the Debian package little, to try it out")
    asked = parser.parse_args()
    if unknown := set(asked.targets).difference(TARGETS, FURTHER):
        parser.error(f"there is no target called {', '.join(sorted(unknown))}")
    project.fix_clock()
    if not asked.targets:
        shutil.rmtree(asked.into, ignore_errors=True)
    for folder in (asked.into, BUILD):
        folder.mkdir(parents=True, exist_ok=True)
    for name, make in (TARGETS | FURTHER).items():
        if name in (asked.targets or TARGETS):
            begun = time.monotonic()
            made = make(asked)
            print(f"{name:7} {made}, {time.monotonic() - begun:.0f} s", flush=True)
    write_checksums(asked.into)
    return 0


def wheel(into: Path) -> Path:
    """Build the package for pip, for those who have Python and Qt's libraries already."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    subprocess.run(command, check=True, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return into / f"whowas-{project.version()}-py3-none-any.whl"


def windows(into: Path) -> Path | str:
    """Build the installer for Windows where Wine and what it needs are there; else say why not."""
    missing = wine.lacking()
    return f"no installer, as {missing}" if missing else installer.installer(wine.bundle(), into)


def write_checksums(folder: Path) -> None:
    """Write SHA256SUMS of the files to hand out, as ``sha256sum --check`` reads it; folders are for trying out here."""
    files = [file for file in sorted(folder.iterdir()) if file.is_file() and file.name != "SHA256SUMS"]
    sums = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


Make = Callable[[argparse.Namespace], Path | str]

LINUX: dict[str, Make] = {
    "bundle": lambda to: bundle(to.into),
    "deb": lambda to: deb(to.into / "whowas", to.into, version=project.version(), level=1 if to.quick else 6),
    "rpm": lambda to: nfpm.package(to.into / "whowas", to.into, "rpm"),
    "arch": lambda to: nfpm.package(to.into / "whowas", to.into, "archlinux"),
    "appdir": lambda to: appdir.appdir(to.into / "whowas", to.into),
    "windows": lambda to: windows(to.into),
}
MACOS: dict[str, Make] = {
    "bundle": lambda to: bundle(to.into),
    "dmg": lambda to: dmg.dmg(to.into),
}
WINDOWS: dict[str, Make] = {
    "bundle": lambda to: bundle(to.into),
    "setup": lambda to: installer.installer(to.into / "whowas", to.into),
}
TARGETS = {"linux": LINUX, "darwin": MACOS, "win32": WINDOWS}[sys.platform] | {"wheel": lambda to: wheel(to.into)}

FURTHER: dict[str, Make] = {
    "empty": lambda to: bundle(to.into, "empty", EMPTY_WINDOW),
    "first-paint": lambda to: bundle(to.into, "first-paint", REPOSITORY / "tests" / "benchmarks" / "first_paint.py"),
}
"""Not to hand out: what `make bench` measures by, bundled by the same rules. An empty window, and the program that
tells when its window has been painted."""

if __name__ == "__main__":
    sys.exit(main())
