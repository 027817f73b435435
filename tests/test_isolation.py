"""One organisation never sees or touches another: probes as real logins, and what they rest on."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from tests.conftest import Database
from tests.engine import Engine, act
from tests.evidence import differences, fingerprint, tables
from tests.shared import shared_database

ROLES = ("svc_a", "svc_b", "bi_ro", "worker", "stranger", "ops")
CANARIES = {"a": "canary-of-a-7f3d", "b": "canary-of-b-91c4"}

# what looks like an identifier of an organisation, or like nothing at all
GARBAGE = (
    "",
    " ",
    "garbage",
    "null",
    "0",
    "*",
    "%",
    "' or '1'='1",
    "{org}' --",
    "{{{org}}}",
    "{org} ",
    " {org}",
    "{org}\n",
    "{org},{org}",
    "urn:uuid:{org}",
    "{short}",
    "{org}0",
)

PROBE = """
create schema probe;
grant usage on schema probe to public;

create function probe.look(p_relations text[]) returns setof text language plpgsql as $$
declare
    v_relation text;
    v_rows bigint;
begin
    foreach v_relation in array p_relations loop
        begin
            execute format('select count(t) from %s as t', v_relation) into v_rows;
            if v_rows > 0 then
                return next v_relation || ' shows rows';
            end if;
        exception
            when insufficient_privilege then null;
            when others then return next format('%s raises %s %s', v_relation, sqlstate, sqlerrm);
        end;
    end loop;
end $$;

create function probe.try(p_statements text[]) returns setof text language plpgsql as $$
declare
    v_statement text;
    v_state text;
begin
    foreach v_statement in array p_statements loop
        begin
            execute v_statement;
            v_state := 'succeeds';
        exception when others then
            v_state := sqlstate;
        end;
        return next v_state;
    end loop;
