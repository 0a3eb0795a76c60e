"""Files that nobody would think of: lists of all formats made by dice, and what was made of them by accident."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import TypeVar

from tests.workbooks import Cell, Error, Formula, Styled, ods_parts, packed, xlsx_parts
from whowas.domain.users import STATUSES
from whowas.interchange.importing.given.rules import Decision, ImportRules, LeaveOut, NewUser, RowKey, SameAs
from whowas.interchange.importing.ready import FileFormat, Ready, Request
from whowas.interchange.importing.told.outcome import RowOutcome
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.reading.table import HowToRead

Grid = list[list[Cell]]
T = TypeVar("T")

_EXAMPLES = sorted(
    path
    for folder in ("cases/import", "products")
    for path in (Path(__file__).parents[1] / folder).iterdir()
    if path.suffix in (".csv", ".json", ".jsonl")
)
_TITLES = (
    ("first_name", "last_name", "email", "external_id", "status", "groups", "department", "notes"),
    ("First Name", "Last Name", "E-mail 1 - Value", "Employee ID", "Status", "Labels", "Department", "Notes"),
    ("Vorname", "Nachname", "E-Mail", "Personalnummer", "Status", "Gruppen", "Abteilung", "Notizen"),
    ("Prénom", "Nom", "Courriel", "Matricule", "Statut", "Groupes", "Service", "Remarques"),
    ("名", "姓", "电子邮件", "工号", "状态", "群组", "部门", "备注"),
    ("Display name", "Surname", "User principal name", "Object Id", "Block credential", "Member of", "Dept", "Phone"),
)
_PEOPLE = (
    ("Ann", "Lee", "ann@example.org", "E1", "active", "Choir", "Sales", "tall"),
    ("Bob", "Stone", "bob@example.org", "E2", "suspended", "Choir, Board", "Legal", "a, b"),
    ("Zoë", "Müller", "zoe@bücher.example", "E3", "active", "", "Einkauf", "zwei\nZeilen"),
    ("李", "小明", "li@example.org", "E4", "active", "合唱团", "", ""),
    ("Örjan", "von der Straße", "STRASSE@example.org", "E5", "deleted", "Board;Choir", "", 'says "no"'),
    ("Ann", "Lee", "ann.lee@example.org", "E6", "", "", "Sales", ""),
    ("Cher", "", "", "E7", "active", "", "", ""),
    ("Dora", "İnan", "dora@xn--bcher-kva.example", "", "active", "Choir", "IT", "ß"),
)
_ODD: tuple[Cell, ...] = (
    None, "", " ", "\u200b", "\ufeff", "\u2800", "\x00", "\x1a", "\x7f", "\x85", "\ud800", "\udcff", "\u202eab", "𝔘",
    "=1+1", "'", '"', '""', ";", ",", "\t", "|", "a\nb", "a\r\nb", "sep=;", "-", "NULL", "#N/A", "true", "0", "007",
    "x" * 3000, "é" * 400, "@", "a@b", "a@@b", "ann@example.org", "ANN@EXAMPLE.ORG", "e1", "E1", "E2 ", "inactive",
    "Archived", "perhaps", "Total", "Lee, Ann", "Ann Lee", "de la Cruz", "2020-02-30T25:61:61Z", "1e400", "-1",
    "01890000-0000-7000-8000-000000000001", "$argon2id$v=19$m=8,t=1,p=1$YWJjZGVmZ2g$YWJjZGVmZ2g", "plain password",
    True, False, 0, -1, 1.5, 1e300, float(10**20), date(2020, 2, 29), datetime(2021, 1, 2, 3, 4, 5),  # noqa: DTZ001
    Formula("ann@example.org"), Formula(3), Formula(None), Error("#REF!"), Styled(7, "00000"), Styled(0.5, "0%"),
)  # fmt: skip
PEOPLE_THERE = tuple(f"01890000-0000-7000-8000-{number:012x}" for number in range(6))
"""The ids of those whom lists are imported beside, and of one who is not there."""

_ENCODINGS = ("utf-8",) * 5 + (
    "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp1251", "cp850", "mac-roman", "gb18030",
    "shift_jis",
)  # fmt: skip
_MOMENTS = (
    "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2021-05-01T09:00:00+02:00", "2016-12-31T23:59:60Z",
    "2020-W01-1", "2020-01-02", "9999-12-31T24:00:00Z", "0001-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "soon", "",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """Files to be imported together, by their names, and what is said about them."""

    files: tuple[tuple[str, bytes], ...]
    request: Request


def fuzzed(seed: int, log: bytes) -> Fuzzed:
    """Return files by dice; ``log`` is an exported one, of which some are made."""
    dice = Random(seed)
    count = 2 if dice.random() < 0.1 else 1
    made = [_file(dice, log) for _ in range(count)]
    files = tuple((f"{number}{ending}", _altered(dice, content)) for number, (ending, content) in enumerate(made))
    return Fuzzed(files, _request(dice) if dice.random() < 0.4 else Request())


def decided(seed: int, ready: Ready, rows: Sequence[RowOutcome]) -> Ready:
    """Return the same files with what a person decides by dice about a few of their rows, having seen them."""
    dice = Random(f"decided {seed}")
    there = [row for row in rows if row.line]
    if ready.kind != "list" or not there or dice.random() < 0.5:
        return ready
    decisions: dict[RowKey, Decision] = {}
    for row in dice.sample(there, min(len(there), dice.choice((1, 1, 2, 5)))):
        somebody = dice.choice((*row.perhaps, *PEOPLE_THERE))
        decisions[row.file, row.line] = dice.choice((LeaveOut(), NewUser(), SameAs(somebody)))
    if dice.random() < 0.05:
        decisions[there[0].file, 1_000_000_000] = LeaveOut()
    return replace(ready, rules=replace(ready.rules, decisions=decisions))


def _request(dice: Random) -> Request:
    how = HowToRead(
        encoding=_seldom(dice, None, "utf-16", "cp1252", "mac-roman", "latin1"),
        delimiter=_seldom(dice, None, ";", "tab", "|"),
        header=dice.random() > 0.1,
    )
    fields: dict[str, str | None] = {} if how.header else {"1": "first_name", "2": "last_name", "3": "email"}
    if dice.random() < 0.1:
        fields[dice.choice(dice.choice(_TITLES))] = dice.choice((None, "email", "name", "attributes.Badge"))
    chosen = Chosen(fields, {"perhaps": dice.choice(STATUSES)}, dice.choice((None, "clear", "keep")))
    keys = _seldom(
        dice, ImportRules().keys, ("email",), ("external_id", "name"), ("name",), ("attributes.Badge", "email")
    )
    file_format: FileFormat = _seldom(dice, "auto", "csv", "xlsx", "ods", "changelog", "log")
    rules = ImportRules(
        keys=keys,
        similar=dice.choice(("refuse", "refuse", "new")),
        missing=dice.choice(("keep", "keep", "suspend", "delete")),
        among=dice.choice(("source", "all", "Choir", "Board")),
        yes=dice.random() < 0.5,
        skip_refused=dice.random() < 0.5,
    )
    return Request(file_format, how, chosen, rules)


def _seldom(dice: Random, mostly: T, *others: T) -> T:
    return dice.choice(others) if dice.random() < 0.15 else mostly


def _file(dice: Random, log: bytes) -> tuple[str, bytes]:
    """Return the ending and the content of a file of one of the kinds."""
    kind = dice.choices(("csv", "workbook", "changes", "log", "example"), (8, 4, 3, 1, 4))[0]
    match kind:
        case "csv":
            ending = dice.choice((".csv", ".txt", ".tsv", "", ".xlsx")) if dice.random() < 0.2 else ".csv"
            return ending, _csv(dice, _grid(dice))
        case "workbook":
            return _workbook(dice, _grid(dice))
        case "changes":
            return dice.choice((".jsonl", ".json")), _changes(dice)
        case "log":
            return ".jsonl", _lines_altered(dice, log)
        case _:
            path = dice.choice(_EXAMPLES)
            return path.suffix, path.read_bytes()


def _grid(dice: Random) -> Grid:
    """Return titles and users, some of them altered in their cells and in their structure."""
    titles: list[Cell] = list(dice.choice(_TITLES))
    people: list[list[Cell]] = [list(dice.choice(_PEOPLE)) for _ in range(dice.randrange(12))]
    grid: Grid = [titles, *people]
    columns = dice.sample(range(8), dice.randrange(2, 9))
    grid = [[row[column] for column in columns] for row in grid]
    for _ in range(dice.choice((0, 0, 1, 1, 2, 4, 8))):
        dice.choice(_CHANGES_OF_A_GRID)(dice, grid)
    return grid


def _odd_cell(dice: Random, grid: Grid) -> None:
    row = dice.choice(grid)
    if row:
        row[dice.randrange(len(row))] = dice.choice(_ODD)


def _odd_title(dice: Random, grid: Grid) -> None:
    if grid[0]:
        column = dice.randrange(len(grid[0]))
        title = str(grid[0][column])
        grid[0][column] = dice.choice(
            (
                title.upper(),
                f" {title} ",
                f"{title}\u200b",
                f"{title}\nmore",
                "",
                title + " 2",
                dice.choice(_ODD),
                "Badge",
            )
        )


def _swapped_cells(dice: Random, grid: Grid) -> None:
    one, other = dice.choice(grid), dice.choice(grid)
    if one and other:
        here, there = dice.randrange(len(one)), dice.randrange(len(other))
        one[here], other[there] = other[there], one[here]


def _doubled_row(dice: Random, grid: Grid) -> None:
    grid.insert(dice.randrange(len(grid) + 1), list(dice.choice(grid)))


def _doubled_column(dice: Random, grid: Grid) -> None:
    if grid[0]:
        column = dice.randrange(len(grid[0]))
        for row in grid:
            row.append(row[column] if column < len(row) else None)


def _row_lost(dice: Random, grid: Grid) -> None:
    if len(grid) > 1:
        del grid[dice.randrange(len(grid))]


def _cells_cut(dice: Random, grid: Grid) -> None:
    row = dice.choice(grid)
    del row[dice.randrange(len(row) + 1) :]


def _surplus_cells(dice: Random, grid: Grid) -> None:
    dice.choice(grid).extend([dice.choice((None, "", " ", "more"))] * dice.randrange(1, 5))


def _strange_row(dice: Random, grid: Grid) -> None:
    row: list[Cell] = [
        *dice.choice(
            ((), ("Members of the choir",), ("Total", "3"), ("", ""), ("sep=;",), ("\x1a",), (dice.choice(_ODD),))
        )
    ]
    grid.insert(dice.choice((0, len(grid), dice.randrange(len(grid) + 1))), row)


def _shuffled(dice: Random, grid: Grid) -> None:
    rows = grid[1:]
    dice.shuffle(rows)
    grid[1:] = rows


_CHANGES_OF_A_GRID: tuple[Callable[[Random, Grid], None], ...] = (
    _odd_cell,
    _odd_cell,
    _odd_cell,
    _odd_title,
    _swapped_cells,
    _doubled_row,
    _doubled_column,
    _row_lost,
    _cells_cut,
    _surplus_cells,
    _strange_row,
    _shuffled,
)


def _csv(dice: Random, grid: Grid) -> bytes:
    text = io.StringIO()
    delimiter = dice.choice(",,,;\t|")
    writer = csv.writer(
        text,
        delimiter=delimiter,
        lineterminator=dice.choice(("\r\n", "\n", "\n", "\r")),
        quoting=dice.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    )
    for row in grid:
        writer.writerow(["" if cell is None else str(cell) for cell in row])
    before = dice.choice(("", "", "", "", f"sep={delimiter}\n", "\ufeff", "\ufeff\ufeff", "\n\n"))
    after = dice.choice(("", "", "", "", "", "\x1a", ",,,,\n" * 3, '"'))
    return (before + text.getvalue() + after).encode(dice.choice(_ENCODINGS), "replace")


def _workbook(dice: Random, grid: Grid) -> tuple[str, bytes]:
    cells: Grid = [[_for_xml(cell) for cell in row] for row in grid]
    sheets = {"Members": cells}
    if dice.random() < 0.2:
        sheets = {"Cover": [["Nothing"]], **sheets} if dice.random() < 0.5 else {**sheets, "Notes": [["x"]]}
    xlsx = dice.random() < 0.5
    parts = xlsx_parts(sheets, shared=dice.random() < 0.7) if xlsx else ods_parts(sheets)
    if dice.random() < 0.3:
        name = dice.choice(list(parts))
        part = parts[name]
        parts[name] = _bytes_altered(dice, part if isinstance(part, bytes) else part.encode())
    if dice.random() < 0.1:
        del parts[dice.choice(list(parts))]
    compression = dice.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    return ".xlsx" if xlsx else ".ods", packed(parts, compression)


def _for_xml(cell: Cell) -> Cell:
    """Return a cell that an XML file can hold; a control character is escaped where there is an escape."""
    return cell.encode("utf-8", "replace").decode().replace("\x00", "") if isinstance(cell, str) else cell


def _changes(dice: Random) -> bytes:
    """Return a change log of which some entries make no sense."""
    entries: list[object] = []
    for _ in range(dice.randrange(1, 14)):
        person = dice.choice(_PEOPLE)
        entry: dict[str, object] = {
            "at": dice.choice(_MOMENTS[:3]) if dice.random() < 0.8 else dice.choice(_MOMENTS),
            "actor": dice.choice(("kim", "lee", None)),
            "op": dice.choice(("create", "create", "update", "update", "delete")),
            "id": person[3] or "E8",
            "fields": _fields_of_an_entry(dice, person),
        }
        if dice.random() < 0.1:
            entry[dice.choice(list(entry))] = dice.choice((None, 3, [], {}, "?", True, 1e400))
        if dice.random() < 0.05:
            del entry[dice.choice(list(entry))]
        entries.append(entry if dice.random() < 0.97 else dice.choice((None, 3, "x", [])))
    if dice.random() < 0.2:
        return json.dumps(entries, indent=dice.choice((None, 2))).encode()
    return "".join(json.dumps(entry, ensure_ascii=dice.random() < 0.5) + "\n" for entry in entries).encode(
        "utf-8", "replace"
    )


def _fields_of_an_entry(dice: Random, person: Sequence[str]) -> dict[str, object]:
    given = dict(zip(("first_name", "last_name", "email", "external_id", "status"), person[:5], strict=True))
    fields: dict[str, object] = {name: value for name, value in given.items() if dice.random() < 0.6 and value}
    if dice.random() < 0.2:
        fields["groups"] = dice.choice((["Choir"], ["Board", "Choir"], [], "Choir", [3], None))
    if dice.random() < 0.2:
        fields["attributes"] = dice.choice(({"Badge": "7"}, {"Badge": None}, {"": "x"}, [], "x", {"Badge": 3}))
    if dice.random() < 0.1:
        odd = dice.choice(_ODD)
        fields[dice.choice(("email", "notes", "phone", "nothing", "status", "password_hash"))] = (
            odd if isinstance(odd, str | int | float) else str(odd)
        )
    return fields


def _lines_altered(dice: Random, log: bytes) -> bytes:
    lines = log.splitlines(keepends=True)
    for _ in range(dice.choice((0, 0, 1, 2))):
        place = dice.randrange(len(lines))
        match dice.randrange(4):
            case 0 if len(lines) > 1:
                del lines[place]
            case 1:
                lines.insert(place, dice.choice(lines))
            case 2:
                other = dice.randrange(len(lines))
                lines[place], lines[other] = lines[other], lines[place]
            case _:
                entry = json.loads(lines[place])
                entry[dice.choice(list(entry))] = dice.choice(
                    (None, 1, -1, "x", [], {}, 1 << 70, dice.choice(_MOMENTS))
                )
                lines[place] = json.dumps(entry).encode() + b"\n"
    return b"".join(lines)


def _altered(dice: Random, content: bytes) -> bytes:
    """Return a file as it was made, or, every third time, with some of its bytes altered."""
    return _bytes_altered(dice, content) if dice.random() < 0.33 else content


def _bytes_altered(dice: Random, content: bytes) -> bytes:
    altered = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 5))):
        place = dice.randrange(len(altered) + 1)
        length = dice.choice((1, 1, 2, 8, 64))
        match dice.randrange(6):
            case 0 if place < len(altered):
                altered[place] ^= 1 << dice.randrange(8)
            case 1:
                del altered[place : place + length]
            case 2:
                altered[place:place] = dice.randbytes(length)
            case 3:
                altered[place:place] = altered[place : place + length]
            case 4 if dice.random() < 0.3:
                del altered[place:]
            case _:
                altered[place:place] = dice.choice(
                    (b'"', b"\n", b"\r", b"\0", b"\xff", b",", b";", b"\xef\xbb\xbf", b"<", b"{")
                )
    return bytes(altered)
