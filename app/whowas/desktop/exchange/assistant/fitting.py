"""What was said of other files, made to fit those that are there now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from whowas.domain.errors import RefusedError
from whowas.domain.progress import Progress, part_of
from whowas.interchange.importing.ready import Ready, Request, made_ready
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.mapping.title_keys import title_key
from whowas.interchange.reading.table import HowToRead
from whowas.interchange.source import Source


@dataclass(frozen=True, slots=True)
class Fitted:
    """Files read as a request that was made to fit them wants it.

    ``lacking`` are the titles of which something was said and that no file has. ``anew`` says that nothing of how the
    files before were read counts, as these cannot be read so.
    """

    ready: Ready
    request: Request
    lacking: tuple[str, ...] = ()
    anew: bool = False


def made_fitting(sources: Sequence[Source], request: Request, progress: Progress) -> Fitted:
    """Read files by as much of a request as fits them. Raises as ``made_ready`` does, of the whole request."""
    try:
        return Fitted(made_ready(sources, request, part_of(progress, 0, 2)), request)
    except RefusedError as error:
        for less in _less(sources, request, part_of(progress, 1, 2)):
            try:
                return replace(less, ready=made_ready(sources, less.request, part_of(progress, 1, 2)))
            except RefusedError:
                continue
        raise error


def _less(sources: Sequence[Source], request: Request, progress: Progress) -> Iterator[Fitted]:
    """Yield what is left of a request where something of it does not fit, the most that may be left first."""
    said = request.chosen
    for how in dict.fromkeys((request.how, HowToRead())):
        nothing = replace(request, how=how, chosen=Chosen(), to_look=True)
        try:
            plain = made_ready(sources, nothing, progress)
        except RefusedError:
            continue
        there = {title_key(title) for given in plain.lists for title in given.table.titles}
        lacking = tuple(title for title in said.fields if title_key(title) not in there)
        fields = {title: field for title, field in said.fields.items() if title not in lacking}
        for name in dict.fromkeys((said.name, "")):
            chosen = replace(said, fields=fields, name=name)
            anew = how != request.how or name != said.name
            yield Fitted(plain, replace(request, how=how, chosen=chosen), lacking, anew)
        # What was kept may be nothing that a title can become, or a word can mean.
        yield Fitted(
            plain, replace(request, how=how, chosen=Chosen(blank=said.blank, days=said.days)), lacking, anew=True
        )