end $$;
"""


@dataclass
class World:
    """Both organisations with something in every table, and the ids of what is there."""

    database: Database
    db: psycopg.Connection
    orgs: dict[str, uuid.UUID]
    ids: dict[str, dict[str, uuid.UUID]]
    relations: list[str]

    def another(self, login: str) -> list[uuid.UUID]:
        """The organisations that a login was not granted."""
        own = {"svc_a": "a", "bi_ro": "a", "svc_b": "b"}.get(login)
        return [org for letter, org in self.orgs.items() if letter != own]


# what firings, limits and pauses leave behind: a row of each kind, because no moment has them all
KNOWN_OF_FIRINGS = (
    "insert into automation_private.firing_subjects (org_id, listener_id, key) "
    "values (%(org)s, %(rule)s, %(canary)s)",
    "insert into automation_private.waiting_firings "
    "(org_id, listener_id, kind, stage, key, events, gathered, priority, since, due_at) "
    "values (%(org)s, %(rule)s, 'rule', 'queued', %(canary)s, '{1}', 1, 50, now(), "
    "'infinity')",
    "insert into automation_private.limit_counters "
    "(org_id, limit_key, window_start, window_end) "
    "values (%(org)s, %(canary)s, now(), 'infinity')",
    "insert into automation_private.ended_runs (org_id, instance_id, listener_id, key, failed) "
    "values (%(org)s, gen_random_uuid(), %(rule)s, %(canary)s, false)",
    "insert into automation_private.rule_health (org_id, rule_id) values (%(org)s, %(rule)s)",
    "insert into automation_private.rule_minutes (org_id, rule_id, minute, ended, failed) "
    "values (%(org)s, %(rule)s, now(), 1, 0)",
    "insert into automation.automation_notifications "
    "(org_id, notification_id, kind, rule_id, message, dedupe_key) "
    "values (%(org)s, gen_random_uuid(), 'paused', %(rule)s, %(canary)s, %(canary)s)",
    "insert into automation.action_limits (org_id, limit_key, max_in_flight) "
    "values (%(org)s, %(canary)s, 1)",
    "insert into automation_private.limited_messages "
    "(org_id, message_id, limit_key, instance_id, step_id, attempt) "
    "values (%(org)s, 0, %(canary)s, gen_random_uuid(), gen_random_uuid(), 1)",
    "insert into automation_private.limit_starts (org_id, limit_key, until, starts) "
    "values (%(org)s, %(canary)s, now(), 1)",
    "insert into automation_private.action_blocks (org_id, limit_key, blocked_until) "
    "values (%(org)s, %(canary)s, now() + interval '1 day')",
    "insert into automation_private.result_cache "
    "(org_id, action, key_hash, step_id, output, expires_at) "
    "values (%(org)s, 'work', sha256(''), gen_random_uuid(), to_jsonb(%(canary)s::text), "
    "'infinity')",
    "insert into automation.org_pauses (org_id, paused_at, reason, resumed_at) "
    "values (%(org)s, now(), %(canary)s, now())",
)
KNOWN_OF_WAITS = (
    "insert into automation_private.event_matches "
    "(org_id, instance_id, step_id, place, event_id, is_looked_back, is_met) "
    "select org_id, instance_id, step_id, place, 1, false, true "
    "from automation_private.event_waits where org_id = %(org)s and event = 'reply'",
    "insert into automation_private.consumed_events (org_id, event_id, instance_id, step_id) "
    "select org_id, event_id, gen_random_uuid(), gen_random_uuid() "
    "from automation.automation_events where org_id = %(org)s",
)

ANY_INSTANCE = "from automation.workflow_instances where org_id = %(org)s limit 1"
KNOWN_OF_WALKS = tuple(
    f"insert into automation_private.{statement} {ANY_INSTANCE}"
    for statement in (
        "held_tokens "
        "(org_id, instance_id, held_id, root_id, reason, mutex, step_order, scope_id) "
        "select org_id, instance_id, instance_id, root_id, 'mutex', %(canary)s, 1, "
        "gen_random_uuid()",
        "mutexes (org_id, instance_id, mutex, step_id) "
        "select org_id, instance_id, %(canary)s, instance_id",
        "loop_states (org_id, instance_id, step_id, attempt, failure) "
        "select org_id, instance_id, instance_id, 1, to_jsonb(%(canary)s::text)",
        "loop_items (org_id, instance_id, step_id, iteration, item) "
        "select org_id, instance_id, instance_id, 0, to_jsonb(%(canary)s::text)",
        "queued_arrivals (org_id, instance_id, scope_id, merge_order, from_order, arrived) "
        "select org_id, instance_id, instance_id, 1, 1, 1",
        "rollbacks (org_id, instance_id, boundary_id, error) "
        "select org_id, instance_id, gen_random_uuid(), to_jsonb(%(canary)s::text)",
        "undo_steps (org_id, instance_id, step_id, boundary_id, place, step_order, from_order) "
        "select org_id, instance_id, instance_id, instance_id, 1, 1001, 1",
    )
)


def populate(engine: Engine, canary: str) -> dict[str, uuid.UUID]:
    """Give one organisation a row in every table of the engine."""
    org, user = engine.org, uuid.uuid4()
    engine.call("app_backend", "set_member", p_user_id=user, p_role_code="viewer")
    owner = uuid.uuid4()
    engine.call("app_backend", "set_member", p_user_id=owner, p_role_code="owner")
    engine.client.execute("select automation.set_role_permissions('analyst', '{view}')")
    engine.call(
        "app_backend",
        "save_condition_set",
        p_name="big_orders",
        p_condition={"field": "total", "op": "gt", "value": 10},
        p_description=canary,
    )
    definition = {
        "settings": {"timeout": "P9D"},
        "steps": [
            {"id": "fork", "type": "split", "branches": ["a", "b", "p", "ok", "w", "v"]},
            {
                "id": "ok",
                "type": "approval",
                "approvers": [{"role": "owner"}],
                "content": canary,
            },
            act("a", config={"secret": canary}),
            act("b", config={"secret": canary}),
            {"id": "p", "type": "delay", "for": "P1D"},
            {"id": "w", "type": "wait", "events": [{"event": "reply", "match": {"n": canary}}]},
            {"id": "v", "type": "wait", "condition": f"vars.secret = 'not {canary}'"},
        ],
    }
    template, draft = (
        engine.call(
            "app_backend", "create_template", p_name=f"{canary} {kind}", p_definition=definition
        )
        for kind in ("template", "draft")
    )
    engine.call("app_backend", "publish_template", p_template_id=template)
    instance = engine.call(
        "app_backend",
        "start_workflow",
        p_template_id=template,
        p_trigger={"secret": canary},
        p_idempotency_key=canary,
        p_name=canary,
    )
    rule = engine.call(
        "app_backend",
        "create_rule",
        p_rule={
            "name": canary,
            "trigger": "order",
            "conditions": "total > 10",
            "actions": [{"action": "work", "config": {"secret": canary}}],
        },
    )
    engine.call("app_backend", "activate_rule", p_rule_id=rule)
    webhook = engine.client.execute(
        "select webhook_id from automation.create_webhook('shop')"
    ).fetchone()[0]
    event = {"p_event": "order", "p_new": {"secret": canary}, "p_dedupe_key": canary}
    engine.call("app_backend", "emit_event", **event)
    definition_id, step = engine.admin.execute(
        "select i.definition_id, s.step_id from automation.workflow_instances as i "
        "inner join automation.workflow_steps as s using (org_id, instance_id) "
        "where i.instance_id = %s and s.step_key = 'a'",
        [instance],
    ).fetchone()
    approval = engine.client.execute(
        "select step_id from automation.v_pending_approvals"
    ).fetchone()[0]
    engine.call("app_backend", "create_approval_link", p_step_id=approval, p_user_id=owner)
    engine.database.connect("app_backend", org=org, user_id=owner).execute(
        "select automation.comment_step(%s, %s)", [approval, canary]
    )
    for statement in KNOWN_OF_FIRINGS + KNOWN_OF_WAITS + KNOWN_OF_WALKS:
        engine.admin.execute(statement, {"org": org, "rule": rule, "canary": canary})
    return {
        "template": template,
        "draft": draft,
        "instance": instance,
        "user": user,
        "rule": rule,
        "webhook": webhook,
        "definition": definition_id,
        "step": step,
        "approval": approval,
        "org": org,
    }


def make_world(database, *, full: bool = True) -> World:
    """Two organisations in a database; a full world has a row in every table of the engine."""
    db = database.connect()
    orgs = {
        letter: uuid.UUID(letter * 8 + f"-{letter * 4}" * 3 + "-" + letter * 12) for letter in "ab"
    }
    for letter, org in orgs.items():
        db.execute("select automation.register_org(%s)", [org])
        for login in {"a": ("svc_a", "bi_ro"), "b": ("svc_b",)}[letter]:
            db.execute("select automation.grant_org_access(%s, %s)", [login, org])
    engines = {letter: Engine(database, org) for letter, org in orgs.items()}
    ids = {}
    if full:
        for letter, engine in engines.items():
            engine.run(act("a", config={"secret": CANARIES[letter]}))
    for letter, engine in engines.items():
        db.execute("select automation.register_org(%s, 'UTC', 1)", [engine.org])
        ids[letter] = populate(engine, CANARIES[letter])
    db.execute(PROBE)
    relations = db.execute(
        """
        select c.oid::regclass::text
        from pg_class as c
        inner join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('automation', 'automation_private', 'pgmq')
            and c.relkind in ('r', 'p', 'v', 'm', 'f')
        order by 1
        """
    ).fetchall()
    return World(database, db, orgs, ids, [name for (name,) in relations])


@pytest.fixture(scope="module")
def world(request, kind) -> Iterator[World]:
    """A full world for all probes that change nothing, which is checked at the end."""
    with shared_database(request, kind, "isolation") as database:
        world = make_world(database)
        before = fingerprint(world.db)
        yield world
        assert differences(before, fingerprint(world.db)) == []


@pytest.fixture
def own_world(database) -> World:
    """A world that a test may change."""
    return make_world(database, full=False)


def by_set(connection, value):
    connection.execute(sql.SQL("set app.current_org_id = {}").format(sql.Literal(value)))


def by_set_local(connection, value):
    connection.execute(sql.SQL("set local app.current_org_id = {}").format(sql.Literal(value)))


def by_set_config(connection, value):
    connection.execute("select set_config('app.current_org_id', %s, false)", [value])


def by_set_config_local(connection, value):
    connection.execute("select set_config('app.current_org_id', %s, true)", [value])


WAYS = {
    "set": by_set,
    "set local": by_set_local,
    "set_config": by_set_config,
    "set_config local": by_set_config_local,
}


@contextmanager
def selecting(connection, way: str, value: str) -> Iterator[psycopg.Connection]:
    """A transaction in which a login has put something into app.current_org_id."""
    with connection.transaction():
        WAYS[way](connection, value)
        yield connection


def look(connection, relations: list[str]) -> list[str]:
    return [row[0] for row in connection.execute("select probe.look(%s)", [relations]).fetchall()]


def seen(world: World, login: str, relations: list[str] | None = None) -> list[str]:
    """Everything that a login sees of organisations that it was not granted, whatever it tries."""
    database = world.database
    connection = database.connect(login)
    relations = relations or world.relations
    # by design: the worker's own queue, and the list of queues
    allowed = {"pgmq.q_automation_actions", "pgmq.meta"} if login == "worker" else set()
    relations = [relation for relation in relations if relation not in allowed]
    found = []
    for org in world.another(login):
        if login == "worker":
            continue
        for way in WAYS:
            with selecting(connection, way, str(org)):
                found += [f"{login}, {way}: {line}" for line in look(connection, relations)]
        with database.connect(login, options=f"-c app.current_org_id={org}") as other:
            found += [f"{login}, options: {line}" for line in look(other, relations)]
        setting = sql.SQL("alter role {} in database {} set app.current_org_id = {}").format(
            sql.Identifier(login), sql.Identifier(database.name), sql.Literal(str(org))
        )
        world.db.execute(setting)
        with database.connect(login) as other:
            assert other.execute("show app.current_org_id").fetchone()[0] == str(org)
            found += [f"{login}, alter role: {line}" for line in look(other, relations)]
        world.db.execute(
            sql.SQL("alter role {} in database {} reset app.current_org_id").format(
                sql.Identifier(login), sql.Identifier(database.name)
            )
        )
    for garbage in GARBAGE:
        value = garbage.format(org=world.orgs["a"], short=str(world.orgs["a"])[:-1])
        with selecting(connection, "set_config local", value):
            found += [f"{login}, {value!r}: {line}" for line in look(connection, relations)]
    return found


def test_every_table_holds_rows_of_both_organisations(world):
    """Or the probes below would prove nothing."""
    for letter, org in world.orgs.items():
        empty = [
            table
            for table, hashed in fingerprint(world.db, org).items()
            if hashed.startswith("0 rows") and table != "pgmq.a_automation_actions"
        ]
        assert empty == [], letter


def test_a_login_sees_its_own_organisation(world):
    """Or nothing would be all that anybody ever sees."""
    tenant_tables = {t for t, _ in tables(world.db) if t.startswith("automation.")}
    for login, letter in (("svc_a", "a"), ("svc_b", "b"), ("bi_ro", "a")):
        connection = world.database.connect(login, org=world.orgs[letter])
        shown = {line.removesuffix(" shows rows") for line in look(connection, world.relations)}
        assert shown >= tenant_tables, login
        assert not {name for name in shown if not name.startswith("automation.")}, login


def test_no_login_sees_an_organisation_that_it_was_not_granted(world):
    assert [line for login in ROLES for line in seen(world, login)] == []


@pytest.mark.parametrize(
    "sabotage",
    [
        "drop policy tenant on automation.workflow_instances; create policy tenant "
        "on automation.workflow_instances to automation_client using (true)",
        "alter table automation.workflow_instances disable row level security",
        "create or replace function automation.current_org_id() returns uuid language sql stable "
        "security definer return nullif(current_setting('app.current_org_id', true), '')::uuid",
        "alter view automation.v_workflow_instances set (security_invoker = false); "
        "alter view automation.v_workflow_instances owner to postgres",
    ],
    ids=["policy", "row security", "membership", "invoker view"],
)
@pytest.mark.on("embedded")
def test_the_probe_notices_when_a_protection_is_missing(own_world, sabotage):
    own_world.db.execute(sabotage)
    relations = ["automation.workflow_instances", "automation.v_workflow_instances"]
    assert seen(own_world, "svc_a", relations) != []


def test_a_finished_local_setting_leaves_nothing_behind(world):
    """A pooled connection: SET LOCAL leaves '' behind, which is no organisation and no error."""
    connection = world.database.connect("app_backend")
    with selecting(connection, "set local", str(world.orgs["a"])):
        assert look(connection, world.relations) != []
    assert connection.execute("show app.current_org_id").fetchone()[0] == ""
    assert look(connection, world.relations) == []


def test_a_generic_plan_follows_the_organisation(world):
    connection = world.database.connect("app_backend")
    connection.execute("set plan_cache_mode = force_generic_plan")
    connection.execute("prepare names as select distinct org_id from automation.workflow_instances")
    for org in (world.orgs["a"], world.orgs["b"], uuid.uuid4(), world.orgs["a"]):
        by_set_config(connection, str(org))
        shown = [row[0] for row in connection.execute("execute names").fetchall()]
        assert shown == ([org] if org in world.orgs.values() else [])


def test_another_role_of_the_session_authorises_nothing(world):
    """SET ROLE changes who runs, not who logged in."""
    with world.db.transaction(force_rollback=True):
        world.db.execute("set local role svc_b")
        by_set_config_local(world.db, str(world.orgs["b"]))
        assert look(world.db, world.relations) == []


def test_access_that_is_revoked_ends_at_once(own_world):
    connection = own_world.database.connect("svc_a", org=own_world.orgs["a"])
    assert look(connection, ["automation.workflow_instances"]) != []
    own_world.db.execute("select automation.revoke_org_access('svc_a', %s)", [own_world.orgs["a"]])
    assert look(connection, own_world.relations) == []


def write_attempts(world: World, relation: str, *, is_view: bool) -> list[str]:
    """Every way to change a relation, or what hangs on it."""
    statements = [
        f"insert into {relation} default values",
        f"delete from {relation}",
        f"select 1 from {relation} for update",
        f"drop table {relation}",
        f"alter table {relation} disable row level security",
        f"create policy p on {relation} using (true)",
        f"alter table {relation} owner to stranger",
        f"create rule r as on insert to {relation} do instead nothing",
    ]
    if not is_view:
        statements += [
            f"truncate {relation}",
            f"lock table {relation} in share mode",
            f"create trigger t before insert on {relation} for each row "
            "execute function suppress_redundant_updates_trigger()",
            f"create index on {relation} ((1))",
        ]
    if relation.startswith("automation."):
        own, other = world.orgs["a"], world.orgs["b"]
        statements += [
            f"insert into {relation} (org_id) values ('{own}')",
            f"update {relation} set org_id = '{other}'",
            f"merge into {relation} as t using (values (1)) as v on true when matched then delete",
        ]
    return statements


def test_no_login_can_write_to_anything_directly(world):
    views = {
        name
        for (name,) in world.db.execute(
            "select oid::regclass::text from pg_class where relkind = 'v'"
        )
    }
    wrong = []
    for login in ROLES:
        connection = world.database.connect(login, org=world.orgs["b" if login == "svc_b" else "a"])
        for relation in world.relations:
            if login == "worker" and relation in ("pgmq.q_automation_actions", "pgmq.meta"):
                continue
            is_view = relation in views
            statements = write_attempts(world, relation, is_view=is_view)
            states = connection.execute("select probe.try(%s)", [statements]).fetchall()
            # views that cannot be written at all say so before anybody asks for privileges
            harmless = {"42501"} | ({"55000", "0A000", "42809"} if is_view else set())
            wrong += [
                f"{login}: {statement}: {state}"
                for statement, (state,) in zip(statements, states, strict=True)
                if state not in harmless
            ]
    assert wrong == []


def test_the_worker_changes_only_leases_of_its_queue(world):
    connection = world.database.connect("worker")
    statements = [
        "insert into pgmq.q_automation_actions (vt, message) values (now(), '{}')",
        "delete from pgmq.q_automation_actions",
        "update pgmq.q_automation_actions set message = '{}'",
        "update pgmq.q_automation_actions set headers = '{}'",
        "update pgmq.q_automation_actions set enqueued_at = now()",
        "truncate pgmq.q_automation_actions",
        "delete from pgmq.meta",
        "select pgmq.send('automation_actions', '{}')",
        "select pgmq.delete('automation_actions', msg_id) from pgmq.q_automation_actions",
        "select pgmq.pop('automation_actions')",
        "select pgmq.purge_queue('automation_actions')",
        "select pgmq.archive('automation_actions', msg_id) from pgmq.q_automation_actions",
        "select pgmq.drop_queue('automation_actions')",
        "select pgmq.create('mine')",
        "select pgmq.enable_notify_insert('automation_actions', 0)",
    ]
    states = connection.execute("select probe.try(%s)", [statements]).fetchall()
    assert [s for s, (state,) in zip(statements, states, strict=True) if state != "42501"] == []


def test_copy_obeys_the_policies(world):
    connection = world.database.connect("svc_a", org=world.orgs["b"])
    for relation, _ in tables(world.db):
        if not relation.startswith("automation."):
            continue
        with connection.cursor().copy(f"copy {relation} to stdout") as rows:
            assert list(rows) == [], relation


# ---- functions

FUNCTIONS = """
select
    p.proname,
    coalesce(array(
        select a.name from unnest(p.proargnames, p.proargmodes) with ordinality as a (name, mode, n)
        where a.mode is null or a.mode in ('i', 'b')
        order by a.n
        limit p.pronargs
    ), '{}'),
    array(select t::regtype::text from unnest(p.proargtypes::oid[]) with ordinality as u (t, n)
        order by u.n),
    p.prokind = 'p'
