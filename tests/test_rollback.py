"""Rollback: what has been done is undone backwards before a failure takes effect."""

import pytest
from engine import act, failed, ok


def undo(config=None):
    return {"action": "other_work", "config": config or {}}


def step(name, next=None, **more):
    return act(name, next, compensate=undo({"of": name, "id": f"{{{{steps.{name}.id}}}}"}), **more)


def answers(failing, *also):
    def answer(message):
        if message["key"] in (failing, *also):
            return failed("http_4xx")
        return ok({"id": message["key"].upper()})

    return answer


def undone(engine, instance):
    return [
        r["input_data"]["of"]
        for r in engine.timeline(instance)
        if r["step_type"] == "compensation" and r["status"] == "completed"
    ]


def test_completed_steps_are_undone_in_reverse_order_and_the_instance_fails_then(engine):
    template = engine.publish(
        step("a", "b"), step("b", "c"), act("c"), settings={"on_failure": "rollback"}
    )
    instance = engine.start(template)
    for _ in range(2):
        (message,) = engine.read()
        engine.report((message, ok({"id": message[2]["key"].upper()})))
    (message,) = engine.read()
    engine.report((message, failed("http_4xx")))
    assert engine.status(instance)["status"] == "running"
    assert engine.invariants() == []
    (message,) = engine.read()
    assert (message[2]["action"], message[2]["config"]) == ("other_work", {"of": "b", "id": "B"})
    engine.report((message, ok()))
    engine.work()
    status = engine.status(instance)
    assert status["status"] == "failed"
    assert status["error"]["code"] == "boom"
    assert status["error"]["step"] == "c"
    assert [u["step"] for u in status["error"]["undone"]] == ["b", "a"]
    assert status["error"]["not_undone"] == []
    assert engine.invariants() == []


