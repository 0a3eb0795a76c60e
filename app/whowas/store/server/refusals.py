"""What the functions on the server refuse, by the codes that they raise, besides what any server may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from whowas.domain.errors import RefusedError
from whowas.store.server.address import ServerAddress
from whowas.store.server.driver_errors import sentences_for_server
from whowas.store.server.version import SERVER_VERSION

_UNREADABLE = (
    "The directory on the server takes no change like that, so nothing was saved: this program is newer than what was "
    "made there, or is none of Whowas."
)
_OF_AN_EARLIER_VERSION = (
    "The directory on the server was made by an earlier version of Whowas, which takes no change like that, so nothing "
    "was saved. Ask an admin to run “whowas team upgrade”."
)
_REFUSALS = {
    "WH002": (
        "occurred_at",
        "The moment lies in the future by the server's clock: nothing can have occurred then yet.",
    ),
    "WH003": (
        "actor",
        "In a shared directory everybody writes under the name of their own account; only an import names others.",
    ),
    "WH008": ("", _UNREADABLE),
    "WH004": ("", "Only an admin of a shared directory may erase somebody for ever. Ask one."),
}


@contextmanager
def refusals_of(address: ServerAddress, version: int = SERVER_VERSION) -> Iterator[None]:
    """Turn what our functions refuse into RefusedErrors, and what else goes wrong into StoreErrors.

    ``version`` is that of the directory there.
    """
    with sentences_for_server(address):
        try:
            yield
        except psycopg.Error as error:
            if error.sqlstate not in _REFUSALS:
                raise
            if error.sqlstate == "WH008" and version < SERVER_VERSION:
                raise RefusedError("", _OF_AN_EARLIER_VERSION) from error
            raise RefusedError(*_REFUSALS[error.sqlstate]) from error
