"""Actions inside the database: their effects, their errors, their identity, their limits."""

from __future__ import annotations

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import act, ok
from tests.evidence import differences, fingerprint

DOMAIN = """
create schema crm;
grant usage on schema crm to automation_actor, automation_admin;

create table crm.notes (
    note_id bigint generated always as identity,
    org_id uuid not null,
    note text not null,
    transaction xid8 not null default pg_current_xact_id()
);
alter table crm.notes enable row level security, force row level security;
create policy tenant on crm.notes to automation_actor
    using (org_id = (select automation.current_org_id()))
    with check (org_id = (select automation.current_org_id()));
grant select, insert, update, delete on crm.notes to automation_actor;

create table crm.tags (
    tag text primary key,
    parent text references crm.tags deferrable initially deferred,
    weight int check (weight > 0)
);
insert into crm.tags values ('taken', null, 1);
grant select, insert on crm.tags to automation_actor;

create table crm.secrets (secret text);

create table crm.weather (state text);
grant select on crm.weather to automation_actor;

-- leaves a note, does what the config says, fails as the weather says
create function crm.act(config jsonb, context jsonb) returns jsonb language plpgsql as $$
declare
    v_state text;
begin
    insert into crm.notes (org_id, note)
    values (
        (context ->> 'org_id')::uuid,
        coalesce(config ->> 'note', context ->> 'step_key')
    );
    select w.state into v_state from crm.weather as w;
    if v_state is not null then
        raise exception using errcode = v_state, message = 'bad weather';
    end if;
    if context ->> 'attempt' = config ->> 'fails_on' then
        raise exception using errcode = '55P03', message = 'not yet';
    end if;
    if config ? 'raise' then
        raise exception using errcode = config ->> 'raise', message = 'as told';
    end if;
    if config ? 'do' then
        execute config ->> 'do';
    end if;
    return config -> 'output';
end $$;

-- says who and where it is
create function crm.look(config jsonb, context jsonb) returns jsonb language sql as $$
    select jsonb_build_object(
        'user', current_user, 'login', session_user,
        'org', current_setting('app.current_org_id'),
        'user_id', current_setting('app.current_user_id'),
        'initialized', current_setting('app.context_initialized'),
        'version', current_setting('app.context_version'),
        'tenant', automation.current_org_id(),
        'orgs_seen', (select count(distinct n.org_id) from crm.notes as n),
        'context', context
    )
$$;

create function crm.large(config jsonb, context jsonb) returns jsonb language plpgsql as $$
begin
    insert into crm.notes (org_id, note) values ((context ->> 'org_id')::uuid, 'large');
    return jsonb_build_object('text', repeat('x', 1000000));
end $$
"""


def native(step, next=None, action="act", **more):
    """A step with an action inside the database; keyword arguments are config unless step keys."""
    keys = ("on_error", "retry", "timeout", "save_as")
    options = {key: more.pop(key) for key in keys if key in more}
    return act(step, next, action=action, config=more, **options)


@pytest.fixture
def crm(engine):
    """The engine with a domain whose functions are registered as actions."""
    engine.admin.execute(DOMAIN)
    for action in ("act", "look", "large"):
        engine.call(
            "ops",
            "register_action",
            p_action=action,
            p_runs="native",
            p_description=action,
            p_handler=f"crm.{action}(jsonb,jsonb)",
        )
    return engine


def notes(engine) -> list[str]:
    rows = engine.admin.execute("select note from crm.notes order by note_id").fetchall()
    return [row[0] for row in rows]


def weather(engine, state: str | None) -> None:
    """From now on every action fails with this SQLSTATE, or none does."""
    engine.admin.execute("delete from crm.weather")
    if state:
        engine.admin.execute("insert into crm.weather values (%s)", [state])


def test_an_action_is_done_when_the_start_returns(crm):
    instance = crm.start(crm.publish(native("one", "two", output={"x": 1}), native("two")))
    assert crm.path(instance) == ["one", "two"]
    assert crm.status(instance)["output"] == {"x": 1}
    assert notes(crm) == ["one", "two"]


# ---- errors

