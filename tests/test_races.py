"""Two sessions at once on the same thing: one serial outcome, no deadlock, nothing twice."""

from __future__ import annotations

import itertools
import random
import threading
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import act, failed, ok
from tests.evidence import differences, fingerprint

PATIENCE = 20

GATE = 4711
PAUSE = f"""
create function public.pause() returns trigger language plpgsql as $$
begin
    if current_setting('application_name') = 'paused' then
        perform pg_advisory_xact_lock_shared({GATE});
    end if;
    return coalesce(new, old);
end $$
"""
BLOCKED = """
select coalesce(bool_or(cardinality(pg_blocking_pids(a.pid)) > 0), false)
from pg_stat_activity as a
where a.pid = %s
"""
DEADLOCKS = """
select pg_stat_get_db_deadlocks(oid) from pg_database where datname = current_database()
"""


class Session:
    """A login's connection with a thread of its own."""

    def __init__(self, database, user: str, org=None, name: str = "racer") -> None:
        self.connection = database.connect(user, org=org, application_name=name)
        self.watcher = database.connect()
        self.pool = ThreadPoolExecutor(1)
        self.future: Future | None = None

    def begin(self, action) -> Session:
        """Let the thread do something with the connection."""
        self.future = self.pool.submit(action, self.connection)
        return self

    def execute(self, statement: str, values=()) -> Session:
        """Let the thread run a statement that returns one value."""
        return self.begin(lambda c: c.execute(statement, values).fetchone()[0])

    def wait(self) -> bool:
        """Wait until the thread is done (false) or stuck behind another session (true)."""
        until = time.monotonic() + PATIENCE
        pid = self.connection.info.backend_pid
        while not self.future.done():
            if self.watcher.execute(BLOCKED, [pid]).fetchone()[0]:
                return True
            assert time.monotonic() < until, "neither done nor blocked"
        return False

    def result(self):
        return self.future.result(PATIENCE)


@pytest.fixture
def race(engine, database):
    """Makes sessions: race("worker"), race("app_backend", org)."""
    sessions = []

    def make(user: str, org=None, name: str = "racer") -> Session:
        org = engine.org if user == "app_backend" and org is None else org
        sessions.append(Session(database, user, org, name))
        return sessions[-1]

    yield make
    for session in sessions:
        session.pool.shutdown(cancel_futures=True)


@pytest.fixture
def pause(engine, database):
    """`with pause("pgmq.meta", "update"):` stops the session whose name is "paused" there."""
    engine.admin.execute(PAUSE)
    gate = database.connect()

    @contextmanager
    def closed(table: str, event: str):
        engine.admin.execute(
            f"create or replace trigger pause before {event} on {table} "
            "for each row execute function public.pause()"
        )
        gate.execute("select pg_advisory_lock(%s)", [GATE])
        try:
            yield
        finally:
            gate.execute("select pg_advisory_unlock_all()")

    return closed


def report(message, answer) -> Jsonb:
    return Jsonb([{"msg_id": message[0], "read_ct": message[1]} | answer])


COMPLETE = "select automation.complete_actions(%s)"
CANCEL = "select automation.cancel_workflow(%s)"
TICK = "select automation.tick()"
START = "select automation.start_workflow(%s, p_idempotency_key => %s)"
START_MANY = """
select jsonb_agg(jsonb_build_object('outcome', outcome, 'instance', instance_id) order by item)
from automation.start_workflows(%s, %s)
"""


def pending(engine) -> int:
    return engine.admin.execute(
        "select count(*) from automation_private.pending_actions"
    ).fetchone()[0]


def queued(engine) -> list[str]:
    rows = engine.admin.execute(
        "select message ->> 'step' from pgmq.q_automation_actions"
    ).fetchall()
    return [row[0] for row in rows]


# ---- every pair of operations on one instance, in both orders


def build(engine, operations) -> dict:
    """A template in which just the timers exist that the operations need."""
    a = act("a", "join", on_error={"next": "help"}, retry={"max_attempts": 2, "backoff": "PT0S"})
    if "timeout" in operations:
        a["timeout"] = "PT1M"
    pause = "PT1M" if "delay" in operations else "P9D"
    return {
        "settings": {"timeout": "PT1M"} if "deadline" in operations else {},
        "steps": [
            {"id": "fork", "type": "split", "branches": ["a", "wait"]},
            a,
            {"id": "wait", "type": "delay", "for": pause, "next": "b"},
            act("b", "join"),
            {"id": "join", "type": "merge", "next": "c"},
            act("c"),
            act("help", "join"),
        ],
    }


