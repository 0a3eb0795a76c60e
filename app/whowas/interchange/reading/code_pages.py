"""Which code page a text without Unicode may be in: Windows-1252 first, and how the others would read.

Guessing does not tell them apart in a short list, so that the likeliest of the West is proposed and the others are
shown beside it, with the words by which a person sees at once which is right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice

from whowas.interchange.reading.decoding import NAMES, Decoding
from whowas.interchange.reading.table import OtherEncoding
from whowas.interchange.source import Source

_PROPOSED = "cp1252"
_OTHERS = (
    "cp1250", "iso8859-2", "iso8859-15", "cp1254", "cp1257", "mac-roman", "cp850", "cp1251", "koi8-r", "cp866",
    "cp1253", "cp1255", "cp1256", "gb18030", "big5", "shift_jis", "euc_kr", "euc_jp",
)  # fmt: skip
"""By how often they are met, which decides between those that fit equally well."""

_WORD = re.compile(rb"[^\x00-\x20\",;]*[\x80-\xff][^\x00-\x20\",;]*")
"""A word with a byte that is not ASCII. What parts words is never half a character, in any of these code pages."""

_SAMPLED_WORDS = 300
_SHOWN_WORDS = 3
_SHOWN_OTHERS = 8
_LONGEST_LINE = 1 << 16

_FAULT_OF_CATEGORY = {"Lu": 0.0, "Ll": 0.0, "Lt": 0.0, "Lm": 0.3, "Lo": 0.0, "Mn": 0.3, "Mc": 0.3}
"""How unlikely a character is in a name, from 0 to 1, by its category; 1 for what is not named here."""

_PUNCTUATION = frozenset("’‘“”„«»–—…·•°§€£ªº¿¡ ")
_RARE = frozenset("ªºÐðÞþ×÷ƒˆ˜")
_COMMON = (
    frozenset("äöüßÄÖÜéèêëàâçôûîïñáíóúåøæÅØÆÉ"),
    frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюя"),
    frozenset("αβγδεζηθικλμνξοπρςστυφχψωάέήίόύώ"),
    frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžČĎĚŇŘŠŤŮŽőűŐŰăâîșțşţıİğĞšžā"),
)


def code_page_of(source: Source) -> Decoding:
    """Return Windows-1252 and what else a file without Unicode may be in, best first.

    Where it holds a byte that Windows-1252 does not have, the best of the others is proposed.
    """
    words = _words(source)
    readings = {codec: reading for codec in (_PROPOSED, *_OTHERS) if (reading := _read(words, codec)) is not None}
    proposed = _PROPOSED if _PROPOSED in readings else min(readings, key=lambda each: _fault(readings[each]))
    first = readings.pop(proposed)
    ranked = sorted(readings, key=lambda codec: _fault(readings[codec]))
    others: dict[tuple[str, ...], OtherEncoding] = {}
    for codec in ranked:
        differing = tuple(word for word, known in zip(readings[codec], first, strict=True) if word != known)
        if differing:  # of those that read alike, the commoner is enough
            others.setdefault(tuple(readings[codec]), OtherEncoding(NAMES[codec], _first_of(differing)))
    return Decoding(proposed, certain=False, others=tuple(others.values())[:_SHOWN_OTHERS])


def _words(source: Source) -> list[bytes]:
    """Return the first words that are not ASCII."""
    words: list[bytes] = []
    with source.opened() as file:
        while len(words) < _SAMPLED_WORDS and (line := file.readline(_LONGEST_LINE)):
            if not line.isascii():
                words += islice((found[0] for found in _WORD.finditer(line)), _SAMPLED_WORDS - len(words))
    return words


def _read(words: Sequence[bytes], codec: str) -> list[str] | None:
    """Return the words in a code page, None where it has no such bytes."""
    try:
        return [word.decode(codec) for word in words]
    except UnicodeDecodeError:
        return None


def _first_of(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(words), _SHOWN_WORDS))


def _fault(words: Sequence[str]) -> float:
    """Return how unlikely a reading is: the mean over its characters beyond ASCII, from 0 (likely) to 1 and above."""
    faults = [fault for word in words for fault in _faults(word)]
    return sum(faults) / len(faults) if faults else 1.0


def _faults(word: str) -> list[float]:
    """Return a fault for each character beyond ASCII: symbols, scripts mixed in a word, capitals within one."""
    scripts = [_script(letter) for letter in word if letter.isalpha()]
    mixed = 0.5 if len(set(scripts)) > 1 else 0.0
    faults = []
    for before, letter in zip(" " + word, word, strict=False):
        if letter.isascii():
            continue
        unlikely = mixed + _FAULT_OF_CATEGORY.get(unicodedata.category(letter), 1.0)
        fault = 0.1 if letter in _PUNCTUATION else unlikely
        if letter in _RARE or _script(letter) == "HALFWIDTH":
            fault += 0.4
        elif letter.isupper() and before.islower():
            fault += 0.6
        elif not any(letter in common or letter.lower() in common for common in _COMMON):
            fault += 0.1
        faults.append(fault)
    return faults


def _script(letter: str) -> str:
    """Return the first word of a letter's name, which is its script."""
    return unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0]
