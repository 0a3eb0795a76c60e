"""What a page can do more where its directory is a shared one."""

from __future__ import annotations

from whowas.desktop.page.feature import PageContext
from whowas.desktop.session.live import Live
from whowas.desktop.sharing.lost_changes import LostChangesFound
from whowas.desktop.sharing.others_changes import OthersChanges
from whowas.desktop.sharing.strips import SharedStrips
from whowas.desktop.window.main_window import MainWindow


def equip_shared(context: PageContext, live: Live, window: MainWindow) -> None:
    """Give a page what belongs to a shared directory."""
    SharedStrips(context, live).againWanted.connect(window.open)
    OthersChanges(context, live)
    LostChangesFound(context, live)
