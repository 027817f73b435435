"""Bugs that other engines had and this one must not: those of which no other file has a test."""

from __future__ import annotations

import pytest
from psycopg.types.json import Jsonb

from tests.engine import act, failed, if_, ok


def kind(step: str, type_: str, next: str | None = None, **more) -> dict:
    return {"id": step, "type": type_} | more | ({"next": next} if next else {})


def take(engine) -> dict:
    """Claim what waits for a worker, by step."""
    return {m[2]["key"]: m for m in engine.read(lease=3600)}


def state(engine, instance) -> str:
    return engine.status(instance)["status"]


def queued(engine) -> int:
    return engine.admin.execute("select count(*) from pgmq.q_automation_actions").fetchone()[0]


@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        ({"from": []}, ("/steps/3/from", "empty_list")),
        ({"from": ["a", "nobody"]}, ("/steps/3/from/1", "unknown_step")),
        ({"from": ["a"]}, ("/steps/3/from", "unlisted_predecessor")),
        ({"from": ["a", "b", "s"]}, ("/steps/3/from/2", "no_predecessor")),
        ({"split": "nobody"}, ("/steps/3/split", "unknown_step")),
        ({"split": "a"}, ("/steps/3/split", "not_a_split")),
    ],
    ids=str,
)
def test_scenario_02_a_merge_of_nothing_or_nobody_is_refused(engine, wrong, finding):
    steps = [
        kind("s", "split", branches=["a", "b"]),
        act("a", "j"),
        act("b", "j"),
        kind("j", "merge", **wrong),
    ]
    found = engine.client.execute(
        "select pointer, code from automation.validate_definition(%s)", [Jsonb({"steps": steps})]
    ).fetchall()
    assert finding in found


def test_scenario_02_a_merge_without_a_split_is_refused(engine):
    steps = [act("a", "j"), kind("j", "merge")]
    found = engine.client.execute(
        "select code from automation.validate_definition(%s)", [Jsonb({"steps": steps})]
    ).fetchall()
    assert found == [("no_enclosing_split",)]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1]], ids=str)
def test_scenario_07_a_wait_inside_a_loop_keeps_its_turn(engine, order):
    template = engine.publish(
        kind(
            "each", "loop", over=["a", "b", "c"], body="hear", max_concurrency=3, **{"as": "lead"}
        ),
        kind(
            "hear",
            "wait",
            "note",
            events=[{"event": "paid", "match": {"id": "{{lead}}"}}],
            timeout="P1D",
        ),
        act("note", config={"index": "{{loop.index}}", "lead": "{{lead}}"}),
        output={"results": "{{steps.each.results}}"},
    )
    instance = engine.start(template)
    engine.work()
    for place in order:
        engine.call("app_backend", "emit_event", p_event="paid", p_new={"id": "abc"[place]})
        engine.tick()
        engine.tick()
        ((message_id, read_ct, message),) = engine.read(lease=3600)
        assert message["config"] == {"index": place, "lead": "abc"[place]}
        engine.report(((message_id, read_ct, message), ok(message["config"])))
    engine.work()
    assert engine.status(instance)["output"] == {
        "results": [{"index": n, "lead": lead} for n, lead in enumerate("abc")]
    }


@pytest.mark.parametrize(
    "bound",
    [{"over": list(range(1000))}, {"while": "n < 1000", "max_iterations": 1000}],
    ids=["list", "while"],
)
def test_scenario_10_a_loop_without_a_pause_does_a_bounded_part_in_each_call(engine, bound):
    template = engine.publish(
        kind("each", "loop", body="count", **bound),
        kind("count", "set", values={"n": {"expr": "n + 1"}}),
        output={"n": "{{vars.n}}"},
    )

    def entered() -> int:
        return engine.admin.execute("select count(*) from automation.workflow_steps").fetchone()[0]

    instance = engine.start(template, n=0)
    calls = [entered()]
    while engine.tick():
        calls.append(entered() - sum(calls))
        assert len(calls) < 200
    assert max(calls) <= 301
    assert len(calls) >= 10
    assert engine.status(instance)["output"] == {"n": 1000}
    assert state(engine, instance) == "completed"
    assert not engine.tick()


