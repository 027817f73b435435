"""What every object of the engine must be like so that organisations stay apart.

Each query lists what is wrong; each sabotage is something that its query must notice.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.shared import shared_database

LOGINS = ("svc_a", "svc_b", "bi_ro", "worker", "stranger", "ops")
CLIENTS = (
    "automation_client",
    "automation_reader",
    "automation_worker",
    "automation_admin",
    *LOGINS,
)

OURS = "('automation', 'automation_private')"
ENGINE_TABLES = f"""
engine_tables as (
    select c.oid, c.relname, n.nspname
    from pg_class as c
    inner join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p')
        and (
            n.nspname in {OURS} and c.relname !~ 'yoyo'
            or n.nspname = 'pgmq' and c.relname = 'q_automation_actions'
        )
)
"""
CLIENT_ROLES = ", ".join(f"'{role}'" for role in CLIENTS)
CONTEXT = "(org_id = ( SELECT automation.current_org_id() AS current_org_id))"
WHOLE_TABLE = "select, insert, update, delete, truncate, trigger, references"

CATALOGUE = {
    "row_security_is_forced_on_every_table": (
        f"""
        with {ENGINE_TABLES}
        select c.oid::regclass::text from engine_tables as e
        inner join pg_class as c on c.oid = e.oid
        where not (c.relrowsecurity and c.relforcerowsecurity)
        """,
        [
            "alter table automation.workflow_steps no force row level security",
            "alter table automation_private.timers disable row level security",
            "create table automation_private.later (org_id uuid)",
            "alter table pgmq.q_automation_actions no force row level security",
        ],
    ),
    "tables_without_row_security_are_granted_to_nobody": (
        f"""
        select c.oid::regclass::text
        from pg_class as c
        inner join pg_namespace as n on n.oid = c.relnamespace
        cross join unnest(array[{CLIENT_ROLES}]) as r (role)
        where c.relkind in ('r', 'p', 'm', 'f')
            and n.nspname in ('automation', 'automation_private', 'pgmq')
            and not (c.relrowsecurity and c.relforcerowsecurity)
            and has_table_privilege(r.role, c.oid, 'select, insert, update, delete')
            and not (r.role in ('automation_worker', 'worker') and c.relname = 'meta')
        """,
        ["grant select on pgmq.a_automation_actions to automation_worker"],
    ),
    "the_engine_has_its_own_policy": (
        f"""
        with {ENGINE_TABLES}
        select e.oid::regclass::text from engine_tables as e
        where not exists (
            select from pg_policies as p
            where p.schemaname = e.nspname and p.tablename = e.relname
                and 'automation_engine' = any (p.roles) and p.cmd = 'ALL'
                and p.permissive = 'PERMISSIVE' and p.qual = 'true' and p.with_check = 'true'
        )
        """,
        ["drop policy engine on automation.automation_audit"],
    ),
    "every_table_of_tenants_has_the_tenant_policy": (
        f"""
        select c.oid::regclass::text
        from pg_class as c
        where c.relnamespace = 'automation'::regnamespace and c.relkind in ('r', 'p')
            and not exists (
                select from pg_policies as p
                where p.schemaname = 'automation' and p.tablename = c.relname and p.cmd = 'ALL'
                    and p.roles @> '{{automation_owner, automation_actor}}'
                    and p.qual = '{CONTEXT}' and p.with_check = '{CONTEXT}'
            )
        """,
        [
            "alter policy tenant on automation.org_members using (true)",
            "alter policy tenant on automation.org_members "
            "with check (org_id = automation.current_org_id() or true)",
            "drop policy tenant on automation.org_members",
        ],
    ),
    "every_table_of_tenants_has_the_policy_of_viewers": (
        f"""
        select c.oid::regclass::text
        from pg_class as c
        where c.relnamespace = 'automation'::regnamespace and c.relkind in ('r', 'p')
            and not exists (
                select from pg_policies as p
                where p.schemaname = 'automation' and p.tablename = c.relname
                    and p.roles @> '{{automation_client, automation_reader}}'
                    and starts_with(p.qual, '({CONTEXT} AND ( SELECT (''view''::text = ANY')
                    and p.qual !~ ' OR ' and p.with_check = 'false'
            )
        """,
        [
            "alter policy viewer on automation.org_members using (true)",
            "alter policy viewer on automation.org_members "
            "using (org_id = (select automation.current_org_id()))",
            "alter policy viewer on automation.org_members with check (true)",
            "drop policy viewer on automation.org_members",
        ],
    ),
    "policies_name_roles_and_check_what_is_written": (
        f"""
        select p.schemaname || '.' || p.tablename || ' ' || p.policyname
        from pg_policies as p
        where (p.schemaname in {OURS} or p.schemaname = 'pgmq')
            and ('public' = any (p.roles) or p.qual is null or p.with_check is null)
        union all
        select p.schemaname || '.' || p.tablename || ' has more than one policy for ' || r.role
        from pg_policies as p
        cross join unnest(p.roles) as r (role)
        where p.schemaname in {OURS} or p.schemaname = 'pgmq'
        group by p.schemaname, p.tablename, r.role
        having count(*) > 1
        """,
        [
            "create policy more on automation.org_members using (true)",
            "create policy more on automation.org_members to automation_client using (false)",
        ],
    ),
    "the_engine_alone_passes_tenant_tables_unchecked": (
        f"""
        select p.schemaname || '.' || p.tablename || ' ' || p.policyname
        from pg_policies as p
        where p.qual = 'true' and p.roles && array[{CLIENT_ROLES}]::name[]
            and not (
                p.tablename = 'q_automation_actions'
                and p.roles <@ '{{automation_engine, automation_worker}}'
            )
        """,
        ["create policy more on automation.org_members to automation_reader using (true)"],
    ),
    "clients_only_read": (
        f"""
        select r.role || ' ' || v.privilege || ' ' || c.oid::regclass
        from pg_class as c
        inner join pg_namespace as n on n.oid = c.relnamespace
        cross join unnest(array[{CLIENT_ROLES}]) as r (role)
        cross join regexp_split_to_table('{WHOLE_TABLE}', ', ') as v (privilege)
        where n.nspname in ('automation', 'automation_private', 'pgmq')
            and c.relkind in ('r', 'p', 'v', 'm', 'f')
            and has_table_privilege(r.role, c.oid, v.privilege)
            and not (
                v.privilege = 'select' and n.nspname = 'automation'
                and r.role in ('automation_client', 'automation_reader', 'svc_a', 'svc_b', 'bi_ro')
                or r.role in ('automation_worker', 'worker') and n.nspname = 'pgmq' and (
                    c.relname = 'q_automation_actions' and v.privilege in ('select', 'update')
                    or c.relname = 'meta' and v.privilege = 'select'
                )
            )
        union all
        select r.role || ' ' || v.privilege || ' on columns of ' || c.oid::regclass
        from pg_class as c
        cross join unnest(array[{CLIENT_ROLES}]) as r (role)
        cross join unnest(array['insert', 'update', 'references']) as v (privilege)
        where c.relnamespace = 'automation'::regnamespace and c.relkind in ('r', 'p', 'v')
            and has_any_column_privilege(r.role, c.oid, v.privilege)
        """,
        [
            f"grant {privilege} on automation.automation_audit to {role}"
            for privilege, role in (
                ("insert", "automation_client"),
                ("truncate", "automation_client"),
                ("trigger", "automation_reader"),
                ("references", "automation_admin"),
                ("select", "automation_worker"),
                ("select", "public"),
                ("update (details)", "automation_client"),
            )
        ],
    ),
    "clients_use_only_the_public_schema": (
        f"""
        select r.role || ' ' || v.privilege || ' ' || n.nspname
        from pg_namespace as n
        cross join unnest(array[{CLIENT_ROLES}]) as r (role)
        cross join unnest(array['usage', 'create']) as v (privilege)
        where n.nspname in ('automation', 'automation_private', 'pgmq', 'cron')
            and has_schema_privilege(r.role, n.oid, v.privilege)
            and not (n.nspname = 'automation' and v.privilege = 'usage')
            and not (
                n.nspname = 'pgmq' and v.privilege = 'usage'
                and r.role in ('automation_worker', 'worker')
            )
        """,
        [
            "grant usage on schema automation_private to automation_client",
            "grant usage on schema pgmq to automation_client",
            "grant create on schema automation to automation_client",
        ],
    ),
    "a_login_without_groups_has_nothing": (
        """
        select 'schema ' || n.nspname from pg_namespace as n
        where n.nspname in ('automation', 'automation_private', 'pgmq')
            and has_schema_privilege('stranger', n.oid, 'usage')
        """,
        ["grant usage on schema automation to public"],
    ),
    "public_executes_nothing": (
        f"""
        select p.oid::regprocedure::text
        from pg_proc as p
        cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
        where p.pronamespace::regnamespace::text in {OURS}
            and (a.grantee = 0 or a.grantee = 'stranger'::regrole)
        """,
        [
            "grant execute on function automation.tick(int) to public",
            "create function automation.later() returns int language sql return 1",
        ],
    ),
    "definer_functions_are_owned_by_powerless_roles": (
        f"""
        select p.oid::regprocedure::text || ' of ' || r.rolname
        from pg_proc as p
        inner join pg_roles as r on r.oid = p.proowner
        where p.pronamespace::regnamespace::text in {OURS}
            and (r.rolcanlogin or r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb)
        """,
        ["alter function automation.tick(int) owner to postgres"],
    ),
    "definer_functions_pin_their_search_path": (
        f"""
        select p.oid::regprocedure::text
        from pg_proc as p
        where p.pronamespace::regnamespace::text in {OURS} and p.prosecdef
            and not coalesce(
                exists (
                    select from unnest(p.proconfig) as c
                    where c ~ '^search_path=' and c ~ ', *pg_temp$'
                ), false
            )
        """,
        [
            "alter function automation.tick(int) reset search_path",
            "alter function automation.tick(int) set search_path = pg_catalog",
            "alter function automation.tick(int) set search_path = pg_temp, pg_catalog",
        ],
    ),
    "plpgsql_functions_pin_their_search_path": (
        f"""
        select p.oid::regprocedure::text
        from pg_proc as p
        inner join pg_language as l on l.oid = p.prolang
        where p.pronamespace::regnamespace::text in {OURS} and l.lanname = 'plpgsql'
            and p.prokind <> 'p'
            and not 'search_path=pg_catalog, pg_temp' = any (coalesce(p.proconfig, '{{}}'))
        """,
        ["alter function automation_private.advance reset search_path"],
    ),
    "functions_of_the_context_are_never_constant": (
        f"""
        select p.oid::regprocedure::text
        from pg_proc as p
        where p.pronamespace::regnamespace::text in {OURS}
            and (
                p.proname in (
                    'current_org_id', 'current_user_id', 'setting_as_uuid', 'my_permissions',
                    'require_permission', 'org_timezone'
                ) and p.provolatile = 'i'
                or p.proname = 'clock' and p.provolatile <> 'v'
                or p.proleakproof
            )
        """,
        [
            "alter function automation.current_org_id() immutable",
            "alter function automation.current_user_id() leakproof",
        ],
    ),
    "views_run_as_their_reader": (
        f"""
        select c.oid::regclass::text
        from pg_class as c
        where c.relnamespace::regnamespace::text in {OURS}
            and (
                c.relkind in ('m', 'f')
                or c.relkind = 'v'
                and not 'security_invoker=true' = any (coalesce(c.reloptions, '{{}}'))
            )
        """,
        [
            "alter view automation.v_workflow_timeline reset (security_invoker)",
            "create materialized view automation.m as select 1 as x",
        ],
    ),
    "keys_between_tenants_carry_the_organisation": (
        f"""
        select c.conrelid::regclass || ' ' || c.conname
        from pg_constraint as c
        where c.contype = 'f' and c.connamespace::regnamespace::text in {OURS}
            and exists (
                select from pg_attribute as a
                where a.attrelid = c.confrelid and a.attname = 'org_id'
            )
            and not exists (
                select
                from unnest(c.conkey, c.confkey) as k (here, there)
                inner join pg_attribute as h on h.attrelid = c.conrelid and h.attnum = k.here
                inner join pg_attribute as t on t.attrelid = c.confrelid and t.attnum = k.there
                where h.attname = 'org_id' and t.attname = 'org_id'
            )
        """,
        [
            "alter table automation.automation_rules add column other uuid, add unique (rule_id); "
            "alter table automation.org_members add column r uuid "
            "references automation.automation_rules (rule_id)"
        ],
    ),
    "unique_keys_of_tenants_carry_the_organisation": (
        f"""
        select i.indexrelid::regclass::text
        from pg_index as i
        inner join pg_class as c on c.oid = i.indrelid
        inner join pg_attribute as o
            on o.attrelid = c.oid and o.attname = 'org_id' and not o.attisdropped
        where c.relnamespace::regnamespace::text in {OURS} and i.indisunique
            and not o.attnum = any (i.indkey::int2[])
        """,
        ["create unique index on automation.workflow_templates (template_name)"],
    ),
    "every_tenant_table_begins_with_the_organisation": (
        """
        select c.oid::regclass::text
        from pg_class as c
        where c.relnamespace = 'automation'::regnamespace and c.relkind in ('r', 'p')
            and not exists (
                select from pg_attribute as a
                where a.attrelid = c.oid and a.attnum = 1 and a.attname = 'org_id'
                    and a.attnotnull and a.atttypid = 'uuid'::regtype
            )
        """,
        ["create table automation.later (thing uuid, org_id uuid)"],
    ),
    "groups_are_powerless_and_clients_no_members_of_owners": (
        f"""
        select r.rolname::text
        from pg_roles as r
        where r.rolname ~ '^automation_' and (r.rolcanlogin or r.rolsuper or r.rolbypassrls)
        union all
        select r.role || ' is a member of ' || o.role
        from unnest(array[{CLIENT_ROLES}]) as r (role)
        cross join unnest(array[
            'automation_owner', 'automation_engine', 'automation_actor', 'postgres'
        ]) as o (role)
        where pg_has_role(r.role, o.role, 'member')
        union all
        select r.rolname || ' logs in with power'
        from pg_roles as r
        where r.rolname in ({CLIENT_ROLES}) and (r.rolsuper or r.rolbypassrls)
        """,
        [],
    ),
}


@pytest.fixture(scope="module")
def catalogue(request, kind) -> Iterator[psycopg.Connection]:
    """A connection to a database in which every change is rolled back."""
    with shared_database(request, kind, "catalogue") as database:
        yield database.connect()


@pytest.mark.parametrize("check", CATALOGUE)
def test_catalogue(catalogue, check):
    """What every object must be like, and that the check notices one that is not."""
    query, sabotages = CATALOGUE[check]
    assert catalogue.execute(query).fetchall() == []
    for sabotage in sabotages:
        with catalogue.transaction(force_rollback=True):
            catalogue.execute(sabotage)
            assert catalogue.execute(query).fetchall() != [], sabotage


@pytest.mark.parametrize("owner", ["automation_owner", "automation_engine", "automation_actor"])
def test_functions_made_later_are_not_for_everybody(catalogue, owner):
    with catalogue.transaction(force_rollback=True):
        catalogue.execute(f"grant create on schema automation to {owner}")
        catalogue.execute(f"set local role {owner}")
        catalogue.execute("create function automation.later() returns int language sql return 1")
        catalogue.execute("reset role")
        query, _ = CATALOGUE["public_executes_nothing"]
        assert catalogue.execute(query).fetchall() == []


def test_each_group_calls_exactly_its_own_functions(catalogue):
    """Who may call what; a new function must be added here on purpose."""
    granted = {}
    for role, name in catalogue.execute(
        """
        select r.role, p.proname
        from pg_proc as p
        cross join unnest(array[
            'automation_reader', 'automation_worker', 'automation_admin', 'automation_actor'
        ]) as r (role)
        where p.pronamespace::regnamespace::text in ('automation', 'automation_private')
            and has_function_privilege(r.role, p.oid, 'execute')
        """
    ):
        granted.setdefault(role, set()).add(name)
    context = {"current_org_id", "current_user_id", "setting_as_uuid"}
    assert granted["automation_reader"] - context == {"my_permissions", "org_timezone"}
    assert granted["automation_worker"] - context == {
        "complete_actions",
        "extend_lease",
        "tick",
        "set_timer_back",
        "run_engine",
        "enable_cron",
        "disable_cron",
        "require_cron",
        "require_clock_login",
        "cron_jobs",
    }
    assert granted["automation_admin"] - context == {
        "register_org",
        "grant_org_access",
        "revoke_org_access",
        "register_broker",
        "register_action",
        "unregister_action",
        "check_invariants",
        "watch_table",
        "register_watch",
        "unwatch_table",
        "unregister_watch",
        "list_watched_tables",
        "list_capture_failures",
    }
    assert granted["automation_actor"] - context == {
        "run_action",
        "read_current",
        "recheck_rule",
        "emit_event",
        "emit_events",
    }


READABLE_BY_MONITORING = """
select c.oid::regclass::text
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
where n.nspname in ('automation', 'automation_private', 'pgmq')
    and c.relkind in ('r', 'p', 'v') and c.relname ~ '^[qa]_|^workflow|^v_'
    and has_table_privilege('pg_monitor', c.oid, 'select')
"""


def test_monitoring_sees_no_payload_of_this_or_a_later_queue(catalogue):
    with catalogue.transaction(force_rollback=True):
        catalogue.execute("select pgmq.create('a_later_queue')")
        readable = catalogue.execute(READABLE_BY_MONITORING).fetchall()
    assert readable == []
