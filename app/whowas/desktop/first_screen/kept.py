"""What the first frame of a start is painted from, and how it is written: plain values, checked before any is used.

Named tuples and not dataclasses, as the window waits for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from whowas import __version__
from whowas.desktop.timeline.drawing import SIGNS, AxisMark, Drawn

FORMAT = 3
MOST_BYTES = 1_000_000
"""A list of longer texts is not kept: reading them would take longer than they spare."""

T = TypeVar("T")

_WIDEST = 1_000_000.0
"""No window is as many pixels wide."""
_MOST = 2**31 - 1
"""As many rows as Qt counts."""
_DIGEST_BYTES = 16
_PARTS = 3
"""A bar has as many colours, one above the other."""


class KeptRow(NamedTuple):
    """A user of the list: ``texts`` are those of the columns shown, in their order."""

    user_id: str
    status: str
    texts: tuple[str, ...]
    groups: tuple[str, ...]


class KeptSection(NamedTuple):
    """A line of the sidebar."""

    key: str
    label: str
    users: int
    colour: str | None


class KeptTimeline(NamedTuple):
    """The timeline: ``look`` is what it was measured with, ``handle`` the pixel of the moment shown.

    ``height`` is that of all of it, with its buttons, and ``narrowest`` the least width that these need.
    """

    look: str
    drawn: Drawn
    handle: float
    height: int
    narrowest: int


class KeptScreen(NamedTuple):
    """What a window shows of a directory as it opens it: everyone, now, in one order, without a search.

    ``position`` and ``chain`` (hexadecimal) are the head of the log that it is of, ``fields`` the ids and names of the
    custom fields, ``columns`` the keys of those shown and ``sort`` the key of the column sorted by, and whether
    descending. ``total`` is how many rows the list has, of which only the first are kept.
    """

    directory_id: str
    position: int
    chain: str
    fields: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    sort: tuple[str, bool]
    total: int
    rows: tuple[KeptRow, ...]
    statuses: tuple[KeptSection, ...]
    groups: tuple[KeptSection, ...]
    changes: int
    label: str
    speed: str
    filter: str
    timeline: KeptTimeline


def encoded(screen: KeptScreen) -> bytes:
    """Return the bytes of a screen: a line that names the format, a digest, and the values."""
    values = json.dumps(screen, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return _head() + _digest(values) + values


def decoded(content: bytes) -> KeptScreen | None:
    """Return the screen that ``encoded`` made those bytes of; None of any others, or where another version did."""
    head = _head()
    begin = len(head) + _DIGEST_BYTES
    values = content[begin:]
    if not content.startswith(head) or content[len(head) : begin] != _digest(values):
        return None
    try:
        return _whole(_SCREEN(json.loads(values)))
    except (ValueError, RecursionError):
        return None


def _head() -> bytes:
    return f"Whowas {__version__}, first screen {FORMAT}\n".encode()


def _digest(values: bytes) -> bytes:
    from whowas.system.digests import sha256  # a window that has nothing to show does not wait for it

    return sha256(values)[:_DIGEST_BYTES]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not a flag")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise ValueError("not a count")
    return value


def _pixel(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not -_WIDEST <= value <= _WIDEST:
        raise ValueError("not a pixel")
    return float(value)


def _whole_pixel(value: object) -> int:
    return int(_pixel(_count(value)))


def _whole_pixels(value: object) -> tuple[int, ...]:
    """Check a list of hundreds at once: one by one was a hundredth of a start."""
    pixels: list[Any] = _list(value)
    if set(map(type, pixels)) - {int}:
        raise ValueError("not pixels")
    if pixels:
        _whole_pixel(min(pixels))
        _whole_pixel(max(pixels))
    return tuple(pixels)


def _parts(value: object) -> tuple[tuple[int, int, int], ...]:
    bars: list[Any] = _list(value)
    if any(len(_list(bar)) != _PARTS for bar in bars):
        raise ValueError("not the parts of bars")
    pixels = _whole_pixels([*chain.from_iterable(bars)])
    return tuple(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))


def _drawing(value: object) -> str:
    if (drawing := _text(value)) not in SIGNS:
        raise ValueError("not the drawing of a sign")
    return drawing


def _many(check: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """Return what checks each of a list."""

    def checked(value: object) -> tuple[T, ...]:
        return tuple(map(check, _list(value)))

    return checked


def _made(make: Callable[..., T], *checks: Callable[[object], object]) -> Callable[[object], T]:
    """Return what makes something of a list, whose items are checked one by one."""

    def made(value: object) -> T:
        return make(*(check(one) for check, one in zip(checks, _list(value), strict=True)))

    return made


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


def _pair(*values: Any) -> tuple[Any, ...]:
    return values


def _timeline(value: object) -> KeptTimeline:
    timeline = _TIMELINE(value)
    bars = len(timeline.drawn.heights)
    if len(timeline.drawn.borders) != bars + 1 or len(timeline.drawn.parts) != bars:
        raise ValueError("not the bars of a timeline")
    return timeline


def _whole(screen: KeptScreen) -> KeptScreen:
    """Require that the rows have a text for each column, and are no more than there are. Raises ValueError."""
    if len(screen.rows) > screen.total or any(len(row.texts) != len(screen.columns) for row in screen.rows):
        raise ValueError("not the rows of a list")
    return screen


_TEXTS = _many(_text)
_SECTIONS = _many(_made(KeptSection, _text, _text, _count, _text_or_none))
_DRAWN = _made(
    Drawn,
    *(_pixel, _pixel, _whole_pixels, _whole_pixels),
    _parts,
    _many(_pixel),
    _many(_made(AxisMark, _pixel, _pixel, _text)),
    _many(_made(_pair, _pixel, _drawing)),
)
_TIMELINE = _made(KeptTimeline, _text, _DRAWN, _pixel, _whole_pixel, _whole_pixel)
_SCREEN = _made(
    KeptScreen,
    *(_text, _count, _text, _many(_made(_pair, _text, _text)), _TEXTS, _made(_pair, _text, _flag), _count),
    _many(_made(KeptRow, _text, _text, _TEXTS, _TEXTS)),
    *(_SECTIONS, _SECTIONS, _count, _text, _text, _text, _timeline),
)
