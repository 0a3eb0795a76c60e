"""Reaching a directory on a server when it is opened; or, without one, opening what this computer keeps of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from whowas.domain.progress import Progress
from whowas.store.follower.bringing_up import brought_up, follower_of, hides_passwords
from whowas.store.follower.follower import Follower
from whowas.store.follower.kept import Kept, LastKnown, digest_of_address, kept_of
from whowas.store.follower.link import Link
from whowas.store.server.errors import NotConnectedError

if TYPE_CHECKING:
    from whowas.store.server.address import ServerAddress


@dataclass(frozen=True, slots=True)
class OpenedFollower:
    """A follower, open, and what is known of its directory; ``offline`` is why there is no connection, if so.

    ``remark`` is a sentence about what was done, such as that a damaged follower was made anew.
    """

    kept: Kept
    follower: Follower
    known: LastKnown
    remark: str | None = None
    offline: NotConnectedError | None = None


def reached(link: Link, address: ServerAddress, progress: Progress) -> OpenedFollower:
    """Connect and bring the follower up to the server; without a connection, open the follower alone.

    Raises StoreError where there is neither server nor follower, or where the server lets nobody in;
    AnotherHistoryError, with the follower kept aside; CancelledError.
    """
    try:
        return _connected(link, address, progress)
    except NotConnectedError as error:
        kept = kept_of(address)
        if kept is None:
            raise
        return _offline(link, kept, error)


def _connected(link: Link, address: ServerAddress, progress: Progress) -> OpenedFollower:
    directory_id, account, rights = link.asked(lambda server: (server.directory_id, server.account, server.rights))
    kept = Kept(directory_id, hides_passwords=hides_passwords(rights))
    known = kept.known()
    addresses = dict.fromkeys((*known.addresses, digest_of_address(address)))
    known = replace(known, addresses=tuple(addresses), account=account, rights=rights, skew=link.skew)
    link.address = replace(address, directory_id=directory_id)
    follower, known, remark = brought_up(link, kept, kept.remember(known), progress)
    return OpenedFollower(kept, follower, known, remark)


def _offline(link: Link, kept: Kept, error: NotConnectedError) -> OpenedFollower:
    known = kept.known()
    link.address = replace(link.address, directory_id=kept.directory_id)
    link.skew = known.skew
    return OpenedFollower(kept, follower_of(kept), known, offline=error)
