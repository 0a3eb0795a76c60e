"""What speaks to servers: libpq, the scripts that make a directory on one, and whether this program has them."""

from __future__ import annotations

from importlib.resources import files


def driver_found() -> str:
    """Return which libpq there is, and how many scripts. Raises ImportError or OSError where one is missing."""
    from psycopg import pq

    version = pq.version()
    scripts = [file for file in (files("whowas.store.server") / "sql").iterdir() if file.name.endswith(".sql")]
    if not any(file.read_text(encoding="utf-8") for file in scripts):
        raise FileNotFoundError("the scripts that make a directory on a server are missing")
    return f"libpq {version // 10_000}.{version % 10_000}, {len(scripts)} scripts, and nobody was asked"
