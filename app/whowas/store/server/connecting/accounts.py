"""Under which account this person uses a shared directory, where neither the address nor the environment says it.

A team file names no account, as it is passed on. So whoever shared a directory under another name than that of their
system account is remembered on their own computer.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from whowas.system import folders
from whowas.system.unfinished import write_whole


def remembered_account(directory_id: str) -> str | None:
    """Return the account by which this person used a directory first, None where none is remembered."""
    account = _remembered().get(directory_id)
    return account if isinstance(account, str) and account.isprintable() else None


def remember_account(directory_id: str, account: str) -> None:
    """Remember the account; where that cannot be, it has to be said again."""
    with suppress(OSError):
        folders.private_folder(_file().parent)
        write_whole(_file(), json.dumps({**_remembered(), directory_id: account}).encode())


def _file() -> Path:
    return folders.state() / "accounts.json"


def _remembered() -> dict[str, object]:
    with suppress(OSError, ValueError, RecursionError):
        kept = json.loads(_file().read_bytes())
        if isinstance(kept, dict):
            return kept
    return {}
