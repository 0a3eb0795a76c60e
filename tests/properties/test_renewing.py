"""Files of older versions, with addresses that only the old or only the new way of comparing tells apart.

Whatever such a file holds, and whichever program writes next, this one decides as if everybody had always been compared
as they are now, and what is in the file is sound by the rule of its schema.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.decisions import decided
from tests.examples import at_most
from tests.leftovers_of import with_tables_of_schema_2
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.comparison_keys import email_key, external_id_key
from whowas.domain.errors import RefusedError
from whowas.domain.events import UserCreated
from whowas.domain.fields import checked
from whowas.domain.former_keys import former_key
from whowas.store.decided import Committed
from whowas.store.event_log import EventLog
from whowas.store.file.schema import COMPARED_ANEW
from whowas.store.recorded_event import NewEvent

EMAILS = (
    *("a@x.org", "A@X.org", "ａ@x.org", "a@x。org", "a@x.org\u200b", "\ufeffa@x.org"),
    *("weiß@x.org", "weiss@x.org", "WEISS@x.org", "WEIẞ@x.org", "oﬃce@x.org", "office@x.org", "ſ@x.org", "s@x.org"),
    *("a@münchen.org", "a@xn--mnchen-3ya.org", "a@MÜNCHEN.org", "a@straße.org", "a@strasse.org", "a@xn--strae-oqa.org"),
    *("é@x.org", "e\u0301@x.org", "İ@x.org", "i\u0307@x.org", "ı@x.org", "a@i❤.org", "a@xn--i-7iq.org"),
)
EXTERNAL_IDS = ("1", " 1", "1\u00a0", "1\u200b", "é", "e\u0301", "É", "xn--1")
IDS = tuple(f"0199a3c4-0000-7000-8000-00000000000{number}" for number in range(5))


class Renewing(RuleBasedStateMachine):
    """A file of schema 2, written by an older program now and then, and by this one, against naive comparisons."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        path = Path(self._folder.name) / "people.whowas"
        EventLog.create(path).close()
        with_tables_of_schema_2(path)
        self._log, self._older = EventLog.open(path), EventLog.open(path)
        numbers = count()
        folder = Path(self._folder.name)

        def copied(log: EventLog) -> Path:
            copy = folder / f"copy{next(numbers)}"
            copy.write_bytes(b"")
            return copy

        self._bus = Bus(self._log, clock=lambda: 1_000_000, actor="ines", copied=copied)
        self._held: dict[str, tuple[str | None, str | None]] = {}

    def teardown(self) -> None:
        try:
            assert self._log.verify() is None
        finally:
            self._log.close()
            self._older.close()
            self._folder.cleanup()

    @precondition(lambda self: len(self._held) < len(IDS) and self._log.schema_version < COMPARED_ANEW)
    @rule(email=st.none() | st.sampled_from(EMAILS), external_id=st.none() | st.sampled_from(EXTERNAL_IDS))
    def an_older_program_creates_a_user(self, email: str | None, external_id: str | None) -> None:
        user_id = IDS[len(self._held)]
        emails = {former_key("email", held) for held, _ in self._held.values() if held}
        external_ids = {held for _, held in self._held.values()}
        email = None if email is None or former_key("email", email) in emails else email
        external_id = None if external_id in external_ids else external_id
        fields = {"first_name": "x", "email": email, "external_id": external_id}
        created = UserCreated(user_id, {name: text for name, text in fields.items() if text is not None}, {})
        with self._older.writing() as transaction:
            new = NewEvent(user_id, 1, created, 1_000_000, "lee", None)
            change = decided(
                transaction.head,
                new,
                recorded_at=1_000_000,
                claimed_emails=[] if email is None else [(former_key("email", email), user_id)],
                claimed_external_ids=[] if external_id is None else [(external_id, user_id)],
            )
            assert isinstance(transaction.append(change, lambda: None), Committed)
        self._held[user_id] = email, external_id

    @precondition(lambda self: len(self._held) < len(IDS))
    @rule(email=st.sampled_from(EMAILS), external_id=st.none() | st.sampled_from(EXTERNAL_IDS))
    def create(self, email: str, external_id: str | None) -> None:
        user_id = IDS[len(self._held)]
        self._held[user_id] = None, None
        self._decide(user_id, CreateUser(user_id, {"email": email, "external_id": external_id}), email, external_id)
        if self._held[user_id] == (None, None):
            del self._held[user_id]

    @precondition(lambda self: self._held)
    @rule(
        data=st.data(), email=st.none() | st.sampled_from(EMAILS), external_id=st.none() | st.sampled_from(EXTERNAL_IDS)
    )
    def update(self, data: st.DataObject, email: str | None, external_id: str | None) -> None:
        user_id = data.draw(st.sampled_from(sorted(self._held)))
        changes = {"first_name": "y", "email": email, "external_id": external_id}
        self._decide(user_id, UpdateUser(user_id, changes), email, external_id)

    @precondition(lambda self: self._held)
    @rule()
    def swap_by_the_result(self) -> None:
        """Everybody gets the email of the next one, in one change."""
        ids = list(self._held)
        emails = [self._held[user_id][0] for user_id in ids]
        coming = {
            user_id: (checked("email", email), self._held[user_id][1])
            for user_id, email in zip(ids, [*emails[1:], emails[0]], strict=True)
        }
        keys = {user_id: email_key(email) for user_id, (email, _) in coming.items() if email}
        is_possible = all(
            user_id in self._holders(0, key) or list(keys.values()).count(key) == 1 for user_id, key in keys.items()
        )
        try:
            with self._bus.change() as change, change.together():
                for user_id, (email, _) in coming.items():
                    change.dispatch(UpdateUser(user_id, {"first_name": "z", "email": email}))
        except RefusedError:
            assert not is_possible
        else:
            assert is_possible
            self._held = coming

    @precondition(lambda self: self._held)
    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        email, external_id = data.draw(st.sampled_from(EMAILS)), data.draw(st.sampled_from(EXTERNAL_IDS))
        with self._bus.change() as change:
            assert change.reservations.owners_of_email(email) == self._holders(0, email)
            assert change.reservations.owners_of_external_id(external_id) == self._holders(1, external_id)

    def _decide(
        self, user_id: str, command: CreateUser | UpdateUser, email: str | None, external_id: str | None
    ) -> None:
        new = checked("email", email), checked("external_id", external_id)
        taken = any(
            text is not None and user_id not in self._holders(place, text) and self._holders(place, text)
            for place, text in enumerate(new)
            if text != self._held[user_id][place]
        )
        if taken:
            with pytest.raises(RefusedError, match="Another user has"):
                self._bus.dispatch(command)
        else:
            self._bus.dispatch(command)
            self._held[user_id] = new

    def _holders(self, place: int, text: str) -> set[str]:
        key_of = (email_key, external_id_key)[place]
        return {
            user_id
            for user_id, held in self._held.items()
            if (value := held[place]) is not None and key_of(value) == key_of(text)
        }


TestRenewing = Renewing.TestCase
TestRenewing.settings = settings(max_examples=at_most(30), stateful_step_count=12, deadline=None)
