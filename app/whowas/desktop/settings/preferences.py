"""What a person chooses for the window, with what holds where nothing was chosen.

Named tuples and plain tables, as the window asks for them before it is painted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from whowas.desktop.kit.dates import DateStyle, FirstDay
from whowas.desktop.kit.sizes import Density
from whowas.desktop.kit.theme import Scheme
from whowas.domain.comparison_keys import is_readable
from whowas.domain.errors import RefusedError
from whowas.domain.fields import checked_name


class Preferences(NamedTuple):
    """``actor`` is who changes are made by, "" for the login name; ``text_size`` is in percent.

    ``by_change`` says that the timeline begins with the same room for each change, so that playing goes from change to
    change; ``date_speed`` and ``change_speed`` are the keys of the speeds that playing begins with.
    """

    actor: str = ""
    theme: Scheme = "system"
    density: Density = "comfortable"
    text_size: int = 100
    first_day: FirstDay = "system"
    dates: DateStyle = "words"
    by_change: bool = False
    date_speed: str = "day"
    change_speed: str = "5"


DEFAULTS = Preferences()

CHOICES: Mapping[str, Mapping[str, object]] = {
    "theme": {one: one for one in ("system", "light", "dark")},
    "density": {one: one for one in ("comfortable", "compact")},
    "text_size": {str(one): one for one in (90, 100, 110, 125, 150)},
    "first_day": {one: one for one in ("system", "monday", "sunday", "saturday")},
    "dates": {one: one for one in ("words", "american", "iso", "system")},
    "by_change": {"no": False, "yes": True},
    "date_speed": {one: one for one in ("hour", "day", "week", "month", "year")},
    "change_speed": {one: one for one in ("1", "5", "25", "100", "1000")},
}
"""What can be chosen, by the name of the preference and by how it is kept."""


_JOINERS = dict.fromkeys((0x200C, 0x200D))
"""Some scripts need them between two letters."""


def checked_actor(text: str) -> str:
    """Return a name that changes can be made by, trimmed.

    Raises RefusedError naming ``actor`` where it is empty, too long or not a single line of text.
    """
    name = checked_name("actor", text)
    visible = name.translate(_JOINERS)
    if not visible.isprintable():
        raise RefusedError("actor", "The name contains a character that cannot be seen.")
    if not is_readable(visible):
        raise RefusedError("actor", "A name is needed.")
    return name


def read_preferences(kept: Callable[[str], object]) -> tuple[Preferences, bool]:
    """Return the preferences of which ``kept`` returns the texts by their names, and whether all of them make sense.

    ``kept`` returns None for what was never chosen. What makes no sense is as if it had not been chosen.
    """
    texts = {name: text for name in Preferences._fields if (text := kept(name)) is not None}
    chosen: dict[str, Any] = {
        name: CHOICES[name][text]
        for name, text in texts.items()
        if name in CHOICES and isinstance(text, str) and text in CHOICES[name]
    }
    actor = texts.get("actor")
    with suppress(RefusedError):
        if isinstance(actor, str):
            chosen["actor"] = actor and checked_actor(actor)
    return DEFAULTS._replace(**chosen), len(chosen) == len(texts)


def makes_sense(name: str, kept: object) -> bool:
    """Say whether ``read_preferences`` would take what is kept by a name; None, for nothing, it would."""
    return read_preferences({name: kept}.get)[1]


def kept_texts(preferences: Preferences) -> dict[str, str]:
    """Return the texts that ``read_preferences`` reads, by their names."""
    texts = {"actor": preferences.actor}
    for name, choices in CHOICES.items():
        value = getattr(preferences, name)
        texts[name] = next(text for text, one in choices.items() if one == value)
    return texts
