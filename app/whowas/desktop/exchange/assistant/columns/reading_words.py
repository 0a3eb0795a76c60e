"""How files are read, in the words of the window, and what a person can say instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whowas.domain.fields import listed, shortened
from whowas.interchange.reading.decoding import NAMES
from whowas.interchange.reading.table import OtherEncoding

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space", ":": "colon"}

_COMMON = ("utf-8", "utf-16-le", "cp1252", "cp1250", "cp1251", "iso8859-15", "cp850", "mac-roman", "gb18030")
_SHOWN_WORDS = 2
_LONGEST_WORD = 24


def delimiter_word(delimiter: str) -> str:
    """Return what a delimiter is called."""
    return DELIMITERS.get(delimiter) or f"“{shortened(delimiter)}”"


def one_of(values: Sequence[str], several: str) -> str:
    """Return the value that all lists have, ``several`` where they differ, "" where none has any."""
    found = {value for value in values if value}
    return found.pop() if len(found) == 1 else several if found else ""


def encodings_offered(detected: str, others: Sequence[OtherEncoding]) -> Iterator[tuple[str, str]]:
    """Yield encodings by the names people know, each with its entry: what else a file may be in, then common ones.

    The former show the words that would read otherwise, by which a person sees at once which is right.
    """
    offered = {detected}
    for other in others:
        words = [f"“{shortened(word, _LONGEST_WORD)}”" for word in other.words if word.isprintable()]
        reads = f", which reads {listed(words[:_SHOWN_WORDS])}" if words else ""
        offered.add(other.encoding)
        yield other.encoding, other.encoding + reads
    for codec in _COMMON:
        if NAMES[codec] not in offered:
            yield NAMES[codec], NAMES[codec]
