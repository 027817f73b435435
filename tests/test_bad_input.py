"""Whatever callers and workers send: a clear error or a recorded failure, and nothing else."""

from __future__ import annotations

import json
import re
import uuid

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.engine import act, failed, if_, ok
from tests.evidence import differences, fingerprint

UNKNOWN = "00000000-0000-4000-8000-000000000000"
HUGE = {"text": "x" * 300_000}
MANY = {f"key {n}": n for n in range(40_000)}
GIANT = "1e130000"


class Raw:
    """JSON as it is written, which Python could not write or would write otherwise."""

    def __init__(self, text: str) -> None:
        self.text = text


def deep(levels: int, inside: str = "1") -> Raw:
    return Raw('{"a":' * levels + inside + "}" * levels)


ARRAYS = {"p_permissions": "text[]", "p_msg_ids": "bigint[]", "p_read_cts": "int[]"}


def adapted(name: str, value: object) -> object:
    if isinstance(value, Raw):
        return value.text
    return Jsonb(value) if isinstance(value, dict | list) and name not in ARRAYS else value


def call(connection, function: str, **arguments: object) -> list[tuple]:
    names = ", ".join(
        f"{name} => %s::{ARRAYS[name]}" if name in ARRAYS else f"{name} => %s" for name in arguments
    )
    return connection.execute(
        f"select * from automation.{function}({names})",
        [adapted(name, value) for name, value in arguments.items()],
    ).fetchall()


def state_of(connection, function: str, **arguments: object) -> str:
    try:
        call(connection, function, **arguments)
    except psycopg.Error as error:
        return error.sqlstate or type(error).__name__
    return "ok"


class World:
    """An engine with a template in every state and an instance that runs."""

    def __init__(self, engine) -> None:
        self.engine = engine
        self.client = engine.client
        self.ops = engine.database.connect("ops")
        steps = {"steps": [act("a")]}
        self.active = engine.publish(act("a"))
        self.strict = engine.publish(
            act("a"), input={"limit": {"type": "integer", "required": True}}
        )
        self.draft, self.archived = (
            engine.call("app_backend", "create_template", p_name=name, p_definition=steps)
            for name in ("draft", "archived")
        )
        engine.call("app_backend", "publish_template", p_template_id=self.archived)
        engine.call("app_backend", "archive_template", p_template_id=self.archived)
        self.instance = engine.start(self.active)
        self.message = engine.read()[0]
        self.before = fingerprint(engine.admin)

    def place(self, value: object) -> object:
        """The world's own ids where the table names them."""
        return getattr(self, value[1:]) if isinstance(value, str) and value[:1] == "@" else value

    def check(self, table: list[tuple], connection) -> None:
        """Make each call; it must end as the table says and leave everything as it was."""
        wrong = []
        for function, arguments, expected in table:
            arguments = {k: self.place(v) for k, v in arguments.items()}
            state = state_of(connection, function, **arguments)
            changed = differences(self.before, fingerprint(self.engine.admin))
            if state not in expected.split() or changed:
                shown = str({k: getattr(v, "text", v) for k, v in arguments.items()})[:200]
                wrong.append(f"{function} {shown}: {state}, not {expected}; changed {changed}")
                self.before = fingerprint(self.engine.admin)
        assert wrong == [], "\n".join(wrong)


@pytest.fixture
def world(engine) -> World:
    return World(engine)


def start(**arguments) -> tuple:
    expected = arguments.pop("expected")
    return "start_workflow", {"p_template_id": "@active"} | arguments, expected