def tick(connection, instance, message):
    connection.execute(TICK)


OPERATIONS = {
    "complete": ("worker", lambda c, i, m: c.execute(COMPLETE, [report(m, ok({"x": 1}))])),
    "fail": ("worker", lambda c, i, m: c.execute(COMPLETE, [report(m, failed())])),
    "refuse": ("worker", lambda c, i, m: c.execute(COMPLETE, [report(m, failed("http_4xx"))])),
    "cancel": ("app_backend", lambda c, i, m: c.execute(CANCEL, [i])),
    "timeout": ("worker", tick),
    "delay": ("worker", tick),
    "deadline": ("worker", tick),
}
CLOCKED = {"timeout", "delay", "deadline"}


def outcome(engine, instance) -> tuple:
    """What became of an instance when nothing more is due."""
    while engine.tick():
        pass
    rows = engine.admin.execute(
        "select s.step_key, s.status, s.attempt, s.output_data from automation.workflow_steps as s "
        "where s.instance_id = %s order by s.step_key, s.step_id",
        [instance],
    ).fetchall()
    rows = [(k, s, n, o if k not in ("wait", "fork") else None) for k, s, n, o in rows]
    status = engine.status(instance)
    waiting = engine.admin.execute(
        "select kind from automation_private.timers where instance_id = %s order by kind",
        [instance],
    ).fetchall()
    return status["status"], status["reason"], rows, waiting


@pytest.mark.on("embedded")
@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_any_two_operations_on_an_instance_have_a_serial_outcome(engine, race, move_clock, end):
    """The first has done its work and holds its locks when the second comes."""
    templates, expected, wrong = {}, {}, []
    first_of, second_of = ({u: race(u) for u in ("worker", "app_backend")} for _ in range(2))
    for pair in itertools.product(OPERATIONS, repeat=2):
        timers = frozenset(pair) & CLOCKED
        if timers not in templates:
            template = engine.call(
                "app_backend",
                "create_template",
                p_name=str(sorted(timers)),
                p_definition=build(engine, timers),
            )
            engine.call("app_backend", "publish_template", p_template_id=template)
            templates[timers] = template
        (first_user, first), (second_user, second) = (OPERATIONS[name] for name in pair)
        one, two = first_of[first_user], second_of[second_user]
        # what is rolled back leaves no trace: then only the second counts
        serial = (pair[1], timers) if end == "rollback" else pair
        for raced in (False, True):
            if not raced and serial in expected:
                continue
            instance = engine.start(templates[timers])
            message = engine.read()[0]
            if timers:
                move_clock("61 seconds")
            if raced:
                with one.connection.transaction(force_rollback=end == "rollback"):
                    first(one.connection, instance, message)
                    two.begin(lambda c, s=second, i=instance, m=message: s(c, i, m)).wait()
                two.result()
            else:
                if end == "commit":
                    first(one.connection, instance, message)
                second(two.connection, instance, message)
            result = outcome(engine, instance)
            engine.client.execute(CANCEL, [instance])
            engine.tick()
            if not raced:
                expected[serial] = result
            elif result != expected[serial]:
                wrong.append(f"{pair}: one after the other {expected[serial]}, at once {result}")
    assert wrong == []
    assert engine.invariants() == []


@pytest.mark.parametrize("timer", sorted(CLOCKED))
def test_a_clock_that_has_claimed_a_timer_does_not_hold_its_instance(
    engine, race, pause, move_clock, timer
):
    """Whoever has the instance goes on without waiting, and the clock finds out afterwards."""
    template = engine.call(
        "app_backend", "create_template", p_name=timer, p_definition=build(engine, {timer})
    )
    engine.call("app_backend", "publish_template", p_template_id=template)
    clock = race("worker", name="paused")
    for rival in ("complete", "fail", "refuse", "cancel"):
        user, action = OPERATIONS[rival]
        other = race(user)
        results = []
        for raced in (False, True):
            instance = engine.start(template)
            message = engine.read()[0]
            move_clock("61 seconds")
            if raced:
                with pause("automation_private.timers", "delete"):
                    clock.execute(TICK)
                    assert clock.wait()
                    other.begin(lambda c, a=action, i=instance, m=message: a(c, i, m))
                    assert not other.wait(), rival
                    other.result()
                clock.result()
            else:
                action(other.connection, instance, message)
                engine.tick()
            results.append(outcome(engine, instance))
            engine.client.execute(CANCEL, [instance])
            engine.tick()
        assert results[0] == results[1], rival


