"""How the columns of one list become fields of users, and what was not understood."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from whowas.domain.fields import ATTRIBUTE_PREFIX, LINE_LIMIT, name_key, shortened
from whowas.domain.progress import Progress, unwatched
from whowas.domain.users import STATUSES, Status
from whowas.interchange.entries import UnreadableError
from whowas.interchange.mapping.asked import asked_columns, require_different
from whowas.interchange.mapping.cells import look_at
from whowas.interchange.mapping.chosen import Blank, Chosen
from whowas.interchange.mapping.columns import Columns, columns_of
from whowas.interchange.mapping.day_cells import open_days
from whowas.interchange.mapping.list_row import ListRow, UnusableRow
from whowas.interchange.mapping.own_export import OWN_EXPORT, own_field, own_titles
from whowas.interchange.mapping.product import Product, TitleMeanings
from whowas.interchange.mapping.recognising import product_of
from whowas.interchange.mapping.roles import STATUS_ROLES, Role
from whowas.interchange.mapping.rows import RowMapper
from whowas.interchange.mapping.said import left_out, said_of, said_of_left_out
from whowas.interchange.mapping.saved_mappings import with_saved
from whowas.interchange.mapping.status_words import word_key, words_of
from whowas.interchange.mapping.title_keys import numbered, title_key
from whowas.interchange.reading.table import Row, Table

__all__ = ["Blank", "Chosen", "ListMapping", "ListRow", "UnusableRow", "map_list"]

_LONGEST_SOURCE = LINE_LIMIT - 20


@dataclass(frozen=True, slots=True)
class ListMapping:
    """The mapping of one table.

    ``source`` names the list across imports: the saved mapping's name, else what its set of titles comes to.
    ``product`` is whose export was recognised, or "". ``becomes`` maps each title to the fields it gives (none: left
    out), in order; ``left_out`` are the titles that nobody asked to leave out; ``said`` are sentences for people about
    what was recognised or supposed, and what is left out, ``advice`` what the command line adds to some of them, as
    it names options. ``own`` says that it is our own export. ``row`` turns a row into what it says, and
    ``words_of_status`` into its words for a status, as ``RowMapper`` has it. ``days`` are the columns, from 0, that
    give fields of days.
    """

    source: str
    product: str
    own: bool
    becomes: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: tuple[str, ...]
    said: tuple[str, ...]
    row: Callable[[Row], ListRow | UnusableRow]
    words_of_status: Callable[[Row], Iterator[tuple[str, Status | None]]] = lambda _row: iter(())
    advice: Mapping[str, str] = field(default_factory=dict)
    days: tuple[int, ...] = ()


def map_list(
    table: Table,
    chosen: Chosen,
    progress: Progress = unwatched,
    *,
    to_look: bool = False,
    holding_days: Callable[[], Collection[str]] = frozenset,
) -> ListMapping:
    """Return the mapping of a table; where cells decide what a column means, its rows are read once.

    ``progress`` is told of rows. ``holding_days`` gives the custom fields whose values are days, behind
    ATTRIBUTE_PREFIX; it is asked where a column becomes a custom field. A person who is only ``to_look`` at it may say
    later what names a person, and whether days or months come first. Raises UnreadableError where nothing does
    otherwise, a cell may be two days, or two titles are the same, and RefusedError where two titles give one field,
    ``chosen`` says something of a title that is not there, or its saved mapping cannot be read.
    """
    chosen, remarks = with_saved(chosen, table.titles)
    asked = asked_columns(table.titles, chosen.fields)
    own = own_titles(table)
    titles = table.titles if own is None else own
    separators: tuple[str, ...] = ()
    if own is not None:
        require_different(titles, asked, table.detected.header_line, exactly=True)
        product, columns = OWN_EXPORT, _own_columns(own, asked)
    else:
        require_different(titles, asked, table.detected.header_line)
        product = product_of({title_key(title) for title in titles})
        columns = columns_of(titles, asked, TitleMeanings(product))
        separators = _decided_by_cells(table, columns, progress)
    if not to_look:
        _require_somebody(columns, table)
    days = _columns_of_days(columns, holding_days)
    if days and chosen.days is None and not to_look:
        _require_days_told(table, days, progress)
    unasked = tuple(titles[column] for column in left_out(titles, columns, asked))
    rows = RowMapper(
        columns,
        _words(product, chosen.statuses),
        separators,
        product.between_values,
        # Under our own names texts come in as they went out.
        exact=frozenset(column for column, title in enumerate(titles) if title in columns.fields),
        own=own is not None,
        clear=chosen.blank == "clear",
        days=frozenset(days),
        day_order=chosen.days,
    )
    said, advice = said_of_left_out(titles, columns, unasked)
    return ListMapping(
        chosen.name or _source_of(table.titles),
        product.name,
        own is not None,
        tuple((title, columns.gives(column)) for column, title in enumerate(titles)),
        unasked,
        (*remarks, *said_of(titles, columns, separators, product), *said),
        rows,
        rows.words_of_status,
        advice,
        days,
    )


def _columns_of_days(columns: Columns, holding_days: Callable[[], Collection[str]]) -> tuple[int, ...]:
    custom = {name: places for name, places in columns.fields.items() if name.startswith(ATTRIBUTE_PREFIX)}
    keys = {name_key(name) for name in holding_days()} if custom else frozenset[str]()
    return tuple(column for name, places in custom.items() if name_key(name) in keys for column in places)


def _require_days_told(table: Table, days: Sequence[int], progress: Progress) -> None:
    """Raise UnreadableError for the first cell that may be two days."""
    for found in open_days(table, days, progress):
        sentence = f"“{shortened(found.cell)}” may be a day of two months: nobody said whether the day comes first."
        raise UnreadableError(found.line, found.column, sentence, "Say --dates day-first or --dates month-first.")


def _decided_by_cells(table: Table, columns: Columns, progress: Progress) -> tuple[str, ...]:
    """Let the cells decide what some columns are, and return what separates groups."""
    cells = look_at(table, columns, progress)
    ours = [column for column in columns.ids if column in cells.filled and column not in cells.no_ids_of_ours]
    if ours and "id" not in columns.fields:
        columns.take_id_of_ours(ours[0])
    filled = [column for column in columns.ids if column in cells.filled]
    if filled:
        columns.take_id(filled[0])
    emails = [column for column in columns.logins if column in cells.filled and column not in cells.no_emails]
    if emails:
        columns.take_login_as_email(emails[0])
    return cells.groups.conclusion()


def _own_columns(titles: tuple[str, ...], asked: Mapping[int, str | None]) -> Columns:
    """Return the columns of our own export, which somebody may still want otherwise."""
    columns = Columns()
    taken = {name for name in asked.values() if name is not None}
    for column, title in enumerate(titles):
        name = asked[column] if column in asked else own_field(title)
        if name is None or (column not in asked and name in taken):
            continue
        if name == "status":
            columns.statuses = ((column, "status"),)
        elif name == "name":
            columns.name = column
        else:
            columns.fields[name] = (column,)
    return columns


def _require_somebody(columns: Columns, table: Table) -> None:
    """Raise UnreadableError where no column says who is meant."""
    if columns.names_somebody:
        return
    line = table.detected.header_line
    if not line:
        advice = 'Name columns by their numbers, as --map "1=first_name" --map "2=email".'
        raise UnreadableError(0, 0, "Nothing says who is meant, as no column has a title.", advice)
    titles = [title for title in table.titles if title]
    named = ", ".join(f"“{shortened(title)}”" for title in titles[:5]) + (" …" if len(titles) > 5 else "")
    example = shortened(titles[0]) if titles else "TITLE"
    nobody = "Nothing in this list names a person: no title is known as that of a name, an email or an id"
    or_else = " If this row is a person already, give --no-header." if any("@" in title for title in titles) else ""
    advice = f'Say what a column holds, as --map "{example}=last_name".{or_else}'
    raise UnreadableError(line, 1, f"{nobody} ({named}).", advice)


def _words(product: Product, asked: Mapping[str, Status]) -> dict[Role, Mapping[str, Status]]:
    """Return what a cell means under each kind of title for a status: what is asked for counts most."""
    own = {word_key(word): status for status in STATUSES for word in product.words.get(status, ())}
    said = {word_key(word): status for word, status in asked.items()}
    return {role: {**words_of(role), **own, **said} for role in STATUS_ROLES}


def _source_of(titles: tuple[str, ...]) -> str:
    """Return what a list is called across imports: its titles, whatever their order, case and numbers.

    Some products add a column such as "E-mail 3" as soon as somebody has so many. What is returned is kept in the log
    as a line: of a longer one the end is told by its digest, so that no two are mistaken.
    """
    source = ", ".join(sorted({_without_number(title) for title in titles if title}))
    if len(source) <= _LONGEST_SOURCE:
        return source
    return f"{source[:_LONGEST_SOURCE]}… {blake2b(source.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


def _without_number(title: str) -> str:
    key = title_key(title) or title
    return key if key.isdecimal() else numbered(key)[0]
