"""What the server lets into a log is what the program's codec can read: whoever sends it, by whichever program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, get_args

import psycopg
import pytest
from psycopg import sql

from tests.decisions import decided
from tests.postgres import Cluster
from tests.shared_directories import OnServer, installed
from tests.unit.store.test_directory_log import ADA, BEN, new
from whowas.domain import events
from whowas.domain.causation import KINDS, ImportOf, RedoOf, RestoreOf, UndoForSome, UndoOf, WhatIfOf, to_text
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.events import DirectoryEvent, Event, Forgotten, UserCreated
from whowas.domain.fields import TEXT_LIMIT
from whowas.store import codec
from whowas.store.recorded_event import to_blob
from whowas.store.soundness import CHECKED_EVENTS, causation_of, require_sound_event

TEXT = 'Ünï "quoted" \\ back, \\u0041, tab\t, \x01 and “more”'
SAMPLES: tuple[Event, ...] = (
    UserCreated(ADA, {"first_name": TEXT, "email": "ada@example.org"}, {"Choir": TEXT}),
    UserCreated(ADA, {}, {}),
    events.UserUpdated({"notes": "x" * 100_000, "email": None}, {"Choir": None, "Voice": "Alto"}),
    events.UserDeleted(),
    events.UserRestored(),
    events.UserSuspended(),
    events.UserReactivated(),
    events.PasswordSet("$argon2id$v=19$m=8,t=1,p=1$c2FsdHlzYWx0$UnlikeAnythingElse"),
    events.PasswordCleared(),
    events.GroupJoined(BEN),
    events.GroupLeft(BEN),
    events.UserErased(),
    events.FieldDefined("Choir"),
    events.FieldDefined("Choir", "Choir 2"),
    events.FieldRenamed("Choir", TEXT),
    events.FieldDeleted("Choir"),
    events.FieldRestored("Choir"),
    events.FieldDescribed("Choir"),
    events.FieldDescribed("Choir", "yes or no", required=True, unique=False, default=TEXT, hidden=True),
    events.FieldDescribed("Choir", "choice", choices=("Alto", TEXT), help=TEXT),
    events.FieldDescribed("Choir", choices=()),
    events.FieldsOrdered(("Voice", TEXT)),
    events.FieldsOrdered(()),
    events.GroupCreated(BEN, TEXT),
    events.GroupRenamed(BEN, TEXT),
    events.GroupDeleted(BEN),
    events.GroupColoured(BEN, TEXT),
    events.GroupColoured(BEN, None),
    events.GroupsOrdered((ADA, BEN)),
    events.GroupsOrdered(()),
    events.MomentNamed(BEN, TEXT, None, -62_135_596_800_000_000, 0),
    events.MomentRenamed(BEN, TEXT, TEXT),
    events.MomentDeleted(BEN),
    events.ListImported("csv", (ADA, BEN)),
    events.ListImported("csv", ()),
)
REASONS = (
    ImportOf("staff.csv"),
    ImportOf(TEXT, "ines"),
    UndoOf(ADA),
    UndoOf(ADA, TEXT),
    UndoForSome(ADA, None),
    RedoOf(ADA),
    WhatIfOf((ADA, BEN), TEXT),
    WhatIfOf(()),
    RestoreOf(1_700_000_000_000_000, 7, TEXT),
)
OTHERS: tuple[Any, ...] = (None, True, 0, -1, 1.5, 2**70, "", "x", [], ["x"], [["x"]], [1], {}, {"x": 1}, {"x": ["x"]})


_TAKEN = """
CREATE FUNCTION pg_temp.taken(type text, schema bigint, stream bytea, version bigint, bodies bytea[])
RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE
    body bytea;
    taken boolean[];
BEGIN
    FOREACH body IN ARRAY bodies LOOP
        BEGIN
            PERFORM require_readable(ARRAY[type], ARRAY[schema], ARRAY[stream], ARRAY[version], ARRAY[body]);
            taken := taken || true;
        EXCEPTION WHEN SQLSTATE 'WH008' THEN
            taken := taken || false;
        END;
    END LOOP;
    RETURN taken;
