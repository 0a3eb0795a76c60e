"""What a package has to ask for: the libraries that the bundle is linked against and does not carry."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

from bundle import elf

LOADER = "ld-linux-x86-64.so.2"  # is part of the C library

ARCH = {
    "gcc-libs": ("libgcc_s.so.1", "libstdc++.so.6"),
    "dbus": ("libdbus-1.so.3",),
    "expat": ("libexpat.so.1",),
    "fontconfig": ("libfontconfig.so.1",),
    "freetype2": ("libfreetype.so.6",),
    "glib2": ("libglib-2.0.so.0", "libgthread-2.0.so.0"),
    "glibc": ("libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "librt.so.1", "libutil.so.1", LOADER),
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


def oldest_libc(bundle: Path) -> str:
    """The version of the GNU C library without which the bundle does not start, for example ``2.34``."""
    asked = {version for file in _files(bundle) for version in elf.linked(file).versions}
    versions = [
        tuple(map(int, found.groups())) for name in asked if (found := re.fullmatch(r"GLIBC_(\d+)\.(\d+)", name))
    ]
    return ".".join(map(str, max(versions)))


def debian(bundle: Path) -> list[str]:
    """The terms of Depends; asks dpkg here which package each library is from."""
    packages = {_debian_package(name) for name in left_to_system(bundle)} - {"libc6"}
    return [f"libc6 (>= {oldest_libc(bundle)})", *sorted(packages)]


def rpm(bundle: Path) -> list[str]:
    """The terms of Requires: rpm knows libraries by their own names."""
    names = left_to_system(bundle) - {LOADER}
    return [*(f"{name}()(64bit)" for name in sorted(names)), f"libc.so.6(GLIBC_{oldest_libc(bundle)})(64bit)"]


def arch(bundle: Path) -> list[str]:
    """The packages of Arch Linux; raises KeyError for a library that is in no known one."""
    packages = {library: package for package, libraries in ARCH.items() for library in libraries}
    return sorted({packages[name] for name in left_to_system(bundle)})


@cache
def _files(bundle: Path) -> list[Path]:
    return [file for file in sorted(bundle.rglob("*")) if elf.is_elf(file)]


def path_on_this_system(library: str) -> Path:
    """Where the loader finds a library here; raises LookupError where it does not."""
    told = subprocess.run(["/sbin/ldconfig", "-p"], check=True, capture_output=True, text=True).stdout
    found = re.search(rf"^\s+{re.escape(library)} \(libc6,x86-64[^)]*\) => (\S+)$", told, re.MULTILINE)
    if found is None:
        raise LookupError(f"{library} is not installed here")
    return Path(found.group(1))


def _debian_package(library: str) -> str:
    # The loader may find it by another way to the same folder than the package has it by.
    pattern = f"*/{path_on_this_system(library).parent.name}/{library}"
    answer = subprocess.run(["dpkg-query", "-S", pattern], check=True, capture_output=True, text=True)
    package = answer.stdout.split(":", 1)[0]
    # Debian 13 renamed some whose functions did not change on 64 bits; it answers to both names.
    return f"{package} | {package.removesuffix('t64')}" if package.endswith("t64") else package
