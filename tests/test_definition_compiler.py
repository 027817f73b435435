"""Definitions: what they are compiled to and how they are stored; inputs; registered actions."""

from __future__ import annotations

import threading
import uuid

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from py_actions import catalogue, load
from tests.definition_tools import (
    STOP,
    act,
    errors,
    if_,
    merge,
    register,
    register_actions,
    set_,
    split,
)


@pytest.fixture
def ops(database):
    """An administrator who has registered some actions."""
    connection = database.connect("ops")
    register_actions(connection)
    return connection


@pytest.fixture
def client(database, orgs, ops):
    """A client of organisation a."""
    return database.connect("app_backend", org=orgs.a)


@pytest.fixture
def store(database, orgs, client):
    """Store a definition as the API does; its row, and its steps by id."""
    admin = database.connect()
    admin.row_factory = dict_row

    def store(*steps, **document):
        definition = document | {"steps": list(steps)}
        template = client.execute(
            "select automation.create_template(%s, %s)", [str(uuid.uuid4()), Jsonb(definition)]
        ).fetchone()[0]
        client.execute("select automation.publish_template(%s)", [template])
        row = admin.execute(
            "select d.* from automation.workflow_templates as t"
            " join automation.workflow_definitions as d"
            " on d.org_id = t.org_id and d.definition_id = t.published_definition_id"
            " where t.template_id = %s",
            [template],
        ).fetchone()
        found = admin.execute(
            "select * from automation.workflow_definition_steps where definition_id = %s"
            " order by step_order",
            [row["definition_id"]],
        ).fetchall()
        return row, {step["step_key"]: step for step in found}

    return store


def test_the_document_is_compiled(store):
    row, _ = store(
        STOP,
        input={"n": {"type": "number"}},
        output={"r": "{{vars.x}}", "s": 1},
        settings={"timeout": "36 hours", "timezone": "Asia/Bahrain"},
    )
    assert row["settings"] == {
        "timeout": "PT36H",
        "on_failure": "fail",
        "max_activations": 10000,
        "max_depth": 5,
        "timezone": "Asia/Bahrain",
    }
    assert row["input_schema"] == {"n": {"type": "number"}}
    assert row["output_reads"] == ["vars"]
    assert row["output_bindings"]
    assert (row["steps_total"], row["compiler_version"]) == (1, 2)
    assert row["source"]["steps"] == [STOP]


def test_orders_and_links_are_compiled(store):
    _, steps = store(
        act("b", "c", on_error="continue"),
        act("a", "b", on_error={"next": "c"}, name="A"),
        act("c"),
        start="a",
    )
    assert [
        (s["step_key"], s["step_order"], s["next_order"], s["error_order"], s["step_name"])
        for s in steps.values()
    ] == [("a", 1, 2, 3, "A"), ("b", 2, 3, 3, None), ("c", 3, 0, None, None)]


def test_actions_are_compiled(store):
    _, steps = store(
        act("a", "b", config={"x": "{{input.x}}", "y": "{{steps.b.z}}"}, timeout="90s"),
        act("b", "c", save_as="result", config={"k": 1}),
        act("c", "a", save_as=None, action="persist"),
    )
    a, b, c = steps["a"], steps["b"], steps["c"]
    assert (a["runs"], a["action"], a["saves"], a["timeout_is_set"]) == (
        "external",
        "work",
        "merge",
        True,
    )
    assert a["params"]["timeout"] == "PT90S"
    assert sorted(a["reads"]) == ["input", "steps.b"]
    assert a["bindings"]
    assert (b["saves"], b["save_as"], b["bindings"], b["reads"]) == ("key", "result", None, None)
    assert b["params"] == {"config": {"k": 1}}
    assert c["saves"] == "none"
    assert [s["output_is_read"] for s in (a, b, c)] == [False, True, False]
    assert (a["retry"], c["retry"]) == (
        None,
        {
            "max_attempts": 4,
            "backoff": 30,
            "factor": 2,
            "max_backoff": 3600,
            "jitter": 0.2,
            "retry_on": ["timeout"],
        },
    )


