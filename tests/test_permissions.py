"""What people and logins may do in an organisation, and who is recorded as having done it."""

from __future__ import annotations

import uuid

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.engine import act, ok

DEFAULTS = {
    "owner": {"view", "edit", "publish", "run", "approve", "admin"},
    "admin": {"view", "edit", "publish", "run", "approve", "admin"},
    "marketing_manager": {"view", "edit", "publish", "run", "approve"},
    "social_manager": {"view", "edit", "run", "approve"},
    "content_creator": {"view", "edit", "run"},
    "analyst": {"view"},
    "viewer": {"view"},
    "intern": set(),
}

UNKNOWN = uuid.UUID("00000000-0000-4000-8000-000000000000")

# the permission that each function needs, with arguments that go no further than that
NEEDS = {
    "validate_definition('{}')": "view",
    "action_catalogue()": "view",
    "export_template('{unknown}')": "view",
    "workflow_status('{unknown}')": "view",
    "workflow_timeline('{unknown}')": "view",
    "workflow_diagram('{unknown}')": "view",
    "create_template(null, null)": "edit",
    "update_template('{unknown}')": "edit",
    "duplicate_template('{unknown}', 'x')": "edit",
    "import_template('{}')": "edit",
    "test_workflow('{}')": "edit",
    "publish_template('{unknown}')": "publish",
    "archive_template('{unknown}')": "publish",
    "start_workflow('{unknown}')": "run",
    "start_workflows('{unknown}', '[]')": "run",
    "cancel_workflow('{unknown}')": "run",
    "pause_workflow('{unknown}')": "run",
    "resume_workflow('{unknown}')": "run",
    "skip_step('{unknown}', 'x')": "run",
    "cancel_step('{unknown}', 'x')": "run",
    "complete_loop('{unknown}', 'x')": "run",
    "add_loop_item('{unknown}', 'x', '1')": "run",
    "set_variable('{unknown}', 'x', '1')": "run",
    "retry_workflow('{unknown}')": "run",
    "fork_workflow('{unknown}', 'x')": "run",
    "migrate_workflow('{unknown}')": "run",
    "emit_event('x')": "run",
    "emit_events('[]')": "run",
    "validate_rule('{}')": "view",
    "explain_rule('{unknown}', 1)": "view",
    "export_rule('{unknown}')": "view",
    "create_rule('{}')": "edit",
    "update_rule('{unknown}', '{}')": "edit",
    "duplicate_rule('{unknown}', 'x')": "edit",
    "test_rule('{unknown}', '{}')": "edit",
    "backtest_rule('{unknown}')": "edit",
    "backtest_draft('{}')": "edit",
    "save_condition_set(null, null)": "edit",
    "delete_condition_set('x')": "edit",
    "activate_rule('{unknown}')": "publish",
    "archive_rule('{unknown}')": "publish",
    "pause_rule('{unknown}')": "run",
    "run_rule('{unknown}')": "run",
    "enrol('{unknown}', 'x')": "run",
    "unenrol('{unknown}', 'x')": "run",
    "approve_step('{unknown}')": "approve",
    "reject_step('{unknown}')": "approve",
    "request_changes('{unknown}')": "approve",
    "comment_step('{unknown}', 'x')": "approve",
    "delegate_approval('{unknown}', '{unknown}')": "approve",
    "create_approval_link('{unknown}', '{unknown}')": "approve",
    "revise_approval('{unknown}', '{}')": "edit",
    "list_webhooks()": "view",
    "create_webhook(null)": "admin",
    "rotate_webhook_secret('{unknown}')": "admin",
    "delete_webhook('{unknown}')": "admin",
    "list_action_limits()": "view",
    "set_action_limit('nothing')": "admin",
    "remove_action_limit('nothing')": "admin",
    "pause_org()": "admin",
    "resume_org()": "admin",
    "set_member(null, null)": "admin",
    "set_role_permissions(null, null)": "admin",
}

# functions of clients that need no permission: they say who is calling, or nothing about anybody;
# a webhook's messages are authorised by their signature, votes by link by the token of the link
FREE = {
    "current_org_id",
    "current_user_id",
    "my_permissions",
    "org_timezone",
    "evaluate_condition",
    "explain_condition",
    "threshold_step",
    "receive_webhook",
    "read_approval_link",
    "decide_by_link",
}