# text that is no jsonb at all never reaches a function: 22P02 syntax, 22P05 NUL character
STARTS = [
    *(start(p_input=Raw(text), expected="22P02") for text in ("", "{", "{'a': 1}", "[1,]", "nan")),
    start(p_input=Raw('{"n": NaN}'), expected="22P02"),
    start(p_input=Raw('{"n": Infinity}'), expected="22P02"),
    start(p_input=Raw('{"t": "\\u0000"}'), expected="22P05"),
    start(p_trigger=Raw('{"\\u0000": 1}'), expected="22P05"),
    *(start(p_input=Raw(text), expected="MA004") for text in ("[]", "7", '"x"', "true", "[{}]")),
    *(start(p_trigger=Raw(text), expected="MA001") for text in ("[]", "7", '"x"', "true")),
    start(p_input=HUGE, expected="MA003"),
    start(p_trigger=HUGE, expected="MA003"),
    start(p_trigger=MANY, expected="MA003"),
    start(p_input=deep(33), expected="MA003"),
    start(p_trigger=deep(33), expected="MA003"),
    start(p_trigger=deep(1500), expected="MA003"),
    start(p_trigger=deep(33, "[]"), expected="MA003"),
    start(
        p_input={"list": [[[[]]]] * 10, "deep": json.loads("[" * 33 + "]" * 33)}, expected="MA003"
    ),
    start(p_input=Raw(f'{{"n": {GIANT}}}'), expected="MA004"),
    start(p_input=Raw(f'{{"n": [{{"m": -{GIANT}}}]}}'), expected="MA004"),
    start(p_input=Raw('{"n": 1e-3000}'), expected="MA004"),
    start(p_trigger=Raw(f'{{"n": {GIANT}}}'), expected="MA001 MA004"),
    start(p_trigger=Raw('{"n": [1e39]}'), expected="MA001 MA004"),
    start(p_trigger=Raw(f'{{"n": {"9" * 400}}}'), expected="MA001 MA004"),
    start(p_idempotency_key="", expected="MA001"),
    start(p_idempotency_key="x" * 201, expected="MA001"),
    start(p_idempotency_key="x" * 1_000_000, expected="MA001 MA003"),
    start(p_name="x" * 201, expected="MA001"),
    start(p_template_id=None, expected="MA002"),
    start(p_template_id=UNKNOWN, expected="MA002"),
    start(p_template_id="@instance", expected="MA002"),
    start(p_template_id="garbage", expected="22P02"),
    start(p_template_id="@draft", expected="MA101"),
    start(p_template_id="@archived", expected="MA101"),
    start(p_template_id="@strict", expected="MA004"),
    *(
        start(p_template_id="@strict", p_input=value, expected="MA004")
        for value in (
            {"limit": "7"},
            {"limit": 7.5},
            {"limit": None},
            {"limit": [7]},
            {"limits": 7},
            {"limit": 7, "more": 1},
            {"": 1, "limit": 7},
            Raw('{"limit": 1e200}'),
        )
    ),
    *(
        ("start_workflows", {"p_template_id": "@active", "p_items": items}, "MA001")
        for items in (None, Raw("{}"), Raw('"x"'), Raw("null"), [{}] * 10_001)
    ),
    ("start_workflows", {"p_template_id": UNKNOWN, "p_items": []}, "MA002"),
    ("start_workflows", {"p_template_id": "@draft", "p_items": []}, "MA101"),
    ("start_workflows", {"p_template_id": "@active", "p_items": []}, "ok"),
]

