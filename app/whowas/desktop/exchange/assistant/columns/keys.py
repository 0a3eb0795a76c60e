"""By what users can be recognised, of what lists give."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from whowas.domain.fields import ATTRIBUTE_PREFIX, shortened
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.people.keys import key_label
from whowas.interchange.mapping.field_names import NAME

Keys = tuple[str, ...]

USUAL: Keys = ImportRules().keys
NOTHING = "Nothing in this file"
_NAMES = ("first_name", "last_name", NAME)


def keys_offered(gives: Collection[str]) -> Iterator[Keys]:
    """Yield the keys that can be chosen where lists give these fields, the usual ones first."""
    yield USUAL
    there = [key for key in USUAL if key in gives]
    if len(there) > 1:
        for key in there:
            yield (key,)
    if any(name in gives for name in _NAMES):
        yield (NAME,)
    for field in gives:
        if field.startswith(ATTRIBUTE_PREFIX):
            yield (field,)


def keys_words(keys: Sequence[str], gives: Collection[str]) -> str:
    """Return keys in words, those that lists do not give left out: "External id, then email"."""
    there = [key for key in keys if key in gives or key == NAME]
    labels = [shortened(key_label(key)) for key in there]
    later = [label.lower() if key in USUAL else label for key, label in zip(there[1:], labels[1:], strict=True)]
    return ", then ".join([*labels[:1], *later]) or NOTHING


def fitting(keys: Keys, gives: Collection[str]) -> Keys:
    """Return keys as long as they can be chosen, else the usual ones."""
    return keys if keys in set(keys_offered(gives)) or _all_there(keys, gives) else USUAL


def _all_there(keys: Keys, gives: Collection[str]) -> bool:
    return bool(keys) and all(key in gives or (key == NAME and any(name in gives for name in _NAMES)) for key in keys)
