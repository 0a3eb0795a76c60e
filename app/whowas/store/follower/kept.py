"""What a computer keeps of directories on servers: their followers, and what was known of the server last."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import uuid_utils

from whowas.domain.errors import StoreError
from whowas.domain.fields import is_id
from whowas.store.server.roles import Rights
from whowas.system import folders
from whowas.system.unfinished import write_whole

if TYPE_CHECKING:
    from whowas.store.server.address import ServerAddress

_NUMBER = re.compile(r" (\d+)\.whowas$")


@dataclass(frozen=True, slots=True)
class Lost:
    """Changes that the server lost: all behind ``through`` in the file of that name."""

    file: str
    through: int
    count: int


@dataclass(frozen=True, slots=True)
class LastKnown:
    """What is remembered of a directory, for one kind of account.

    ``addresses`` are digests of those by which it was reached. ``seen_at`` is when the follower was up to the server,
    UTC µs by its clock, which is ahead of this computer's by ``skew`` µs. ``follower_id`` is by which id this follower
    says what it has forgotten, ``forgotten`` up to which position it has said so, -1 if it never did.
    """

    addresses: tuple[str, ...] = ()
    account: str = ""
    rights: Rights | None = None
    seen_at: int = 0
    skew: int = 0
    follower_id: str = ""
    forgotten: int = -1
    lost: Lost | None = None


_decode = msgspec.json.Decoder(LastKnown).decode


class Kept:
    """The folder of one directory, for accounts from which password hashes are hidden or for others.

    A follower that is not to be used any more, as it is of another history, stays where it is: the one that is used is
    that with the highest number.
    """

    def __init__(self, directory_id: str, *, hides_passwords: bool) -> None:
        self.folder = folders.state() / "followers" / directory_id
        self.directory_id = directory_id
        self.hides_passwords = hides_passwords
        self._kind = "without passwords" if hides_passwords else "whole"

    @property
    def path(self) -> Path:
        """The path of the follower that is used, there or not."""
        return self._numbered(max(self._numbers(), default=1))

    def next_path(self) -> Path:
        """Return the path of the follower that is used once there is something at it."""
        return self._numbered(max(self._numbers(), default=0) + 1)

    def free_path(self, name: str) -> Path:
        """Return a path in this folder at which there is nothing, for a file called ``name``."""
        numbers = iter(range(2, 1_000_000))
        path = self.folder / f"{name}{folders.SUFFIX}"
        while path.exists():
            path = self.folder / f"{name} {next(numbers)}{folders.SUFFIX}"
        return path

    def known(self) -> LastKnown:
        """Return what is remembered; where that cannot be read, nothing is."""
        try:
            return _decode(self._notes.read_bytes())
        except (OSError, msgspec.DecodeError):
            return LastKnown()

    def remember(self, known: LastKnown) -> LastKnown:
        """Remember something else, and return it. Raises StoreError."""
        if not known.follower_id:
            known = replace(known, follower_id=str(uuid_utils.uuid4()))
        try:
            folders.private_folder(self.folder)
            write_whole(self._notes, msgspec.json.encode(known))
        except OSError as error:
            raise StoreError(f"“{self.folder}” cannot be used: {error.strerror or error}.") from error
        return known

    @property
    def _notes(self) -> Path:
        return self.folder / f"{self._kind}.json"

    def _numbers(self) -> Iterator[int]:
        for path in self.folder.glob(f"{self._kind} *{folders.SUFFIX}"):
            if (found := _NUMBER.search(path.name)) is not None:
                yield int(found[1])

    def _numbered(self, number: int) -> Path:
        return self.folder / f"{self._kind} {number}{folders.SUFFIX}"


def digest_of_address(address: ServerAddress) -> str:
    """Return by what an address is known again: whatever leads elsewhere or lets in somebody else is part of it."""
    parts = (address.service, address.host, address.port, address.dbname, address.user, address.schema)
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def kept_of(address: ServerAddress) -> Kept | None:
    """Return what is kept of the directory at an address, as it was opened last; None where nothing is.

    Only what was reached by that very address, or what it names by its id.
    """
    known_as, found = digest_of_address(address), []
    root = folders.state() / "followers"
    if address.directory_id is not None:
        candidates = [root / address.directory_id]
    else:
        candidates = list(root.glob("*")) if root.is_dir() else []
    for folder in candidates:
        if not is_id(folder.name):
            continue
        for hides_passwords in (False, True):
            kept = Kept(folder.name, hides_passwords=hides_passwords)
            known = kept.known()
            if (
                kept.path.exists()
                and known.seen_at
                and (known_as in known.addresses or address.directory_id is not None)
            ):
                found.append((known_as in known.addresses, known.seen_at, kept))
    return max(found, key=lambda each: each[:2])[2] if found else None
