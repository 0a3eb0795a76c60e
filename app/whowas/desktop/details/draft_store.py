"""Unsaved drafts on disk, so that they survive selecting another user, quitting, and a crash."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import msgspec

from whowas.desktop.details.draft import Draft
from whowas.domain.errors import StoreError
from whowas.domain.fields import is_id
from whowas.store.event_log import EventLog
from whowas.store.file.identity import FileIdentity, identity_of
from whowas.system import folders

T = TypeVar("T")

NEW_USER = "new"
"""The key of the draft of a user who does not exist yet."""


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft and the version of the user it was made over; 0 for a user who does not exist yet.

    ``base_chain`` is the chain value (hex) of the event that made this version, "" where it is not known: in another
    history of the same directory the version is another one. ``base_groups`` are the names of the groups it was made
    over, None where those are not known: which were joined and left is what differs from these.
    """

    draft: Draft
    base_version: int = 0
    base_chain: str = ""
    base_groups: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Owner:
    """The file that drafts were made in: where it was last, and what it keeps while it is renamed."""

    path: str
    device: int
    number: int


@dataclass(slots=True)
class _Kept:
    """What a file of drafts holds; ``elsewhere`` are drafts over a history that the owner does not have (now)."""

    file: _Owner
    drafts: dict[str, KeptDraft] = field(default_factory=dict)
    elsewhere: list[tuple[str, KeptDraft]] = field(default_factory=list)


class DraftStore:
    """The drafts made in one file: user id (or NEW_USER) to draft. Passwords are never part of a draft.

    Copies of a directory bear its id too, so each has a file of drafts of its own, which says whose it is: that of the
    same path, or of the same file under a new path. Drafts are shown only over the history that they were made over.
    All these files are named after ``named``, as is the one in which 0.1.0 kept the drafts of all copies.
    """

    def __init__(self, named: Path, log: EventLog) -> None:
        self._named = named
        self._log = log
        self._owner = _owner(log.path, log.identity)
        self._path: Path | None = None
        self._drafts: dict[str, KeptDraft] = {}
        self._elsewhere: list[tuple[str, KeptDraft]] = []
        self._unkept = ""
        self._read()

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
        kept = self._drafts.get(user_id)
        if draft is not None and kept is not None and draft.base_version == kept.base_version:
            draft = replace(draft, base_chain=kept.base_chain)
        if kept == draft:
            self.keep()
            return
        if draft is None:
            del self._drafts[user_id]
        else:
            chain = draft.base_chain or self._chain(user_id, draft.base_version)
            self._drafts[user_id] = replace(draft, base_chain=chain or "")
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
        # Users whom this history does not know yet, or no longer, are others than those who were erased.
        erased = set(self._log.erased_users()) if self._elsewhere else set()
        elsewhere = [(user_id, draft) for user_id, draft in self._elsewhere if user_id not in erased]
        if gone or len(elsewhere) < len(self._elsewhere):
            self._elsewhere = elsewhere
            self._write()

    def carry_to(self, copy: Path) -> None:
        """Keep the drafts for a copy of the file as well. Raises OSError."""
        identity = identity_of(copy)
        if self._drafts and identity is not None:
            _write(_new_path(self._named), _Kept(_owner(copy, identity), dict(self._drafts)))

    def _read(self) -> None:
        found = list(_files(self._named))
        for is_ours in (_is_same_file, _is_at_same_path):
            ours = [(path, kept) for path, kept in found if is_ours(kept.file, self._owner)]
            if ours:
                self._path, kept = ours[0]
                self._sort((*kept.drafts.items(), *kept.elsewhere))
                if kept.file != self._owner:
                    with suppress(OSError):  # found by the other sign the next time, too
                        self._write()
                break
        self._take_over()

    def _sort(self, drafts: Iterable[tuple[str, KeptDraft]]) -> None:
        for user_id, draft in drafts:
            if user_id not in self._drafts and self._is_over_this_history(user_id, draft):
                self._drafts[user_id] = draft
            else:
                self._elsewhere.append((user_id, draft))

    def _is_over_this_history(self, user_id: str, draft: KeptDraft) -> bool:
        if user_id == NEW_USER:
            return True
        chain = self._chain(user_id, draft.base_version)
        return chain is not None and draft.base_chain in ("", chain)

    def _chain(self, user_id: str, version: int) -> str | None:
        """Return the chain value (hex) at a version of a user; None where there is none, or it cannot be read."""
        if not is_id(user_id):
            return None
        with suppress(StoreError):
            chain = self._log.chain_of(user_id, version)
            return None if chain is None else chain.hex()
        return None

    def _take_over(self) -> None:
        """Take over from 0.1.0 what was drafted over this history; the rest stays for the copy it belongs to."""
        old = _decoded(self._named, dict[str, KeptDraft])
        ours = {
            user_id: draft
            for user_id, draft in (old or {}).items()
            if user_id not in self._drafts and self._is_over_this_history(user_id, draft)
        }
        if not ours or old is None:
            return
        self._drafts |= {
            user_id: replace(draft, base_chain=self._chain(user_id, draft.base_version) or "")
            for user_id, draft in ours.items()
        }
        with suppress(OSError):  # then they are taken over once more the next time
            self._write()
            _write(self._named, {user_id: draft for user_id, draft in old.items() if user_id not in ours})

    def _write(self) -> None:
        try:
            self._put_on_disk()
        except OSError as error:
            self._unkept = error.strerror or str(error)
            raise
        self._unkept = ""

    def _put_on_disk(self) -> None:
        if not self._drafts and not self._elsewhere:
            # One that cannot be taken away is over all the same: what it held is saved, or discarded.
            if self._path is not None:
                with suppress(OSError):
                    self._path.unlink()
            return
        if self._path is None:
            self._path = _new_path(self._named)
        _write(self._path, _Kept(self._owner, self._drafts, self._elsewhere))


def _owner(path: Path, identity: FileIdentity) -> _Owner:
    return _Owner(os.path.realpath(path), identity.device, identity.number)


def _is_same_file(one: _Owner, other: _Owner) -> bool:
    return one.number != 0 and (one.device, one.number) == (other.device, other.number)


def _is_at_same_path(one: _Owner, other: _Owner) -> bool:
    return one.path == other.path


def _files(named: Path) -> Iterable[tuple[Path, _Kept]]:
    for path in sorted(named.parent.glob(f"{named.stem}.*{named.suffix}")):
        kept = _decoded(path, _Kept)
        if kept is not None:
            yield path, kept


def _new_path(named: Path) -> Path:
    return named.with_suffix(f".{os.urandom(4).hex()}{named.suffix}")


def _decoded(path: Path, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        return None


def _write(path: Path, content: object) -> None:
    if not content:
        path.unlink(missing_ok=True)
        return
    folders.private_folder(path.parent)
    unfinished = path.with_suffix(".new")
    with open(unfinished, "wb", opener=folders.for_its_owner) as file:
        file.write(msgspec.json.encode(content, enc_hook=dict))
    unfinished.replace(path)
