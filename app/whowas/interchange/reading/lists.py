"""Reading a list in any of the formats: CSV in all its forms, and spreadsheets."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import closing
from itertools import islice

from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress, part_of, unwatched
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.body import table_of
from whowas.interchange.reading.csv_rows import RawRow, csv_rows
from whowas.interchange.reading.decoding import lines_of
from whowas.interchange.reading.delimiters import delimiter_called, detected_delimiter, said_in
from whowas.interchange.reading.encodings import decoding_of
from whowas.interchange.reading.kinds import kind_of
from whowas.interchange.reading.packages import damaged
from whowas.interchange.reading.spreadsheets import read_workbook
from whowas.interchange.reading.table import Detected, HowToRead, Table
from whowas.interchange.reading.titles import KnowsTitle
from whowas.interchange.source import Source

_SAMPLED_LINES = 200
_SAMPLED_CHARACTERS = 1 << 20


def read_list(
    source: Source,
    how: HowToRead,
    file_format: str = "",
    *,
    knows_title: KnowsTitle | None = None,
    progress: Progress = unwatched,
) -> Table:
    """Return a source as a table; ``file_format`` is csv, xlsx or ods, or empty to be detected.

    All of it is looked at once. ``knows_title`` says of a clean title whether it is recognised: by that the titles are
    found below a heading, and the delimiter. Raises UnreadableError (see ``entries``) with one sentence where it is no
    list at all, RefusedError where ``how`` asks for what there is not, and StoreError.
    """
    try:
        return _table(source, how, file_format, knows_title, progress)
    except OSError as error:
        if error.errno == errno.EINVAL:  # a place in a package lies before its beginning
            raise damaged() from error
        raise StoreError(f"“{source.name}” cannot be read: {error.strerror or error}.") from error


def _table(
    source: Source, how: HowToRead, file_format: str, knows_title: KnowsTitle | None, progress: Progress
) -> Table:
    if source.size == 0:
        raise UnreadableError(0, 0, "The file is empty.")
    kind = kind_of(source)
    if file_format not in ("", kind):
        raise UnreadableError(0, 0, f"This is not {file_format.upper()}: by its content it is {kind.upper()}.")
    if kind == "csv":
        return _csv(source, how, knows_title, progress)
    return read_workbook(source, kind, how, knows_title, progress)


def _csv(source: Source, how: HowToRead, knows_title: KnowsTitle | None, progress: Progress) -> Table:
    decoding = decoding_of(source, how.encoding, part_of(progress, 0, 2))
    sample = _sample(source, decoding.codec)
    if not sample:
        raise UnreadableError(0, 0, "The file is empty.")
    named = said_in(sample[0])
    skipped = named is not None
    if how.delimiter is not None:
        delimiter = delimiter_called(how.delimiter)
    else:
        delimiter = named or detected_delimiter(sample, knows_title)

    def raw_rows() -> Iterator[RawRow]:
        lines = islice(lines_of(source, decoding.codec), int(skipped), None)
        return csv_rows(lines, delimiter, first_line=1 + skipped)

    detected = Detected(
        "csv", decoding.name, delimiter, certain=decoding.certain, others=decoding.others, said=decoding.said
    )
    return table_of(raw_rows, detected, header=how.header, knows_title=knows_title, progress=part_of(progress, 1, 2))


def _sample(source: Source, codec: str) -> list[str]:
    """Return the first lines of a text, without gathering endless ones."""
    sample: list[str] = []
    with closing(lines_of(source, codec)) as lines:
        for line in islice(lines, _SAMPLED_LINES):
            sample.append(line)
            if sum(map(len, sample)) > _SAMPLED_CHARACTERS:
                break
    return sample
