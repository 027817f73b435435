"""Limits of the outside world: how much at once, how often, and leaving alone who asks for it."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import Engine, act, failed, ok

QUEUED = """
select message ->> 'action', count(*)::int from pgmq.q_automation_actions
where (message ->> 'org')::uuid = %s group by 1
"""
LIMITS = "select * from automation.list_action_limits()"


def limit(engine, action="work", **limits):
    limits = {f"p_{name}": value for name, value in limits.items()}
    engine.call("app_backend", "set_action_limit", p_action=action, **limits)


def queued(engine) -> dict[str, int]:
    """How many messages of each action the organisation has in the queue."""
    return dict(engine.admin.execute(QUEUED, [engine.org]).fetchall())


def start_many(engine, template, count: int) -> None:
    engine.client.execute(
        "select count(*) from automation.start_workflows(%s, %s)", [template, Jsonb([{}] * count)]
    )


def listed(engine, key="work") -> dict:
    with engine.client.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        return {row["limit_key"]: row for row in cursor.execute(LIMITS)}[key]


def rate_limited(**more):
    return failed("rate_limited", "http_429", **more)


@pytest.fixture
def template(engine):
    """One action of one workflow."""
    return engine.publish(act("a"))


# ---- how many at once


def test_what_is_above_a_limit_waits_and_the_oldest_goes_first(engine, template):
    limit(engine, max_in_flight=2)
    instances = [engine.start(template) for _ in range(5)]
    assert engine.status(instances[0])["current_steps"][0]["status"] == "pending"
    sent = []
    for expected in (2, 2, 1):
        engine.tick()
        assert engine.tick() is False
        messages = engine.read()
        assert len(messages) == expected
        sent += [m[2]["instance"] for m in messages]
        engine.report(*((m, ok()) for m in messages))
    assert sent == [str(i) for i in instances]


def test_one_report_makes_room_for_one_more(engine, template):
    limit(engine, max_in_flight=3)
    start_many(engine, template, 6)
    engine.tick()
    engine.report((engine.read()[0], ok()))
    engine.tick()
    assert queued(engine) == {"work": 3}
    engine.work()


@pytest.mark.parametrize("more", [{"max_in_flight": 0}, {"max_starts": 0, "per": "1 hour"}])
def test_zero_is_never(engine, template, more):
    limit(engine, **more)
    engine.start(template)
    assert engine.work() == 0
    limit(engine, max_in_flight=1)
    assert engine.work() == 1


def test_another_action_of_the_organisation_is_not_held_up(engine, template):
    """Neither by those that wait for their limit, nor by its turn to count them."""
    limit(engine, max_in_flight=1)
    start_many(engine, template, 20)
    engine.tick()
    instance = engine.start(engine.publish(act("b", action="other_work")))
    assert engine.status(instance)["current_steps"][0]["status"] == "running"
    assert queued(engine) == {"work": 1, "other_work": 1}


def test_those_that_wait_for_a_limit_take_no_place_under_the_cap(engine, template):
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=2)
    limit(engine, max_in_flight=0)
    start_many(engine, template, 5)
    other = engine.publish(act("b", action="other_work"))
    start_many(engine, other, 3)
    assert queued(engine) == {"other_work": 2}
    engine.report((engine.read()[0], ok()))
    engine.tick()
    assert queued(engine) == {"other_work": 2}
    engine.work()
    limit(engine, max_in_flight=5)
    engine.work()


def test_a_successor_with_a_limit_waits_and_one_without_goes_on(engine):
    limit(engine, "other_work", max_in_flight=0)
    template = engine.publish(
        act("a", "fork"),
        {"id": "fork", "type": "split", "branches": ["b", "c"]},
        act("b", action="other_work"),
        act("c", action="third_work"),
    )
    engine.start(template)
    engine.report((engine.read()[0], ok()))
    assert queued(engine) == {"third_work": 1}


def test_a_provider_limits_all_its_actions(engine):
    for action in ("work", "other_work"):
        engine.register(action, p_provider="acme")
    limit(engine, "provider:acme", max_in_flight=3)
    limit(engine, "work", max_in_flight=2)
    for action in ("work", "other_work", "third_work"):
        start_many(engine, engine.publish(act("a", action=action)), 4)
    engine.tick()
    assert queued(engine) == {"work": 2, "other_work": 1, "third_work": 4}
    keys = {"work": 0, "provider:acme": 0}
    while messages := engine.read():
        for key in keys:
            keys[key] = max(keys[key], listed(engine, key)["in_flight"])
        engine.report(*((m, ok()) for m in messages))
        engine.tick()
    assert keys == {"work": 2, "provider:acme": 3}


def test_a_limit_counts_what_is_in_the_queue_already(engine, template):
    start_many(engine, template, 3)
    held = engine.read(1)
    limit(engine, max_in_flight=4)
    start_many(engine, template, 3)
    engine.tick()
    assert queued(engine) == {"work": 4}
    engine.report((held[0], ok()))
    engine.tick()
    assert queued(engine) == {"work": 4}
    engine.work()


def test_a_changed_limit_counts_from_the_next_tick(engine, template):
    limit(engine, max_in_flight=4)
    start_many(engine, template, 9)
    engine.tick()
    limit(engine, max_in_flight=2)
    messages = engine.read()
    engine.report(*((m, ok()) for m in messages[:2]))
    engine.tick()
    assert queued(engine) == {"work": 2}
    assert engine.call("app_backend", "remove_action_limit", p_action="work") is True
    engine.tick()
    assert queued(engine) == {"work": 7}
    assert engine.call("app_backend", "remove_action_limit", p_action="work") is False
    engine.work()


def test_an_action_that_waits_for_its_limit_is_cancelled_with_its_instance(engine, template):
    limit(engine, max_in_flight=1)
    instances = [engine.start(template) for _ in range(3)]
    engine.tick()
    for instance in instances[:2]:
        engine.call("app_backend", "cancel_workflow", p_instance_id=instance)
    engine.tick()
    assert [m[2]["instance"] for m in engine.read()] == [str(instances[2])]


def test_the_timeout_of_a_step_counts_while_it_waits_for_its_limit(engine, move_clock):
    limit(engine, max_in_flight=0)
    instance = engine.start(engine.publish(act("a", timeout="PT1M")))
    move_clock("61 seconds")
    engine.work()
    assert engine.status(instance)["reason"] == "timeout"


def test_a_limit_is_of_one_organisation(engine, database, orgs, template):
    limit(engine, max_in_flight=0)
    start_many(engine, template, 3)
    other = Engine(database, orgs.b)
    start_many(other, other.publish(act("a")), 3)
    engine.tick()
    assert queued(other) == {"work": 3}
    assert queued(engine) == {}
    assert other.client.execute(LIMITS).fetchall() == []


# ---- how often


def test_no_more_are_started_in_a_period_than_allowed(engine, template, freeze_clock, move_clock):
    freeze_clock("2026-11-23 12:00:00+00")
    limit(engine, max_starts=2, per="1 minute")
    start_many(engine, template, 5)
    assert engine.work() == 2
    move_clock("59 seconds")
    assert engine.work() == 0
    move_clock("2 seconds")
    assert engine.work() == 2
    assert listed(engine) == {
        "limit_key": "work",
        "max_in_flight": None,
        "max_starts": 2,
        "per": listed(engine)["per"],
        "in_flight": 0,
        "started": 2,
        "waiting": 1,
        "blocked_until": None,
    }
    move_clock("61 seconds")
    assert engine.work() == 1


def test_a_retry_counts_as_a_start(engine, freeze_clock, move_clock):
    freeze_clock("2026-11-23 12:00:00+00")
    limit(engine, max_starts=2, per="1 minute")
    retry = {"max_attempts": 2, "backoff": "PT1S"}
    start_many(engine, engine.publish(act("a", retry=retry)), 2)
    engine.tick()
    first, second = engine.read()
    engine.report((first, failed()), (second, ok()))
    move_clock("2 seconds")
    assert engine.work() == 0
    move_clock("60 seconds")
    assert engine.work() == 1


def test_what_was_started_counts_from_then_also_when_nothing_else_waited(
    engine, template, freeze_clock, move_clock
):
    freeze_clock("2026-11-23 12:00:00+00")
    limit(engine, max_starts=2, per="1 minute")
    start_many(engine, template, 2)
    assert engine.work() == 2
    move_clock("40 seconds")
    start_many(engine, template, 2)
    assert engine.work() == 0
    move_clock("21 seconds")
    assert engine.work() == 2


def test_what_no_worker_takes_does_not_pile_up(engine, template, freeze_clock, move_clock):
    """Or a provider would get the work of an hour at once when the workers come back."""
    freeze_clock("2026-11-23 12:00:00+00")
    limit(engine, max_starts=2, per="1 minute")
    start_many(engine, template, 9)
    for _ in range(10):
        engine.tick()
        move_clock("5 minutes")
    assert queued(engine) == {"work": 2}
    messages = engine.read()
    engine.tick()
    assert engine.read() == []
    engine.report(*((m, ok()) for m in messages))
    move_clock("30 seconds")
    engine.tick()
    assert engine.read() == []
    move_clock("31 seconds")
    engine.tick()
    assert len(engine.read()) == 2


def test_what_workers_are_slow_with_does_not_stop_the_rest(
    engine, template, freeze_clock, move_clock
):
    """A rate is about starts: what was started a period ago is no longer counted."""
    freeze_clock("2026-11-23 12:00:00+00")
    limit(engine, max_starts=2, per="1 minute")
    start_many(engine, template, 6)
    held = []
    for _ in range(3):
        engine.tick()
        held += engine.read()
        engine.tick()
        move_clock("61 seconds")
    assert len(held) == 6
    engine.report(*((m, ok()) for m in held))


def test_a_message_that_is_delivered_again_is_another_start(
    engine, template, freeze_clock, move_clock
):
    freeze_clock("2026-11-23 12:00:00+00")
    limit(engine, max_starts=2, per="1 minute")
    start_many(engine, template, 3)
    engine.tick()
    engine.report((engine.read(1, lease=600)[0], ok()))
    engine.read(1, lease=0)
    engine.tick()
    move_clock("40 seconds")
    engine.report((engine.read(1)[0], ok()))
    engine.tick()
    move_clock("30 seconds")
    engine.tick()
    assert queued(engine) == {"work": 1}


@pytest.mark.parametrize("seed", range(4))
def test_no_window_ever_has_more_starts_than_allowed(
    engine, template, freeze_clock, move_clock, seed
):
    """Whatever workers do, at any time: within any minute at most 5 messages are taken."""
    rng = random.Random(seed)
    freeze_clock("2026-11-23 12:00:00+00")
    limit(engine, max_starts=5, per="1 minute", max_in_flight=8)
    start_many(engine, template, 60)
    now, taken, held = 0.0, [], []
    while len(taken) < 60:
        step = rng.choice([0.0, 0.05, 0.7, 3.0, 20.0, 59.5])
        now += step
        move_clock(f"{step} seconds")
        if rng.random() < 0.8:
            engine.tick()
        messages = engine.read(rng.randint(1, 10), lease=600)
        taken += [now] * len(messages)
        held += messages
        assert len(held) <= 8
        rng.shuffle(held)
        done = rng.randint(0, len(held))
        engine.report(*((m, ok()) for m in held[:done]))
        held = held[done:]
    engine.report(*((m, ok()) for m in held))
    windows = [sum(begin <= t < begin + 60 for t in taken) for begin in taken]
    assert max(windows) == 5
    # and no less than it could: 60 starts at 5 a minute, with a hundredth of loss
    assert now < 12 * 61 + 12 * 60


# ---- leave me alone


def test_who_answers_429_is_left_alone_as_long_as_he_asks_for(
    engine, template, freeze_clock, move_clock
):
    freeze_clock("2026-11-23 12:00:00+00")
    retry = {"max_attempts": 3, "backoff": "PT1S"}
    refused = engine.start(engine.publish(act("a", retry=retry)))
    engine.report((engine.read()[0], rate_limited(retry_after=120)))
    engine.start(template)
    other = engine.start(engine.publish(act("b", action="other_work")))
    assert engine.work() == 1
    assert engine.status(other)["status"] == "completed"
    blocked = listed(engine)
    assert (blocked["waiting"], blocked["max_in_flight"]) == (1, None)
    assert blocked["blocked_until"].isoformat() == "2026-11-23T12:02:00+00:00"
    move_clock("119 seconds")
    assert engine.work() == 0
    move_clock("1 second")
    assert engine.work() == 2
    assert engine.status(refused)["status"] == "completed"
    move_clock("6 seconds")
    engine.tick()
    assert engine.client.execute(LIMITS).fetchall() == []


@pytest.mark.parametrize(
    ("more", "seconds"),
    [({}, 60), ({"retry_after": 999_999}, 86_400), ({"retry_after": 0.5}, 0.5)],
)
def test_a_block_lasts_a_minute_by_default_and_a_day_at_most(
    engine, template, freeze_clock, move_clock, more, seconds
):
    freeze_clock("2026-11-23 12:00:00+00")
    retry = {"max_attempts": 2, "backoff": "PT0S"}
    instance = engine.start(engine.publish(act("a", retry=retry)))
    engine.report((engine.read()[0], rate_limited(**more)))
    engine.start(template)
    move_clock(f"{seconds - 0.1} seconds")
    assert engine.work() == 0
    move_clock("0.1 seconds")
    assert engine.work() == 2
    assert engine.status(instance)["status"] == "completed"


def test_a_block_without_a_wait_is_none(engine, template):
    engine.start(template)
    engine.report((engine.read()[0], rate_limited(retry_after=0)))
    engine.start(template)
    assert engine.client.execute(LIMITS).fetchall() == []
    engine.work()


def test_an_attempt_that_was_refused_comes_no_earlier_than_asked_for(
    engine, freeze_clock, move_clock
):
    freeze_clock("2026-11-23 12:00:00+00")
    retry = {"max_attempts": 2, "backoff": "PT5M", "jitter": 0}
    engine.start(engine.publish(act("a", retry=retry)))
    engine.report((engine.read()[0], rate_limited(retry_after=10)))
    move_clock("11 seconds")
    assert engine.work() == 0
    move_clock("289 seconds")
    assert engine.work() == 1


def test_a_block_is_of_the_action_and_its_provider_and_of_one_organisation(
    engine, database, orgs, move_clock
):
    for action in ("work", "other_work"):
        engine.register(action, p_provider="acme")
    templates = {
        action: engine.publish(act("a", action=action))
        for action in ("work", "other_work", "third_work")
    }
    engine.start(templates["work"])
    engine.report((engine.read()[0], rate_limited()))
    for template in templates.values():
        engine.start(template)
    assert queued(engine) == {"third_work": 1}
    other = Engine(database, orgs.b)
    for action in ("work", "other_work"):
        other.register(action, p_provider="acme")
    other.start(other.publish(act("a")))
    assert queued(other) == {"work": 1}
    keys = {row[0] for row in engine.client.execute(LIMITS)}
    assert keys == {"work", "provider:acme"}
    move_clock("1 minute")
    engine.work()


def test_one_receiver_of_many_blocks_only_its_own_attempt(engine):
    """Where a step names the receiver, another one has nothing to do with it."""
    engine.register("work", p_provider="*")
    template = engine.publish(act("a"))
    engine.start(template)
    engine.report((engine.read()[0], rate_limited(retry_after=3600)))
    engine.start(template)
    assert queued(engine) == {"work": 1}


def test_the_queue_is_cleared_of_what_would_be_refused(engine, template, move_clock):
    start_many(engine, template, 30)
    held = engine.read(2)
    engine.report((held[0], rate_limited(retry_after=300)))
    engine.tick()
    assert queued(engine) == {"work": 1}
    assert engine.invariants() == []
    assert engine.report((held[1], ok()))["accepted"] == 1
    assert engine.tick() is False
    move_clock("301 seconds")
    engine.tick()
    assert queued(engine) == {"work": 28}
    engine.work()


def test_the_longest_wait_asked_for_counts(engine, template, freeze_clock, move_clock):
    freeze_clock("2026-11-23 12:00:00+00")
    start_many(engine, template, 4)
    messages = engine.read()
    for message, seconds in zip(messages, (100, 10, 200, 150), strict=True):
        engine.report((message, rate_limited(retry_after=seconds)))
    engine.start(template)
    move_clock("199 seconds")
    assert engine.work() == 0
    move_clock("1 seconds")
    assert engine.work() == 1


def test_an_administrator_ends_a_block(engine, template):
    engine.start(template)
    engine.report((engine.read()[0], rate_limited(retry_after=86_400)))
    engine.start(template)
    assert engine.call("app_backend", "remove_action_limit", p_action="work") is True
    assert engine.work() == 1


# ---- many at once


def test_scenario_26_a_limit_is_exact_with_several_engines_and_workers(engine, database, orgs):
    """Three clocks, four workers and starters for 400 actions: always at most seven of them."""
    template = engine.publish(act("a", "b"), act("b"))
    other = Engine(database, orgs.b)
    bystander = other.publish(act("a"))
    limit(engine, max_in_flight=7)
    done = threading.Event()
    until = time.monotonic() + 60
    seen = []

    def watch():
        with psycopg.connect(database.dsn(), autocommit=True) as connection:
            while not done.is_set():
                rows = dict(connection.execute(QUEUED, [engine.org]).fetchall())
                seen.append(rows.get("work", 0))

    def tick():
        with psycopg.connect(database.dsn("worker"), autocommit=True) as connection:
            while not done.is_set():
                connection.execute("select automation.tick()")

    def work(number):
        rng = random.Random(number)
        with psycopg.connect(database.dsn("worker"), autocommit=True) as connection:
            while not done.is_set():
                rows = connection.execute(
                    "select msg_id, read_ct from pgmq.read('automation_actions', 30, %s)",
                    [rng.randint(1, 4)],
                ).fetchall()
                answers = [{"msg_id": m, "read_ct": r} | ok() for m, r in rows]
                if answers:
                    connection.execute("select automation.complete_actions(%s)", [Jsonb(answers)])

    def start(org, wanted, count):
        with psycopg.connect(database.dsn("app_backend"), autocommit=True) as connection:
            connection.execute("select set_config('app.current_org_id', %s, false)", [str(org)])
            for _ in range(count):
                connection.execute(
                    "select count(*) from automation.start_workflows(%s, %s)",
                    [wanted, Jsonb([{}] * 10)],
                )

    ended = "select count(*) from automation.automation_executions where status = 'success'"
    with ThreadPoolExecutor(10) as pool:
        futures = [pool.submit(watch)] + [pool.submit(tick) for _ in range(3)]
        futures += [pool.submit(work, number) for number in range(4)]
        starts = [pool.submit(start, engine.org, template, 10) for _ in range(2)]
        starts += [pool.submit(start, orgs.b, bystander, 5)]
        try:
            for future in starts:
                future.result(60)
            while engine.admin.execute(ended).fetchone()[0] < 250:
                assert time.monotonic() < until, "not drained in time"
        finally:
            done.set()
        for future in futures:
            future.result(60)
    assert max(seen) == 7
    deadlocks = "select pg_stat_get_db_deadlocks(oid) from pg_database where datname = %s"
    assert engine.admin.execute(deadlocks, [database.name]).fetchone()[0] == 0


def test_an_open_transaction_that_starts_limited_actions_stops_nobody(engine, database, template):
    limit(engine, max_in_flight=2)
    client = database.connect("app_backend", org=engine.org)
    with client.transaction():
        client.execute("select automation.start_workflow(%s)", [template])
        start_many(engine, template, 3)
        engine.tick()
        assert queued(engine) == {"work": 2}
        engine.report(*((m, ok()) for m in engine.read()))
        engine.tick()
        assert queued(engine) == {"work": 1}
    engine.work()


READS = """
select coalesce(sum(coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0)), 0)::int
from pg_stat_xact_user_tables where relname in (
    'pending_actions', 'limited_messages', 'limit_starts', 'action_blocks', 'workflow_steps',
    'workflow_instances', 'timers'
)
"""
BACKLOG = """
insert into automation_private.pending_actions (org_id, step_id, instance_id, root_id, action)
select %s, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'work'
from generate_series(1, %s)
"""


def reads_of_a_tick(engine) -> int:
    with engine.worker.transaction():
        before = engine.worker.execute(READS).fetchone()[0]
        engine.worker.execute("select automation.tick()")
        return engine.worker.execute(READS).fetchone()[0] - before


def test_a_backlog_that_waits_for_its_limit_is_never_read(engine, orgs, database, template):
    """100,000 pending actions, on a database without statistics."""
    limit(engine, max_in_flight=0)
    engine.start(template)
    few = reads_of_a_tick(engine)
    engine.admin.execute(BACKLOG, [engine.org, 100_000])
    assert reads_of_a_tick(engine) <= few + 10
    other = Engine(database, orgs.b)
    other.call("ops", "register_org", p_org_id=orgs.b, p_max_in_flight=1)
    start_many(other, other.publish(act("a")), 3)
    other.report((other.read()[0], ok()))
    other.tick()
    assert queued(other) == {"work": 1}
    began = time.perf_counter()
    with engine.client.transaction():
        before = engine.client.execute(READS).fetchone()[0]
        engine.start(engine.publish(act("b", action="other_work")))
        assert engine.client.execute(READS).fetchone()[0] - before <= few + 40
    assert time.perf_counter() - began < 5
    engine.admin.execute(
        "delete from automation_private.pending_actions as p where not exists "
        "(select from automation.workflow_steps as s where s.step_id = p.step_id)"
    )
    other.work()


# ---- who sets them


@pytest.mark.on("embedded")
@pytest.mark.parametrize(
    ("arguments", "state"),
    [
        ({"p_action": None, "p_max_in_flight": 1}, "MA002"),
        ({"p_action": "nothing", "p_max_in_flight": 1}, "MA002"),
        ({"p_action": "recheck_rule", "p_max_in_flight": 1}, "MA002"),
        ({"p_action": "provider:nobody", "p_max_in_flight": 1}, "MA002"),
        ({"p_action": "provider:*", "p_max_in_flight": 1}, "MA002"),
        ({"p_action": "work"}, "MA001"),
        ({"p_action": "work", "p_max_in_flight": -1}, "MA001"),
        ({"p_action": "work", "p_max_starts": -1, "p_per": "1 hour"}, "MA001"),
        ({"p_action": "work", "p_max_starts": 1}, "MA001"),
        ({"p_action": "work", "p_max_in_flight": 1, "p_per": "1 hour"}, "MA001"),
        ({"p_action": "work", "p_max_starts": 1, "p_per": "0.9 seconds"}, "MA001"),
        ({"p_action": "work", "p_max_starts": 1, "p_per": "32 days"}, "MA001"),
        ({"p_action": "work", "p_max_starts": 1, "p_per": "-1 hour"}, "MA001"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(engine, arguments, state):
    with pytest.raises(errors.DatabaseError) as caught:
        engine.call("app_backend", "set_action_limit", **arguments)
    assert caught.value.sqlstate == state
    assert engine.client.execute(LIMITS).fetchall() == []


def test_only_external_actions_have_a_provider(engine):
    register = "select automation.register_action('x', %s, 'x', p_handler => %s, p_provider => %s)"
    handler = "automation_private.recheck_rule(jsonb, jsonb)"
    for values in (
        ("external", None, "Acme"),
        ("external", None, ""),
        ("external", None, "provider:acme"),
        ("native", handler, "acme"),
    ):
        with pytest.raises(errors.DatabaseError) as caught:
            engine.admin.execute(register, values)
        assert caught.value.sqlstate == "MA001"


def test_whoever_changes_limits_and_does_not_commit_stops_nobody(
    engine, database, orgs, template, move_clock
):
    limit(engine, max_starts=1, max_in_flight=1, per="1 minute")
    start_many(engine, template, 3)
    engine.tick()
    engine.report((engine.read()[0], rate_limited()))
    admin = database.connect("app_backend", org=engine.org)
    engine.worker.execute("set lock_timeout = '2s'")
    with admin.transaction():
        admin.execute("select automation.set_action_limit('other_work', 3)")
        admin.execute("select automation.set_action_limit('work', 2)")
        admin.execute("select automation.remove_action_limit('work')")
        for _ in range(4):
            move_clock("61 seconds")
            engine.tick()
        assert queued(engine) == {"work": 1}
        assert engine.report((engine.read()[0], ok()))["accepted"] == 1
    engine.work()


def test_limits_are_recorded_and_shown(engine):
    limit(engine, "work", max_starts=100, per="1 day")
    limit(engine, "work", max_in_flight=5)
    engine.call("app_backend", "remove_action_limit", p_action="work")
    audit = engine.client.execute(
        "select operation, details ->> 'action', details ->> 'per' "
        "from automation.automation_audit where operation ~ 'action_limit' order by audit_id"
    ).fetchall()
    assert audit == [
        ("set_action_limit", "work", "24:00:00"),
        ("set_action_limit", "work", None),
        ("remove_action_limit", "work", None),
    ]
