"""Lists that are the same byte for byte, although they are of different dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b

from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.told.sentences import named
from whowas.interchange.source import Source

_CHUNK = 1 << 20


def same_lists(inputs: Sequence[ListInput], progress: Progress) -> Iterator[str]:
    """Yield a sentence for lists that are the same, which is no mistake: a month may be quiet.

    Raises CancelledError or StoreError.
    """
    by_size: dict[int, list[Source]] = {}
    for given in inputs:
        if given.source.size:
            by_size.setdefault(given.source.size, []).append(given.source)
    by_content: dict[bytes, list[str]] = {}
    for sources in by_size.values():
        if len(sources) > 1:
            for source in sources:
                by_content.setdefault(_digest(source, progress), []).append(source.name)
    for names in by_content.values():
        if len(names) > 1:
            yield f"{named(names)} are the same, byte for byte."


def _digest(source: Source, progress: Progress) -> bytes:
    digest = blake2b(digest_size=16)
    try:
        with source.opened() as file:
            while chunk := file.read(_CHUNK):
                progress(0, 0)
                digest.update(chunk)
    except OSError as error:
        raise StoreError(f"“{source.name}” cannot be read: {error.strerror or error}.") from error
    return digest.digest()
