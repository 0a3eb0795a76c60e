"""In which networks this computer is, to notice that it is in others by now."""

from __future__ import annotations

import socket

_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses that are nobody's (RFC 5737 and RFC 3849), behind whatever leads out of here."""

_ANY_PORT = 9


def networks() -> tuple[tuple[str, ...], ...]:
    """Return what differs once a network came or went: names of interfaces, and own addresses towards elsewhere.

    Nobody is asked, and nothing sent: it takes some microseconds.
    """
    try:
        interfaces = tuple(sorted(name for _, name in socket.if_nameindex()))
    except OSError:
        interfaces = ()
    return interfaces, tuple(_own_address(family, there) for family, there in _ELSEWHERE)


def _own_address(family: socket.AddressFamily, there: str) -> str:
    """Return by which of its addresses this computer would send there; "" where nothing leads there."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as unsent:
            unsent.connect((there, _ANY_PORT))
            return str(unsent.getsockname()[0])
    except OSError:
        return ""
