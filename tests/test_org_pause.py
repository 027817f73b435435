"""The kill switch: an organisation stands still, and goes on without flooding anybody."""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import Engine, act, failed, ok

TIMERS = "select count(*)::int from automation_private.timers where org_id = %s"
PARKED = TIMERS + " and overdue_since is not null and due_at = 'infinity'"


def pause(engine, reason=None) -> bool:
    return engine.call("app_backend", "pause_org", p_reason=reason)


def resume(engine, **grace) -> bool:
    grace = {f"p_{name}": value for name, value in grace.items()}
    if grace:
        return engine.call("app_backend", "resume_org", **grace)
    return engine.client.execute("select automation.resume_org()").fetchone()[0]


def count(engine, query: str) -> int:
    return engine.admin.execute(query, [engine.org]).fetchone()[0]


def queue_length(engine) -> int:
    return count(
        engine,
        "select count(*)::int from pgmq.q_automation_actions where (message ->> 'org')::uuid = %s",
    )


def statuses(engine, instances) -> list[str]:
    return [engine.status(i)["status"] for i in instances]


def start_many(engine, template, number: int) -> list[uuid.UUID]:
    rows = engine.client.execute(
        "select instance_id from automation.start_workflows(%s, %s) order by item",
        [template, Jsonb([{}] * number)],
    ).fetchall()
    return [row[0] for row in rows]


def delay(step: str, length: str, next: str | None = None) -> dict:
    return {"id": step, "type": "delay", "for": length} | ({"next": next} if next else {})


def make_native(engine, action: str = "note") -> None:
    """An action inside the database that leaves a trace."""
    engine.admin.execute("""
        create table public.traces (at timestamptz default clock_timestamp());
        grant insert on public.traces to automation_actor;
        create function public.note(config jsonb, context jsonb) returns jsonb language sql as
        $$ insert into public.traces default values; select '{}'::jsonb $$;
        grant execute on function public.note to automation_actor;
        select automation.register_action(
            'note', 'native', 'leaves a trace', p_handler => 'public.note(jsonb, jsonb)'
        )
    """)


def traces(engine) -> int:
    return engine.admin.execute("select count(*) from public.traces").fetchone()[0]


def fired(engine, rule) -> list[tuple]:
    return engine.client.execute(
        "select status, reason from automation.automation_executions where rule_id = %s "
        "order by created_at",
        [rule],
    ).fetchall()


@pytest.fixture
def other(engine, database, orgs):
    """The other organisation, which nobody pauses."""
    return Engine(database, orgs.b)


# ---- standing still


def test_what_no_worker_holds_is_taken_back_and_what_one_holds_may_finish(engine):
    template = engine.publish(act("a", "b"), act("b"))
    instances = [engine.start(template) for _ in range(5)]
    held = engine.read(2, lease=600)
    assert pause(engine, "wrong audience") is True
    assert queue_length(engine) == 2
    assert engine.read() == []
    assert engine.invariants() == []
    assert engine.report((held[0], ok({"kept": 1})), (held[1], failed("http_4xx")))["accepted"] == 2
    assert statuses(engine, instances) == ["running", "failed"] + ["running"] * 3
    assert engine.timeline(instances[0])[0]["output_data"] == {"kept": 1}
    assert engine.work() == 0
    assert queue_length(engine) == 0
    assert resume(engine) is True
    engine.tick()
    assert queue_length(engine) == 3


def test_the_successor_of_what_finishes_meanwhile_waits(engine, move_clock):
    make_native(engine)
    template = engine.publish(
        act("a", "fork"),
        {"id": "fork", "type": "split", "branches": ["b", "c"]},
        act("b"),
        act("c", action="note"),
    )
    instance = engine.start(template)
    message = engine.read(lease=600)[0]
    pause(engine)
    engine.report((message, ok()))
    assert engine.work() == 0
    assert (engine.path(instance), traces(engine)) == (["a"], 0)
    assert engine.invariants() == []
    resume(engine)
    move_clock("1 second")
    assert engine.work() == 1
    assert statuses(engine, [instance]) == ["completed"]
    assert traces(engine) == 1


