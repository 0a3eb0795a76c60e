"""The folders in which Whowas keeps its own files on this platform, accessible only to their owner."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from stat import S_IMODE

import platformdirs

SUFFIX = ".whowas"

TEAM_SUFFIX = ".whowas-team"
"""How files end that say on which server a directory is; here, as no ordinary file is to wait for what reads them."""

ADDRESSES = ("postgresql://", "postgres://")
"""How the addresses of servers begin; here for the same reason."""

FIRST_SCREEN = "first-screen"
"""The file in the folder of a read side that holds what the next start paints first; here for the same reason."""

_below: Path | None = None


def keep_below(folder: Path) -> None:
    """Keep everything below ``folder`` from now on, for a run that must leave nothing behind."""
    global _below  # noqa: PLW0603 (there is one person, so there is one set of folders)
    _below = folder


def cache() -> Path:
    """Return the folder of files that can be made again."""
    return _below / "cache" if _below else platformdirs.user_cache_path("whowas", appauthor=False)


def read_side(below: Path, directory_id: str, path: Path) -> Path:
    """Return the folder of what is made of the directory file at ``path``; it need not be there."""
    from whowas.system.digests import sha256  # no window without a directory waits for that

    return below / f"{directory_id}-{sha256(os.fsencode(path.resolve())).hex()[:12]}"


def data() -> Path:
    """Return the folder in which a person's directories are created by default."""
    return _below / "data" if _below else platformdirs.user_data_path("whowas", appauthor=False)


def config() -> Path:
    """Return the folder of settings."""
    return _below / "config" if _below else platformdirs.user_config_path("whowas", appauthor=False)


def private_folder(folder: Path) -> None:
    """Create a folder and its missing parents with mode 0700, whatever the umask. Raises OSError.

    Existing ones get that mode too if they are Whowas's own.
    """
    for missing in reversed(list(takewhile(lambda each: not each.exists(), (folder, *folder.parents)))):
        missing.mkdir(mode=0o700, exist_ok=True)
        missing.chmod(0o700)
    roots = (cache(), data(), config(), state())
    for each in takewhile(lambda each: any(each.is_relative_to(root) for root in roots), (folder, *folder.parents)):
        # A folder that belongs to another account keeps its mode.
        with suppress(OSError):
            if S_IMODE(each.stat().st_mode) != 0o700:
                each.chmod(0o700)


def private_file(path: Path) -> None:
    """Create a file if it is missing, and give it the mode 0600, whatever the umask. Raises OSError."""
    if not os.access(path, os.W_OK):
        os.close(for_its_owner(str(path), os.O_CREAT | os.O_WRONLY))
        return
    # Not opened, because closing a file that SQLite also has open would drop SQLite's locks.
    with suppress(OSError):
        if S_IMODE(path.stat().st_mode) != 0o600:
            path.chmod(0o600)


def for_its_owner(path: str, flags: int) -> int:
    """Open a file with mode 0600, even if it had another mode; to be passed to ``open`` as ``opener``."""
    descriptor = os.open(path, flags, 0o600)
    with suppress(OSError):  # as on a file system without modes
        if S_IMODE(os.fstat(descriptor).st_mode) != 0o600:
            os.chmod(descriptor if os.chmod in os.supports_fd else path, 0o600)  # noqa: PTH101 - not every system has it
    return descriptor


def drafts(directory_id: str) -> Path:
    """Return the path from which the names of the draft files of a directory, and of its copies, are derived."""
    return state() / "drafts" / f"{directory_id}.json"


def seen_heads() -> Path:
    """Return the folder of what was seen of each directory last."""
    return state() / "heads"


def reports() -> list[Path]:
    """Return the log files, in which unexpected errors are written down."""
    return list(state().glob("whowas.log*"))


def state() -> Path:
    """Return the folder of drafts, of the heads seen last, and of log files."""
    return _below / "state" if _below else platformdirs.user_state_path("whowas", appauthor=False)
