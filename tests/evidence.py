"""What a database holds, boiled down, so that a test can say that nothing has changed."""

from __future__ import annotations

from uuid import UUID

import psycopg

TABLES = """
select c.oid::regclass::text, exists (
    select from pg_attribute as a
    where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
)
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and c.relname !~ 'yoyo'
    and (
        n.nspname in ('automation', 'automation_private')
        or n.nspname = 'pgmq' and c.relname in ('q_automation_actions', 'a_automation_actions')
    )
order by 1
"""
OF_ORG = "where t.org_id = '{0}'"
OF_ORG_IN_QUEUE = "where t.message ->> 'org' = '{0}'"


def tables(db: psycopg.Connection) -> list[tuple[str, bool]]:
    """The engine's tables and whether each belongs to tenants."""
    return db.execute(TABLES).fetchall()


def fingerprint(db: psycopg.Connection, org: UUID | None = None) -> dict[str, str]:
    """Per table: how many rows there are (of one organisation) and a hash of what they say."""
    parts = []
    for table, has_org in tables(db):
        condition = ""
        if org is not None:
            if not has_org and not table.startswith("pgmq."):
                continue
            condition = (OF_ORG if has_org else OF_ORG_IN_QUEUE).format(org)
        parts.append(
            f"select '{table}', count(*) || ' rows ' "
            f"|| md5(coalesce(string_agg(t::text, e'\\n' order by t::text), '')) "
            f"from {table} as t {condition}"
        )
    return dict(db.execute(" union all ".join(parts)).fetchall())


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The tables whose contents differ."""
    return sorted(table for table in before if before[table] != after[table])
