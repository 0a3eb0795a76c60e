"""Whose the files of the bundle are, and under which licences they are handed on; ``app.spec`` asks here.

Every library has an owner, or there is no bundle. What the About dialog cannot know from its source, which is what a
build carries besides Python packages, it reads from ``parts.json``, which lies with the licence texts.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path

from project import REPOSITORY, CannotBuildError

TEXTS = REPOSITORY / "packaging" / "licences"
SYSTEMS_TEXTS = "/usr/share/doc/{package}/copyright"

OPENSSL_OF_LIBPQ = "OpenSSL of libpq"
"""A second one, beside Python's."""

KERBEROS = "MIT Kerberos"
OWNERS = {
    "PySide6/Qt/lib/libicu*": "ICU",
    "PySide6/Qt/*": "Qt",
    "PySide6/plugins/*": "Qt",
    "PySide6/Qt6*": "Qt",
    "PySide6/pyside6*": "pyside6-essentials",
    "PySide6/lib*": "pyside6-essentials",
    "PySide6/Qt*": "pyside6-essentials",
    "shiboken6/[Sls]*": "shiboken6",
    "numpy.libs/libscipy_openblas*": "OpenBLAS",
    "numpy.libs/libgfortran*": "libgfortran",
    "numpy.libs/libquadmath*": "libquadmath",
    "numpy/.dylibs/*openblas*": "OpenBLAS",
    "numpy/.dylibs/libgfortran*": "libgfortran",
    "numpy/.dylibs/libquadmath*": "libquadmath",
    "numpy/.dylibs/libgcc*": "libgcc",
    "numpy/*": "numpy",
    "apsw/*": "apsw",
    "psycopg_binary/.dylibs/libpq*": "libpq",
    "psycopg_binary.libs/libpq*": "libpq",
    "psycopg_binary*/libcrypto*": OPENSSL_OF_LIBPQ,
    "psycopg_binary*/libssl*": OPENSSL_OF_LIBPQ,
    "psycopg_binary.libs/libcom_err*.so.2*": "com_err",
    "psycopg_binary*/libcom_err*": KERBEROS,
    "psycopg_binary*/libgssapi_krb5*": KERBEROS,
    "psycopg_binary*/libk5crypto*": KERBEROS,
    "psycopg_binary*/libkrb5*": KERBEROS,
    "psycopg_binary*/liblber*": "OpenLDAP",
    "psycopg_binary*/libldap*": "OpenLDAP",
    "psycopg_binary*/libsasl2*": "Cyrus SASL",
    "psycopg_binary*/libcrypt-*": "libxcrypt",
    "psycopg_binary*/libkeyutils*": "libkeyutils",
    "psycopg_binary/[_p]*": "psycopg-binary",
    "_argon2_cffi_bindings/*": "argon2-cffi-bindings",
    "_cffi_backend*": "cffi",
    "msgspec/*": "msgspec",
    "uuid_utils/*": "uuid-utils",
    "libffi*": "libffi",
    "libmpdec*": "libmpdec",
    "libcrypto*": "OpenSSL",
    "libssl*": "OpenSSL",
    "libsqlite3*": "SQLite",
    "sqlite3.dll": "SQLite",
    "*msvcp140*": "Microsoft Visual C++ runtime",
    "*vc*140*.dll": "Microsoft Visual C++ runtime",
    "*concrt140*": "Microsoft Visual C++ runtime",
    "ucrtbase.dll": "Microsoft Visual C++ runtime",
    "api-ms-win-*": "Microsoft Visual C++ runtime",
    "libpython3*": "Python",
    "python3*": "Python",
    "Python": "Python",
    "Python.framework/*": "Python",
    "_*.pyd": "Python",
    "[a-z]*.pyd": "Python",
}
"""Which files, by their paths in the bundle's folder of libraries, are part of what; the first pattern that fits."""