# what an action does, the code and the class that its step gets
FAILURES = [
    ({"do": "select 1 / 0"}, "22012", "invalid"),
    ({"do": "select 'x'::int"}, "22P02", "invalid"),
    ({"do": "select 10::numeric ^ 200000"}, "22003", "invalid"),
    ({"do": "insert into crm.tags values ('taken')"}, "23505", "invalid"),
    ({"do": "insert into crm.tags values (null)"}, "23502", "invalid"),
    ({"do": "insert into crm.tags values ('light', null, 0)"}, "23514", "invalid"),
    ({"do": "insert into crm.tags values ('orphan', 'nobody')"}, "23503", "invalid"),
    ({"do": "select * from crm.nowhere"}, "42P01", "error"),
    ({"do": "select crm.nothing()"}, "42883", "error"),
    ({"do": "selec 1"}, "42601", "error"),
    ({"do": "select * from crm.secrets"}, "42501", "auth"),
    ({"do": "set local role postgres"}, "42501", "auth"),
    ({"do": "commit"}, "0A000", "error"),
    ({"do": "do $x$ begin commit; end $x$"}, "2D000", "error"),
    ({"do": "do $x$ begin assert false, 'never'; end $x$"}, "P0004", "error"),
    ({"raise": "P0001"}, "P0001", "error"),
    ({"raise": "P0002"}, "P0002", "error"),
    ({"raise": "21000"}, "21000", "error"),
    ({"raise": "08006"}, "08006", "unavailable"),
    ({"raise": "55000"}, "55000", "unavailable"),
    ({"raise": "28000"}, "28000", "auth"),
    ({"raise": "XX000"}, "XX000", "error"),
    ({"raise": "MA001"}, "MA001", "invalid"),
    ({"raise": "MA101"}, "MA101", "refused"),
    ({"raise": "MA200"}, "MA200", "invalid"),
    ({"raise": "MA301"}, "MA301", "auth"),
]


def test_an_error_takes_back_the_effects_of_its_action_and_nothing_else(crm):
    """Whatever the action raises: the steps before and after keep theirs, the error is recorded."""
    wrong = []
    for number, (config, code, error_class) in enumerate(FAILURES):
        before, bad, after = (f"{name} {number}" for name in ("before", "bad", "after"))
        template = crm.publish(
            native("before", "bad", note=before),
            native("bad", "after", on_error="continue", note=bad, **config),
            native("after", note=after),
        )
        instance = crm.start(template)
        found = [note for note in notes(crm) if note.endswith(f" {number}")]
        error = crm.timeline(instance)[1]["error"] or {}
        told = (error.get("code"), error.get("class"), crm.path(instance), found)
        if told != (code, error_class, ["before", "bad:failed", "after"], [before, after]):
            wrong.append((config, told))
    assert wrong == []
    assert crm.admin.execute("select count(*) from crm.tags").fetchone()[0] == 1


def test_an_action_gives_way_to_whoever_works_on_a_row_and_comes_back(crm, move_clock):
    """Before PostgreSQL would choose a victim, and without a retry policy of its own."""
    update = "update crm.tags set weight = 2 where tag = 'taken' returning 1"
    crm.admin.execute("grant update on crm.tags to automation_actor")
    template = crm.publish(native("a", "b", do=update), native("b"))
    platform = crm.database.connect(autocommit=False)
    platform.execute("update crm.tags set weight = 3 where tag = 'taken'")
    items = Jsonb([{}] * 20)
    crm.client.execute("select count(*) from automation.start_workflows(%s, %s)", [template, items])
    waiting = "select count(*) from automation.workflow_steps where status = 'waiting'"
    assert crm.admin.execute(waiting).fetchone()[0] == 20
    assert crm.client.execute("show lock_timeout").fetchone()[0] == "0"
    platform.rollback()
    move_clock("1 minute")
    crm.work()
    ended = "select status, count(*) from automation.workflow_instances group by status"
    assert crm.admin.execute(ended).fetchall() == [("completed", 20)]


# an error, the step's retry policy, how many attempts that makes
POLICIES = [
    ("55P03", {}, 3),
    ("P0001", {}, 3),
    ("22012", {}, 1),
    ("42501", {}, 1),
    ("MA101", {}, 1),
    ("55P03", {"retry_on": ["invalid"]}, 1),
    ("22012", {"retry_on": ["invalid"]}, 3),
    ("55P03", {"never_retry_on": ["unavailable"]}, 1),
]


