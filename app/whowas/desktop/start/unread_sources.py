"""Importing without having every source file read once more."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

ASKED = "_mod_uses_pyside"
"""The function of the binding that reads a source."""


def leave_sources_unread() -> None:
    """Have Qt's binding not look into the sources of the modules that are imported from now on.

    It reads each of them to find out whether it uses the binding, and so may ask for one of its features, such as
    names in snake case (``from __feature__ import snake_case``). No module here does, nor any that is used; in the
    bundle, where there are no sources, it finds none. Reading them is a tenth of a start.

    Where another version of the binding does that otherwise, it goes on doing so.
    """
    import_module("PySide6.QtCore")
    feature = import_module("shibokensupport.feature")
    if hasattr(feature, ASKED):
        setattr(feature, ASKED, _uses_no_feature)


def _uses_no_feature(_module: ModuleType) -> bool:
    return False
