"""Says which packages of the system are missing, and installs them when root: ``system_packages.py run``.

Needs nothing but the standard library, because it runs before anything is installed. Looks for the things
themselves (a library that loads, a program on the path), so it holds for any distribution. Proposes Debian's and
Ubuntu's names to apt-get; to dnf what rpms say that they bring, which every one of them does by itself; and where
there is neither, it says what is missing and no name. Exits 0 when all that is needed is there, 2 with one sentence
and one line to mend it otherwise. What only some tests want is no reason to stop: they tell at their end.

The tests make PostgreSQL servers of their own. So Debian's packages, which would make a cluster and start it, are kept
from both; a cluster or a pooler that is there already is left alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Iterator, NamedTuple, Tuple

OLDEST_PYTHON = (3, 11)

# The names one package has had, the newest first.
Names = Tuple[str, ...]


class Need(NamedTuple):
    """Something that is missing: what it is, the names Debian's packages of it have had, what an rpm of it brings."""

    thing: str
    debian: Names
    rpm: str


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
# A server for directories that several people share, a pooler before it, and what makes certificates for both.
SERVER_PROGRAMS: dict[str, Names] = {
    "postgres": ("postgresql",),
    "pgbouncer": ("pgbouncer",),
    "openssl": ("openssl",),
}
# Debian has several versions of PostgreSQL side by side, so none is on the path; nor is a plain user's sbin.
SERVER_FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/sbin")
# What Debian's packages do when they are installed: pg_createcluster(1), and invoke-rc.d(8) asks this program.
OWN_CLUSTER = Path("/etc/postgresql-common/createcluster.d/whowas-tests.conf")
MAY_START = Path("/usr/sbin/policy-rc.d")
# Building packages asks each library that Qt is linked against where it is from, and binutils what is in a file.
DIST_LIBRARIES: dict[str, Names] = {
    "libwayland-client.so.0": ("libwayland-client0",),
    "libwayland-cursor.so.0": ("libwayland-cursor0",),
}
DIST_PROGRAMS: dict[str, Names] = {"objdump": ("binutils",), "patchelf": ("patchelf",)}
# Only root can try the packages in a new Debian. The others say what desktops and shells make of the program's entry,
# icons, manual, completion and files. Who lacks one skips its tests.
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
WITHOUT_MORE = {"apt-get": ["--no-install-recommends"], "dnf": ["--setopt=install_weak_deps=False"]}
VENV_PACKAGES = (f"python3.{sys.version_info[1]}-venv", "python3-venv")
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
    needed, wanted = missing(purpose), wanted_by_tests() if purpose == "test" else []
    if not needed and not wanted:
        return 0
    line = command_line([*needed, *wanted])
    if line and os.geteuid() == 0:
        install(needed, wanted)
        still = missing(purpose)
        return refuse(f"Still missing after {' '.join(line[:2])}: {things(still)}") if still else 0
    if set(line) & {"postgresql", "pgbouncer"} and line[0] == "apt-get":
        # By itself, apt-get would have a database run on this machine from now on.
        line = ["python3", os.path.relpath(__file__), purpose]
    how = f"this line mends it:\n    {as_person(line)}" if line else f"{things([*needed, *wanted])}."
    if needed:
        return refuse(f"System packages are missing: {how}")
    print(f"Some tests will be skipped, as they lack system packages: {how}", flush=True)
    return 0


def has_display() -> bool:
    """Whether a window can appear; a Qt platform chosen by hand (offscreen, vnc) needs no display."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if sys.platform != "linux" or (chosen and not chosen.startswith(("xcb", "wayland"))):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def missing(purpose: str) -> list[Need]:
    """Everything that PURPOSE cannot do without and that is not there."""
    found = [] if has_venv() else [Need("Python's venv and ensurepip", VENV_PACKAGES, "python3-libs")]
    if purpose == "install" or sys.platform != "linux":
        return found
    found += libraries(QT_LIBRARIES)
    if not has_font():
        found.append(Need("a font", ("fonts-inter",), "font(:lang=en)"))
    return found + (missing_for_packages() if purpose == "dist" else [])


def wanted_by_tests() -> list[Need]:
    """What tests want that is not there; those that need it are skipped without it."""
    if sys.platform != "linux":
        return []
    found = missing_for_screen() + programs(SERVER_PROGRAMS)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        found += missing_for_packages() + programs(ROOT_TEST_PROGRAMS)
    return found


def missing_for_screen() -> list[Need]:
    """What is not there of what the end-to-end tests look at the window with."""
    found = libraries(TEST_LIBRARIES) + programs(TEST_PROGRAMS)
    if not any(Path(launcher).exists() for launcher in BUS_LAUNCHERS):
        found.append(Need("at-spi-bus-launcher", ("at-spi2-core",), "at-spi2-core"))
    if not has_atspi():
        found.append(Need("gi for /usr/bin/python3", ("python3-gi",), "python3-gobject"))
        found.append(Need("Atspi for gi", ("gir1.2-atspi-2.0",), "at-spi2-core"))
    return found


def missing_for_packages() -> list[Need]:
    """What is not there of what the program's own packages are built with."""
    found = libraries(DIST_LIBRARIES) + programs(DIST_PROGRAMS)
    return found if has_libpython() else [*found, Need("libpython", (LIBPYTHON_PACKAGE,), "python3-libs")]