OTHER_CALLS = [
    *(
        (function, {"p_instance_id": value}, expected)
        for function in ("workflow_status", "workflow_timeline", "cancel_workflow")
        for value, expected in (
            (None, "MA002"),
            (UNKNOWN, "MA002"),
            ("@active", "MA002"),
            ("garbage", "22P02"),
            ("", "22P02"),
            ("' or true --", "22P02"),
        )
    ),
    *(
        (function, {"p_template_id": value}, "MA002")
        for function in (
            "publish_template",
            "archive_template",
            "update_template",
            "export_template",
        )
        for value in (None, UNKNOWN, "@instance")
    ),
    ("duplicate_template", {"p_template_id": UNKNOWN, "p_name": "x"}, "MA002"),
    ("duplicate_template", {"p_template_id": "@active", "p_name": None}, "MA001"),
    ("duplicate_template", {"p_template_id": "@active", "p_name": "draft"}, "MA101"),
    *(
        ("create_template", {"p_name": name, "p_definition": {"steps": []}}, "MA001")
        for name in (None, "", " \t\n", "x" * 201)
    ),
    ("create_template", {"p_name": "draft", "p_definition": {"steps": []}}, "MA101"),
    *(
        ("create_template", {"p_name": "new", "p_definition": document}, expected)
        for document, expected in (
            (None, "MA001"),
            (Raw("[]"), "MA001"),
            (Raw("7"), "MA001"),
            (Raw("null"), "MA001"),
            (Raw("{"), "22P02"),
            (HUGE, "MA003"),
            (MANY, "MA003"),
            (deep(33), "MA003"),
            (deep(1500), "MA003"),
            (Raw(f'{{"n": {"9" * 300_000}}}'), "22003"),
        )
    ),
    *(
        ("create_template", {"p_name": "new", "p_definition": {"steps": []}} | more, "MA001")
        for more in (
            {"p_category": "x"},
            {"p_tags": Raw("{}")},
            {"p_tags": Raw("7")},
            {"p_tags": [1]},
            {"p_tags": ["x"] * 51},
            {"p_tags": ["x" * 10_000]},
        )
    ),
    (
        "create_template",
        {"p_name": "new", "p_definition": {"steps": []}, "p_trigger": HUGE},
        "MA003",
    ),
    *(
        ("import_template", {"p_document": document}, "MA001")
        for document in (None, Raw("[]"), Raw("7"), {}, {"format": "other"}, {"name": 1})
    ),
    *(
        ("test_workflow", {"p_definition": document}, expected)
        for document, expected in (
            (None, "MA001"),
            (Raw("[]"), "MA001 MA200"),
            (Raw("7"), "MA001 MA200"),
            ({}, "MA200"),
            ({"steps": []}, "MA200"),
            ({"steps": 7}, "MA200"),
            ({"steps": [7, None, []]}, "MA200"),
            ({"steps": [{}]}, "MA200"),
            ({"steps": [act("a", "nowhere")]}, "MA200"),
            ({"steps": [act("a")], "more": 1}, "MA200"),
            (HUGE, "MA003"),
            (deep(33), "MA003"),
            ({"steps": [act(f"s{n}") for n in range(501)]}, "MA200"),
            ({"steps": [act("a", "b", timeout=7), act("b", "a", retry=[])]}, "MA200"),
        )
    ),
    *(
        ("test_workflow", {"p_definition": {"steps": [act("a")]}, "p_mocks": mocks}, "MA001")
        for mocks in (None, Raw("[]"), Raw("7"))
    ),
    *(
        ("validate_definition", {"p_definition": document}, expected)
        for document, expected in (
            (None, "MA001"),
            (Raw("[]"), "ok"),
            (Raw("null"), "ok"),
            ({}, "ok"),
            (HUGE, "MA003"),
            (deep(33), "MA003"),
            ({"steps": {"a": 1}}, "ok"),
            ({"": {}, "steps": [{"": 1}]}, "ok"),
        )
    ),
    *(
        ("set_member", {"p_user_id": user, "p_role_code": role}, expected)
        for user, role, expected in (
            (None, "viewer", "MA001"),
            ("garbage", "viewer", "22P02"),
            (UNKNOWN, "", "MA001"),
            (UNKNOWN, "Viewer", "MA001"),
            (UNKNOWN, "a" * 64, "MA001"),
            (UNKNOWN, "x; --", "MA001"),
            (UNKNOWN, "viewer\n", "MA001"),
        )
    ),
    *(
        ("set_role_permissions", {"p_role_code": role, "p_permissions": permissions}, "MA001")
        for role, permissions in (
            (None, ["view"]),
            ("", ["view"]),
            ("UPPER", ["view"]),
            ("viewer", ["superuser"]),
            ("viewer", ["view", None]),
            ("viewer", [""]),
            ("viewer", ["VIEW"]),
        )
    ),
]

