"""Lists as they look, made by hand: the example of the pictures, and others like it."""

from __future__ import annotations

from dataclasses import replace

from whowas.desktop.exchange.assistant.known import KnownDirectory
from whowas.interchange.importing.list_look import ColumnLook, ListLook, WordLook
from whowas.interchange.reading.table import Detected

COLUMNS = (
    ColumnLook("First Name [Required]", ("Ada", "Agnes"), ("first_name",)),
    ColumnLook("Last Name [Required]", ("Osei", "Tull"), ("last_name",)),
    ColumnLook("Email Address [Required]", ("ada.osei@example.org", "agnes.tull@example.org"), ("email",)),
    ColumnLook("Org Unit Path [Required]", ("/Records", "/Records"), ()),
    ColumnLook("Work Phone", ("(202) 555-0199",), ("phone",)),
    ColumnLook("Employee ID", ("104402", "104417"), ("external_id",)),
    ColumnLook("Department", ("Records", "Records"), ("department",)),
    ColumnLook("Cost Center", ("4405", "4410"), ()),
    ColumnLook("Status [READ ONLY]", ("Active", "Active"), ("status",)),
)
WORDS = (
    WordLook("Active", 104, "active"),
    WordLook("Suspended", 11, "suspended"),
    WordLook("Archived", 3, "suspended"),
    WordLook("", 2, None),
    WordLook("Ehemalig", 1, None),
)
GOOGLE = ListLook(
    "google-users.csv", Detected("csv", "UTF-8", ","), "Google Workspace", 120, 2, COLUMNS, WORDS, ("Said.",)
)
KNOWN = KnownDirectory(("Start date", "Room"), {"Badge holders": 412, "Budget": 38, "all": 3}, 1_204, 119)
MONTHS = tuple(replace(GOOGLE, name=f"Members 2019-{month:02}.csv") for month in (1, 2, 3))
