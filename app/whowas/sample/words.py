"""What made-up people are called and do."""

from __future__ import annotations

from whowas.domain.text_folding import folded


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    "Ada Aino Amara Amy Ben Bilal Chiara Chloé Daniel Dilnoza Elif Émile Esther Farid Freya Grace Hana Hiro Ines "
    "Ingrid Jonas José Katya Kwame Leila Liam Łukasz Mahala Maria Mei Mikael Miriam Nadia Noor Olga Oluwaseun Paulo "
    "Priya Rafael Ruth Sanjay Siobhán Søren Sora Tomás Thuy Uma Vera Viktor Wanjiru Xiomara Yara Yusuf Zoe"
)
LAST_NAMES = _words(
    "Adeyemi Andersson Begay Bianchi Byrne Chen Cohen Dąbrowski Duarte Eriksen Fernández Fischer García Haddad Hughes "
    "Ibrahim Ivanova Jansen Kaya Kim Kowalski Lindqvist López Mbeki Mehta Müller Nakamura Ng Novák O’Neill Okafor Osei "
    "Petrov Quispe Rahman Rossi Ruiz Saito Sokolova Tanaka Tran Usman Vargas Virtanen Weber Williams Yılmaz Zola"
)
TITLES = _words("Analyst Archivist Clerk Counsel Director Editor Engineer Fellow Intern Press Scheduler Translator")
DEPARTMENTS = ("Budget", "Comms", "Front office", "Legal", "Records", "Systems")
"""Each has a group of its name."""

SPECIAL_GROUPS = ("Badge holders", "First aid", "Night shift")
ACTORS = ("Farid Haddad", "Ines Duarte", "Ruth Osei", "Mikael Virtanen")
NOTES = (
    "Covers the Tuesday desk.",
    "Works from home on Fridays.",
    "Speaks Portuguese and French.",
    "On leave in May.",
    "Keys to the archive.\nAsk before 10 o’clock.",
)
START_DATE, ROOM = "Start date", "Room"
"""Custom fields."""

_LATIN = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "’": ""})


def mailbox(first_name: str, last_name: str) -> str:
    """Return the part before the @ that such a person would be given, plain ASCII."""
    return f"{folded(first_name)}.{folded(last_name)}".translate(_LATIN)
