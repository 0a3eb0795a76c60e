"""Keeping unsaved drafts on disk, so that they survive selecting another user, quitting, and a crash."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, KeysView
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import msgspec
import uuid_utils

from whowas.desktop.details.draft import NEW_USER, Draft, is_new
from whowas.desktop.details.kept_selections import KeptSelection, KeptSelections
from whowas.domain.errors import StoreError
from whowas.domain.fields import is_id
from whowas.store.event_log import EventLog
from whowas.store.file.identity import FileIdentity, identity_of
from whowas.system import folders
from whowas.system.unfinished import write_whole

T = TypeVar("T")

KEEP_AFTER_MS = 400
"""How long after the last keystroke a draft is written to disk."""
KEEP_AGAIN_AFTER_MS = 5000
"""How long after a failure to write a draft it is tried again."""


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft with the version of the user on which it is based; 0 for a user who does not exist yet.

    ``base_chain`` is the chain value (hex) of the event that made this version, "" if unknown; it tells the version
    from one with the same number in a diverged copy of the directory. ``base_groups`` are the names of the user's
    groups in that version, None if unknown; joined and left groups are the differences from these.
    """

    draft: Draft
    base_version: int = 0
    base_chain: str = ""
    base_groups: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Owner:
    """The directory file to which drafts belong: its last path, and its identity, which survives renaming."""

    path: str
    device: int
    number: int


@dataclass(slots=True)
class _Kept:
    """The content of a file of drafts; ``elsewhere`` are those based on versions that the owner does not have (now).

    ``several`` are those for several users.
    """

    file: _Owner
    drafts: dict[str, KeptDraft] = field(default_factory=dict)
    elsewhere: list[tuple[str, KeptDraft]] = field(default_factory=list)
    several: dict[str, KeptSelection] = field(default_factory=dict)


class DraftStore:
    """The drafts made in one directory file, by user id or key of a new user. Passwords are never part of a draft.

    Copies of a directory have the same id, so each has a file of drafts of its own, which names its owner: the file
    with the same identity, or else the one at the same path. A draft is shown only if the log has the version on which
    it is based. The names of these files are derived from ``named``, the file in which 0.1.0 kept the drafts of all
    copies. Those for ``several`` users are kept with them: whoever alters them calls ``write``.
    """

    def __init__(self, named: Path, log: EventLog) -> None:
        self._named = named
        self._log = log
        self._owner = _owner(log.path, log.identity)
        self._path: Path | None = None
        self._drafts: dict[str, KeptDraft] = {}
        self._elsewhere: list[tuple[str, KeptDraft]] = []
        self.several = KeptSelections(log)
        self._unkept = ""
        self._read()

    @property
    def unkept(self) -> str:
        """Why the drafts could not be written to disk, "" if they were."""
        return self._unkept

    def __len__(self) -> int:
        """Return the number of drafts, for one user or for several."""
        return len(self._drafts) + len(self.several)

    @property
    def keys(self) -> KeysView[str]:
        """The keys of the drafts for one user, those that were begun first before the others."""
        return self._drafts.keys()

    def get(self, user_id: str) -> KeptDraft | None:
        """Return the draft for a user, or None."""
        return self._drafts.get(user_id)

    def new_key(self) -> str:
        """Return a key for one more user who does not exist yet."""
        return f"{NEW_USER}-{uuid_utils.uuid7()}"

    def put(self, user_id: str, draft: KeptDraft | None) -> None:
        """Keep a draft, or remove it with None. Raises OSError if it cannot be written; it stays in memory."""
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
        self.write()

    def keep(self) -> None:
        """Write drafts that could not be written before, if any. Raises OSError if they still cannot be."""
        if self._unkept:
            self.write()

    def keep_only(self, known: Callable[[str], bool]) -> None:
        """Remove the drafts for users who are not ``known`` any more. Raises OSError if that cannot be written."""
        gone = [user_id for user_id in self._drafts if not is_new(user_id) and not known(user_id)]
        for user_id in gone:
            del self._drafts[user_id]
        # Drafts for users whom this copy does not have yet, or no longer, stay unless the user was erased.
        erased = set(self._log.erased_users()) if self._elsewhere else set()
        elsewhere = [(user_id, draft) for user_id, draft in self._elsewhere if user_id not in erased]
        if gone or len(elsewhere) < len(self._elsewhere):
            self._elsewhere = elsewhere
            self.write()

    def carry_to(self, copy: Path) -> None:
        """Keep the drafts for a copy of the file as well. Raises OSError."""
        identity = identity_of(copy)
        if len(self) and identity is not None:
            kept = _Kept(_owner(copy, identity), dict(self._drafts), several=dict(self.several.drafts))
            _write(_new_path(self._named), kept)

    def take_from(self, other: DraftStore) -> None:
        """Keep the drafts of another place of the same history as well. Raises OSError."""
        if len(other):
            self._sort(other._drafts.items())
            self.several.take(other.several.drafts)
            self.write()

    def _read(self) -> None:
        found = list(_files(self._named))
        for is_ours in (_is_same_file, _is_at_same_path):
            ours = [(path, kept) for path, kept in found if is_ours(kept.file, self._owner)]
            if ours:
                self._path, kept = ours[0]
                self._sort((*kept.drafts.items(), *kept.elsewhere))
                self.several.take(kept.several)
                if kept.file != self._owner:
                    with suppress(OSError):  # the next time it is found in the same way again
                        self.write()
                break
        self._take_over()

    def _sort(self, drafts: Iterable[tuple[str, KeptDraft]]) -> None:
        for key, draft in drafts:
            # Both may have begun to make a user, for which there was but one key once.
            user_id = self.new_key() if key == NEW_USER and self._drafts.get(key, draft) != draft else key
            if user_id not in self._drafts and self._is_over_this_history(user_id, draft):
                self._drafts[user_id] = draft
            else:
                self._elsewhere.append((user_id, draft))

    def _is_over_this_history(self, user_id: str, draft: KeptDraft) -> bool:
        if is_new(user_id):
            return True
        chain = self._chain(user_id, draft.base_version)
        return chain is not None and draft.base_chain in ("", chain)

    def _chain(self, user_id: str, version: int) -> str | None:
        """Return the chain value (hex) at a version of a user; None if there is none, or it cannot be read."""
        if not is_id(user_id):
            return None
        with suppress(StoreError):
            chain = self._log.chain_of(user_id, version)
            return None if chain is None else chain.hex()
        return None

    def _take_over(self) -> None:
        """Take over the drafts of 0.1.0 that are based on this log; the others stay for the copy they belong to."""
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
        with suppress(OSError):  # the next time they are taken over again
            self.write()
            _write(self._named, {user_id: draft for user_id, draft in old.items() if user_id not in ours})

    def write(self) -> None:
        """Write all drafts. Raises OSError if they cannot be; the reason stays in ``unkept``."""
        try:
            self._put_on_disk()
        except OSError as error:
            self._unkept = error.strerror or str(error)
            raise
        self._unkept = ""

    def _put_on_disk(self) -> None:
        several = self.several.everything
        if not (self._drafts or self._elsewhere or several):
            # If the file cannot be removed, no matter: its drafts have been saved or discarded.
            if self._path is not None:
                with suppress(OSError):
                    self._path.unlink()
            return
        if self._path is None:
            self._path = _new_path(self._named)
        _write(self._path, _Kept(self._owner, self._drafts, self._elsewhere, several))


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
    write_whole(path, msgspec.json.encode(content, enc_hook=dict))
