"""Sharing a directory over a network: encrypted, and with the server that is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.certificates import Authority
from tests.command_line import json_lines, whowas
from tests.integration.cli.shared_staff import made_staff
from tests.postgres import running_cluster

NEW = json_lines({"command": "CreateUser", "first_name": "Chi"})


def test_a_directory_is_shared_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    monkeypatch.chdir(tmp_path)
    file, team_file = made_staff(tmp_path), tmp_path / "staff.whowas-team"
    with running_cluster(tcp=True, tls=authority.certificate("localhost")) as cluster:
        url = f"postgresql://postgres@localhost:{cluster.port}/{cluster.database()}"
        refused = whowas("team", "create", team_file, "--from", file, "--server", url)
        assert (refused.code, refused.out) == (2, "")
        assert "signed by nobody this computer knows" in refused.err
        assert file.exists()
        assert not team_file.exists()
        verified = f"{url}?sslrootcert=root.crt"
        assert whowas("team", "create", team_file, "--from", file, "--server", verified).code == 0
        monkeypatch.chdir("/")
        assert whowas("run", team_file, stdin=NEW).code == 0
        assert "Chi" in whowas("list", team_file).out
        team_file.write_text(team_file.read_text().replace("localhost", "127.0.0.1"))
        listed = whowas("list", team_file)
        assert (listed.code, listed.out) == (2, "")
        assert "a certificate for “localhost”, not for “127.0.0.1”" in listed.err