from pg_proc as p
where p.pronamespace = 'automation'::regnamespace and p.prorettype <> 'trigger'::regtype
order by p.proname
"""

DOCUMENTS = (Jsonb({"steps": [{"id": "s", "type": "stop"}]}), Jsonb({}), Jsonb([{}]))
FILLINGS = {
    "text": "viewer",
    "text[]": ["view"],
    "name": "svc_a",
    "integer": 1,
    "integer[]": [1],
    "bigint": 1,
    "bigint[]": [1],
    "boolean": True,
    "interval": "0",
    "regclass": None,
    "regprocedure": None,
    "timestamp with time zone": "2030-01-01T00:00:00Z",
}
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
TIME = re.compile(r"\d{4}-\d\d-\d\d[ T][\d:.+]+")


def calls(db, ids: list[uuid.UUID]) -> Iterator[tuple[str, list]]:
    """Calls of every function, with an id in every argument that takes one."""
    for name, names, types, is_procedure in db.execute(FUNCTIONS):
        arguments = ", ".join(f"{n} => %s::{t}" for n, t in zip(names, types, strict=True))
        call = "call" if is_procedure else "select * from"
        tries = [(id_, DOCUMENTS[0]) for id_ in (ids if "uuid" in types else ids[:1])]
        tries += [(ids[0], document) for document in DOCUMENTS[1:] if "jsonb" in types]
        for id_, document in tries:
            fillings = FILLINGS | {"uuid": id_, "jsonb": document}
            assert fillings.keys() >= set(types), f"no arguments to try {name} with"
            yield f"{call} automation.{name}({arguments})", [fillings[t] for t in types]


def outcome(connection, statement: str, values: list) -> tuple[str, str]:
    """What a call came to, in a transaction of its own that is rolled back."""
    try:
        with connection.transaction(force_rollback=True):
            rows = connection.execute(statement, values).fetchall()
    except psycopg.Error as error:
        diag = error.diag
        return diag.sqlstate or "?", " ".join(
            text for text in (diag.message_primary, diag.message_detail, diag.message_hint) if text
        )
    return "ok", json.dumps(rows, default=str)


def anonymous(text: str) -> str:
    return TIME.sub("<time>", ID.sub("<id>", text))


def told_apart(world: World) -> list[str]:
    """Calls that say of a foreign id something else than of one that does not exist."""
    foreign = list(world.ids["b"].values())
    unknown = [uuid.uuid4() for _ in foreign]
    connection = world.database.connect("svc_a", org=world.orgs["a"])
    wrong = []
    pairs = zip(calls(world.db, foreign), calls(world.db, unknown), strict=True)
    for (statement, values), (_, other_values) in pairs:
        theirs = outcome(connection, statement, values)
        nobodys = outcome(connection, statement, other_values)
        if anonymous(str(theirs)) != anonymous(str(nobodys)):
            wrong.append(f"{statement} {values}: {theirs}, but of an unknown id: {nobodys}")
        if not re.match("ok|42501|22023|MA[0-3]", theirs[0]) or CANARIES["b"] in theirs[1]:
            wrong.append(f"{statement} {values}: {theirs}")
    return wrong


def test_scenario_40_an_id_of_another_organisation_is_as_good_as_unknown(world):
    assert told_apart(world) == []


# these say nothing about any organisation
PURE = {"evaluate_condition", "explain_condition", "threshold_step", "current_user_id"}


def let_in(world: World, value: str, connections: dict | None = None) -> list[str]:
    """Calls that neither refuse nor come to nothing, whoever has selected this organisation."""
    wrong = []
    if connections is None:
        logins = ("svc_a", "bi_ro", "stranger")
        connections = {login: world.database.connect(login) for login in logins}
    for login, connection in connections.items():
        by_set_config(connection, value)
        for statement, values in calls(world.db, list(world.ids["b"].values())):
            state, text = outcome(connection, statement, values)
            refused = state in ("42501", "MA300", "MA302", "MA304", "MA307")
            empty = state == "ok" and text in ("[[null]]", '[["{}"]]', "[[[]]]")
            is_pure = re.search(r"automation\.(\w+)", statement)[1] in PURE
            if not (refused or empty or is_pure) or CANARIES["b"] in text:
                wrong.append(f"{login}: {statement} {values}: {state} {text}")
    return wrong


@pytest.mark.parametrize("value", ["{org}", "", "garbage"])
def test_no_function_works_in_an_organisation_that_was_not_granted(world, value):
    assert let_in(world, value.format(org=world.orgs["b"])) == []


@pytest.mark.on("embedded")
def test_the_probes_of_functions_notice_one_that_does_not_check(own_world):
    own_world.db.execute(
        """
        create function automation.peek(p_instance_id uuid) returns jsonb
        language sql security definer
        return (select to_jsonb(i) from automation.workflow_instances as i
                where i.instance_id = p_instance_id);
        grant execute on function automation.peek(uuid) to automation_client
        """
    )
    for wrong in (told_apart(own_world), let_in(own_world, str(own_world.orgs["b"]))):
        assert wrong != []
        assert all("automation.peek" in line for line in wrong)


def test_clients_can_call_what_they_were_granted(world):
    """The context functions work for everybody who is in the tenant policy."""
    user = uuid.uuid4()
    for login in ("svc_a", "bi_ro"):
        connection = world.database.connect(login, org=world.orgs["a"], user_id=user)
        row = connection.execute(
            "select automation.current_org_id(), automation.current_user_id()"
        ).fetchone()
        assert row == (world.orgs["a"], user)


def test_no_login_moves_the_clock_or_the_actor(own_world):
    names = (
        "automation.now",
        "automation.clock",
        "automation_private.clock",
        "app.now",
        "app.clock",
        "app.fake_now",
        "app.login",
        "app.session_user",
        "app.is_admin",
        "app.bypass_rls",
    )
    connection = own_world.database.connect("svc_a", org=own_world.orgs["a"])
    for name in names:
        connection.execute("select set_config(%s, %s, false)", [name, "2001-01-01T00:00:00Z"])
    instance = connection.execute(
        "select automation.start_workflow(%s)", [own_world.ids["a"]["template"]]
    ).fetchone()[0]
    login, age = own_world.db.execute(
        "select triggered_login, now() - started_at from automation.workflow_instances "
        "where instance_id = %s",
        [instance],
    ).fetchone()
    assert login == "svc_a"
    assert age.total_seconds() < 3600
    assert look(connection, ["automation_private.org_access"]) == []


# ---- temporary objects

RELATION_COLUMNS = """
select n.nspname, c.relname, string_agg(
    format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum
)
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
inner join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname in ('automation', 'automation_private', 'pgmq') and c.relkind in ('r', 'p', 'v')
    and c.relname !~ 'yoyo'
    and not exists (
        select from pg_type as t where t.oid = a.atttypid and t.typnamespace = n.oid
    )