ADMIN_CALLS = [
    *(
        ("register_org", arguments, "MA001")
        for arguments in (
            {"p_org_id": None},
            {"p_org_id": UNKNOWN, "p_timezone": None},
            {"p_org_id": UNKNOWN, "p_timezone": "Mars/Olympus"},
            {"p_org_id": UNKNOWN, "p_timezone": ""},
            {"p_org_id": UNKNOWN, "p_timezone": "+05"},
            {"p_org_id": UNKNOWN, "p_timezone": "posix/Europe/Berlin"},
            {"p_org_id": UNKNOWN, "p_max_in_flight": 0},
            {"p_org_id": UNKNOWN, "p_max_in_flight": -1},
            {"p_org_id": UNKNOWN, "p_max_in_flight": None},
        )
    ),
    ("register_org", {"p_org_id": "garbage"}, "22P02"),
    *(
        (function, {"p_login": login} | more, "MA001")
        for function, more in (
            ("grant_org_access", {"p_org_id": UNKNOWN}),
            ("register_broker", {}),
        )
        for login in (None, "", "nobody_at_all", "svc_a; drop", '"svc_a"', "SVC_A")
    ),
    ("grant_org_access", {"p_login": "svc_a", "p_org_id": None}, "MA001"),
    ("grant_org_access", {"p_login": "svc_a", "p_org_id": UNKNOWN, "p_role_code": ""}, "MA001"),
    ("grant_org_access", {"p_login": "svc_a", "p_org_id": UNKNOWN, "p_role_code": None}, "MA001"),
    ("register_broker", {"p_login": "svc_a", "p_role_code": "No Role"}, "MA001"),
    ("revoke_org_access", {"p_login": None, "p_org_id": None}, "ok"),
    ("revoke_org_access", {"p_login": "nobody_at_all", "p_org_id": UNKNOWN}, "ok"),
    *(
        (
            "register_action",
            {"p_action": "new", "p_runs": "external", "p_description": "x"} | more,
            "MA001",
        )
        for more in (
            {"p_action": None},
            {"p_action": ""},
            {"p_action": "New"},
            {"p_action": "a" * 64},
            {"p_action": "a b"},
            {"p_runs": None},
            {"p_runs": "python"},
            {"p_runs": "native"},
            {"p_description": None},
            {"p_description": " "},
            {"p_config_schema": None},
            {"p_config_schema": Raw("[]")},
            {"p_config_schema": Raw("7")},
            {"p_config_schema": {"type": "nothing"}},
            {"p_retry": Raw("[]")},
            {"p_retry": {"max_attempts": 0}},
            {"p_retry": {"attempts": 3}},
            {"p_retry": {"max_attempts": 3, "factor": 0.5}},
            {"p_handler": "pg_catalog.jsonb_concat(jsonb,jsonb)"},
        )
    ),
    (
        "register_action",
        {
            "p_action": "new",
            "p_runs": "native",
            "p_description": "x",
            "p_handler": "no.such(jsonb)",
        },
        "3F000 42883",
    ),
    ("unregister_action", {"p_action": None}, "ok"),
    ("unregister_action", {"p_action": "nothing"}, "ok"),
]


def report(**more) -> list[dict]:
    return [{"msg_id": 1, "read_ct": 1, "status": "completed", "output": {}} | more]


