"""What can go wrong with a server, as far as callers tell it apart."""

from __future__ import annotations

from whowas.domain.errors import StoreError


class NotConnectedError(StoreError):
    """The server cannot be reached, or the connection to it was lost before anything was asked of it."""


class AnotherHistoryError(StoreError):
    """The history on the server is not the one that this computer saw; ``position`` is the first that differs."""

    def __init__(self, sentence: str, position: int) -> None:
        super().__init__(sentence)
        self.position = position


class NotLetInError(StoreError):
    """The server wants an account or a password that it was not given, or others."""