# ---- killed halfway


@pytest.mark.parametrize("operation", ["start", "complete", "cancel", "tick"])
def test_a_session_that_is_killed_halfway_leaves_everything_as_it_was(
    engine, race, pause, move_clock, operation
):
    """The backend dies in the middle of its transaction; the next one does the work, once."""
    template = engine.publish(
        act("a", "b"),
        act("b", "wait", timeout="PT1H"),
        {"id": "wait", "type": "delay", "for": "PT1M", "next": "c"},
        act("c"),
    )
    instance = engine.start(template)
    engine.report((engine.read()[0], ok()))
    message = engine.read()[0]
    if operation == "tick":
        engine.report((message, ok()))
        move_clock("61 seconds")
    before = fingerprint(engine.admin)
    table, event = {
        "start": ("pgmq.q_automation_actions", "insert"),
        "complete": ("automation_private.timers", "insert"),
        "cancel": ("pgmq.q_automation_actions", "delete"),
        "tick": ("pgmq.q_automation_actions", "insert"),
    }[operation]
    calls = {
        "start": ("app_backend", START, [template, "key"]),
        "complete": ("worker", COMPLETE, [report(message, ok())]),
        "cancel": ("app_backend", CANCEL, [instance]),
        "tick": ("worker", TICK, []),
    }
    user, statement, values = calls[operation]
    doomed, next_one = race(user, name="paused"), race(user)
    with pause(table, event):
        doomed.execute(statement, values)
        assert doomed.wait()
        pid = doomed.connection.info.backend_pid
        engine.admin.execute("select pg_terminate_backend(%s, 5000)", [pid])
        with pytest.raises(psycopg.OperationalError):
            doomed.result()
    assert differences(before, fingerprint(engine.admin)) == []
    assert engine.invariants() == []

    next_one.execute(statement, values).result()
    engine.admin.execute("update pgmq.q_automation_actions set vt = now()")
    engine.work()
    move_clock("61 seconds")
    engine.work()
    path = ["a", "b:cancelled"] if operation == "cancel" else ["a", "b", "wait", "c"]
    assert engine.path(instance) == path
    assert engine.admin.execute("select count(*) from automation.workflow_instances").fetchone()[
        0
    ] == (2 if operation == "start" else 1)


# ---- locks taken in one order


@pytest.mark.parametrize("rival", ["cancel", "timeout"])
def test_the_filler_and_whoever_ends_a_pending_step_do_not_deadlock(
    engine, race, pause, move_clock, rival
):
    """The filler has claimed the pending action; the rival holds the instance."""
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=1)
    first = engine.start(engine.publish(act("a")))
    instance = engine.start(engine.publish(act("a", timeout="PT1M")))
    assert pending(engine) == 1
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=9)
    filler = race("worker", name="paused")
    other = race("app_backend" if rival == "cancel" else "worker")
    with pause("automation_private.pending_actions", "delete"):
        filler.execute(TICK)
        assert filler.wait()
        if rival == "cancel":
            other.execute(CANCEL, [instance])
        else:
            move_clock("61 seconds")
            other.execute(TICK)
        other.wait()
    other.result()
    filler.result()
    assert engine.status(instance)["status"] == ("cancelled" if rival == "cancel" else "failed")
    while engine.tick():
        pass
    assert [m[2]["instance"] for m in engine.read()] == [str(first)]


def test_a_tick_that_fills_and_wakes_does_not_deadlock_with_a_worker(
    engine, race, pause, move_clock
):
    """Both move an older and a younger instance; the tick meets the younger one first."""
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=2)
    older = engine.start(
        engine.publish(
            {"id": "fork", "type": "split", "branches": ["a", "p"]},
            act("a"),
            {"id": "p", "type": "delay", "for": "PT1M"},
        )
    )
    younger = engine.start(
        engine.publish(
            {"id": "fork", "type": "split", "branches": ["a", "b"]},
            act("a"),
            act("b"),
        )
    )
    assert pending(engine) == 1
    messages = engine.read(lease=600)
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=9)
    move_clock("61 seconds")
    clock, worker = race("worker", name="paused"), race("worker")
    with pause("pgmq.q_automation_actions", "insert"):
        clock.execute(TICK)
        assert clock.wait()
        results = [{"msg_id": m[0], "read_ct": m[1]} | ok() for m in messages]
        worker.execute(COMPLETE, [Jsonb(results)]).wait()
    assert worker.result()["accepted"] == 2
    clock.result()
    engine.work()
    assert [engine.status(i)["status"] for i in (older, younger)] == ["completed"] * 2