def test_a_compensation_that_fails_is_retried_then_listed_and_the_others_go_on(engine):
    engine.register("undo", p_retry={"max_attempts": 2, "backoff": "PT0S"})
    template = engine.publish(
        step("a", "b"),
        act("b", "c", compensate={"action": "undo", "config": {"of": "b"}}),
        act("c"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    seen = []

    def answer(message):
        seen.append((message["key"], message["attempt"]))
        return failed() if message["action"] == "undo" or message["key"] == "c" else ok({"id": 1})

    engine.work(answer)
    status = engine.status(instance)
    assert [s for s in seen if s[0] == "b.undo"] == [("b.undo", 1), ("b.undo", 2)]
    assert [u["step"] for u in status["error"]["not_undone"]] == ["b"]
    assert status["error"]["not_undone"][0]["error"]["code"] == "boom"
    assert undone(engine, instance) == ["a"]


def test_parallel_branches_are_cancelled_first_and_turns_are_undone_with_their_own_items(engine):
    template = engine.publish(
        {"id": "each", "type": "loop", "over": ["x", "y"], "body": "a", "next": "s"},
        act("a", compensate=undo({"of": "{{loop.item}}"})),
        {"id": "s", "type": "split", "branches": ["slow", "bad"]},
        act("slow"),
        act("bad"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    for _ in range(2):
        (message,) = engine.read()
        engine.report((message, ok()))
    messages = {m[2]["key"]: m for m in engine.read()}
    engine.report((messages["bad"], failed("http_4xx")))
    assert engine.report((messages["slow"], ok()))["stale"]
    engine.work()
    assert undone(engine, instance) == ["y", "x"]
    assert engine.status(instance)["status"] == "failed"
    assert engine.invariants() == []


def test_a_scope_that_fails_undoes_its_own_steps_before_its_error_is_handled(engine):
    template = engine.publish(
        step("a", "unit"),
        {"id": "unit", "type": "scope", "body": "b", "on_error": {"next": "mend"}},
        step("b", "c"),
        act("c"),
        {"id": "mend", "type": "set", "values": {"code": "{{steps.unit.error.code}}"}},
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    engine.work(answers("c"))
    assert undone(engine, instance) == ["b"]
    assert engine.status(instance)["status"] == "completed"
    assert engine.status(instance)["output"]["code"] == "boom"
    assert engine.invariants() == []


def test_an_instance_that_fails_after_a_scope_does_not_undo_twice(engine):
    template = engine.publish(
        step("a", "unit"),
        {"id": "unit", "type": "scope", "body": "b", "on_error": {"next": "bad"}},
        step("b", "c"),
        act("c"),
        act("bad"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    engine.work(answers("c", "bad"))
    assert undone(engine, instance) == ["b", "a"]
    assert engine.status(instance)["status"] == "failed"


def test_a_time_limit_rolls_back_too(engine):
    template = engine.publish(
        step("a", "b"), act("b"), settings={"on_failure": "rollback", "timeout": "PT1H"}
    )
    instance = engine.start(template)
    (message,) = engine.read()
    engine.report((message, ok({"id": 1})))
    engine.admin.execute(
        "update automation_private.timers set due_at = clock_timestamp() where kind = 'deadline'"
    )
    engine.tick()
    engine.work()
    status = engine.status(instance)
    assert (status["status"], status["reason"]) == ("failed", "timeout")
    assert [u["step"] for u in status["error"]["undone"]] == ["a"]
    assert engine.invariants() == []


def test_an_instance_that_is_cancelled_undoes_nothing(engine):
    template = engine.publish(step("a", "b"), act("b"), settings={"on_failure": "rollback"})
    instance = engine.start(template)
    (message,) = engine.read()
    engine.report((message, ok({"id": 1})))
    engine.call("app_backend", "cancel_workflow", p_instance_id=instance)
    assert engine.read() == []
    assert engine.status(instance)["status"] == "cancelled"


def test_a_branch_that_ends_while_its_instance_begins_to_roll_back_does_not_end_it(engine):
    template = engine.publish(
        step("a", "s"),
        {"id": "s", "type": "split", "branches": ["one", "two"]},
        act("one"),
        act("two"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    (message,) = engine.read()
    engine.report((message, ok({"id": 1})))
    one, two = engine.read()
    engine.report((one, ok()), (two, failed("http_4xx")))
    assert engine.status(instance)["status"] == "running"
    engine.work()
    assert undone(engine, instance) == ["a"]
    assert engine.status(instance)["status"] == "failed"
    assert engine.invariants() == []


def test_what_a_scope_was_undoing_is_undone_by_the_instance_that_fails_meanwhile(engine):
    template = engine.publish(
        {"id": "s", "type": "split", "branches": ["unit", "other"]},
        {"id": "unit", "type": "scope", "body": "a"},
        step("a", "b"),
        step("b", "c"),
        act("c"),
        act("other"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    messages = {m[2]["key"]: m for m in engine.read()}
    engine.report((messages["a"], ok({"id": "A"})))
    engine.report((engine.read()[0], ok({"id": "B"})))
    engine.report((engine.read()[0], failed("http_4xx")))
    engine.report((messages["other"], failed("http_4xx")))
    assert engine.invariants() == []
    engine.work()
    assert undone(engine, instance) == ["b", "a"]
    error = engine.status(instance)["error"]
    assert ([u["step"] for u in error["undone"]], error["not_undone"]) == (["b", "a"], [])


@pytest.mark.parametrize("function", ["cancel_step", "skip_step"])
def test_what_a_scope_was_undoing_when_it_was_ended_is_undone_by_its_instance(engine, function):
    template = engine.publish(
        {"id": "s", "type": "split", "branches": ["unit", "other"]},
        {"id": "unit", "type": "scope", "body": "a"},
        step("a", "b"),
        step("b", "c"),
        act("c"),
        act("other"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    messages = {m[2]["key"]: m for m in engine.read()}
    engine.report((messages["a"], ok({"id": "A"})))
    engine.report((engine.read()[0], ok({"id": "B"})))
    engine.report((engine.read()[0], failed("http_4xx")))
    engine.report((engine.read()[0], ok()))
    engine.call("app_backend", function, p_instance_id=instance, p_step="unit")
    assert engine.invariants() == []
    engine.report((messages["other"], failed("http_4xx")))
    engine.work()
    assert undone(engine, instance) == ["b", "a"]


def test_scopes_within_each_other_that_fail_at_once_undo_each_step_once(engine):
    template = engine.publish(
        {"id": "outer", "type": "scope", "body": "s", "on_error": {"next": "end"}},
        {"id": "s", "type": "split", "branches": ["other", "inner"]},
        act("other"),
        {"id": "inner", "type": "scope", "body": "b"},
        step("b", "c"),
        act("c"),
        act("end"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    messages = {m[2]["key"]: m for m in engine.read()}
    engine.report((messages["b"], ok({"id": "B"})))
    (inner,) = engine.read()
    engine.report((messages["other"], failed("http_4xx")), (inner, failed("http_4xx")))
    assert engine.invariants() == []
    engine.work()
    assert undone(engine, instance) == ["b"]
    assert engine.status(instance)["status"] == "completed"


def test_a_scope_whose_time_is_up_undoes_its_own_steps_too(engine, move_clock):
    template = engine.publish(
        {"id": "unit", "type": "scope", "body": "a", "timeout": "PT1H", "on_error": "continue"},
        step("a", "b"),
        act("b"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    engine.report((engine.read()[0], ok({"id": "A"})))
    move_clock("61 minutes")
    engine.tick()
    assert engine.invariants() == []
    engine.work()
    assert undone(engine, instance) == ["a"]
    assert engine.status(instance)["status"] == "completed"


def test_a_time_limit_does_not_cut_a_rollback_short_and_the_next_attempt_is_rolled_back_too(
    engine, move_clock
):
    retry = {"max_attempts": 2, "backoff": "PT1M", "jitter": 0}
    template = engine.publish(
        {"id": "unit", "type": "scope", "body": "a", "timeout": "PT1H", "retry": retry},
        step("a", "b"),
        act("b"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    engine.report((engine.read()[0], ok({"id": "A"})))
    engine.report((engine.read()[0], failed()))
    (undoing,) = engine.read(lease=3600)
    move_clock("61 minutes")
    engine.tick()
    assert engine.report((undoing, ok()))["accepted"] == 1
    assert engine.invariants() == []
    move_clock("2 minutes")
    engine.work(answers("b"))
    assert undone(engine, instance) == ["a", "a"]
    assert engine.status(instance)["status"] == "failed"


def test_an_attempt_that_has_nothing_to_undo_fails_at_once(engine):
    retry = {"max_attempts": 2, "backoff": "PT0S"}
    template = engine.publish(
        {"id": "unit", "type": "scope", "body": "a", "retry": retry, "on_error": "continue"},
        step("a", "b"),
        act("b"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    for answer in (ok({"id": "A"}), failed(), ok()):
        engine.report((engine.read()[0], answer))
    engine.work({"a": failed("http_4xx")})
    assert undone(engine, instance) == ["a"]
    assert engine.status(instance)["status"] == "completed"


def test_scopes_inside_each_other_that_fail_together_are_undone_once(engine):
    template = engine.publish(
        {"id": "outer", "type": "scope", "body": "s"},
        {"id": "s", "type": "split", "branches": ["inner", "two"]},
        {"id": "inner", "type": "scope", "body": "a"},
        step("a", "one"),
        act("one"),
        act("two"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    first = {m[2]["key"]: m for m in engine.read()}
    engine.report((first["a"], ok({"id": 1})))
    (one,) = engine.read()
    engine.report((one, failed("http_4xx")), (first["two"], failed("http_4xx")))
    engine.work()
    assert undone(engine, instance) == ["a"]
    status = engine.status(instance)
    assert (status["status"], status["error"]["code"]) == ("failed", "boom")
