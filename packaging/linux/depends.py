"""What a package has to ask for: the libraries that the bundle is linked against and does not carry."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import project
from bundle import elf

LOADER = "ld-linux-x86-64.so.2"  # is part of the C library

ARCH = {
    "gcc-libs": ("libgcc_s.so.1", "libstdc++.so.6"),
    "dbus": ("libdbus-1.so.3",),
    "expat": ("libexpat.so.1",),
    "fontconfig": ("libfontconfig.so.1",),
    "freetype2": ("libfreetype.so.6",),
    "glib2": ("libglib-2.0.so.0", "libgthread-2.0.so.0"),
    "glibc": (
        "libc.so.6",
        "libdl.so.2",
        "libm.so.6",
        "libpthread.so.0",
        "libresolv.so.2",
        "librt.so.1",
        "libutil.so.1",
        LOADER,
    ),
    "libglvnd": ("libEGL.so.1", "libGL.so.1"),
    "libx11": ("libX11-xcb.so.1", "libX11.so.6"),
    "libxcb": (
        *("libxcb-randr.so.0", "libxcb-render.so.0", "libxcb-shape.so.0", "libxcb-shm.so.0", "libxcb-sync.so.1"),
        *("libxcb-xfixes.so.0", "libxcb-xkb.so.1", "libxcb.so.1"),
    ),
    "libxkbcommon": ("libxkbcommon.so.0",),
    "libxkbcommon-x11": ("libxkbcommon-x11.so.0",),
    "openssl": ("libcrypto.so.3", "libssl.so.3"),
    "sqlite": ("libsqlite3.so.0",),
    "wayland": ("libwayland-client.so.0", "libwayland-cursor.so.0"),
    "xcb-util": ("libxcb-util.so.1",),
    "xcb-util-cursor": ("libxcb-cursor.so.0",),
    "xcb-util-image": ("libxcb-image.so.0",),
    "xcb-util-keysyms": ("libxcb-keysyms.so.1",),
    "xcb-util-renderutil": ("libxcb-render-util.so.0",),
    "xcb-util-wm": ("libxcb-icccm.so.4",),
    "zlib": ("libz.so.1",),
    "zstd": ("libzstd.so.1",),
}
"""Arch Linux's packages and the libraries in them; this machine cannot ask Arch, so the table does not follow it."""


def left_to_system(bundle: Path) -> set[str]:
    """Names of the libraries that something in the bundle needs and that are not in it."""
    files = _files(bundle)
    return {name for file in files for name in elf.linked(file).needed} - {file.name for file in files}


def versions_asked(bundle: Path) -> set[tuple[str, str]]:
    """The versions of libraries left to the system, for example ``("libc.so.6", "GLIBC_2.34")``."""
    left = left_to_system(bundle)
    return {asked for file in _files(bundle) for asked in elf.linked(file).versions if asked[0] in left}


def debian(bundle: Path) -> list[str]:
    """The terms of Depends; asks dpkg here which package each library is from, and since when it has what is asked."""
    packages: dict[str, set[str]] = {}
    for library in left_to_system(bundle):
        packages.setdefault(_debian_package(library), set()).add(library)
    asked = versions_asked(bundle)
    terms = []
    for package, libraries in sorted(packages.items()):
        versions = {version for library, version in asked if library in libraries}
        oldest = _oldest(_symbols(package), versions)
        term = f"{package} (>= {oldest})" if oldest else package
        # Debian 13 renamed some whose functions did not change on 64 bits; it answers to both names.
        old = term.replace("t64", "", 1)
        terms.append(f"{term} | {old}" if package.endswith("t64") else term)
    return terms


def rpm(bundle: Path) -> list[str]:
    """The terms of Requires: rpm knows libraries, and their versions, by their own names."""
    names = left_to_system(bundle) - {LOADER}
    versions = {(library, version) for library, version in versions_asked(bundle) if library in names}
    return [
        *(f"{name}()(64bit)" for name in sorted(names)),
        *(f"{library}({version})(64bit)" for library, version in sorted(versions)),
    ]


def arch(bundle: Path) -> list[str]:
    """The packages of Arch Linux; raises KeyError for a library that is in no known one."""
    packages = {library: package for package, libraries in ARCH.items() for library in libraries}
    return sorted({packages[name] for name in left_to_system(bundle)})


@cache
def _files(bundle: Path) -> list[Path]:
    return [file for file in sorted(bundle.rglob("*")) if elf.is_elf(file)]


def path_on_this_system(library: str) -> Path:
    """Where the loader finds a library here; raises CannotBuildError where it does not."""
    told = project.run(["/sbin/ldconfig", "-p"]).stdout
    found = re.search(rf"^\s+{re.escape(library)} \(libc6,x86-64[^)]*\) => (\S+)$", told, re.MULTILINE)
    if found is None:
        raise project.CannotBuildError(f"{library} is not installed here")
    return Path(found.group(1))


def _debian_package(library: str) -> str:
    # The loader may find it by another way to the same folder than the package has it by.
    pattern = f"*/{path_on_this_system(library).parent.name}/{library}"
    return project.run(["dpkg-query", "-S", pattern]).stdout.split(":", 1)[0]


def _symbols(package: str) -> str:
    """What a package tells of the versions in its libraries, see deb-symbols(5); "" where it tells nothing."""
    files = project.run(["dpkg-query", "--control-list", package]).stdout.split()
    return project.run(["dpkg-query", "--control-show", package, "symbols"]).stdout if "symbols" in files else ""


def _oldest(symbols: str, versions: set[str]) -> str:
    """Return since when a package has all these versions in its libraries, "" where that is not told."""
    since: dict[str, set[str]] = {}
    for line in symbols.splitlines():
        name, _, told = line.strip().partition(" ")
        version = name.removesuffix("@Base").rpartition("@")[2]
        if version in versions and told:
            since.setdefault(version, set()).add(told.split()[0])
    # Of one version of the library the first function that came with it; newer ones tell when they came themselves.
    oldest = [min(found, key=_as_numbers) for found in since.values()]
    return max(oldest, key=_as_numbers, default="").removesuffix("~")


def _as_numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version.partition("-")[0])]