def test_scenario_10_a_loop_that_never_ends_is_stopped_by_its_bound(engine):
    instance = engine.start(
        engine.publish(
            kind("spin", "loop", body="nothing", max_iterations=50, **{"while": "n = 0"}),
            kind("nothing", "set", values={"x": 1}),
        ),
        n=0,
    )
    engine.work()
    status = engine.status(instance)
    assert (status["status"], status["error"]["code"]) == ("failed", "loop_overrun")
    assert not engine.tick()


@pytest.mark.parametrize(
    "condition",
    [
        "missing > 5",
        "missing = 'x'",
        "nothing > 5",
        "nothing = 'x'",
        "deep.er.missing contains 'x'",
        "list[7] = 1",
        "missing is true",
        {"field": "empty", "op": "eq", "value": 1, "quantifier": "some"},
        {"any": ["missing > 5", "nothing < 5"]},
        {"all": ["here = 1", "missing > 5"]},
    ],
    ids=str,
)
def test_scenario_11_a_condition_over_nothing_is_false(engine, condition):
    instance = engine.start(
        engine.publish(
            {"id": "c", "type": "condition", "condition": condition}
            | {"true_next": "yes", "false_next": "no", "error_next": "lost"},
            *(kind(way, "set", values={"a": 1}) for way in ("yes", "no", "lost")),
        ),
        nothing=None,
        empty=[],
        list=[1],
        here=1,
    )
    assert engine.path(instance) == ["c", "no"]


def test_scenario_18_a_step_times_out_by_its_own_clock(engine, move_clock):
    template = engine.publish(
        act("quick", "late", timeout="PT10M", on_error={"next": "patient"}),
        act("late"),
        act("patient"),
        settings={"timeout": "PT2H"},
    )
    instance = engine.start(template)
    move_clock("9 minutes")
    engine.tick()
    assert engine.path(instance) == ["quick:running"]
    move_clock("2 minutes")
    engine.tick()
    # the next step has no timeout: neither the one before nor anybody's default is its own
    assert engine.path(instance) == ["quick:failed", "patient:running"]
    move_clock("100 minutes")
    engine.tick()
    assert engine.path(instance) == ["quick:failed", "patient:running"]
    move_clock("10 minutes")
    engine.tick()
    status = engine.status(instance)
    assert (status["status"], status["error"]["code"]) == ("failed", "timeout")
    assert engine.path(instance) == ["quick:failed", "patient:cancelled"]


def test_scenario_18_a_step_that_may_take_longer_than_its_instance_ends_with_it(engine, move_clock):
    template = engine.publish(act("slow", timeout="P2D"), settings={"timeout": "PT1H"})
    instance = engine.start(template)
    move_clock("59 minutes")
    engine.tick()
    assert state(engine, instance) == "running"
    move_clock("2 minutes")
    engine.tick()
    assert state(engine, instance) == "failed"
    assert engine.path(instance) == ["slow:cancelled"]


def test_scenario_19_a_message_is_its_workers_for_as_long_as_the_step_may_take(engine, move_clock):
    template = engine.publish(act("slow", timeout="{{vars.limit}}", on_error="continue"))
    engine.start(template, limit="PT90S")
    ((message_id, read_ct, message),) = engine.read(lease=30)
    assert message["timeout_ms"] == 90000

    def extend(seconds: int) -> list[int]:
        return engine.worker.execute(
            "select automation.extend_lease(%s, %s, %s)", [[message_id], [read_ct], seconds]
        ).fetchone()[0]

    def leased_for() -> float:
        return float(
            engine.admin.execute(
                "select extract(epoch from vt - clock_timestamp()) "
                "from pgmq.q_automation_actions where msg_id = %s",
                [message_id],
            ).fetchone()[0]
        )

    assert extend(90) == [message_id]
    assert 85 < leased_for() <= 90
    assert engine.read() == []
    move_clock("91 seconds")
    engine.tick()
    assert extend(90) == []
    assert queued(engine) == 0
    assert engine.report(((message_id, read_ct, message), ok()))["stale"] == [message_id]


