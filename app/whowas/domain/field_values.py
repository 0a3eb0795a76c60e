"""Values of custom fields by the type of the field: the form in which they are held, and how they sort.

Every value is held as text. What that text may be depends on the type: a number as it was typed, a date as
``YYYY-MM-DD``, "yes" or "no", one of the choices in the spelling of the choice.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, assert_never
from urllib.parse import urlsplit

from whowas.domain.errors import RefusedError
from whowas.domain.field_definitions import FieldDefinition
from whowas.domain.fields import ATTRIBUTE_PREFIX, LINE_LIMIT, checked, listed, name_key, shortened
from whowas.domain.text_folding import folded

NUMBER_LIMIT: Final = 100
"""The most characters of a number."""

_NUMBER = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PHONE = re.compile(r"[0-9+()\-./ ]+")
_DIGITS = re.compile(r"[0-9]+")
_COMPLEMENT = str.maketrans("0123456789", "9876543210")
_YES_OR_NO: Final = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
_FEWEST_DIGITS = 3
_NAMED_CHOICES = 5


def checked_as(definition: FieldDefinition, name: str, text: object) -> str | None:
    """Return a value of the custom field called ``name`` as a user holds it; None where there is none.

    Raises RefusedError naming ``attributes.<name>``, with how to write it.
    """
    field = ATTRIBUTE_PREFIX + name
    kept = checked(field, text)
    if kept is None or definition.type == "text":
        return kept
    trimmed = kept.strip()
    if not trimmed:
        return None
    match definition.type:
        case "number":
            return _number(field, trimmed)
        case "date":
            return _date(field, trimmed)
        case "yes or no":
            if (held := _YES_OR_NO.get(trimmed.casefold())) is None:
                raise RefusedError(field, f"“{shortened(trimmed)}” is neither yes nor no.")
            return held
        case "choice":
            return _choice(field, trimmed, definition.choices)
        case "link":
            return _link(field, trimmed)
        case "email":
            return _email(field, trimmed)
        case "phone":
            return _phone(field, trimmed)
        case _:
            assert_never(definition.type)


def sort_key(definition: FieldDefinition, text: str) -> str:
    """Return the text by which values of a field compare, code point by code point.

    Numbers compare by value, dates by day, yes comes before no, and choices are in their own order; all other texts
    compare without case and accents, and with their runs of digits by value, so that M9 comes before M10. What is no
    value of the type, as a value of old may be, comes after those that are.
    """
    match definition.type:
        case "text" | "link" | "email" | "phone":
            return natural_key(text)
        case "number":
            key = _number_key(text)
        case "date":
            key = text if _is_date(text) else None
        case "yes or no":
            key = {"yes": "0", "no": "1"}.get(text)
        case "choice":
            key = f"{definition.choices.index(text):09d}" if text in definition.choices else None
        case _:
            assert_never(definition.type)
    return f"1{natural_key(text)}" if key is None else f"0{key}"


def natural_key(text: str) -> str:
    """Return the text by which texts compare, with their runs of digits by value."""
    return _DIGITS.sub(lambda run: _counted_digits(run[0]), folded(text))


def _number(field: str, text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise RefusedError(field, f"“{shortened(text)}” is no number. Write it like 1250.5 or -3.")
    if len(text) > NUMBER_LIMIT:
        raise RefusedError(field, f"This number is too long: at most {NUMBER_LIMIT} characters fit.")
    return text


def _date(field: str, text: str) -> str:
    if not _DATE.fullmatch(text):
        raise RefusedError(field, f"“{shortened(text)}” is no date. Write year, month and day, like 2026-12-31.")
    if not _is_date(text):
        raise RefusedError(field, f"There is no day {text}.")
    return text


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _choice(field: str, text: str, choices: tuple[str, ...]) -> str:
    if text in choices:
        return text
    key = name_key(text)
    for choice in choices:
        if name_key(choice) == key:
            return choice
    if len(choices) > _NAMED_CHOICES:
        known = f"{', '.join(map(shortened, choices[:_NAMED_CHOICES]))} and {len(choices) - _NAMED_CHOICES:,} more"
    else:
        known = listed(map(shortened, choices)) if choices else "none"
    raise RefusedError(field, f"“{shortened(text)}” is not one of the choices: {known}.")


def _link(field: str, text: str) -> str:
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or " " in text or not text.isprintable():
        raise RefusedError(field, f"“{shortened(text)}” is no link. Write it like https://example.org/page.")
    if len(text) > LINE_LIMIT:
        raise RefusedError(field, f"This link is too long: {len(text):,} characters, at most {LINE_LIMIT:,} fit.")
    return text


def _email(field: str, text: str) -> str | None:
    try:
        return checked("email", text)
    except RefusedError as error:
        raise RefusedError(field, str(error)) from None


def _phone(field: str, text: str) -> str:
    if not _PHONE.fullmatch(text) or len(text) > LINE_LIMIT or sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        raise RefusedError(field, f"“{shortened(text)}” is no phone number. Write it like +49 30 1234567.")
    return text


def _number_key(text: str) -> str | None:
    """Return a text that compares as the number does: by sign, by length, by digits; None for what is no number."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, whole, decimals = found[1], found[2], (found[3] or "").rstrip("0")
    size = f"{_counted_digits(whole)}.{decimals}"
    negative = sign == "-" and (whole.strip("0") or decimals)
    # The tilde comes after every digit: of two numbers below zero, the one with more decimals is the smaller.
    return f"0{size.translate(_COMPLEMENT)}~" if negative else f"1{size}"


def _counted_digits(digits: str) -> str:
    """Return digits after how many they are, and that after how many digits it has: so they compare by value."""
    significant = digits.lstrip("0")
    count = str(len(significant))
    return f"{len(count)}{count}{significant}"