def test_the_retry_policy_decides_about_errors_inside_the_database(crm):
    for state, policy, attempts in POLICIES:
        retry = {"max_attempts": 3, "backoff": "PT0S"} | policy
        instance = crm.run(native("a", retry=retry, **{"raise": state}))
        row = crm.timeline(instance)[0]
        told = (row["status"], row["attempts"], row["error"]["code"])
        assert told == ("failed", attempts, state), (state, policy)
    assert notes(crm) == []


def test_an_attempt_that_succeeds_keeps_only_its_own_effects(crm):
    instance = crm.run(native("a", fails_on=1, retry={"max_attempts": 3, "backoff": "PT0S"}))
    assert crm.status(instance)["status"] == "completed"
    assert notes(crm) == ["a"]


def test_on_error_takes_its_branch_after_an_error_inside_the_database(crm):
    instance = crm.run(
        native("a", on_error={"next": "help"}, **{"raise": "22012"}),
        native("help", note="{{steps.a.error.code}}"),
    )
    assert crm.path(instance) == ["a:failed", "help"]
    assert notes(crm) == ["22012"]


def test_a_failure_without_a_policy_fails_its_instance_and_no_neighbour(crm):
    template = crm.publish(native("a", do="{{trigger.do}}"))
    items = [{"trigger": {"do": do}} for do in ("select 1", "select 1 / 0", "select 2")]
    rows = crm.client.execute(
        "select instance_id from automation.start_workflows(%s, %s)", [template, Jsonb(items)]
    ).fetchall()
    statuses = [crm.status(row[0])["status"] for row in rows]
    assert statuses == ["completed", "failed", "completed"]
    assert notes(crm) == ["a", "a"]


def test_a_broken_promise_of_a_constraint_fails_its_step_and_no_neighbour(crm):
    """A deferred constraint is checked at commit, when it would take the whole batch along."""
    template = crm.publish(act("wait", "a"), native("a", do="{{trigger.do}}"))
    orphan = "insert into crm.tags values ('orphan', 'nobody')"
    kept = "insert into crm.tags values ('child', 'taken')"
    good, bad = crm.start(template, do=kept), crm.start(template, do=orphan)
    assert crm.report(*((message, ok()) for message in crm.read()))["accepted"] == 2
    assert crm.status(good)["status"] == "completed"
    assert crm.status(bad)["error"]["code"] == "23503"


def test_an_action_that_is_not_registered_any_more_fails_its_step(crm):
    template = crm.publish(native("a"))
    assert crm.call("ops", "unregister_action", p_action="act") is True
    error = crm.status(crm.start(template))["error"]
    assert error["step"] == "a"
    assert '"act"' in error["message"]


# ---- errors that are not the action's fault

RERAISED = ("40001", "40P01", "57014", "57P01", "53100", "53200", "53300", "58030")


def test_errors_of_the_server_are_raised_and_recorded_nowhere(crm):
    """Starting, completing and waking: the caller gets the error, everything is as it was."""
    starts = crm.publish(native("a"))
    completes = crm.publish(act("wait", "a"), native("a"))
    wakes = crm.publish(native("a", fails_on=1, retry={"max_attempts": 2, "backoff": "PT0S"}))
    crm.start(completes)
    crm.start(wakes)
    message = crm.read(lease=0)[0]
    before = fingerprint(crm.admin)

    def start():
        crm.client.execute(
            "select automation.start_workflow(%s, p_idempotency_key => 'k')", [starts]
        )

    def complete():
        crm.report((message, ok()))

    for state in RERAISED:
        weather(crm, state)
        for call in (start, complete, crm.tick):
            with pytest.raises(errors.DatabaseError) as caught:
                call()
            assert caught.value.sqlstate == state
    assert differences(before, fingerprint(crm.admin)) == []
    assert notes(crm) == []

    weather(crm, None)
    start()
    complete()
    crm.work()
    assert notes(crm) == ["a"] * 3


