"""The words of the status line, computed from how it stands with the open directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, assert_never

from whowas.desktop.chrome.standing import SEEN, Condition, Damaged, Severity, Standing, Verified

if TYPE_CHECKING:
    from whowas.desktop.kit.theme import Token

PEOPLE_NAMED = 5
"""How many of those who have a directory open the status line has room for."""


class Words(NamedTuple):
    """A piece of the status line: its icon, and the colour of both."""

    text: str
    icon: str = ""
    token: Token = "muted"  # noqa: S105 - a colour


class StatusLine(NamedTuple):
    """What the status line says, from left to right. ``drafts`` are the words of the link that leads to them."""

    users: Words
    changes: Words
    history: Words
    selected: Words
    people: Words
    file: Words
    drafts: str = ""


def status_line(standing: Standing) -> StatusLine:
    """Return what the status line says."""
    return StatusLine(
        Words(_users(standing)),
        Words(_changes(standing)),
        _history(standing),
        Words(f"{standing.selected:,} selected" if standing.selected > 1 else ""),
        _people(standing),
        _file(standing) if standing.file else Words(""),
        _drafts(standing) if standing.file else "",
    )


def _users(standing: Standing) -> str:
    if standing.users is None:
        return ""
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
    if standing.changes is None:
        return ""
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
    return Words(f"{standing.file} · {said.text}".rstrip(), said.icon, said.token)


def _drafts(standing: Standing) -> str:
    """Say how many drafts are not saved, where nothing that matters more is said of the file."""
    against = _against(standing)
    if not standing.drafts or standing.saving or (against is not None and against.severity is not Severity.AMBER):
        return ""
    drafts = "1 draft not saved" if standing.drafts == 1 else f"{standing.drafts:,} drafts not saved"
    if against is not None or not standing.refused or standing.unkept or standing.read_only:
        return drafts
    return f"{drafts}, refused as it is" if standing.drafts == 1 else f"{drafts}, one refused as it is"


def _against(standing: Standing) -> Condition | None:
    """Return what speaks most against everything being saved, or None."""
    return max((one for one in standing.conditions if one.unsaved), key=lambda one: one.severity, default=None)


def _unsaved(standing: Standing) -> Words | None:
    """Return what is said of the file before the drafts that ``_drafts`` tells of; None where all is saved."""
    if standing.saving:
        return Words("saving…")
    comma = "," if standing.drafts else ""
    if (worst := _against(standing)) is not None:
        match worst.severity:
            case Severity.RED:
                return Words(worst.unsaved, "alert", "error")
            case Severity.AMBER:
                return Words(f"{worst.unsaved}{comma}", "server-off", "past_text")
            case Severity.CALM:
                return Words(worst.unsaved)
            case never:
                assert_never(never)
    if standing.drafts and standing.unkept:
        return Words("not kept on disk:", "alert", "error")
    if standing.read_only:
        return Words(f"read-only{comma}")
    return Words("") if standing.drafts else None


def _people(standing: Standing) -> Words:
    """Name who has the directory open."""
    here, more = standing.present[:PEOPLE_NAMED], len(standing.present) - PEOPLE_NAMED
    if not here:
        return Words("")
    others = [f"{more:,} more"] if more > 0 else []
    return Words(f"Here now: {', '.join([*here, *others])}", "users")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