LEASE = {"p_msg_ids": [1], "p_read_cts": [1], "p_seconds": 60}
WORKER_CALLS = [
    *(
        ("complete_actions", {"p_results": results}, "MA001")
        for results in (
            report(msg_id=None),
            report(msg_id="x"),
            report(msg_id=1.5),
            report(msg_id=-1),
            report(msg_id=10**30),
            report(msg_id=[1]),
            report(read_ct=None),
            report(read_ct="-1"),
            report(read_ct=10**12),
            report(status=None),
            report(status="running"),
            report(status="failed"),
            report(status="failed", error="boom"),
            report(status="failed", error={"code": "x"}),
            report(status="failed", error={"class": "x"}),
            *(
                report(status="failed", error={"code": "x", "class": "error", "retry_after": after})
                for after in (-1, "soon", "1e3", 10**9, [1], "NaN", "Infinity")
            ),
            report(status="failed", error={"code": "x", "class": "error", "permanent": "yes"}),
        )
    ),
    ("complete_actions", {"p_results": Raw('[{"msg_id": 1, "output": "\\u0000"}]')}, "22P05"),
    ("complete_actions", {"p_results": []}, "ok"),
    ("complete_actions", {"p_results": report(msg_id=10**17)}, "ok"),
    *(
        ("extend_lease", LEASE | more, "MA001")
        for more in (
            {"p_seconds": 0},
            {"p_seconds": -1},
            {"p_seconds": None},
            {"p_seconds": 86_401},
            {"p_msg_ids": []},
            {"p_msg_ids": [1, 2]},
            {"p_read_cts": None},
        )
    ),
    ("extend_lease", LEASE | {"p_seconds": 10**12}, "22003 42883"),
    ("extend_lease", LEASE | {"p_msg_ids": [None]}, "ok"),
    ("extend_lease", LEASE | {"p_msg_ids": [10**15]}, "ok"),
    ("extend_lease", LEASE | {"p_msg_ids": None, "p_read_cts": None}, "ok"),
]


def test_a_start_with_bad_input_is_refused(world):
    world.check(STARTS, world.client)


def test_calls_of_clients_with_bad_input_are_refused(world):
    world.check(OTHER_CALLS, world.client)


def test_calls_of_administrators_with_bad_input_are_refused(world):
    world.check(ADMIN_CALLS, world.ops)


def test_calls_of_workers_with_bad_input_are_refused(world):
    world.check(WORKER_CALLS, world.engine.worker)


def test_without_an_organisation_every_call_says_so(world, orgs):
    """Nothing selected, nonsense, an unknown one, one of somebody else."""
    calls = [c for c in STARTS + OTHER_CALLS if not re.search("22|42", c[2])]
    for number, org in enumerate((None, "", "garbage", UNKNOWN, orgs.b)):
        connection = world.engine.database.connect("svc_a", org=org)
        table = [(function, arguments, "MA300") for function, arguments, _ in calls[number::5]]
        world.check(table, connection)


def test_errors_are_written_for_people(world):
    """A sentence that begins small, without SQL, and a place to look at or a hint."""
    wrong = []
    for table, connection in (
        (STARTS + OTHER_CALLS, world.client),
        (ADMIN_CALLS, world.ops),
        (WORKER_CALLS, world.engine.worker),
    ):
        for function, arguments, _ in table:
            arguments = {k: world.place(v) for k, v in arguments.items()}
            try:
                call(connection, function, **arguments)
            except psycopg.Error as error:
                diag = error.diag
                if (diag.sqlstate or "").startswith("MA"):
                    said = diag.message_primary
                    if not 10 < len(said) < 300 or re.search(
                        r"null value|violates|select |\n", said
                    ):
                        wrong.append((function, said))
                    if len((diag.message_detail or "") + (diag.message_hint or "")) > 20_000:
                        wrong.append((function, "too much detail"))
    assert wrong == []


# ---- what is accepted although it looks odd