def test_retry_is_completed(store):
    _, steps = store(
        act("a", "b", action="persist", retry={"max_backoff": "PT1M"}),
        act("b", retry={"factor": 3, "never_retry_on": ["auth"]}),
    )
    assert steps["a"]["retry"] == {
        "max_attempts": 3,
        "backoff": 10,
        "factor": 2,
        "max_backoff": 60,
        "jitter": 0.2,
    }
    assert steps["b"]["retry"]["never_retry_on"] == ["auth"]


def test_conditions_are_compiled(store):
    _, steps = store(
        if_("two", "cases", error_next="end", condition="steps.end.x > 1 or input.y = 2"),
        {
            "id": "cases",
            "type": "condition",
            "default": "end",
            "cases": [
                {"when": "x > 1", "next": "two", "name": "big"},
                {"when": "x > 2", "next": "one"},
                {"when": "x > 3", "next": None},
            ],
        },
        if_("one", false="end", next="two"),
        act("end", "two"),
    )
    two, cases, one = steps["two"], steps["cases"], steps["one"]
    assert (two["next_order"], two["else_order"], two["condition_error_order"]) == (2, 0, 4)
    assert two["condition"]
    assert sorted(two["reads"]) == ["input", "steps.end"]
    assert (two["cases"], two["saves"]) == (None, "none")
    assert [(c["name"], c["order"]) for c in cases["cases"]] == [("big", 1), ("one", 3), (None, 0)]
    assert all(c["path"].startswith("(") or "$" in c["path"] for c in cases["cases"])
    assert (cases["condition"], cases["else_order"], cases["reads"]) == (None, 4, ["vars"])
    assert (one["next_order"], one["else_order"], one["condition_error_order"]) == (1, 4, None)
    assert steps["end"]["output_is_read"]


def test_a_condition_that_fails_may_continue(store):
    _, steps = store(if_("a", "b", "c", next="c", on_error="continue"), act("b"), act("c"))
    assert (steps["a"]["next_order"], steps["a"]["else_order"], steps["a"]["error_order"]) == (
        2,
        3,
        3,
    )


def test_assignments_are_compiled(store):
    _, steps = store(
        set_(
            {
                "plain": "{{input.x}}",
                "sum": {"expr": "score + 10"},
                "list": {"append": "{{vars.y}}"},
                "object": {"merge": {"z": 1}},
                "data": {"a": {"expr": "not one"}},
            }
        )
    )
    step = steps["a"]
    assert set(step["params"]["values"]) == {"plain", "list", "object", "data"}
    assert sorted((c["name"], c["kind"], "path" in c) for c in step["cases"]) == [
        ("list", "append", False),
        ("object", "merge", False),
        ("sum", "expr", True),
    ]
    assert sorted(step["reads"]) == ["input", "vars"]


def test_delays_are_compiled(store):
    _, steps = store(
        {"id": "a", "type": "delay", "for": "2 days", "next": "b"},
        {"id": "b", "type": "delay", "until": "{{trigger.t}}", "offset": "-90s", "next": "c"},
        {
            "id": "c",
            "type": "delay",
            "at": "09:00",
            "days": ["mon"],
            "timezone": "UTC",
            "offset": "+PT1H",
        },
    )
    assert steps["a"]["params"] == {"for": "P2D"}
    assert steps["b"]["params"]["offset"] == "-PT90S"
    assert steps["b"]["reads"] == ["trigger"]
    assert steps["c"]["params"] == {
        "at": "09:00",
        "days": ["mon"],
        "timezone": "UTC",
        "offset": "PT1H",
    }


def test_splits_and_merges_are_compiled(store):
    _, steps = store(
        split("all", "some", {"next": "a", "name": "first"}),
        split("some", "b", {"next": "c", "when": "x > 1"}, default="b"),
        act("a", "outer"),
        act("b", "inner"),
        act("c", "inner"),
        merge("inner", "outer"),
        merge("outer", "end"),
        act("end"),
    )
    everything, some = steps["all"], steps["some"]
    assert (everything["branches"], everything["branch_names"]) == ([2, 3], ["some", "first"])
    assert (everything["cases"], everything["partner_order"]) == (None, 7)
    assert [(c["name"], c["order"], c["path"] is None) for c in some["cases"]] == [
        ("b", 4, True),
        ("c", 5, False),
    ]
    assert (some["branches"], some["else_order"], some["partner_order"]) == (None, 4, 6)
    assert [(s["partner_order"], s["next_order"]) for s in (steps["inner"], steps["outer"])] == [
        (2, 7),
        (1, 8),
    ]


