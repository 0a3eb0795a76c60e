"""The files of an import as they were read: their private copies, and whether they have changed on disk since."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from whowas.domain.errors import CancelledError, WhowasError
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress, part_of
from whowas.interchange.importing.told.sentences import named
from whowas.interchange.source import Source

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one state of a file on disk from another: which file it is, its size, and when it was written."""

    file: tuple[int, int]
    size: int
    written_at: int


@dataclass(frozen=True, slots=True)
class ReadFile:
    """Something to be imported. ``path`` is where it lay, None where it came from no file.

    ``stamp`` is None for what has no lasting state on disk, such as a pipe. ``unread`` says in a sentence why it could
    not be read, and then ``source`` is empty.
    """

    source: Source
    path: Path | None = None
    stamp: Stamp | None = None
    unread: str = ""


ReadAll = Callable[[ExitStack, Progress], Sequence[ReadFile]]
"""Reads what is to be imported, in a job; private copies go as the stack is closed.

Raises StoreError, RefusedError, and CancelledError from the progress.
"""


def read_files(paths: Sequence[Path], kept: ExitStack, progress: Progress) -> list[ReadFile]:
    """Read files, each of them once. One that cannot be read says so, and does not keep the others from being read."""
    paths = list({path.absolute(): path for path in paths}.values())
    names = distinct_names(paths)
    read = []
    for part, (path, name) in enumerate(zip(paths, names, strict=True)):
        stamp = stamp_of(path)
        try:
            source = kept.enter_context(Source.read_from(path, part_of(progress, part, len(paths))))
        except CancelledError:
            raise
        except WhowasError as error:
            read.append(ReadFile(Source.of(name, b""), path, stamp, str(error)))
        else:
            read.append(ReadFile(replace(source, name=name), path, stamp))
    return read


def called(names: Sequence[str]) -> str:
    """Return what files are called together."""
    return shortened(names[0]) if len(names) == 1 else f"{len(names):,} files"


def distinct_names(paths: Sequence[Path]) -> list[str]:
    """Return what files are called: by their names, and where several have the same one, by their folders too."""
    names = [path.name for path in paths]
    for length in range(2, max((len(path.absolute().parts) for path in paths), default=0) + 1):
        repeated = {name for name in names if names.count(name) > 1}
        if not repeated:
            break
        longer = ["/".join(path.absolute().parts[-length:]) for path in paths]
        names = [more if name in repeated else name for name, more in zip(names, longer, strict=True)]
    return names


def stamp_of(path: Path) -> Stamp | None:
    """Return the state in which a file is now; None where there is none, or it has no lasting state."""
    try:
        found = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return Stamp((found.st_dev, found.st_ino), found.st_size, found.st_mtime_ns)


def changed_since(files: Iterable[ReadFile]) -> str:
    """Say in a sentence which of the files changed or went since they were read; "" where none did."""
    gone, changed = [], []
    for file in files:
        if file.path is None or file.stamp is None:
            continue
        now = stamp_of(file.path)
        if now is None:
            gone.append(file.source.name)
        elif now != file.stamp:
            changed.append(file.source.name)
    if changed:
        one = len(changed) == 1
        were, they, them = ("was", "it was", "it") if one else ("were", "they were", "them")
        since = f"{named(changed, most=_MOST_NAMED)} {were} changed since {they} read."
        return f"{since} Read {them} again, or import what was read."
    if gone:
        are, them = ("is", "it") if len(gone) == 1 else ("are", "them")
        return f"{named(gone, most=_MOST_NAMED)} {are} no longer there. What was read of {them} can be imported."
    return ""