def state_of(connection, call: str) -> str:
    """The SQLSTATE of a call, in a transaction that is rolled back."""
    call = call.replace("{unknown}", str(UNKNOWN))
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(f"select * from automation.{call}")
    except psycopg.Error as error:
        return error.sqlstate
    return "ok"


def allowed(connection) -> set[str]:
    """What a session may do, by what it can do; every function must agree."""
    told = set(connection.execute("select automation.my_permissions()").fetchone()[0])
    states = {call: state_of(connection, call) for call in NEEDS}
    assert {s for s in states.values() if s.startswith("MA3")} <= {"MA300", "MA301"}
    refused = {call for call, state in states.items() if state.startswith("MA3")}
    assert refused == {call for call, permission in NEEDS.items() if permission not in told}
    return told


def as_user(connection, user: object) -> psycopg.Connection:
    connection.execute("select set_config('app.current_user_id', %s, false)", [str(user or "")])
    return connection


@pytest.fixture
def backend(database, orgs):
    return database.connect("app_backend", org=orgs.a)


def enrol(connection, role: str | None, user: uuid.UUID | None = None) -> uuid.UUID:
    """Give a user, by default a new one, a role in the current organisation."""
    user = user or uuid.uuid4()
    connection.execute("select automation.set_member(%s, %s)", [user, role])
    return user


def test_every_function_of_clients_is_in_the_table(db):
    """A new function must say here which permission it needs."""
    granted = db.execute(
        """
        select p.proname
        from pg_proc as p
        where p.pronamespace = 'automation'::regnamespace
            and has_function_privilege('automation_client', p.oid, 'execute')
        """
    ).fetchall()
    assert {name for (name,) in granted} == {call.split("(")[0] for call in NEEDS} | FREE


def test_each_role_may_do_what_the_defaults_say(backend):
    users = {role: enrol(backend, role) for role in DEFAULTS}
    told = {role: allowed(as_user(backend, user)) for role, user in users.items()}
    assert told == DEFAULTS


def test_an_organisation_overrides_a_role_for_itself_only(database, backend, orgs):
    other = database.connect("app_backend", org=orgs.b)
    analyst = enrol(backend, "analyst")
    enrol(other, "analyst", analyst)
    manager = enrol(backend, "marketing_manager")
    change = "select automation.set_role_permissions(%s, %s)"
    backend.execute(change, ["analyst", ["view", "run"]])
    backend.execute(change, ["marketing_manager", []])
    backend.execute(change, ["auditor", ["view"]])
    auditor = enrol(backend, "auditor")

    assert allowed(as_user(backend, analyst)) == {"view", "run"}
    assert allowed(as_user(other, analyst)) == {"view"}
    assert allowed(as_user(backend, manager)) == set()
    assert allowed(as_user(backend, auditor)) == {"view"}

    as_user(backend, None).execute(change, ["analyst", None])
    assert allowed(as_user(backend, analyst)) == {"view"}


def test_a_user_who_is_nobody_here_may_do_nothing(database, backend, orgs):
    stranger = enrol(database.connect("app_backend", org=orgs.b), "owner")
    gone = enrol(backend, "owner")
    enrol(backend, None, gone)
    for user in (uuid.uuid4(), stranger, gone):
        assert allowed(as_user(backend, user)) == set()


def test_a_user_id_that_is_none_is_nobody(backend):
    """A bug of the caller must not turn somebody into the platform itself."""
    for user in ("undefined", "1", " ", "null", str(UNKNOWN)[:-1]):
        assert allowed(as_user(backend, user)) == set()


def test_without_a_user_the_login_has_the_role_it_was_granted(database, db, orgs):
    svc = database.connect("svc_a", org=orgs.a)
    assert allowed(svc) == DEFAULTS["admin"]
    for role in ("content_creator", "viewer", "intern"):
        db.execute("select automation.grant_org_access('svc_a', %s, %s)", [orgs.a, role])
        assert allowed(svc) == DEFAULTS[role]


def test_a_user_whom_a_login_names_never_widens_what_the_login_may_do(database, db, orgs):
    """Only a broker is believed; for any other login a user is at most a restriction."""
    backend = database.connect("app_backend", org=orgs.a)
    owner, creator = enrol(backend, "owner"), enrol(backend, "content_creator")
    svc = database.connect("svc_a", org=orgs.a)
    for role in ("admin", "social_manager", "viewer", "intern"):
        db.execute("select automation.grant_org_access('svc_a', %s, %s)", [orgs.a, role])
        assert allowed(as_user(svc, owner)) == DEFAULTS[role]
        expected = DEFAULTS[role] & DEFAULTS["content_creator"]
        assert allowed(as_user(svc, creator)) == expected
    assert allowed(as_user(backend, owner)) == DEFAULTS["owner"]


