"""What was detected of a file, in sentences for people, as far as they did not say it themselves."""

from __future__ import annotations

from collections.abc import Mapping

from whowas.domain.fields import listed, shortened
from whowas.interchange.reading.table import Detected, HowToRead, OtherEncoding

_MOST_OTHERS = 3
_MOST_WORDS = 3
_USUAL = "UTF-8"
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def how_read(file: str, detected: Detected, how: HowToRead) -> tuple[list[str], Mapping[str, str]]:
    """Return what is not so with most files, and which option of the command line answers what of it.

    ``file`` is its name, ``how`` what was said of it.
    """
    said: list[str] = []
    advice: dict[str, str] = {}
    called = f"“{shortened(file)}”"
    if how.encoding is None and detected.encoding not in ("", _USUAL):
        if detected.certain:
            said.append(f"{called} is read as {detected.encoding}.")
        else:
            others = [_other(other) for other in detected.others if any(map(str.isprintable, other.words))]
            also = f" It would read {listed(others[:_MOST_OTHERS])}." if others else ""
            said.append(f"{called} is no Unicode, and read as {detected.encoding}.{also}")
            advice[said[-1]] = "Say --encoding if that is wrong."
    if how.delimiter is None and detected.delimiter in _SEPARATORS:
        said.append(f"The columns of {called} are separated by {_SEPARATORS[detected.delimiter]}.")
    return said, advice


def _other(other: OtherEncoding) -> str:
    words = [f"“{shortened(word)}”" for word in other.words if word.isprintable()]
    return f"{listed(words[:_MOST_WORDS])} in {other.encoding}"