def test_an_instance_that_is_done_ends_also_while_paused(engine):
    """Ending does nothing to anybody, and is not given up later."""
    instance = engine.start(engine.publish(act("a")))
    message = engine.read(lease=600)[0]
    pause(engine)
    engine.report((message, ok()))
    assert statuses(engine, [instance]) == ["completed"]


def test_no_timer_fires_and_no_action_in_the_database_runs(engine, other, move_clock):
    make_native(engine)
    template = engine.publish(delay("p", "PT1M", "n"), act("n", action="note"))
    instances = start_many(engine, template, 3)
    theirs = other.start(other.publish(delay("p", "PT1M")))
    pause(engine)
    move_clock("5 minutes")
    engine.work()
    assert engine.tick() is False
    assert count(engine, PARKED) == 3
    assert (statuses(engine, instances), traces(engine)) == (["running"] * 3, 0)
    assert statuses(other, [theirs]) == ["completed"]
    resume(engine)
    move_clock("1 second")
    engine.work()
    assert (statuses(engine, instances), traces(engine)) == (["completed"] * 3, 3)


def test_a_retry_waits_until_the_end_of_the_pause(engine, move_clock):
    retry = {"max_attempts": 2, "backoff": "PT10S"}
    instance = engine.start(engine.publish(act("a", retry=retry)))
    message = engine.read(lease=600)[0]
    pause(engine)
    engine.report((message, failed()))
    move_clock("1 minute")
    assert engine.work() == 0
    resume(engine)
    move_clock("1 second")
    assert engine.work() == 1
    assert statuses(engine, [instance]) == ["completed"]


def test_nothing_new_starts(engine, other, move_clock):
    template = engine.publish(act("a"))
    started = engine.call(
        "app_backend", "start_workflow", p_template_id=template, p_idempotency_key="before"
    )
    pause(engine)
    with pytest.raises(errors.DatabaseError) as caught:
        engine.start(template)
    assert caught.value.sqlstate == "MA103"
    rows = engine.client.execute(
        "select outcome, error ->> 'code' from automation.start_workflows(%s, %s)",
        [template, Jsonb([{"idempotency_key": "key"}, {}, {"unknown": 1}])],
    ).fetchall()
    assert rows == [("refused", "org_paused")] * 2 + [("refused", "invalid_item")]
    other.start(other.publish(act("a")))
    assert queue_length(other) == 1
    resume(engine)
    again = engine.call(
        "app_backend", "start_workflow", p_template_id=template, p_idempotency_key="before"
    )
    assert again == started
    engine.call("app_backend", "start_workflow", p_template_id=template, p_idempotency_key="key")
    assert engine.work() == 3


def test_rules_do_not_fire_and_say_why(engine):
    rule = engine.call(
        "app_backend",
        "create_rule",
        p_rule={
            "name": "orders",
            "trigger": "order",
            "actions": [{"action": "work", "config": {}}],
        },
    )
    engine.call("app_backend", "activate_rule", p_rule_id=rule)
    pause(engine)
    engine.call("app_backend", "emit_event", p_event="order", p_new={"n": 1})
    assert engine.work() == 0
    assert fired(engine, rule) == [("skipped", "org_paused")]
    resume(engine)
    assert engine.work() == 0
    engine.call("app_backend", "emit_event", p_event="order", p_new={"n": 2})
    assert engine.work() == 1
    assert fired(engine, rule) == [("skipped", "org_paused"), ("success", None)]


