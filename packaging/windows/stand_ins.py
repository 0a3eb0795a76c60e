"""What Wine 8 lacks of Windows, made up so that the program can be tried there. Nothing of this is ever handed out.

Qt asks for ICU's converters (no text of ours needs one), NumPy for complex mathematics (used by nobody here), and
uuid-utils for random numbers (real ones).
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

COMPILER = "x86_64-w64-mingw32-gcc"
MATHEMATICS = b"api-ms-win-crt-math-l1-1-0.dll"
STAND_IN = b"xpi-ms-win-crt-math-l1-1-0.dll"
"""Wine finds the first name without looking at any file, so NumPy's libraries are made to ask for the second."""

_SOURCES = Path(__file__).with_name("stand_ins")
_COMPLEX = re.compile(r"c(?:a?(?:cos|sin|tan)h?|abs|arg|exp|log|pow|real|imag|sqrt)[fl]?")


def make(into: Path, packages: Path) -> None:
    """Compile all stand-ins into a folder, with the names that the libraries below ``packages`` ask for."""
    into.mkdir(parents=True, exist_ok=True)
    _compile(into / "bcryptprimitives.dll", [_SOURCES / "bcryptprimitives.c"], "-ladvapi32")

    converters = _asked_for(packages.glob("PySide6/Qt6Core.dll"), b"icuuc.dll")
    source = into / "icuuc.c"
    source.write_text(
        "".join(f"__declspec(dllexport) void *{name}(void) {{ return 0; }}\n" for name in sorted(converters))
    )
    _compile(into / "icuuc.dll", [source])

    functions = _asked_for(_numpys(packages), MATHEMATICS)
    missing = {name for name in functions if _COMPLEX.fullmatch(name)}
    source = into / "mathematics.c"
    source.write_text("".join(f"double stand_in_{name}(void) {{ return 0; }}\n" for name in sorted(missing)))
    exported = [f"{name}={f'stand_in_{name}' if name in missing else f'ucrtbase.{name}'}" for name in sorted(functions)]
    definitions = into / "mathematics.def"
    definitions.write_text(f"LIBRARY {STAND_IN.decode()}\nEXPORTS\n" + "".join(f"  {one}\n" for one in exported))
    _compile(into / STAND_IN.decode(), [source, definitions])


def redirect(packages: Path, *, back: bool = False) -> None:
    """Have NumPy's libraries below ``packages`` ask for the stand-in; or, ``back``, be as they were to the byte."""
    old, new = (STAND_IN, MATHEMATICS) if back else (MATHEMATICS, STAND_IN)
    for library in _numpys(packages):
        library.write_bytes(library.read_bytes().replace(old, new))


def _numpys(packages: Path) -> list[Path]:
    return [*packages.glob("numpy/**/*.pyd"), *packages.glob("numpy.libs/*.dll")]


def _asked_for(libraries: Iterable[Path], of: bytes) -> set[str]:
    """Return the functions that libraries import of another one."""
    # Comes with PyInstaller for Windows; objdump reads some of NumPy's tables in part.
    import pefile

    names: set[str] = set()
    for library in libraries:
        with pefile.PE(str(library), fast_load=True) as image:
            image.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
            for table in getattr(image, "DIRECTORY_ENTRY_IMPORT", []):
                if table.dll.lower() == of:
                    names.update(entry.name.decode() for entry in table.imports if entry.name)
    return names


def _compile(library: Path, sources: list[Path], *libraries: str) -> None:
    command = [COMPILER, "-shared", "-O1", "-static-libgcc", "-fno-builtin", "-w", "-o", str(library)]
    subprocess.run([*command, *map(str, sources), *libraries], check=True)
