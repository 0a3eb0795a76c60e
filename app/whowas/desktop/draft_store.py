"""Unsaved drafts on disk, so that they survive selecting another user, quitting, and a crash."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from whowas import places
from whowas.desktop.drafts import Draft

NEW_USER = "new"
"""The key of the draft of a user who does not exist yet."""


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft and the version of the user it was made over; 0 for a user who does not exist yet."""

    draft: Draft
    base_version: int = 0


class DraftStore:
    """The drafts of one directory: user id (or NEW_USER) to draft. Passwords are never part of a draft."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._drafts = self._read()
        self._unkept = ""

    @property
    def unkept(self) -> str:
        """Why what is held here is not on disk, "" where it is."""
        return self._unkept

    def __len__(self) -> int:
        """Return how many drafts there are."""
        return len(self._drafts)

    def get(self, user_id: str) -> KeptDraft | None:
        """Return the draft for a user, or None."""
        return self._drafts.get(user_id)

    def put(self, user_id: str, draft: KeptDraft | None) -> None:
        """Keep a draft, or forget it with None. Raises OSError where it cannot be written; it is kept in memory."""
        if self._drafts.get(user_id) == draft:
            self.keep()
            return
        if draft is None:
            self._drafts.pop(user_id, None)
        else:
            self._drafts[user_id] = draft
        self._write()

    def keep(self) -> None:
        """Write what could not be written before, if anything. Raises OSError where it still cannot be."""
        if self._unkept:
            self._write()

    def keep_only(self, known: Callable[[str], bool]) -> None:
        """Forget the drafts for users who are not ``known`` any more. Raises OSError where that cannot be written."""
        gone = [user_id for user_id in self._drafts if user_id != NEW_USER and not known(user_id)]
        for user_id in gone:
            del self._drafts[user_id]
        if gone:
            self._write()

    def _read(self) -> dict[str, KeptDraft]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, KeptDraft])
        except (OSError, msgspec.DecodeError):
            return {}

    def _write(self) -> None:
        try:
            self._put_on_disk()
        except OSError as error:
            self._unkept = error.strerror or str(error)
            raise
        self._unkept = ""

    def _put_on_disk(self) -> None:
        if not self._drafts:
            # One that cannot be taken away is over all the same: what it held is saved, or discarded.
            with suppress(OSError):
                self._path.unlink()
            return
        places.private_folder(self._path.parent)
        unfinished = self._path.with_suffix(".new")
        with open(unfinished, "wb", opener=places.for_its_owner) as file:
            file.write(msgspec.json.encode(self._drafts, enc_hook=dict))
        unfinished.replace(self._path)