def test_a_cancelled_statement_is_no_failure_of_the_step(crm):
    """A real statement_timeout of the caller, inside an action."""
    template = crm.publish(native("a", do="select pg_sleep(20)"))
    crm.client.execute("set statement_timeout = '50ms'")
    with pytest.raises(errors.QueryCanceled):
        crm.start(template)
    crm.client.execute("reset statement_timeout")
    assert (
        crm.admin.execute("select count(*) from automation.workflow_instances").fetchone()[0] == 0
    )


def test_an_action_that_the_server_keeps_refusing_does_not_stop_the_clock(crm, move_clock):
    """Its timer is set back, the others are done; it is not failed, and goes on when it can."""
    retry = {"max_attempts": 2, "backoff": "PT0S"}
    refused = crm.start(crm.publish(native("a", fails_on=1, retry=retry)))
    pause = {"id": "p", "type": "delay", "for": "PT1M", "next": "b"}
    others = [crm.start(crm.publish(pause, act("b"))) for _ in range(3)]
    move_clock("61 seconds")
    weather(crm, "40001")
    crm.worker.execute("call automation.run_engine('2 seconds')")
    assert {m[2]["instance"] for m in crm.read(lease=0)} == {str(i) for i in others}
    assert crm.path(refused) == ["a:waiting"]
    assert crm.timeline(refused)[0]["attempts"] == 2

    weather(crm, None)
    move_clock("61 seconds")
    crm.work()
    assert {crm.status(i)["status"] for i in (refused, *others)} == {"completed"}


# ---- identity

SETTINGS = (
    "app.current_org_id",
    "app.current_user_id",
    "app.context_initialized",
    "app.context_version",
)
READ_SETTINGS = "select " + ", ".join(f"current_setting('{name}', true)" for name in SETTINGS)


def test_an_action_runs_as_the_actor_inside_its_tenant(crm, orgs, database):
    user = "11111111-2222-4333-8444-555555555555"
    crm.admin.execute("insert into crm.notes (org_id, note) values (%s, 'b')", [orgs.b])
    crm.call("app_backend", "set_member", p_user_id=user, p_role_code="marketing_manager")
    template = crm.publish(native("note", "a"), native("a", action="look", save_as="seen"))
    client = database.connect("app_backend", org=orgs.a, user_id=user)
    instance = client.execute("select automation.start_workflow(%s)", [template]).fetchone()[0]
    seen = crm.status(instance)["output"]["seen"]
    context = seen.pop("context")
    assert seen == {
        "user": "automation_actor",
        "login": "app_backend",
        "org": str(orgs.a),
        "user_id": user,
        "initialized": "true",
        "version": "2.0",
        "tenant": str(orgs.a),
        "orgs_seen": 1,
    }
    assert context["step_key"] == "a"
    assert context["instance_id"] == str(instance)
    assert context["idempotency_key"] == context["step_id"]
    assert context["attempt"] == 1


@pytest.mark.parametrize("caller", ["start", "complete", "tick"])
def test_an_action_sees_its_tenant_whoever_moves_it(crm, orgs, move_clock, caller):
    first = {
        "start": [],
        "complete": [act("wait", "note")],
        "tick": [{"id": "wait", "type": "delay", "for": "PT1M", "next": "note"}],
    }[caller]
    look = (native("note", "a"), native("a", action="look", save_as="seen"))
    instance = crm.start(crm.publish(*first, *look))
    move_clock("61 seconds")
    crm.work()
    seen = crm.status(instance)["output"]["seen"]
    assert (seen["tenant"], seen["orgs_seen"], seen["user"]) == (str(orgs.a), 1, "automation_actor")


def test_only_brokers_ring_the_clock(crm, move_clock):
    """Or an action would run for a login that may act for no organisation, and see nothing."""
    crm.start(
        crm.publish(
            {"id": "wait", "type": "delay", "for": "PT1M", "next": "a"}, native("a", action="look")
        )
    )
    move_clock("61 seconds")
    for login in ("ops", "app_backend", "svc_a", "bi_ro", "stranger"):
        with pytest.raises(errors.DatabaseError) as caught:
            crm.database.connect(login).execute("select automation.tick()")
        assert caught.value.sqlstate in ("42501", "MA302"), login


