"""What a person said in the assistant so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from whowas.domain.custom_fields import Fields, called_now
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.ready import Request
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.reading.table import HowToRead


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How files are read, what columns become, by which rules, and when each list was true (UTC µs, by its name).

    ``agreed`` says that nothing is left open that the person has to say: which title names somebody, which part of a
    date comes first, and with dated lists what blank cells mean and what becomes of users who are not in them.
    """

    how: HowToRead = field(default_factory=HowToRead)
    chosen: Chosen = field(default_factory=Chosen)
    rules: ImportRules = field(default_factory=lambda: ImportRules(skip_refused=True))
    moments: Mapping[str, int] = field(default_factory=dict)
    agreed: bool = True

    def request(self) -> Request:
        """Return this as what an import is asked."""
        return Request(how=self.how, chosen=self.chosen, rules=self.rules, moments=self.moments)

    def called_now(self, fields: Fields) -> ImportPlan:
        """Return what was said another time, with custom fields that were renamed since by their names of now."""
        said = {title: None if name is None else called_now(name, fields) for title, name in self.chosen.fields.items()}
        keys = tuple(called_now(key, fields) for key in self.rules.keys)
        return replace(self, chosen=replace(self.chosen, fields=said), rules=replace(self.rules, keys=keys))
