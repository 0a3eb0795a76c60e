"""Events are stored under the lowest schema that can hold them; unknown types and keys are refused, never skipped."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas import __version__
from whowas.domain.errors import StoreError
from whowas.domain.events import Event, Forgotten, UserCreated, UserUpdated
from whowas.store.codec import EVENTS, Codec
from whowas.store.event_forms import FORMS, TEXT_KEYS, Form

GOLDEN = Path(__file__).parents[2] / "golden"
KNOWN_TO_0_1_0: dict[str, dict[str, Any]] = json.loads((GOLDEN / "events-0.1.0.json").read_text(encoding="utf-8"))
KNOWN: dict[str, dict[str, Any]] = KNOWN_TO_0_1_0 | {
    name: known
    for version in ("0.5.0", "0.9.0")
    for name, known in json.loads((GOLDEN / f"events-{version}.json").read_text(encoding="utf-8")).items()
}
"""What came since 0.1.0 stands in a file of the version that brought it."""

NEWEST = max(TEXT_KEYS.values())
NEXT_FIELDS = {**TEXT_KEYS, "star_sign": NEWEST + 1, "shoe_size": NEWEST + 2}


@dataclass(frozen=True, slots=True)
class _Moved1:
    """The first form of a made-up event: one line of text."""

    address: str


@dataclass(frozen=True, slots=True)
class _Moved2:
    """The second form, which has a country too."""

    lines: tuple[str, ...]
    country: str = "unknown"


@dataclass(frozen=True, slots=True)
class _Moved:
    """The present form, which got a postcode and a reason in later schemas."""

    street: str
    town: str | None
    country: str
    postcode: str | None = None
    reason: str = ""


NEXT_FORMS = (
    *(form for form in FORMS if form.held not in (UserCreated, UserUpdated)),
    Form("UserCreated", UserCreated, within={"fields": NEXT_FIELDS}),
    Form("UserUpdated", UserUpdated, within={"changes": NEXT_FIELDS}),
    Form("UserMoved", _Moved1, upcast=lambda old: _Moved2(tuple(old.address.split(", ")))),
    Form(
        "UserMoved",
        _Moved2,
        first=2,
        later={"country": 3},
        upcast=lambda old: _Moved(old.lines[0], old.lines[1] if len(old.lines) > 1 else None, old.country),
    ),
    Form("UserMoved", _Moved, first=4, later={"postcode": 5, "reason": 6}),
)
NEXT = Codec(NEXT_FORMS)
"""The codec of a future version."""


def moved(*values: str | None) -> Event:
    return cast("Event", _Moved(*values))  # type: ignore[arg-type]


def stored(codec: Codec, event: Event) -> tuple[str, int, dict[str, Any]]:
    name, schema, body = codec.encode(event)
    return name, schema, json.loads(body)


def payload(value: Mapping[str, object]) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("fields_", "schema"),
    [
        ({}, 1),
        ({"first_name": "Ada"}, 1),
        ({"first_name": "Ada", "star_sign": "Leo"}, NEWEST + 1),
        ({"shoe_size": "39"}, NEWEST + 2),
        ({"star_sign": "Leo", "shoe_size": "39"}, NEWEST + 2),
    ],
)
def test_a_field_raises_the_schema_only_of_events_that_hold_it(fields_: dict[str, str], schema: int) -> None:
    created, updated = UserCreated("7", fields_, {"star_sign": "a custom field"}), UserUpdated({**fields_}, {})
    assert stored(NEXT, created)[:2] == ("UserCreated", schema)
    assert stored(NEXT, updated)[:2] == ("UserUpdated", schema)
    assert NEXT.decode(1, *NEXT.encode(created)) == created
    assert NEXT.decode(1, *NEXT.encode(updated)) == updated


@pytest.mark.parametrize(
    ("event", "schema", "keys"),
    [
        (moved("High Street 1", None, "GB"), 4, {"street", "town", "country"}),
        (moved("High Street 1", "Bath", "GB", "BA1"), 5, {"street", "town", "country", "postcode"}),
        (moved("High Street 1", "Bath", "GB", None, "work"), 6, {"street", "town", "country", "reason"}),
    ],
)
def test_a_key_that_holds_only_its_default_is_left_out(event: Event, schema: int, keys: set[str]) -> None:
    name, lowest, body = stored(NEXT, event)
    assert (name, lowest, set(body)) == ("UserMoved", schema, keys)
    assert NEXT.decode(1, *NEXT.encode(event)) == event


@pytest.mark.parametrize(
    ("schema", "body", "event"),
    [
        (1, {"address": "High Street 1, Bath"}, moved("High Street 1", "Bath", "unknown")),
        (2, {"lines": ["High Street 1"]}, moved("High Street 1", None, "unknown")),
        (3, {"lines": ["High Street 1", "Bath"], "country": "GB"}, moved("High Street 1", "Bath", "GB")),
    ],
)
def test_older_forms_are_lifted_one_after_the_other(schema: int, body: dict[str, object], event: Event) -> None:
    assert NEXT.decode(1, "UserMoved", schema, payload(body)) == event


@pytest.mark.parametrize(
    ("name", "schema", "body", "key"),
    [
        ("UserCreated", 1, {"user_id": "7", "fields": {}, "attributes": {}, "team": "A"}, "team"),
        ("UserCreated", 1, {"user_id": "7", "fields": {"star_sign": "Leo"}, "attributes": {}}, "star_sign"),
        ("UserUpdated", 1, {"changes": {"star_sign": None}, "attributes": {}}, "star_sign"),
        ("UserUpdated", NEWEST + 1, {"changes": {"shoe_size": "39"}, "attributes": {}}, "shoe_size"),
        ("UserSuspended", 1, {"until": 5}, "until"),
        ("UserMoved", 1, {"address": "a", "country": "GB"}, "country"),
        ("UserMoved", 2, {"lines": [], "country": "GB"}, "country"),
        ("UserMoved", 5, {"street": "a", "town": None, "country": "GB", "reason": "work"}, "reason"),
    ],
)
def test_a_key_that_a_schema_does_not_have_is_refused(
    name: str, schema: int, body: dict[str, object], key: str
) -> None:
    with pytest.raises(StoreError) as caught:
        NEXT.decode(12, name, schema, payload(body))
    assert f"The event at position 12 holds more than Whowas {__version__} knows of “{name}”" in str(caught.value)
    assert f"`{key}`" in str(caught.value)
    assert str(caught.value).endswith("Open this directory with a newer version; nothing was changed.")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("UserCreated", {"user_id": "7", "fields": {"star_sign": "Leo"}, "attributes": {}}),
        ("UserUpdated", {"changes": {}, "attributes": {}, "because": "x"}),
        ("GroupJoined", {"group_id": "7", "until": None}),
        ("UserErased", {"by": "x"}),
    ],
)
def test_this_program_refuses_what_it_does_not_know(name: str, body: dict[str, object]) -> None:
    with pytest.raises(StoreError, match="holds more than Whowas"):
        EVENTS.decode(1, name, 1, payload(body))


def test_custom_fields_may_have_any_name_and_keys_any_order() -> None:
    body = b'{ "attributes": {"\\u0073tar_sign": "Leo", "": "x"}, "changes": {"title": null} }'
    assert EVENTS.decode(1, "UserUpdated", 1, body) == UserUpdated({"title": None}, {"star_sign": "Leo", "": "x"})


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"group_id": 7}', b"{}", b'{"group_id": "\xff"}', b"[" * 100_000])
def test_a_damaged_payload_is_told_as_such(body: bytes) -> None:
    with pytest.raises(StoreError, match="The payload at position 3 is damaged"):
        EVENTS.decode(3, "GroupJoined", 1, body)


@pytest.mark.parametrize(("name", "schema"), [("UserTeleported", 1), ("UserCreated", NEWEST + 1), ("UserCreated", 0)])
def test_an_unknown_type_or_schema_is_told_as_such(name: str, schema: int) -> None:
    sentence = f"an event “{name}” .schema {schema}. that Whowas {__version__} does not know"
    with pytest.raises(StoreError, match=sentence):
        EVENTS.decode(3, name, schema, b"{}")
    with pytest.raises(StoreError, match=sentence):
        EVENTS.require_known(name, schema)


@pytest.mark.parametrize("forms", [FORMS, NEXT_FORMS])
def test_forms_follow_each_other_without_gaps_and_later_keys_have_defaults(forms: tuple[Form, ...]) -> None:
    for form in forms:
        held = {each.name: each for each in fields(form.held)}
        assert form.later.keys() | form.within.keys() <= held.keys()
        assert all(held[key].default is not MISSING for key in form.later)
        # What came with the form itself may be left out too, as long as no key came before it.
        assert min(form.later.values(), default=form.first) >= form.first
        newer = [other.first for other in forms if other.name == form.name and other.first > form.first]
        assert newer if form.upcast is not None else not newer
        assert min(newer, default=form.newest + 1) == form.newest + 1
    names = [(form.name, form.first) for form in forms]
    assert len(set(names)) == len(names)


def test_every_event_has_a_form() -> None:
    assert {form.held for form in FORMS} == set(get_args(Event)) - {Forgotten}


def opened_by_0_1_0(listed: set[tuple[str, int]]) -> bool:
    """Return whether version 0.1.0 opens a file that lists these types and schemas: it refuses unknown ones."""
    return listed <= {(name, known["schema"]) for name, known in KNOWN_TO_0_1_0.items()}


def whole_to_0_1_0(name: str, body: Mapping[str, Any]) -> bool:
    """Return whether version 0.1.0 knows every key of a payload; it would skip others, or break."""
    known = KNOWN_TO_0_1_0[name]
    within = known.get("within", {})
    return set(body) <= set(known["keys"]) and all(set(body[key]) <= set(keys) for key, keys in within.items())


def events_of(forms: tuple[Form, ...], newest: int = NEWEST + 2) -> st.SearchStrategy[Event]:
    """A strategy for the events that a codec of ``forms`` can encode, with fields up to a schema.

    Of the first schemas only those of types that there have been from the beginning.
    """
    texts = st.text(max_size=3)
    known = NEXT_FIELDS if forms is NEXT_FORMS else TEXT_KEYS
    values = st.dictionaries(st.sampled_from([name for name, schema in known.items() if schema <= newest]), texts)
    made = {
        UserCreated: st.builds(UserCreated, texts, values, st.dictionaries(texts, texts)),
        UserUpdated: st.builds(UserUpdated, values, st.dictionaries(texts, texts)),
    }
    kinds = [form for form in forms if form.upcast is None and (newest > 1 or form.name in KNOWN_TO_0_1_0)]
    return st.one_of(*(made.get(form.held, st.builds(form.held)) for form in kinds))


@given(st.lists(events_of(FORMS, newest=1)))
def test_version_0_1_0_opens_and_reads_all_that_this_one_writes_without_later_fields(events: list[Event]) -> None:
    written = [stored(EVENTS, event) for event in events]
    assert opened_by_0_1_0({(name, schema) for name, schema, _ in written})
    assert all(whole_to_0_1_0(name, body) for name, _, body in written)
    assert [EVENTS.decode(1, *EVENTS.encode(event)) for event in events] == events


def test_every_type_and_key_is_in_the_table_of_the_version_that_brought_it() -> None:
    written = {form.name: form for form in FORMS if form.upcast is None}
    assert written.keys() == KNOWN.keys()
    for name, form in written.items():
        assert form.newest == KNOWN[name]["schema"]
        assert [each.name for each in fields(form.held)] == KNOWN[name]["keys"]
        assert {key: list(known) for key, known in form.within.items()} == KNOWN[name].get("within", {})


def require_refused_unless_read_whole(codec: Codec, events: list[Event]) -> None:
    written = [stored(codec, event) for event in events]
    listed = {(name, schema) for name, schema, _ in written}
    needs_more = any(name not in KNOWN_TO_0_1_0 or not whole_to_0_1_0(name, body) for name, _, body in written)
    assert opened_by_0_1_0(listed) is not needs_more
    assert [codec.decode(1, *codec.encode(event)) for event in events] == events


@given(st.lists(events_of(FORMS)))
def test_version_0_1_0_refuses_all_events_of_this_one_that_it_would_not_read_whole(events: list[Event]) -> None:
    require_refused_unless_read_whole(EVENTS, events)


@given(st.lists(events_of(NEXT_FORMS)))
def test_version_0_1_0_refuses_all_later_events_that_it_would_not_read_whole(events: list[Event]) -> None:
    require_refused_unless_read_whole(NEXT, events)


def test_the_table_of_what_0_1_0_knows_is_what_its_directory_lists() -> None:
    listed = re.findall(
        r"INSERT INTO \"event_type\" VALUES\('(\w+)',(\d+)\)",
        (GOLDEN / "directory-0.1.0.sql").read_text(encoding="utf-8"),
    )
    assert {name: int(schema) for name, schema in listed}.items() <= {
        name: known["schema"] for name, known in KNOWN_TO_0_1_0.items()
    }.items()


@pytest.mark.parametrize(
    "body",
    [
        b'{"changes":7,"changes":{"title":"Clerk"},"attributes":{}}',
        b'{"changes":{"title":7,"title":"Clerk"},"attributes":{}}',
        b'{"changes":{"star_sign":"Leo"},"changes":{"title":"Clerk"},"attributes":{}}',
    ],
)
def test_of_a_key_that_is_there_twice_the_last_value_counts(body: bytes) -> None:
    """As it does for a server, which takes such an event from whoever appends it by a program of their own."""
    assert EVENTS.decode(1, "UserUpdated", 1, body) == UserUpdated({"title": "Clerk"}, {})
