"""Two clocks on the command line: --at asks how it was, --known what the directory showed then."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.command_line import contents, json_lines, whowas
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.interchange import iso_moments
from whowas.store.event_log import EventLog

ADA, BEN, CAM = (f"01890000-0000-7000-8000-00000000000{digit}" for digit in "abc")
NAMES = {"command": "NameMoment", "name": "Before the move", "moment": "2024-03-15T00:00Z"}
IMPORT = "".join(
    f'{{"at": "2021-0{month}-01T00:00:00Z", "actor": "old list", "op": "create", "id": "i{month}", '
    f'"fields": {{"first_name": "Imp{month}"}}}}\n'
    for month in (1, 2, 3)
)


class Clock:
    """The clock on the wall."""

    def __init__(self) -> None:
        self.now = 0

    def set(self, text: str) -> None:
        self.now = iso_moments.parsed(text)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("whowas.cli.writing.now", lambda: clock.now)
    return clock


def run(file: Path, *lines: dict[str, object]) -> None:
    answer = whowas("run", file, stdin=json_lines(*lines))
    assert answer.code == 0, answer.out


@pytest.fixture
def then(tmp_path: Path, clock: Clock) -> dict[str, Path]:
    """Copies of a directory as it was after each of its changes, by the moment of the change; the last is today's.

    In May it turns out that Ada was a clerk since February, and that Ben had been there all the while.
    """
    file = tmp_path / "staff.whowas"
    created = {"command": "CreateUser", "id": ADA, "first_name": "Ada", "email": "ada@example.org", "groups": ["Staff"]}
    copies: dict[str, Path] = {}
    changes: list[tuple[str, dict[str, object] | None]] = [
        ("2024-01-01T10:00Z", created),
        ("2024-02-01T10:00Z", {"command": "CreateUser", "id": CAM, "first_name": "Cam", "external_id": "c-1"}),
        ("2024-03-01T10:00Z", None),
        ("2024-04-01T10:00Z", {"command": "UpdateUser", "id": ADA, "email": "lovelace@example.org"}),
        ("2024-04-02T10:00Z", {"command": "RenameGroup", "group": "Staff", "name": "Crew"}),
        ("2024-04-03T10:00Z", NAMES),
        ("2024-05-01T10:00Z",
         {"command": "UpdateUser", "id": ADA, "title": "Clerk", "occurred_at": "2024-02-01T00:00Z"}),
        ("2024-05-02T10:00Z",
         {"command": "CreateUser", "id": BEN, "first_name": "Ben", "groups": ["Crew"], "attributes": {"Room": "12"},
          "occurred_at": "2024-01-15T00:00Z"}),
        ("2024-06-01T10:00Z", {"command": "DeleteUser", "id": CAM}),
    ]  # fmt: skip
    for number, (moment, line) in enumerate(changes):
        clock.set(moment)
        if line is None:
            assert whowas("import", file, "-", stdin=IMPORT).code == 0
        else:
            run(file, line)
        (tmp_path / str(number)).mkdir()
        copies[moment] = Path(shutil.copy(file, tmp_path / str(number)))
    return {**copies, "today": file}


@pytest.fixture
def file(then: dict[str, Path]) -> Path:
    return then["today"]


def people(file: Path, *options: object) -> dict[str, str | None]:
    """Return the titles of those listed, by first name."""
    answer = whowas("list", file, "--json", *options)
    assert (answer.code, answer.err) == (0, "")
    return {user["first_name"]: user["title"] for user in answer.objects}


QUESTIONS = [
    ["list", "--status", "any", "--json"],
    ["list", "--status", "any", "--json", "--at", "2024-02-15T00:00Z"],
    ["list", "--json", "--at", "#1"],
    ["list", "--search", "ADA example", "--json"],
    ["list", "--search", "staff", "--json"],
    ["list", "--group", "Staff", "--json", "--at", "2024-02-15T00:00Z"],
    ["show", ADA],
    ["show", "ada@example.org", "--json", "--at", "2024-02-15T00:00Z"],
    ["history", "--json"],
    ["history", ADA],
    ["history", ADA, "--field", "email"],
    ["history", ADA, "--field", "groups", "--json"],
    ["diff", "2024-01-10T00:00Z", "now", "--json"],
    ["diff", "now", "2024-02-15T00:00Z"],
    ["export", "-", "--format", "csv"],
    ["export", "-", "--format", "csv", "--at", "2024-02-15T00:00Z"],
    ["export", "-", "--format", "log"],
    ["export", "-", "--format", "log", "--at", "2024-02-15T00:00Z"],
]


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_what_was_known_is_what_a_copy_of_then_answers(question: list[str], then: dict[str, Path]) -> None:
    command, *rest = question
    answers = []
    for moment, copy in then.items():
        expected = whowas(command, copy, *rest)
        head = whowas("head", copy).out.partition(":")[0]
        for known in (f"#{head}", "now" if moment == "today" else moment):
            assert whowas(command, then["today"], *rest, "--known", known) == expected
        answers.append(expected)
    assert len({answer.out for answer in answers}) > 1, "the question tells the copies apart"


def test_what_is_backdated_shows_then_but_was_not_known_then(file: Path) -> None:
    february, known = ("--at", "2024-02-15T00:00Z"), "--known"
    imported = {"Imp1": None, "Imp2": None, "Imp3": None}

    assert people(file, *february) == {**imported, "Ada": "Clerk", "Ben": None, "Cam": None}
    assert people(file, *february, known, "2024-05-01T10:00Z") == {**imported, "Ada": "Clerk", "Cam": None}
    assert people(file, *february, known, "2024-04-30") == {**imported, "Ada": None, "Cam": None}
    assert people(file, *february, known, "2024-02-15T00:00Z") == {"Ada": None, "Cam": None}
    assert people(file, known, "2024-02-15T00:00Z") == {"Ada": None, "Cam": None}
    assert people(file, known, "2024-05-01T10:00Z") == {**imported, "Ada": "Clerk", "Cam": None}
    assert people(file, "--at", "2024-01-20T00:00Z", known, "now") == {**imported, "Ada": None, "Ben": None}
    (ada,) = whowas("show", file, ADA, "--json", known, "2024-04-30").objects
    assert (ada["title"], ada["email"], ada["groups"]) == (None, "lovelace@example.org", ["Crew"])


def test_before_the_first_change_nothing_was_known(file: Path) -> None:
    for known in ("2023-12-31", "0001-01-02", "2024-01-01T09:59:59.999999Z", "#0"):
        assert people(file, "--known", known) == people(file, "--known", known, "--at", "2024-05-01") == {}
        assert people(file, "--known", known, "--group", "Staff", "--search", "ada") == {}
        for question in (["history"], ["diff", "2024-01-10", "now"], ["export", "-", "--format", "log"]):
            answer = whowas(question[0], file, *question[1:], "--known", known)
            assert (answer.code, answer.out, answer.err) == (0, "", "")
        table = whowas("export", file, "-", "--format", "csv", "--known", known)
        assert (table.code, len(table.out.splitlines())) == (0, 1), "the header alone"
        for command in ("show", "history"):
            answer = whowas(command, file, "ada@example.org", "--known", known)
            assert (answer.code, answer.out) == (1, "")
            assert answer.err == "“ada@example.org” was not in the directory then.\n"


def test_after_the_last_change_all_is_known(file: Path) -> None:
    for command, *rest in QUESTIONS:
        today = whowas(command, file, *rest)
        for known in ("2024-06-01T10:00Z", "2024-06-01T10:00:00.000001Z", "9999-12-30"):
            assert whowas(command, file, *rest, "--known", known) == today


def test_a_change_is_known_whole_or_not_at_all(file: Path) -> None:
    log = whowas("export", file, "-", "--format", "log").objects
    imported = dict.fromkeys(("Imp1", "Imp2", "Imp3"))
    positions = [event["position"] for event in log if event["causation"]]
    assert len(positions) == 3

    half = [people(file, "--known", f"#{position}") for position in positions]

    assert half == [{"Ada": None, "Cam": None}] * 2 + [{"Ada": None, "Cam": None, **imported}]
    assert people(file, "--at", f"#{positions[1]}") == {"Imp1": None, "Imp2": None}, "in the timeline there are steps"
    assert people(file, "--at", f"#{positions[1]}", "--known", f"#{positions[1]}") == {}


def test_the_question_is_asked_in_the_words_of_today(file: Path) -> None:
    early = ("--known", "2024-02-15T00:00Z")
    (ada,) = whowas("show", file, "lovelace@example.org", "--json", *early).objects
    assert (ada["email"], ada["groups"]) == ("ada@example.org", ["Staff"])
    assert len(whowas("history", file, "lovelace@example.org", "--json", *early).objects) == 1
    assert people(file, "--group", "Crew", *early) == people(file, "--group", "Staff", *early) == {"Ada": None}
    assert whowas("history", file, ADA, "--field", "room", "--json", *early).objects[0]["value"] is None
    assert people(file, "--at", "before the MOVE", *early) == {"Ada": None, "Cam": None}
    for command in ("show", "history"):
        assert whowas(command, file, BEN, *early).err == f"“{BEN}” was not in the directory then.\n"
        assert whowas(command, file, "nobody", *early).err == "There is and was no user “nobody”.\n"


def test_who_held_an_email_then_goes_before_who_got_it_later(file: Path, clock: Clock) -> None:
    clock.set("2024-07-01T10:00Z")
    run(file, {"command": "CreateUser", "first_name": "Dan", "email": "ada@example.org"})
    for options, name in ((["--known", "2024-06-15"], "Ada"), ([], "Dan")):
        (user,) = whowas("show", file, "ada@example.org", "--json", *options).objects
        assert user["first_name"] == name


def test_a_named_moment_stands_for_the_time_of_the_last_event_before_it(file: Path) -> None:
    assert people(file, "--known", "before the MOVE") == people(file, "--known", "2024-02-01T10:00Z")
    assert people(file, "--known", "Before the move") == {"Ada": None, "Cam": None}
    run(file, {"command": "NameMoment", "name": "The beginning", "moment": "#0"})
    assert people(file, "--known", "The beginning") == people(file, "--at", "The beginning") == {}


def test_a_clock_that_ran_backwards_does_not_make_unknown_what_was_known(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "staff.whowas"
    for moment, name in (("2024-05-01T10:00Z", "Ada"), ("2024-03-01T10:00Z", "Ben"), ("2024-06-01T10:00Z", "Cam")):
        clock.set(moment)
        run(file, {"command": "CreateUser", "first_name": name})
    run(file, {"command": "NameMoment", "name": "Ada alone", "moment": "#1"})

    shown = {known: list(people(file, "--known", known)) for known in ("2024-04-01", "2024-05-02", "#1", "Ada alone")}
    assert shown == {"2024-04-01": [], "2024-05-02": ["Ada", "Ben"], "#1": ["Ada"], "Ada alone": ["Ada"]}
    assert list(people(file, "--at", "2024-05-02")) == ["Ada", "Ben"], "as the log has it, Ben came no earlier than Ada"


MANY = 2_000


@pytest.fixture(scope="module")
def crowded() -> Iterator[Path]:
    """Thousands of changes in one microsecond, every other one backdated by a second."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "staff.whowas"
        log = EventLog.create(file)
        now = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
        bus = Bus(log, clock=lambda: now, actor="ines")
        for number in range(1, MANY + 1):
            user = CreateUser(f"01890000-0000-7000-8000-{number:012}", {"first_name": f"P{number}"})
            bus.dispatch(user, occurred_at=now - 1_000_000 if number % 2 else None)
        log.close()
        yield file


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--known", "2024-01-01T00:00:00Z"], range(1, MANY + 1)),
        (["--known", "2023-12-31T23:59:59.999999Z"], range(0)),
        (["--known", "2024-01-01T00:00:00Z", "--at", "2023-12-31T23:59:59.5Z"], range(1, MANY + 1, 2)),
        (["--known", "#1234"], range(1, 1_235)),
        (["--known", "#1234", "--at", "2023-12-31T23:59:59.5Z"], range(1, 1_235, 2)),
        (["--known", "#1234", "--at", "#501"], range(1, 502, 2)),
        (["--known", "#1234", "--at", "#500"], sorted([*range(1, 1_235, 2), *range(2, 501, 2)])),
        (["--known", "#1234", "--at", "#1900"], range(1, 1_235)),
        (["--at", "#500"], sorted([*range(1, MANY + 1, 2), *range(2, 501, 2)])),
    ],
)
def test_thousands_of_changes_in_one_microsecond(options: list[str], numbers: list[int], crowded: Path) -> None:
    assert sorted(people(crowded, *options), key=lambda name: int(name[1:])) == [f"P{number}" for number in numbers]


@pytest.mark.parametrize("bad", ["yesterday", "", "#", "#-1", "#1.5", "#99", "#" + "9" * 5_000, "2024-02-30", "#２"])
@pytest.mark.parametrize(
    "question",
    [["list"], ["show", ADA], ["history"], ["history", ADA, "--field", "title"], ["diff", "now", "now"],
     ["export", "-", "--format", "csv"], ["export", "-", "--format", "log"]],
    ids=" ".join,
)  # fmt: skip
def test_what_is_no_moment_is_refused_in_one_sentence(question: list[str], bad: str, file: Path) -> None:
    command, *rest = question
    before = contents(file.parent)
    answer = whowas(command, file, *rest, "--known", bad)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert answer.err.endswith(".\n")
    assert len(answer.err) < 200
    assert contents(file.parent) == before, "nothing was written"


def test_nothing_is_left_behind(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    before = contents(file.parent)

    assert people(file, "--known", "2024-02-15")
    assert whowas("list", file, "--known", "2024-02-15", "--at", "nonsense").code == 2
    assert whowas("list", file, "--known", "2024-02-15", "--group", "Nobody").code == 2

    assert list(temporary.iterdir()) == []
    assert contents(file.parent) == before