def test_odd_but_legal_input_starts_an_instance(engine):
    template = engine.publish(act("a"))
    connection = engine.client
    for arguments in (
        {"p_input": None},
        {"p_trigger": None},
        {"p_input": None, "p_trigger": None},
        {"p_input": Raw("null")},
        {"p_trigger": Raw("null")},
        {"p_trigger": {"": 1, " ": None}},
        {"p_trigger": {"vars": 1, "steps": [], "new": {"new": 1}}},
        {"p_name": ""},
        {"p_idempotency_key": " "},
        {"p_idempotency_key": "' or true --"},
        {"p_idempotency_key": "\u202e\U0001f600"},
        {"p_trigger": deep(31)},
        {"p_trigger": Raw('{"n": 1e30, "m": -0.0000001, "e": 1E+2}')},
        {"p_trigger": {"text": "x" * 200_000}},
        {"p_name": "NaN"},
    ):
        [(instance,)] = call(connection, "start_workflow", p_template_id=template, **arguments)
        (context,) = connection.execute(
            "select jsonb_typeof(context_data) from automation.workflow_instances "
            "where instance_id = %s",
            [instance],
        ).fetchone()
        assert context == "object", arguments
    engine.work()


def test_bad_items_of_a_bulk_start_do_not_hold_the_good_ones_back(engine):
    template = engine.publish(act("a"), input={"n": {"type": "integer", "required": True}})
    good = {"input": {"n": 1}}
    items = [
        good,
        {"input": {"n": "x"}},
        {"input": {}},
        {},
        [],
        None,
        7,
        "x",
        {"more": 1},
        good | {"trigger": []},
        good | {"name": 7},
        good | {"idempotency_key": ""},
        good | {"idempotency_key": {}},
        good | {"trigger": HUGE},
        good | {"unknown": 1},
        good | {"trigger": json.loads(deep(33).text)},
        good | {"idempotency_key": "k"},
        good | {"idempotency_key": "k"},
    ]
    rows = call(engine.client, "start_workflows", p_template_id=template, p_items=items)
    assert [row[0] for row in rows] == list(range(1, len(items) + 1))
    outcomes = [row[2] for row in rows]
    assert outcomes == ["started"] + ["refused"] * 15 + ["started", "duplicate"]
    assert all(row[3]["code"] and row[3]["message"] for row in rows if row[2] == "refused")
    assert all(row[1] is None for row in rows if row[2] == "refused")
    assert rows[-1][1] == rows[-2][1]
    assert engine.work() == 2


def test_a_refused_item_does_not_use_its_key_up(engine):
    template = engine.publish(act("a"), input={"n": {"type": "integer", "required": True}})
    for value, outcome in (("x", "refused"), (1, "started"), (1, "duplicate")):
        [row] = call(
            engine.client,
            "start_workflows",
            p_template_id=template,
            p_items=[{"input": {"n": value}, "idempotency_key": "k"}],
        )
        assert row[2] == outcome


def test_a_key_of_another_template_is_refused(engine):
    one, two = engine.publish(act("a")), engine.publish(act("b"))
    call(engine.client, "start_workflow", p_template_id=one, p_idempotency_key="k")
    before = fingerprint(engine.admin)
    state = state_of(engine.client, "start_workflow", p_template_id=two, p_idempotency_key="k")
    assert state == "MA101"
    assert differences(before, fingerprint(engine.admin)) == []


# ---- what workers report


