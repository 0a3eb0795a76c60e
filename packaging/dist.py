"""``make dist``: everything that this machine can build, into dist/, with checksums.

``python packaging/dist.py TARGET…`` builds some of it; packages are made of the bundle that is there. Needs nothing
from the network. The same commit gives the same bytes, see ``dist_twice.py``.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import project
from bundle.build import EMPTY_WINDOW, bundle
from linux import appdir, nfpm
from linux.deb import deb
from macos import dmg
from project import BUILD, DIST, REPOSITORY
from windows import installer, wine

Make = Callable[[argparse.Namespace], Path | str]


def main() -> int:
    """Build what is asked for, telling about each, and write the checksums of all.

    What cannot be built is told, and the others are built all the same; returns the exit code, 1 if any could not.
    """
    parser = argparse.ArgumentParser(prog="dist.py", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"any of {', '.join(TARGETS)}; all when none is")
    parser.add_argument("--into", type=Path, default=DIST, metavar="FOLDER", help="build there, not in dist/")
    parser.add_argument("--quick", action="store_true", help="compress little, to try packages out")
    asked = parser.parse_args()
    if unknown := set(asked.targets).difference(TARGETS, FURTHER):
        parser.error(f"there is no target called {', '.join(sorted(unknown))}")
    try:
        project.fix_clock()
    except project.CannotBuildError as error:
        print(f"Nothing was built. {error}.", file=sys.stderr)
        return 1
    if not asked.targets:
        shutil.rmtree(asked.into, ignore_errors=True)
    for folder in (asked.into, BUILD):
        folder.mkdir(parents=True, exist_ok=True)
    wanted = {name: make for name, make in (TARGETS | FURTHER).items() if name in (asked.targets or TARGETS)}
    failed = [name for name, make in wanted.items() if not _built(name, make, asked)]
    write_checksums(asked.into)
    if failed:
        print(f"Not built: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _built(name: str, make: Make, asked: argparse.Namespace) -> bool:
    begun = time.monotonic()
    try:
        made = make(asked)
    except project.CannotBuildError as error:
        print(f"{name:7} cannot be built: {error}", file=sys.stderr, flush=True)
        return False
    except Exception:  # noqa: BLE001 - a fault of one target is no reason to go without the others
        print(f"{name:7} cannot be built:\n{traceback.format_exc()}", file=sys.stderr, flush=True)
        return False
    print(f"{name:7} {made}, {time.monotonic() - begun:.0f} s", flush=True)
    return True


def wheel(into: Path) -> Path:
    """Build the package for pip, for those who have Python and Qt's libraries already."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    project.run(command, cwd=REPOSITORY)
    return into / f"whowas-{project.version()}-py3-none-any.whl"


def windows(into: Path) -> Path | str:
    """Build the installer for Windows where Wine and what it needs are there; else say why not."""
    missing = wine.lacking()
    return f"no installer, as {missing}" if missing else installer.installer(wine.bundle(), into)


def _bundle_in(folder: Path) -> Path:
    """Return the bundle that packages are made of."""
    bundle = folder / "whowas"
    if not (bundle / "_internal").is_dir():
        raise project.CannotBuildError(f"{bundle} is not there; the target bundle goes before")
    return bundle


def write_checksums(folder: Path) -> None:
    """Write SHA256SUMS of the files to hand out, as ``sha256sum --check`` reads it; folders are for trying out here."""
    files = [file for file in sorted(folder.iterdir()) if file.is_file() and file.name != "SHA256SUMS"]
    sums = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


LINUX: dict[str, Make] = {
    "bundle": lambda to: bundle(to.into),
    "deb": lambda to: deb(_bundle_in(to.into), to.into, version=project.version(), quick=to.quick),
    "rpm": lambda to: nfpm.package(_bundle_in(to.into), to.into, "rpm", quick=to.quick),
    "arch": lambda to: nfpm.package(_bundle_in(to.into), to.into, "archlinux"),
    "appdir": lambda to: appdir.appdir(_bundle_in(to.into), to.into),
    "windows": lambda to: windows(to.into),
}
MACOS: dict[str, Make] = {
    "bundle": lambda to: bundle(to.into),
    "dmg": lambda to: dmg.dmg(to.into),
}
WINDOWS: dict[str, Make] = {
    "bundle": lambda to: bundle(to.into),
    "setup": lambda to: installer.installer(_bundle_in(to.into), to.into),
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
