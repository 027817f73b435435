"""Emission: events that callers report, each recorded once or refused with the reason."""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import act

UNKNOWN = "00000000-0000-4000-8000-000000000000"
EVENTS = """
    select org_id, event, entity, new, old, source, causation, occurred_at, recorded_at
    from automation.automation_events
    order by event_id
"""
BLOCKED = "select cardinality(pg_blocking_pids(%s)) > 0"
BATCHES = "select org_id, first_event, last_event, events from automation_private.event_batches"


def emit(connection, event="order.paid", **arguments) -> int:
    """The id that emit_event returns."""
    names = ", ".join(f"{name} => %s" for name in arguments)
    values = [Jsonb(a) if isinstance(a, dict | list) else a for a in arguments.values()]
    return connection.execute(
        f"select automation.emit_event(%s{', ' if names else ''}{names})", [event, *values]
    ).fetchone()[0]


def emit_all(connection, *items) -> list[tuple]:
    """(item, event_id, outcome, error) of emit_events."""
    return connection.execute(
        "select item, event_id, outcome, error from automation.emit_events(%s)",
        [Jsonb(list(items))],
    ).fetchall()


def refused(connection, event="order.paid", **arguments) -> tuple[str, str]:
    """SQLSTATE and message of an event that emit_event refuses."""
    with pytest.raises(psycopg.Error) as caught:
        emit(connection, event, **arguments)
    return caught.value.sqlstate, caught.value.diag.message_primary


def events(engine) -> list[str]:
    rows = engine.admin.execute(
        "select event from automation.automation_events order by event_id"
    ).fetchall()
    return [row[0] for row in rows]


def started(engine) -> list[int]:
    """The events that have started something, after everything has been dispatched."""
    engine.work()
    rows = engine.admin.execute(
        "select event_id from automation.workflow_instances where event_id is not null order by 1"
    ).fetchall()
    return [row[0] for row in rows]


def nested(levels: int) -> object:
    """An object in an object in an object …, and a number in the last."""
    document = 1
    for _ in range(levels):
        document = {"a": document}
    return document


@pytest.fixture
def hears(engine):
    """hears("order.paid"): publishes a template that such an event starts."""
    return lambda event: engine.publish(act("a"), trigger={"type": "event", "event": event})


def test_an_event_is_recorded_as_it_was_given(engine, orgs, freeze_clock):
    now = freeze_clock("2026-11-23 08:00:00+00")
    before = now - timedelta(days=40)
    emit(engine.client)
    emit(
        engine.client,
        "order.paid.late",
        p_new={"total": 12, "lines": [{"sku": "é"}]},
        p_old={"total": None},
        p_entity="order 7",
        p_dedupe_key="k",
        p_occurred_at=before,
    )
    emit_all(
        engine.client,
        {"event": "x", "data": {"a": 1}},
        {"event": "x", "data": {"a": 2}, "new": None},
        {"event": "y", "new": None},
    )
    assert engine.admin.execute(EVENTS).fetchall() == [
        (orgs.a, "order.paid", None, {}, None, "emitted", None, now, now),
        (
            orgs.a,
            "order.paid.late",
            "order 7",
            {"total": 12, "lines": [{"sku": "é"}]},
            {"total": None},
            "emitted",
            None,
            before,
            now,
        ),
        (orgs.a, "x", None, {"a": 1}, None, "emitted", None, now, now),
        (orgs.a, "x", None, {"a": 2}, None, "emitted", None, now, now),
        (orgs.a, "y", None, None, None, "emitted", None, now, now),
    ]