def test_scenario_20_siblings_of_a_failure_are_cancelled_and_nothing_of_them_is_left(
    engine, move_clock
):
    template = engine.publish(
        kind("fork", "split", branches=["held", "queued", "bad", "pause", "hear", "each", "again"]),
        act("held"),
        act("queued"),
        act("bad"),
        kind("pause", "delay", **{"for": "PT1H"}),
        kind("hear", "wait", events=[{"event": "x"}], timeout="PT1H"),
        kind("each", "loop", over=[1, 2, 3], body="turn", max_concurrency=2),
        act("turn"),
        act("again", retry={"max_attempts": 3, "backoff": "PT1H"}),
        settings={"timeout": "P1D"},
    )
    instance = engine.start(template)
    messages = engine.read(lease=3600)
    steps = {m[2]["key"]: m for m in messages}
    engine.report((steps["again"], failed()))
    engine.report((steps["bad"], failed("refused")))

    status = engine.status(instance)
    assert (status["status"], status["error"]["step"]) == ("failed", "bad")
    rows = engine.timeline(instance)
    assert {r["status"] for r in rows if r["step"] != "bad"} == {"cancelled"}
    assert queued(engine) == 0
    for step in ("held", "turn"):
        assert engine.report((steps[step], ok({"late": True})))["accepted"] == 0
    assert engine.timeline(instance) == rows
    engine.call("app_backend", "emit_event", p_event="x")
    move_clock("2 days")
    assert engine.work() == 0
    assert engine.timeline(instance) == rows


def test_scenario_39_a_chain_of_ten_thousand_conditions_is_walked_in_parts(engine):
    """Each call walks a bounded part, and what is left goes on in the next tick."""
    chain = [f"c{n}" for n in range(499)]
    template = engine.publish(
        *(
            if_(step, "far = true", "out", following)
            for step, following in zip(chain, [*chain[1:], chain[0]], strict=True)
        ),
        act("out"),
        settings={"max_activations": 10000},
    )

    def entered() -> int:
        return engine.admin.execute("select count(*) from automation.workflow_steps").fetchone()[0]

    instance = engine.start(template, far=False)
    parts = [entered()]
    while engine.tick():
        parts.append(entered() - sum(parts))
        assert len(parts) < 300
    assert max(parts) <= 100
    # counted in every tenth round
    assert 10000 <= sum(parts) <= 10010
    status = engine.status(instance)
    assert (status["status"], status["reason"]) == ("failed", "activation_limit")


ROWS = """
    select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_user_tables
"""


def measure(engine, work) -> int:
    """How many rows a piece of work writes."""

    def written() -> int:
        for session in (engine.client, engine.worker):
            session.execute("select pg_stat_force_next_flush()")
        return int(engine.admin.execute(ROWS).fetchone()[0])

    before = written()
    work()
    return written() - before


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.on("embedded")
@pytest.mark.parametrize("concurrency", [1, 100])
@pytest.mark.parametrize("outside", [False, True], ids=["set", "action"])
def test_scenario_38_a_loop_over_two_thousand_items_is_linear(engine, concurrency, outside):
    body = act("do") if outside else kind("do", "set", values={"a": "{{loop.index}}"})
    template = engine.publish(
        kind(
            "each",
            "loop",
            over="{{input.items}}",
            body="do",
            max_concurrency=concurrency,
            max_iterations=10000,
            result="{{loop.index}}",
        ),
        body,
        input={"items": {"type": "array"}},
        output={"results": "{{steps.each.results}}"},
    )

    def run(items: int) -> None:
        instance = engine.start(template, input={"items": list(range(items))})
        engine.work()
        assert engine.status(instance)["output"] == {"results": list(range(items))}

    run(10)
    few_rows = measure(engine, lambda: run(500))
    many_rows = measure(engine, lambda: run(2000))
    # four times as many: quadratic would be sixteen
    assert few_rows > 1000
    assert many_rows < 4.2 * few_rows, (few_rows, many_rows)
