"""What happens when actions fail, take too long or cannot be done."""

from __future__ import annotations

import pytest

from tests.engine import act, failed, ok

RETRY = {"max_attempts": 4, "backoff": "PT10S", "factor": 3, "max_backoff": "PT60S", "jitter": 0}


def delays(engine, move_clock, instance, answer):
    """The seconds between attempts, read from the timers, until none is left."""
    found = []
    while messages := engine.read():
        engine.report((messages[0], answer))
        row = engine.admin.execute(
            "select extract(epoch from due_at - automation_private.clock()) "
            "from automation_private.timers where kind = 'retry'"
        ).fetchone()
        if row:
            found.append(round(float(row[0])))
            move_clock("61 seconds")
            engine.tick()
    return found


def test_backoff_grows_by_its_factor_up_to_its_cap(engine, move_clock):
    instance = engine.start(engine.publish(act("a", retry=RETRY)))
    assert delays(engine, move_clock, instance, failed()) == [10, 30, 60]
    status = engine.status(instance)
    assert (status["status"], status["error"]["attempt"]) == ("failed", 4)
    attempts = engine.timeline(instance)[0]["earlier_attempts"]
    assert [a["attempt"] for a in attempts] == [1, 2, 3]


def test_retry_after_of_the_receiver_is_honoured(engine, move_clock):
    instance = engine.start(engine.publish(act("a", retry=RETRY | {"max_attempts": 2})))
    answer = failed("rate_limited", retry_after=45)
    assert delays(engine, move_clock, instance, answer) == [45]


def test_jitter_stays_within_its_fraction(engine):
    low, high = engine.admin.execute(
        """
        select min(d), max(d) from (
            select extract(epoch from automation_private.retry_delay(
                '{"max_attempts": 9, "backoff": 10, "factor": 1, "max_backoff": 10, "jitter": 0.2}',
                1, '{"class": "timeout"}'
            )) as d from generate_series(1, 500)
        ) as s
        """
    ).fetchone()
    assert 8 <= low < 9
    assert 11 < high <= 12


@pytest.mark.parametrize(
    ("policy", "answer", "attempts"),
    [
        ({}, failed("http_5xx"), 3),
        ({}, failed("http_4xx"), 1),
        ({}, failed("timeout", permanent=True), 1),
        ({"retry_on": ["http_4xx"]}, failed("http_4xx"), 3),
        ({"retry_on": ["timeout"]}, failed("http_5xx"), 1),
        ({"never_retry_on": ["http_5xx"]}, failed("http_5xx"), 1),
    ],
)
def test_error_classes_decide_whether_there_is_another_attempt(engine, policy, answer, attempts):
    retry = {"max_attempts": 3, "backoff": "PT0S"} | policy
    instance = engine.start(engine.publish(act("a", retry=retry)))
    assert engine.work({"a": answer}) == attempts
    assert engine.timeline(instance)[0]["attempts"] == attempts


def test_the_idempotency_key_stays_the_same_across_attempts(engine):
    keys = []

    def answer(message):
        keys.append(message["idempotency_key"])
        return ok() if message["attempt"] == 3 else failed()

    instance = engine.start(engine.publish(act("a", retry={"max_attempts": 5, "backoff": "PT0S"})))
    engine.work(answer)
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert engine.status(instance)["status"] == "completed"


def test_on_error_continue_goes_on_and_the_error_can_be_read(engine):
    instance = engine.run(
        act("a", "b", on_error="continue"),
        act("b", config={"why": "{{steps.a.error.code}}"}),
        answers={"a": failed(code="no_route")},
    )
    assert engine.path(instance) == ["a:failed", "b"]
    assert engine.timeline(instance)[1]["input_data"] == {"why": "no_route"}


def test_on_error_next_takes_its_branch(engine):
    instance = engine.run(
        act("a", "b", on_error={"next": "help"}),
        act("b"),
        act("help"),
        answers={"a": failed()},
    )
    assert engine.path(instance) == ["a:failed", "help"]
    assert engine.status(instance)["status"] == "completed"


def test_a_step_times_out_while_nobody_takes_it(engine, move_clock):
    instance = engine.start(
        engine.publish(act("a", timeout="PT1M", on_error={"next": "late"}), act("late"))
    )
    move_clock("61 seconds")
    engine.tick()
    assert [m[2]["key"] for m in engine.read()] == ["late"]
    assert engine.timeline(instance)[0]["error"]["code"] == "timeout"


def test_a_result_that_comes_after_the_timeout_changes_nothing(engine, move_clock):
    instance = engine.start(engine.publish(act("a", timeout="PT1M")))
    message = engine.read(lease=600)[0]
    move_clock("61 seconds")
    engine.tick()
    assert engine.report((message, ok()))["stale"] == [message[0]]
    assert engine.status(instance)["status"] == "failed"


def test_each_attempt_has_the_timeout_anew(engine, move_clock):
    retry = {"max_attempts": 2, "backoff": "PT0S", "jitter": 0}
    instance = engine.start(engine.publish(act("a", timeout="PT1M", retry=retry)))
    move_clock("61 seconds")
    engine.tick()
    engine.tick()
    assert engine.timeline(instance)[0]["attempts"] == 2
    move_clock("50 seconds")
    engine.tick()
    assert engine.status(instance)["status"] == "running"
    move_clock("11 seconds")
    engine.tick()
    assert engine.status(instance)["error"]["code"] == "timeout"


