"""Within a block ``together``, unique values are judged by what all of it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.decisions import decided
from tests.examples import at_most
from tests.leftovers_of import with_tables_of_schema_2
from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import CreateUser, DeleteUser, RestoreUser, UpdateUser
from whowas.domain.errors import ConflictError, RefusedError
from whowas.domain.events import UserCreated
from whowas.domain.former_keys import former_key
from whowas.store.event_log import EventLog
from whowas.store.file.schema import COMPARED_ANEW
from whowas.store.recorded_event import NewEvent

ADA, BEN, CAM = IDS = tuple(f"01890000-0000-7000-8000-00000000000{letter}" for letter in "abc")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    bus = Bus(log, clock=lambda: 1_000_000, actor="ines")
    with bus.change() as change:
        for user_id in IDS:
            change.dispatch(CreateUser(user_id, {"email": f"{user_id[-1]}@x.org", "external_id": user_id[-1]}))
    return bus


def held(bus: Bus) -> list[tuple[str | None, str | None]]:
    with bus.change() as change:
        users = [change.user(user_id) for user_id in IDS]
    return [(user.email, user.external_id) for user in users if user is not None]


def test_emails_and_external_ids_go_round(log: EventLog, bus: Bus) -> None:
    with bus.change() as change, change.together():
        change.dispatch(UpdateUser(ADA, {"email": "b@x.org", "external_id": "c"}))
        change.dispatch(UpdateUser(BEN, {"email": "c@x.org"}))
        change.dispatch(UpdateUser(CAM, {"email": "A@x.org", "external_id": "a"}))
    assert held(bus) == [("b@x.org", "c"), ("c@x.org", "b"), ("A@x.org", "a")]
    assert [log.owners_of_email(f"{name}@x.org") for name in "abc"] == [[CAM], [ADA], [BEN]]
    assert [log.owners_of_external_id(name) for name in "abc"] == [[CAM], [BEN], [ADA]]
    assert log.verify() is None


@pytest.mark.parametrize(("field", "value"), [("email", "B@x.org"), ("external_id", "b")])
def test_what_two_users_would_have_is_refused_with_all_of_the_block(
    log: EventLog, bus: Bus, field: str, value: str
) -> None:
    with bus.change() as change:
        change.dispatch(UpdateUser(ADA, {"title": "Head"}))

        def block() -> None:
            with change.together():
                change.dispatch(UpdateUser(ADA, {field: value}))
                change.group_named("Choir")
                change.dispatch(UpdateUser(CAM, {"email": "cam@x.org", "external_id": "cam"}))
                told = [(one.user_id, one.field, one.value, one.others) for one in change.contested()]
                assert told == [(ADA, field, value, {BEN})]

        with pytest.raises(RefusedError, match=f"Another user has the .* {value} already") as refused:
            block()
        assert refused.value.field == field
        assert change.events == 1
        assert not change.directory().groups
        assert change.reservations.owners_of_email("b@x.org") == {BEN}
        assert not change.reservations.owners_of_email("cam@x.org")
        change.dispatch(UpdateUser(BEN, {"email": "cam@x.org", "external_id": "cam"}))
    assert held(bus) == [("a@x.org", "a"), ("cam@x.org", "cam"), ("c@x.org", "c")]
    assert log.verify() is None


def test_a_command_that_is_refused_for_another_reason_takes_back_itself_alone(bus: Bus) -> None:
    with bus.change() as change, change.together():
        change.dispatch(UpdateUser(ADA, {"email": "b@x.org"}))
        with pytest.raises(RefusedError, match="not an email"):
            change.dispatch(UpdateUser(BEN, {"email": "nobody"}))
        change.dispatch(UpdateUser(BEN, {"email": "new@x.org"}))
    assert [email for email, _ in held(bus)] == ["b@x.org", "new@x.org", "c@x.org"]


def test_a_form_for_an_older_version_takes_the_block_back(bus: Bus) -> None:
    with bus.change() as change:

        def block() -> None:
            with change.together():
                change.dispatch(UpdateUser(ADA, {"email": "b@x.org"}))
                change.dispatch(UpdateUser(BEN, {"email": "a@x.org"}), expected_version=7)

        with pytest.raises(ConflictError):
            block()
        assert (change.events, change.reservations.owner_of_email("b@x.org")) == (0, BEN)


def test_a_block_within_another_is_judged_with_it(bus: Bus) -> None:
    with bus.change() as change:
        with change.together():
            with change.together():
                change.dispatch(UpdateUser(ADA, {"email": "b@x.org"}))
            with suppress(RuntimeError), change.together():
                change.dispatch(UpdateUser(CAM, {"email": "d@x.org"}))
                raise RuntimeError
            change.dispatch(UpdateUser(BEN, {"email": "a@x.org"}))
        refused = ""
        try:
            with change.together():
                with change.together():
                    change.dispatch(UpdateUser(ADA, {"email": "d@x.org"}))
                change.dispatch(UpdateUser(BEN, {"email": "d@x.org"}))
        except RefusedError as error:
            refused = str(error)
        assert refused == "Another user has the email d@x.org already."
    assert [email for email, _ in held(bus)] == ["b@x.org", "a@x.org", "c@x.org"]


def test_what_is_accepted_may_stand(log: EventLog, bus: Bus) -> None:
    with bus.change() as change, change.together(lambda contested: contested.others == {BEN}):
        change.dispatch(UpdateUser(ADA, {"email": "b@x.org"}))
        assert change.reservations.owners_of_email("b@x.org") == {ADA, BEN}
        change.dispatch(UpdateUser(ADA, {"email": "a@x.org"}))
    assert log.owners_of_email("a@x.org") == [ADA]


def test_a_deleted_user_comes_back_with_an_email_that_its_owner_gives_up(bus: Bus) -> None:
    bus.dispatch(DeleteUser(ADA))
    bus.dispatch(UpdateUser(BEN, {"email": "a@x.org"}))
    with bus.change() as change, change.together():
        change.dispatch(RestoreUser(ADA))
        change.dispatch(UpdateUser(BEN, {"email": "b@x.org"}))
    assert [email for email, _ in held(bus)] == ["a@x.org", "b@x.org", "c@x.org"]


EMAILS = st.sampled_from([None, "a@x.org", "b@x.org", "B@X.org", "c@x.org"])
EXTERNAL_IDS = st.sampled_from([None, "1", "2"])
EDITS = st.one_of(
    st.builds(
        lambda user_id, email, external_id: UpdateUser(user_id, {"email": email, "external_id": external_id}),
        st.sampled_from(IDS),
        EMAILS,
        EXTERNAL_IDS,
    ),
    st.builds(DeleteUser, st.sampled_from(IDS)),
    st.builds(RestoreUser, st.sampled_from(IDS)),
)
Edit = UpdateUser | DeleteUser | RestoreUser


class Naive(NamedTuple):
    """Somebody's email, external id, and whether they are there."""

    email: str | None = None
    external_id: str | None = None
    is_there: bool = True


