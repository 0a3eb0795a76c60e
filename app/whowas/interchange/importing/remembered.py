"""What is remembered of imports: how a set of titles was taken in, and the last import into a directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whowas.interchange.importing.rules import ImportRules
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.reading.table import HowToRead


@dataclass(frozen=True, slots=True)
class RememberedColumns:
    """What was said of lists with the same titles: of columns, words, blank cells, and the keys users are known by.

    ``chosen.name`` is "".
    """

    chosen: Chosen
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastImport:
    """The last import into a directory: the files by their whole paths, and what was said of them.

    What holds for one time only is not kept: ``rules.yes`` is False, and there are no decisions about rows.
    """

    paths: tuple[str, ...]
    how: HowToRead
    chosen: Chosen
    rules: ImportRules


def columns_for(titles: Sequence[str]) -> RememberedColumns | None:
    """Return what was said of lists with these titles, in whatever order; None where nothing is remembered."""
    raise NotImplementedError


def remember_columns(titles: Sequence[str], chosen: Chosen, keys: Sequence[str]) -> None:
    """Keep what was said of a list with these titles; where that cannot be written, it is not remembered."""
    raise NotImplementedError


def last_import(directory: str) -> LastImport | None:
    """Return the last import into the directory at that place, a path or URL; None where nothing is remembered."""
    raise NotImplementedError


def remember_import(directory: str, made: LastImport) -> None:
    """Keep an import as the last one into a directory; where that cannot be written, it is not remembered."""
    raise NotImplementedError