def test_workflows_can_be_cancelled_and_tried_out(engine, move_clock):
    template = engine.publish(
        {"id": "fork", "type": "split", "branches": ["a", "p", "h"]},
        act("a"),
        delay("p", "PT1M"),
        act("h", "z"),
        act("z"),
        settings={"timeout": "PT2M"},
    )
    instance = engine.start(template)
    held = next(m for m in engine.read(lease=600) if m[2]["key"] == "h")
    pause(engine)
    move_clock("5 minutes")
    engine.report((held, ok()))
    engine.work()
    assert count(engine, PARKED) == 3
    tried = engine.call(
        "app_backend",
        "test_workflow",
        p_definition={"steps": [act("a", "p"), delay("p", "PT1M", "b"), act("b")]},
    )
    assert tried["status"] == "completed"
    assert engine.call("app_backend", "cancel_workflow", p_instance_id=instance) is True
    assert count(engine, TIMERS) == 0
    assert engine.invariants() == []
    with pytest.raises(errors.DatabaseError) as caught:
        engine.start(template)
    assert caught.value.sqlstate == "MA103"


def test_pausing_twice_and_resuming_what_runs_is_harmless(engine, freeze_clock, move_clock):
    freeze_clock("2026-11-23 12:00:00+00")
    assert resume(engine) is False
    assert pause(engine, "first") is True
    move_clock("1 minute")
    assert pause(engine, "second") is False
    assert resume(engine) is True
    assert resume(engine) is False
    assert pause(engine, "third") is True
    assert resume(engine) is True
    pauses = engine.client.execute(
        "select reason, to_char(paused_at, 'HH24:MI'), to_char(resumed_at, 'HH24:MI'), "
        "paused_login from automation.org_pauses order by paused_at"
    ).fetchall()
    assert pauses == [
        ("first", "12:00", "12:01", "app_backend"),
        ("third", "12:01", "12:01", "app_backend"),
    ]
    audit = engine.client.execute(
        "select operation, subject_id, details ->> 'reason' from automation.automation_audit "
        "where operation ~ '_org$' order by audit_id"
    ).fetchall()
    assert audit == [
        ("pause_org", engine.org, "first"),
        ("resume_org", engine.org, None),
        ("pause_org", engine.org, "third"),
        ("resume_org", engine.org, None),
    ]


def test_two_pauses_in_the_same_instant_are_two(engine, freeze_clock):
    freeze_clock("2026-11-23 12:00:00+00")
    for _ in range(2):
        assert pause(engine) is True
        assert resume(engine) is True
    assert count(engine, "select count(*) from automation.org_pauses where org_id = %s") == 2


def test_a_negative_grace_is_refused(engine):
    pause(engine)
    with pytest.raises(errors.DatabaseError) as caught:
        resume(engine, grace="-1 second")
    assert caught.value.sqlstate == "MA001"
    assert resume(engine, grace="0") is True


def test_the_engine_says_whether_an_organisation_is_paused(engine, other):
    query = "select automation_private.is_paused(%s)"
    pause(engine)
    assert [engine.admin.execute(query, [o.org]).fetchone()[0] for o in (engine, other)] == [
        True,
        False,
    ]
    resume(engine)
    assert engine.admin.execute(query, [engine.org]).fetchone()[0] is False


# ---- while others run


def test_timers_of_a_paused_organisation_are_looked_at_once(engine, other, move_clock):
    """A tick of the others is not slower for what is overdue here."""
    start_many(engine, engine.publish(delay("p", "PT1M")), 250)
    theirs = start_many(other, other.publish(delay("p", "PT2M")), 5)
    pause(engine)
    move_clock("5 minutes")
    engine.work()
    assert statuses(other, theirs) == ["completed"] * 5
    assert count(engine, PARKED) == 250
    reads = """
    select sum(coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0))::int
    from pg_stat_xact_user_tables where relname in ('timers', 'workflow_instances')
    """
    with engine.worker.transaction():
        before = engine.worker.execute(reads).fetchone()[0] or 0
        engine.worker.execute("select automation.tick()")
        assert engine.worker.execute(reads).fetchone()[0] - before <= 5


def test_pending_actions_of_a_paused_organisation_are_not_looked_at(engine, other, move_clock):
    for each in (engine, other):
        each.call("ops", "register_org", p_org_id=each.org, p_max_in_flight=1)
        start_many(each, each.publish(act("a")), 3)
    pause(engine)
    held = other.read(lease=600)
    other.report((held[0], ok()))
    other.tick()
    assert (queue_length(engine), queue_length(other)) == (0, 1)


