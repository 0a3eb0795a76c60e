"""What a change did is said from its states alone: by name of one, by number of several, in the words of the form."""

from __future__ import annotations

import pytest

from whowas.domain.done_sentences import Whom, became, so_many, what_was_counted, what_was_done
from whowas.domain.users import User

ADA = User("a", 1, first_name="Ada", last_name="Osei")
BEN = User("b", 1, first_name="Ben")
GROUPS = {"n": "Night shift", "l": "Legal"}
NIGHT, BOTH = frozenset({"n"}), frozenset({"n", "l"})


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ([(None, ADA)], "Ada Osei created"),
        ([(None, ADA), (None, BEN)], "Created 2 users"),
        ([(ADA, ADA._replace(status="suspended"))], "Ada Osei suspended"),
        ([(ADA, ADA._replace(status="deleted")), (BEN, BEN._replace(status="deleted"))], "Deleted 2 users"),
        ([(ADA._replace(status="deleted"), ADA)], "Ada Osei restored"),
        ([(ADA, ADA._replace(phone="1", title="Clerk"))], "Saved Ada Osei: Phone, Title"),
        ([(ADA, ADA._replace(title="A")), (BEN, BEN._replace(title="B"))], "Saved 2 users: Title"),
        ([(ADA, ADA._replace(status="suspended")), (BEN, BEN._replace(title="B"))], "Saved 2 users: Status, Title"),
        ([(ADA, ADA._replace(groups=NIGHT))], "Added Ada Osei to Night shift"),
        ([(ADA, ADA._replace(groups=BOTH)), (BEN, BEN._replace(groups=BOTH))],
         "Added 2 users to Legal and Night shift"),
        ([(ADA._replace(groups=BOTH), ADA._replace(groups=NIGHT))], "Removed Ada Osei from Legal"),
        ([(ADA._replace(groups=NIGHT), ADA._replace(groups=frozenset({"l"})))], "Saved Ada Osei: Groups"),
        ([(ADA, ADA._replace(groups=NIGHT)), (BEN, BEN._replace(groups=BOTH))], "Saved 2 users: Groups"),
        ([(ADA, ADA._replace(password="x"))], "Password set for Ada Osei"),
        ([(ADA._replace(password="x"), ADA), (BEN._replace(password="x"), BEN)], "Password cleared for 2 users"),
        ([(ADA, ADA._replace(phone="1", attributes={"Desk": "4", "Room": "5", "Floor": "6", "Key": "7"}))],
         "Saved Ada Osei: Phone, Desk, Floor, 2 others"),
        ([(ADA, ADA)], "Nothing changed for Ada Osei"),
    ],
)  # fmt: skip
def test_what_a_change_did(states: list[tuple[User | None, User]], sentence: str) -> None:
    assert what_was_done(states, GROUPS) == sentence


def test_a_long_name_is_shortened_and_its_control_characters_are_not_said() -> None:
    said = what_was_done([(None, BEN._replace(first_name="B" * 100 + "\x1b"))], {})
    assert said == f"{'B' * 59}… created"


@pytest.mark.parametrize(
    ("created", "removed", "sentence"),
    [(70, 0, "Created 70 users"), (0, 70, "Deleted 70 users"), (0, 0, "Changed 70 users"), (1, 69, "Changed 70 users")],
)
def test_many_are_counted(created: int, removed: int, sentence: str) -> None:
    assert what_was_counted(70, created, removed) == sentence


def test_a_single_user_who_is_called_like_a_number_is_named() -> None:
    assert became(Whom(1, "3 users"), "suspended") == "3 users suspended"
    assert became(so_many(1_204), "suspended") == "Suspended 1,204 users"
