"""A bulk edit that a rule refuses, or during which somebody else writes."""

from __future__ import annotations

import pytest

from tests.unit.corrections.test_deciding_again import ADA, BEN, CLEO, Directory, directory
from whowas.command_bus.unit_of_work import Change
from whowas.corrections.bulk_edit import BulkOutcome, carry_out
from whowas.domain.bulk_edit import Edit, each, moving, rewriting, setting
from whowas.domain.commands import CreateUser, DeleteUser, EraseUser, SuspendUser, UpdateUser
from whowas.domain.errors import CancelledError, RefusedError
from whowas.domain.users import User
from whowas.store.decided import Committed, Moved

__all__ = ["directory"]


def edit_both(directory: Directory, edit: Edit) -> BulkOutcome:
    seen = [directory.user(ADA), directory.user(BEN)]
    return carry_out(directory.bus, lambda: seen, 2, lambda _change: edit)


def refusal(directory: Directory, edit: Edit) -> str:
    head = directory.log.head()
    with pytest.raises(RefusedError) as refused:
        edit_both(directory, edit)
    assert [user.title for user in (directory.user(ADA), directory.user(BEN))] == ["Bursar", "Bursar"]
    assert directory.log.head().position - head.position <= 1, "nothing but what somebody else did"
    return str(refused.value)


def test_all_are_changed_as_one_change_and_counted(directory: Directory) -> None:
    directory.theirs.dispatch(UpdateUser(BEN, {"title": "Head"}))
    assert edit_both(directory, setting({"title": "Head"}))[:2] == (1, 2)
    assert directory.user(ADA).title == "Head"
    assert edit_both(directory, setting({"title": "Head"})) == BulkOutcome(changed=0, users=2, change_id="")


def test_one_who_was_deleted_meanwhile_is_named(directory: Directory) -> None:
    directory.coming.append(DeleteUser(BEN))
    told = refusal(directory, setting({"title": "Head"}))
    assert told == "Ben is deleted. Bring this user back first. Nothing was changed."
    assert directory.answers == [Moved]


def test_one_who_was_erased_meanwhile_is_named(directory: Directory) -> None:
    seen = [directory.user(ADA), directory.user(BEN)]
    directory.theirs.dispatch(EraseUser(BEN))
    with pytest.raises(RefusedError, match=r"^Ben: This user was erased: .* Nothing was changed\.$"):
        carry_out(directory.bus, lambda: seen, 2, lambda _change: each(SuspendUser))
    assert directory.user(ADA).status == "active"


def test_a_rewriting_that_comes_to_something_else_than_was_seen_is_refused(directory: Directory) -> None:
    directory.coming.append(UpdateUser(BEN, {"title": "Bursar of old"}))
    head = directory.log.head()
    with pytest.raises(RefusedError) as refused:
        edit_both(directory, rewriting(["title"], str.upper))
    assert str(refused.value) == "Ben was changed by somebody else meanwhile. Nothing was changed."
    assert directory.user(ADA).title == "Bursar"
    assert directory.log.head().position == head.position + 1


def test_what_somebody_else_did_to_other_fields_stays(directory: Directory) -> None:
    directory.coming.append(UpdateUser(BEN, {"phone": "112"}))
    assert edit_both(directory, rewriting(["title"], str.upper))[:2] == (2, 2)
    assert (directory.user(BEN).title, directory.user(BEN).phone) == ("BURSAR", "112")
    assert directory.answers == [Moved, Committed]


def test_an_email_for_two_is_refused_with_one_of_them(directory: Directory) -> None:
    told = refusal(directory, setting({"email": "a@x.org"}))
    assert told in {
        f"{name}: Another user has the email a@x.org already. Nothing was changed." for name in ("Ada", "Ben")
    }
    directory.theirs.dispatch(CreateUser(CLEO, {"email": "cleo@x.org"}))
    told = refusal(directory, lambda user: setting({"email": "cleo@x.org"})(user) if user.id == BEN else [])
    assert told == "Ben: Another user has the email cleo@x.org already. Nothing was changed."


def test_emails_pass_from_one_to_the_next(directory: Directory) -> None:
    edit_both(directory, lambda user: setting({"email": f"{'x' if user.id == ADA else 'xx'}@x.org"})(user))
    edit_both(directory, rewriting(["email"], lambda text: text.replace("x@", "xx@")))
    assert [directory.user(one).email for one in (ADA, BEN)] == ["xx@x.org", "xxx@x.org"]


def test_a_group_made_for_it_goes_with_it(directory: Directory) -> None:
    def begin(change: Change) -> Edit:
        return moving(join=[change.group_named("Night shift")])

    seen = [directory.user(ADA), directory.user(BEN)]
    directory.coming.append(DeleteUser(BEN))
    with pytest.raises(RefusedError):
        carry_out(directory.bus, lambda: seen, 2, begin)
    assert not directory.bus.try_out(lambda change: change.directory()).groups
    carry_out(directory.bus, lambda: seen[:1], 1, begin)
    (group_id,) = directory.bus.try_out(lambda change: change.directory()).groups
    assert directory.user(ADA).groups == {group_id}


def test_it_is_cancelled_between_any_two_looks(directory: Directory) -> None:
    head, seen = directory.log.head(), directory.user(ADA)

    def stop(_done: int, _total: int) -> None:
        raise CancelledError("Cancelled; nothing was changed.")

    def users() -> list[User]:
        return [seen] * 200

    with pytest.raises(CancelledError):
        carry_out(directory.bus, users, 200, lambda _change: setting({"title": "Head"}), stop)
    assert directory.log.head() == head
    assert directory.user(ADA).title == "Bursar"
