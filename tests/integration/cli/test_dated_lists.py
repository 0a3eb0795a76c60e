"""Lists with dates on the command line: what is asked of them, and that bad ones leave everything as it was."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.command_line import Answer, whowas
from whowas.interchange import iso_moments
from whowas.interchange.importing.dates.list_dates import moment_of
from whowas.store.event_log import EventLog

BY_NAME = ("--true-since", "name", "--missing", "delete", "--blank", "clear")
MARCH = "first_name,email,external_id,department\nAda,ada@example.org,E1,Records\nBo,bo@example.org,E2,Legal\n"
APRIL = "first_name,email,external_id,department\nAda,ada@example.org,E1,Legal\nCy,cy@example.org,E3,\n"


class Folder:
    """A directory, and files to import into it."""

    def __init__(self, path: Path) -> None:
        self.file = path / "staff.whowas"
        self._path = path

    def write(self, files: Mapping[str, str | bytes]) -> list[Path]:
        """Write files and return their paths."""
        paths = [self._path / name for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return paths

    def take(self, files: Mapping[str, str | bytes], *options: str) -> Answer:
        """Import files."""
        return whowas("import", self.file, *self.write(files), *options)

    def refuse(self, files: Mapping[str, str | bytes], *options: str, sentence: str) -> Answer:
        """See files refused with that sentence, alone or with where it stands, and everything left as it was."""
        before = self.file.read_bytes() if self.file.exists() else None
        answer = self.take(files, *options)
        assert answer.code == 2, answer
        assert answer.out == ""
        lines = [line for line in answer.err.splitlines() if not line.startswith("Nothing was written.")]
        assert len(lines) == 1, lines
        assert sentence in lines[0]
        assert (self.file.read_bytes() if self.file.exists() else None) == before
        return answer

    def people(self, at: str = "now") -> dict[str, str]:
        """Return who is there, by first names with their departments."""
        answer = whowas("list", self.file, "--at", at, "--json")
        assert answer.code == 0, answer.err
        return {user["first_name"]: user["department"] or "" for user in answer.objects}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize(
    ("files", "options", "sentence"),
    [
        ({"2019-03.csv": MARCH}, ("--true-since", "name"), "wants --missing and --blank said"),
        ({"2019-03.csv": MARCH}, ("--true-since", "name", "--missing", "keep"), "wants --blank said"),
        (
            {"2019-03.csv": MARCH, "2019-04.csv": APRIL},
            ("--true-since", "2019-03-01"),
            "One moment cannot be the date of several lists",
        ),
        ({"members.csv": MARCH}, BY_NAME, "The name of “members.csv” says no clear date"),
        ({"2019-03.csv": MARCH, "03-04-2019.csv": APRIL}, BY_NAME, "The name of “03-04-2019.csv” says no clear date"),
        ({"2019-03.csv": MARCH, "March 2019.csv": APRIL}, BY_NAME, "“2019-03.csv” and “March 2019.csv” have the same"),
        ({"a/2019-03.csv": MARCH, "b/2019-03.csv": APRIL}, BY_NAME, "have the same date, 2019-03-01"),
        ({"2019-03.csv": MARCH, "2098-04.csv": APRIL}, BY_NAME, "“2098-04.csv” cannot be true already"),
        ({"a.csv": MARCH}, ("--true-since", "2098-04-01T12:00Z"), "“a.csv” cannot be true already"),
        ({"a.csv": MARCH}, ("--true-since", "soon"), "“soon” is not a moment like 2020-03-03T14:05"),
        ({"a.csv": MARCH}, ("--true-since", "#1"), "“#1” is not a moment"),
        ({"a.csv": MARCH}, ("--true-since", ""), "“” is not a moment"),
        ({"a.csv": MARCH}, ("--true-since", "2019-02-30"), "“2019-02-30” is not a moment"),
        ({"2019-03.jsonl": '{"op": "create", "id": "E1", "fields": {}}\n'}, BY_NAME, "is for lists"),
        ({"2019-03.jsonl": "{}"}, ("--true-since", "2019-03-01"), "--true-since is for lists"),
        ({"2019-03.csv": MARCH, "2019-04.csv": 'first_name,email\nAda,"ada\n'}, BY_NAME, "2019-04.csv"),
    ],
)
def test_what_cannot_be_understood_is_one_sentence_and_no_directory(
    folder: Folder, files: dict[str, str], options: tuple[str, ...], sentence: str
) -> None:
    folder.refuse(files, *options, sentence=sentence)
    assert not folder.file.exists()


def test_of_two_hundred_lists_the_broken_one_is_named_and_nothing_written(folder: Folder) -> None:
    files = {f"{2000 + number // 12}-{number % 12 + 1:02}.csv": MARCH for number in range(200)}
    broken = list(files)[150]
    folder.refuse({**files, broken: "first_name,first_name\nAda,Ada\n"}, *BY_NAME, sentence=f"{broken}, line 1")
    assert not folder.file.exists()


def test_a_moment_that_the_directory_does_not_know_is_refused(folder: Folder) -> None:
    assert folder.take({"2019-03.csv": MARCH}).code == 0
    folder.refuse({"a.csv": APRIL}, "--true-since", "soon", sentence="neither a moment, like 2020-03-03T14:05, nor")
    folder.refuse({"a.csv": APRIL}, "--true-since", "#100", sentence="“#100” is not a position of this directory")
    folder.refuse({"a.csv": APRIL}, "--true-since", "#0", sentence="“#0” is before everything")


def test_dates_are_read_and_said(folder: Folder) -> None:
    april = "first_name,email,external_id\nCy,cy@example.org,E3\n"
    options = ("--true-since", "name", "--missing", "keep", "--blank", "keep", "--dry-run")
    answer = folder.take({"April 2019.csv": april, "2019 Q1.csv": MARCH}, *options)
    assert answer.code == 0, answer.err
    assert answer.err.splitlines()[:2] == [
        "“2019 Q1.csv” is taken as true since 2019-01-01.",
        "“April 2019.csv” is taken as true since 2019-04-01.",
    ]
    assert not folder.file.exists()


def test_many_dates_are_said_in_one_sentence(folder: Folder) -> None:
    answer = folder.take({f"{year}.csv": MARCH for year in range(2000, 2020)}, *BY_NAME, "--dry-run")
    assert "20 lists are taken as true since their dates, from 2000-01-01 to 2019-01-01." in answer.err


def test_now_is_no_date(folder: Folder) -> None:
    answer = folder.take({"a.csv": MARCH}, "--true-since", "now", "--json")
    assert answer.code == 0
    assert "true since" not in answer.err
    assert not any("true_since" in line for line in answer.objects)


def test_each_record_says_since_when_it_is_true(folder: Folder) -> None:
    answer = folder.take({"2019-03.csv": MARCH, "2019-04.csv": APRIL}, *BY_NAME, "--yes", "--json")
    assert answer.code == 0, answer.err
    *lines, summary = answer.objects
    said = {(Path(line["file"]).name, line["name"], line["what"], line["true_since"][:10]) for line in lines}
    march, april = (iso_moments.written(moment_of(date(2019, month, 1)))[:10] for month in (3, 4))
    assert said == {
        ("2019-03.csv", "Ada", "created", march),
        ("2019-03.csv", "Bo", "created", march),
        ("2019-04.csv", "Ada", "changed", april),
        ("2019-04.csv", "Cy", "created", april),
        ("2019-04.csv", "Bo", "missing", april),
    }
    assert "true_since" not in summary


def test_a_moment_dates_one_list(folder: Folder) -> None:
    assert folder.take({"a.csv": MARCH}, "--true-since", "2019-03-01T12:00").code == 0
    assert folder.people("2019-03-01") == {}
    assert folder.people("2019-03-01T12:00") == {"Ada": "Records", "Bo": "Legal"}
    answer = folder.take({"b.csv": APRIL}, "--true-since", "2019-04-01", "--missing", "suspend", "--yes")
    assert answer.code == 0, answer.err
    assert folder.people("2019-03-31") == {"Ada": "Records", "Bo": "Legal"}
    assert folder.people("2019-04-01") == {"Ada": "Legal", "Bo": "Legal", "Cy": ""}


def test_a_moment_may_be_a_position_or_have_a_name(folder: Folder) -> None:
    assert folder.take({"a.csv": MARCH}, "--true-since", "2019-03-01").code == 0
    assert folder.take({"b.csv": APRIL}, "--true-since", "2019-05-01").code == 0
    named = '{"command": "NameMoment", "moment": "#2", "name": "The first list"}\n'
    assert whowas("run", folder.file, stdin=named).code == 0
    more = "first_name,external_id\nDi,E4\n"
    assert folder.take({"c.csv": more}, "--true-since", "The first list").code == 0
    assert folder.people("2019-03-01") == {"Ada": "Records", "Bo": "Legal", "Di": ""}
    assert folder.take({"d.csv": more.replace("Di,E4", "Eve,E5")}, "--true-since", "#1").code == 0
    assert folder.people("2019-03-01") == {"Ada": "Records", "Bo": "Legal", "Di": "", "Eve": ""}


def test_a_list_that_is_older_than_the_directory_is_refused_and_told(folder: Folder) -> None:
    assert folder.take({"a.csv": MARCH}, "--true-since", "2019-03-01").code == 0
    before = folder.file.read_bytes()
    answer = folder.take({"2018-12.csv": MARCH}, *BY_NAME)
    assert answer.code == 2
    told = answer.err.splitlines()
    assert told[1] == "“2018-12.csv” is older than the directory, which knows nothing from before 1 March 2019."
    assert told[2].endswith("Ada is in the directory from 1 March 2019 on, and this list is older.")
    assert told[-1].startswith("Nothing was written.")
    assert folder.file.read_bytes() == before


def test_what_contradicts_a_later_change_is_refused_with_both(folder: Folder) -> None:
    assert folder.take({"2019-03.csv": MARCH, "2019-05.csv": APRIL}, *BY_NAME, "--yes").code == 0
    before = folder.file.read_bytes()
    answer = folder.take({"2019-04.csv": MARCH.replace("Records", "Comms")}, *BY_NAME)
    assert answer.code == 2
    (refused,) = (line for line in answer.err.splitlines() if line.startswith("Line 2"))
    assert "Comms" in refused
    assert "Legal" in refused
    assert "1 May 2019" in refused
    assert folder.file.read_bytes() == before


def test_a_list_of_another_directory_is_told_in_one_sentence(folder: Folder) -> None:
    assert folder.take({"2019-03.csv": MARCH}, *BY_NAME).code == 0
    before = folder.file.read_bytes()
    other = "first_name,email,external_id\nEd,ed@example.com,X1\nFi,fi@example.com,X2\nGo,go@example.com,X3\n"
    answer = folder.take({"2019-04.csv": other}, *BY_NAME, "--among", "all")
    assert answer.code == 2
    told = [line for line in answer.err.splitlines() if "2019-04.csv” is known" in line]
    assert told == ["Nobody in “2019-04.csv” is known to the directory: it may be a list of another one."]
    assert folder.file.read_bytes() == before


def test_the_same_list_under_two_dates_is_told_and_changes_nothing(folder: Folder) -> None:
    answer = folder.take({"2019-03.csv": MARCH, "2019-04.csv": MARCH}, *BY_NAME)
    assert answer.code == 0, answer.err
    assert "“2019-03.csv” and “2019-04.csv” are the same, byte for byte." in answer.err.splitlines()
    with closing(EventLog.open(folder.file)) as log:
        assert {each.occurred_at for each in log.read()} == {moment_of(date(2019, 3, 1))}
