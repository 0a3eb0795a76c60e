"""Sentences about sharing that stand at more than one place, or depend on what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from whowas.desktop.session.short_head import short_head
from whowas.domain.fields import counted, listed, shortened

if TYPE_CHECKING:
    from whowas.desktop.kit.theme import Token
    from whowas.store.chain import Head
    from whowas.store.server.address import ServerAddress
    from whowas.store.server.roles import Rights
    from whowas.team.members import Member

SQL_FOR_ACCOUNT: Final = "CREATE ROLE \"ines\" LOGIN PASSWORD 'a password';"
WHAT_RIGHTS_MEAN: Final = (
    "A reader sees everything but passwords. An editor also changes users, groups and fields. An admin also erases, "
    "and says who may do what."
)
State = Literal["fine", "to know", "wrong"]


class StateSign(NamedTuple):
    """How a state is shown: a word, an icon, and the colour of both."""

    word: str
    drawing: str
    token: Token


SIGNS: Final[Mapping[State, StateSign]] = {
    "wrong": StateSign("Wrong", "alert", "error"),
    "to know": StateSign("To know", "info", "muted"),
    "fine": StateSign("Fine", "circle-check", "active_text"),
}


def what_happens(file: str, left_behind: str, team_file: str, others: int) -> Sequence[str]:
    """Return what moving does, in order; ``others`` are given rights."""
    people = counted(others, "other account")
    steps = [
        "The history is copied to the server, event for event, as it is.",
        "The head there is compared with that of the file: they have to be equal.",
        f"{file} is renamed “{left_behind}”. It stays as a backup, and an erasure removes it.",
        f"{team_file} is written, which says where the directory is. It holds no password.",
    ]
    if others:
        steps.append(f"{people} {'is' if others == 1 else 'are'} given what you chose.")
    return steps


def who_is_in(others: int) -> str:
    """Return who will be able to open a directory besides the person who shares it."""
    if not others:
        return "Only you will be able to open it until you give others rights"
    return f"You and {counted(others, 'other account')} will be able to open it"


def changes_told(changes: Mapping[str, Rights | None]) -> str:
    """Return what other rights mean, as one sentence: "kit becomes an editor; jon loses all rights."."""
    if not changes:
        return ""
    told = [
        f"{account} loses all rights" if rights is None else f"{account} becomes {_article(rights)} {rights}"
        for account, rights in changes.items()
    ]
    if len(told) > _TOLD:
        return f"{counted(len(told), 'account')} get other rights."
    return f"{'; '.join(told)}."


def admins_told(admins: Sequence[str]) -> str:
    """Return who can change rights, for those who cannot."""
    if not admins:
        return "Only an admin changes who may do what."
    return f"Only an admin changes who may do what: {listed(list(admins))}."


def place_told(address: ServerAddress) -> str:
    """Return where a directory is, on one line: server, database and schema."""
    database = f" · database {shortened(address.dbname)}" if address.dbname else ""
    return f"The server {address.place()}{database} · schema {address.schema}"


def here_told(member: Member, own: str) -> str:
    """Return what stands beside an account: who is looking, and whether a window of theirs is open now."""
    if member.account == own:
        return "You"
    return "Here now" if member.is_here else "A group" if member.is_group else ""


def taken_back_told(file: str, head: Head) -> str:
    """Return what is said of a file to which a shared directory was taken back."""
    return (
        f"{file} holds the whole history as the server had it last, verified and with the same head: "
        f"{short_head(head)}. The directory on the server is as it was."
    )


_TOLD = 3


def _article(rights: Rights) -> str:
    return "a" if rights == "reader" else "an"
