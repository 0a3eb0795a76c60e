"""What a person typed to be let in by a server."""

from __future__ import annotations

from whowas.desktop.window.opening import SignIn


def test_a_password_stands_in_no_report() -> None:
    typed = SignIn("ines", "open sesame")
    assert repr(typed) == "SignIn('ines')"
    assert "sesame" not in f"{typed} {typed!r} {[typed]}"
