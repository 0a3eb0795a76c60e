"""In which networks this computer is."""

from __future__ import annotations

import socket

import pytest

from whowas.system.network import networks


def test_nothing_changes_by_itself() -> None:
    assert networks() == networks()


def test_an_interface_that_came_or_an_address_that_is_another_one_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [networks()]
    there = socket.if_nameindex()
    monkeypatch.setattr(socket, "if_nameindex", lambda: [*there, (99, "tun7")])
    seen.append(networks())
    monkeypatch.setattr(socket.socket, "getsockname", lambda _: ("10.1.2.3", 4))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: None)
    seen.append(networks())
    assert len(set(seen)) == 3


def test_a_computer_in_no_network_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setattr(socket, "if_nameindex", unreachable)
    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert networks() == ((), ("", ""))
