"""``whowas team``, and every other command on a directory that is shared, with a real server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import json_lines, whowas
from tests.integration.cli.shared_staff import People, SharedStaff, made_staff, share
from tests.postgres import SUPERUSER, Cluster

NEW = json_lines({"command": "CreateUser", "first_name": "Chi"})


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> People:
    return People(monkeypatch, tmp_path)


@pytest.fixture
def staff(tmp_path: Path, cluster: Cluster, database: str) -> SharedStaff:
    for name in ("ada", "ben", "eve"):
        cluster.account(name)
    return share(made_staff(tmp_path), cluster, database)


READING = (
    ("list", "--json"),
    ("list", "--at", "#3"),
    ("list", "--known", "#3", "--search", "ben"),
    ("show", "ada@example.org", "--json"),
    ("show", "nobody"),
    ("history", "--json"),
    ("history", "1", "--field", "title"),
    ("diff", "#2", "now", "--json"),
    ("export", "-", "--format", "csv"),
    ("export", "-", "--format", "log"),
    ("head",),
    ("rebuild",),
)


def test_reading_answers_as_the_file_did(tmp_path: Path, cluster: Cluster, database: str) -> None:
    file = made_staff(tmp_path)
    before = [whowas(command, file, *options) for command, *options in READING]
    staff = share(file, cluster, database)
    for where in (staff.team_file, staff.url):
        assert [whowas(command, where, *options) for command, *options in READING] == before


def test_sharing_moves_the_file_and_tells_no_secrets(tmp_path: Path, cluster: Cluster, database: str) -> None:
    file = made_staff(tmp_path)
    head = whowas("head", file).out
    url = cluster.url(database).replace("postgres@", "postgres:geheim@")
    team_file = tmp_path / "staff.whowas-team"
    created = whowas("team", "create", team_file, "--from", file, "--server", url)
    assert created.code == 0
    assert "staff before sharing.whowas" in created.err
    assert not file.exists()
    for text in (team_file.read_text(), created.err, created.out):
        assert "geheim" not in text
    assert "postgres:" not in team_file.read_text()
    assert whowas("head", team_file).out == head  # as the account that shared it, which is remembered
    assert whowas("head", tmp_path / "staff before sharing.whowas").out == head


def test_it_can_be_taken_back(staff: SharedStaff, tmp_path: Path) -> None:
    back = tmp_path / "back.whowas"
    taken = whowas("team", "take-back", staff.team_file, back)
    assert (taken.code, taken.err) == (0, "")
    assert whowas("head", back).out == whowas("head", staff.team_file).out
    assert whowas("verify", back).code == 0
    assert whowas("run", back, stdin=NEW).code == 0
    assert whowas("team", "take-back", staff.team_file, back).code == 2


def test_a_copy_is_a_file_like_any_other(staff: SharedStaff, tmp_path: Path) -> None:
    copy = tmp_path / "copy.whowas"
    assert whowas("backup", staff.team_file, copy).code == 0
    assert whowas("head", copy).out == whowas("head", staff.team_file).out
    assert whowas("list", copy, "--json").out == whowas("list", staff.team_file, "--json").out


def test_what_is_saved_is_seen_by_all_and_under_the_accounts_name(staff: SharedStaff, people: People) -> None:
    assert people.ask(SUPERUSER, "team", "grant", staff.team_file, "ada", "editor").code == 0
    assert people.ask("ada", "list", staff.team_file).code == 0
    saved = people.ask("ada", "run", staff.team_file, stdin=NEW)
    assert (saved.code, saved.objects[0]["ok"], saved.err) == (0, True, "")
    seen = people.ask(SUPERUSER, "history", staff.team_file, "--json").objects[-1]
    assert (seen["sentence"], seen["actor"]) == ("Created: Chi", "ada")
    assert whowas("verify", staff.team_file).code == 0


def test_only_imports_name_other_actors(staff: SharedStaff, tmp_path: Path) -> None:
    line = json_lines({"command": "CreateUser", "first_name": "Chi", "actor": "zed"})
    refused = whowas("run", staff.team_file, stdin=line)
    assert refused.code == 2
    assert "under the name of their own account" in refused.objects[0]["message"]
    rows = tmp_path / "new.csv"
    rows.write_text("First name,External id\nDan,4\n", encoding="utf-8")
    taken = whowas("import", staff.team_file, rows, "--actor", "zed")
    assert taken.code == 0, taken.err
    history = whowas("history", staff.team_file, "--json").objects
    assert [entry["name"] for entry in history if entry["actor"] == "zed"] == ["Dan"]
    assert history[-1]["cause"]["import"]["by"] == SUPERUSER
    assert whowas("import", staff.team_file, rows, "--actor", " ").code == 2


def test_an_import_is_all_or_nothing(staff: SharedStaff, tmp_path: Path) -> None:
    rows = tmp_path / "new.csv"
    rows.write_text("First name,Email\nDan,dan@example.org\nEva,ada@\n", encoding="utf-8")
    head = whowas("head", staff.team_file).out
    assert whowas("import", staff.team_file, rows).code == 2
    assert whowas("import", staff.team_file, rows, "--skip-refused", "--dry-run").code == 1
    assert whowas("head", staff.team_file).out == head
    refused = tmp_path / "refused.csv"
    assert whowas("import", staff.team_file, rows, "--skip-refused", "--refused", refused).code == 1
    assert "ada@" in refused.read_text(encoding="utf-8")
    assert len(whowas("list", staff.team_file, "--json").objects) == 3


def test_the_same_command_twice_is_one_change(staff: SharedStaff) -> None:
    line = json_lines({"command": "CreateUser", "first_name": "Chi", "command_id": "chi"})
    first, second = (whowas("run", staff.team_file, stdin=line).objects[0] for _ in range(2))
    assert first == second
    assert whowas("list", staff.team_file).out.count("Chi") == 1


def test_rights(staff: SharedStaff, people: People) -> None:
    def may(account: str) -> tuple[int, int, int]:
        saved = people.ask(account, "run", staff.team_file, stdin=NEW).code
        erased = people.ask(account, "erase", staff.team_file, "2", "--yes").code
        return people.ask(account, "list", staff.team_file).code, saved, erased

    def give(*arguments: str) -> None:
        answer = people.ask(SUPERUSER, "team", arguments[0], staff.team_file, *arguments[1:])
        assert (answer.code, answer.err) == (0, "")

    assert may("eve") == (2, 2, 2)
    give("grant", "eve", "reader")
    assert may("eve") == (0, 2, 2)
    give("grant", "eve", "editor")
    assert may("eve") == (0, 0, 2)
    give("grant", "eve", "admin")
    assert may("eve") == (0, 0, 0)
    give("grant", "eve", "reader")
    assert may("eve") == (0, 2, 2)
    give("revoke", "eve")
    assert may("eve") == (2, 2, 2)


def test_members_are_listed(staff: SharedStaff, people: People) -> None:
    people.ask(SUPERUSER, "team", "grant", staff.team_file, "ada", "reader")
    listed = people.ask(SUPERUSER, "team", "members", staff.team_file, "--json").objects
    assert {(one["account"], one["rights"], one["here"]) for one in listed} >= {("ada", "reader", False)}
    assert "ada" in people.ask("ada", "team", "members", staff.team_file).out
    for refused in (("grant", "ada", "admin"), ("revoke", SUPERUSER)):
        answer = people.ask("ada", "team", refused[0], staff.team_file, *refused[1:])
        assert (answer.code, answer.out) == (2, "")
    nobody = people.ask(SUPERUSER, "team", "grant", staff.team_file, "nobody_of_that_name", "reader")
    assert nobody.code == 2
    assert "no account “nobody_of_that_name”" in nobody.err
    assert people.ask(SUPERUSER, "team", "grant", staff.team_file, "ada", "owner").code == 2


def test_readers_are_not_given_passwords(staff: SharedStaff, people: People, tmp_path: Path) -> None:
    people.ask(SUPERUSER, "team", "grant", staff.team_file, "ben", "reader")
    verified = people.ask("ben", "verify", staff.team_file)
    assert verified.code == 0
    assert "1 of the payloads is hidden" in verified.out
    assert "hidden" not in people.ask(SUPERUSER, "verify", staff.team_file).out
    assert "without 1 hidden password" in people.ask("ben", "backup", staff.team_file, tmp_path / "ben.whowas").err
    refused = people.ask("ben", "team", "take-back", staff.team_file, tmp_path / "back.whowas")
    assert (refused.code, (tmp_path / "back.whowas").exists()) == (2, False)
    assert people.ask("ben", "head", staff.team_file).out == people.ask(SUPERUSER, "head", staff.team_file).out


def test_verify_holds_the_head_against_one_given(staff: SharedStaff) -> None:
    head = whowas("head", staff.team_file).out.strip()
    verified = whowas("verify", staff.team_file, "--head", head)
    assert (verified.code, verified.err) == (0, "")
    assert "The server has the same history." in verified.out
    assert whowas("verify", staff.team_file, "--head", f"5:{'0' * 64}").code == 1
    assert whowas("verify", staff.team_file, "--accept").code == 2


def test_an_erasure_reaches_everybody(staff: SharedStaff, people: People) -> None:
    people.ask(SUPERUSER, "team", "grant", staff.team_file, "ada", "editor")
    assert "Ben" in people.ask("ada", "list", staff.team_file).out
    erased = people.ask(SUPERUSER, "erase", staff.team_file, "2", "--yes")
    assert erased.code == 0
    assert "has not forgotten yet" in erased.err
    assert "“ada”" in erased.err
    assert "Whowas cannot reach them" in erased.err
    assert not staff.team_file.with_name("staff before sharing.whowas").exists()
    assert "Ben" not in people.ask("ada", "list", staff.team_file).out
    assert people.ask("ada", "verify", staff.team_file).code == 0


def test_another_directory_under_that_name_is_refused(
    staff: SharedStaff, cluster: Cluster, tmp_path: Path, home: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = share(made_staff(tmp_path / "other"), cluster, cluster.database())
    lines = other.team_file.read_text().splitlines()
    wrong = [line for line in staff.team_file.read_text().splitlines() if not line.startswith("dbname")]
    wrong += [line for line in lines if line.startswith("dbname")]
    staff.team_file.write_text("\n".join(wrong), encoding="utf-8")
    for command, stdin in (("list", ""), ("run", NEW)):
        answer = whowas(command, staff.team_file, stdin=stdin)
        assert (answer.code, answer.out) == (2, "")
        assert "another one than the one that was shared" in answer.err
    assert "Chi" not in whowas("list", other.team_file).out


def test_a_history_that_was_rewritten_on_the_server_is_noticed_once(
    staff: SharedStaff, cluster: Cluster, database: str
) -> None:
    before = whowas("list", staff.team_file)
    assert before.code == 0
    with cluster.superuser(database) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE whowas.head SET chain = sha256(chain)")
        connection.execute(
            "UPDATE whowas.event SET chain = sha256(chain) WHERE position = (SELECT max(position) FROM whowas.event)"
        )
    verified = whowas("verify", staff.team_file)
    assert (verified.code, verified.out) == (1, "")
    assert "is not the one" in verified.err


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE whowas.payload SET body = body || 'x' WHERE position = 2",
        "DELETE FROM whowas.payload WHERE position = 2",
        "UPDATE whowas.event SET actor = 'zed' WHERE position = 2",
    ],
)
def test_what_was_altered_on_the_server_alone_is_found(
    staff: SharedStaff, cluster: Cluster, database: str, alteration: str
) -> None:
    assert whowas("verify", staff.team_file).code == 0
    with cluster.superuser(database) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(alteration.encode())
    verified = whowas("verify", staff.team_file)
    assert (verified.code, verified.out) == (1, "")
    assert verified.err == "On the server, event 2 is not as this computer has it.\n"


def test_where_there_is_no_directory(cluster: Cluster, database: str, tmp_path: Path) -> None:
    for command in ("list", "run", "head", "verify"):
        answer = whowas(command, cluster.url(database), stdin=NEW)
        assert (answer.code, answer.out) == (2, "")
        assert "no directory" in answer.err
    for name in ("missing.whowas-team", "missing.whowas"):
        answer = whowas("team", "members", tmp_path / name)
        assert (answer.code, answer.err) == (2, f"There is no file “{name}”.\n")
    file = made_staff(tmp_path)
    assert "is a file, and not shared" in whowas("team", "members", file).err


@pytest.mark.parametrize("command", ["run", "import"])
def test_no_team_file_is_made_by_writing(tmp_path: Path, command: str) -> None:
    missing = tmp_path / "staff.whowas-team"
    answer = whowas(command, missing, *(["-"] if command == "import" else []), stdin=NEW)
    assert (answer.code, answer.out) == (2, "")
    assert list(tmp_path.iterdir()) == []


def test_what_is_for_files_alone_says_so(staff: SharedStaff, tmp_path: Path) -> None:
    for refused in (("salvage", staff.team_file, tmp_path / "x.whowas"), ("sample", staff.team_file)):
        answer = whowas(*refused)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith("“staff.whowas-team” is shared")
    assert not (tmp_path / "x.whowas").exists()
    assert "staff before sharing" in whowas("backups", staff.team_file).out + whowas("backups", staff.team_file).err


def test_an_export_does_not_go_over_the_team_file(staff: SharedStaff) -> None:
    before = staff.team_file.read_text()
    answer = whowas("export", staff.team_file, staff.team_file, "--format", "csv")
    assert answer.code == 2
    assert staff.team_file.read_text() == before


def test_accounts_and_passwords_come_from_the_environment(
    staff: SharedStaff, cluster: Cluster, database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.account("fay", "richtig")
    assert whowas("team", "grant", staff.team_file, "fay", "reader").code == 0
    monkeypatch.setenv("PGUSER", "fay")
    refused = whowas("list", staff.team_file)
    assert (refused.code, refused.out) == (2, "")
    assert "the account or the password is wrong" in refused.err
    monkeypatch.setenv("PGPASSWORD", "richtig")
    assert whowas("list", staff.team_file).code == 0
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.delenv("PGUSER")
    lines = f"[staff]\nhost={cluster.folder}\nport={cluster.port}\ndbname={database}\nuser=fay\npassword=richtig\n"
    (home / ".pg_service.conf").write_text(lines, encoding="utf-8")
    monkeypatch.setenv("PGSERVICE", "staff")
    assert whowas("list", "postgresql://").code == 0


def test_a_password_is_written_nowhere(
    staff: SharedStaff, cluster: Cluster, database: str, home: Path, tmp_path: Path
) -> None:
    cluster.account("gus", "s3cr3t-w0rd")
    assert whowas("team", "grant", staff.team_file, "gus", "editor").code == 0
    url = cluster.url(database, "gus:s3cr3t-w0rd")
    answers = [
        whowas("list", url),
        whowas("run", url, stdin=NEW),
        whowas("export", url, tmp_path / "log.jsonl", "--format", "log"),
        whowas("head", url),
        whowas("erase", url, "1", "--yes"),
        whowas("list", f"{url}?schema=other"),
        whowas("list", cluster.url("nowhere", "gus:s3cr3t-w0rd")),
        whowas("list", cluster.url(database, "nobody:s3cr3t-w0rd")),
        whowas("list", f"{url}?s3cr3t-w0rd"),
        whowas("list", f"{url}@s3cr3t-w0rd"),
    ]
    assert [answer.code for answer in answers] == [0, 0, 0, 0, 2, 2, 2, 2, 2, 2]
    assert not [answer for answer in answers if "s3cr3t" in answer.out + answer.err]
    written = [path for folder in (home, tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if b"s3cr3t" in path.read_bytes()]


def test_a_directory_of_a_newer_version_is_refused(staff: SharedStaff, cluster: Cluster, database: str) -> None:
    with cluster.superuser(database) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE whowas.directory SET value = '99' WHERE key IN ('version', 'oldest')")
    for command in ("list", "run"):
        answer = whowas(command, staff.team_file, stdin=NEW)
        assert (answer.code, answer.out) == (2, "")
        assert "The directory on the server needs Whowas" in answer.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list", "postgresql://a:geheim/b@h/d"), "%2F"),
        (("list", "postgresql://h/d?colour=red"), "“colour”"),
        (("team", "create", "x.whowas", "--from", "y.whowas", "--server", "postgresql://h/d"), ".whowas-team"),
        (("team", "create", "x.whowas-team", "--from", "y.whowas", "--server", "h/d"), "begins with postgresql://"),
        (("list", "POSTGRESQL://a:geheim@h/d"), "begins with postgresql://"),
        (("run", "postgresql:/a:geheim@h/d"), "begins with postgresql://"),
        (("list", "jdbc:postgresql://a:geheim@h/d"), "begins with postgresql://"),
        (("salvage", "y.whowas", "postgresql://a:geheim@h/d"), "no address"),
        (("backup", "y.whowas", "postgresql://a:geheim@h/d"), "no address"),
        (("backup", "y.whowas", f"postgresql://a:geheim@{'h' * 300}/d"), "no address"),
        (("list", f"POSTGRESQL://a:geheim@{'h' * 300}/d"), "begins with postgresql://"),
        (("export", "y.whowas", "postgresql://a:geheim@h/d", "--format", "csv"), "no address"),
        (("import", "y.whowas", "postgresql://a@h/geheim"), "no address"),
        (("team", "create", "x.whowas-team", "--from", "postgresql://a:geheim@h/d", "--server", "h/d"), "no address"),
        (("team", "create", "x.whowas-team", "--from", "y.whowas-team", "--server", "h/d"), "is shared already"),
        (("list", f"postgresql://{'h' * 64}/d"), "1 to 63 letters"),
        (("list", "postgresql://db..example.org/d"), "1 to 63 letters"),
        (("list", "postgresql://h/postgresql%3A%2F%2Fa%3Ageheim%40h"), "by its name alone"),
    ],
)
def test_wrong_arguments_get_one_sentence(arguments: tuple[str, ...], words: str) -> None:
    answer = whowas(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    assert "geheim" not in answer.err
    assert answer.err.count("\n") == 1


def test_a_team_file_that_was_altered_wrongly_names_the_line(tmp_path: Path) -> None:
    team_file = tmp_path / "staff.whowas-team"
    team_file.write_text("host = h\ncolour = red\n", encoding="utf-8")
    for command in ("list", "run", "verify"):
        answer = whowas(command, team_file, stdin=NEW)
        assert (answer.code, answer.out) == (2, "")
        assert "Line 2" in answer.err


@pytest.mark.parametrize("line", ["postgresql://ada:geheim@h/d", "password: geheim", "PGPASSWORD geheim", "a:geheim=1"])
def test_a_line_that_is_none_of_ours_is_not_repeated(tmp_path: Path, line: str) -> None:
    team_file = tmp_path / "staff.whowas-team"
    team_file.write_text(f"host = h\n{line}\n", encoding="utf-8")
    answer = whowas("list", team_file)
    assert (answer.code, answer.out) == (2, "")
    assert "Line 2: It is not like" in answer.err
    assert "geheim" not in answer.err


def test_a_team_file_may_come_as_other_programs_leave_it(staff: SharedStaff, tmp_path: Path) -> None:
    text, expected = staff.team_file.read_text(), whowas("list", staff.team_file)
    for encoding in ("utf-16", "utf-8-sig"):
        (altered := tmp_path / f"{encoding}.Whowas-Team").write_bytes(text.replace("\n", "\r\n").encode(encoding))
        assert whowas("list", altered) == expected
    missing = tmp_path / "New.WHOWAS-TEAM"
    assert whowas("run", missing, stdin=NEW).code == 2
    assert not missing.exists()


@pytest.mark.parametrize("command", ["run", "import"])
def test_no_second_directory_begins_where_one_was_that_is_shared(staff: SharedStaff, command: str) -> None:
    stdin = NEW if command == "run" else "First name\nChi\n"
    answer = whowas(command, staff.file, *(["-"] if command == "import" else []), stdin=stdin)
    assert (answer.code, answer.out) == (2, "")
    assert "is shared now, on a server" in answer.err
    assert not staff.file.exists()


def test_nothing_else_is_written_under_the_name_of_a_team_file(staff: SharedStaff, tmp_path: Path) -> None:
    target = tmp_path / "copy.whowas-team"
    for command in (("backup",), ("team", "take-back"), ("salvage",), ("export", "--format", "csv")):
        answer = whowas(*command, staff.team_file, target)
        assert (answer.code, answer.out) == (2, "")
        assert "does not end in .whowas-team" in answer.err
        assert not target.exists()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PGCONNECT_TIMEOUT", "soon"),
        ("PGTARGETSESSIONATTRS", "best"),
        ("PGOPTIONS", "-c statement_timeout=soon"),
        ("PGOPTIONS", "-c nothing_of_that_name=1"),
        ("PGHOSTADDR", "nowhere"),
    ],
)
def test_what_cannot_be_connected_with_is_no_server_that_is_away(
    staff: SharedStaff, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    answer = whowas("list", staff.team_file)
    assert (answer.code, answer.out) == (2, "")
    assert "cannot be connected to as the address, a service file or a PG… variable has it" in answer.err
    assert answer.err.count("\n") == 1


def test_a_host_of_the_environment_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "h" * 64)
    answer = whowas("list", "postgresql:///staff")
    assert (answer.code, answer.out) == (2, "")
    assert "no host has such a name" in answer.err


def test_check_says_what_the_server_promises(staff: SharedStaff) -> None:
    answer = whowas("team", "check", staff.team_file, "--json")
    found = [json.loads(line) for line in answer.out.splitlines()]
    assert {one["state"] for one in found} <= {"fine", "to know", "wrong"}
    assert answer.code == int(any(one["state"] == "wrong" for one in found))
    assert len(whowas("team", "check", staff.team_file).out.splitlines()) == len(found) > 0


def test_groups_are_merged_coloured_and_ordered_on_a_server(staff: SharedStaff) -> None:
    answers = whowas(
        *("run", staff.team_file),
        stdin=json_lines(
            {"command": "UpdateUser", "id": "2", "groups": ["Records", "Day"]},
            {"command": "ColourGroup", "group": "Day", "colour": "blue"},
            {"command": "OrderGroups", "groups": ["Records", "Day"]},
            {"command": "MergeGroups", "group": "Records", "into": "day"},
            {"command": "MergeGroups", "group": "Day", "into": "Day"},
        ),
    ).objects
    assert [answer["ok"] for answer in answers] == [True, True, True, True, False]
    users = whowas("list", staff.team_file, "--json").objects
    assert {user["external_id"]: user["groups"] for user in users} == {"1": ["Day"], "2": ["Day"]}
    log = whowas("export", staff.team_file, "-", "--format", "log").objects
    assert [event["type"] for event in log[-6:]] == [
        *("GroupColoured", "GroupsOrdered"),
        *("GroupJoined", "GroupLeft", "GroupLeft", "GroupDeleted"),
    ]
    assert whowas("verify", staff.team_file).code == 0
