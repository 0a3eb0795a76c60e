"""However a file was damaged, it is read, or one sentence says why not; nothing else is ever raised."""

from __future__ import annotations

import random
import zipfile

import pytest

from tests.workbooks import Formula, ods_parts, packed, xlsx_parts
from whowas.domain.errors import RefusedError
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.lists import read_list
from whowas.interchange.reading.table import HowToRead, Row, UnreadableRow
from whowas.interchange.source import Source

ROWS = [
    ["first_name", "email", "since"],
    ["Jürgen", "j@example.org", 43835],
    ['a,b\n"c"', None, True],
    ["x", Formula(7)],
]
TEXT = 'sep=;\r\n"first_name";"email"\r\nJürgen;"j@example.org"\r\n"two\nlines"; "q""q" ;\r\n\r\nTotal;3\r\n'
WHOLE = {
    "utf-8": TEXT.encode(),
    "utf-16": TEXT.encode("utf-16"),
    "cp1252": TEXT.encode("cp1252"),
    "utf-16-be": TEXT.encode("utf-16-be"),
}
PARTS = {"xlsx": xlsx_parts({"A": ROWS, "B": []}), "ods": ods_parts({"A": ROWS, "B": []})}
TIMES = 150


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with some taken out, put in, altered or moved."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        begin = chance.randrange(len(changed) + 1)
        end = min(len(changed), begin + chance.choice([0, 1, 1, 2, 8, 200]))
        other = bytes(chance.choices(b'\0\x1a\r\n\t";,<>&/=1aA\xff\xfe\x80\xd8', k=chance.choice([0, 1, 1, 3])))
        changed[begin:end] = other if chance.random() < 0.8 else changed[begin:end] * 2
    return bytes(changed) if chance.random() < 0.9 else bytes(changed[: chance.randrange(len(changed) + 1)])


def require_answer(content: bytes, chance: random.Random) -> None:
    how = HowToRead(
        encoding=chance.choice([None, None, None, "utf-8", "utf-16", "gb18030"]),
        delimiter=chance.choice([None, None, ","]),
        sheet=chance.choice([None, None, "2"]),
        header=chance.random() < 0.8,
    )
    refusal: RefusedError | None = None
    try:
        table = read_list(Source.of("x", content), how, knows_title={"first_name", "email"}.__contains__)
        for row in table.rows():
            assert isinstance(row, UnreadableRow) or (isinstance(row, Row) and len(row.cells) == len(table.titles))
    except RefusedError as error:
        refusal = error
    assert refusal is None or (isinstance(refusal, UnreadableError) or refusal.field == "sheet")
    assert refusal is None or str(refusal).endswith(".")


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("seed", range(3))
def test_damaged_texts(kind: str, seed: int) -> None:
    chance = random.Random(f"{kind}{seed}")
    for _ in range(TIMES):
        require_answer(damaged(WHOLE[kind], chance), chance)


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize("seed", range(3))
def test_damaged_packages(kind: str, seed: int) -> None:
    chance = random.Random(f"{kind}{seed}")
    whole = packed(PARTS[kind])
    for _ in range(TIMES):
        require_answer(damaged(whole, chance), chance)


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize("seed", range(3))
def test_damaged_parts_of_sound_packages(kind: str, seed: int) -> None:
    chance = random.Random(f"{kind}{seed}")
    for _ in range(TIMES):
        parts = dict(PARTS[kind])
        name = chance.choice(sorted(parts))
        part = parts[name]
        parts[name] = damaged(part if isinstance(part, bytes) else part.encode(), chance)
        require_answer(packed(parts, zipfile.ZIP_STORED), chance)