def edited(users: dict[str, Naive], edit: Edit) -> dict[str, Naive]:
    user = users[edit.user_id]
    match edit:
        case UpdateUser(_, changes):
            after = user._replace(**changes) if user.is_there else user
        case DeleteUser():
            after = user._replace(is_there=False)
        case RestoreUser():
            after = user._replace(is_there=True)
    return {**users, edit.user_id: after}


def possible(users: dict[str, Naive]) -> bool:
    emails = [user.email.lower() for user in users.values() if user.email and user.is_there]
    external_ids = [user.external_id for user in users.values() if user.external_id]
    return len({*emails}) == len(emails) and len({*external_ids}) == len(external_ids)


class Blocks(RuleBasedStateMachine):
    """Commands alone and in blocks within one change, against users kept in a dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self._log = EventLog.create(Path(self._folder.name) / "people.whowas")
        self._bus = Bus(self._log, clock=lambda: 1_000_000, actor="ines")
        with self._bus.change() as change:
            change.dispatch(*(CreateUser(user_id, {"first_name": user_id[-1]}) for user_id in IDS))
        self._users = dict.fromkeys(IDS, Naive())

    def teardown(self) -> None:
        try:
            assert self._log.verify() is None
        finally:
            self._log.close()
            self._folder.cleanup()

    @rule(parts=st.lists(st.tuples(st.booleans(), st.lists(EDITS, min_size=1, max_size=5)), min_size=1, max_size=3))
    def edit(self, parts: list[tuple[bool, list[Edit]]]) -> None:
        with self._bus.change() as change:
            for is_block, edits in parts:
                if is_block:
                    self._in_block(change, edits)
                else:
                    self._alone(change, edits)
                self._compare(change)

    def _alone(self, change: Change, edits: list[Edit]) -> None:
        for edit in edits:
            after = edited(self._users, edit)
            if possible(after):
                with suppress(RefusedError):  # whoever is deleted cannot be edited
                    change.dispatch(edit)
                self._users = after
            else:
                with pytest.raises(RefusedError, match="Another user has"):
                    change.dispatch(edit)

    def _in_block(self, change: Change, edits: list[Edit]) -> None:
        after, refused = self._users, False
        try:
            with change.together():
                for edit in edits:
                    with suppress(RefusedError):
                        change.dispatch(edit)
                    after = edited(after, edit)
                assert bool(change.contested()) == (not possible(after))
        except RefusedError:
            refused = True
        assert refused == (not possible(after))
        if not refused:
            self._users = after

    def _compare(self, change: Change) -> None:
        for user_id, expected in self._users.items():
            user = change.user(user_id)
            assert user is not None
            assert (user.email, user.external_id, user.status == "active") == expected
        for email in ("a@x.org", "b@x.org", "c@x.org"):
            holders = {
                user_id
                for user_id, user in self._users.items()
                if user.is_there and user.email and user.email.lower() == email
            }
            assert change.reservations.owners_of_email(email) == holders


TestBlocks = Blocks.TestCase
TestBlocks.settings = settings(max_examples=at_most(60), stateful_step_count=15, deadline=None)


def test_a_file_of_old_is_renewed_once_where_what_goes_and_what_comes_both_need_it(tmp_path: Path) -> None:
    path = tmp_path / "old.whowas"
    EventLog.create(path).close()
    with_tables_of_schema_2(path)
    emails = ("\uff41@x.org", "a@x\u3002org")
    with closing(EventLog.open(path)) as log:
        with log.writing() as transaction:
            for number, email in enumerate(emails):
                user_id = f"0199a3c4-0000-7000-8000-00000000000{number}"
                new = NewEvent(
                    user_id, 1, UserCreated(user_id, {"first_name": "x", "email": email}, {}), 1, "lee", None
                )
                claimed = [(former_key("email", email), user_id)]
                transaction.append(decided(transaction.head, new, claimed_emails=claimed), lambda: None)
        bus = Bus(log, clock=lambda: 1_000_000, actor="ines")
        with bus.change() as change, change.together(lambda _contested: True):
            for number, email in enumerate(reversed(emails)):
                change.dispatch(UpdateUser(f"0199a3c4-0000-7000-8000-00000000000{number}", {"email": email}))
        assert log.schema_version == COMPARED_ANEW
        assert log.verify() is None
