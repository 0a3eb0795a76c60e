"""The AppDir, a tree that runs from any folder of any distribution, and the AppImage made of it.

An AppImage begins with a runtime that no package registry has. ``APPIMAGE_RUNTIME=FILE`` names one that was fetched
from the AppImage project by hand and ``APPIMAGE_RUNTIME_SHA256=HEX`` what it has to be; without them the AppDir is all
that is made, and that is told.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from pathlib import Path

import project
from bundle import carried, elf
from linux import depends, installed

# What is found on every desktop comes from it; these are not, or only since lately.
CARRIED = {
    "libsqlite3.": "public domain",
    "libxcb-": "MIT",
    "libxkbcommon-x11.": "MIT",
    "libwayland-cursor.": "MIT",
}
LICENCES = f"{installed.PROGRAM}/_internal/whowas/resources/licences"


def appdir(bundle: Path, into: Path) -> Path:
    """Build ``into/whowas.AppDir`` and, where a runtime is given, the AppImage beside it; return what was made last."""
    root = into / "whowas.AppDir"
    installed.install(bundle, root, installed.FILES | installed.ELSEWHERE)
    carry(root, depends.left_to_system(bundle))
    for name in ("whowas.desktop", "whowas.png"):
        source = "usr/share/applications" if name.endswith(".desktop") else f"{installed.ICONS}/256x256/apps"
        (root / name).symlink_to(f"{source}/{name}")
    (root / ".DirIcon").symlink_to("whowas.png")
    shutil.copyfile(Path(__file__).with_name("AppRun"), root / "AppRun")
    installed.tidy(root, programs=(installed.STARTED, "AppRun"))
    runtime = os.environ.get("APPIMAGE_RUNTIME")
    if runtime is None:
        print(
            "        no AppImage, as APPIMAGE_RUNTIME names no runtime; the AppDir it would hold is complete",
            flush=True,
        )
        return root
    return appimage(root, Path(runtime), into)


def appimage(root: Path, runtime: Path, into: Path) -> Path:
    """Put the runtime and the packed AppDir into one file that runs; raises CannotBuildError for another runtime."""
    try:
        started_by = runtime.read_bytes()
    except OSError as error:
        raise project.CannotBuildError(f"APPIMAGE_RUNTIME cannot be read: {error}") from error
    found, wanted = hashlib.sha256(started_by).hexdigest(), os.environ.get("APPIMAGE_RUNTIME_SHA256")
    if found != wanted:
        raise project.CannotBuildError(
            f"{runtime} has the SHA-256 {found}; APPIMAGE_RUNTIME_SHA256 says {wanted or 'nothing'}"
        )
    packed = project.BUILD / "whowas.squashfs"
    packed.unlink(missing_ok=True)
    date = str(project.epoch())
    command = [
        "mksquashfs",
        str(root),
        str(packed),
        "-root-owned",
        "-noappend",
        "-comp",
        "zstd",
        "-quiet",
        "-no-progress",
    ]
    # mksquashfs refuses to be told the time twice.
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    project.run([*command, "-all-time", date, "-mkfs-time", date], env=environment)
    image = into / f"Whowas-{project.version()}-{platform.machine()}.AppImage"
    image.write_bytes(started_by + packed.read_bytes())
    image.chmod(0o755)
    return image


def carry(root: Path, left: set[str]) -> None:
    """Copy what not every desktop has from this system into the bundle, with what that needs of the same kind.

    The licences go with it, and the About dialog names it.
    """
    waiting, told = sorted(left), []
    while waiting:
        name = waiting.pop()
        target = root / installed.PROGRAM / "_internal" / name
        licence = next((licence for beginning, licence in CARRIED.items() if name.startswith(beginning)), None)
        if licence is not None and not target.exists():
            source = depends.path_on_this_system(name)
            shutil.copyfile(source, target)
            part = name.partition(".so")[0]
            carried.copy_systems_text(source, root / LICENCES / part)
            told.append(carried.Part(part, name.partition(".so.")[2], licence, part))
            waiting += elf.linked(source).needed
    carried.write([*carried.read(root / LICENCES), *sorted(told)], root / LICENCES)