def test_a_message_that_a_worker_has_lost_is_not_delivered_again(engine, move_clock):
    engine.start(engine.publish(act("a")))
    lost = engine.read(lease=600)[0]
    pause(engine)
    assert queue_length(engine) == 1
    engine.admin.execute("update pgmq.q_automation_actions set vt = clock_timestamp()")
    move_clock("2 seconds")
    engine.tick()
    assert queue_length(engine) == 0
    assert engine.report((lost, ok()))["stale"] == [lost[0]]
    assert engine.invariants() == []
    resume(engine)
    assert engine.work() == 1


def test_what_was_being_sent_at_that_moment_is_taken_back(engine, database, move_clock):
    """A transaction that has not committed is seen by nobody, so the clock looks again."""
    template = engine.publish(act("a"))
    client = database.connect("app_backend", org=engine.org)
    with client.transaction():
        client.execute("select automation.start_workflow(%s)", [template])
        assert pause(engine) is True
        assert queue_length(engine) == 0
    assert queue_length(engine) == 1
    engine.tick()
    assert queue_length(engine) == 0
    resume(engine)
    assert engine.work() == 1


def test_the_switch_waits_for_nobody(engine, database, move_clock):
    """Neither for a client with an open transaction nor for a clock that waits for him."""
    template = engine.publish(act("a"))
    first, second = engine.start(template), engine.start(template)
    client = database.connect("app_backend", org=engine.org)
    with client.transaction():
        client.execute("select automation.cancel_workflow(%s)", [first])
        engine.client.execute("set lock_timeout = '2s'")
        assert pause(engine) is True
        assert queue_length(engine) == 1
    engine.tick()
    assert queue_length(engine) == 0
    assert statuses(engine, [first, second]) == ["cancelled", "running"]
    resume(engine)
    engine.work()


def test_everything_holds_while_clocks_and_workers_run_and_the_switch_is_thrown(
    database, engine, other
):
    template = engine.publish(act("a", "p"), delay("p", "PT0.05S", "b"), act("b"))
    theirs = start_many(other, other.publish(act("a", "b"), act("b")), 100)
    instances = start_many(engine, template, 100)
    done = threading.Event()

    def tick():
        with psycopg.connect(database.dsn("worker"), autocommit=True) as connection:
            while not done.is_set():
                connection.execute("select automation.tick()")

    def work():
        with psycopg.connect(database.dsn("worker"), autocommit=True) as connection:
            while not done.is_set():
                rows = connection.execute(
                    "select msg_id, read_ct from pgmq.read('automation_actions', 30, 7)"
                ).fetchall()
                answers = [{"msg_id": m, "read_ct": r} | ok() for m, r in rows]
                if answers:
                    connection.execute("select automation.complete_actions(%s)", [Jsonb(answers)])

    until = time.monotonic() + 60
    ended = "select count(*) from automation.automation_executions where status = 'success'"
    with ThreadPoolExecutor(5) as pool:
        futures = [pool.submit(tick) for _ in range(2)] + [pool.submit(work) for _ in range(3)]
        try:
            while engine.admin.execute(ended).fetchone()[0] < 200:
                assert time.monotonic() < until, "not drained in time"
                pause(engine)
                assert engine.invariants() == []
                resume(engine)
                time.sleep(0.02)
        finally:
            done.set()
        for future in futures:
            future.result(60)
    assert set(statuses(engine, instances) + statuses(other, theirs)) == {"completed"}
    deadlocks = "select pg_stat_get_db_deadlocks(oid) from pg_database where datname = %s"
    assert engine.admin.execute(deadlocks, [database.name]).fetchone()[0] == 0


# ---- going on