def test_stops_are_compiled(store):
    _, steps = store(
        if_("i", "a", "b"),
        STOP,
        STOP | {"id": "b", "status": "failed", "code": "late", "reason": "{{vars.x}}"},
    )
    assert steps["a"]["params"] == {"status": "completed"}
    assert steps["b"]["params"]["status"] == "failed"
    assert steps["b"]["reads"] == ["vars"]


def test_native_actions_are_told_apart(database, ops, store):
    database.connect().execute("""
        create function public.greet(config jsonb, context jsonb) returns jsonb
        language sql return config;
        grant execute on function public.greet to automation_actor
    """)
    register(ops, "greet", p_runs="native", p_handler="public.greet(jsonb,jsonb)")
    _, steps = store(act("a", action="greet"))
    assert steps["a"]["runs"] == "native"


def test_the_same_content_is_stored_once_per_organisation(database, orgs, client):
    admin = database.connect()
    store = "select automation_private.store_definition(%s, %s)"
    definition = {"steps": [STOP]}
    first = admin.execute(store, [orgs.a, Jsonb(definition)]).fetchone()
    assert admin.execute(store, [orgs.a, Jsonb(definition)]).fetchone() == first
    assert admin.execute(store, [orgs.b, Jsonb(definition)]).fetchone() != first
    assert admin.execute(store, [orgs.a, Jsonb(definition | {"x-a": 1})]).fetchone() != first


def test_an_action_registered_anew_makes_a_new_definition(database, orgs, ops):
    admin = database.connect()
    store = "select automation_private.store_definition(%s, %s)"
    definition = Jsonb({"steps": [act("a")]})
    first = admin.execute(store, [orgs.a, definition]).fetchone()
    register(ops, "notify")
    assert admin.execute(store, [orgs.a, definition]).fetchone() == first
    register(ops, "work", p_retry=Jsonb({"max_attempts": 2}))
    assert admin.execute(store, [orgs.a, definition]).fetchone() != first


def test_two_sessions_that_store_the_same_content_agree(database, orgs):
    found = []

    def store(connection):
        found.append(
            connection.execute(
                "select automation_private.store_definition(%s, %s)",
                [orgs.a, Jsonb({"steps": [STOP]})],
            ).fetchone()
        )
        connection.commit()

    first, second = (database.connect(autocommit=False) for _ in range(2))
    first.execute("select 1")
    thread = threading.Thread(target=store, args=[second])
    found.append(
        first.execute(
            "select automation_private.store_definition(%s, %s)", [orgs.a, Jsonb({"steps": [STOP]})]
        ).fetchone()
    )
    thread.start()
    thread.join(0.3)
    assert len(found) == 1
    first.commit()
    thread.join()
    assert found[0] == found[1]


def test_an_invalid_definition_is_not_stored(database, orgs):
    with pytest.raises(psycopg.Error) as caught:
        database.connect().execute(
            "select automation_private.store_definition(%s, %s)",
            [orgs.a, Jsonb({"steps": [act("a", "b", action="none"), act("a")]})],
        )
    assert caught.value.sqlstate == "MA200"
    assert '"/steps/0/action"' in caught.value.diag.message_detail
    assert '"/steps/1/id"' in caught.value.diag.message_detail


DECLARED = {
    "n": {"type": "number", "default": 80, "min": 0, "max": 100},
    "t": {"type": "text", "required": True, "enum": ["a", "b"]},
    "d": {"type": "date"},
    "s": {"type": "timestamp"},
    "i": {"type": "integer"},
    "o": {"type": "object"},
    "l": {"type": "array"},
    "b": {"type": "boolean"},
    "x": {"type": "any"},
}


FITTING = {
    "t": "a",
    "n": 0,
    "d": "2026-02-28",
    "s": "2026-02-28T10:00:00+03:00",
    "i": 5,
    "o": {},
    "l": [],
    "b": False,
    "x": [1],
}
UNFITTING = {"t": 1, "n": "5", "d": "2026-02-30", "s": "noon", "i": 1.5, "o": [], "l": {}, "b": 0}


