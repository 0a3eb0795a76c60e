"""What the status line and the bars above the page say, computed from how it stands with the open directory.

Nothing here is a widget: a ``Standing`` goes in, words come out, and whoever shows them adds none. So no two of them
can contradict each other, and none is left over from what was before. They are named tuples and not dataclasses
because they are made as the window starts, and six of those take milliseconds to be defined.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Literal, NamedTuple, assert_never

if TYPE_CHECKING:
    from whowas.desktop.kit.theme import Token

SAVING = "saving"
EXPORTING = "exporting"
IMPORTING = "importing"
OPENING = "opening"
LOOKING = "looking"
VERIFYING = "verifying"
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
"""What is so without being asked for: the file cannot be read, drafts cannot be kept, the directory can only be read,
the file is not in its folder, that folder is a shared one, a log that lay beside the file was put aside, the history is
not the one that this computer saw, no backup can be made, the file is a backup itself, it was of an older version and
was renewed; how it stands with the server of a shared directory, what one may do there, what was lost there, and
that a save is not copied yet."""


PEOPLE_NAMED = 5
"""How many of those who have a directory open the status line has room for."""


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

    ``users`` and ``changes`` are those of what is ``shown``, ``recorded`` the changes that the file has. ``refused``
    says that the draft in the form cannot be saved as it is, ``unkept`` why drafts are not on disk, ``read_only`` that
    nothing can be written to the file. ``present`` are the accounts that have a shared directory open.
    """

    file: str = ""
    users: int = 0
    changes: int = 0
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


class Words(NamedTuple):
    """A piece of the status line: its icon, and the colour of both."""

    text: str
    icon: str = ""
    token: Token = "muted"  # noqa: S105 - a colour


class StatusLine(NamedTuple):
    """What the status line says, from left to right."""

    users: Words
    changes: Words
    history: Words
    people: Words
    file: Words


def status_line(standing: Standing) -> StatusLine:
    """Return what the status line says."""
    return StatusLine(
        Words(_users(standing)),
        Words(_changes(standing)),
        _history(standing),
        _people(standing),
        _file(standing) if standing.file else Words(""),
    )


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


def _users(standing: Standing) -> str:
    users = _counted(standing.users, "user")
    match standing.shown:
        case "now":
            return users
        case "past" | "known":
            return f"{users} then"
        case "imagined":
            return f"{users} imagined"
        case never:
            assert_never(never)


def _changes(standing: Standing) -> str:
    changes = _counted(standing.changes, "change")
    match standing.shown:
        case "now" | "past":
            return changes
        case "known":
            return f"{changes} known then"
        case "imagined":
            return f"{changes} imagined"
        case never:
            assert_never(never)


def _history(standing: Standing) -> Words:
    match standing.history:
        case None:
            return Words("")
        case Damaged(None):
            return Words("file damaged", "alert", "error")
        case Damaged(change):
            return Words(f"history damaged at change {change:,}", "alert", "error")
        case Verified() if any(one.about == SEEN and one.severity is Severity.RED for one in standing.conditions):
            return Words("not the history seen before", "alert", "error")
        case Verified(changes) if changes >= standing.recorded:
            return Words("history verified", "shield-check")
        case Verified(changes):
            return Words(f"{changes:,} of {standing.recorded:,} changes verified", "shield-check")
        case never:
            assert_never(never)


def _file(standing: Standing) -> Words:
    """Say what of the directory is saved. Only where nothing speaks against it is that all of it."""
    said = _unsaved(standing)
    if said is None:
        calm = "imagined, nothing is written" if standing.shown == "imagined" else "all changes saved"
        return Words(f"{standing.file} · {calm}")
    return Words(f"{standing.file} · {said.text}", said.icon, said.token)


def _unsaved(standing: Standing) -> Words | None:
    if standing.saving:
        return Words("saving…")
    against = [one for one in standing.conditions if one.unsaved]
    if against:
        worst = max(against, key=lambda one: one.severity)
        match worst.severity:
            case Severity.RED:
                return Words(worst.unsaved, "alert", "error")
            case Severity.AMBER:
                return Words(_with_drafts(worst.unsaved, standing.drafts), "server-off", "past_text")
            case Severity.CALM:
                return Words(worst.unsaved)
            case never:
                assert_never(never)
    if not standing.drafts:
        return Words("read-only") if standing.read_only else None
    drafts = _counted(standing.drafts, "unsaved draft")
    if standing.unkept:
        return Words(f"{drafts}, not kept on disk", "alert", "error")
    if standing.read_only:
        return Words(f"read-only, {drafts}")
    if standing.refused:
        return Words(f"{drafts}, refused as it is" if standing.drafts == 1 else f"{drafts}, one refused as it is")
    return Words(drafts)


def _with_drafts(words: str, drafts: int) -> str:
    return f"{words}, {_counted(drafts, 'unsaved draft')}" if drafts else words


def _people(standing: Standing) -> Words:
    """Name who has the directory open."""
    here, more = standing.present[:PEOPLE_NAMED], len(standing.present) - PEOPLE_NAMED
    if not here:
        return Words("")
    others = [f"{more:,} more"] if more > 0 else []
    return Words(f"Here now: {', '.join([*here, *others])}", "users")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
