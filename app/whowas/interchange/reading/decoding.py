"""From the bytes of a text file to its lines, in constant memory; bytes that are no text stay visible as such."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Generator
from dataclasses import dataclass

from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.table import OtherEncoding
from whowas.interchange.source import Source

UNDECODED = re.compile("[\udc00-\udcff]")
"""What stands for a byte that is no text in the encoding of its file: U+DC00 and the byte."""

MOST_OF_A_LINE = (4 << 20) + 1

NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "utf-32-le": "UTF-32LE",
    "utf-32-be": "UTF-32BE",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "cp1258": "Windows-1258",
    "iso8859-2": "ISO-8859-2",
    "iso8859-15": "ISO-8859-15",
    "cp437": "IBM437",
    "cp850": "IBM850",
    "cp866": "IBM866",
    "koi8-r": "KOI8-R",
    "mac-roman": "Mac Roman",
    "gb18030": "GB18030",
    "shift_jis": "Shift_JIS",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
    "euc_jp": "EUC-JP",
}
"""What people call an encoding, by Python's name; each of these names can be given as well."""

_NO_TEXT = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"})
_HANDLER = "whowas.undecoded"
_BOM = "\ufeff"
_CTRL_Z = "\x1a"


@dataclass(frozen=True, slots=True)
class Decoding:
    """How a file is decoded: Python's name of the encoding, and what people are told of it."""

    codec: str
    certain: bool = True
    others: tuple[OtherEncoding, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What people call the encoding."""
        return NAMES.get(self.codec, self.codec)


def codec_called(name: str) -> str:
    """Return Python's name of an encoding that people call ``name``, in either order of bytes: ``utf-16``.

    What calls itself ISO 8859-1 is read as Windows-1252, as browsers do (https://encoding.spec.whatwg.org/#names-and-labels):
    they differ only in control characters, which no list has. Raises RefusedError where nothing is called so.
    """
    plain = re.sub(r"[ _]+", "-", name.strip().lower())
    plain = re.sub(r"^(?:windows|win|cp|ansi|ibm|dos)-?(?=\d)", "cp", plain)
    plain = re.sub(r"^latin-?(?=\d)", "latin", plain)
    plain = {"ansi": "cp1252", "mac": "mac-roman", "macintosh": "mac-roman", "unicode": "utf-16"}.get(plain, plain)
    try:
        found = codecs.lookup(plain)
        "".encode(plain)
    except (LookupError, UnicodeError, ValueError) as error:
        raise _unknown(name) from error
    codec = {"iso8859-1": "cp1252", "utf-8-sig": "utf-8", "ascii": "utf-8"}.get(found.name, found.name)
    if codec in _NO_TEXT:
        raise _unknown(name)
    return codec


def lines_of(source: Source, codec: str) -> Generator[str, None, None]:
    """Yield the lines of a text with their ends, whichever they are; byte order marks and a final Ctrl-Z are left out.

    A line longer than MOST_OF_A_LINE comes in parts of that length. Raises UnreadableError at a NUL character.
    """
    with source.opened() as file, io.TextIOWrapper(file, codec, errors=_HANDLER, newline="") as text:
        line = text.readline(MOST_OF_A_LINE).lstrip(_BOM)
        number = 1
        while line:
            if "\0" in line:
                raise UnreadableError(number, 1, "A NUL byte stands here: the file is not plain CSV.")
            following = text.readline(MOST_OF_A_LINE)
            if not following and line.endswith(_CTRL_Z):
                line = line[: -len(_CTRL_Z)]
            if line:
                yield line
            line = following
            number += 1


def _unknown(name: str) -> RefusedError:
    return RefusedError("encoding", f"No encoding is called “{shortened(name)}”. Try UTF-8, UTF-16 or Windows-1252.")


def _undecoded(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    found = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in found), error.end


codecs.register_error(_HANDLER, _undecoded)
