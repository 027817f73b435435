"""The way out and back: caps, fences, withdrawn messages, poison, write budget, plans."""

from __future__ import annotations

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import act, ok


@pytest.fixture
def capped(engine):
    """Two places in the queue for organisation a."""
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=2)
    return engine


def test_actions_above_the_cap_wait_and_the_clock_sends_them(capped):
    template = capped.publish(act("a"))
    for _ in range(5):
        capped.start(template)
    first = capped.read()
    assert len(first) == 2
    assert capped.tick() is False
    capped.report(*((m, ok()) for m in first))
    assert capped.read() == []
    assert capped.tick() is True
    assert len(capped.read()) == 2


def test_whoever_frees_a_place_may_use_it_for_its_successor(capped):
    template = capped.publish(act("a", "b"), act("b"))
    for _ in range(4):
        capped.start(template)
    first = capped.read()
    capped.report(*((m, ok()) for m in first))
    assert [m[2]["key"] for m in capped.read()] == ["b", "b"]
    capped.work()


def test_the_filler_takes_organisations_in_turn(engine, orgs):
    for org in (orgs.a, orgs.b):
        engine.call("ops", "register_org", p_org_id=org, p_max_in_flight=1)
    template = engine.publish(act("a"))
    for _ in range(3):
        engine.start(template)
    engine.client.execute("select set_config('app.current_org_id', %s, false)", [str(orgs.b)])
    other = engine.publish(act("a"))
    for _ in range(3):
        engine.start(other)
    for org in (orgs.a, orgs.b):
        engine.call("ops", "register_org", p_org_id=org, p_max_in_flight=3)
    engine.read()
    engine.tick()
    sent = [m[2]["org"] for m in engine.read()]
    assert sent == [str(o) for o in sorted((orgs.a, orgs.b)) * 2]


def test_pending_actions_are_cancelled_with_their_instance(capped):
    template = capped.publish(act("a"))
    instances = [capped.start(template) for _ in range(3)]
    capped.call("app_backend", "cancel_workflow", p_instance_id=instances[2])
    capped.work()
    assert capped.path(instances[2]) == ["a:cancelled"]


def test_a_result_is_taken_once(engine):
    engine.start(engine.publish(act("a", "b"), act("b")))
    message = engine.read()[0]
    assert engine.report((message, ok())) == {"accepted": 1, "stale": []}
    assert engine.report((message, ok())) == {"accepted": 0, "stale": [message[0]]}
    assert len(engine.read()) == 1


def test_scenario_17_the_slow_worker_cannot_overwrite_its_successor(engine):
    instance = engine.start(engine.publish(act("a")))
    slow = engine.read(lease=0)[0]
    quick = engine.read()[0]
    assert quick[0] == slow[0]
    assert engine.report((slow, ok({"from": "slow"})))["accepted"] == 0
    assert engine.report((quick, ok({"from": "quick"})))["accepted"] == 1
    assert engine.status(instance)["output"] == {"from": "quick"}


def test_a_lease_is_extended_only_for_its_holder(engine):
    engine.start(engine.publish(act("a")))
    slow = engine.read(lease=0)[0]
    quick = engine.read()[0]
    extend = "select automation.extend_lease(%s, %s, 60)"
    assert engine.worker.execute(extend, [[slow[0]], [slow[1]]]).fetchone()[0] == []
    assert engine.worker.execute(extend, [[quick[0]], [quick[1]]]).fetchone()[0] == [quick[0]]


@pytest.mark.parametrize(
    "results",
    [
        {},
        "x",
        None,
        [1],
        [{}],
        [{"msg_id": 1}],
        [{"msg_id": "x", "read_ct": 1, "status": "completed"}],
        [{"msg_id": 1, "read_ct": 1, "status": "done"}],
        [{"msg_id": 1, "read_ct": 1, "status": "failed"}],
        [
            {
                "msg_id": 1,
                "read_ct": 1,
                "status": "failed",
                "error": {"code": "x", "class": "y", "retry_after": "soon"},
            }
        ],
    ],
)
def test_malformed_results_are_refused_whole(engine, results):
    with pytest.raises(errors.DatabaseError) as caught:
        engine.worker.execute("select automation.complete_actions(%s)", [Jsonb(results)])
    assert caught.value.sqlstate == "MA001"


def test_a_cancelled_instance_leaves_nothing_in_the_queue(engine):
    template = engine.publish(
        {"id": "fork", "type": "split", "branches": ["a", "b"]}, act("a"), act("b")
    )
    instance = engine.start(template)
    held = engine.read()[0]
    assert engine.call("app_backend", "cancel_workflow", p_instance_id=instance, p_reason="no")
    assert engine.report((held, ok()))["stale"] == [held[0]]
    assert not engine.call("app_backend", "cancel_workflow", p_instance_id=instance)
    assert engine.admin.execute("select count(*) from pgmq.q_automation_actions").fetchone()[0] == 0


