"""What goes into the bundle and what does not; ``app.spec`` asks here.

PyInstaller takes whole packages with all that they could ever need. Kept is what Whowas needs: the Qt plugins listed
here, every extension module the source leads to, and the libraries these are linked against. Libraries of the system
are left to the system, which mends their faults, except those that distributions do not agree on.
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from bundle import elf

Entry = tuple[str, str, str]
"""One file of the bundle, as PyInstaller has it: destination, source, kind."""

QT_MODULES = {
    "linux": {"QtCore", "QtGui", "QtSvg", "QtWidgets"},
    "win32": {"QtCore", "QtGui", "QtNetwork", "QtSvg", "QtWidgets"},  # second starts are told through a named pipe
    "darwin": {"QtCore", "QtGui", "QtSvg", "QtWidgets"},
}

QT_PLUGINS = {
    "linux": {
        "platforms/libqxcb.so",
        "platforms/libqwayland.so",
        "platforms/libqoffscreen.so",  # for --self-check
        "platformthemes/libqxdgdesktopportal.so",  # file dialogs of the desktop it runs on
        "platforminputcontexts/libcomposeplatforminputcontextplugin.so",
        "platforminputcontexts/libibusplatforminputcontextplugin.so",
        "wayland-shell-integration/libxdg-shell.so",
        "wayland-decoration-client/libadwaita.so",
        "wayland-decoration-client/libbradient.so",
        "iconengines/libqsvgicon.so",
        "imageformats/libqsvg.so",
    },
    "win32": {
        "platforms/qwindows.dll",
        "platforms/qoffscreen.dll",
        "styles/qmodernwindowsstyle.dll",
        "iconengines/qsvgicon.dll",
        "imageformats/qsvg.dll",
    },
    "darwin": {
        "platforms/libqcocoa.dylib",
        "platforms/libqoffscreen.dylib",
        "styles/libqmacstyle.dylib",
        "iconengines/libqsvgicon.dylib",
        "imageformats/libqsvg.dylib",
    },
}

UNUSED = [
    # Parts of NumPy and of the standard library that other parts name, and nothing here leads to.
    *("numpy._core._multiarray_tests", "numpy.f2py", "numpy.fft", "numpy.polynomial", "numpy.random", "numpy.testing"),
    *("doctest", "ensurepip", "ftplib", "idlelib", "lib2to3", "multiprocessing", "pdb", "pydoc", "readline"),
    *("_bz2", "_lzma", "_uuid", "bz2", "lzma", "test", "tkinter", "turtle", "unittest", "xmlrpc"),
    # Tools of the environment that the bundle is built in.
    *("_pytest", "coverage", "hypothesis", "mypy", "pip", "pygments", "pytest", "rich", "setuptools", "wheel"),
]

# What distributions name or number differently.
CARRIED_OF_SYSTEM = (
    "libffi.so",
    "libmpdec.so",
    "libpython3.",
)
LEFT_OUT = {
    "opengl32sw.dll",  # 20 MB of Qt for Windows, of use to OpenGL only, which nothing here draws with
    # Windows has these itself; Wine has not and is lent others, see windows/stand_ins.py.
    *("bcryptprimitives.dll", "icuuc.dll", "xpi-ms-win-crt-math-l1-1-0.dll"),
}

NOT_STRIPPED = ("PySide6", "shiboken6", "numpy.libs", "psycopg_binary", "psycopg_binary.libs")
"""Qt's are left as they are published, and what NumPy and Psycopg bring does not load any more when it is."""

REPLACEABLE = ("psycopg", "psycopg_binary")
"""Packages whose licence (LGPL) lets people put others into their place, so they lie in folders beside the program."""

QUICKLY_IMPORTED = ("whowas.desktop",)
"""Packages that lie in folders too, as a start waits for them: out of the archive each module takes twice as long."""

OF_SYSTEM = {r"libcrypto-\w+\.so\.3": "libcrypto.so.3", r"libssl-\w+\.so\.3": "libssl.so.3"}
"""Patterns of libraries that packages bring, and what every system has instead; Python itself is linked against that.

A second OpenSSL, which Psycopg brings, would be 7 MB, go without the system's mends, and know none of its root
certificates. Of it libpq asks for nothing that is newer than 3.0.0; a test has it connect on Debian 12.
"""

LOADED_AT_RUN_TIME = "apsw/sqlite_extra_binaries/cksumvfs.*"
"""The checksum VFS of the read model, see ``whowas.projections.tables.checked_database``; apsw brings many others."""

SYSTEM_FOLDERS = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")


def unused_modules() -> list[str]:
    """Modules to leave out: ``UNUSED``, and every binding of Qt that is not used on this platform."""
    import PySide6

    return [*UNUSED, *(f"PySide6.{name}" for name in PySide6.__all__ if name not in QT_MODULES[sys.platform])]


