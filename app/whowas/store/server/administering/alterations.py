"""Comparing what is in a directory's schema with what this program makes there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from whowas.domain.fields import shortened
from whowas.store.server.making.installing import scripts
from whowas.store.server.server_log import ServerLog

_FUNCTION = re.compile(r'CREATE FUNCTION "\w+"\.(\w+)\s*\((.*?)AS \$body\$(.*?)\$body\$;', re.DOTALL)
_SEARCH_PATH = re.compile(r'SET search_path = ("?\w+"?, pg_temp)')
_AGGREGATE = re.compile(r'CREATE AGGREGATE "\w+"\.(\w+)')
_TABLE = re.compile(r'CREATE TABLE "\w+"\.(\w+)')
_TRIGGER = re.compile(r'CREATE TRIGGER (\w+) [^;]*? ON "\w+"\.(\w+)')
_POLICY = re.compile(r'CREATE POLICY (\w+) ON "\w+"\.(\w+)')
_SECURED = re.compile(r'ALTER TABLE "\w+"\.(\w+) ENABLE ROW LEVEL SECURITY')

_SELECT_FUNCTIONS = r"""
SELECT p.proname::text, p.prosrc, p.prosecdef,
       (SELECT substr(c.setting, 13) FROM unnest(p.proconfig) AS c (setting) WHERE c.setting LIKE 'search\_path=%%'),
       pg_get_userbyid(p.proowner)::text, p.prokind = 'a'
FROM pg_proc AS p WHERE p.pronamespace = %s::regnamespace::oid
"""
_SELECT_RELATIONS = """
SELECT c.relname::text, c.relkind::text, pg_get_userbyid(c.relowner)::text, c.relrowsecurity, c.relhasrules
FROM pg_class AS c WHERE c.relnamespace = %s::regnamespace::oid AND c.relkind NOT IN ('i', 't', 'I')
"""
_SELECT_TRIGGERS = """
SELECT t.tgname::text, c.relname::text, t.tgenabled IN ('O', 'A') FROM pg_trigger AS t
JOIN pg_class AS c ON c.oid = t.tgrelid WHERE c.relnamespace = %s::regnamespace::oid AND NOT t.tgisinternal
"""
_SELECT_POLICIES = "SELECT policyname::text, tablename::text FROM pg_policies WHERE schemaname = %s"
_SELECT_RIGHTS = """
SELECT g.kind, g.name, coalesce(r.rolname::text, 'everybody'), g.privilege_type
FROM (
    SELECT 'schema' AS kind, nspname::text AS name, a.* FROM pg_namespace, aclexplode(nspacl) AS a
    WHERE oid = %s::regnamespace::oid
    UNION ALL SELECT 'table', relname::text, a.* FROM pg_class, aclexplode(relacl) AS a
    WHERE relnamespace = %s::regnamespace::oid
    UNION ALL SELECT 'table', relname::text, a.* FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid,
        aclexplode(attacl) AS a WHERE relnamespace = %s::regnamespace::oid
    UNION ALL SELECT 'function', proname::text, a.* FROM pg_proc,
        aclexplode(coalesce(proacl, acldefault('f'::"char", proowner))) AS a WHERE pronamespace = %s::regnamespace::oid
) AS g (kind, name, grantor, grantee, privilege_type, is_grantable)
LEFT JOIN pg_roles AS r ON r.oid = g.grantee WHERE coalesce(r.rolname::text, '') <> %s ORDER BY 1, 2, 3, 4
"""


_SELECT_ROLES = """
SELECT r.rolname::text, m.rolname::text, bool_or(a.admin_option) FROM pg_auth_members AS a
JOIN pg_roles AS r ON r.oid = a.roleid JOIN pg_roles AS m ON m.oid = a.member
WHERE r.rolname = ANY (%s) GROUP BY 1, 2
"""
_SELECT_ALTERED_PAYLOAD = """
SELECT min(e.position) FROM {schema}.event AS e LEFT JOIN {schema}.payload AS p ON p.position = e.position
WHERE sha256(p.salt || p.body) <> e.digest
   OR p.position IS NULL AND NOT (%s AND e.type = 'PasswordSet') AND NOT EXISTS (
       SELECT 1 FROM {schema}.event AS x
       WHERE x.stream = e.stream AND x.type = 'UserErased' AND x.position > e.position)