def test_inputs_are_accepted_with_their_defaults(db):
    for schema, given, value in (
        (None, {"a": [1]}, {"a": [1]}),
        (None, None, {}),
        ({}, {}, {}),
        (DECLARED, {"t": "a"}, {"t": "a", "n": 80}),
        (DECLARED, {"t": "b", "n": None, "d": None}, {"t": "b", "n": 80, "d": None}),
        (DECLARED, FITTING, FITTING),
    ):
        assert check_input(db, schema, given) == (value, None)


def test_inputs_that_do_not_fit_are_refused_all_at_once(db):
    for schema, given, expected in (
        (None, [1], ["wrong_type"]),
        (None, {"a": {"b": 10**40}}, ["number_out_of_range"]),
        (DECLARED, {"tt": "a"}, ["/t missing_input", "/tt undeclared_input"]),
        (DECLARED, {"t": "c", "n": 101}, ["/n out_of_range", "/t not_in_enum"]),
        (DECLARED, UNFITTING, [f"/{name} wrong_type" for name in sorted(UNFITTING)]),
    ):
        value, error = check_input(db, schema, given)
        assert (value, error["code"]) == (None, "invalid_input")
        assert [f"{e['pointer']} {e['code']}".strip() for e in error["errors"]] == expected


def check_input(db, schema, given):
    return db.execute(
        "select c.value, c.error from automation_private.check_input(%s, %s) as c",
        [None if value is None else Jsonb(value) for value in (schema, given)],
    ).fetchone()


def test_the_built_in_actions_are_registered_as_the_worker_declares_them(database, orgs):
    rows = (
        database.connect("app_backend", org=orgs.a)
        .execute(
            "select action, config_schema, idempotent, description, provider"
            " from automation.action_catalogue()"
        )
        .fetchall()
    )
    declared = {
        entry["name"]: (
            entry["config_schema"],
            entry["idempotent"],
            entry["description"],
            entry["provider"],
        )
        for entry in catalogue(load())
        if entry["name"] in ("webhook", "http_request", "send_email", "send_slack")
    }
    assert {row[0]: row[1:] for row in rows} == declared


def test_an_action_that_cannot_work_is_not_registered(database, ops):
    database.connect().execute("""
        create function public.closed(a jsonb, b jsonb) returns jsonb language sql return a;
        revoke execute on function public.closed from public;
        create function public.twice(a jsonb, b jsonb) returns jsonb language sql return a;
        create function public.twice(a jsonb) returns jsonb language sql return a;
    """)
    for wrong in (
        {"p_action": "Bad Name"},
        {"p_action": None},
        {"p_runs": "sideways"},
        {"p_runs": None},
        {"p_description": " "},
        {"p_config_schema": Jsonb({"type": "nonsense"})},
        {"p_config_schema": Jsonb([])},
        {"p_config_schema": None},
        {"p_retry": Jsonb({"factor": 0})},
        {"p_runs": "native"},
        {"p_handler": "pg_catalog.jsonb_concat(jsonb,jsonb)"},
        {"p_runs": "native", "p_handler": "pg_catalog.jsonb_typeof(jsonb)"},
        {"p_runs": "native", "p_handler": "pg_catalog.jsonb_contains(jsonb,jsonb)"},
        {"p_runs": "native", "p_handler": "public.closed(jsonb,jsonb)"},
        {"p_runs": "native", "p_handler": "public.twice(jsonb,jsonb)"},
    ):
        options = {"p_action": "new"} | wrong
        with pytest.raises(psycopg.Error) as caught:
            register(ops, options.pop("p_action"), **options)
        assert (wrong, caught.value.sqlstate) == (wrong, "MA001")


def test_actions_are_replaced_and_removed(client, ops):
    register(ops, "work", p_description="new", p_idempotent=True)
    assert client.execute(
        "select description, idempotent from automation.action_catalogue() where action = 'work'"
    ).fetchone() == ("new", True)
    remove = "select automation.unregister_action('work')"
    assert [ops.execute(remove).fetchone()[0] for _ in range(2)] == [True, False]
    assert errors(client, {"steps": [act("a")]}) == ["/steps/0/action unknown_action"]


def test_only_administrators_register_actions(database, orgs):
    for user in ("app_backend", "svc_a", "worker", "bi_ro", "stranger"):
        connection = database.connect(user, org=orgs.a)
        for call in ("register_action('x', 'external', 'x')", "unregister_action('webhook')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select automation.{call}")