def parts(package: str = "whowas") -> set[str]:
    """Names of the packages that are installed for a package, whose versions and licences the bundle has to tell."""
    found: set[str] = set()
    waiting = [Requirement(package)]
    while waiting:
        asking = waiting.pop()
        for asked in map(Requirement, distribution(asking.name).requires or []):
            if _holds(asked, asking.extras) and (asked.extras or asked.name not in found):
                found.add(asked.name)
                waiting.append(asked)
    return found


def _holds(asked: Requirement, extras: set[str]) -> bool:
    """Whether a package with these extras asks for another on this system, where that is installed."""
    if asked.marker is not None and not any(asked.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
        return False
    with suppress(PackageNotFoundError):
        return distribution(asked.name) is not None
    return False


def resources(folder: Path) -> list[tuple[str, str]]:
    """What the program reads at run time: source and destination, as PyInstaller takes data.

    A publisher's ``updates.txt`` is among it where there is one, see ``whowas.desktop.window.update_check``.
    """
    told = [(str(folder / kind), f"whowas/resources/{kind}") for kind in ("icons", "theme")]
    updates = folder / "updates.txt"
    return [*told, (str(updates), "whowas/resources")] if updates.exists() else told


def scripts(package: Path) -> list[tuple[str, str]]:
    """What a server is told, which lies between the program's modules; as ``resources``."""
    return [(str(file), f"whowas/{file.parent.relative_to(package).as_posix()}") for file in package.rglob("*.sql")]


def loaded_libraries() -> list[tuple[str, str]]:
    """Libraries that nothing is linked against: source and destination folder, as PyInstaller takes binaries."""
    import apsw

    packages = Path(apsw.__file__).parent.parent
    found = [(str(file), str(file.parent.relative_to(packages))) for file in packages.glob(LOADED_AT_RUN_TIME)]
    if not found:
        raise FileNotFoundError(LOADED_AT_RUN_TIME)
    return found


def tree(folder: Path, destination: str) -> list[Entry]:
    """The files below a folder, each at its place below ``destination``."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return [(f"{destination}/{file.relative_to(folder).as_posix()}", str(file), "DATA") for file in files]


def kept_data(entries: list[Entry], binaries: list[Entry]) -> list[Entry]:
    """Leave out Qt's translations, as the program speaks English, what only installers read, and links to nothing."""
    there = {Path(name) for name, _, _ in binaries}
    return [
        (name, source, kind)
        for name, source, kind in entries
        if "/translations/" not in name
        and (".dist-info" not in name or Path(name).name == "METADATA")
        and (kind != "SYMLINK" or Path(name).parent / source in there)
    ]


def kept_binaries(entries: list[Entry]) -> list[Entry]:
    """Leave out plugins that are not listed and, on Linux, libraries that nothing kept is linked against."""
    entries = [entry for entry in entries if _wanted_plugin(entry[0])]
    entries = [entry for entry in entries if Path(entry[0].replace("\\", "/")).name not in LEFT_OUT]
    if sys.platform != "linux":
        return entries
    libraries = {Path(name).name: source for name, source, kind in entries if kind == "BINARY" and _carried(source)}
    libraries = {name: source for name, source in libraries.items() if _of_system(name) is None}
    waiting = [Path(source) for name, source, kind in entries if kind == "EXTENSION" or _is_root(name)]
    reached: set[str] = {file.name for file in waiting}
    while waiting:
        for name in elf.linked(waiting.pop()).needed - reached:
            if name in libraries:
                reached.add(name)
                waiting.append(Path(libraries[name]))
    return [entry for entry in entries if entry[2] == "EXTENSION" or Path(entry[0]).name in reached]


def _wanted_plugin(destination: str) -> bool:
    _, found, plugin = destination.replace("\\", "/").partition("/plugins/")
    return not found or plugin in QT_PLUGINS[sys.platform]


def _carried(source: str) -> bool:
    return not source.startswith(SYSTEM_FOLDERS) or Path(source).name.startswith(CARRIED_OF_SYSTEM)


def _of_system(library: str) -> str | None:
    """Return the name of the system's own, where a library is left out for that."""
    return next((name for pattern, name in OF_SYSTEM.items() if re.fullmatch(pattern, library)), None)


def _is_root(destination: str) -> bool:
    # The start of the bundle loads Python, Qt its plugins, and SQLite its VFS, without being linked against them.
    path = Path(destination)
    return "/plugins/" in destination or path.name.startswith("libpython3.") or path.match(LOADED_AT_RUN_TIME)


def finish(folder: Path) -> None:
    """Strip what is known to bear it and forget the build machine, in the folder of a bundle's libraries."""
    if sys.platform != "linux":
        return
    files = [file for file in sorted(folder.rglob("*")) if elf.is_elf(file)]
    elf.strip(file for file in files if file.relative_to(folder).parts[0] not in NOT_STRIPPED)
    elf.linked.cache_clear()
    for file in files:
        elf.forget_build_machine(file)
        others = {library: name for library in elf.linked(file).needed if (name := _of_system(library))}
        elf.link_instead(file, others)
