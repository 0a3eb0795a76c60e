"""Why a connection could not be made, as sentences: of that there is no code, only words."""

from __future__ import annotations

import psycopg

from whowas.domain.errors import StoreError
from whowas.store.server.address import ServerAddress
from whowas.store.server.connecting.heard import heard_in, without_place
from whowas.store.server.driver_errors import by_code, one_line, told_of
from whowas.store.server.errors import NotConnectedError


def sentence_of_connecting(error: psycopg.Error, address: ServerAddress) -> StoreError:
    """Return what is said where a connection could not be made.

    What a server says may be in its own language; it is passed on where it is not known.
    """
    text = without_place(str(error))
    match heard_in(text):
        case (heard, _) if heard.code:
            return by_code(heard.code, address, text)
        case (heard, found):
            return told_of(heard.sentence, address, *map(one_line, found.groups()), kind=heard.kind)
        case None:
            return told_of("{Server} cannot be connected to: {0}.", address, one_line(text), kind=NotConnectedError)