def refusals(future: str) -> list:
    """(an item, the code of its refusal, words of the message)."""
    names = (None, "", "Order", "1st", "a b", "a-b", "a.", ".a", "a..b", "a.B", "a\n", "é", 7)
    named = [{"event": name} for name in (*names, ["a"], "x" * 101)]
    long = "x" * 201
    return [
        *((item, "invalid_event", "an event is an object") for item in (None, 1, "x", True, [])),
        *((item, "invalid_event", "is named with") for item in ({}, {"new": {}}, *named)),
        ({"event": "x", "org_id": UNKNOWN}, "invalid_event", '"org_id" is not a key'),
        ({"event": "x", "k" * 5000: 1}, "invalid_event", "is not a key"),
        *(
            ({"event": "x", key: value}, "invalid_event", '"new" and "old" are objects')
            for key in ("new", "data", "old")
            for value in (1, "x", [], True)
        ),
        *(
            ({"event": "x", key: value}, "invalid_event", "texts of 1 to 200")
            for key in ("entity", "dedupe_key", "occurred_at", "caused_by")
            for value in ("", long, 1, {}, [])
        ),
        *(
            ({"event": "x", "new": {"deep": [{"n": number}]}}, "invalid_event", "38 digits")
            for number in (10**38, -(10**38), 1e-39)
        ),
        *(
            ({"event": "x", "occurred_at": text}, "invalid_event", "is no ISO 8601")
            for text in ("yesterday", "now", "infinity", "2026-02-30", "2026-11-23T25:00Z", "1 BC")
        ),
        ({"event": "x", "occurred_at": future}, "invalid_event", "lies in the future"),
        *(
            ({"event": "x", "caused_by": cause}, "unknown_cause", "names no instance")
            for cause in (UNKNOWN, "x", f"{{{UNKNOWN}}}")
        ),
        ({"event": "x", "new": nested(33)}, "too_large", "32 levels"),
        ({"event": "x", "old": nested(500)}, "too_large", "32 levels"),
        ({"event": "x", "new": {"t": "x" * 65536}}, "too_large", "64 KiB"),
        ({"event": "x", "new": {"t": "x" * 40000}, "old": {"t": "x" * 30000}}, "too_large", "64"),
    ]


def test_each_bad_item_is_refused_with_its_reason_and_the_others_are_recorded(engine, freeze_clock):
    now = freeze_clock("2026-11-23 08:00:00+00")
    cases = refusals((now + timedelta(minutes=5, seconds=1)).isoformat())
    good = {"event": "good", "dedupe_key": "k"}
    outcomes = emit_all(engine.client, good, *(case[0] for case in cases), good | {"event": "late"})
    assert [outcome[0] for outcome in outcomes] == list(range(1, len(cases) + 3))
    for (_, code, words), (_, event_id, outcome, error) in zip(cases, outcomes[1:-1], strict=True):
        assert (event_id, outcome, error["class"], error["code"]) == (
            None,
            "refused",
            "invalid",
            code,
        ), words
        assert words in error["message"]
        assert len(error["message"]) < 200
    assert [outcome[2:] for outcome in (outcomes[0], outcomes[-1])] == [("recorded", None)] * 2
    assert events(engine) == ["good", "late"]


def test_a_single_event_that_is_refused_raises(engine, clock):
    late = clock.freeze("2026-11-23 08:00:00+00") + timedelta(minutes=5, seconds=1)
    client = engine.client
    assert refused(client, None)[0] == "MA001"
    assert refused(client, "Order")[0] == "MA001"
    assert refused(client, p_new=[1])[0] == "MA001"
    assert refused(client, p_caused_by=UNKNOWN) == ("MA001", "caused_by names no instance")
    assert refused(client, p_new=nested(33))[0] == "MA003"
    for instant in (late, "infinity", "-infinity", "0044-03-15 12:00 BC"):
        assert refused(client, p_occurred_at=instant)[0] == "MA001"
    assert events(engine) == []


def test_an_event_may_reach_every_limit(engine, freeze_clock):
    now = freeze_clock("2026-11-23 08:00:00+00")
    outcomes = emit_all(
        engine.client,
        {"event": "x" * 100, "entity": "é" * 200, "dedupe_key": "ü" * 200},
        {"event": "x", "new": nested(32)},
        {"event": "x", "new": {"t": "x" * 65000}},
        {"event": "x", "new": {"n": [10**37, -(10**37), 1e-38, 0, 0.5]}},
        {"event": "x", "occurred_at": (now + timedelta(minutes=5)).isoformat()},
        {"event": "x", "occurred_at": "0001-01-01"},
        dict.fromkeys(("new", "old", "data", "entity", "dedupe_key", "occurred_at", "caused_by"))
        | {"event": "x"},
    )
    assert [outcome[2] for outcome in outcomes] == ["recorded"] * 7, outcomes