STARTER = "PyInstaller's starter"
LICENCES = {
    "Cyrus SASL": "BSD-Attribution-HPND-disclaimer",
    "ICU": "Unicode-DFS-2016",
    KERBEROS: "BSD-2-Clause, and others of the same kind",
    "Microsoft Visual C++ runtime": "Microsoft's, for redistribution",
    "OpenBLAS": "BSD-3-Clause",
    "OpenLDAP": "OLDAP-2.8",
    "OpenSSL": "Apache-2.0",
    OPENSSL_OF_LIBPQ: "Apache-2.0",
    STARTER: "GPL-2.0-or-later WITH Bootloader-exception",
    "com_err": "HPND",
    "libffi": "MIT",
    "libgcc": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgfortran": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libkeyutils": "LGPL-2.0-or-later",
    "libmpdec": "BSD-2-Clause",
    "libpq": "PostgreSQL",
    "libquadmath": "LGPL-2.1-or-later",
    "libxcrypt": "LGPL-2.1-or-later",
}
"""The licences of what the About dialog learns from the build only."""

OF_QT = ("Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt")
OF_PSYCOPG = ("Psycopg.txt", "GPL-3.0.txt")
OWN_TEXTS = {
    "Cyrus SASL": ("CyrusSASL.txt",),
    "ICU": ("ICU.txt",),
    KERBEROS: ("Kerberos.txt",),
    "OpenLDAP": ("OpenLDAP.txt",),
    OPENSSL_OF_LIBPQ: ("Apache-2.0.txt",),
    "com_err": ("com_err.txt",),
    "libkeyutils": ("Psycopg.txt", "LGPL-2.1.txt"),
    "libpq": ("PostgreSQL.txt",),
    "libxcrypt": ("Psycopg.txt", "LGPL-2.1.txt"),
    "psycopg": OF_PSYCOPG,
    "psycopg-binary": OF_PSYCOPG,
    "pyside6-essentials": OF_QT,
    "shiboken6": OF_QT,
}
"""Texts that neither the packages nor Python bring."""

TELL_THEIR_VERSION = {
    KERBEROS: ("libkrb5-* libkrb5.3*", rb"krb5-(\d[\d.]*\d)"),
    OPENSSL_OF_LIBPQ: ("libcrypto*", rb"OpenSSL (\d+\.\d+\.\d+)"),
}
"""In which of a part's files, by their names, stands which version it is."""

TOLD_BY = {
    **dict.fromkeys(("OpenBLAS", "libgcc", "libgfortran", "libquadmath"), "numpy"),
    "Qt": "pyside6-essentials",
    STARTER: "pyinstaller",
}
"""Parts whose texts lie with those of the package that they come with; all others' with Python's own."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """What the About dialog is told of a part; ``version`` is "" where no file tells it, ``texts`` is a folder."""

    name: str
    version: str
    licence: str
    texts: str


def owner(path: str) -> str:
    """Return whose a library is; raises CannotBuildError where nobody has said."""
    path = path.replace("\\", "/")
    for pattern, name in OWNERS.items():
        if fnmatch(path.lower(), pattern.lower()):
            return name
    raise CannotBuildError(f"packaging/bundle/carried.py does not say whose {path} is")


def _by_owner(libraries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return a source of each owner; raises CannotBuildError with all that have none."""
    sources, unknown = {}, []
    for destination, source in libraries:
        try:
            sources[owner(destination)] = source
        except CannotBuildError as error:
            unknown.append(str(error))
    if unknown:
        raise CannotBuildError("\n".join(unknown))
    return sources


def collect(libraries: Iterable[tuple[str, str]], packages: Iterable[str], into: Path) -> None:
    """Fill a folder with the licence texts, a folder for each part, and with ``parts.json``.

    Args:
        libraries: Destination in the bundle and source of every file with code in it.
        packages: The Python packages in the bundle.
        into: The folder, made anew.
    """
    shutil.rmtree(into, ignore_errors=True)
    sources = _by_owner(sorted(libraries))
    for package in sorted({*packages, "pyinstaller"}):
        _copy(_texts(package, with_parts=package in sources), into / package)
    of_python = into / "Python"
    _copy({"LICENSE.txt": _pythons()}, of_python)
    parts = [Part(STARTER, metadata.version("pyinstaller"), LICENCES[STARTER], "pyinstaller")]
    for name in sorted(sources.keys() & LICENCES.keys()):
        if name in OWN_TEXTS:
            _copy({text: TEXTS / text for text in OWN_TEXTS[name]}, into / name)
        elif (text := _systems(sources[name])) is not None:
            _copy({"copyright": text}, into / name)
        folder = name if (into / name).exists() else TOLD_BY.get(name, "Python")
        parts.append(Part(name, _version(name, sources[name]), LICENCES[name], folder))
    write(parts, into)


