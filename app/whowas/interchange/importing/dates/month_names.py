"""Names of months and their usual abbreviations, in English, German, French, Spanish, Italian, Dutch and Portuguese.

From the locale data of Unicode (CLDR), without accents too. Left out is what is a word or name of another kind in one
of these languages: "set", "out", "ago", "mag", "gen", "marco".
"""

from __future__ import annotations

from unicodedata import normalize

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

_OTHER_NAMES: tuple[str, ...] = (
    "set out ago mag gen marco",
    "marts maj desember augusti märts gener febrer març abril maig juny juliol agost setembre desembre",
    "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
    "styczeń luty marzec kwiecień czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "leden únor březen duben květen červen červenec srpen září říjen prosinec",
    "január február marec április apríl máj május jún június júl július augusztus szeptember október",
    "siječanj veljača ožujak travanj svibanj lipanj srpanj kolovoz rujan studeni prosinac junij julij avgust",
    "ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος",
    "ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος δεκέμβριος",
)

PERHAPS_MONTHS: frozenset[str] = frozenset(
    spelt
    for names in _OTHER_NAMES
    for name in names.split()
    for spelt in (name, "".join(filter(str.isalpha, normalize("NFD", name))).replace("ı", "i"))
)
"""Words that are a month elsewhere, or something else: beside a year it would be wrong to take the first of January.

With their accents, and as they are written without.
"""
