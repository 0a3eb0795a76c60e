"""Through PgBouncer in transaction mode everything works as without it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.command_line import PROGRAM, json_lines, whowas
from tests.integration.cli.shared_staff import made_staff, share
from tests.pooler import running_pooler
from tests.postgres import Cluster


def test_commands_work_through_a_pooler(tmp_path: Path, cluster: Cluster, database: str) -> None:
    staff = share(made_staff(tmp_path), cluster, database)
    with running_pooler(cluster) as folder:
        text = staff.team_file.read_text().replace(f"host = {cluster.folder}", f"host = {folder}")
        staff.team_file.write_text(text.replace("port = 5432", "port = 6432"))
        assert f"host = {folder}" in staff.team_file.read_text()
        writers = [
            subprocess.Popen([PROGRAM, "run", staff.team_file], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            for _ in range(2)
        ]
        for number, writer in enumerate(writers):
            assert writer.stdin is not None
            lines = [{"command": "CreateUser", "external_id": f"{number}-{each}"} for each in range(20)]
            writer.stdin.write(json_lines(*lines).encode())
            writer.stdin.close()
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.read().count(b'"ok": true') == 20
            writer.stdout.close()
            assert writer.wait() == 0
        rows = tmp_path / "new.csv"
        rows.write_text("First name,External id\n" + "".join(f"N{n},{n}\n" for n in range(10, 60)), encoding="utf-8")
        imported = whowas("import", staff.team_file, rows)
        assert imported.code == 0, imported.err
        assert len(whowas("list", staff.team_file, "--json").objects) == 2 + 40 + 50
        verified = whowas("verify", staff.team_file)
        assert (verified.code, verified.err) == (0, "")
        assert whowas("team", "members", staff.team_file).code == 0
        head = whowas("head", staff.team_file).out
    assert whowas("head", staff.url).out == head