def test_reports_that_do_not_fit_fail_their_step_and_no_neighbour(engine):
    """The report is sound, what it says is not: recorded, bounded, neighbours go on."""
    template = engine.publish(act("a", "b", save_as="out"), act("b"))
    outputs = {
        "large": Raw(json.dumps({"x": "y" * 70_000})),
        "giant": Raw(f'{{"x": {GIANT}}}'),
        "digits": Raw(f'{{"x": {"9" * 5000}}}'),
        "deep": deep(600),
    }
    instances = {name: engine.start(template) for name in ("first", *outputs, "last")}
    parts = []
    for message in engine.read():
        name = next(n for n, i in instances.items() if str(i) == message[2]["instance"])
        output = outputs[name].text if name in outputs else "{}"
        parts.append(
            f'{{"msg_id": {message[0]}, "read_ct": {message[1]}, "status": "completed", '
            f'"output": {output}}}'
        )
    [(result,)] = call(
        engine.worker, "complete_actions", p_results=Raw("[" + ",".join(parts) + "]")
    )
    assert result["accepted"] == len(instances)
    told = {name: engine.path(instance)[0] for name, instance in instances.items()}
    assert told == {n: "a" if n in ("first", "last") else "a:failed" for n in instances}
    codes = {name: engine.status(instances[name])["error"]["code"] for name in outputs}
    assert codes["large"] == "too_large"
    assert all(codes.values())
    assert len(engine.read()) == 2
    engine.admin.execute("update pgmq.q_automation_actions set vt = now()")
    engine.work()


def test_the_same_message_twice_in_a_report_counts_once(engine):
    instance = engine.start(engine.publish(act("a", "b"), act("b")))
    message = engine.read()[0]
    result = engine.report((message, ok({"n": 1})), (message, failed()), (message, ok({"n": 2})))
    assert result["accepted"] == 1
    assert engine.path(instance)[-1] in ("b:running", "a:failed")
    engine.work()


def test_the_time_an_attempt_took_is_a_number_of_milliseconds_or_nothing(engine):
    template = engine.publish(act("a"))
    for took in (None, 0, 1500):
        engine.start(template)
        assert (
            engine.report((engine.read()[0], ok() | {"execution_time_ms": took}))["accepted"] == 1
        )
    durations = engine.admin.execute(
        "select execution_time_ms from automation.workflow_steps order by step_id"
    ).fetchall()
    assert durations == [(None,), (0,), (1500,)]
    engine.start(template)
    message = engine.read()[0]
    for took in ("soon", -1, 1.5, 10**12, [], {}):
        with pytest.raises(psycopg.Error) as caught:
            engine.report((message, ok() | {"execution_time_ms": took}))
        assert caught.value.sqlstate == "MA001"
    engine.report((message, ok()))


def test_an_error_that_a_worker_reports_is_bounded(engine):
    """Codes, messages and everything else around them: stored cut short, neighbours untouched."""
    template = engine.publish(act("a", on_error="continue", next="b"), act("b"))
    error = {
        "code": "c" * 100_000,
        "class": "error",
        "message": "m" * 1_000_000,
        "body": "b" * 1_000_000,
        "attempt": -1,
        "step": "forged",
    }
    instance = engine.start(template)
    engine.report((engine.read()[0], {"status": "failed", "error": error}))
    engine.work()
    recorded = engine.timeline(instance)[0]["error"]
    assert len(json.dumps(recorded)) < 10_000
    assert recorded["attempt"] == 1
    assert "body" not in recorded


def test_an_unknown_error_class_fails_the_step_or_is_refused(engine):
    template = engine.publish(act("a", retry={"max_attempts": 2, "backoff": "PT0S"}))
    for error_class in ("", "unheard_of", "x" * 1000, 7, None, ["timeout"], {"a": 1}):
        instance = engine.start(template)
        message = engine.read()[0]
        answer = failed()
        answer["error"]["class"] = error_class
        results = [{"msg_id": message[0], "read_ct": message[1]} | answer]
        state = state_of(engine.worker, "complete_actions", p_results=results)
        assert state in ("ok", "MA001"), error_class
        if state == "ok":
            assert engine.status(instance)["status"] == "failed"
        else:
            assert engine.report((message, ok()))["accepted"] == 1


# ---- numbers that other programs cannot read