def read(folder: Path) -> list[Part]:
    """Return what ``write`` wrote."""
    return [Part(**told) for told in json.loads((folder / "parts.json").read_text(encoding="utf-8"))]


def copy_systems_text(library: Path, into: Path) -> None:
    """Copy what Debian says of a library's copyright; raises CannotBuildError where it says nothing."""
    text = _systems(str(library))
    if text is None:
        raise CannotBuildError(f"nothing tells the licence of {library}")
    _copy({"copyright": text}, into)


def write(parts: Iterable[Part], into: Path) -> None:
    """Write what the About dialog reads."""
    told = [asdict(part) for part in parts]
    (into / "parts.json").write_text(json.dumps(told, indent=1), encoding="utf-8")


def _copy(texts: dict[str, Path], into: Path) -> None:
    for name, text in texts.items():
        # A name of its own: packages of systems take every LICENSE for one that they might have themselves.
        target = into / re.sub(r"(?i)(licen[sc]e|copying)(?=[-_.]|$)", "text", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(text, target)


def _texts(package: str, *, with_parts: bool) -> dict[str, Path]:
    """Return the licence texts of a Python package, and what it tells of the parts built into it, by short names."""
    wanted = ("licenses/", "sboms/") if with_parts else ("licenses/",)
    found = {text: TEXTS / text for text in OWN_TEXTS.get(package, ())}
    for file in metadata.files(package) or []:
        _, _, name = file.as_posix().partition(".dist-info/")
        if name.startswith(wanted) or re.match(r"(?i)(licen[sc]e|copying|notice)", name):
            found[name.removeprefix("licenses/").replace("/", "-")] = Path(str(file.locate()))
    if not found:
        raise CannotBuildError(f"{package} brings no text of its licence")
    return found


def _pythons() -> Path:
    places = (Path(sysconfig.get_path("stdlib"), "LICENSE.txt"), Path(sys.base_prefix, "LICENSE.txt"))
    for place in places:
        if place.exists():
            return place
    raise CannotBuildError(f"the text of Python's licence is not at {' or '.join(map(str, places))}")


def _systems(source: str) -> Path | None:
    """Return what Debian says of a library's copyright, where that library is Debian's."""
    if shutil.which("dpkg-query") is None:
        return None
    pattern = f"*/{Path(source).parent.name}/{Path(source).name}"
    asked = subprocess.run(["dpkg-query", "-S", pattern], check=False, capture_output=True, text=True)
    if asked.returncode != 0:
        return None
    text = Path(SYSTEMS_TEXTS.format(package=asked.stdout.split(":", 1)[0]))
    return text if text.exists() else None


def _version(name: str, source: str) -> str:
    if name == "OpenBLAS":
        from numpy.__config__ import CONFIG

        return str(CONFIG["Build Dependencies"]["blas"]["version"])
    if name == "OpenSSL":
        import ssl

        return ssl.OPENSSL_VERSION.split()[1]
    if name in TELL_THEIR_VERSION:
        names, told = TELL_THEIR_VERSION[name]
        files = [file for pattern in names.split() for file in sorted(Path(source).parent.glob(pattern))]
        stands = next(filter(None, (re.search(told, file.read_bytes()) for file in files)), None)
        return "" if stands is None else stands[1].decode()
    found = re.search(r"\.so\.([\d.]+)$|-(\d+)(?:-x64)?\.dll$|140.*\.(dll)$", Path(source).name)
    return "" if found is None else found[1] or found[2] or "14"
