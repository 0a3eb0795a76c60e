"""Who is in none of the files, of those who are asked about, and what is done to them."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import assert_never

import numpy as np

from whowas.domain.commands import Command, DeleteUser, SuspendUser
from whowas.domain.errors import RefusedError
from whowas.domain.fields import counted, shortened
from whowas.domain.progress import Progress
from whowas.domain.users import Status, User
from whowas.interchange.importing.given import rules
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.matching.matching import Matching
from whowas.interchange.importing.matching.rows import NOBODY
from whowas.interchange.importing.people.everybody import Everybody
from whowas.interchange.importing.people.later_changes import OlderListError
from whowas.interchange.importing.told.outcomes import NOWHERE, Changes, Outcomes, Refusal
from whowas.interchange.one_change import OneChange

_MOST_WITHOUT_ASKING = 3
"""More than one of so many users is suspended or deleted only when that is agreed to."""

REPORT_EVERY = 100
SORTED_AT_ONCE = 10_000


class Missing:
    """Finds who is missing, tells it, and does what is asked for; ``done`` counts to how many that was done.

    ``refused`` says that it has to be agreed to first, which refuses the whole import. ``suspended`` are the ids of
    those who were suspended; ``knows_group`` says whether the group that is asked about is there. ``file`` is the name
    of a dated list: of such a list it is done even where it has to be agreed to, as the lists after it are compared
    with what comes of it.
    """

    def __init__(
        self, change: OneChange, rules: ImportRules, outcomes: Outcomes, progress: Progress, file: str = ""
    ) -> None:
        self.done = 0
        self.refused = False
        self.suspended: set[str] = set()
        self.knows_group = True
        self._is_dated = bool(file)
        self._place = NOWHERE._replace(file=file)
        self._change = change
        self._rules = rules
        self._outcomes = outcomes
        self._progress = progress

    def asked_about(self, of_source: Callable[[], set[str]], everybody: Callable[[], Everybody]) -> set[str]:
        """Return the ids of those who are asked about; some may be deleted or erased by now.

        To be called before anything is decided. Raises RefusedError where there is no such group.
        """
        match self._rules.among:
            case rules.SAME_SOURCE:
                return of_source()
            case rules.EVERYBODY:
                return everybody().present()
            case name:
                group_id = self._change.directory().group_named(name)
                self.knows_group = group_id is not None
                if group_id is None and self._is_dated:
                    return set()  # it may begin later
                if group_id is None:
                    raise no_group(name)
                return everybody().present(group_id)

    def find(self, asked: Collection[str], present: Collection[str], nameless: int) -> None:
        """Tell who is missing and suspend or delete them, unless that has to be agreed to first.

        ``present`` are the ids of all who are in the files; ``nameless`` counts rows of which nobody knows whom they
        are about. Raises CancelledError or StoreError.
        """
        there = missing = 0
        commands: list[tuple[User, Command | None]] = []
        for count, user_id in enumerate(_sorted(asked)):
            if count % REPORT_EVERY == 0:
                self._progress(count, len(asked))
            user = self._change.user(user_id)
            if user is None or user.status == "deleted":
                continue
            there += 1
            settled = user.status == "suspended" and self._rules.missing == "suspend"
            if user_id not in present and not settled:
                missing += 1
                commands.append((user, self._command(user)))
        acting = self._rules.missing != "keep" and missing > 0
        self.refused = acting and self._refuse(missing, there, nameless)
        for count, (user, command) in enumerate(commands):
            if count % REPORT_EVERY == 0:
                self._progress(count, len(commands))
            changes: Changes = {}
            if command is not None and (self._is_dated or not self.refused):
                try:
                    self._change.dispatch(command)
                except OlderListError as error:
                    reason = f"{shortened(user.name)} is not in this list, but {error.knows}."
                    refusal = Refusal(0, "", reason)
                    self._outcomes.tell(
                        None, self._place, "refused", user.id, user.name, refusal=refusal, met=user.version
                    )
                    continue
                self.done += not self.refused
                if isinstance(command, SuspendUser):
                    self.suspended.add(user.id)
            if command is not None:
                changes = {"status": (user.status, _becomes(command))}
            self._outcomes.tell(None, self._place, "missing", user.id, user.name, changes, met=user.version)

    def _command(self, user: User) -> Command | None:
        match self._rules.missing:
            case "keep":
                return None
            case "suspend":
                return SuspendUser(user.id)
            case "delete":
                return DeleteUser(user.id)
            case other:
                assert_never(other)

    def _refuse(self, missing: int, there: int, nameless: int) -> bool:
        advice = ""
        verb = "suspended" if self._rules.missing == "suspend" else "deleted"
        if nameless:
            rows = "1 row cannot" if nameless == 1 else f"{nameless:,} rows cannot"
            reason = f"{rows} be read far enough to say whom they are about, so nobody can be {verb} for being missing."
        elif missing * _MOST_WITHOUT_ASKING > there and not self._rules.yes:
            are = "is" if missing == 1 else "are"
            reason = f"{missing:,} of {counted(there, 'user')} {are} not in the list, more than a third."
            advice = f"They are {verb} only with --yes."
        else:
            return False
        self._outcomes.tell(None, self._place, "refused", refusal=Refusal(0, "", reason, advice))
        return True


def no_group(name: str) -> RefusedError:
    """Return the refusal of a group that is not there, among whose members somebody was to be missing."""
    return RefusedError("among", f"There is no group “{shortened(name)}”.")


def _sorted(ids: Collection[str]) -> Iterator[str]:
    """Yield ids in order; of many of them Python sorts portions, as no other thread runs while it sorts."""
    portions = iter(ids)
    return heapq.merge(*iter(lambda: sorted(islice(portions, SORTED_AT_ONCE)), []))


def present_in(matching: Matching, resembled: Collection[str], everybody: Callable[[], Everybody]) -> set[str]:
    """Return the ids of all whom the rows are about, or may be about where they are refused.

    A refused row whose keys name nobody may be about anybody of its name, as may one that is left out though its keys
    name somebody who gives them up.
    """
    rows = matching.rows
    numbers = set(matching.user[matching.user != NOBODY].tolist())
    unknown = ~matching.live & (matching.user == NOBODY)
    for owners in rows.owners.values():
        owner_of = np.frombuffer(owners, dtype=np.intc)
        mentioned = owner_of[~matching.live]
        numbers.update(mentioned[mentioned >= 0].tolist())
        unknown &= (owner_of < 0) | matching.left_out
    for several in rows.several.values():
        numbers.update(several)
    present = {rows.users.ids[number] for number in numbers}.union(resembled)
    for name in set(matching.hashes("name")[unknown].tolist()) - {0}:
        present.update(everybody().owners("name", name))
    return present


def _becomes(command: Command) -> Status:
    return "suspended" if isinstance(command, SuspendUser) else "deleted"