def test_an_open_transaction_of_a_client_does_not_stop_the_clock(engine, race, move_clock):
    """Nobody who edits a template can make everybody else's timers wait."""
    template = engine.publish(act("a"))
    other = engine.start(engine.publish({"id": "p", "type": "delay", "for": "PT1M"}))
    engine.start(template)
    move_clock("61 seconds")
    editor, clock = race("app_backend"), race("worker")
    with editor.connection.transaction():
        editor.connection.execute(
            "select automation.update_template(%s, p_description => 'new')", [template]
        )
        clock.execute(TICK)
        assert not clock.wait()
        assert engine.status(other)["status"] == "completed"
    clock.result()
    move_clock("1 minute")
    engine.tick()
    used = "select usage_count from automation.workflow_templates where template_id = %s"
    assert engine.client.execute(used, [template]).fetchone()[0] == 1


# ---- several of the same


def test_two_ticks_at_once_wake_each_timer_once(engine, race, pause, move_clock):
    template = engine.publish({"id": "p", "type": "delay", "for": "PT1M", "next": "a"}, act("a"))
    for _ in range(150):
        engine.start(template)
    move_clock("61 seconds")
    one, two = race("worker", name="paused"), race("worker")
    with pause("automation_private.timers", "delete"):
        one.execute(TICK)
        assert one.wait()
        two.execute(TICK)
        assert not two.wait()
    assert one.result() is True
    assert two.result() is True
    assert len(queued(engine)) == 150
    engine.work()


def test_two_fillers_at_once_send_each_action_once_and_keep_to_the_cap(engine, race, pause):
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=1)
    template = engine.publish(act("a"))
    for _ in range(8):
        engine.start(template)
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=4)
    one, two = race("worker", name="paused"), race("worker")
    with pause("automation_private.pending_actions", "delete"):
        one.execute(TICK)
        assert one.wait()
        two.execute(TICK)
        two.wait()
    one.result()
    two.result()
    assert len(queued(engine)) == len(set(queued(engine))) == 4
    assert pending(engine) == 4
    engine.work()


def test_two_workers_that_report_the_same_message_settle_it_once(engine, race, pause):
    instance = engine.start(engine.publish(act("a", "b"), act("b")))
    message = engine.read()[0]
    one, two = race("worker", name="paused"), race("worker")
    with pause("pgmq.q_automation_actions", "delete"):
        one.execute(COMPLETE, [report(message, ok({"from": "one"}))])
        assert one.wait()
        two.execute(COMPLETE, [report(message, ok({"from": "two"}))])
        assert two.wait()
    assert one.result()["accepted"] == 1
    assert two.result() == {"accepted": 0, "stale": [message[0]]}
    assert engine.path(instance) == ["a", "b:running"]
    assert engine.timeline(instance)[0]["output_data"] == {"from": "one"}


def test_two_workers_that_finish_a_split_fire_its_merge_once(engine, race, pause):
    template = engine.publish(
        {"id": "fork", "type": "split", "branches": ["a", "b"]},
        act("a", "join"),
        act("b", "join"),
        {"id": "join", "type": "merge", "next": "c"},
        act("c"),
    )
    instance = engine.start(template)
    first, second = engine.read()
    one, two = race("worker", name="paused"), race("worker")
    with pause("pgmq.q_automation_actions", "delete"):
        one.execute(COMPLETE, [report(first, ok())])
        assert one.wait()
        two.execute(COMPLETE, [report(second, ok())])
        assert two.wait()
    assert [one.result()["accepted"], two.result()["accepted"]] == [1, 1]
    assert engine.path(instance) == ["fork", "a", "b", "join", "c:running"]


def test_a_lease_is_not_extended_while_its_result_is_taken(engine, race, pause):
    engine.start(engine.publish(act("a")))
    message = engine.read()[0]
    one, two = race("worker", name="paused"), race("worker")
    with pause("pgmq.q_automation_actions", "delete"):
        one.execute(COMPLETE, [report(message, ok())])
        assert one.wait()
        two.execute("select automation.extend_lease(%s, %s, 60)", [[message[0]], [message[1]]])
        assert not two.wait()
        assert two.result() == []
    assert one.result()["accepted"] == 1