"""


class _Function(NamedTuple):
    body: str
    is_definer: bool
    search_path: str | None
    """Where it looks for what it names; None for one that looks where its caller does. Without quotation marks."""


class _Expected(NamedTuple):
    """What the scripts make: functions by name, tables, (trigger or policy, table), and tables with secured rows."""

    functions: dict[str, _Function]
    aggregates: set[str]
    tables: set[str]
    triggers: set[tuple[str, str]]
    policies: set[tuple[str, str]]
    secured: set[str]


def altered_payload(server: ServerLog) -> int | None:
    """Return the first position whose payload was altered or is missing, unless it was erased; None if there is none.

    Those that are hidden from this account are left out. Raises StoreError.
    """
    hides = server.rights == "reader"
    ((position,),) = server.ask(_SELECT_ALTERED_PAYLOAD, hides)
    return None if position is None else int(position)


def alterations(server: ServerLog) -> list[str]:
    """Return what in the schema of a directory is not as this program made it, as clauses; an empty list if all is.

    Raises StoreError.
    """
    expected, triggers = _expected(server), server.ask(_SELECT_TRIGGERS, _quoted(server))
    return [
        *_in_functions(server, expected),
        *_in_tables(server, expected),
        *_missing("trigger", expected.triggers, [(name, table) for name, table, _ in triggers]),
        *(f"the trigger {name} of the table {table} is switched off" for name, table, is_on in triggers if not is_on),
        *_missing("policy", expected.policies, server.ask(_SELECT_POLICIES, server.address.schema)),
        *_in_rights(server),
        *_in_roles(server),
    ]


def _expected(server: ServerLog) -> _Expected:
    parts = scripts(server.address.schema, server.roles, server.directory_id)
    text = "\n".join(part.as_string(server.connection) for part in parts)
    return _Expected(
        {
            name: _Function(body, "SECURITY DEFINER" in header, _unquoted(path[1] if path else None))
            for name, header, body in _FUNCTION.findall(text)
            for path in (_SEARCH_PATH.search(header),)
        },
        set(_AGGREGATE.findall(text)),
        set(_TABLE.findall(text)),
        set(_TRIGGER.findall(text)),
        set(_POLICY.findall(text)),
        set(_SECURED.findall(text)),
    )


def _in_functions(server: ServerLog, expected: _Expected) -> Iterator[str]:
    missing = {*expected.functions, *expected.aggregates}
    for name, body, is_definer, search_path, owner, is_aggregate in server.ask(_SELECT_FUNCTIONS, _quoted(server)):
        ours = expected.functions.get(name)
        if name not in missing:
            yield f"there is a function {shortened(name)} that is none of Whowas"
            continue
        missing.discard(name)
        if owner != server.roles.owner:
            yield f"the function {name} belongs to “{shortened(owner)}”"
        if is_aggregate or ours is None:
            if name not in expected.aggregates:
                yield f"the function {name} is an aggregate"
        elif ours != (body, is_definer, _unquoted(search_path)):
            yield f"the function {name} was altered"
    yield from (f"the function {name} is missing" for name in sorted(missing))


def _in_tables(server: ServerLog, expected: _Expected) -> Iterator[str]:
    missing = set(expected.tables)
    for name, kind, owner, is_secured, has_rules in server.ask(_SELECT_RELATIONS, _quoted(server)):
        if name not in missing or kind != "r":
            yield f"there is a table, view or sequence {shortened(name)} that is none of Whowas"
            continue
        missing.discard(name)
        if owner != server.roles.owner:
            yield f"the table {name} belongs to “{shortened(owner)}”"
        if has_rules:
            yield f"the table {name} has rules that are none of Whowas"
        if name in expected.secured and not is_secured:
            yield f"the table {name} shows password hashes to readers"
    yield from (f"the table {name} is missing" for name in sorted(missing))


def _in_rights(server: ServerLog) -> Iterator[str]:
    """Yield who has rights that nobody was given: our roles have SELECT on tables, and EXECUTE and USAGE, no more."""
    ours = {server.roles.reader, server.roles.editor, server.roles.admin}
    known = {"schema": "USAGE", "table": "SELECT", "function": "EXECUTE"}
    parameters = (*[_quoted(server)] * 4, server.roles.owner)
    for kind, name, grantee, privilege in server.ask(_SELECT_RIGHTS, *parameters):
        if grantee not in ours or privilege != known[kind]:
            yield f"“{shortened(grantee)}” has the right {privilege} on the {kind} {shortened(name)}"


def _in_roles(server: ServerLog) -> Iterator[str]:
    """Yield what the roles lack: each includes the one below, and their owner grants all three."""
    roles = server.roles
    found = {(role, member): may_grant for role, member, may_grant in server.ask(_SELECT_ROLES, list(roles.names()))}
    for role, member in ((roles.reader, roles.editor), (roles.editor, roles.admin)):
        if (role, member) not in found:
            yield f"the role {member} does not include {role} any more"
    for role in (roles.reader, roles.editor, roles.admin):
        if not found.get((role, roles.owner)):
            yield f"the role {roles.owner} cannot grant {role} any more"


def _missing(kind: str, expected: set[tuple[str, str]], found: list[tuple[str, str]]) -> Iterator[str]:
    for name, table in sorted(expected - set(found)):
        yield f"the {kind} {name} of the table {table} is missing"
    for name, table in sorted(set(found) - expected):
        yield f"the table {shortened(table)} has a {kind} {shortened(name)} that is none of Whowas"


def _quoted(server: ServerLog) -> str:
    return f'"{server.address.schema}"'


def _unquoted(search_path: str | None) -> str | None:
    """Return a search path as we compare it: PostgreSQL quotes only names that need it."""
    return None if search_path is None else search_path.replace('"', "")