END
$$
"""


class Server(NamedTuple):
    """A directory, and a connection that may ask what it takes."""

    on_server: OnServer
    connection: psycopg.Connection[Any]

    def taken(self, name: str, schema: int, bodies: Sequence[bytes], stream: str, version: int) -> list[bool]:
        """Return which payloads are taken, of events of one type in a stream."""
        query = "SELECT pg_temp.taken(%b, %b, %b, %b, %b)"
        row = self.connection.execute(query, (name, schema, to_blob(stream), version, list(bodies))).fetchone()
        assert row is not None
        return list(row[0])

    def place_of(self, event: Event) -> tuple[str, int]:
        """Return a stream that such an event may be of, and a version that it may make there."""
        is_own = isinstance(event, DirectoryEvent)
        return self.on_server.directory_id if is_own else ADA, 1 if isinstance(event, UserCreated) else 2

    def takes_reason(self, text: str) -> bool:
        try:
            self.connection.execute("SELECT require_reason(%s::text)", (text,))
        except psycopg.Error as error:
            assert error.sqlstate == "WH008", error  # noqa: PT017 (any other is a fault of ours)
            return False
        return True


@pytest.fixture(scope="module")
def server(cluster: Cluster) -> Iterator[Server]:
    made = installed(cluster)
    with cluster.superuser(made.database) as connection:
        connection.execute(sql.SQL("SET search_path = {}, pg_temp").format(sql.Identifier(made.schema)))
        connection.execute(_TAKEN)
        yield Server(made, connection)


def mutations(value: Any) -> Iterator[Any]:
    """Yield a JSON value with one thing in it altered, left out or added, each once."""
    yield from (other for other in OTHERS if other != value or type(other) is not type(value))
    match value:
        case dict():
            yield {**value, "more": "x"}
            for key in value:
                without = {name: each for name, each in value.items() if name != key}
                yield without
                yield {**without, key.upper(): value[key]}
                yield from ({**value, key: other} for other in mutations(value[key]))
        case list():
            yield from ([*value, other] for other in OTHERS)


def broken(body: bytes) -> Iterator[bytes]:
    """Yield bytes that are no payload, or are one in another form of JSON."""
    yield from (b"", b"x", b"NaN", b"\xff", b"[" * 20_000, body[:-1], body + b"}", body + body, b"\xef\xbb\xbf" + body)
    yield from (
        body.replace(b":", b" : "),
        body.replace(b'"', b"'"),
        body.replace(b"0", b"0.0"),
        body.replace(b"0", b"1e3"),
    )
    if len(body) > 2:
        yield b'{"more":1,' + body[1:]
        for key in json.loads(body):
            yield b'{"%s":7,' % key.encode() + body[1:]
            yield body[:-1] + b',"%s":7}' % key.encode()


def codec_reads(name: str, schema: int, body: bytes) -> bool:
    try:
        event = codec.EVENTS.decode(1, name, schema, body)
        if type(event) in CHECKED_EVENTS:
            require_sound_event(1, ADA, event)
    except StoreError:
        return False
    return True


def test_every_event_of_the_codec_is_a_sample_and_taken(server: Server) -> None:
    assert {codec.EVENTS.encode(event)[:2] for event in SAMPLES} == codec.EVENTS.known
    assert {type(event) for event in SAMPLES} == set(get_args(Event)) - {Forgotten}
    for event in SAMPLES:
        name, schema, body = codec.EVENTS.encode(event)
        assert server.taken(name, schema, [body], *server.place_of(event)) == [True], event


@pytest.mark.parametrize("event", [event for event in SAMPLES if event not in SAMPLES[2:3]], ids=repr)
def test_no_payload_is_taken_that_the_codec_does_not_read(server: Server, event: Event) -> None:
    name, schema, body = codec.EVENTS.encode(event)
    bodies = [*(json.dumps(each).encode() for each in mutations(json.loads(body))), *broken(body)]
    taken = server.taken(name, schema, bodies, *server.place_of(event))
    read = [codec_reads(name, schema, each) for each in bodies]
    assert not [each for each, is_taken, is_read in zip(bodies, taken, read, strict=True) if is_taken and not is_read]
    assert read.count(False) > len(OTHERS)


def test_a_payload_is_of_a_known_type_and_schema_in_a_stream_of_its_kind(server: Server) -> None:
    for event in SAMPLES:
        name, schema, body = codec.EVENTS.encode(event)
        stream, version = server.place_of(event)
        elsewhere = ADA if isinstance(event, DirectoryEvent) else server.on_server.directory_id
        for others in (
            ("Unknown", schema, stream, version),
            (name, max(known for each, known in codec.EVENTS.known if each == name) + 1, stream, version),
            (name, 0, stream, version),
            (name, schema, elsewhere, version),
        ):
            called, of_schema, *place = others
            assert server.taken(called, of_schema, [body], *place) == [False], others
        if not isinstance(event, DirectoryEvent):
            assert server.taken(name, schema, [body], stream, 3 - version) == [False], "created first, and once"
    name, schema, body = codec.EVENTS.encode(SAMPLES[1])
    assert server.taken(name, schema, [body], BEN, 1) == [False], "it creates somebody else"
    assert server.taken("undo", 0, [b'{"change_id":"%s"}' % ADA.encode()], ADA, 2) == [False], "that is a reason"


def test_no_text_is_longer_than_any_may_be(server: Server) -> None:
    for event in (
        events.UserUpdated({"notes": "x" * 100_001}, {}),
        events.UserUpdated({}, {"x" * 100_001: None}),
        events.PasswordSet("x" * 100_001),
        events.GroupCreated(BEN, "x" * 100_001),
    ):
        name, schema, body = codec.EVENTS.encode(event)
        assert server.taken(name, schema, [body], *server.place_of(event)) == [False]


def test_what_is_one_of_some_texts_is_no_list_of_one_of_them(server: Server) -> None:
    bodies = [b'{"field_id":"Choir","type":"choice"}', b'{"field_id":"Choir","type":["choice"]}']
    own = server.on_server.directory_id
    assert server.taken("FieldDescribed", 1, bodies, own, 2) == [True, False]


def test_a_key_is_written_as_whoever_follows_looks_for_it(server: Server) -> None:
    bodies = [b'{"changes":{"\\u0065mail":"x"},"attributes":{}}', b'{"changes":{"notes":"\\\\u0065"},"attributes":{}}']
    assert server.taken("UserUpdated", 1, bodies, ADA, 2) == [False, True]


def test_every_reason_of_the_program_is_taken_and_none_that_it_cannot_read(server: Server) -> None:
    assert {type(reason) for reason in REASONS} == set(KINDS.values())
    for reason in REASONS:
        text = to_text(reason)
        assert text is not None
        assert server.takes_reason(text), text
        for other in (*map(json.dumps, mutations(json.loads(text))), text[:-1], "[" * 5_000, text.replace("7", "7.0")):
            assert not server.takes_reason(other) or is_reason(other), other


def test_an_import_of_thousands_of_lists_names_them_all(server: Server) -> None:
    named = to_text(ImportOf(", ".join(f"members-{number:04}.csv" for number in range(8_000)), "ines"))
    assert named is not None
    assert len(named) > TEXT_LIMIT
    assert server.takes_reason(named)


def is_reason(text: str) -> bool:
    try:
        return causation_of(text) is not None
    except ValueError:
        return False


def test_nothing_happens_outside_of_a_life(on_server: OnServer) -> None:
    with on_server.log() as log:
        log.append(decided(log.head(), new(ADA), new(BEN)))
        early = new(ADA, 2, occurred_at=1, is_backdated=True)
        erased = new(BEN, 2, events.UserErased())
        for outside in ([early], [early, new(ADA, 3)], [erased, new(BEN, 3)]):
            with pytest.raises(RefusedError, match="takes no change like that"):
                log.append(decided(log.head(), *outside))
        assert log.head().position == 2
        log.append(decided(log.head(), erased))
        for outside in ([new(BEN, 3)], [new(BEN, 3), new(ADA, 2)]):
            with pytest.raises(RefusedError, match="takes no change like that"):
                log.append(decided(log.head(), *outside))
        assert log.head().position == 3


@pytest.mark.parametrize("others", [0, 1])
def test_who_appends_by_a_program_of_their_own_is_refused_too(on_server: OnServer, others: int) -> None:
    with on_server.log() as log, pytest.MonkeyPatch.context() as own:
        own.setattr(codec.Codec, "encode", lambda *_: ("UserCreated", 1, b'{"user_id":"%s"}' % ADA.encode()))
        with pytest.raises(RefusedError, match="takes no change like that, so nothing was saved"):
            log.append(decided(log.head(), new(ADA), *[new(BEN)] * others))
        assert log.head().position == 0
