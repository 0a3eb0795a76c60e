"""Where a command is to work: on a file, or on a directory that several people share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import click

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


class WhereGiven(click.Path):
    """What stands where FILE stands: a path, that of a ``.whowas-team`` file, or a ``postgresql://`` address."""

    name = "file"

    def __init__(self) -> None:
        super().__init__(path_type=Path, readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See click.Path. Raises RefusedError or StoreError for an address or a team file that cannot be read."""
        if isinstance(value, SharedAt):
            return value
        if is_address(str(value)):
            return SharedAt(parsed(str(value)))
        path = super().convert(value, param, ctx)
        if isinstance(path, Path) and path.suffix == SUFFIX and (ctx is None or not ctx.resilient_parsing):
            from whowas.store.server.team_file import read_team_file

            return SharedAt(read_team_file(path), path)
        return path


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
