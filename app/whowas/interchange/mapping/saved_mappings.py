"""Mappings that are kept under a name, in a person's settings or in a file of their own.

A mapping is JSON such as {"whowas": "mapping", "version": 1, "name": "Members", "fields": {"Nick": "attribute:Nick",
"Fee": "-"}, "statuses": {"left": "suspended"}, "blank": "keep", "days": "day first"}; the settings have a list of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from whowas.domain.errors import RefusedError
from whowas.domain.fields import checked_name, listed, name_key, shortened
from whowas.domain.users import STATUSES, Status
from whowas.interchange.mapping.chosen import Chosen, DayOrder
from whowas.interchange.mapping.field_names import LEFT_OUT, field_asked, option_of
from whowas.interchange.mapping.status_words import word_key
from whowas.interchange.mapping.title_keys import title_key
from whowas.system import folders
from whowas.system.unfinished import write_whole

VERSION = 1
SUFFIX = ".json"
_LARGEST = 1_000_000


def save_mapping(name: str, chosen: Chosen) -> None:
    """Keep what is chosen under a name, with what the saved mapping that it names says; over one of that name.

    Raises RefusedError, also where the settings cannot be written.
    """
    called = checked_name("mapping", name)
    kept = {name_key(other.name): other for other in _kept()}
    kept[name_key(called)] = replace(_whole(chosen), name=called)
    _keep(list(kept.values()))


def write_mapping(path: Path, chosen: Chosen) -> None:
    """Write what is chosen, as ``save_mapping`` keeps it, into a file by which it is called. Raises RefusedError."""
    called = checked_name("mapping", path.stem)
    _write(path, _as_json(replace(_whole(chosen), name=called)))


def saved_mappings() -> tuple[Chosen, ...]:
    """Return the mappings that are kept in the settings, each under its name. Raises RefusedError."""
    return tuple(_kept())


def saved_mapping(called: str) -> Chosen:
    """Return the mapping of that name, or else in the file at that path. Raises RefusedError."""
    path = Path(called)
    if path.suffix.casefold() == SUFFIX and not any(name_key(kept.name) == name_key(called) for kept in _kept()):
        return _mapping(_read(path), str(path))
    return _named(called)


def with_saved(chosen: Chosen, titles: Sequence[str]) -> tuple[Chosen, tuple[str, ...]]:
    """Return what is chosen together with what its saved mapping says of these titles, and what is to be told of it.

    The name is then the mapping's own. Raises RefusedError.
    """
    if not chosen.name:
        return chosen, ()
    saved = saved_mapping(chosen.name)
    keys = {title_key(title) for title in titles}
    absent = [title for title in saved.fields if title_key(title) not in keys]
    there = {title: name for title, name in saved.fields.items() if title not in absent}
    merged = _merged(replace(saved, fields=there), chosen)
    if not absent:
        return merged, ()
    also = listed(f"“{shortened(title)}”" for title in absent)
    return merged, (f"The mapping “{shortened(saved.name)}” also speaks of {also}, which this list does not have.",)


def _whole(chosen: Chosen) -> Chosen:
    return _merged(saved_mapping(chosen.name), chosen) if chosen.name else chosen


def _merged(saved: Chosen, chosen: Chosen) -> Chosen:
    """Return what is saved, except where something else is chosen."""
    keys = {title_key(title) for title in chosen.fields}
    given = {name for name in chosen.fields.values() if name is not None}
    kept = {title: name for title, name in saved.fields.items() if title_key(title) not in keys and name not in given}
    words = {word_key(word) for word in chosen.statuses}
    statuses = {word: status for word, status in saved.statuses.items() if word_key(word) not in words}
    fields, meant = {**kept, **chosen.fields}, {**statuses, **chosen.statuses}
    return Chosen(fields, meant, chosen.blank or saved.blank, saved.name, chosen.days or saved.days)


def _named(name: str) -> Chosen:
    kept = _kept()
    for mapping in kept:
        if name_key(mapping.name) == name_key(name):
            return mapping
    there = [f"“{shortened(mapping.name)}”" for mapping in kept]
    others = f" There {'is' if len(there) == 1 else 'are'} {listed(there)}." if there else ""
    raise RefusedError("mapping", f"There is no saved mapping called “{shortened(name)}”.{others}")


def _settings() -> Path:
    return folders.config() / "mappings.json"


def _kept() -> list[Chosen]:
    path = _settings()
    if not path.exists():
        return []
    content = _read(path)
    mappings = content.get("mappings")
    if not isinstance(mappings, list):
        raise _damaged(str(path))
    return [_mapping(mapping, str(path)) for mapping in mappings]


def _keep(mappings: Sequence[Chosen]) -> None:
    content = {"whowas": "mappings", "version": VERSION, "mappings": [_as_json(mapping) for mapping in mappings]}
    _write(_settings(), content)


def _as_json(mapping: Chosen) -> dict[str, object]:
    fields = {title: LEFT_OUT if name is None else option_of(name) for title, name in mapping.fields.items()}
    return {
        "whowas": "mapping",
        "version": VERSION,
        "name": mapping.name,
        "fields": fields,
        "statuses": dict(mapping.statuses),
        "blank": mapping.blank or "keep",
        **({} if mapping.days is None else {"days": mapping.days}),
    }


def _write(path: Path, content: Mapping[str, object]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    try:
        if path == _settings():
            folders.private_folder(path.parent)
        write_whole(path, text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise RefusedError("mapping", f"The mapping could not be written to {path}: {reason}.") from error


def _read(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RefusedError("mapping", f"The mapping {path} could not be read: {reason}.") from error
    try:
        content = json.loads(text) if len(text) <= _LARGEST else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise _damaged(str(path))
    return content


def _mapping(content: object, place: str) -> Chosen:
    """Return a mapping out of its JSON. Raises RefusedError where it is damaged, or of a newer version."""
    if not isinstance(content, dict) or content.get("whowas") != "mapping":
        raise _damaged(place)
    version, name = content.get("version"), content.get("name")
    fields, statuses, blank = content.get("fields"), content.get("statuses"), content.get("blank")
    if isinstance(version, int) and version > VERSION:
        raise RefusedError("mapping", f"The mapping in {place} was saved by a newer version of Whowas.")
    if not (isinstance(name, str) and isinstance(fields, dict) and isinstance(statuses, dict)):
        raise _damaged(place)
    return Chosen(
        {title: _field(asked, place) for title, asked in fields.items()},
        {word: _status(status, place) for word, status in statuses.items()},
        "clear" if blank == "clear" else "keep",
        name,
        next((order for order in get_args(DayOrder) if order == content.get("days")), None),
    )


def _field(asked: object, place: str) -> str | None:
    try:
        return field_asked(asked) if isinstance(asked, str) else field_asked("")
    except RefusedError as error:
        raise _damaged(place) from error


def _status(status: object, place: str) -> Status:
    for known in STATUSES:
        if known == status:
            return known
    raise _damaged(place)


def _damaged(place: str) -> RefusedError:
    return RefusedError("mapping", f"{place} holds no mapping that can be read: it is damaged, or something else.")
