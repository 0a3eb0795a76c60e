"""Says which Debian or Ubuntu packages are missing, and installs them when root: ``system_packages.py run``.

Needs nothing but the standard library, because it runs before anything is installed. Looks for the things
themselves (a library that loads, a program on the path), so it holds for any distribution; only the names it
proposes are Debian's. Exits 0 when all is there, 2 with one sentence and one line to mend it otherwise.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Tuple

OLDEST_PYTHON = (3, 11)

# The names one package has had, the newest first.
Names = Tuple[str, ...]

# What Qt's libraries and its X11 and offscreen plugins are linked against, by the names the loader uses.
QT_LIBRARIES: dict[str, Names] = {
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libX11.so.6": ("libx11-6",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-render.so.0": ("libxcb-render0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-shm.so.0": ("libxcb-shm0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-util.so.1": ("libxcb-util1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
}
# The end-to-end tests press real keys.
TEST_LIBRARIES: dict[str, Names] = {"libXtst.so.6": ("libxtst6",)}
TEST_PROGRAMS: dict[str, Names] = {"Xvfb": ("xvfb",), "dbus-daemon": ("dbus-daemon", "dbus")}
# Building packages asks each library that Qt is linked against where it is from, and binutils what is in a file.
DIST_LIBRARIES: dict[str, Names] = {
    "libwayland-client.so.0": ("libwayland-client0",),
    "libwayland-cursor.so.0": ("libwayland-cursor0",),
}
DIST_PROGRAMS: dict[str, Names] = {"objdump": ("binutils",), "patchelf": ("patchelf",)}
# Only root can try the packages in a new Debian. The others say what desktops and shells make of the program's entry,
# icons, manual, completion and files; who is not root and lacks one skips its tests.
ROOT_TEST_PROGRAMS: dict[str, Names] = {
    "appstreamcli": ("appstream",),
    # Builds the library that lets disk calls fail.
    "cc": ("gcc",),
    "debootstrap": ("debootstrap",),
    "desktop-file-validate": ("desktop-file-utils",),
    "file": ("file",),
    "lintian": ("lintian",),
    "fish": ("fish",),
    "man": ("man-db",),
    # What xdg-mime asks where no desktop runs; without it, it asks file, which knows SQLite and no more.
    "mimetype": ("libfile-mimeinfo-perl",),
    "rpm": ("rpm",),
    "update-mime-database": ("shared-mime-info",),
    "xdg-mime": ("xdg-utils",),
    "zsh": ("zsh",),
    "zstd": ("zstd",),
}
BUS_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
LIBPYTHON_PACKAGE = f"libpython{sys.version_info[0]}.{sys.version_info[1]}"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
ASK_ATSPI = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"


def main(purpose: str) -> int:
    """Check what PURPOSE (install, run, test or dist) needs; returns the exit code."""
    if purpose == "run" and not has_display():
        return refuse("No display: neither DISPLAY nor WAYLAND_DISPLAY is set, so no window can be opened.")
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        return refuse(f"Whowas needs Python 3.11 or newer and this is {found}: try make {purpose} PYTHON=python3.12")
    missing = missing_packages(purpose)
    if not missing:
        return 0
    if shutil.which("apt-get") is None:
        return refuse(f"Missing here, by the names Debian gives them: {names(missing)}")
    if os.geteuid() != 0:
        sudo = "sudo " if shutil.which("sudo") else ""
        first = "" if any(Path("/var/lib/apt/lists").glob("*Packages*")) else f"{sudo}apt-get update && "
        line = f"{first}{sudo}apt-get install {names(missing)}"
        return refuse(f"System packages are missing; this line mends it:\n    {line}")
    install(missing)
    still = missing_packages(purpose)
    return refuse(f"Still missing after apt-get install: {names(still)}") if still else 0


def has_display() -> bool:
    """Whether a window can appear; a Qt platform chosen by hand (offscreen, vnc) needs no display."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if sys.platform != "linux" or (chosen and not chosen.startswith(("xcb", "wayland"))):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def missing_packages(purpose: str) -> list[Names]:
    """The names of every package that PURPOSE needs and that is not there."""
    missing: list[Names] = [] if has_venv() else [(f"python3.{sys.version_info[1]}-venv", "python3-venv")]
    if purpose == "install" or sys.platform != "linux":
        return missing
    tests_packages = purpose == "test" and os.geteuid() == 0
    libraries = {**QT_LIBRARIES, **(TEST_LIBRARIES if purpose == "test" else {})}
    programs = {**TEST_PROGRAMS} if purpose == "test" else {}
    if purpose == "dist" or tests_packages:
        libraries.update(DIST_LIBRARIES)
        programs.update(DIST_PROGRAMS)
        missing += [] if has_libpython() else [(LIBPYTHON_PACKAGE,)]
    if tests_packages:
        programs.update(ROOT_TEST_PROGRAMS)
    missing += [packages for library, packages in libraries.items() if not loads(library)]
    missing += [packages for program, packages in programs.items() if shutil.which(program) is None]
    if not has_font():
        missing.append(("fonts-inter",))
    if purpose == "test":
        if not any(Path(launcher).exists() for launcher in BUS_LAUNCHERS):
            missing.append(("at-spi2-core",))
        if not has_atspi():
            missing += [("python3-gi",), ("gir1.2-atspi-2.0",)]
    return missing


def has_venv() -> bool:
    """Debian ships ``venv`` without the pip it installs; both are needed."""
    return all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))


def has_libpython() -> bool:
    """Debian's Python does without the library that a bundle starts with."""
    folder, name = sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("INSTSONAME")
    return bool(name) and (Path(str(folder), str(name)).exists() or loads(str(name)))


def loads(library: str) -> bool:
    """Whether the loader finds a shared library by this name."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    """Without any font Qt draws boxes, and nothing fails."""
    folders = (place for folder in FONT_FOLDERS for place in os.walk(Path(folder).expanduser()))
    return any(name.endswith((".ttf", ".otf")) for _, _, names in folders for name in names)


def has_atspi() -> bool:
    """The end-to-end tests talk to the window as a screen reader, through the system Python's bindings."""
    try:
        answer = subprocess.run(["/usr/bin/python3", "-c", ASK_ATSPI], check=False, stderr=subprocess.DEVNULL)
    except OSError:
        return False
    return answer.returncode == 0


def install(missing: list[Names]) -> None:
    """Install as root, saying so first; apt-get itself is heard only when it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}

    def apt_get(*words: str) -> None:
        command = ["apt-get", "-qq", *words]
        done = subprocess.run(
            command,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode != 0:
            print(done.stdout.decode(errors="replace"), file=sys.stderr)

    apt_get("update")
    packages = names(missing)
    print(f"apt-get install --no-install-recommends {packages}", flush=True)
    apt_get("install", "-y", "--no-install-recommends", *packages.split())


def names(missing: list[Names]) -> str:
    """One name for each package, the first that apt knows here, else the oldest."""
    chosen = (next(filter(known, packages[:-1]), packages[-1]) for packages in missing)
    return " ".join(sorted(set(chosen)))


def known(package: str) -> bool:
    """Whether apt could install this package by this name."""
    answer = subprocess.run(["apt-cache", "show", package], check=False, capture_output=True)
    return bool(answer.stdout)


def refuse(sentence: str) -> int:
    """Tell on stderr; 2 is the code for "this cannot be done as asked"."""
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("install", "run", "test", "dist"):
        sys.exit(refuse("usage: system_packages.py install|run|test|dist"))
    sys.exit(main(sys.argv[1]))
