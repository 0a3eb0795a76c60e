"""How it stands with the open directory, and the bars above the page that follow from it.

Nothing here is a widget, nor in ``status_words``: a ``Standing`` goes in, words come out, and whoever shows them adds
none. So no two of them can contradict each other, and none is left over from what was before. They are named tuples and
not dataclasses because they are made as the window starts, and six of those take milliseconds to be defined.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Literal, NamedTuple

SAVING = "saving"
EXPORTING = "exporting"
IMPORTING = "importing"
OPENING = "opening"
LOOKING = "looking"
VERIFYING = "verifying"
COPYING = "copying"
"""What a person asks for, and is told the outcome of: saving is all that writes to the directory."""

READING = "reading"
DRAFTS = "drafts"
READ_ONLY = "read-only"
FILE = "file"
FOLDER = "folder"
SET_ASIDE = "set aside"
BACKUPS = "backups"
BACKUP = "backup"
SEEN = "seen"
RENEWED = "renewed"
SERVER = "server"
RIGHTS = "rights"
LOST = "lost"
COPIES = "copies"
SETTINGS = "settings"
"""What is so without being asked for: the file cannot be read, drafts cannot be kept, the directory can only be read,
the file is not in its folder, that folder is a shared one, a log that lay beside the file was put aside, the history is
not the one that this computer saw, no backup can be made, the file is a backup itself, it was of an older version and
was renewed; how it stands with the server of a shared directory, what one may do there, what was lost there,
that a save is not copied yet, and that settings could not be read."""


class Severity(IntEnum):
    """How much it matters, the most last."""

    CALM = 0
    AMBER = 1
    RED = 2


class Condition(NamedTuple):
    """One sentence over the page; there is never more than one ``about`` the same.

    It stands until whoever put it there ends it. A ``passing`` one tells what came of something asked for: it goes by
    itself once the same succeeds, or something else is asked for. ``actions`` names its buttons, and only a
    ``closable`` one can be taken out of sight. What it means for the file is ``unsaved``: the status line says that in
    place of "all changes saved". A ``heading`` stands in bold before the sentence.
    """

    about: str
    severity: Severity
    sentence: str
    actions: tuple[str, ...] = ()
    passing: bool = False
    closable: bool = True
    unsaved: str = ""
    heading: str = ""

    @property
    def text(self) -> str:
        """All that it says."""
        return f"{self.heading} {self.sentence}".strip()


class Verified(NamedTuple):
    """The first so many of the recorded changes were found as they were written."""

    changes: int


class Damaged(NamedTuple):
    """The history was found damaged at a change, or the file at no one change."""

    change: int | None


Shown = Literal["now", "past", "known", "imagined"]


class Standing(NamedTuple):
    """All that is to be said something of, with no words yet.

    ``users`` and ``changes`` are those of what is ``shown``, None before they were counted, ``recorded`` the changes
    that the file has. ``refused`` says that the draft in the form cannot be saved as it is, ``unkept`` why drafts are
    not on disk, ``read_only`` that nothing can be written to the file. ``present`` are the accounts that have a shared
    directory open, ``selected`` how many users are selected.
    """

    file: str = ""
    users: int | None = None
    changes: int | None = None
    recorded: int = 0
    shown: Shown = "now"
    saving: bool = False
    drafts: int = 0
    refused: bool = False
    unkept: str = ""
    history: Verified | Damaged | None = None
    conditions: tuple[Condition, ...] = ()
    closed: frozenset[Condition] = frozenset()
    read_only: bool = False
    present: tuple[str, ...] = ()
    selected: int = 0

    def holding(self, condition: Condition) -> Standing:
        """Return the same with a condition, in place of the one about the same."""
        if condition in self.conditions:
            return self
        return self._with(*(one for one in self.conditions if one.about != condition.about), condition)

    def ending(self, about: str) -> Standing:
        """Return the same without the condition about something."""
        return self._with(*(one for one in self.conditions if one.about != about))

    def succeeding(self, about: str) -> Standing:
        """Return the same once something asked for was done: what was told of it before is over."""
        return self._with(*(one for one in self.conditions if not (one.passing and one.about == about)))

    def going_on(self) -> Standing:
        """Return the same once something is asked for: what came of all that was asked for before is over."""
        return self._with(*(one for one in self.conditions if not one.passing))

    def closing(self, condition: Condition) -> Standing:
        """Return the same once a sentence was read: what stands is out of sight until it is another one."""
        if condition.passing:
            return self.ending(condition.about)
        return self._replace(closed=self.closed | {condition})

    def _with(self, *conditions: Condition) -> Standing:
        if conditions == self.conditions:
            return self
        # Whatever comes again is told again.
        left = self._replace(conditions=conditions)
        return left._replace(closed=self.closed & frozenset(_all_of(left)))


def bars(standing: Standing) -> tuple[Condition, ...]:
    """Return what stands over the page, what matters most first."""
    found = [one for one in _all_of(standing) if one not in standing.closed]
    return tuple(sorted(found, key=lambda one: -one.severity))


def _all_of(standing: Standing) -> tuple[Condition, ...]:
    """Return all conditions, also those that follow from the rest of the standing."""
    found: list[Condition] = []
    if standing.unkept and standing.drafts:
        draft = "Your draft" if standing.drafts == 1 else "Your drafts"
        it = "it" if standing.drafts == 1 else "them"
        found.append(
            Condition(DRAFTS, Severity.RED, f"{draft} cannot be kept on disk: {standing.unkept}. Save {it} soon.")
        )
    return *found, *standing.conditions
