"""Random lists into random directories: nobody is taken for somebody else, nobody is doubled, and order is nothing."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from tests.examples import at_most
from tests.unit.interchange.importing.given_lists import Desk, Fields, desk, whats
from whowas.domain.commands import CreateUser, DeleteUser
from whowas.domain.comparison_keys import email_key
from whowas.domain.users import User
from whowas.interchange.importing.told.outcome import RowOutcome

EXTERNAL_IDS = st.sampled_from(["1", "2", "3"])
EMAILS = st.sampled_from(["a@x.org", "A@x.org", "b@x.org", "c@x.org"])
NAMES = st.sampled_from(["Ann", "Ben"])
PEOPLE = st.lists(
    st.fixed_dictionaries({"first_name": NAMES}, optional={"external_id": EXTERNAL_IDS, "email": EMAILS}),
    max_size=4,
    unique_by=(
        lambda fields: fields.get("external_id", object()),
        lambda fields: fields.get("email", "").lower() or object(),
    ),
)
GONE = st.sets(st.integers(0, 3))
ROWS = st.lists(
    st.fixed_dictionaries(
        {"first_name": NAMES},
        optional={
            "external_id": EXTERNAL_IDS,
            "email": EMAILS,
            "title": st.sampled_from(["Clerk", "Judge"]),
            "status": st.sampled_from(["active", "suspended"]),
        },
    ),
    max_size=5,
)
KEYS = st.sampled_from(
    [("id", "external_id", "email"), ("external_id",), ("email",), ("email", "external_id"), ("external_id", "name")]
)
SIMILAR = st.sampled_from(["new", "refuse"])
MANY = settings(max_examples=at_most(100))


def filled(given: Desk, people: Iterable[Fields], gone: set[int]) -> None:
    """Create people and delete some of them."""
    for number, fields in enumerate(people):
        user_id = f"01890000-0000-7000-8000-{number:012x}"
        given.bus.dispatch(CreateUser(user_id, fields))
        if number in gone:
            given.bus.dispatch(DeleteUser(user_id))


def key(user: User, name: str) -> str:
    """Return a key of a user, "" for none; deleted ones have no email that counts."""
    match name:
        case "id":
            return user.id
        case "email":
            return email_key(user.email) if user.email and user.status != "deleted" else ""
        case "name":
            return user.name if user.status != "deleted" else ""
        case _:
            return user.text(name) or ""


def said(row: Fields, name: str) -> str:
    """Return the same of a row."""
    if name == "email":
        return email_key(row.get("email") or "")
    return (row.get("first_name") if name == "name" else row.get(name)) or ""


@MANY
@examples(PEOPLE, GONE, ROWS, KEYS, SIMILAR)
def test_what_is_taken_is_about_whom_it_says(
    people: list[Fields], gone: set[int], rows: list[Fields], keys: tuple[str, ...], similar: str
) -> None:
    with desk() as staff:
        filled(staff, people, gone)
        before = {user.id: user for user in staff.users()}
        outcome = staff.take(*rows, keys=keys, similar=similar, skip_refused=True)
        after = {user.id: user for user in staff.users()}

        told = outcome.rows[: len(rows)]
        for row, each in zip(rows, told, strict=True):
            if each.what not in ("created", "changed", "unchanged"):
                continue
            now = after[each.user_id]
            for name in ("first_name", "title", "status"):
                if name in row:
                    assert getattr(now, name) == row[name]
            if each.user_id in before:
                others = [
                    other
                    for other, told_too in zip(rows, told, strict=True)
                    if other is not row and told_too.user_id == each.user_id
                ]
                _was_meant(row, before[each.user_id], keys, others)
            else:
                _is_new(row, before, after, keys)
        _are_unlike(after.values())
        assert len(after) == len(before) + len(
            {each.user_id for each in told if each.user_id and each.user_id not in before}
        )


def _was_meant(row: Fields, user: User, keys: tuple[str, ...], others: list[Fields]) -> None:
    """Whether the first key of a row that it shares with a user comes before any that tells the two apart.

    Or else it shares a key with another row, which is about that user.
    """
    shared = [name for name in keys if said(row, name) and said(row, name) == key(user, name)]
    if not shared:
        assert any(said(row, name) and said(row, name) == said(other, name) for name in keys for other in others)
        return
    for name in keys[: keys.index(shared[0])]:
        assert not (said(row, name) and key(user, name)), "an earlier key says another one"


def _is_new(row: Fields, before: dict[str, User], after: dict[str, User], keys: tuple[str, ...]) -> None:
    """Whether nobody had a key of a new user, unless they gave it up."""
    for name in {*keys} - {"name"}:
        for user in before.values():
            if said(row, name) and said(row, name) == key(user, name):
                assert name == "email"
                assert key(after[user.id], name) != said(row, name)


def _are_unlike(users: Iterable[User]) -> None:
    for name in ("email", "external_id"):
        held = [key(user, name) for user in users if key(user, name)]
        assert len(held) == len(set(held))


@MANY
@examples(PEOPLE, GONE, ROWS, KEYS, SIMILAR, st.booleans())
def test_an_import_repeated_does_nothing(
    people: list[Fields], gone: set[int], rows: list[Fields], keys: tuple[str, ...], similar: str, skip: bool
) -> None:
    with desk() as staff:
        filled(staff, people, gone)
        first = staff.take(*rows, keys=keys, similar=similar, skip_refused=skip)
        head = staff.log.head()
        again = staff.take(*rows, keys=keys, similar="refuse", skip_refused=skip)

        if not first.written:
            assert (
                again.counts == staff.take(*rows, keys=keys, similar="refuse", skip_refused=skip, dry_run=True).counts
            )
        else:
            taken = [number for number, what in enumerate(whats(first)) if what in ("created", "changed", "unchanged")]
            # A name that one row gives away and another one takes may name two by now.
            nameless = [number for number in taken if not any(said(rows[number], name) for name in {*keys} - {"name"})]
            assert {again.rows[number].what for number in taken if number not in nameless} <= {"unchanged"}
            if "name" not in keys and not any(what in ("refused", "similar") for what in whats(first)):
                assert again.events == 0
                assert staff.log.head() == head


@MANY
@examples(PEOPLE, GONE, ROWS, KEYS, SIMILAR, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    people: list[Fields],
    gone: set[int],
    rows: list[Fields],
    keys: tuple[str, ...],
    similar: str,
    skip: bool,
    random: object,
) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    with desk() as one, desk() as other:
        filled(one, people, gone)
        filled(other, people, gone)
        straight = one.take(*rows, keys=keys, similar=similar, skip_refused=skip)
        mixed = other.take(*(rows[number] for number in order), keys=keys, similar=similar, skip_refused=skip)

        assert (straight.accepted, straight.written) == (mixed.accepted, mixed.written)
        taken = [_taken(straight.rows[number]) for number in order]
        assert taken == [_taken(mixed.rows[place]) for place in range(len(order))]
        assert sorted(map(_plain, one.users())) == sorted(map(_plain, other.users()))


def _taken(row: RowOutcome) -> bool:
    return row.what in ("created", "changed", "unchanged")


def _plain(user: User) -> tuple[str, ...]:
    fields = (user.first_name, user.external_id, email_key(user.email or ""), user.title, user.status)
    return tuple(field or "" for field in fields)


@MANY
@examples(PEOPLE, GONE, ROWS, KEYS, SIMILAR, st.booleans())
def test_a_preview_is_what_happens(
    people: list[Fields], gone: set[int], rows: list[Fields], keys: tuple[str, ...], similar: str, skip: bool
) -> None:
    with desk() as staff:
        filled(staff, people, gone)
        head = staff.log.head()
        preview = staff.take(*rows, keys=keys, similar=similar, skip_refused=skip, dry_run=True)
        assert staff.log.head() == head
        real = staff.take(*rows, keys=keys, similar=similar, skip_refused=skip, previewed=preview)

        assert (real.counts, real.accepted, real.events) == (preview.counts, preview.accepted, preview.events)
        assert real.decided_again == ()
        assert real.written == real.accepted
        assert [row.changes for row in real.rows] == [row.changes for row in preview.rows]
        assert staff.log.head().position == head.position + (real.events if real.written else 0)