def test_an_instance_times_out_with_everything_in_it(engine, move_clock):
    template = engine.publish(
        {"id": "fork", "type": "split", "branches": ["a", "pause"]},
        act("a"),
        {"id": "pause", "type": "delay", "for": "P9D"},
        settings={"timeout": "P2D"},
    )
    instance = engine.start(template)
    move_clock("2 days 1 second")
    engine.tick()
    assert engine.path(instance) == ["fork:cancelled", "a:cancelled", "pause:cancelled"]
    assert engine.status(instance)["reason"] == "timeout"
    assert engine.read() == []


def test_a_delay_lasts_as_long_as_it_says(engine, move_clock):
    instance = engine.start(
        engine.publish({"id": "pause", "type": "delay", "for": "PT1H30M", "next": "a"}, act("a"))
    )
    move_clock("89 minutes")
    assert engine.tick() is False
    move_clock("61 seconds")
    engine.work()
    assert engine.path(instance) == ["pause", "a"]
    assert engine.timeline(instance)[0]["output_data"]["waited_seconds"] >= 5400


@pytest.mark.parametrize("delay", [{"for": "PT0S"}, {"until": "2001-01-01T00:00:00Z"}])
def test_a_delay_that_is_over_passes_at_once(engine, delay):
    instance = engine.start(
        engine.publish({"id": "pause", "type": "delay", "next": "a"} | delay, act("a"))
    )
    assert engine.path(instance) == ["pause", "a:running"]


def test_a_day_of_delay_is_a_calendar_day(engine, freeze_clock):
    freeze_clock("2026-03-28 12:00:00+00")
    engine.start(
        engine.publish({"id": "pause", "type": "delay", "for": "P1D", "timezone": "Europe/Berlin"})
    )
    due = engine.admin.execute("select due_at from automation_private.timers").fetchone()[0]
    assert due.isoformat() == "2026-03-29T11:00:00+00:00"


def test_an_output_that_is_too_large_fails_the_step(engine):
    instance = engine.run(act("a"), answers={"a": ok({"x": "y" * 70_000})})
    assert engine.status(instance)["error"]["code"] == "too_large"


def test_a_context_that_would_grow_too_large_fails_the_step(engine):
    answers = {key: ok({key: "y" * 60_000}) for key in "abcdef"}
    instance = engine.run(
        *(act(k, n) for k, n in zip("abcde", "bcdef", strict=True)), act("f"), answers=answers
    )
    assert engine.status(instance)["error"]["step"] == "e"
    assert engine.status(instance)["error"]["code"] == "too_large"


def test_a_setting_that_cannot_be_rendered_is_never_tried_again(engine):
    instance = engine.run(act("a", config={"to": "{{trigger.nope}}"}, retry=RETRY))
    assert engine.read() == []
    assert engine.timeline(instance)[0]["attempts"] == 1
    assert engine.status(instance)["error"]["code"] == "template_missing"


def test_a_delay_may_last_for_months(engine, move_clock):
    instance = engine.start(engine.publish({"id": "pause", "type": "delay", "for": "P90D"}))
    move_clock("91 days")
    engine.tick()
    assert engine.status(instance)["status"] == "completed"


def test_a_delay_and_its_timeout_that_are_both_overdue_have_one_outcome(engine, move_clock):
    instance = engine.start(
        engine.publish(
            {
                "id": "pause",
                "type": "delay",
                "for": "PT2M",
                "timeout": "PT1M",
                "next": "a",
                "on_error": {"next": "b"},
            },
            act("a"),
            act("b"),
        )
    )
    move_clock("1 hour")
    engine.work()
    assert engine.path(instance) == ["pause:failed", "b"]


def test_parallel_outputs_that_are_too_large_together_fail_the_instance(engine):
    names = "abcdefgh"
    instance = engine.run(
        {"id": "fork", "type": "split", "branches": list(names)},
        *(act(n) for n in names),
        answers={n: ok({n: "y" * 60_000}) for n in names},
    )
    assert engine.status(instance)["reason"] == "too_large"


def test_a_list_that_grows_without_end_fails_its_step(engine):
    instance = engine.run(
        {"id": "grow", "type": "set", "values": {"log": {"append": "y" * 50_000}}, "next": "grow"}
    )
    assert engine.status(instance)["error"]["code"] == "too_large"


def test_an_action_that_makes_every_tick_raise_does_not_stop_the_clock(engine, move_clock, db):
    db.execute(
        "create function public.spoil(p_config jsonb, p_context jsonb) returns jsonb "
        "language plpgsql as $$ begin raise exception using errcode = '40001'; end $$"
    )
    db.execute("grant usage on schema public to automation_actor")
    engine.call(
        "ops",
        "register_action",
        p_action="spoil",
        p_runs="native",
        p_description="x",
        p_handler="public.spoil(jsonb, jsonb)",
    )
    pause = {"id": "pause", "type": "delay", "for": "PT1M"}
    spoiled = engine.start(engine.publish(pause | {"next": "x"}, act("x", action="spoil")))
    good = [engine.start(engine.publish(pause | {"next": "a"}, act("a"))) for _ in range(3)]
    move_clock("2 minutes")
    due = "select due_at from automation_private.timers where instance_id = %s"
    before = engine.admin.execute(due, [spoiled]).fetchone()
    for _ in range(50):
        engine.worker.execute("call automation.run_engine('0.2 seconds')")
        if [engine.path(i) for i in good] == [["pause", "a:running"]] * 3:
            break
    assert [engine.path(i) for i in good] == [["pause", "a:running"]] * 3
    assert engine.status(spoiled)["status"] == "running"
    assert engine.admin.execute(due, [spoiled]).fetchone() > before
