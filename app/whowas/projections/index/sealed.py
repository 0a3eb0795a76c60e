"""Small descriptions in files of their own, with a digest: what differs from what was written is not read."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from whowas.system import folders

T = TypeVar("T")


class _Sealed(msgspec.Struct):
    """What is in a file, and a digest of it."""

    digest: str
    content: msgspec.Raw


def write(path: Path, description: msgspec.Struct) -> None:
    """Write a description to a new file (mode 0600). Raises OSError."""
    content = msgspec.json.encode(description)
    with opened(path) as file:
        file.write(msgspec.json.encode(_Sealed(_digest(content), msgspec.Raw(content))))


def read(path: Path, kind: type[T]) -> T:
    """Return what was written. Raises OSError, or ValueError where it is not as it was written."""
    sealed = msgspec.json.decode(path.read_bytes(), type=_Sealed)
    if _digest(sealed.content) != sealed.digest:
        raise ValueError(path)
    return msgspec.json.decode(sealed.content, type=kind)


def opened(path: Path) -> BinaryIO:
    """Return a new file (mode 0600), open for being written. Raises OSError."""
    return open(path, "xb", opener=folders.for_its_owner)


def _digest(content: bytes | msgspec.Raw) -> str:
    return blake2b(content, digest_size=16).hexdigest()