# ---- idempotency keys


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_the_same_key_from_two_sessions_starts_one_instance(engine, race, end):
    template = engine.publish(act("a"))
    one, two = race("app_backend"), race("app_backend")
    with one.connection.transaction(force_rollback=end == "rollback"):
        first = one.connection.execute(START, [template, "key"]).fetchone()[0]
        two.execute(START, [template, "key"])
        assert two.wait()
    assert (two.result() == first) is (end == "commit")
    assert len(queued(engine)) == 1


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_a_start_from_an_older_snapshot_never_starts_a_second_one(engine, race, level):
    template = engine.publish(act("a"))
    late = race("app_backend").connection
    started = []

    def start_late():
        with late.transaction():
            late.execute(f"set transaction isolation level {level}")
            late.execute("select count(*) from automation.workflow_instances")
            if not started:
                started.append(engine.client.execute(START, [template, "key"]).fetchone()[0])
            return late.execute(START, [template, "key"]).fetchone()[0]

    with pytest.raises(errors.SerializationFailure):
        start_late()
    assert start_late() == started[0]
    assert len(queued(engine)) == 1


def test_bulk_starts_with_the_same_keys_in_opposite_order_do_not_deadlock(engine, race):
    """Three sessions, in each round the same keys, some of them backwards, some one by one."""
    template = engine.publish(act("a"))
    sessions = [race("app_backend") for _ in range(3)]
    for number in range(4):
        keys = [f"{number}-{key:02}" for key in range(30)]
        barrier = threading.Barrier(3)

        def start(connection, order, barrier=barrier):
            barrier.wait(PATIENCE)
            items = [{"idempotency_key": key, "input": {}} for key in order]
            return connection.execute(START_MANY, [template, Jsonb(items)]).fetchone()[0]

        orders = (keys, keys[::-1], random.Random(number).sample(keys, len(keys)))
        for session, order in zip(sessions, orders, strict=True):
            session.begin(lambda c, o=order, s=start: s(c, o))
        found: dict[str, set] = {}
        started = 0
        for session, order in zip(sessions, orders, strict=True):
            for key, row in zip(order, session.result(), strict=True):
                found.setdefault(key, set()).add(row["instance"])
                started += row["outcome"] == "started"
        assert started == 30
        assert all(len(instances) == 1 for instances in found.values())
    assert len(queued(engine)) == 120


# ---- publishing and starting


def test_a_start_runs_what_is_published_when_it_begins(engine, race):
    """Whoever publishes neither stops a start nor shows it a version that may be rolled back."""
    template = engine.publish(act("old"))
    publisher, starter = race("app_backend"), race("app_backend")
    with publisher.connection.transaction():
        publisher.connection.execute(
            "select automation.update_template(%s, p_definition => %s)",
            [template, Jsonb({"steps": [act("new")]})],
        )
        publisher.connection.execute("select automation.publish_template(%s)", [template])
        starter.execute(START, [template, "during"])
        assert not starter.wait()
        assert engine.path(starter.result()) == ["old:running"]
    after = starter.execute(START, [template, "after"]).result()
    assert engine.path(after) == ["new:running"]


def test_a_start_that_is_not_committed_does_not_stop_a_publisher(engine, race):
    template = engine.publish(act("old"))
    publisher, starter = race("app_backend"), race("app_backend")
    with starter.connection.transaction():
        instance = starter.connection.execute(START, [template, "key"]).fetchone()[0]
        publisher.execute("select automation.archive_template(%s)", [template])
        assert not publisher.wait()
    publisher.result()
    assert engine.path(instance) == ["old:running"]
    with pytest.raises(errors.DatabaseError) as caught:
        engine.start(template)
    assert caught.value.sqlstate == "MA101"


def test_two_publishers_at_once_make_one_version_each(engine, race):
    template = engine.publish(act("old"))
    one, two = race("app_backend"), race("app_backend")

    def publish(connection, step):
        with connection.transaction():
            connection.execute(
                "select automation.update_template(%s, p_definition => %s)",
                [template, Jsonb({"steps": [act(step)]})],
            )
            return connection.execute(
                "select automation.publish_template(%s)", [template]
            ).fetchone()[0]

    with one.connection.transaction():
        versions = [publish(one.connection, "first")]
        two.begin(lambda c: publish(c, "second"))
        assert two.wait()
    versions.append(two.result())
    assert versions == [2, 3]
    assert engine.path(engine.start(template)) == ["second:running"]