def test_what_became_due_follows_little_by_little(engine, freeze_clock, move_clock):
    """200 delays: not in one second, but twenty a second."""
    freeze_clock("2026-11-23 12:00:00+00")
    instances = start_many(engine, engine.publish(delay("p", "PT1M")), 200)
    pause(engine)
    move_clock("10 minutes")
    engine.work()
    resume(engine)
    passed = []
    for _ in range(11):
        engine.work()
        passed.append(statuses(engine, instances).count("completed"))
        move_clock("1 second")
    assert passed == [20 * second for second in range(11)]
    assert engine.tick() is False


def test_what_no_clock_has_noticed_meanwhile_follows_little_by_little_too(
    engine, freeze_clock, move_clock
):
    """The engine was down during the pause, so nothing was set aside."""
    freeze_clock("2026-11-23 12:00:00+00")
    late = start_many(engine, engine.publish(delay("p", "PT1M")), 40)
    instances = start_many(engine, engine.publish(delay("p", "PT3H")), 160)
    pause(engine)
    move_clock("4 hours")
    resume(engine, grace="2 hours")
    passed = []
    for _ in range(11):
        engine.work()
        found = statuses(engine, late + instances)
        passed.append((found.count("cancelled"), found.count("completed")))
        move_clock("1 second")
    assert passed == [(min(40, 20 * second), max(0, 20 * (second - 2))) for second in range(11)]


def test_a_large_backlog_is_through_in_ten_minutes(engine, freeze_clock, move_clock):
    releasable = """
    select automation_private.releasable(
        (%s, '2026-11-23 10:00Z', null, null, 'x', '2026-11-23 12:00Z', null, 1000000, %s)
        ::automation.org_pauses, %s
    )
    """
    for moment, released, expected in (
        ("2026-11-23 12:00:00Z", 0, 0),
        ("2026-11-23 12:00:00.1Z", 0, 167),
        ("2026-11-23 12:05:00Z", 100_000, 400_000),
        ("2026-11-23 12:05:00Z", 600_000, 0),
        ("2026-11-23 12:10:00Z", 100_000, None),
    ):
        values = [engine.org, released, moment]
        assert engine.admin.execute(releasable, values).fetchone()[0] == expected


def test_what_is_too_late_is_given_up(engine, freeze_clock, move_clock):
    freeze_clock("2026-11-23 12:00:00+00")
    late = engine.start(engine.publish(delay("p", "PT1M", "a"), act("a")))
    in_time = engine.start(engine.publish(delay("p", "PT2H", "a"), act("a")))
    later = engine.start(engine.publish(delay("p", "PT4H", "a"), act("a")))
    pause(engine)
    move_clock("150 minutes")
    engine.work()
    resume(engine)
    move_clock("1 second")
    assert engine.work() == 1
    assert statuses(engine, [late, in_time, later]) == ["cancelled", "completed", "running"]
    assert engine.status(late)["reason"] == "org_paused"
    history = "select status, reason from automation.automation_executions where instance_id = %s"
    assert engine.client.execute(history, [late]).fetchone() == ("skipped", "org_paused")
    move_clock("90 minutes")
    assert engine.work() == 1
    assert statuses(engine, [later]) == ["completed"]


@pytest.mark.parametrize(("grace", "status"), [(None, "completed"), ("0", "cancelled")])
def test_the_grace_is_chosen_when_resuming(engine, freeze_clock, move_clock, grace, status):
    freeze_clock("2026-11-23 12:00:00+00")
    instance = engine.start(engine.publish(delay("p", "PT1M")))
    pause(engine)
    move_clock("30 days")
    engine.work()
    resume(engine, grace=grace)
    move_clock("1 second")
    engine.work()
    assert statuses(engine, [instance]) == [status]


def test_timers_that_are_not_due_keep_their_time(engine, freeze_clock, move_clock):
    freeze_clock("2026-11-23 12:00:00+00")
    instance = engine.start(engine.publish(delay("p", "PT1H")))
    pause(engine)
    move_clock("59 minutes")
    engine.work()
    resume(engine)
    engine.work()
    assert statuses(engine, [instance]) == ["running"]
    move_clock("61 seconds")
    engine.work()
    assert statuses(engine, [instance]) == ["completed"]


