"""Where a command is to work: on a file, or on a directory that several people share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import click

from whowas.cli.printing import plain
from whowas.domain.errors import RefusedError
from whowas.store.server.address import SUFFIX, ServerAddress, is_address, parsed


@dataclass(frozen=True, slots=True)
class SharedAt:
    """A directory on a server, as somebody named it: by ``team_file``, or by a URL where that is None."""

    address: ServerAddress
    team_file: Path | None = None

    @property
    def name(self) -> str:
        """What it is called in sentences."""
        return f"“{self.team_file.name}”" if self.team_file else f"The directory on the server {self.address.place()}"


Where: TypeAlias = Path | SharedAt


_ADDRESS = re.compile(r"[a-z][a-z+:]+://|postgres(ql)?:", re.IGNORECASE)
"""How a text begins that is meant as an address, and hardly as a path."""

OUTPUT = (
    "“{}” would be taken for what says where a shared directory is. Choose a name that does not end in " + SUFFIX + "."
)


class FileGiven(click.Path):
    """What stands where only a file can be meant; ``team_file`` is why it may be no ``.whowas-team`` file, or "".

    An address of a server is refused without being repeated, as it may hold a password.
    """

    name = "file"

    def __init__(self, path_type: type | None = Path, *, team_file: str = "", allow_dash: bool = False) -> None:
        super().__init__(path_type=path_type, readable=False, allow_dash=allow_dash)
        self._team_file = team_file

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See click.Path. Raises RefusedError for an address, and for a team file where it may be none."""
        if _ADDRESS.match(str(value)) and not Path(str(value)).exists():
            raise RefusedError("file", "Here stands the path of a file, and no address.")
        if self._team_file and has_suffix(Path(str(value))):
            raise RefusedError("file", self._team_file.format(plain(Path(str(value)).name)))
        return super().convert(value, param, ctx)


class WhereGiven(click.Path):
    """What stands where FILE stands: a path, that of a ``.whowas-team`` file, or a ``postgresql://`` address."""

    name = "file"

    def __init__(self) -> None:
        super().__init__(path_type=Path, readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See click.Path. Raises RefusedError or StoreError for an address or a team file that cannot be read."""
        if isinstance(value, SharedAt):
            return value
        text = str(value)
        if is_address(text) or (_ADDRESS.match(text) and not Path(text).exists()):
            return SharedAt(parsed(text))  # which refuses what is like an address and none
        path = super().convert(value, param, ctx)
        if isinstance(path, Path) and has_suffix(path) and (ctx is None or not ctx.resilient_parsing):
            from whowas.store.server.team_file import read_team_file

            return SharedAt(read_team_file(path), path)
        return path


def has_suffix(path: Path) -> bool:
    """Say whether a path is that of a ``.whowas-team`` file, in whatever case mail and other systems left it."""
    return path.suffix.lower() == SUFFIX


def is_there(where: Where) -> bool:
    """Say whether there is a directory; one that is shared is taken to be, which opening it shows."""
    return isinstance(where, SharedAt) or where.exists()


def own_files(where: Where) -> tuple[Path, ...]:
    """Return the files over which nothing may be written, as the directory is there."""
    if isinstance(where, Path):
        return (where,)
    return () if where.team_file is None else (where.team_file,)


def only_file(where: Where, advice: str) -> Path:
    """Return the path of a directory file. Raises RefusedError with ``advice`` for a directory that is shared."""
    if isinstance(where, Path):
        return where
    raise RefusedError("file", f"{where.name} is shared and lies on a server. {advice}")