def test_a_bulk_of_events_is_an_array_of_at_most_10000(engine):
    for value in ({}, {"event": "x"}, "x", 1, None):
        with pytest.raises(psycopg.Error) as caught:
            engine.client.execute("select automation.emit_events(%s)", [Jsonb(value)])
        assert caught.value.sqlstate == "MA001"
    with pytest.raises(psycopg.Error) as caught:
        engine.client.execute("select automation.emit_events(null)")
    assert caught.value.sqlstate == "MA001"
    with pytest.raises(psycopg.Error) as caught:
        emit_all(engine.client, *[1] * 10_001)
    assert caught.value.sqlstate == "MA001"
    assert emit_all(engine.client) == []
    assert {outcome[2] for outcome in emit_all(engine.client, *[{"event": "x"}] * 10_000)} == {
        "recorded"
    }


def test_events_keep_their_order_and_those_that_are_heard_are_dispatched(engine, hears, orgs):
    hears("heard")
    items = [{"event": "heard" if n % 3 else "unheard", "entity": str(n)} for n in range(30)]
    outcomes = emit_all(engine.client, *items)
    ids = [outcome[1] for outcome in outcomes]
    assert ids == sorted(ids)
    assert engine.admin.execute(
        "select entity from automation.automation_events order by event_id"
    ).fetchall() == [(str(n),) for n in range(30)]
    assert len(engine.admin.execute(BATCHES).fetchall()) == 1
    assert started(engine) == [ids[n] for n in range(30) if n % 3]
    assert engine.admin.execute(BATCHES).fetchall() == []


def test_what_nobody_hears_is_recorded_and_not_dispatched(engine, hears):
    hears("order.sent")
    emit(engine.client)
    emit_all(engine.client, {"event": "order"}, {"event": "order.sent.late"})
    assert len(events(engine)) == 3
    assert engine.admin.execute(BATCHES).fetchall() == []


def test_the_same_key_of_the_same_event_counts_once(engine, database, orgs, hears):
    hears("order.paid")
    first = emit(engine.client, p_dedupe_key="7", p_new={"total": 1})
    assert emit(engine.client, p_dedupe_key="7", p_new={"total": 2}) == first
    other = database.connect("svc_b", org=orgs.b)
    others = [emit(engine.client, "order.sent", p_dedupe_key="7"), emit(other, p_dedupe_key="7")]
    assert len({first, *others}) == 3
    paid = {"event": "order.paid"}
    outcomes = emit_all(
        engine.client,
        paid | {"dedupe_key": "8", "new": 1},
        paid | {"dedupe_key": "8"},
        paid | {"dedupe_key": "7"},
        paid | {"dedupe_key": "8"},
        paid,
        paid,
    )
    assert [outcome[2] for outcome in outcomes] == [
        "refused",
        "recorded",
        "duplicate",
        "duplicate",
        "recorded",
        "recorded",
    ]
    fresh = outcomes[1][1]
    assert [outcome[1] for outcome in outcomes[:4]] == [None, fresh, first, fresh]
    assert started(engine) == [first, fresh, outcomes[4][1], outcomes[5][1]]


def test_a_key_is_free_again_when_its_event_is_rolled_back(engine, hears):
    hears("order.paid")
    with engine.client.transaction(force_rollback=True):
        lost = emit(engine.client, p_dedupe_key="7")
    assert (events(engine), engine.admin.execute(BATCHES).fetchall()) == ([], [])
    kept = emit(engine.client, p_dedupe_key="7")
    assert kept != lost
    assert started(engine) == [kept]


def test_fifty_calls_at_once_with_one_key_make_one_event(engine, database, orgs, hears):
    hears("order.paid")
    callers = [database.connect("app_backend", org=orgs.a) for _ in range(25)]
    gate = threading.Barrier(len(callers))

    def call(number: int) -> list[int]:
        keys = ["a", "b", "c"] if number % 2 else ["c", "b", "a"]
        items = [{"event": "order.paid", "dedupe_key": key, "entity": key} for key in keys]
        gate.wait(60)
        outcomes = emit_all(callers[number % len(callers)], *items)
        return sorted(outcome[1] for outcome in outcomes)

    with ThreadPoolExecutor(len(callers)) as pool:
        results = list(pool.map(call, range(2 * len(callers))))
    assert {tuple(ids) for ids in results} == {tuple(started(engine))}
    assert len(started(engine)) == len(events(engine)) == 3


