"""The commands about directories that several people share: sharing one, who may use it, and what its server keeps."""

from __future__ import annotations

from pathlib import Path

import click

from whowas.cli.committing import committed
from whowas.cli.exit_codes import NO
from whowas.cli.opening import JSON, utf8
from whowas.cli.printing import notify, plain, say, say_json, say_table
from whowas.cli.shared import shared_online
from whowas.cli.where import OUTPUT, FileGiven, SharedAt, Where, WhereGiven, has_suffix
from whowas.domain.errors import RefusedError
from whowas.store.server.address import SUFFIX, parsed
from whowas.store.server.roles import RIGHTS

_NAME = click.argument("where", metavar="NAME", type=WhereGiven())
_ACCOUNT = click.argument("account", type=utf8)
_MAY = {"reader": "may read", "editor": "may read and edit", "admin": "may read, edit, erase and let others in"}


@click.group("team")
def team() -> None:
    """Share a directory with other people: it then lies on a PostgreSQL server.

    NAME is the NAME.whowas-team file that says where, which every other command takes as well, or the server's
    postgresql:// address. Accounts are those of the server; PGUSER, PGPASSWORD, PGSERVICE and ~/.pgpass are honoured.
    A password in an address can be seen by all who list the processes of this computer.

    \b
    Example: whowas team members staff.whowas-team
    """


@team.command("create")
@click.argument("name", metavar="NAME", type=FileGiven())
@click.option(
    "--from",
    "file",
    metavar="FILE",
    type=FileGiven(team_file="“{}” says where a directory is that is shared already."),
    required=True,
    help="The directory that is to be shared; it is moved, and its file kept as “… before sharing”.",
)
@click.option(
    "--server",
    metavar="URL",
    type=utf8,
    required=True,
    help="Where to: postgresql://HOST/DATABASE, with ?schema=NAME for more than one in a database.",
)
def create(name: Path, file: Path, server: str) -> None:
    """Move the directory in FILE to a server, and write NAME, which says where it is and can be passed on.

    The history stays as it is, to the last byte. The server's certificate is verified; the account that is used becomes
    the directory's first admin. It needs the rights to make roles (CREATEROLE) and a schema in the database.

    \b
    Example: whowas team create staff.whowas-team --from staff.whowas --server postgresql://db.example.org/staff
    """
    from whowas.store.server.connecting.accounts import remember_account
    from whowas.store.server.connecting.connect import completed
    from whowas.team.creating import create as created

    if not has_suffix(name):
        raise RefusedError("name", f"Call it something that ends in {SUFFIX}, such as “{file.stem}{SUFFIX}”.")
    address = completed(parsed(server))
    made = created(file, address, name)
    answer = f"“{file.name}” is shared now: pass “{name.name}” on, and let others in with “whowas team grant”."
    committed(answer)
    if address.user is not None and made.address.directory_id is not None:
        remember_account(made.address.directory_id, address.user)
    if address.password is not None:
        notify("The password is not kept. It is looked for in PGPASSWORD and ~/.pgpass.")
    notify(f"The file is kept as “{made.left_behind.name}” and counts as a backup: erasing a user removes it.")
    say(answer)


@team.command("grant")
@_NAME
@_ACCOUNT
@click.argument("rights", type=click.Choice(RIGHTS))
def grant(where: Where, account: str, rights: str) -> None:
    """Let an ACCOUNT of the server read the directory, edit it, or be its admin, and no more than that.

    \b
    Example: whowas team grant staff.whowas-team ada editor
    """
    from whowas.team.connected import server_at
    from whowas.team.members import grant as granted
    from whowas.team.members import rights_called

    with server_at(_shared(where).address) as server:
        granted(server, account, rights_called(rights))
    answer = f"“{plain(account)}” {_MAY[rights]} from now on."
    committed(answer)
    say(answer)


