"""Asking where to save: the one way to a name for a file, whatever is to be written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

_UNASKED = QFileDialog.Option.DontConfirmOverwrite


def ask_where_to_save(
    window: QWidget, title: str, name: str, endings: Mapping[str, str], *, replacing: bool = True
) -> Path | None:
    """Let the person choose a file; ``endings`` maps the types there are, the first being offered, to their endings.

    The file has the ending of its type, so the ending says what is to be written. A type that was chosen counts more
    than the ending typed, the one offered less. Whether a file that is there may be replaced is asked of the name that
    comes out of that, unless what writes it never does (``replacing``). None where nothing is to be saved.
    """
    # Qt would ask about the name that was typed, which may not be the one that is written.
    chosen, kind = QFileDialog.getSaveFileName(window, title, name, ";;".join(endings), next(iter(endings)), _UNASKED)
    if not chosen:
        return None
    target = _ended(Path(chosen), kind, endings)
    asking = replacing and target.is_file()
    return target if not asking or _may_replace(window, title, target) else None


def _ended(target: Path, kind: str, endings: Mapping[str, str]) -> Path:
    offered = next(iter(endings))
    ending = endings.get(kind, endings[offered])
    typed = target.suffix.lower()
    if typed == ending or (kind in (offered, "") and typed in endings.values()):
        return target
    return target.with_suffix(ending) if typed in endings.values() else target.with_name(target.name + ending)


def _may_replace(window: QWidget, title: str, target: Path) -> bool:
    box = QMessageBox(
        QMessageBox.Icon.Warning,
        title,
        f"“{target.name}” exists already. Replace it?",
        QMessageBox.StandardButton.Cancel,
        window,
    )
    box.setTextFormat(Qt.TextFormat.PlainText)
    replace = box.addButton("Replace", QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    return box.clickedButton() is replace