@pytest.mark.parametrize("fails", [False, True])
def test_settings_are_put_back_after_an_action(crm, orgs, database, fails):
    """For a caller with an organisation for the session, in the transaction only, and with ''."""
    more = {"raise": "22012"} if fails else {}
    template = crm.publish(native("a", on_error="continue", **more))
    start = "select automation.start_workflow(%s)"

    session = database.connect("app_backend", org=orgs.a)
    session.execute("select set_config('app.context_version', '1.0', false)")
    before = session.execute(READ_SETTINGS).fetchone()
    session.execute(start, [template])
    after = session.execute(READ_SETTINGS).fetchone()
    assert [value or "" for value in after] == [value or "" for value in before]

    pooled = database.connect("app_backend")
    with pooled.transaction():
        pooled.execute("select set_config('app.current_org_id', %s, true)", [str(orgs.a)])
        pooled.execute(start, [template])
        values = pooled.execute(READ_SETTINGS).fetchone()
        assert [value or "" for value in values] == [str(orgs.a), "", "", ""]
    assert not any(pooled.execute(READ_SETTINGS).fetchone())

    crm.start(crm.publish(act("wait", "a"), native("a", on_error="continue", **more)))
    crm.worker.execute("select set_config('app.current_org_id', '', false)")
    crm.report((crm.read()[-1], ok()))
    assert not any(crm.worker.execute(READ_SETTINGS).fetchone())


def test_actions_of_two_organisations_in_one_batch_stay_apart(crm, orgs, database):
    """One report of a worker moves instances of both; each action writes and sees its own."""
    steps = (act("wait", "note"), native("note", "a"), native("a", action="look", save_as="seen"))
    template = crm.publish(*steps)
    instances = [crm.start(template)]
    crm.client.execute("select set_config('app.current_org_id', %s, false)", [str(orgs.b)])
    instances.append(crm.start(crm.publish(*steps)))
    assert crm.report(*((message, ok()) for message in crm.read()))["accepted"] == 2
    found = crm.admin.execute(
        "select instance_id, context_data #>> '{seen,tenant}', context_data #>> '{seen,orgs_seen}' "
        "from automation.workflow_instances"
    ).fetchall()
    expected = zip(instances, (orgs.a, orgs.b), strict=True)
    assert sorted(found) == sorted((i, str(org), "1") for i, org in expected)
    crm.client.execute("select set_config('app.current_org_id', %s, false)", [str(orgs.a)])


# what no action may do, with the error that it gets
FORBIDDEN = [
    "select count(*) from automation.workflow_instances",
    "select count(*) from automation.workflow_steps",
    "select count(*) from automation_private.org_access",
    "select count(*) from automation_private.timers",
    "select count(*) from pgmq.q_automation_actions",
    "insert into automation.automation_audit (org_id, audit_id, operation, subject_type) "
    "values (gen_random_uuid(), gen_random_uuid(), 'x', 'x')",
    "select automation.start_workflow(gen_random_uuid())",
    "select automation.cancel_workflow(gen_random_uuid())",
    "select automation.set_member(gen_random_uuid(), 'owner')",
    "select automation.tick()",
    "select automation.complete_actions('[]')",
    "select automation_private.cancel_instance(gen_random_uuid(), gen_random_uuid(), 'x')",
    "select automation_private.record_audit(null, 'x', 'x', null)",
    "create or replace function automation_private.clock() returns timestamptz "
    "language sql return now()",
    "create function automation_private.mine() returns int language sql return 1",
    "set local role automation_engine",
    "set session authorization postgres",
]


def test_an_action_reaches_nothing_of_the_engine(crm):
    template = crm.publish(native("a", do="{{trigger.do}}"))
    wrong = []
    for statement in FORBIDDEN:
        error = crm.status(crm.start(template, do=statement))["error"] or {}
        if error.get("code") != "42501":
            wrong.append((statement, error))
    assert wrong == []
    assert notes(crm) == []


def test_an_action_cannot_write_into_another_organisation(crm, orgs):
    for statement in (
        f"insert into crm.notes (org_id, note) values ('{orgs.b}', 'x')",
        f"update crm.notes set org_id = '{orgs.b}'",
    ):
        error = crm.status(crm.start(crm.publish(native("a", do=statement))))["error"]
        assert error["code"] == "42501"
    assert notes(crm) == []


