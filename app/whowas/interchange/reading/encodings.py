"""Which encoding a text file is in, looking at all of it in constant memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from whowas.domain.progress import Progress
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.code_pages import code_page_of
from whowas.interchange.reading.decoding import UNDECODED, Decoding, codec_called
from whowas.interchange.source import Source

_CHUNK = 1 << 20
_SAMPLE = 1 << 16

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before that of UTF-16, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEAST_SHARE_OF_NULS = 0.05
"""UTF-16 has at least so many: commas, ends of lines and addresses are ASCII in every script."""

_SOUND_PER_UNSOUND = 4
"""A file is UTF-8 with faults, and in no other encoding, if it has so many sound characters for each byte that is not.

Beyond ASCII, of course. No text in a code page looks like that: a sound character takes two to four bytes that fit."""


def decoding_of(source: Source, given: str | None, progress: Progress) -> Decoding:
    """Return how a file is decoded. Raises RefusedError where there is no such encoding, UnreadableError for NULs."""
    sample = source.beginning(_SAMPLE)
    marked = next((codec for mark, codec in _BOMS if sample.startswith(mark)), None)
    if given is not None:
        return Decoding(_with_order(codec_called(given), marked, sample))
    codec = marked or _utf_16(sample)
    if codec not in (None, "utf-8"):
        return Decoding(codec)
    return _utf_8(source, progress, marked=codec is not None) or code_page_of(source)


def _with_order(codec: str, marked: str | None, sample: bytes) -> str:
    """Return the codec with its order of bytes, where it has one: that of the mark, else the likelier."""
    if codec not in ("utf-16", "utf-32"):
        return codec
    if marked is not None and marked.startswith(codec):
        return marked
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return f"{codec}-be" if even > odd else f"{codec}-le"


def _utf_16(sample: bytes) -> str | None:
    """Return the codec of a text in UTF-16 without a byte order mark, None where it is none."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < _LEAST_SHARE_OF_NULS * len(sample) or max(even, odd) < 4 * min(even, odd):
        return None
    codec = "utf-16-be" if even > odd else "utf-16-le"
    text = sample[: len(sample) // 2 * 2].decode(codec, "replace")
    return codec if text.count("�") * 50 < len(text) and "\0" not in text else None


def _utf_8(source: Source, progress: Progress, *, marked: bool) -> Decoding | None:
    """Return UTF-8 where a file is that, as one with its mark is whatever else it holds, or but for a few bytes."""
    sound = unsound = 0
    decoder = codecs.getincrementaldecoder("utf-8")("whowas.undecoded")
    for chunk in _chunks(source, progress):
        text = decoder.decode(chunk)
        if not text.isascii():
            bad = len(UNDECODED.findall(text))
            unsound += bad
            sound += len(text) - len(text.encode("ascii", "ignore")) - bad
    unsound += len(decoder.decode(b"", final=True))
    if not unsound:
        return Decoding("utf-8")
    if not marked and sound < _SOUND_PER_UNSOUND * unsound:
        return None
    what = "1 byte is" if unsound == 1 else f"{unsound:,} bytes are"
    return Decoding("utf-8", certain=False, said=(f"The file is UTF-8, but {what} not: those rows cannot be read.",))


def _chunks(source: Source, progress: Progress) -> Iterator[bytes]:
    """Yield the bytes of a file, a chunk at a time. Raises UnreadableError at a NUL byte, naming its line."""
    done = line = 0
    with source.opened() as file:
        while chunk := file.read(_CHUNK):
            if chunk.endswith(b"\r"):  # which may be half the end of a line
                chunk += file.read(1)
            before, nul, _ = chunk.partition(b"\0")
            line += before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
            if nul:
                raise UnreadableError(line + 1, 1, "A NUL byte stands here: the file is not plain CSV.")
            done += len(chunk)
            progress(done, source.size)
            yield chunk
