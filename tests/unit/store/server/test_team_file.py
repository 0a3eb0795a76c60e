"""A team file says where a directory is, holds no secrets, and tells which line was altered wrongly."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.errors import StoreError
from whowas.store.server.address import ServerAddress, parsed
from whowas.store.server.team_file import read_team_file, write_team_file

ID = "01900000-0000-7000-8000-000000000000"
FULL = ServerAddress(
    service="staff",
    host="db.example.org",
    port="5433",
    dbname="staff",
    schema="hr",
    sslmode="verify-ca",
    sslrootcert="/etc/ssl/our root.crt",
    directory_id=ID,
    options=(("target_session_attrs", "read-write"),),
)


@pytest.mark.parametrize("address", [FULL, ServerAddress(host="h", dbname="d")])
def test_what_was_written_is_read(tmp_path: Path, address: ServerAddress) -> None:
    path = tmp_path / "staff.whowas-team"
    write_team_file(path, address)
    assert read_team_file(path) == address


def test_no_account_and_no_secret_is_written(tmp_path: Path) -> None:
    path = tmp_path / "staff.whowas-team"
    write_team_file(
        path, parsed("postgresql://ada:geheim@h/d?sslkey=/home/ada/k&sslcert=/home/ada/c&passfile=/home/ada/p")
    )
    text = path.read_text()
    assert "ada" not in text
    assert "geheim" not in text
    assert read_team_file(path) == ServerAddress(host="h", dbname="d")


def test_a_person_may_write_one(tmp_path: Path) -> None:
    path = tmp_path / "staff.whowas-team"
    path.write_bytes("\ufeff; ours\r\n\r\n  host=db.example.org\r\n# which\r\ndbname = staff = 2  \r\n".encode())
    assert read_team_file(path) == ServerAddress(host="db.example.org", dbname="staff = 2")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("# nothing\n", "names no server"),
        ("schema = hr\n", "names no server"),
        ("host = h\nhots = h\n", "Line 2: .*“hots”"),
        ("host = h\nport = many\n", "Line 2: .*port"),
        ("host = h\n\npassword = geheim\n", "Line 3: A password does not belong"),
        ("host = h\nsslpassword = geheim\n", "Line 2: A password does not belong"),
        ("host = h\ndbname\n", "Line 2: .*no value"),
        ("host = h\ndbname =\n", "Line 2: .*no value"),
        ("host = h\nhost = g\n", "Line 2: .*before"),
        ("host = db.exаmple.org\n", "Line 1: .*letters"),
        ("host = h\ndbname = st\u200baff\n", "Line 2: .*nobody can see"),
        ("host = h\nschema = pg_toast\n", "Line 2: .*schema"),
        ("host = h\nsslmode = none\n", "Line 2: .*sslmode"),
        ("host = h\ndirectory_id = 7\n", "Line 2: .*id of a directory"),
        ("host = h\noptions = -c x=y\n", "Line 2: .*“options”"),
        ("<html>no", "Line 1: "),
        ("x" * 70_000, "no text"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "staff.whowas-team"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match=words) as caught:
        read_team_file(path)
    assert "geheim" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("content", [b"\xff\xfeh", b"SQLite format 3\x00", b"host = \xe4\n"])
def test_what_is_no_text_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "staff.whowas-team"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="no text"):
        read_team_file(path)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"host = {text}".encode(errors="replace")))
def test_anything_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "staff.whowas-team"
    path.write_bytes(content)
    with suppress(StoreError):
        address = read_team_file(path)
        write_team_file(path, address)
        assert read_team_file(path) == replace(
            address,
            user=None,
            options=tuple(one for one in address.options if one[0] not in {"passfile", "sslcert", "sslkey"}),
        )


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no file"):
        read_team_file(tmp_path / "none.whowas-team")
    with pytest.raises(StoreError, match="cannot be read"):
        read_team_file(tmp_path)
