"""A list mapped as a whole: what a person says, what is refused, and what each row says."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.examples import at_most
from tests.workbooks import write_xlsx
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, LINE_LIMIT
from whowas.domain.users import STATUSES, Status, User
from whowas.interchange import csv_format
from whowas.interchange.entries import UnreadableError
from whowas.interchange.mapping.list_mapping import Chosen, ListMapping, ListRow, UnusableRow, map_list
from whowas.interchange.mapping.own_export import OWN_COLUMNS
from whowas.interchange.mapping.recognising import knows_title
from whowas.interchange.reading.lists import read_list
from whowas.interchange.reading.table import Detected, HowToRead, Row, Table, UnreadableRow
from whowas.interchange.source import Source
from whowas.interchange.user_record import Record


def table_of(text: str) -> Table:
    return read_list(Source.of("list.csv", text.encode()), HowToRead(), knows_title=knows_title)


def listed(text: str, chosen: Chosen | None = None) -> list[ListRow | UnusableRow]:
    table = table_of(text)
    mapping = map_list(table, chosen or Chosen())
    return [mapping.row(row) for row in table.rows() if isinstance(row, Row)]


def record(text: str, chosen: Chosen | None = None) -> Record:
    (row,) = listed(text, chosen)
    assert isinstance(row, ListRow), row
    return row.record


def mapping_of(titles: str, chosen: Chosen | None = None) -> ListMapping:
    return map_list(table_of(titles + "\n"), chosen or Chosen())


def refusal(titles: str, fields: Mapping[str, str | None] | None = None) -> tuple[str, str]:
    with pytest.raises(RefusedError) as refused:
        mapping_of(titles, Chosen(fields or {}))
    return str(refused.value), refused.value.advice


def test_what_is_not_recognised_is_left_out_and_said_with_the_option_that_takes_it_in() -> None:
    mapping = mapping_of("first_name,email,Nickname,Shoe size")
    assert mapping.left_out == ("Nickname", "Shoe size")
    assert mapping.said == ("Left out: “Nickname” and “Shoe size”.",)
    assert '--map "Nickname=attribute:Nickname"' in mapping.advice[mapping.said[0]]
    assert mapping.becomes == (
        ("first_name", ("first_name",)),
        ("email", ("email",)),
        ("Nickname", ()),
        ("Shoe size", ()),
    )


def test_what_a_person_asks_to_leave_out_is_not_said() -> None:
    mapping = mapping_of("first_name,email,Nickname", Chosen({"nickname": None}))
    assert mapping.left_out == ()
    assert not any("Nickname" in said for said in mapping.said)


def test_a_column_becomes_a_custom_field_where_that_is_asked() -> None:
    found = record("first_name,Shoe size\nAnn, 38 \n", Chosen({"SHOE-SIZE": "attributes.Shoe"}))
    assert (found.texts, found.attributes) == ({"first_name": "Ann"}, {"Shoe": "38"})


def test_what_a_person_says_of_a_field_counts_alone() -> None:
    found = record("Email 1,Email 2,Best,first_name\na@example.org,b@example.org,,Ann\n", Chosen({"Best": "email"}))
    assert found.texts == {"first_name": "Ann"}
    both = record("Vorname,Nachname,Wer\nA,B,Mara Quill\n", Chosen({"Wer": "name"}))
    assert both.texts == {"first_name": "Mara", "last_name": "Quill"}


def test_the_first_email_that_is_filled_is_taken() -> None:
    text = "Ann,Email 2,Email 10,Email 1\nx,two@example.org,ten@example.org,{}\n".replace("Ann", "first_name")
    assert record(text.format("one@example.org")).texts["email"] == "one@example.org"
    (row,) = listed(text.format(" \u200b"))
    assert isinstance(row, ListRow)
    assert (row.record.texts["email"], row.columns["email"]) == ("two@example.org", 2)


@pytest.mark.parametrize(
    ("titles", "fields", "words"),
    [
        ("Room,Colour", {}, ["Nothing in this list names a person", "(“Room”, “Colour”).", '--map "Room=last_name"']),
        ("phone,notes", {}, ["Nothing in this list names a person"]),
        ("first_name,Team,team,TEAM ", {}, ["Columns 2 and 3", "“Team” and “team”", '--map "team=-"']),
        ("first_name,email,email", {}, ["Columns 2 and 3 have the same title, “email”"]),
        ("first_name,A,B", {"A": "email", "B": "email"}, ["“A” and “B” cannot both be Email"]),
        ("first_name,A,B", {"A": "attributes.X", "B": "attributes.x"}, ["“A” and “B” cannot both be x"]),
        ("first_name,A", {"C": "email"}, ["There is no title “C”"]),
        ("first_name,A", {"A": "email", "a": "phone"}, ["“a” is mapped twice"]),
        ("first_name,A", {"A": "shoe"}, ["There is no field “shoe”", "attribute:shoe"]),
        ("first_name,A", {"A": "attributes. "}, ["A name is needed"]),
    ],
)
def test_what_cannot_be_mapped_is_one_sentence(titles: str, fields: Mapping[str, str | None], words: list[str]) -> None:
    sentence, advice = refusal(titles, fields)
    assert all(word in (advice if "--" in word else sentence) for word in words), (sentence, advice)
    assert "\n" not in sentence


def test_equal_titles_that_are_left_out_harm_nothing() -> None:
    assert mapping_of("first_name,Team,team", Chosen({"TEAM": None})).left_out == ()


def test_a_foreign_id_is_the_external_id_and_ours_is_ours() -> None:
    assert record("id,first_name\n17,Ann\n").texts == {"first_name": "Ann", "external_id": "17"}
    ours = "0190b0a0-0000-7000-8000-000000000001"
    found = record(f"id,external_id,first_name\n{ours.upper()},17,Ann\n")
    assert (found.user_id, found.texts["external_id"]) == (ours, "17")
    (row,) = listed("id,external_id,first_name\n17,E1,Ann\n")
    assert isinstance(row, UnusableRow)
    assert (row.field, row.column, row.rest) == ("id", 1, None)


def test_an_id_column_in_which_nothing_stands_is_no_id() -> None:
    rows = listed("Employee ID,Username,first_name\n,mq,Mara\n ,ba,Ben\n")
    assert [row.record.texts["external_id"] for row in rows if isinstance(row, ListRow)] == ["mq", "ba"]


def test_a_login_that_is_an_email_is_the_email_where_there_is_no_other() -> None:
    assert record("User name,Full name\nann@example.org,Ann Ash\n").texts == {
        "first_name": "Ann",
        "last_name": "Ash",
        "email": "ann@example.org",
    }
    rows = listed("User name,Full name\nann@example.org,Ann Ash\nben,Ben Ash\n")
    assert [row.record.texts.get("external_id") for row in rows if isinstance(row, ListRow)] == [
        "ann@example.org",
        "ben",
    ]


def test_of_several_logins_the_one_that_is_an_email_gives_it() -> None:
    found = record("SamAccountName,UserPrincipalName,Surname\nmq,mara@example.org,Quill\n").texts
    assert found == {"last_name": "Quill", "email": "mara@example.org", "external_id": "mq"}


@pytest.mark.parametrize(
    ("titles", "cells", "first", "last"),
    [
        ("Name,Vorname", "Quill,Mara", "Mara", "Quill"),
        ("Nom,Prénom", "Quill,Mara", "Mara", "Quill"),
        ("Nombre,Apellidos", "Mara,Quill", "Mara", "Quill"),
        ("姓名", "王小明", "王小明", None),
        ("Nom et prénom", "Quill Mara", "Mara", "Quill"),
        ('"Name, Vorname"', '"Quill, Mara"', "Mara", "Quill"),
        ("姓,名", "王,小明", "小明", "王"),
        ("Display name,Surname", "Mara Quill,Quill", "Mara", "Quill"),
        ("Display name,First name,Last name", "Reception,,", "Reception", None),
        ("Display name,First name,Last name", "Somebody else,Mara,Quill", "Mara", "Quill"),
    ],
)
def test_names_come_out_of_the_columns_there_are(titles: str, cells: str, first: str, last: str | None) -> None:
    texts = record(f"{titles}\n{cells}\n").texts
    assert (texts.get("first_name"), texts.get("last_name")) == (first, last)


@pytest.mark.parametrize(
    ("title", "word", "status"),
    [
        ("status", "Active", "active"),
        ("status", " ACTIVE ", "active"),
        ("status", "Suspended", "suspended"),
        ("status", "inactive", "suspended"),
        ("status", "disabled", "suspended"),
        ("status", "Archived", "suspended"),
        ("status", "deleted", "deleted"),
        ("status", "TRUE", None),
        ("status", "1", None),
        ("status", "left", None),
        ("Status", "inaktiv", "suspended"),
        ("Statut", "désactivé", "suspended"),
        ("Estado", "activo", "active"),
        ("状态", "禁用", "suspended"),
        ("Enabled", "TRUE", "active"),
        ("accountEnabled", "false", "suspended"),
        ("Account enabled", "perhaps", None),
        ("Block credential", "True", "suspended"),
        ("Block credential", "False", "active"),
        ("Aktiviert", "1", "active"),
        ("Aktiviert", "nein", "suspended"),
        ("Actif", "oui", "active"),
        ("¿Activo?", "sí", "active"),
        ("是否启用", "否", "suspended"),
        ("Suspended", "0", "active"),
        ("Blocked", "-", None),
        ("userAccountControl", "512", "active"),
        ("userAccountControl", "66050", "suspended"),
        ("userAccountControl", "normal", None),
        ("Gelöscht", "ja", "deleted"),
    ],
)
def test_a_status_is_what_its_title_and_word_say(title: str, word: str, status: Status | None) -> None:
    (row,) = listed(f"first_name,{title}\nAnn,{word}\n")
    if status is not None:
        assert isinstance(row, ListRow)
        assert (row.record.status, row.columns["status"]) == (status, 2)
    else:
        assert isinstance(row, UnusableRow)
        assert (row.field, row.column, row.rest) == ("status", 2, None)
        assert f'--status "{word}=suspended"' in row.advice


def test_a_blank_status_says_nothing_even_where_blank_cells_clear() -> None:
    assert record("first_name,status\nAnn,\n", Chosen(blank="clear")).status is None


def test_a_person_says_what_a_word_means() -> None:
    assert record("first_name,status\nAnn,Left \n", Chosen(statuses={"LEFT": "deleted"})).status == "deleted"
    assert record("first_name,status\nAnn,true\n", Chosen(statuses={"TRUE": "active"})).status == "active"
    assert record("first_name,Enabled\nAnn,yes\n", Chosen(statuses={"yes": "suspended"})).status == "suspended"


def test_of_several_columns_the_gravest_status_counts() -> None:
    text = "first_name,Enabled,Suspended,Deleted\nAnn,yes,no,no\nBen,yes,yes,no\nCy,yes,no,yes\n"
    assert [row.record.status for row in listed(text) if isinstance(row, ListRow)] == [
        "active",
        "suspended",
        "deleted",
    ]


def test_blank_cells_keep_unless_they_are_to_clear() -> None:
    text = "first_name,email,phone,groups,Room\nAnn, ,\u200b,,\n"
    kept = record(text, Chosen({"Room": "attributes.Room"}))
    assert (kept.texts, kept.attributes, kept.groups) == ({"first_name": "Ann"}, {}, None)
    cleared = record(text, Chosen({"Room": "attributes.Room"}, blank="clear"))
    assert cleared.texts == {"first_name": "Ann", "email": None, "phone": None}
    assert (cleared.attributes, cleared.groups) == ({"Room": None}, ())


def test_a_row_that_says_nothing_of_what_is_taken_is_unusable() -> None:
    _, row = listed("first_name,email,Room\nAnn,,\n,,12\n")
    assert isinstance(row, UnusableRow)
    assert (row.line, row.field, row.column, row.rest) == (3, "", 0, None)


def test_a_group_that_cannot_be_leaves_the_rest() -> None:
    (row,) = listed(f"first_name,groups\nAnn,{'x' * 101}\n")
    assert isinstance(row, UnusableRow)
    assert (row.field, row.column) == ("groups", 2)
    assert row.rest is not None
    assert (row.rest.record.texts, row.rest.record.groups) == ({"first_name": "Ann"}, None)


def test_a_password_comes_only_as_a_hash() -> None:
    found = record("first_name,password,password_hash\nAnn,secret,$argon2id$x\n")
    assert found.password_hash == "$argon2id$x"
    (row,) = listed("first_name,password_hash\nAnn,secret\n")
    assert isinstance(row, UnusableRow)
    assert row.rest is not None
    assert "secret" not in row.reason


def test_a_cell_that_reading_found_fault_with_makes_its_row_unusable_where_it_is_taken() -> None:
    def rows() -> Iterator[Row | UnreadableRow]:
        yield Row(2, "", ("Ann", "", "x"), {2: "An uncalculated formula."})
        yield Row(3, "", ("Ben", "1", "x"), {3: "An uncalculated formula."})

    table = Table(Detected("xlsx"), ("first_name", "phone", "Room"), "", rows)
    mapping = map_list(table, Chosen())
    ann, ben = (mapping.row(row) for row in rows() if isinstance(row, Row))
    assert isinstance(ann, UnusableRow)
    assert (ann.field, ann.column, ann.reason) == ("phone", 2, "An uncalculated formula.")
    assert ann.rest is not None
    assert isinstance(ben, ListRow)


def test_a_file_that_breaks_off_is_still_mapped() -> None:
    def rows() -> Iterator[Row | UnreadableRow]:
        yield Row(2, "", ("Ann", "Choir|Board"))
        raise UnreadableError(3, 1, "broken")

    mapping = map_list(Table(Detected("csv"), ("first_name", "groups"), "", rows), Chosen())
    row = mapping.row(Row(2, "", ("Ann", "Choir|Board")))
    assert isinstance(row, ListRow)
    assert row.record.groups == ("Choir", "Board")


def test_a_source_is_its_set_of_titles_whatever_their_order_and_case() -> None:
    assert mapping_of("first_name,E-Mail,Room").source == mapping_of("ROOM,First Name,email").source
    assert mapping_of("first_name,email").source != mapping_of("first_name,email,Room").source
    assert mapping_of("first_name,Email 1").source == mapping_of("first_name,Email 1,Email 2").source


def test_a_source_fits_into_a_line_of_the_log_and_stays_apart_from_others() -> None:
    titles = [f"Column {'x' * 20} {chr(0x4E00 + number)}" for number in range(100)]
    sources = {mapping_of(",".join(("first_name", *titles[:count]))).source for count in (98, 99, 100)}
    assert len(sources) == 3
    assert all(len(source) <= LINE_LIMIT for source in sources)


def test_without_titles_columns_go_by_their_numbers() -> None:
    table = read_list(Source.of("x", b"Ann,ann@example.org\n"), HowToRead(header=False))
    with pytest.raises(RefusedError, match="Nothing says who is meant") as refused:
        map_list(table, Chosen())
    assert '--map "1=first_name"' in refused.value.advice
    mapping = map_list(table, Chosen({"1": "first_name", "2": "email"}))
    (row,) = (mapping.row(row) for row in table.rows() if isinstance(row, Row))
    assert isinstance(row, ListRow)
    assert row.record.texts == {"first_name": "Ann", "email": "ann@example.org"}


def test_cells_are_trimmed_but_under_our_own_names() -> None:
    assert record("First name,Last name,Nr\n Ann , Ash,7\n", Chosen({"Nr": "external_id"})).texts == {
        "first_name": "Ann",
        "last_name": "Ash",
        "external_id": "7",
    }
    assert record("first_name,notes\n Ann ,two \n").texts == {"first_name": " Ann ", "notes": "two "}


def test_titles_added_to_our_own_export_that_no_field_can_have_are_left_out() -> None:
    long = "x" * 101
    mapping = map_list(table_of(",".join((*OWN_COLUMNS, long)) + "\n"), Chosen())
    assert (mapping.own, mapping.left_out) == (True, (long,))
    with pytest.raises(RefusedError, match="have the same title, “Room”"):
        map_list(table_of(",".join((*OWN_COLUMNS, "Room", "Room")) + "\n"), Chosen())


def test_our_own_export_needs_all_of_its_columns_in_their_order() -> None:
    header = ",".join(OWN_COLUMNS)
    assert map_list(table_of(header + ",Room\n"), Chosen()).own
    assert not map_list(table_of(header.replace("notes", "note") + ",Room\n"), Chosen()).own
    assert not map_list(table_of(",".join(reversed(OWN_COLUMNS)) + "\n"), Chosen()).own


def test_a_column_of_our_own_export_can_be_left_out_or_put_elsewhere() -> None:
    header = ",".join(OWN_COLUMNS)
    cells = ",".join("" if name != "first_name" else "Ann" for name in OWN_COLUMNS)
    found = record(f"{header},Room,Nr\n{cells},12,7\n", Chosen({"Room": None, "Nr": "external_id"}))
    assert (found.texts, found.attributes) == ({"external_id": "7", "first_name": "Ann"}, {})


_STORED = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
_LINES = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\r\t"), min_size=1, max_size=12)
_NOT_IN_XML = re.compile("[\r\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
"""What XML, or the format of spreadsheets, has no way to say, or says otherwise."""

_NAMES = _STORED.map(str.strip).filter(bool)


@st.composite
def _exports(draw: st.DrawFn) -> tuple[Directory, list[User]]:
    names = draw(st.lists(_NAMES | st.sampled_from(("email", "Status", "attributes.x")), max_size=3, unique=True))
    groups = draw(st.lists(_NAMES, max_size=3, unique_by=lambda name: name.casefold()))
    made = {str(number): name for number, name in enumerate(groups)}
    directory = Directory(fields={name: name for name in names}, groups=made)
    users = []
    for number in range(draw(st.integers(1, 3))):
        texts = {name: draw(st.none() | (_LINES if name == "notes" else _STORED)) for name in LABELS}
        filled = {name: draw(_LINES) for name in names if draw(st.booleans())}
        users.append(
            User(
                f"0190b0a0-0000-7000-8000-{number:012d}",
                1,
                draw(st.sampled_from(STATUSES)),
                groups=frozenset(draw(st.sets(st.sampled_from(sorted(directory.groups))))) if groups else frozenset(),
                attributes=filled,
                **texts,  # type: ignore[arg-type]
            )
        )
    return directory, users


@given(_exports())
def test_any_export_of_ours_comes_back_to_the_letter(export: tuple[Directory, list[User]]) -> None:
    directory, users = export
    table = table_of("".join(csv_format.write(users, directory)))
    _require_the_same(table, users, directory)


@settings(max_examples=at_most(25))
@given(_exports())
def test_any_export_of_ours_comes_back_out_of_a_spreadsheet(export: tuple[Directory, list[User]]) -> None:
    directory, users = export
    text = "".join(csv_format.write(users, directory))
    assume(not _NOT_IN_XML.search(text))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "staff.xlsx"
        write_xlsx(path, {"Staff": list(csv.reader(io.StringIO(text, newline="")))})
        table = read_list(Source.of("staff.xlsx", path.read_bytes()), HowToRead(), knows_title=knows_title)
        _require_the_same(table, users, directory)


def _require_the_same(table: Table, users: list[User], directory: Directory) -> None:
    mapping = map_list(table, Chosen())
    assert mapping.own
    assert mapping.left_out == ()

    rows = [mapping.row(row) for row in table.rows() if isinstance(row, Row)]
    for user, row in zip(users, rows, strict=True):
        assert isinstance(row, ListRow)
        assert row.record.user_id == user.id
        assert row.record.texts == {name: user.text(name) for name in LABELS if user.text(name)}
        assert row.record.attributes == user.attributes
        assert row.record.status == user.status
        assert set(row.record.groups or ()) == set(directory.names_of(user.groups))


_TITLES = st.text(max_size=10) | st.sampled_from(
    ("id", "external_id", "Name", "first_name", "Email 1", "Email 2", "status", "Enabled", "groups", "memberOf", "dn")
)


@given(st.data())
def test_mapping_raises_for_no_cells_and_refuses_in_sentences(data: st.DataObject) -> None:
    titles = tuple(data.draw(st.lists(_TITLES, max_size=6)))
    cells = data.draw(st.lists(st.tuples(*[st.text(max_size=20)] * len(titles)), max_size=4))
    table = Table(Detected("csv"), titles, "", lambda: iter([Row(2, "", row) for row in cells]), titles)
    chosen = Chosen(blank=data.draw(st.sampled_from(("keep", "clear"))))
    try:
        mapping = map_list(table, chosen)
    except RefusedError:
        return
    for row in table.rows():
        assert isinstance(row, Row)
        said = mapping.row(row)
        found = said if isinstance(said, ListRow) else said.rest
        if found is not None:
            assert found.record.texts.keys() <= LABELS.keys()
            assert any(row.cells), "a row of nothing says nothing of anybody"
            assert all(0 < column <= len(titles) for column in found.columns.values())
        if isinstance(said, UnusableRow):
            assert said.reason
            assert 0 <= said.column <= len(titles)


def test_custom_fields_of_our_own_export_are_called_as_they_were() -> None:
    assert ATTRIBUTE_PREFIX == "attributes."
    mapping = map_list(table_of(",".join((*OWN_COLUMNS, "attributes.email", "Team", "team")) + "\n"), Chosen())
    assert [fields for _, fields in mapping.becomes[-3:]] == [
        ("attributes.email",),
        ("attributes.Team",),
        ("attributes.team",),
    ]


def test_a_list_that_names_nobody_can_be_looked_at() -> None:
    """Somebody says then what its columns hold."""
    table = table_of("Kto,Gdzie\nAda,tu\n")
    with pytest.raises(UnreadableError, match="names a person"):
        map_list(table, Chosen())
    assert map_list(table, Chosen(), to_look=True).becomes == (("Kto", ()), ("Gdzie", ()))
    assert map_list(table, Chosen({"Kto": "name"})).becomes[0] == ("Kto", ("first_name", "last_name"))