def poison(engine, template, step):
    """Make one step's condition raise whatever it is given, as a bug in the engine would."""
    engine.admin.execute(
        """
        update automation.workflow_definition_steps as s set condition = '$nobody > 1'
        from automation.workflow_templates as t
        where t.template_id = %s and s.definition_id = t.published_definition_id and s.step_key = %s
        """,
        [template, step],
    )


def test_a_poisoned_instance_does_not_hold_its_batch_back(engine):
    good = engine.publish(act("a", "b"), act("b"))
    bad = engine.publish(
        act("a", "check"),
        {"id": "check", "type": "condition", "condition": "x > 1", "true_next": "b"},
        act("b"),
    )
    poison(engine, bad, "check")
    instances = [engine.start(t, x=2) for t in (good, bad, good)]
    engine.work()
    assert [engine.status(i)["status"] for i in instances] == ["completed", "failed", "completed"]
    assert engine.status(instances[1])["error"]["code"] == "engine_error"


def test_a_poisoned_timer_does_not_hold_its_batch_back(engine, move_clock):
    pause = {"id": "pause", "type": "delay", "for": "PT1M"}
    good = engine.publish(pause | {"next": "a"}, act("a"))
    bad = engine.publish(
        pause | {"next": "check"},
        {"id": "check", "type": "condition", "condition": "x > 1", "true_next": "a"},
        act("a"),
    )
    poison(engine, bad, "check")
    instances = [engine.start(t, x=2) for t in (good, bad, good)]
    move_clock("61 seconds")
    engine.work()
    assert [engine.status(i)["status"] for i in instances] == ["completed", "failed", "completed"]


def test_a_poisoned_start_is_recorded_and_its_neighbours_run(engine):
    bad = engine.publish(
        {"id": "check", "type": "condition", "condition": "x > 1", "true_next": "a"}, act("a")
    )
    poison(engine, bad, "check")
    instance = engine.start(bad, x=2)
    assert engine.status(instance)["error"]["code"] == "engine_error"


WRITES = """
select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_xact_user_tables
where schemaname in ('automation', 'automation_private')
"""


def writes(connection, query, *arguments):
    """How many rows of the engine one statement writes."""
    with connection.transaction():
        before = connection.execute(WRITES).fetchone()[0]
        connection.execute(query, arguments)
        return connection.execute(WRITES).fetchone()[0] - before


def test_an_external_action_writes_at_most_five_rows(engine):
    engine.start(engine.publish(*(act(f"s{n}", f"s{n + 1}") for n in range(1, 9)), act("s9")))
    worst = 0
    for _ in range(8):
        message = engine.read()[0]
        report = [{"msg_id": message[0], "read_ct": message[1]} | ok({"n": 1})]
        worst = max(
            worst,
            writes(engine.worker, "select automation.complete_actions(%s)", Jsonb(report)),
        )
    assert worst <= 5


def test_an_internal_step_writes_at_most_three_rows(engine):
    def template(pairs):
        steps = []
        for n in range(pairs):
            steps += [
                {"id": f"c{n}", "type": "condition", "condition": "x >= 0", "true_next": f"v{n}"},
                {"id": f"v{n}", "type": "set", "values": {"x": n}}
                | ({"next": f"c{n + 1}"} if n < pairs - 1 else {}),
            ]
        return engine.publish(*steps)

    start = "select automation.start_workflow(%s, '{}', '{\"x\": 1}')"
    short, long = template(2), template(22)
    extra = writes(engine.client, start, long) - writes(engine.client, start, short)
    assert extra / 40 <= 3


def test_scenario_33_reads_per_step_do_not_grow_with_a_backlog_on_a_database_without_statistics(
    engine,
):
    """Index reads and no sequential scans, whatever the planner thinks it knows."""
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=100_000)
    template = engine.publish(act("a", "b"), act("b", "c"), act("c"))

    def start(count):
        items = Jsonb([{"trigger": {"n": n}} for n in range(count)])
        engine.client.execute("select automation.start_workflows(%s, %s)", [template, items])

    def cost():
        reads = """
        select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)
        from pg_stat_xact_user_tables
        where relname in ('workflow_instances', 'workflow_steps', 'timers', 'pending_actions')
        """
        rows = engine.read(20)
        report = [{"msg_id": m, "read_ct": r} | ok({"n": 1}) for m, r, _ in rows]
        with engine.worker.transaction():
            before = engine.worker.execute(reads).fetchone()[0]
            engine.worker.execute("select automation.complete_actions(%s)", [Jsonb(report)])
            return float(engine.worker.execute(reads).fetchone()[0] - before) / 20

    start(20)
    alone = cost()
    start(3000)
    assert cost() <= alone * 1.2 + 1
    engine.admin.execute("delete from pgmq.q_automation_actions")
    engine.admin.execute("truncate automation_private.in_flight_changes")
    engine.admin.execute(
        "truncate automation.workflow_steps, automation.automation_executions, "
        "automation.workflow_instances cascade"
    )


def test_no_message_is_notified_inside_a_transition(engine):
    throttle = "select count(*) from pgmq.notify_insert_throttle"
    assert engine.admin.execute(throttle).fetchone()[0] == 0