def test_the_same_definition_published_at_once_is_stored_once(engine, race):
    steps = Jsonb({"steps": [act("same")]})
    create = "select automation.create_template(%s, %s)"
    templates = [
        engine.client.execute(create, [str(uuid.uuid4()), steps]).fetchone()[0] for _ in range(2)
    ]
    one, two = race("app_backend"), race("app_backend")
    publish = "select automation.publish_template(%s)"
    with one.connection.transaction():
        one.connection.execute(publish, [templates[0]])
        two.execute(publish, [templates[1]])
        two.wait()
    assert two.result() == 1
    count = "select count(distinct published_definition_id) from automation.workflow_templates"
    assert engine.client.execute(count).fetchone()[0] == 1


# ---- everything at once


@pytest.mark.on("embedded")
def test_scenario_35_eight_workers_with_clocks_and_cancellations_never_deadlock(
    database, engine, move_clock
):
    """60 splits of 6 branches, drained in small batches by whoever comes first."""
    keys = [f"s{n}" for n in range(6)]
    retry = {"max_attempts": 3, "backoff": "PT0S"}
    template = engine.publish(
        {"id": "fork", "type": "split", "branches": keys},
        *(act(k, "join", timeout="PT1H", retry=retry) for k in keys),
        {"id": "join", "type": "merge", "next": "pause"},
        {"id": "pause", "type": "delay", "for": "PT0.01S", "next": "last"},
        act("last"),
        settings={"timeout": "P1D"},
    )
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=90)
    instances = [
        row["instance"]
        for row in engine.client.execute(
            START_MANY, [template, Jsonb([{"input": {}}] * 60)]
        ).fetchone()[0]
    ]
    victims = set(random.Random(7).sample(instances, 12))
    ended = "select count(*) from automation.automation_executions"
    until = time.monotonic() + 60

    def finished(connection) -> bool:
        assert time.monotonic() < until, "not drained in time"
        return connection.execute(ended).fetchone()[0] == 60

    def work(number):
        rng = random.Random(number)
        with (
            psycopg.connect(database.dsn("worker"), autocommit=True) as connection,
            psycopg.connect(database.dsn(), autocommit=True) as watcher,
        ):
            while not finished(watcher):
                rows = connection.execute(
                    "select msg_id, read_ct from pgmq.read('automation_actions', 30, %s)",
                    [rng.randint(1, 15)],
                ).fetchall()
                rng.shuffle(rows)
                answers = [
                    {"msg_id": m, "read_ct": r} | (failed() if rng.random() < 0.1 else ok({"n": m}))
                    for m, r in rows
                ]
                if answers:
                    connection.execute(COMPLETE, [Jsonb(answers)])
                if rng.random() < 0.5:
                    connection.execute(TICK)

    def cancel():
        connection = psycopg.connect(database.dsn("app_backend"), autocommit=True)
        with connection:
            connection.execute(
                "select set_config('app.current_org_id', %s, false)", [str(engine.org)]
            )
            for victim in sorted(victims, key=hash):
                connection.execute(CANCEL, [victim])

    with ThreadPoolExecutor(9) as pool:
        for future in [pool.submit(work, n) for n in range(8)] + [pool.submit(cancel)]:
            future.result(90)

    assert engine.admin.execute(DEADLOCKS).fetchone()[0] == 0
    assert engine.invariants() == []
    statuses = {i: engine.status(uuid.UUID(i))["status"] for i in instances}
    assert {statuses[i] for i in instances if i not in victims} <= {"completed", "failed"}
    merges = engine.admin.execute(
        """
        select i.status, count(s.step_id), coalesce(min(s.arrived), 6), coalesce(max(s.arrived), 6)
        from automation.workflow_instances as i
        left join automation.workflow_steps as s
            on s.org_id = i.org_id and s.instance_id = i.instance_id and s.step_key = 'join'
        group by i.instance_id, i.status
        """
    ).fetchall()
    assert all((low, high) == (6, 6) for _, _, low, high in merges)
    assert all(count == 1 for status, count, *_ in merges if status == "completed")
    assert all(count <= 1 for _, count, *_ in merges)
    assert queued(engine) == []
