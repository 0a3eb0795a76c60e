"""What is remembered of imports: how a set of titles was taken in, and the last import into a directory.

It lies in one file of the settings folder (mode 0600). It is a help and no more: where that file is damaged, was
written by a newer version or cannot be written, nothing is remembered, and no import fails by that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

import msgspec

from whowas.domain.users import Status
from whowas.interchange.importing.given.rules import ImportRules, Similar
from whowas.interchange.importing.given.rules import Missing as MissingRule
from whowas.interchange.mapping.chosen import Blank, Chosen, DayOrder
from whowas.interchange.mapping.title_keys import title_key
from whowas.interchange.reading.table import HowToRead
from whowas.system import folders
from whowas.system.unfinished import write_whole

T = TypeVar("T")

VERSION = 1
MOST_SETS = 300
MOST_DIRECTORIES = 100

_LARGEST = 4 << 20
"""A file of more bytes is none of ours; the oldest sets of titles are forgotten before it grows so large."""


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


class _Chosen(msgspec.Struct, omit_defaults=True):
    fields: dict[str, str | None] = {}
    statuses: dict[str, Status] = {}
    blank: Blank | None = None
    name: str = ""
    days: DayOrder | None = None

    @classmethod
    def of(cls, chosen: Chosen) -> _Chosen:
        return cls(dict(chosen.fields), dict(chosen.statuses), chosen.blank, chosen.name, chosen.days)

    def as_given(self) -> Chosen:
        return Chosen(self.fields, self.statuses, self.blank, self.name, self.days)


class _Rules(msgspec.Struct):
    keys: tuple[str, ...]
    similar: Similar
    missing: MissingRule
    among: str
    skip_refused: bool

    @classmethod
    def of(cls, rules: ImportRules) -> _Rules:
        return cls(rules.keys, rules.similar, rules.missing, rules.among, rules.skip_refused)

    def as_given(self) -> ImportRules:
        return ImportRules(self.keys, self.similar, self.missing, self.among, yes=False, skip_refused=self.skip_refused)


class _Columns(msgspec.Struct):
    chosen: _Chosen
    keys: tuple[str, ...]


class _Import(msgspec.Struct):
    paths: tuple[str, ...]
    how: HowToRead
    chosen: _Chosen
    rules: _Rules


class _Head(msgspec.Struct):
    whowas: str
    version: int


class _Kept(msgspec.Struct):
    """The file: ``columns`` by the digests of their sets of titles and ``imports`` by directories, the oldest first."""

    whowas: str = "imports"
    version: int = VERSION
    columns: dict[str, _Columns] = {}
    imports: dict[str, _Import] = {}


def columns_for(titles: Sequence[str]) -> RememberedColumns | None:
    """Return what was said of lists with these titles, in whatever order; None where nothing is remembered."""
    key = _key_of(titles)
    found = _read().columns.get(key) if key else None
    return None if found is None else RememberedColumns(found.chosen.as_given(), found.keys)


def remember_columns(titles: Sequence[str], chosen: Chosen, keys: Sequence[str]) -> None:
    """Keep what was said of a list with these titles; where that cannot be written, it is not remembered.

    Nor is it of lists without titles, whose columns all have the same numbers, or where a user stands for the titles.
    """
    key = _key_of(titles)
    if key:
        columns = _Columns(_Chosen.of(replace(chosen, name="")), tuple(keys))
        _change(lambda kept: _put_last(kept.columns, key, columns, MOST_SETS))


def last_import(directory: str) -> LastImport | None:
    """Return the last import into the directory at that place, a path or URL; None where nothing is remembered."""
    found = _read().imports.get(directory)
    if found is None:
        return None
    return LastImport(found.paths, found.how, found.chosen.as_given(), found.rules.as_given())


def remember_import(directory: str, made: LastImport) -> None:
    """Keep an import as the last one into a directory; where that cannot be written, it is not remembered."""
    kept_import = _Import(made.paths, made.how, _Chosen.of(made.chosen), _Rules.of(made.rules))
    _change(lambda kept: _put_last(kept.imports, directory, kept_import, MOST_DIRECTORIES))


def _key_of(titles: Sequence[str]) -> str:
    """Return the digest of a set of titles, however they are written; "" where they are no titles."""
    keys = sorted({title_key(title) or title.strip() for title in titles if title.strip()})
    numbered = set(keys) == {str(number) for number in range(1, len(keys) + 1)}
    if numbered or any("@" in title for title in titles):
        return ""
    return blake2b("\n".join(keys).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _file() -> Path:
    return folders.config() / "imports.json"


def _read() -> _Kept:
    """Return what is remembered: nothing where the file cannot be read, or not by this version."""
    kept = _decoded()
    return kept if kept is not None and kept.version == VERSION else _Kept()


def _decoded() -> _Kept | None:
    """Return the file as it is, without its content where it is a newer version's; None for none or a damaged one."""
    with suppress(OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors
        with _file().open("rb") as file:
            content = file.read(_LARGEST + 1)
        head = msgspec.json.decode(content, type=_Head)
        if len(content) > _LARGEST or head.whowas != _Kept().whowas:
            return None
        if head.version != VERSION:
            return _Kept(version=head.version)
        return msgspec.json.decode(content, type=_Kept)
    return None


def _change(change: Callable[[_Kept], None]) -> None:
    """Write the file with a change to it, over a damaged one too, but not over a newer version's."""
    kept = _decoded() or _Kept()
    if kept.version > VERSION:
        return
    change(kept)
    # A path may hold bytes that are no text: then it cannot be kept.
    with suppress(OSError, ValueError):
        content = msgspec.json.encode(kept)
        while len(content) > _LARGEST and kept.columns:
            kept.columns = dict(list(kept.columns.items())[len(kept.columns) // 2 + 1 :])
            content = msgspec.json.encode(kept)
        if len(content) <= _LARGEST:
            folders.private_folder(_file().parent)
            write_whole(_file(), content)


def _put_last(kept: dict[str, T], key: str, value: T, most: int) -> None:
    """Put a value behind the others, of which the oldest go where there are too many."""
    kept.pop(key, None)
    kept[key] = value
    for oldest in list(kept)[:-most]:
        del kept[oldest]