@team.command("revoke")
@_NAME
@_ACCOUNT
def revoke(where: Where, account: str) -> None:
    """Take all rights in the directory from an ACCOUNT. What it has read, it may have kept.

    \b
    Example: whowas team revoke staff.whowas-team ada
    """
    from whowas.team.connected import server_at
    from whowas.team.members import revoke as revoked

    with server_at(_shared(where).address) as server:
        revoked(server, account)
    answer = f"“{plain(account)}” may do nothing in this directory any more."
    committed(answer)
    say(answer)


@team.command("members")
@_NAME
@JSON
def members(where: Where, as_json: bool) -> None:
    """List who may use the directory, and who has it open now.

    \b
    Example: whowas team members staff.whowas-team
    """
    from whowas.team.connected import server_at
    from whowas.team.members import members as members_of

    with server_at(_shared(where).address) as server:
        found = members_of(server)
    if as_json:
        for one in found:
            say_json({"account": one.account, "rights": one.rights, "here": one.is_here, "group": one.is_group})
    else:
        rows = (
            (one.account, "group" if one.is_group else "", one.rights, "yes" if one.is_here else "") for one in found
        )
        say_table(("Account", "", "Rights", "Here now"), rows)


@team.command("check")
@_NAME
@JSON
def check(where: Where, as_json: bool) -> int:
    """Tell what the server promises for the directory, and what it does not; exits 1 where something is wrong.

    \b
    Example: whowas team check staff.whowas-team
    """
    from whowas.team.checking import check as checked
    from whowas.team.connected import server_at

    with (
        shared_online(_shared(where), "Nothing can be checked now.") as directory,
        server_at(directory.address) as server,
    ):
        findings = checked(server, directory.log)
    for finding in findings:
        if as_json:
            say_json({"state": finding.state, "sentence": finding.sentence})
        else:
            say(plain(f"{finding.state:<7}  {finding.sentence}"))
    return NO if any(finding.state == "wrong" for finding in findings) else 0


@team.command("upgrade")
@_NAME
def upgrade(where: Where) -> None:
    """Have a directory that an earlier version shared take what this one saves. For admins, after a verified backup.

    It takes a moment, in which nobody else can save. Others go on with the version that they have, until somebody saves
    what that does not know: then it says so. Run it as the account that shared the directory, or as a superuser.

    \b
    Example: whowas team upgrade staff.whowas-team
    """
    from whowas.safekeeping.backing_up import copy_before_upgrade
    from whowas.store.server.making.upgrading import needs_upgrade, require_upgradable
    from whowas.store.server.making.upgrading import upgrade as upgraded
    from whowas.team.connected import server_at

    with (
        shared_online(_shared(where), "Nothing can be upgraded now.") as directory,
        server_at(directory.address) as server,
    ):
        require_upgradable(server)
        if not needs_upgrade(server):
            say("The directory on the server takes all that this version of Whowas saves already.")
            return
        copy = copy_before_upgrade(directory.log)
        notify(f"A verified copy of the directory as it was is in “{plain(str(copy))}”.")
        upgraded(server)
    answer = "The directory on the server takes all that this version of Whowas saves now."
    committed(answer)
    say(answer)


@team.command("take-back")
@_NAME
@click.argument("dest", type=FileGiven(team_file=OUTPUT))
def take_back(where: Where, dest: Path) -> None:
    """Write the shared directory to DEST, verified, as a file like any other; on the server it stays as it is.

    \b
    Example: whowas team take-back staff.whowas-team staff.whowas
    """
    from whowas.team.taking_back import take_back as taken_back

    with shared_online(_shared(where), "What the server has now is not known, so nothing was taken back.") as directory:
        head = taken_back(directory.log, dest)
    answer = f"{head.position:,} events are in “{dest.name}” now, verified; on the server they are as well."
    committed(answer)
    say(answer)


def _shared(where: Where) -> SharedAt:
    if isinstance(where, SharedAt):
        return where
    sentence = f"“{where.name}” is a file, and not shared. “whowas team create” can share it."
    raise RefusedError("name", sentence if where.exists() else f"There is no file “{where.name}”.")
