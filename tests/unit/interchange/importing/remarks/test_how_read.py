"""What was detected is said where it is not what most files are, and nobody said it before."""

from __future__ import annotations

from whowas.interchange.importing.remarks.how_read import how_read
from whowas.interchange.reading.table import Detected, HowToRead, OtherEncoding

NOTHING = HowToRead()
OTHERS = (OtherEncoding("Windows-1250", ("Dławid", "Löw")), OtherEncoding("KOI8-R", ("\x96",)))


def test_a_usual_file_needs_no_sentence() -> None:
    assert how_read("a.csv", Detected("csv", "UTF-8", ","), NOTHING) == ([], {})
    assert how_read("a.xlsx", Detected("xlsx", sheet="One", sheets=("One",)), NOTHING) == ([], {})


def test_another_encoding_or_delimiter_is_said() -> None:
    assert how_read("a.csv", Detected("csv", "UTF-16LE", "\t"), NOTHING) == (
        ["“a.csv” is read as UTF-16LE.", "The columns of “a.csv” are separated by tabs."],
        {},
    )


def test_an_encoding_that_is_only_likely_is_said_with_what_others_would_read() -> None:
    (told,), advice = how_read("a.csv", Detected("csv", "Windows-1252", ",", certain=False, others=OTHERS), NOTHING)
    assert told == "“a.csv” is no Unicode, and read as Windows-1252. It would read “Dławid” and “Löw” in Windows-1250."
    assert advice == {told: "Say --encoding if that is wrong."}


def test_what_somebody_said_is_not_said_again() -> None:
    detected = Detected("csv", "Windows-1252", ";", certain=False, others=OTHERS)
    assert how_read("a.csv", detected, HowToRead("cp1252", ";")) == ([], {})
