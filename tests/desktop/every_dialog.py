"""Every dialog there is, with the same text wherever a dialog shows what people have written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QWidget

from whowas.corrections.undo_one.plan import Conflict
from whowas.desktop.bulk.dialog import BulkDialog
from whowas.desktop.bulk.joining import JoinForm
from whowas.desktop.details.conflict_dialog import ConflictDialog, Contested
from whowas.desktop.details.true_since_dialog import TrueSinceDialog
from whowas.desktop.exchange.assistant.columns.field_name_dialog import FieldNameDialog
from whowas.desktop.exchange.assistant.files.dialog import FilesDialog
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.exchange.assistant.jobs.looking import SeenFile
from whowas.desktop.exchange.assistant.jobs.read_files import ReadFile
from whowas.desktop.exchange.imported.dialog import MadeImportDialog
from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.fields.definition_dialog import DefinitionDialog
from whowas.desktop.fields.dialog import FieldLine, FieldsDialog
from whowas.desktop.groups.merge_dialog import MergeGroupDialog
from whowas.desktop.groups.rename_dialog import RenameGroupDialog
from whowas.desktop.history.list import HistoryItem
from whowas.desktop.keeping.backups_dialog import BackupsDialog
from whowas.desktop.keeping.noted_head_dialog import NotedHeadDialog
from whowas.desktop.keeping.seen_words import SeenLine
from whowas.desktop.keeping.verify_dialog import VerifyDialog
from whowas.desktop.keeping.verify_words import VerifyOutcome
from whowas.desktop.kit.assistant.frame import AssistantFrame
from whowas.desktop.kit.dialogs.change_preview import Line, PutBackDialog
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.putting_back.restore_dialog import LaterLine, RestoreDialog
from whowas.desktop.putting_back.undo_one_dialog import UndoThisDialog
from whowas.desktop.settings.dialog import SettingsDialog
from whowas.desktop.settings.preferences import Preferences
from whowas.desktop.settings.stored import Settings
from whowas.desktop.sharing.assistant.dialog import ShareDialog
from whowas.desktop.sharing.check_dialog import CheckServerDialog
from whowas.desktop.sharing.lost_dialog import LostChangesDialog, LostLine
from whowas.desktop.sharing.members_dialog import MembersDialog
from whowas.desktop.sharing.open_shared_dialog import OpenSharedDialog
from whowas.desktop.sharing.sign_in_dialog import SignInDialog
from whowas.desktop.sharing.words import what_happens
from whowas.desktop.time_travel.field_history_dialog import FieldHistoryDialog
from whowas.desktop.time_travel.go_to_date_dialog import GoToDateDialog
from whowas.desktop.time_travel.moment_name_dialog import MomentNameDialog
from whowas.desktop.users.draft_words import DraftLine
from whowas.desktop.users.drafts_dialog import DraftsDialog
from whowas.desktop.users.erase_dialog import EraseDialog
from whowas.desktop.users.password_dialog import SetPasswordDialog
from whowas.desktop.what_if.differences_dialog import DifferencesDialog
from whowas.desktop.window.about_dialog import AboutDialog, ShortcutsDialog
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.field_definitions import FieldDefinition
from whowas.domain.progress import unwatched
from whowas.interchange.importing.made_import import MadeImport, MadeRows
from whowas.interchange.importing.told.outcome import RowOutcome
from whowas.interchange.source import Source
from whowas.safekeeping.backups import Backup
from whowas.store.chain import Head
from whowas.team.checking import Finding
from whowas.team.members import Member

DAY = 86_400_000_000


def every_dialog(text: str, folder: Path) -> dict[type[QDialog], Callable[[], QDialog]]:
    """What makes one dialog of each kind."""
    line, later = Line(text, text, text, text), LaterLine(text, text, text)
    conflict = Conflict("x", text, "title", text, text, text, text, text, DAY)

    def put_back() -> QDialog:
        dialog = PutBackDialog(text, text, "Put back")
        dialog.show_lines([line], possible=True)
        return dialog

    def restore() -> QDialog:
        dialog = RestoreDialog("1 March", [text, "Everybody"], lambda _scope: None, lambda: None)
        dialog.set_sentence(text)
        dialog.show_lines([line], possible=True)
        dialog.show_later([later])
        return dialog

    def bulk() -> QDialog:
        form = JoinForm(Directory(groups={"g": text}))
        form.refuse(RefusedError("group", text))
        dialog = BulkDialog(text, text, form)
        dialog.refuse(text)
        dialog.show_lines([line], text, text, possible=True)
        return dialog

    def progress() -> QDialog:
        dialog = ProgressDialog(text)
        dialog.set_progress(1, 2, text)
        return dialog

    def backups() -> QDialog:
        dialog = BackupsDialog(text, [Backup(folder / "one.whowas", DAY, 1, None, False, text)], {})
        dialog.say(text)
        return dialog

    def fields() -> QDialog:
        dialog = FieldsDialog()
        dialog.show_fields(
            [FieldLine("x", text, is_deleted=False), FieldLine("y", text, is_deleted=True)], may_change=True
        )
        dialog.refuse(text)
        return dialog

    def drafts() -> QDialog:
        dialog = DraftsDialog()
        dialog.show_drafts(["new", "x"], [DraftLine(text, text), DraftLine(text, text)])
        return dialog

    def verify() -> QDialog:
        dialog = VerifyDialog()
        outcome = VerifyOutcome(text, text, "added", "shield-check", "active_text")
        dialog.show_outcome(outcome, Head(17_618, bytes(32)), SeenLine(text, "circle-check", "active_text"), text)
        return dialog

    def made_import() -> QDialog:
        rows = MadeRows()
        rows.add(1, RowOutcome("", 0, "changed", "x", text, {"title": (text, text)}, reason=text, occurred_at=DAY))
        made = MadeImport("x", text, text, DAY, (DAY, DAY), rows, rows.counted(), (text,), (text,), True, False, 1)
        return MadeImportDialog(made, PreviewRows.of_rows(rows, unwatched))

    def assistant() -> QDialog:
        dialog = AssistantDialog(text, QWidget(), QWidget())
        dialog.show_preview(text)
        dialog.offer_import("Import 19 users", text)
        dialog.notice.say(text, wrong=True, button="Read again", do=lambda: None)
        return dialog

    def share() -> QDialog:
        dialog = ShareDialog(text, text)
        dialog.where.refuse(RefusedError("password", text))
        dialog.where.show_answer(text)
        dialog.who.show_accounts([text, "kit"], text)
        dialog.check.show_findings([Finding("wrong", text), Finding("to know", text), Finding("fine", text)])
        dialog.check.show_steps(what_happens(text, text, text, 2), text)
        dialog.move_page.begin(text, [text])
        dialog.show_step("Check", text)
        dialog.notice.say(text, wrong=True)
        return dialog

    def members() -> QDialog:
        dialog = MembersDialog(text, text, text)
        found = [Member("ada", "admin", is_here=True, is_group=False), Member(text, "reader", False, False)]
        dialog.show_members(found, [text, "kit"], text, may_change=True)
        dialog.model.choose(1, "editor")
        return dialog

    def check_server() -> QDialog:
        dialog = CheckServerDialog(text)
        dialog.show_findings([Finding("wrong", text)])
        dialog.show_failure(text)
        return dialog

    file = ReadFile(Source.of(text, b""))
    item = HistoryItem(1, "user-plus", text, text, text, text, future=False, why=text, because=text)
    return {
        AboutDialog: lambda: AboutDialog(Settings(folder)),
        ShortcutsDialog: lambda: ShortcutsDialog([QAction("Undo")]),
        BackupsDialog: backups,
        BulkDialog: bulk,
        ConflictDialog: lambda: ConflictDialog([Contested("title", text, text, text)]),
        DifferencesDialog: lambda: DifferencesDialog(text, text, [line]),
        DraftsDialog: drafts,
        EraseDialog: lambda: EraseDialog(text, shared=True),
        ShareDialog: share,
        MembersDialog: members,
        CheckServerDialog: check_server,
        FieldNameDialog: lambda: FieldNameDialog(text),
        FieldHistoryDialog: lambda: FieldHistoryDialog(text, text, [item]),
        GoToDateDialog: lambda: GoToDateDialog(DAY, 9 * DAY, 5 * DAY),
        MadeImportDialog: made_import,
        AssistantDialog: assistant,
        FilesDialog: lambda: FilesDialog([SeenFile(file, 1), SeenFile(file, wrong=text)], {}),
        MergeGroupDialog: lambda: MergeGroupDialog(text, 2, [("x", text)]),
        RenameGroupDialog: lambda: RenameGroupDialog(text),
        FieldsDialog: fields,
        DefinitionDialog: lambda: DefinitionDialog(text, FieldDefinition("choice", choices=(text,), help=text)),
        MomentNameDialog: lambda: MomentNameDialog(text, text, name=text, note=text),
        ProgressDialog: progress,
        PutBackDialog: put_back,
        RestoreDialog: restore,
        SettingsDialog: lambda: SettingsDialog(Preferences(actor=text[:90]), text, text),
        SetPasswordDialog: lambda: SetPasswordDialog(text, True),
        TrueSinceDialog: lambda: TrueSinceDialog(DAY),
        NotedHeadDialog: lambda: NotedHeadDialog(lambda _head: (True, text)),
        VerifyDialog: verify,
        LostChangesDialog: lambda: LostChangesDialog([LostLine(DAY, text, text, 2 * DAY)], text, text, text),
        OpenSharedDialog: lambda: OpenSharedDialog(folder),
        SignInDialog: lambda: SignInDialog(text, text, text),
        UndoThisDialog: lambda: UndoThisDialog(text, text, [line], [conflict], [text]),
    }


def kinds_of_dialogs() -> set[type[QDialog]]:
    """Every kind of dialog that the program has, whether listed above or not."""

    def below(kind: type[QDialog]) -> set[type[QDialog]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    return {
        kind for kind in below(DialogFrame) - {DialogFrame, AssistantFrame} if kind.__module__.startswith("whowas.")
    }