READABLE = """
select c.oid::regclass::text
from pg_class as c
where c.relnamespace = 'automation'::regnamespace and c.relkind in ('r', 'p', 'v')
order by 1
"""


def test_tables_and_views_are_for_those_who_may_view(engine, database, db):
    """Whoever lacks the permission sees no row, by SQL as little as by functions."""
    engine.run(act("a"))
    nobody, viewer = enrol(engine.client, "intern"), enrol(engine.client, "viewer")
    relations = [name for (name,) in db.execute(READABLE)]
    db.execute("select automation.grant_org_access('bi_ro', %s, 'intern')", [engine.org])

    def shown(connection):
        return {
            name
            for name in relations
            if connection.execute(f"select count(t) from {name} as t").fetchone()[0]
        }

    everything = shown(engine.client)
    assert "automation.workflow_instances" in everything
    assert shown(as_user(database.connect("app_backend", org=engine.org), viewer)) == everything
    assert shown(as_user(database.connect("app_backend", org=engine.org), nobody)) == set()
    assert shown(as_user(database.connect("app_backend", org=engine.org), UNKNOWN)) == set()
    reader = database.connect("bi_ro", org=engine.org)
    assert shown(reader) == set()
    db.execute("select automation.grant_org_access('bi_ro', %s, 'viewer')", [engine.org])
    assert shown(reader) == everything


def test_a_broker_has_the_role_it_was_registered_with(database, db, orgs):
    db.execute("select automation.register_broker('svc_b', 'viewer')")
    assert allowed(database.connect("svc_b", org=orgs.a)) == {"view"}
    # where it was granted access besides, that counts
    assert allowed(database.connect("svc_b", org=orgs.b)) == DEFAULTS["admin"]


def test_a_broker_acts_for_registered_organisations_only(database):
    backend = database.connect("app_backend", org=uuid.uuid4())
    assert {state_of(backend, call) for call in NEEDS} == {"MA300"}


def test_an_organisations_own_roles_count_for_logins(database, backend, db, orgs):
    db.execute("select automation.grant_org_access('svc_a', %s, 'robot')", [orgs.a])
    backend.execute("select automation.set_role_permissions('robot', '{run}')")
    assert allowed(database.connect("svc_a", org=orgs.a)) == {"run"}


ADMIN_CALLS = (
    "register_org('{unknown}')",
    "grant_org_access('stranger', '{unknown}')",
    "revoke_org_access('svc_a', '{unknown}')",
    "register_broker('stranger')",
    "register_action('x', 'external', 'x')",
    "unregister_action('x')",
    "check_invariants()",
)


def test_the_installation_is_managed_by_its_administrators_only(database, orgs):
    owner = enrol(database.connect("app_backend", org=orgs.a), "owner")
    for login in ("app_backend", "svc_a", "bi_ro", "worker", "stranger"):
        connection = database.connect(login, org=orgs.a, user_id=owner)
        assert {state_of(connection, call) for call in ADMIN_CALLS} == {"42501"}, login
    ops = database.connect("ops")
    assert {state_of(ops, call) for call in ADMIN_CALLS} == {"ok"}


def test_an_administrator_is_the_login_not_the_role(database, db):
    """A role that was taken on in the session does not make one."""
    with db.transaction(force_rollback=True):
        db.execute("set local role app_backend")
        assert state_of(db, "register_org('{unknown}')") == "42501"
    assert state_of(database.connect("ops"), "start_workflow('{unknown}')") == "42501"


# ---- who did it

AUDIT = """
select operation, subject_id, login, user_id
from automation.automation_audit
order by audit_id
"""


