"""Everything the window can do, as actions with their texts, icons and keyboard shortcuts, for menus and tool bar."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from whowas.desktop.kit import icons
from whowas.desktop.kit.plain_text import tool_tip

_Keys = QKeySequence.StandardKey

AS_KNOWN = "As we knew it"
AS_KNOWN_TIP = "Show this moment as the directory had it then, without what was only recorded later"


class Actions(NamedTuple):
    """One field an action; its text is its name for screen readers too."""

    new_directory: QAction
    open: QAction
    open_shared: QAction
    sample: QAction
    import_: QAction
    import_again: QAction
    export: QAction
    backups: QAction
    share: QAction
    members: QAction
    check_server: QAction
    take_back: QAction
    close: QAction
    quit: QAction
    undo: QAction
    redo: QAction
    copy_rows: QAction
    copy_emails: QAction
    paste: QAction
    find: QAction
    fields: QAction
    settings: QAction
    new_user: QAction
    save: QAction
    discard: QAction
    drafts: QAction
    set_password: QAction
    add_to_group: QAction
    remove_from_group: QAction
    set_field: QAction
    find_replace: QAction
    change_case: QAction
    suspend: QAction
    reactivate: QAction
    delete: QAction
    restore: QAction
    erase: QAction
    play: QAction
    previous: QAction
    next: QAction
    go_to_date: QAction
    name_moment: QAction
    return_to_now: QAction
    as_known: QAction
    undo_this: QAction
    restore_moment: QAction
    what_if: QAction
    verify: QAction
    flash: QAction
    shortcuts: QAction
    about: QAction

    def of_directory(self) -> tuple[QAction, ...]:
        """Return the actions that need an open directory."""
        return (
            *(
                self.import_,
                self.import_again,
                self.copy_rows,
                self.copy_emails,
                self.paste,
                self.export,
                self.backups,
                self.share,
                self.members,
                self.check_server,
                self.take_back,
                self.close,
                self.undo,
                self.redo,
                self.find,
                self.fields,
                self.new_user,
            ),
            *(self.save, self.discard, self.drafts, *self.of_user()),
            *(self.play, self.previous, self.next, self.go_to_date),
            *(self.name_moment, self.return_to_now, self.as_known, self.undo_this, self.restore_moment, self.what_if),
            self.verify,
        )

    def all(self) -> tuple[QAction, ...]:
        """Return every action, in the order of the menus."""
        return tuple(self)

    def of_user(self) -> tuple[QAction, ...]:
        """Return the actions on the selected users."""
        others = self.suspend, self.reactivate, self.delete, self.restore, self.erase
        return self.set_password, *self.in_bulk(), *others

    def in_bulk(self) -> tuple[QAction, ...]:
        """Return the actions that ask what to do with all selected users."""
        return self.add_to_group, self.remove_from_group, self.set_field, self.find_replace, self.change_case


_ACTIONS: dict[str, tuple[str, str, str | _Keys, str]] = {
    "new_directory": ("New directory…", "file-plus", "Ctrl+Shift+N", "Begin an empty directory in a new file"),
    "open": ("Open…", "folder-open", _Keys.Open, "Open a directory"),
    "open_shared": ("Open shared…", "server", "", "Open a directory that several people share, on a server"),
    "sample": ("Open a sample", "users", "", "Look around in a made-up directory with years of history"),
    "import_": ("Import", "import", "Ctrl+I", "Take in lists, spreadsheets or a change log"),
    "import_again": ("Import again…", "", "Ctrl+Shift+I", "Nothing was imported into this directory yet"),
    "export": ("Export", "export", "Ctrl+E", "Write the users shown to a CSV file, or the whole log"),
    "backups": ("Backups…", "history", "", "See the backups that Whowas made of this directory, and restore one"),
    "share": ("Share this directory…", "users", "", "Move this directory to a server, for several people to work in"),
    "members": ("Members…", "", "", "See who may do what in this shared directory, and who is here now"),
    "check_server": (
        "Check the server…",
        "",
        "",
        "See what the server promises for this directory, and what it does not",
    ),
    "take_back": (
        "Take back to a file…",
        "",
        "",
        "Copy this shared directory to a file of its own, with all of its history",
    ),
    "close": ("Close directory", "x", _Keys.Close, "Go back to the welcome page"),
    "quit": ("Quit", "", _Keys.Quit, "Leave Whowas; drafts are kept"),
    "undo": ("Undo", "undo", _Keys.Undo, "Nothing to undo"),
    "redo": ("Redo", "redo", "Ctrl+Shift+Z", "Nothing to redo"),
    "copy_rows": (
        "Copy",
        "copy",
        _Keys.Copy,
        "Copy the selected rows, with the columns shown, for a spreadsheet or a text",
    ),
    "copy_emails": (
        "Copy emails",
        "",
        "",
        "Copy the email addresses of the selected users, for the To line of a message",
    ),
    "paste": ("Paste rows", "", _Keys.Paste, "Take in rows that were copied in a spreadsheet"),
    "find": ("Find", "search", _Keys.Find, "Search names, emails, groups, anything"),
    "fields": ("Fields…", "", "", "Add, rename and delete the fields that this directory has besides its own"),
    "settings": ("Settings…", "", "Ctrl+,", "Your name, how the window looks, dates, playing and backups"),
    "new_user": ("New user", "user-plus", _Keys.New, "Add a user to the directory"),
    "save": ("Save changes", "check", _Keys.Save, "Save what the form holds"),
    "discard": ("Discard changes", "x", "", "Put the form back to what is saved"),
    "drafts": ("Drafts…", "pencil", "", "See what is not saved yet of all users, and go on with it or discard it"),
    "set_password": ("Set password…", "key", "Ctrl+Shift+P", "Set or clear the password of the selected user"),
    "add_to_group": ("Add to group…", "group-plus", "Ctrl+Shift+G", "Make the selected users members of a group"),
    "remove_from_group": ("Remove from group…", "group-minus", "", "End the membership of the selected users"),
    "set_field": ("Set a field…", "pencil", "", "Give a field one value for all selected users, or clear it"),
    "find_replace": ("Find and replace…", "", "Ctrl+H", "Replace a text in the fields of the selected users"),
    "change_case": ("Change case…", "", "", "Write a field of the selected users in capitals, small letters or both"),
    "suspend": ("Suspend", "circle-pause", "", "Suspend the selected users"),
    "reactivate": ("Reactivate", "circle-check", "", "End the suspension of the selected users"),
    "delete": ("Delete", "trash", "Ctrl+Del", "Take the selected users out of the directory, restorably"),
    "restore": ("Bring back", "undo", "", "Bring the selected deleted users back"),
    "erase": ("Erase…", "user-x", "", "Forget the selected user for ever, as if they had never been here"),
    "play": ("Play", "play", "Ctrl+Space", "Play the history, or stop playing it"),
    "previous": ("Previous change", "step-back", "Alt+Left", "Show the directory one change earlier"),
    "next": ("Next change", "step-forward", "Alt+Right", "Show the directory one change later"),
    "go_to_date": ("Go to date…", "calendar", "Ctrl+G", "Show the directory as it was on a day"),
    "name_moment": ("Name this moment…", "bookmark", "Ctrl+D", "Give the moment that is shown a name"),
    "return_to_now": ("Return to now", "history", "Alt+End", "Leave the past"),
    "as_known": (AS_KNOWN, "", "", AS_KNOWN_TIP),
    "undo_this": (
        "Undo this change",
        "undo",
        "",
        "Take back what led to the moment shown, nothing later",
    ),
    "restore_moment": ("Restore…", "undo", "", "Bring users back to how they were at the moment shown"),
    "what_if": ("What if not…", "", "", "See how it would be now without the change that led to the moment shown"),
    "verify": ("Verify…", "shield-check", "", "Check whether the history is as it was written"),
    "flash": ("Flash what changes", "", "", "Light up cells for a moment as the history goes past what changed them"),
    "shortcuts": ("Keyboard shortcuts", "", "F1", "List the keys"),
    "about": ("About Whowas", "", "", "What this is, and where it keeps its files"),
}


_CHECKABLE = {"as_known", "flash"}


def actions_of(window: QMainWindow) -> Actions:
    """Make every action, owned by ``window``; nothing is connected yet."""
    made: dict[str, QAction] = {}
    for name, (text, icon, keys, tip) in _ACTIONS.items():
        action = QAction(text, window)
        action.setCheckable(name in _CHECKABLE)
        if icon:
            action.setIcon(icons.icon(icon))
        if keys:
            action.setShortcut(QKeySequence(keys))
        made[name] = action
        describe(action, tip)
    made["redo"].setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
    actions = Actions(**made)
    of_table = (*actions.of_user(), actions.copy_rows, actions.paste)
    for action in of_table:
        # By keys they are reached only where users are listed, see ``editing_keys.OnlyFrom``.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    window.addActions([action for action in actions.all() if action not in of_table])
    return actions


def describe(action: QAction, tip: str) -> None:
    """Set what is said of an action: in the status bar, and as a tool tip with its shortcut behind it."""
    action.setStatusTip(tool_tip(tip))
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(tool_tip(f"{tip} ({keys})" if keys else tip))
