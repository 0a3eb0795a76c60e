"""Two who decide on the same log, each on what it was when they looked, and append in any order.

Whatever is appended is what would have come of deciding it only then; what is not appended has really moved. So the
directory is at every time what somebody makes of the commands one after the other, who knows of no streams.
"""

from __future__ import annotations

from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.examples import at_most
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DeleteUser,
    EraseUser,
    JoinGroup,
    RenameGroup,
    RestoreUser,
    UpdateUser,
)
from whowas.domain.comparison_keys import email_key, external_id_key
from whowas.domain.errors import RefusedError
from whowas.domain.events import UserCreated, UserDeleted, UserErased, UserRestored, UserUpdated
from whowas.store.decided import Committed, Decided, Moved
from whowas.store.event_log import EventLog

USERS = tuple(f"01890000-0000-7000-8000-00000000000{last}" for last in "abc")
GROUP = "01890000-0000-7000-8000-0000000000f1"
NOW = 1_700_000_000_000_000

USER = st.sampled_from(USERS)
EMAILS = st.sampled_from(("x@example.org", "X@example.org", None))
COMMANDS = st.one_of(
    st.builds(lambda user, email: UpdateUser(user, {"email": email}), USER, EMAILS),
    st.builds(lambda user, key: UpdateUser(user, {"external_id": key}), USER, st.sampled_from(("1", None))),
    st.builds(lambda user, title: UpdateUser(user, {"title": title}), USER, st.sampled_from("AB")),
    st.builds(lambda user, email: CreateUser(user, {"first_name": "x", "email": email}), USER, EMAILS),
    st.builds(DeleteUser, USER),
    st.builds(RestoreUser, USER),
    st.builds(EraseUser, USER),
    st.builds(JoinGroup, USER, st.just(GROUP)),
    st.builds(RenameGroup, st.just(GROUP), st.sampled_from(("Staff", "Choir"))),
)
CHANGES = st.lists(COMMANDS, min_size=1, max_size=2)


@dataclass
class Asked:
    """Commands that somebody wants to carry out, and what came of deciding them, None where they were refused.

    Of a ``whole`` change only what is refused is left out, as of an import.
    """

    commands: list[Command]
    together: bool = False
    whole: bool = False
    decided: Decided | None = None


class TwoWriters(RuleBasedStateMachine):
    """Both have connections of their own; a third looks."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        path = Path(self._folder.name) / "staff.whowas"
        self._writers = EventLog.create(path), EventLog.open(path)
        self._asked: list[Asked | None] = [None, None]
        self._appended: list[Decided] = []
        self._log = EventLog.open(path)
        began = Asked([CreateGroup(GROUP, "Staff"), *(CreateUser(user, {"first_name": "x"}) for user in USERS[1:])])
        self._asked[0] = began
        began.decided = _decided(self._log, began, "0")
        self.append(last=False)

    def teardown(self) -> None:
        try:
            assert self._log.verify() is None
            events = [new for decided in self._appended for new in decided.events]
            wanted = [(new.stream, new.version, new.actor) for new in events]
            found = [(event.stream, event.version, event.actor) for event in self._log.read()]
            assert found == wanted, "nothing is lost, doubled or in another order"
        finally:
            for log in (*self._writers, self._log):
                log.close()
            self._folder.cleanup()

    @precondition(lambda self: None in self._asked)
    @rule(commands=CHANGES, together=st.booleans(), whole=st.sampled_from((False, False, True)))
    def decide(self, commands: list[Command], together: bool, whole: bool) -> None:
        """Let somebody who has nothing to append decide something."""
        who, asked = self._asked.index(None), Asked(commands, together, whole)
        asked.decided = _decided(self._writers[who], asked, str(who))
        if asked.decided is not None:
            self._asked[who] = asked

    @precondition(lambda self: any(self._asked))
    @rule(last=st.booleans())
    def append(self, last: bool) -> None:
        """Let somebody append what was decided, or decide it again where it has moved."""
        who = [who for who in (0, 1) if self._asked[who] is not None][-1 if last else 0]
        asked = self._asked[who]
        assert asked is not None
        assert asked.decided is not None
        head, now = self._log.head(), _decided(self._log, asked, str(who))
        with self._writers[who].deciding(locked=True) as deciding:
            answer = deciding.append(asked.decided, lambda: None)
        if isinstance(answer, Moved):
            assert asked.decided.head != head
            assert asked.decided.whole or self._has_moved(asked.decided)
            asked.decided = now
            self._asked[who] = None if now is None else asked
            return
        assert answer == Committed(head.position + 1, head.position + len(asked.decided.events))
        assert now is not None, "what would be refused by now, or come to nothing, is not appended"
        assert [(new.stream, new.version, new.event) for new in asked.decided.events] == [
            (new.stream, new.version, new.event) for new in now.events
        ]
        self._appended.append(asked.decided)
        self._asked[who] = None

    @invariant()
    def the_directory_is_what_the_events_make_of_it(self) -> None:
        users, deleted = self._naive()
        with self._log.reading() as reader:
            there = [Change(reader, "", NOW).user(user_id) for user_id in USERS]
        for user_id, found in zip(USERS, there, strict=True):
            wanted = users.get(user_id)
            assert (found is None) == (wanted is None)
            if found is not None and wanted is not None:
                assert {name: found.text(name) for name in wanted} == wanted
                assert (found.status == "deleted") == (user_id in deleted)
        for name, key_of, owners in (
            ("email", email_key, self._log.owners_of_email),
            ("external_id", external_id_key, self._log.owners_of_external_id),
        ):
            held: dict[str, list[str]] = {}
            for user_id, fields in users.items():
                text = fields.get(name)
                if text is not None and not (name == "email" and user_id in deleted):
                    held.setdefault(key_of(text), []).append(user_id)
            assert {key: sorted(owners(key)) for key in held} == {key: sorted(ids) for key, ids in held.items()}
            assert all(len(ids) == 1 for ids in held.values())

    def _naive(self) -> tuple[dict[str, dict[str, str | None]], set[str]]:
        """Return the fields of all users there are, and who of them is deleted."""
        users: dict[str, dict[str, str | None]] = {}
        deleted: set[str] = set()
        for new in (new for decided in self._appended for new in decided.events):
            match new.event:
                case UserCreated(user_id, fields):
                    users[user_id] = dict(fields)
                case UserUpdated(changes):
                    users[new.stream].update(changes)
                case UserDeleted():
                    deleted.add(new.stream)
                case UserRestored():
                    deleted.discard(new.stream)
                case UserErased():
                    del users[new.stream]
                    deleted.discard(new.stream)
                case _:
                    pass
        return users, deleted

    def _has_moved(self, decided: Decided) -> bool:
        versions = any(len(self._log.stream(stream)) != version for stream, version in decided.read.items())
        emails = any(self._log.owners_of_email(key) for key, _ in decided.claimed_emails)
        return (
            versions or emails or any(self._log.owners_of_external_id(key) for key, _ in decided.claimed_external_ids)
        )


def _decided(log: EventLog, asked: Asked, actor: str) -> Decided | None:
    """Return what comes of the commands on the log as it is now."""
    with log.reading() as reader:
        change = Change(reader, actor, NOW)
        try:
            with change.together() if asked.together else nullcontext():
                for command in asked.commands:
                    with suppress(RefusedError) if asked.whole else nullcontext():
                        change.dispatch(command)
        except RefusedError:
            return None
        return change.decided(None, whole=asked.whole) if change.events else None


TestTwoWriters = TwoWriters.TestCase
TestTwoWriters.settings = settings(max_examples=at_most(25), stateful_step_count=30)