def libraries(wanted: dict[str, Names]) -> list[Need]:
    """Those that the loader does not find."""
    return [Need(name, debian, f"{name}()(64bit)") for name, debian in wanted.items() if not loads(name)]


def programs(wanted: dict[str, Names]) -> list[Need]:
    """Those that are neither on the path nor where servers lie."""
    found = ((name, debian) for name, debian in wanted.items() if shutil.which(name) is None)
    return [Need(name, debian, f"/usr/bin/{name}") for name, debian in found if not lies_aside(name)]


def lies_aside(program: str) -> bool:
    """Whether a program of a server is there, though not on the path."""
    return program in SERVER_PROGRAMS and any(
        found for folder in SERVER_FOLDERS for found in Path("/").glob(f"{folder}/{program}")
    )


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


def install(needed: list[Need], wanted: list[Need]) -> None:
    """Install as root, saying so first; whatever installs is heard only when it fails.

    What is needed goes first and by itself: a package that is not to be had here would hold up all the others.
    """
    if shutil.which("apt-get"):
        run_quietly(["apt-get", "-qq", "update"])
        wanted = [need for need in wanted if any(map(known, need.debian))]
    for needs in filter(None, (needed, wanted)):
        line = command_line(needs)
        line[2:2] = WITHOUT_MORE[line[0]]
        print(shlex.join(line), flush=True)
        with nothing_started(set(line)):
            run_quietly([*line[:2], "-y", *line[2:]])


@contextlib.contextmanager
def nothing_started(packages: set[str]) -> Iterator[None]:
    """Keep Debian from making a database, and from starting it or a pooler, now and with the machine."""
    if "apt-get" not in packages or not packages & {"postgresql", "pgbouncer"}:
        yield
        return
    with written(OWN_CLUSTER, "create_main_cluster = false\n"), written(MAY_START, "#!/bin/sh\nexit 101\n"):
        yield
    if "pgbouncer" in packages:
        run_quietly(["update-rc.d", "pgbouncer", "disable"])


@contextlib.contextmanager
def written(path: Path, text: str) -> Iterator[None]:
    """Have a file with a text, which may be run, while the block lasts; one that is there already is the machine's."""
    if path.exists():
        yield
        return
    made = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    try:
        yield
    finally:
        path.unlink()
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def run_quietly(line: list[str]) -> None:
    """Run a command that asks nothing; what it said is heard where it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        line,
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        print(done.stdout.decode(errors="replace"), file=sys.stderr)


def command_line(needs: list[Need]) -> list[str]:
    """What installs all of them here; nothing where neither apt-get nor dnf does."""
    if shutil.which("apt-get"):
        return ["apt-get", "install", *names(needs)]
    if shutil.which("dnf"):
        return ["dnf", "install", *sorted({need.rpm for need in needs})]
    return []


def as_person(line: list[str]) -> str:
    """The line as somebody who is not root types it."""
    sudo = "sudo " if shutil.which("sudo") else ""
    unknown = line[0] == "apt-get" and not any(Path("/var/lib/apt/lists").glob("*Packages*"))
    return f"{sudo}apt-get update && {sudo}{shlex.join(line)}" if unknown else f"{sudo}{shlex.join(line)}"


def names(needs: list[Need]) -> list[str]:
    """Debian's names: one for each package, the first that apt knows here, else the oldest."""
    chosen = (next(filter(known, need.debian[:-1]), need.debian[-1]) for need in needs)
    return sorted(set(chosen))


def things(needs: list[Need]) -> str:
    """What is missing, by no package's name."""
    return ", ".join(need.thing for need in needs)


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