def test_callers_take_their_keys_in_one_order_and_so_never_wait_in_a_circle(engine, database, orgs):
    first, second, third = (database.connect("app_backend", org=orgs.a) for _ in range(3))
    third.execute("set lock_timeout = '100ms'")
    until = time.monotonic() + 20
    with ThreadPoolExecutor(1) as pool:
        with first.transaction():
            emit(first, p_dedupe_key="a")
            items = [{"event": "order.paid", "dedupe_key": key} for key in "ba"]
            waiting = pool.submit(emit_all, second, *items)
            while not engine.admin.execute(BLOCKED, [second.info.backend_pid]).fetchone()[0]:
                assert not waiting.done()
                assert time.monotonic() < until
            emit(third, p_dedupe_key="b")
        assert [outcome[2] for outcome in waiting.result()] == ["duplicate"] * 2


def test_an_event_names_what_caused_it_within_its_organisation(engine, database, orgs, hears):
    hears("order.paid")
    origin = emit(engine.client)
    engine.work()
    instance = engine.admin.execute("select instance_id from automation.workflow_instances")
    instance = instance.fetchone()[0]
    emit(engine.client, p_caused_by=instance)
    emit_all(engine.client, {"event": "x", "caused_by": str(instance).upper()})
    causes = engine.admin.execute(
        "select causation from automation.automation_events where event_id > %s", [origin]
    ).fetchall()
    (causation,), (again,) = causes
    assert causation == again
    assert (causation["instance"], causation["chain"]) == (str(instance), str(origin))
    assert (causation["depth"], len(causation["visited"])) == (1, 1)
    other = database.connect("svc_b", org=orgs.b)
    assert refused(other, p_caused_by=instance) == ("MA001", "caused_by names no instance")


def test_an_action_that_emits_is_the_cause(engine, orgs):
    engine.admin.execute(
        "create schema crm; grant usage on schema crm to automation_actor, automation_admin;"
        "grant usage on schema crm to app_backend;"
        "create function crm.tell(config jsonb, context jsonb) returns jsonb "
        "language sql security definer "
        "return jsonb_build_object('id', automation.emit_event('told'));"
        "alter function crm.tell owner to app_backend"
    )
    engine.call(
        "ops",
        "register_action",
        p_action="tell",
        p_runs="native",
        p_description="tell",
        p_handler="crm.tell(jsonb,jsonb)",
    )
    template = engine.publish(act("a", action="tell"))
    with engine.client.transaction():
        instance = engine.start(template)
        engine.work()
        emit(engine.client, "told")
    (by_action,), (by_client,) = engine.admin.execute(
        "select causation from automation.automation_events order by event_id"
    ).fetchall()
    assert by_client is None
    assert by_action == {
        "instance": str(instance),
        "chain": str(instance),
        "depth": 1,
        "visited": [],
    }


def test_only_those_who_may_run_emit_and_only_into_their_organisation(engine, database, orgs):
    user = uuid.uuid4()
    engine.call("app_backend", "set_member", p_user_id=user, p_role_code="viewer")
    viewer = database.connect("app_backend", org=orgs.a, user_id=user)
    assert refused(viewer)[0] == "MA301"
    assert refused(database.connect("app_backend"))[0] == "MA300"
    assert refused(database.connect("svc_b", org=orgs.a))[0] == "MA300"
    for login in ("bi_ro", "worker", "ops", "stranger"):
        with pytest.raises(errors.InsufficientPrivilege):
            emit(database.connect(login, org=orgs.a))
    emit(database.connect("svc_b", org=orgs.b))
    assert [row[0] for row in engine.admin.execute(EVENTS)] == [orgs.b]
    assert engine.client.execute(EVENTS).fetchall() == []


def test_an_event_without_a_cause_reads_no_instance(engine, database, orgs):
    template = engine.publish(act("a"))
    engine.client.execute(
        "select automation.start_workflows(%s, %s)", [template, Jsonb([{}] * 200)]
    )
    client = database.connect("app_backend", org=orgs.a, autocommit=False)
    client.execute(
        "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off"
    )
    emit_all(client, *[{"event": "x"}] * 50)
    assert client.execute(
        "select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables "
        "where relname = 'workflow_instances'"
    ).fetchone() == (0,)
