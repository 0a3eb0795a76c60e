"""The drafts for several users of one directory, each for exactly the users whom it was typed for."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

import numpy as np
import uuid_utils
from PySide6.QtCore import QObject, QTimer, Signal

from whowas.desktop.details.draft_store import KEEP_AFTER_MS, KEEP_AGAIN_AFTER_MS, DraftStore
from whowas.desktop.details.kept_selections import KeptSelection, packed, unpacked
from whowas.desktop.details.selection_draft import SelectionDraft, key_for_several
from whowas.desktop.page.selected_users import Numbering, RememberedUsers
from whowas.desktop.session.session import Session
from whowas.projections.tables.arrays import Int32


class SeveralDrafts(QObject):
    """Users are told apart by their numbers in today's directory, so nothing here is asked while another is shown.

    ``changed`` is emitted when there are more or fewer drafts, ``lost`` when one is gone that nobody discarded.
    """

    changed = Signal()
    lost = Signal()

    def __init__(self, session: Session, store: DraftStore, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._store = store
        self._numbers: dict[str, tuple[int, Int32]] = {}
        """The users of drafts by number, with how many users were erased when they had these."""
        self._gone: list[int] = []
        self._waits = False
        self._keep_soon = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._keep_soon.timeout.connect(self.keep)
        self._keep_again = QTimer(self, singleShot=True, interval=KEEP_AGAIN_AFTER_MS)
        self._keep_again.timeout.connect(self.keep)

    @property
    def keys(self) -> Collection[str]:
        """The keys of the drafts, those that were begun first before the others."""
        return self._store.several.drafts.keys()

    def get(self, key: str | None) -> SelectionDraft:
        """Return the draft with a key, an empty one where there is none."""
        kept = None if key is None else self._store.several.drafts.get(key)
        return SelectionDraft() if kept is None else kept.draft

    def count(self, key: str) -> int:
        """Return for how many users a draft is, 0 where there is none."""
        kept = self._store.several.drafts.get(key)
        return 0 if kept is None else kept.count

    def users(self, key: str) -> RememberedUsers | None:
        """Return for whom a draft is, None where there is none or they cannot be told any more."""
        kept, numbers = self._store.several.drafts.get(key), self._numbers_of(key)
        if kept is None or numbers is None:
            return None
        numbering = Numbering(self._session.shown.lens_epoch, self._erasures)
        return RememberedUsers(numbering, numbers, kept.ids)

    def key_of(self, users: RememberedUsers) -> str | None:
        """Return the key of the draft for exactly these users, None where there is none."""
        wanted = np.sort(users.users)
        for key in self.keys:
            if self.count(key) != len(wanted):
                continue
            numbers = self._numbers_of(key)
            if numbers is not None and np.array_equal(np.sort(numbers), wanted):
                return key
        return None

    def hold(self, key: str | None, users: RememberedUsers, draft: SelectionDraft) -> str | None:
        """Keep what was typed for some users under ``key``, or a new one; return the key, None where it is nothing."""
        kept = None if key is None else self._store.several.drafts.get(key)
        if (kept.draft if kept is not None else SelectionDraft()) == draft:
            return key if kept is not None else None
        if not draft:
            self.drop(key)
            return None
        key = key or key_for_several(str(uuid_utils.uuid7()))
        if kept is None:
            kept = KeptSelection(draft, len(users.users), users.ids, erasures=self._erasures)
            self._numbers[key] = self._erasures, users.users
        is_new = key not in self._store.several.drafts
        self._store.several.put(key, replace(kept, draft=draft))
        self._waits = True
        self._keep_soon.start()
        if is_new:
            self.changed.emit()
        return key

    def saved(self, key: str, saved: SelectionDraft) -> None:
        """Keep of a draft only what was typed after a part of it was saved."""
        if key in self.keys:
            self._put(key, _left_of(self._store, key, saved))

    def drop(self, key: str | None) -> None:
        """Discard a draft."""
        if key is not None and key in self._store.several.drafts:
            self._put(key, None)

    def keep(self) -> None:
        """Write what waits to be written to disk now; if that fails, it is tried again later."""
        self._keep_soon.stop()
        if self._waits or self._store.unkept:
            self._write()

    def stop(self) -> None:
        """Write nothing any more, as the directory is about to be closed."""
        self._keep_soon.stop()
        self._keep_again.stop()
        self._waits = False

    def forget_erased(self) -> None:
        """Leave out whoever was erased; a draft for fewer than two goes, and one of which it is not known whose it is.

        Of very many users only the numbers are known, which are others after an erasure.
        """
        before, after = dict(self._store.several.drafts), self._erasures
        if not self._store.several.let_go(self._still):
            return
        self._write()
        self.changed.emit()
        for key, kept in before.items():
            if key not in self._store.several.drafts and not kept.ids and kept.erasures != after:
                self._gone.append(kept.count)
        if self._gone:
            self.lost.emit()

    def take_gone(self) -> list[int]:
        """Return, once, for how many users each of the drafts was that are gone."""
        gone, self._gone = self._gone, []
        return gone

    @property
    def _erasures(self) -> int:
        return self._session.shown.index.epoch.erasure_count

    def _numbers_of(self, key: str) -> Int32 | None:
        known, erasures = self._numbers.get(key), self._erasures
        if known is not None and known[0] == erasures:
            return known[1]
        kept = self._store.several.drafts.get(key)
        if kept is None or not (kept.ids or kept.erasures == erasures):
            return None
        if kept.ids:
            found = [number for one in kept.ids if (number := self._session.reads.user_number(one)) is not None]
            numbers = np.array(found, dtype=np.int32)
        else:
            numbers = unpacked(kept.numbers)
        self._numbers[key] = erasures, numbers
        return numbers

    def _still(self, kept: KeptSelection) -> KeptSelection | None:
        if not kept.ids:
            return kept if kept.erasures == self._erasures else None
        known = tuple(one for one in kept.ids if self._session.reads.knows(one))
        return replace(kept, ids=known, count=len(known)) if len(known) > 1 else None

    def _put(self, key: str, kept: KeptSelection | None) -> None:
        self._store.several.put(key, kept)
        self._write()
        self.changed.emit()

    def _write(self) -> None:
        self._bind()
        self._waits = False
        with suppress(OSError):  # the reason is in ``unkept`` of the store
            self._store.write()
        if self._store.unkept:
            self._keep_again.start()

    def _bind(self) -> None:
        """Note for each draft over which history it was made, and who its users are where they are many."""
        new = [(key, kept) for key, kept in self._store.several.drafts.items() if not kept.position]
        position, chain = self._store.several.head() if new else (0, "")
        for key, kept in new:
            numbers = "" if kept.ids else packed(self._numbers[key][1])
            self._store.several.put(key, replace(kept, numbers=numbers, position=position, chain=chain))


def drop_saved(store: DraftStore, key: str, saved: SelectionDraft) -> None:
    """Keep of a draft only what was typed after a part of it was saved, where the page is gone by then."""
    if key in store.several.drafts:
        store.several.put(key, _left_of(store, key, saved))
        with suppress(OSError):  # it will be there again, and comes to nothing
            store.write()


def _left_of(store: DraftStore, key: str, saved: SelectionDraft) -> KeptSelection | None:
    kept = store.several.drafts[key]
    left = kept.draft.since(saved)
    return replace(kept, draft=left) if left else None
