"""The options of ``import``: what each may say, and which of them go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from whowas.cli.importing.import_dates import BY_NAME
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, checked_name, listed, name_key, shortened
from whowas.domain.users import STATUSES, Status
from whowas.interchange.importing.dates.list_dates import FIELD
from whowas.interchange.importing.given.rules import ImportRules, Missing, Similar
from whowas.interchange.importing.ready import FileFormat, Request
from whowas.interchange.mapping.chosen import DayOrder
from whowas.interchange.mapping.field_names import OPTION_PREFIX, field_asked
from whowas.interchange.mapping.list_mapping import Blank, Chosen
from whowas.interchange.mapping.saved_mappings import SUFFIX
from whowas.interchange.reading.delimiters import delimiter_called
from whowas.interchange.reading.table import HowToRead

_DAY_ORDERS: Final[dict[str, DayOrder]] = {"day-first": "day first", "month-first": "month first"}
KEYS = ("id", "external_id", "email", "name")


@dataclass(frozen=True, slots=True)
class Given:
    """The options as they were given; None, False and empty ones were not."""

    file_format: FileFormat = "auto"
    columns: Sequence[str] = ()
    mapping: str | None = None
    save_mapping: str | None = None
    key: str | None = None
    similar: Similar | None = None
    statuses: Sequence[str] = ()
    blank: Blank | None = None
    dates: Literal["day-first", "month-first"] | None = None
    missing: Missing | None = None
    among: str | None = None
    yes: bool = False
    true_since: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    no_header: bool = False
    skip_refused: bool = False

    def require_agreement(self, files: int) -> None:
        """Raise RefusedError where two options contradict each other, or what fits one file is said of several."""
        if self.among is not None and self.missing not in ("suspend", "delete"):
            raise RefusedError("among", "--among says whose absence counts: give --missing suspend or delete with it.")
        self._require_dates_understood(files)
        match self.file_format:
            case "changelog" | "log":
                self.require_no_list()
            case "csv" | "xlsx" | "ods":
                self.require_fitting(self.file_format)
            case _:
                pass

    def _require_dates_understood(self, files: int) -> None:
        if self.true_since == BY_NAME:
            unsaid = [
                option for option, given in (("--missing", self.missing), ("--blank", self.blank)) if given is None
            ]
            if unsaid:
                what = "what becomes of users who are not in a list, and what an empty cell means"
                raise RefusedError(FIELD, f"--true-since name wants {listed(unsaid)} said: {what}.")
        elif self.true_since is not None and files > 1:
            sentence = "One moment cannot be the date of several lists: say --true-since name, or import one by one."
            raise RefusedError(FIELD, sentence)

    def require_no_list(self) -> None:
        """Raise RefusedError where an option was given that only lists have, as change logs and logs have no titles."""
        given = self._for_lists()
        if given:
            raise RefusedError("", f"{given[0]} is for lists; a change log or log says itself what it means.")

    def require_fitting(self, list_format: str) -> None:
        """Raise RefusedError where an option was given that a list of this format, csv, xlsx or ods, does not have."""
        if list_format == "csv" and self.sheet is not None:
            raise RefusedError("sheet", "--sheet is for spreadsheets; this is read as CSV.")
        for option, given in (("--encoding", self.encoding), ("--delimiter", self.delimiter)):
            if list_format != "csv" and given is not None:
                raise RefusedError("", f"{option} is for CSV; this is a spreadsheet, which says that itself.")

    def how_to_read(self) -> HowToRead:
        """Return what was said about reading lists. Raises RefusedError."""
        delimiter = None if self.delimiter is None else delimiter_called(self.delimiter)
        return HowToRead(self.encoding, delimiter, self.sheet, header=not self.no_header)

    def rules(self) -> ImportRules:
        """Return what was said about the import as a whole. Raises RefusedError."""
        rules = ImportRules()
        return ImportRules(
            keys=rules.keys if self.key is None else keys(self.key),
            similar=self.similar or rules.similar,
            missing=self.missing or rules.missing,
            among=rules.among if self.among is None else self.among,
            yes=self.yes,
            skip_refused=self.skip_refused,
        )

    def request(self) -> Request:
        """Return all that was said about the import, but for dates. Raises RefusedError."""
        return Request(self.file_format, self.how_to_read(), self.chosen(), self.rules(), self._saved_as())

    def chosen(self) -> Chosen:
        """Return what was said about columns. Raises RefusedError."""
        fields, statuses = fields_of_titles(self.columns), statuses_of_words(self.statuses)
        days = None if self.dates is None else _DAY_ORDERS[self.dates]
        return Chosen(fields, statuses, self.blank, self.mapping or "", days)

    def _saved_as(self) -> str:
        """Return the name of the mapping that is to be saved, or ""."""
        if self.save_mapping is None:
            return ""
        named = Path(self.save_mapping).stem if is_file(self.save_mapping) else self.save_mapping
        return checked_name("mapping", named)

    def _for_lists(self) -> list[str]:
        options = {
            "--map": self.columns,
            "--mapping": self.mapping,
            "--save-mapping": self.save_mapping,
            "--key": self.key,
            "--similar": self.similar,
            "--status": self.statuses,
            "--blank": self.blank,
            "--dates": self.dates,
            "--missing": self.missing,
            "--true-since": self.true_since,
            "--encoding": self.encoding,
            "--delimiter": self.delimiter,
            "--sheet": self.sheet,
            "--no-header": self.no_header,
        }
        return [option for option, given in options.items() if given not in (None, (), False)]


def fields_of_titles(pairs: Sequence[str]) -> dict[str, str | None]:
    """Return the field of each title from TITLE=FIELD; None leaves a column out. Raises RefusedError.

    A title may contain “=”: the last one counts after which a field stands.
    """
    found: dict[str, str | None] = {}
    for pair in pairs:
        title, field = _title_and_field(pair)
        if found.setdefault(title, field) != field:
            raise RefusedError("map", f"--map says two things of the column “{shortened(title)}”.")
    return found


def _title_and_field(pair: str) -> tuple[str, str | None]:
    refused: RefusedError | None = None
    for equals in (index for index in reversed(range(len(pair))) if pair[index] == "="):
        title = pair[:equals].strip()
        try:
            if title:
                return title, field_asked(pair[equals + 1 :])
        except RefusedError as error:
            refused = refused or error
    raise refused or RefusedError("map", f"“{shortened(pair)}” is not TITLE=FIELD, as --map wants it.")


def statuses_of_words(pairs: Sequence[str]) -> dict[str, Status]:
    """Return the status of each word from WORD=STATUS, "" for what stands for blank cells. Raises RefusedError."""
    found: dict[str, Status] = {}
    for pair in pairs:
        word, equals, text = pair.rpartition("=")
        status = next((known for known in STATUSES if known == text.strip().lower()), None)
        if status is None or not equals:
            sentence = f"“{shortened(pair)}” is not WORD=STATUS: STATUS is active, suspended or deleted."
            raise RefusedError("status", sentence)
        word = word.strip()
        if any(status != other and name_key(word) == name_key(known) for known, other in found.items()):
            raise RefusedError("status", f"--status says two things of the word “{shortened(word)}”.")
        found[word] = status
    return found


def keys(text: str) -> tuple[str, ...]:
    """Return the keys of FIELD[,FIELD], in order. Raises RefusedError."""
    found = []
    for part in text.split(","):
        name = part.strip()
        custom = name.startswith(OPTION_PREFIX)
        if not custom and name not in KEYS:
            raise RefusedError(
                "key",
                f"“{shortened(name)}” cannot tell users apart: a key is {', '.join(KEYS)} or {OPTION_PREFIX}NAME.",
            )
        found.append(ATTRIBUTE_PREFIX + checked_name("key", name.removeprefix(OPTION_PREFIX)) if custom else name)
    return tuple(dict.fromkeys(found))


def is_file(mapping: str) -> bool:
    """Say whether a mapping is given by the path of its file, not by its name."""
    return Path(mapping).suffix.casefold() == SUFFIX
