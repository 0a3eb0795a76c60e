"""The README's minute to a shared directory, line by line, in a new Debian with the PostgreSQL that it has.

A normal run tries the newest, EVERY_FAULT=1 each of them.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.conftest import REPOSITORY
from tests.distribution.conftest import RELEASES, Packages
from tests.distribution.new_debian import COLLEAGUE, HOME, PASSED_ON, PERSON, NewDebian
from tests.faults.scenarios import EVERY

# Nobody is asked for a password here who may become another, and there is nobody to say yes.
SUDO = """#!/bin/sh
user=root
if [ "$1" = -u ]; then user=$2; shift 2; fi
exec runuser -u "$user" -- "$@"
"""
PASSWORD = "korrekt Pferd"
VOUCHES_FOR_ITSELF = "/etc/ssl/certs/ssl-cert-snakeoil.pem"


def lines_after(heading: str) -> list[str]:
    """The README's commands below the sentence that begins so."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(rf"^{re.escape(heading)}(?:.+\n)+\n((?:    .+\n)+)", text, re.MULTILINE)
    return [line.strip() for line in block.splitlines()]


@dataclass
class Machine:
    """A Debian with the program, in which people type lines; ``environment`` is what their shells know."""

    debian: NewDebian
    environment: Mapping[str, str]

    def typed(self, line: str, person: str = PERSON, told: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Type a line in the folder of ``PERSON``; raises AssertionError where it is not carried out."""
        done = self.tried(line, person, told, **more)
        assert done.returncode == 0, f"{line}: {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done

    def tried(self, line: str, person: str = PERSON, told: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Type a line that may fail. Whoever may become another is root here, and is called as ever."""
        who = "root" if line.startswith("sudo ") else person
        environment = {**PASSED_ON, **self.environment, "USER": PERSON, **more}
        # Without a terminal, what asks for a password reads it where everything else is read.
        command = self.debian.command(
            "setsid",
            "--wait",
            "sh",
            "-c",
            f"cd '{HOME if person == PERSON else '/'}' && {line}",
            user=who,
            environment=environment,
        )
        return subprocess.run(command, input=told, capture_output=True, text=True, timeout=1_200)


@contextmanager
def running_server(debian: NewDebian) -> Iterator[dict[str, str]]:
    """Have the cluster that the package has made run; yield what leads to it, as this computer may have one too."""
    version, name, port, status, *_ = debian.run("pg_lsclusters", "--no-header").stdout.split()
    if status != "online":  # where nothing starts services
        debian.run("pg_ctlcluster", version, name, "start")
    try:
        yield {"PGPORT": port}
    finally:
        debian.run("pg_dropcluster", "--stop", version, name)


@pytest.mark.parametrize("debian", RELEASES if EVERY else RELEASES[-1:], indirect=True)
def test_one_minute_to_a_shared_directory(debian: NewDebian, packages: Packages) -> None:
    debian.apt_get("install", f"/root/{packages.current.name}")
    machine = Machine(debian, {})
    (debian.root / "usr/bin/sudo").write_text(SUDO)
    (debian.root / "usr/bin/sudo").chmod(0o755)
    (debian.root / "etc/apt/apt.conf.d/yes").write_text('APT::Get::Assume-Yes "true";\n')
    machine.typed("whowas sample staff.whowas --people 5 --changes 20")
    head = machine.typed("whowas head staff.whowas").stdout
    users = machine.typed("whowas list staff.whowas").stdout
    install, *minute = lines_after("One minute to a shared directory")
    assert install == "sudo apt install postgresql"
    machine.typed(install)
    with running_server(debian) as leads:
        machine = Machine(debian, leads)
        for line in minute:
            machine.typed(line)
        is_shared(machine, head, users)
        for line in lines_after("To let others in"):
            machine.typed(line, told=f"{PASSWORD}\n{PASSWORD}\n" if "--pwprompt" in line else "")
            if " grant " in line:
                another_edits(machine, leads["PGPORT"])
        assert COLLEAGUE not in machine.typed("whowas team members staff.whowas-team").stdout


def is_shared(machine: Machine, head: str, users: str) -> None:
    """The directory is the same, and lies on the server."""
    assert machine.typed("whowas head staff.whowas-team").stdout == head
    assert machine.typed("whowas list staff.whowas-team").stdout == users
    machine.typed("whowas verify staff.whowas-team")
    assert machine.tried("whowas list staff.whowas").returncode == 2
    assert machine.typed("whowas head 'staff before sharing.whowas'").stdout == head


def another_edits(machine: Machine, port: str) -> None:
    """A colleague reaches the server over TLS with a password; the certificate is verified by this system's OpenSSL."""
    host = machine.debian.run(
        "openssl", "x509", "-in", VOUCHES_FOR_ITSELF, "-noout", "-subject", "-nameopt", "multiline"
    )
    name = host.stdout.rpartition("= ")[2].strip()
    with (machine.debian.root / "etc/hosts").open("a") as hosts:
        hosts.write(f"127.0.0.1 {name}\n")
    address = f"postgresql://{COLLEAGUE}@{name}:{port}/staff"
    unknown = machine.tried(f"whowas list '{address}'", COLLEAGUE, PGPASSWORD=PASSWORD)
    assert unknown.returncode == 2
    assert re.search("signed by nobody this computer knows|there are no root certificates", unknown.stderr), unknown
    known = f"'{address}?sslrootcert={VOUCHES_FOR_ITSELF}'"
    wrong = machine.tried(f"whowas list {known}", COLLEAGUE, PGPASSWORD="wrong")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    created = json.dumps({"command": "CreateUser", "first_name": "Zoë"})
    machine.typed(f"whowas run {known}", COLLEAGUE, f"{created}\n", PGPASSWORD=PASSWORD)
    told = machine.typed("whowas history staff.whowas-team").stdout.splitlines()
    assert any("Zoë" in line and f"  {COLLEAGUE}  " in line for line in told), told[-3:]
