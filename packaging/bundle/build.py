"""Making the bundle: ``dist/whowas/``, or one of another script by the same rules."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from project import BUILD, REPOSITORY, CannotBuildError

EMPTY_WINDOW = Path(__file__).with_name("empty_window.py")
TOOLS = ("objdump", "patchelf", "strip")
SPEC = REPOSITORY / "packaging" / "app.spec"


def bundle(into: Path, name: str = "whowas", script: Path | None = None) -> Path:
    """Build ``into/name`` and return that folder; what PyInstaller says is kept in ``project.BUILD``."""
    if sys.platform == "linux" and (missing := [tool for tool in TOOLS if shutil.which(tool) is None]):
        raise CannotBuildError(f"{', '.join(missing)} cannot be found")
    work = BUILD / name
    work.mkdir(parents=True, exist_ok=True)
    words = [name, str(script)] if script else []
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--distpath", str(into)]
    command += ["--workpath", str(work), str(SPEC), *(["--", *words] if words else [])]
    log = BUILD / f"{name}.log"
    with log.open("w", encoding="utf-8") as told:
        done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
    if done.returncode != 0:
        last = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
        raise CannotBuildError(f"PyInstaller ended with {done.returncode}; all of it is in {log}:\n{last}")
    return into / name