def test_no_message_carries_a_number_that_a_worker_cannot_read(engine):
    """Python refuses integers of more than 4,300 digits: one such message would stop its batch."""
    grow = {"id": "grow", "type": "set", "values": {"n": {"expr": "n * n"}}, "next": "again"}
    template = engine.publish(
        grow,
        if_("again", "turn < 12", "count", "send"),
        {"id": "count", "type": "set", "values": {"turn": {"expr": "turn + 1"}}, "next": "grow"},
        act("send", config={"n": "{{vars.n}}", "text": "n is {{vars.n}}"}),
    )
    instance = engine.start(template, n=10**37, turn=0)
    neighbour = engine.start(engine.publish(act("a")))
    for _ in range(5):
        engine.tick()
    assert [m[2]["instance"] for m in engine.read()] == [str(neighbour)]
    assert engine.status(instance)["status"] == "failed"
    engine.admin.execute("update pgmq.q_automation_actions set vt = now()")
    engine.work()


def test_a_definition_with_such_a_number_is_refused(engine):
    definition = '{"steps": [{"id": "a", "type": "action", "action": "work", "config": {"n": %s}}]}'
    for number in (GIANT, "9" * 400, "-1e39"):
        [(template,)] = call(
            engine.client,
            "create_template",
            p_name=number[:20],
            p_definition=Raw(definition % number),
        )
        assert state_of(engine.client, "publish_template", p_template_id=template) == "MA200"


# ---- definitions that never end


@pytest.mark.parametrize(
    "step",
    [
        {"id": "a", "type": "delay", "for": "PT0S", "next": "a"},
        act("a", "a"),
        act("a", "b", on_error={"next": "a"}),
        {"id": "a", "type": "set", "values": {"x": 1}, "next": "a"},
    ],
    ids=["delay", "action", "error", "set"],
)
def test_a_cycle_without_end_is_stopped_in_a_rehearsal(engine, step):
    """A client must not be able to keep a backend busy for ever."""
    document = {"steps": [step], "settings": {"max_activations": 60}}
    if step.get("next") == "b":
        document["steps"].append(act("b"))
    mocks = {"a": {"error": {"code": "x", "class": "http_4xx"}}} if "on_error" in step else {}
    engine.client.execute("set statement_timeout = '20s'")
    result = engine.call("app_backend", "test_workflow", p_definition=document, p_mocks=mocks)
    assert (result["status"], result["reason"]) == ("failed", "activation_limit")


def test_a_cycle_without_end_is_stopped_for_real(engine):
    bound = {"max_activations": 30}
    delays = engine.start(
        engine.publish({"id": "a", "type": "delay", "for": "PT0S", "next": "a"}, settings=bound)
    )
    actions = engine.start(engine.publish(act("a", "a"), settings=bound))
    for _ in range(40):
        engine.tick()
        if messages := engine.read():
            engine.report(*((m, ok()) for m in messages))
    for instance in (delays, actions):
        assert engine.status(instance)["reason"] == "activation_limit"
        assert len(engine.path(instance)) <= 35


# ---- text that looks like something else


def test_text_of_tenants_is_never_run(engine, database):
    """Every text of a definition, an input and a report holds SQL, jsonpath and templates."""
    evil = "'; drop table automation.workflow_steps; -- $$ {{7*7}} %s %(x)s ${x} $.** \\"
    template = engine.publish(
        act("a", "b", config={"to": "{{trigger.text}}", "{{7*7}}": 1}),
        {"id": "b", "type": "set", "values": {"copy": "{{vars.text}}"}, "next": "c"},
        {"id": "c", "type": "stop", "reason": "{{vars.copy}}"},
    )
    instance = engine.start(template, text=evil, **{evil: evil})
    message = engine.read()[0]
    assert message[2]["config"]["to"] == evil
    engine.report((message, ok({evil: evil})))
    status = engine.status(instance)
    assert status["reason"] == evil
    assert status["output"][evil] == evil
    assert call(engine.client, "cancel_workflow", p_instance_id=instance, p_reason=evil) == [
        (False,)
    ]
    assert uuid.UUID(message[2]["instance"]) == instance
