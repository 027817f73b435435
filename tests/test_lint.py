"""Every function in the database: plpgsql_check, and house rules that the catalog shows."""

from __future__ import annotations

import pytest

SCHEMAS = "('automation'::regnamespace, 'automation_private'::regnamespace)"

CHECK_FUNCTIONS = f"""
    select concat_ws(
        ' | ', p.oid::regprocedure, c.lineno, c.statement, c.level, c.message, c.detail, c.query
    )
    from pg_catalog.pg_proc as p
    left join pg_catalog.pg_trigger as t
        on t.tgfoid = p.oid and not t.tgisinternal
    cross join lateral public.plpgsql_check_function_tb(
        p.oid, coalesce(t.tgrelid, 0),
        fatal_errors => false,
        extra_warnings => true, performance_warnings => true, security_warnings => true,
        oldtable => t.tgoldtable, newtable => t.tgnewtable
    ) as c
    where p.pronamespace in {SCHEMAS}
        and p.prolang = (select l.oid from pg_catalog.pg_language as l where l.lanname = 'plpgsql')
        and not (
            c.message = 'routine is marked as VOLATILE, should be STABLE'
            and p.prosrc ~ 'for (no key )?update'  -- which only volatile functions may do
        )
        and not (
            p.proname = 'read_current' and c.message ~ 'not sanitized|should be IMMUTABLE'
            -- it runs what build_capture wrote, and only the engine may call it
        )
        and (t.oid is not null or p.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype)
    order by 1
"""

UNPINNED = f"""
    select p.oid::regprocedure::text
    from pg_proc as p
    join pg_language as l on l.oid = p.prolang
    where p.pronamespace in {SCHEMAS}
        and (l.lanname = 'plpgsql' and p.prokind = 'f' or p.prosecdef)
        and not coalesce(p.proconfig, '{{}}') @> '{{"search_path=pg_catalog, pg_temp"}}'
"""

STRING_BODIES = f"""
    select p.oid::regprocedure::text
    from pg_proc as p
    join pg_language as l on l.oid = p.prolang
    where p.pronamespace in {SCHEMAS} and l.lanname = 'sql' and p.prosqlbody is null
"""

STRICT = """
    select p.oid::regprocedure::text
    from pg_proc as p
    where p.pronamespace = 'automation'::regnamespace and p.proisstrict
"""

UNEXPLAINED = f"""
    select p.oid::regprocedure::text
    from pg_proc as p
    where p.pronamespace in {SCHEMAS} and obj_description(p.oid, 'pg_proc') is null
    union all
    select c.oid::regclass::text
    from pg_class as c
    where c.relnamespace in {SCHEMAS} and c.relkind in ('r', 'p', 'v') and c.relname !~ 'yoyo'
        and obj_description(c.oid, 'pg_class') is null
"""


def report(rows: list[tuple[str]]) -> None:
    """Fail with one line for each finding."""
    if rows:
        pytest.fail("\n".join(row[0] for row in rows), pytrace=False)


@pytest.mark.on("system")
def test_plpgsql_check_finds_nothing(db):
    db.execute("create extension plpgsql_check schema public")
    db.execute("set search_path = ''")
    report(db.execute(CHECK_FUNCTIONS).fetchall())


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(UNPINNED, id="plpgsql_and_definer_functions_pin_their_search_path"),
        pytest.param(STRING_BODIES, id="sql_functions_have_standard_bodies"),
        pytest.param(STRICT, id="no_api_function_is_strict"),
        pytest.param(UNEXPLAINED, id="everything_has_a_comment"),
    ],
)
@pytest.mark.on("embedded")
def test_no_function_breaks_a_rule(db, query):
    report(db.execute(query).fetchall())
