"""A directory to be tampered with, and a judge of whether ``verify`` may be silent about it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.command_line import Answer, json_lines, whowas
from whowas.command_bus.bus import Bus
from whowas.domain.commands import (
    ClearPassword,
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteGroup,
    DeleteMoment,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    NameMoment,
    ReactivateUser,
    RenameGroup,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UpdateUser,
)
from whowas.store.event_log import EventLog

PEOPLE = 40
START = 1_600_000_000_000_000
HOUR = 3_600_000_000
HASH = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHlzYWx0$VGhpcyBpcyBub3QgYSBwYXNzd29yZA"
ERASED = "p9@example.org"
HEADER_BYTES = 100


def user_id(number: int) -> str:
    """Return the id of the person of that number."""
    return f"0199a3c4-0000-7000-8000-{number:012x}"


def group_id(number: int) -> str:
    """Return the id of the group of that number."""
    return f"0199a3c4-0000-7000-9000-{number:012x}"


def realistic_directory(file: Path) -> None:
    """Make a directory in which everything has happened that can, closed by the last who used it."""
    with closing(EventLog.create(file)) as log:
        now = iter(range(START, START + 10_000 * HOUR, HOUR))
        bus = Bus(log, clock=lambda: next(now), actor="ines")
        for command in _lives():
            bus.dispatch(command)
        bus.dispatch(UpdateUser(user_id(3), {"department": "Archive"}), occurred_at=START + 40 * HOUR)
        bus.dispatch(UpdateUser(user_id(4), {"email": "four@example.org"}), occurred_at=START + 41 * HOUR)
        bus.dispatch(UpdateUser(user_id(4), {"email": "vier@example.org"}), actor="max")
        bus.dispatch(NameMoment(user_id(901), "Audit", "as asked for", START + 9 * HOUR, 9))
        bus.dispatch(NameMoment(user_id(902), "Move", None, START + 12 * HOUR, 12))
        bus.dispatch(DeleteMoment(user_id(902)))
    table = file.with_name("more.csv")
    rows = "".join(f"c{number},Cy{number},Dee,cy{number}@example.org,B {number},Staff\n" for number in range(12))
    table.write_text("external_id,first_name,last_name,email,room,groups\n" + rows, encoding="utf-8")
    assert whowas("import", file, table).code == 0
    table.unlink()
    assert whowas("erase", file, ERASED, "--yes").code == 0
    with closing(EventLog.open(file)) as log:
        bus = Bus(log, clock=lambda: next(now) + 9_000 * HOUR, actor="ines")
        for number in range(20, 40):
            bus.dispatch(UpdateUser(user_id(number), {"title": f"Title {number}", "notes": "word " * 40}))
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        # Somebody looked into it with a tool of their own, which left free pages.
        connection.executescript("ANALYZE; CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(20000)); DROP TABLE t")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert whowas("verify", file).code == 0


def _lives() -> Iterator[Command]:
    yield from (CreateGroup(group_id(number), f"Group {number}") for number in range(4))
    yield from (DefineField("badge"), DefineField("room"))
    for number in range(PEOPLE):
        texts = {"first_name": f"Ada {number}", "last_name": "Osei", "email": f"P{number}@example.org"}
        yield CreateUser(user_id(number), {**texts, "external_id": f"E{number}"}, {"badge": str(1_000 + number)})
        yield JoinGroup(user_id(number), group_id(number % 3))
    yield UpdateUser(user_id(1), {"notes": "a long story " * 900})
    for number in (5, 6, 7, 8):
        yield DeleteUser(user_id(number))
    yield RestoreUser(user_id(5))
    yield RestoreUser(user_id(6), keep_email=False)
    for number in (9, 10, 11):
        yield SetPassword(user_id(number), HASH)
    yield ClearPassword(user_id(11))
    yield from (SuspendUser(user_id(12)), SuspendUser(user_id(13)), ReactivateUser(user_id(13)))
    yield from (LeaveGroup(user_id(14), group_id(2)), RenameGroup(group_id(1), "Staff"), DeleteGroup(group_id(3)))
    yield from (UpdateUser(user_id(15), {"email": None}), UpdateUser(user_id(16), {"email": "P15@example.org"}))
    yield UpdateUser(user_id(9), {"phone": "+44 20 7946 0000"})


@dataclass(frozen=True)
class Flip:
    """One bit of a file, turned over."""

    offset: int
    bit: int

    def strike(self, file: Path) -> None:
        """Turn the bit over."""
        with file.open("r+b") as content:
            content.seek(self.offset)
            (byte,) = content.read(1)
            content.seek(self.offset)
            content.write(bytes([byte ^ 1 << self.bit]))


def flips(size: int, page: int, count: int, seed: int) -> list[Flip]:
    """Return different flips of a file: a fifth in its header, a fifth at the beginning of pages, the rest anywhere."""
    dice = Random(seed)
    chosen: dict[Flip, None] = {}
    while len(chosen) < count:
        kind = dice.randrange(5)
        if kind == 0:
            offset = dice.randrange(HEADER_BYTES)
        elif kind == 1:
            offset = dice.randrange(size // page) * page + dice.randrange(64)
        else:
            offset = dice.randrange(size)
        chosen[Flip(offset, dice.randrange(8))] = None
    return list(chosen)


class Judge:
    """Says whether ``verify`` is right about a copy of ``whole`` that was tampered with; the copy lies at ``file``."""

    def __init__(self, whole: Path, file: Path) -> None:
        self._whole = whole
        self._file = file
        self.lay()
        self._content = content(file)
        self._said = said(file)
        self._said_after = self._after_saving()

    def lay(self) -> Path:
        """Lay the untouched file and return its path."""
        for suffix in ("-wal", "-shm", "-journal"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._whole, self._file)
        return self._file

    def verdict(self) -> str:
        """Return "found", "unused" where silence about the file is right, or what is wrong, as a sentence."""
        try:
            verified = whowas("verify", self._file)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is no sentence
            return f"untrue: verify fails with {error!r}"
        if verified.code != 0:
            told = verified.err.strip()
            lines = told.splitlines()
            is_sentence = len(lines) == 1 and lines[0].isprintable() and "went wrong" not in told
            return "found" if is_sentence and not verified.out else f"untrue: verify says {verified}"
        if content(self._file) != self._content:
            return "untrue: verify is silent, but a row is not as it was"
        if said(self._file) != self._said:
            return "untrue: verify is silent, but a command says something else"
        if self._after_saving() != self._said_after:
            return "lost: verify is silent, but what is saved afterwards is not as it should be"
        return "unused"

    def _after_saving(self) -> tuple[object, ...]:
        """Save, and return what is there then, without what is new in each run."""
        lines = json_lines(
            {"command": "CreateUser", "external_id": "new", "email": "new@example.org", "groups": ["Staff"]},
            {"command": "CreateUser", "external_id": "E1", "first_name": "Taken"},
            {"command": "UpdateUser", "id": user_id(2), "title": "Head", "email": "P2b@example.org"},
            {"command": "DeleteUser", "id": user_id(17)},
        )
        answered = whowas("run", self._file, stdin=lines)
        people = {name: {**user, "id": ""} for name, user in listed(self._file).people.items()}
        outcomes = [(one["ok"], one.get("position"), one.get("message")) for one in answered.objects]
        return answered.code, outcomes, people, whowas("verify", self._file).code


def content(file: Path) -> object:
    """Return every row of every table of a directory, and what its schema is."""
    with closing(sqlite3.connect(file)) as connection:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if not name.startswith("sqlite_stat")
        ]
        rows = {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in tables}
        schema = connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1, 2"
        ).fetchall()
        numbers = [connection.execute(f"PRAGMA {name}").fetchone() for name in ("user_version", "application_id")]
        return rows, schema, numbers


def listed(file: Path) -> Answer:
    """List everybody."""
    return whowas("list", file, "--status", "any", "--json")


def said(file: Path) -> list[Answer]:
    """Return what every reading command says of a file, from its rows and not from a cache."""
    return [
        whowas("rebuild", file),
        listed(file),
        whowas("list", file, "--at", "Audit", "--search", "osei"),
        whowas("history", file, "--json"),
        whowas("show", file, "E4"),
        whowas("diff", file, "#30", "now"),
        whowas("export", file, "-", "--format", "log"),
        whowas("head", file),
    ]


def page_size(file: Path) -> int:
    """Return the size of the pages of a database."""
    with closing(sqlite3.connect(file)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int(size)
