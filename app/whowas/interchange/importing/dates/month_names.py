"""Names of months and their usual abbreviations, in English, German, French, Spanish, Italian, Dutch and Portuguese.

From the locale data of Unicode (CLDR), without accents too. Left out is what is a word or name of another kind in one
of these languages: "set", "out", "ago", "mag", "gen", "marco".
"""

from __future__ import annotations

_NAMES: tuple[str, ...] = (
    "jan january januar jänner janner janvier janv enero ene gennaio januari janeiro",
    "feb february februar feber février fevrier févr fevr fév fev febrero febbraio februari fevereiro",
    "mar march märz marz maerz mär mrz mars marzo maart mrt março",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mei maio",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août aout agosto augustus",
    "sep sept september septembre septiembre setiembre settembre sett setembro",
    "oct october okt oktober octobre octubre ottobre ott oktober outubro",
    "nov november novembre noviembre novembro",
    "dec december dez dezember déc décembre decembre dic diciembre dicembre dezembro",
)

MONTHS: dict[str, int] = {name: month for month, names in enumerate(_NAMES, start=1) for name in names.split()}
"""The number of the month, from 1, that each name means; the names are in lower case, and composed (NFC)."""
