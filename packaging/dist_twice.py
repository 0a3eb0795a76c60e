"""``make dist-twice``: builds everything, or the TARGETs named, once more, and says which bytes came out otherwise."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from project import DIST, REPOSITORY


def main() -> int:
    """Compare every file under dist/, the bundle's own included, before and after; 1 where one differs."""
    before = digests(DIST)
    again = [sys.executable, str(REPOSITORY / "packaging" / "dist.py"), *sys.argv[1:]]
    if subprocess.run(again, check=False).returncode != 0:
        print("Not everything could be built once more.", file=sys.stderr)
        return 1
    after = digests(DIST)
    different = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    for name in different:
        print(f"not the same: {name}", file=sys.stderr)
    print(f"{len(after) - len(different)} of {len(after)} files are the same, byte by byte.")
    return 1 if different or not before else 0


def digests(folder: Path) -> dict[str, str]:
    """Path below ``folder`` -> SHA-256 of the file, or where a link leads to."""
    return {
        path.relative_to(folder).as_posix(): (
            str(path.readlink()) if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
        )
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


if __name__ == "__main__":
    sys.exit(main())