def test_a_time_limit_gets_back_what_it_had_left(engine, freeze_clock, move_clock):
    """A step or a workflow does not time out because the organisation stood still."""
    freeze_clock("2026-11-23 12:00:00+00")
    step = engine.start(engine.publish(act("a", timeout="PT10M")))
    whole = engine.start(
        engine.publish(delay("p", "P2D", "b"), act("b"), settings={"timeout": "PT10M"})
    )
    move_clock("4 minutes")
    pause(engine)
    move_clock("3 hours")
    engine.tick()
    resume(engine)
    move_clock("1 second")
    while engine.tick():
        pass
    assert queue_length(engine) == 1
    move_clock("5 minutes")
    while engine.tick():
        pass
    assert statuses(engine, [step, whole]) == ["running", "running"]
    move_clock("1 minute")
    while engine.tick():
        pass
    assert statuses(engine, [step, whole]) == ["failed", "failed"]
    assert {engine.status(i)["reason"] for i in (step, whole)} == {"timeout"}


def test_pending_actions_go_out_under_the_cap(engine):
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=10)
    start_many(engine, engine.publish(act("a")), 30)
    pause(engine)
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=4)
    resume(engine)
    engine.tick()
    engine.tick()
    assert queue_length(engine) == 4
    assert engine.work() == 30


def test_a_limit_holds_when_an_organisation_goes_on(engine, freeze_clock, move_clock):
    freeze_clock("2026-11-23 12:00:00+00")
    engine.call(
        "app_backend", "set_action_limit", p_action="work", p_max_starts=3, p_per="1 minute"
    )
    start_many(engine, engine.publish(act("a")), 6)
    engine.tick()
    pause(engine)
    assert queue_length(engine) == 0
    move_clock("1 hour")
    resume(engine)
    assert engine.work() == 3
    move_clock("61 seconds")
    assert engine.work() == 3


def test_a_pause_in_the_middle_of_going_on(engine, freeze_clock, move_clock):
    freeze_clock("2026-11-23 12:00:00+00")
    instances = start_many(engine, engine.publish(delay("p", "PT1M")), 100)
    pause(engine)
    move_clock("10 minutes")
    engine.work()
    resume(engine)
    move_clock("1 second")
    engine.work()
    assert statuses(engine, instances).count("completed") == 20
    pause(engine)
    move_clock("10 minutes")
    engine.work()
    assert statuses(engine, instances).count("completed") == 20
    assert engine.invariants() == []
    resume(engine)
    move_clock("2 seconds")
    engine.work()
    assert statuses(engine, instances).count("completed") == 60
    move_clock("2 seconds")
    engine.work()
    assert set(statuses(engine, instances)) == {"completed"}


def test_a_timer_that_is_set_aside_too_late_is_not_forgotten(engine, database, move_clock):
    """A tick that saw the pause may commit after the end of it."""
    instance = engine.start(engine.publish(delay("p", "PT1M")))
    pause(engine)
    move_clock("5 minutes")
    clock = database.connect("worker")
    with clock.transaction():
        clock.execute("select automation.tick()")
        assert resume(engine) is True
    assert count(engine, PARKED) == 1
    engine.work()
    assert statuses(engine, [instance]) == ["completed"]


def test_a_timer_that_makes_a_tick_raise_is_still_taken_apart(engine, move_clock):
    """What is let go becomes an ordinary timer, so that the clock deals with it as usual."""
    instance = engine.start(engine.publish(delay("p", "PT1M")))
    pause(engine)
    move_clock("5 minutes")
    engine.work()
    resume(engine)
    move_clock("1 second")
    engine.tick()
    assert count(engine, PARKED) == 0
    assert count(engine, TIMERS) == 1
    engine.worker.execute("select automation.set_timer_back('1 minute')")
    engine.tick()
    assert statuses(engine, [instance]) == ["running"]
    move_clock("61 seconds")
    engine.work()
    assert statuses(engine, [instance]) == ["completed"]