group by n.nspname, c.relname
"""


def shadow(world: World, connection, login: str) -> list[str]:
    """Create temporary twins of every table, each with a trigger, and let the path find them."""
    connection.execute(
        """
        create function pg_temp.spring() returns trigger language plpgsql as
        $$ begin raise exception 'shadowed by %', tg_table_name using errcode = 'XSHDW'; end $$;
        create function pg_temp.clock() returns timestamptz language sql
        as $$ select '-infinity'::timestamptz $$;
        create function pg_temp.require_permission(text) returns uuid language sql
        as $$ select null::uuid $$;
        create function pg_temp.my_permissions() returns text[] language sql
        as $$ select '{admin}'::text[] $$
        """
    )
    names = []
    for _, name, columns in world.db.execute(RELATION_COLUMNS).fetchall():
        if name in names:
            continue
        names.append(name)
        connection.execute(f"create temp table {name} ({columns})")
        connection.execute(f"grant all on pg_temp.{name} to public")
    for org in world.orgs.values():
        connection.execute(
            "insert into pg_temp.org_access (login, org_id, role_code) values (%s, %s, 'owner')",
            [login, org],
        )
        connection.execute("insert into pg_temp.org_settings (org_id) values (%s)", [org])
    connection.execute(
        "insert into pg_temp.brokers (login, role_code) values (%s, 'owner')", [login]
    )
    for name in names:
        connection.execute(
            f"create trigger spring before insert or update or delete on pg_temp.{name} "
            "for each row execute function pg_temp.spring()"
        )
    connection.execute(
        "set search_path = pg_temp, automation_private, automation, pgmq, pg_catalog"
    )
    return names


def test_temporary_tables_of_the_same_names_are_never_used(own_world):
    """A client, a worker and an administrator with traps; everything works as without them."""
    connection = own_world.database.connect("svc_a", org=own_world.orgs["a"])
    shadow(own_world, connection, "svc_a")

    def call(function, **arguments):
        names = ", ".join(f"{name} => %s" for name in arguments)
        values = [Jsonb(v) if isinstance(v, dict | list) else v for v in arguments.values()]
        return connection.execute(f"select automation.{function}({names})", values).fetchone()[0]

    steps = [act("a", "b"), {"id": "b", "type": "set", "values": {"x": 1}, "next": "c"}, act("c")]
    template = call("create_template", p_name="shadowed", p_definition={"steps": steps})
    assert call("publish_template", p_template_id=template) == 1
    own_world.db.execute("select automation.register_org(%s)", [own_world.orgs["a"]])
    instance = call("start_workflow", p_template_id=template, p_idempotency_key="k")
    assert call("workflow_status", p_instance_id=instance)["status"] == "running"
    assert call("test_workflow", p_definition={"steps": steps})["status"] == "completed"

    worker = own_world.database.connect("worker")
    shadow(own_world, worker, "worker")
    worker.execute("select automation.tick()")
    rows = worker.execute(
        "select msg_id, read_ct from pgmq.read('automation_actions', 30, 100) "
        "where message ->> 'instance' = %s",
        [str(instance)],
    ).fetchall()
    report = [{"msg_id": m, "read_ct": r, "status": "completed", "output": {}} for m, r in rows]
    accepted = worker.execute("select automation.complete_actions(%s)", [Jsonb(report)]).fetchone()
    assert accepted[0] == {"accepted": 1, "stale": []}

    admin = own_world.database.connect("ops")
    shadow(own_world, admin, "ops")
    admin.execute("select automation.grant_org_access('svc_b', %s)", [own_world.orgs["b"]])
    assert admin.execute("select * from automation.check_invariants()").fetchall() == []

    assert call("cancel_workflow", p_instance_id=instance) is True
    by_set_config(connection, str(own_world.orgs["b"]))
    assert look(connection, own_world.relations) == []
    assert let_in(own_world, str(own_world.orgs["b"]), {"svc_a": connection}) == []


def test_the_trap_works_where_a_search_path_is_not_pinned(own_world):
    """What the pinned search paths protect from."""
    own_world.db.execute(
        """
        create or replace function automation.current_org_id() returns uuid
        language plpgsql stable security definer set search_path = automation_private as $$
        begin
            return (
                select a.org_id from org_access as a
                where a.login = session_user
                    and a.org_id::text = current_setting('app.current_org_id', true)
            );
        end $$;
        create or replace function automation.my_permissions() returns text[]
        language sql stable return array['view']
        """
    )
    connection = own_world.database.connect("svc_a")
    shadow(own_world, connection, "svc_a")
    by_set_config(connection, str(own_world.orgs["b"]))
    assert look(connection, ["automation.workflow_instances"]) != []