def test_every_change_is_recorded_with_login_and_user(engine, database):
    user = enrol(engine.client, "owner")
    client = database.connect("svc_a", org=engine.org, user_id=user)

    def call(function, **arguments):
        names = ", ".join(f"{name} => %s" for name in arguments)
        values = [Jsonb(v) if isinstance(v, dict) else v for v in arguments.values()]
        return client.execute(f"select automation.{function}({names})", values).fetchone()[0]

    already = len(client.execute(AUDIT).fetchall())
    template = call("create_template", p_name="one", p_definition={"steps": [act("a")]})
    call("update_template", p_template_id=template, p_description="changed")
    call("publish_template", p_template_id=template)
    call("publish_template", p_template_id=template)
    copy = call("duplicate_template", p_template_id=template, p_name="two")
    document = call("export_template", p_template_id=template)
    imported = call("import_template", p_document=document, p_name="three")
    instance = call("start_workflow", p_template_id=template)
    call("cancel_workflow", p_instance_id=instance)
    call("cancel_workflow", p_instance_id=instance)
    call("archive_template", p_template_id=template)
    member = enrol(client, "viewer")
    client.execute("select automation.set_role_permissions('viewer', '{view}')")

    assert client.execute(AUDIT).fetchall()[already:] == [
        (operation, subject, "svc_a", user)
        for operation, subject in (
            ("create_template", template),
            ("update_template", template),
            ("publish_template", template),
            ("duplicate_template", copy),
            ("import_template", imported),
            ("cancel_workflow", instance),
            ("archive_template", template),
            ("set_member", member),
            ("set_role_permissions", None),
        )
    ]
    queries = {
        "select triggered_login, triggered_by from automation.workflow_instances": ("svc_a", user),
        "select published_login, published_by from automation.workflow_template_versions": (
            "svc_a",
            user,
        ),
        "select distinct created_by from automation.workflow_templates": (user,),
    }
    assert {query: client.execute(query).fetchone() for query in queries} == queries


def test_the_login_is_recorded_when_no_user_is_named(engine, database):
    template = engine.publish(act("a"))
    client = database.connect("svc_a", org=engine.org)
    client.execute("select automation.start_workflow(%s)", [template])
    row = client.execute(
        "select triggered_login, triggered_by from automation.workflow_instances"
    ).fetchone()
    assert row == ("svc_a", None)


def test_the_actor_is_who_logged_in_whatever_role_runs(engine, db, orgs):
    """A superuser who borrows a role is still recorded as themselves."""
    engine.call("ops", "grant_org_access", p_login="postgres", p_org_id=orgs.a)
    with db.transaction():
        db.execute("set local role automation_client")
        db.execute("select set_config('app.current_org_id', %s, true)", [str(orgs.a)])
        member = enrol(db, "viewer")
    recorded = "select login from automation.automation_audit where subject_id = %s"
    assert db.execute(recorded, [member]).fetchone()[0] == "postgres"


def test_what_was_refused_changes_and_records_nothing(engine, database):
    template = engine.publish(act("a"))
    viewer = enrol(engine.client, "viewer")
    client = database.connect("app_backend", org=engine.org, user_id=viewer)
    before = client.execute(AUDIT).fetchall()
    for call in (
        f"start_workflow('{template}')",
        f"archive_template('{template}')",
        f"update_template('{template}', 'new')",
        f"set_member('{viewer}', 'owner')",
    ):
        assert state_of(client, call) == "MA301"
    assert client.execute(AUDIT).fetchall() == before


def test_the_last_grant_says_who_gave_it(database, db, orgs):
    ops = database.connect("ops")
    ops.execute("select automation.grant_org_access('svc_a', %s, 'viewer')", [orgs.a])
    ops.execute("select automation.register_broker('app_backend', 'owner')")
    query = """
    select 'access', role_code, granted_by::text from automation_private.org_access
    where login = 'svc_a'
    union all
    select 'broker', role_code, granted_by::text from automation_private.brokers
    where login = 'app_backend'
    order by 1
    """
    assert db.execute(query).fetchall() == [("access", "viewer", "ops"), ("broker", "owner", "ops")]


def test_permissions_are_asked_again_in_every_call(engine, database):
    """Taking a role away works at once, also in a session that is open."""
    user = enrol(engine.client, "content_creator")
    client = database.connect("app_backend", org=engine.org, user_id=user)
    instance = engine.start(engine.publish(act("a")))
    assert state_of(client, f"cancel_workflow('{instance}')") == "ok"
    enrol(engine.client, "viewer", user)
    assert state_of(client, f"cancel_workflow('{instance}')") == "MA301"
    assert engine.report((engine.read()[0], ok()))["accepted"] == 1