# ---- limits


def test_fifty_actions_run_in_one_transaction_and_the_next_tick_does_more(crm):
    """Each is a subtransaction, and beyond 64 of them every other session pays."""
    template = crm.publish(native("a", "b"), native("b"))
    crm.client.execute(
        "select automation.start_workflows(%s, %s)", [template, Jsonb([{"input": {}}] * 60)]
    )
    assert len(notes(crm)) == 50
    crm.work()
    assert sorted(notes(crm)) == ["a"] * 60 + ["b"] * 60
    assert per_transaction(crm) <= 50


def test_retries_are_bounded_like_first_attempts(crm):
    template = crm.publish(native("a", fails_on=1, retry={"max_attempts": 2, "backoff": "PT0S"}))
    for _ in range(2):
        crm.client.execute(
            "select automation.start_workflows(%s, %s)", [template, Jsonb([{"input": {}}] * 45)]
        )
    crm.work()
    assert len(notes(crm)) == 90
    assert per_transaction(crm) <= 50


def per_transaction(engine) -> int:
    """The most actions that one transaction ran with success."""
    return engine.admin.execute(
        "select max(c) from (select count(*) as c from crm.notes group by transaction) as s"
    ).fetchone()[0]


def test_whatever_an_action_returns_is_its_output(crm):
    for output in (None, 7, "text", [1, 2], {"x": {"y": None}}):
        config = {} if output is None else {"output": output}
        instance = crm.run(
            native("a", "b", **config), native("b", note="{{steps.a | default:'none'}}")
        )
        status = crm.status(instance)
        assert status["status"] == "completed", output
        assert crm.timeline(instance)[0]["output_data"] == output
        assert status["output"] == (output if isinstance(output, dict) else {})


def test_an_output_that_is_too_large_takes_its_effects_back(crm):
    instance = crm.run(native("a", action="large"))
    assert crm.status(instance)["error"]["code"] == "too_large"
    assert notes(crm) == []


def test_test_workflow_runs_no_action(crm):
    definition = {"steps": [native("a", "b"), native("b", action="large")]}
    result = crm.call("app_backend", "test_workflow", p_definition=definition)
    assert (result["status"], [s["step"] for s in result["steps"]]) == ("completed", ["a", "b"])
    assert notes(crm) == []


# ---- registration


# what is no handler: functions of another form, ambiguous names, functions the actor may not call
NO_HANDLERS = [
    ("crm.one(jsonb)", "jsonb"),
    ("crm.one(jsonb, jsonb, jsonb)", "jsonb"),
    ("crm.one(text, jsonb)", "jsonb"),
    ("crm.one(jsonb, jsonb)", "json"),
    ("crm.one(jsonb, jsonb)", "setof jsonb"),
    ("crm.act(jsonb)", "jsonb"),
    ("crm.hidden(jsonb, jsonb)", "jsonb"),
]


def test_only_a_function_of_the_right_form_that_the_actor_may_call_is_a_handler(crm):
    register = "select automation.register_action('other', 'native', 'x', '{}', %s)"
    for signature, result in NO_HANDLERS:
        with crm.admin.transaction(force_rollback=True):
            kind = result.removeprefix("setof ")
            crm.admin.execute(
                f"create function {signature} returns {result} "
                f"language sql as 'select null::{kind}'"
            )
            if "hidden" in signature:
                crm.admin.execute(f"revoke execute on function {signature} from public")
            handler = "crm.act(jsonb,jsonb)" if "crm.act" in signature else signature
            with pytest.raises(errors.DatabaseError) as caught:
                crm.admin.execute(register, [handler])
        assert caught.value.sqlstate == "MA001", signature


@pytest.mark.parametrize(
    "change", ["drop function crm.act", "revoke usage on schema crm from automation_actor"]
)
def test_a_handler_that_went_away_fails_its_step(crm, change):
    template = crm.publish(native("a"))
    crm.admin.execute(change)
    status = crm.status(crm.start(template))
    assert status["status"] == "failed"
    assert status["error"]["step"] == "a"
