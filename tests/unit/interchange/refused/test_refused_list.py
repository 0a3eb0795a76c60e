"""Refused rows are saved as a file like the one they came from, with why; corrected, it is imported like any other."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, settings
from hypothesis import given as tried_with
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.examples import at_most
from tests.unit.interchange.importing.given_lists import Desk, desk, reasons
from tests.workbooks import ods, xlsx
from whowas.domain.errors import CancelledError, RefusedError, StoreError
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.ready import Ready, Request, made_ready
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.interchange.mapping.list_mapping import Chosen
from whowas.interchange.reading.table import HowToRead, Row
from whowas.interchange.refused.refused_list import can_save_refused, name_of_refused, save_refused, save_refused_each
from whowas.interchange.source import Source

WHY = "Why it was not imported"
ROWS = [
    ["First name", "Email", "Remarks"],
    ["Ada", "ada@example.org", "=SUM(A1)"],
    ["Bo", "bo@", "@two\nlines"],
    ["Cy", "cy@example.org", "-"],
    ["Dot", "dot@", ' +1; "quoted", 007'],
]
REFUSED = {"skip_refused": True}

Saved = Callable[..., bytes]


def ready_of(name: str, content: bytes, **asked: object) -> Ready:
    return made_ready([Source.of(name, content)], Request(rules=ImportRules(**REFUSED), **asked))  # type: ignore[arg-type]


def looked_at(ready: Ready) -> ImportOutcome:
    with desk() as directory:
        return ready.take(directory.bus, directory.log, dry_run=True)


def saved_from(path: Path, name: str, content: bytes, **asked: object) -> bytes:
    """Return the file of refused rows of a list of which the rows with a "@" at the end of a cell are refused."""
    ready = ready_of(name, content, **asked)
    save_refused(path, ready, looked_at(ready), ())
    return path.read_bytes()


def text(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if set(cell) & {delimiter, '"', "\n"} else cell

    return "".join(delimiter.join(map(quoted, row)) + end for row in rows)


def table_of(ready: Ready) -> list[tuple[str, ...]]:
    (given,) = ready.lists
    return [given.table.titles, *(row.cells for row in given.table.rows() if isinstance(row, Row))]


def test_a_row_stands_as_it_stood_with_the_reason_behind_it(tmp_path: Path) -> None:
    out = saved_from(tmp_path / "out.csv", "list.csv", text(ROWS, ";", "\r\n").encode())

    titles, first, second = out.decode().replace("@two\nlines", "@two|lines").split("\r\n")[:3]
    assert titles == f'First name;Email;Remarks;"{WHY}"'
    assert first == 'Bo;bo@;"@two|lines";"Email: “bo@” is not an email address."'
    assert second.startswith('Dot;dot@;" +1; ""quoted"", 007";"Email: “dot@” is not')


def test_of_a_row_that_is_taken_without_a_field_it_says_so(tmp_path: Path) -> None:
    content = f"First name,Email,Phone\nBo,bo@example.org,{'1' * 1_100}\n".encode()
    with desk() as directory:
        ready = ready_of("a.csv", content)
        for name, dry_run, said in (("before", True, "would be"), ("after", False, "was")):
            outcome = ready.take(directory.bus, directory.log, dry_run=dry_run)
            assert save_refused(tmp_path / name, ready, outcome, ()) == 1
            assert f"The rest of the row {said} imported." in (tmp_path / name).read_text()


def test_what_is_saved_is_for_its_owner_only(tmp_path: Path) -> None:
    for name, content in (("a.csv", text(ROWS).encode()), ("a.xlsx", xlsx({"S": ROWS})), ("a.ods", ods({"S": ROWS}))):
        saved_from(tmp_path / name, name, content)
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    ("codec", "mark"),
    [
        ("utf-8", ""),
        ("utf-8", "\ufeff"),
        ("utf-16-le", "\ufeff"),
        ("utf-16-be", "\ufeff"),
        ("cp1252", ""),
    ],
)
def test_the_encoding_is_kept(tmp_path: Path, codec: str, mark: str) -> None:
    rows = [*ROWS, ["Jürgen", "jürgen@", "é"]]
    out = saved_from(tmp_path / "out.csv", "list.csv", (mark + text(rows)).encode(codec))
    assert out.decode(codec).startswith(f"{mark}First name")
    assert "Jürgen,jürgen@,é," in out.decode(codec)


def test_where_a_reason_cannot_be_written_so_it_is_utf_8_with_its_mark(tmp_path: Path) -> None:
    rows = [*ROWS, ["Łukasz", "łukasz@", ""]]
    content = text(rows).encode("iso8859-2")
    out = saved_from(tmp_path / "out.csv", "list.csv", content, how=HowToRead(encoding="iso-8859-2"))
    assert out.startswith(b"\xef\xbb\xbf")
    assert "Łukasz" in out.decode("utf-8-sig")
    assert table_of(ready_of("out.csv", out))[-1][0] == "Łukasz"


def test_a_byte_that_is_no_text_stands_as_it_stood(tmp_path: Path) -> None:
    content = text([*ROWS, *([f"Jürgen {n}", f"j{n}@example.org", "ü"] for n in range(9))]).encode()
    content = content.replace("ü 3".encode(), b"\xff3").replace(b"Cy", b"C\xfe")
    out = saved_from(tmp_path / "out.csv", "list.csv", content)
    assert b"C\xfe,cy@example.org,-," in out
    # Read again it is the same byte in the same row, and no other encoding.
    assert [row for row in reasons(looked_at(ready_of("out.csv", out))) if "0xFE" in row]


def test_a_row_with_too_many_cells_stays_refused_until_it_is_corrected(tmp_path: Path) -> None:
    out = saved_from(tmp_path / "out.csv", "list.csv", b"First name,Email\nAda,a@example.org\nBo,b@example.org,x\n")
    reason = "The row has 3 cells, but the header names 2 columns."
    assert out == f'First name,Email,"{WHY}"\nBo,b@example.org,x,"{reason}"\n'.encode()
    again = looked_at(ready_of("out.csv", out))
    assert again.counts["refused"] == 1
    corrected = looked_at(ready_of("out.csv", out.replace(b",x,", b",")))
    assert corrected.counts["created"] == 1


def test_so_does_one_of_a_sheet_without_titles(tmp_path: Path) -> None:
    rows = [*([f"A{n}", f"a{n}@example.org"] for n in range(40)), ["Bo", "b@example.org", "x, y"]]
    asked = {"how": HowToRead(header=False), "chosen": Chosen(fields={"1": "first_name", "2": "email"})}
    for name, content in (("a.xlsx", xlsx({"S": rows})), ("a.ods", ods({"S": rows}))):
        saved_from(tmp_path / name, name, content, **asked)
        (cells,) = CalamineWorkbook.from_path(tmp_path / name).get_sheet_by_index(0).to_python()
        assert cells[:3] == ["Bo", "b@example.org", "x, y"]
        assert str(cells[3]).startswith("The row has 3 cells")


def test_a_short_row_gets_its_reason_in_the_last_column(tmp_path: Path) -> None:
    out = saved_from(tmp_path / "out.csv", "list.csv", b"First name,Email,Phone\nBo,bo@\nCy,cy@,,\nDi,di@,,,,\n")
    (given,) = ready_of("out.csv", out).lists
    assert [row.cells for row in given.table.rows() if isinstance(row, Row)] == [
        ("Bo", "bo@", ""),
        ("Cy", "cy@", ""),
        ("Di", "di@", ""),
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods"])
def test_corrected_it_is_taken_as_a_part_of_the_list_it_came_from(tmp_path: Path, ending: str) -> None:
    rows = [["Given Name", "Email", "Zodiac"], ["Bo", "bo@", "x"], ["Cy", "cy@", "y"]]
    makers = {
        "csv": lambda cells: text(cells).encode(),
        "xlsx": lambda c: xlsx({"S": c}),
        "ods": lambda c: ods({"S": c}),
    }
    first = ready_of(f"list.{ending}", makers[ending](rows))
    saved_from(tmp_path / f"out.{ending}", f"list.{ending}", makers[ending](rows))

    again = ready_of(f"out.{ending}", (tmp_path / f"out.{ending}").read_bytes())

    (before,), (now,) = first.lists, again.lists
    assert now.table.titles == before.table.titles
    assert now.mapping.source == before.mapping.source
    assert now.mapping.left_out == before.mapping.left_out == ("Zodiac",)
    assert [row.line for row in now.table.rows()] == [2, 3]
    assert not [sentence for sentence in now.mapping.said if WHY in sentence]


def test_saved_again_it_has_one_column_of_reasons(tmp_path: Path) -> None:
    once = saved_from(tmp_path / "once.csv", "list.csv", text(ROWS).encode())
    twice = saved_from(tmp_path / "twice.csv", "once.csv", once)
    assert twice.count(WHY.encode()) == 1
    assert table_of(ready_of("twice.csv", twice)) == table_of(ready_of("once.csv", once))


def test_somebody_may_want_that_column_all_the_same() -> None:
    content = f"First name,Email,{WHY}\nAda,a@example.org,because\n".encode()
    wanted = Chosen(fields={WHY: f"{ATTRIBUTE_PREFIX}Why"})
    assert looked_at(ready_of("a.csv", content, chosen=wanted)).fields == ("Why",)


def test_without_titles_there_are_none(tmp_path: Path) -> None:
    asked = {"how": HowToRead(header=False), "chosen": Chosen(fields={"1": "first_name", "2": "email"})}
    out = saved_from(tmp_path / "out.csv", "list.csv", b"Ada,a@example.org\nBo,bo@\n", **asked)
    assert out.startswith(b'Bo,bo@,"Email: ')


def test_a_line_that_names_the_delimiter_is_kept(tmp_path: Path) -> None:
    out = saved_from(tmp_path / "out.csv", "list.csv", b"sep=^\r\nFirst name^Email\r\nBo^bo@\r\n")
    assert out.startswith(b"sep=^\r\nFirst name^Email^")
    assert table_of(ready_of("out.csv", out)) == [("First name", "Email"), ("Bo", "bo@")]


def test_titles_below_a_heading_come_without_it(tmp_path: Path) -> None:
    out = saved_from(tmp_path / "out.csv", "list.csv", b"Members of 2019\n\nFirst name,Email,Phone\nBo,bo@,1\n")
    assert out.startswith(b"First name,Email,Phone,")


def test_nothing_in_a_workbook_becomes_a_formula_a_number_or_a_link(tmp_path: Path) -> None:
    rows = [["First name", "Email", "Remarks"], ["=1+1", "bo@", "https://example.org"], ["007", "cy@", "12"]]
    for name, content in (("a.xlsx", xlsx({"Staff": rows})), ("a.ods", ods({"Staff": rows}))):
        saved_from(tmp_path / name, name, content)
        book = CalamineWorkbook.from_path(tmp_path / name)
        assert book.sheet_names == ["Staff"]
        assert [row[:3] for row in book.get_sheet_by_index(0).to_python()] == rows


@pytest.mark.parametrize("name", ["'a'", "x" * 31 + "😀", "[1]:*?/\\", "History", "😀" * 20])
def test_any_sheet_has_a_name_that_a_workbook_may_have(tmp_path: Path, name: str) -> None:
    saved_from(tmp_path / "out.xlsx", "a.xlsx", xlsx({name: ROWS}))
    (sheet,) = CalamineWorkbook.from_path(tmp_path / "out.xlsx").sheet_names
    assert 0 < len(sheet.encode("utf-16-le")) // 2 <= 31


def test_a_cell_that_no_workbook_can_hold_is_refused(tmp_path: Path) -> None:
    content = xlsx({"S": [["First name", "Email"], ["x" * 32_768, "bo@"]]})
    with pytest.raises(RefusedError, match="32,767 characters"):
        saved_from(tmp_path / "out.xlsx", "a.xlsx", content)
    assert list(tmp_path.iterdir()) == []


def test_it_is_never_written_over_what_was_read_or_the_directory(tmp_path: Path) -> None:
    ready = ready_of("list.csv", text(ROWS).encode())
    outcome = looked_at(ready)
    source, directory = tmp_path / "list.csv", tmp_path / "staff.whowas"
    for untouched in (source, directory):
        untouched.write_text("as it was")
        with pytest.raises(StoreError):
            save_refused(untouched, ready, outcome, (source, directory))
        assert untouched.read_text() == "as it was"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods"])
def test_cancelled_it_leaves_nothing(tmp_path: Path, ending: str) -> None:
    rows = [["First name", "Email"], *([f"B{n}", f"b{n}@"] for n in range(1500))]
    content = {"csv": text(rows).encode(), "xlsx": xlsx({"S": rows}), "ods": ods({"S": rows})}[ending]
    ready = ready_of(f"a.{ending}", content)
    outcome = looked_at(ready)

    def stopped(_done: int, _total: int) -> None:
        raise CancelledError("Cancelled.")

    with pytest.raises(CancelledError):
        save_refused(tmp_path / f"out.{ending}", ready, outcome, (), stopped)
    assert list(tmp_path.iterdir()) == []


def test_of_several_lists_each_gets_a_file(tmp_path: Path) -> None:
    good = text(ROWS[:2]).encode()
    sources = [
        Source.of("2019-01.csv", text(ROWS).encode()),
        Source.of("2019-02.csv", good),
        Source.of("2019-03.xlsx", xlsx({"S": [ROWS[0], ["Eve", "eve@", ""]]})),
    ]
    ready = made_ready(sources, Request(rules=ImportRules(**REFUSED)))  # type: ignore[arg-type]
    outcome = looked_at(ready)
    assert save_refused_each(tmp_path, ready, outcome, ()) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2019-01 (refused).csv", "2019-03 (refused).xlsx"]

    (tmp_path / "2019-01 (refused).csv").unlink()
    with pytest.raises(RefusedError, match=r"“2019-03 \(refused\)\.xlsx” is there already"):
        save_refused_each(tmp_path, ready, outcome, ())
    assert [path.name for path in tmp_path.iterdir()] == ["2019-03 (refused).xlsx"]


def test_only_rows_of_lists_can_be_saved() -> None:
    ready = ready_of("a.csv", text(ROWS).encode())
    assert can_save_refused(ready, looked_at(ready))
    sound = ready_of("a.csv", text(ROWS[:2]).encode())
    assert not can_save_refused(sound, looked_at(sound))
    changes = ready_of("a.jsonl", b'{"at": "2020-01-01", "op": "create", "fields": {"email": "a@"}}\n')
    assert not can_save_refused(changes, looked_at(changes))


@pytest.mark.parametrize(
    ("name", "content", "called"),
    [
        ("Members.tsv", text(ROWS, "\t").encode(), "Members (refused).tsv"),
        ("Pasted rows", text(ROWS, "\t").encode(), "Pasted rows (refused).csv"),
        ("a.csv", xlsx({"S": ROWS}), "a (refused).xlsx"),
        ("2019/list.csv", text(ROWS).encode(), "2019 list (refused).csv"),
        ("v1.2 of staff", text(ROWS).encode(), "v1 (refused).csv"),
    ],
)
def test_what_it_is_called(name: str, content: bytes, called: str) -> None:
    (given,) = ready_of(name, content).lists
    assert name_of_refused(given) == called


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n", ;\t='), max_size=9)
SETTINGS = settings(
    max_examples=at_most(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SETTINGS
@tried_with(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4), kind=st.sampled_from(["csv", "xlsx", "ods"])
)
def test_any_cells_come_back(tmp_path: Path, rows: list[tuple[str, str]], kind: str) -> None:
    cells = [["First name", "Email", "Remarks", "More"], *(["Bo", "bo@", one, other] for one, other in rows)]
    content = {"csv": text(cells).encode(), "xlsx": xlsx({"S": cells}), "ods": ods({"S": cells})}[kind]
    before = table_of(ready_of(f"a.{kind}", content))
    assume(before == [tuple(row) for row in cells])

    (tmp_path / "out").unlink(missing_ok=True)
    out = saved_from(tmp_path / "out", f"a.{kind}", content)

    assert table_of(ready_of(f"a.{kind}", out)) == before
    if kind != "csv":
        sheet = CalamineWorkbook.from_path(tmp_path / "out").get_sheet_by_index(0).to_python()
        assert [[str(cell).strip() for cell in row[:2]] for row in sheet] == [row[:2] for row in cells]


@SETTINGS
@tried_with(line=st.text(st.sampled_from('ab",; \t@x'), max_size=14), delimiter=st.sampled_from(",;\t"))
def test_any_line_stays_refused_or_comes_back(tmp_path: Path, line: str, delimiter: str) -> None:
    """A line that was read comes back with the same cells; one that could not be read cannot be read again."""
    content = (
        f"First name{delimiter}Email{delimiter}Phone\nBo{delimiter}bo@{delimiter}1\n".encode() + line.encode() + b"\n"
    )
    try:
        ready = ready_of("a.csv", content)
        outcome = looked_at(ready)
    except RefusedError:
        assume(False)
    assume(outcome.readable)
    save_refused(tmp_path / "out", ready, outcome, ())
    lines = {row.line for row in outcome.rows if row.what == "refused" or row.taken_without_field}
    before = [row for row in ready.lists[0].table.rows() if row.line in lines]

    after = list(ready_of("a.csv", (tmp_path / "out").read_bytes()).lists[0].table.rows())

    assert [getattr(row, "cells", None) for row in after] == [getattr(row, "cells", None) for row in before]


def test_the_desk_takes_what_was_corrected(tmp_path: Path) -> None:
    with desk() as directory:
        _import(directory, "list.csv", text(ROWS).encode())
        ready = ready_of("list.csv", text(ROWS).encode())
        outcome = ready.take(directory.bus, directory.log, dry_run=True)
        save_refused(tmp_path / "out.csv", ready, outcome, ())
        corrected = (tmp_path / "out.csv").read_bytes().replace(b"bo@", b"bo@example.org")
        _import(directory, "out.csv", corrected)
        assert "bo@example.org" in {user.email for user in directory.users()}


def _import(directory: Desk, name: str, content: bytes) -> None:
    ready_of(name, content).take(directory.bus, directory.log)
