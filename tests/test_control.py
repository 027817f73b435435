"""Instance control: pause, resume, cancel, skip, complete, add, set; retry, fork, migrate."""

from __future__ import annotations

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import act, failed, if_, ok

JSON = {"item", "mapping", "output", "patch", "value"}


def delay(step: str, time: str, next: str | None = None, **more) -> dict:
    return {"id": step, "type": "delay", "for": time} | ({"next": next} if next else {}) | more


def each(step: str, body: str, items, next: str | None = None, **more) -> dict:
    return (
        {"id": step, "type": "loop", "over": items, "body": body}
        | ({"next": next} if next else {})
        | more
    )


def fork(*branches: str, step: str = "fork", **more) -> dict:
    return {"id": step, "type": "split", "branches": list(branches)} | more


def merge(step: str, next: str | None = None, **more) -> dict:
    return {"id": step, "type": "merge"} | ({"next": next} if next else {}) | more


class Control:
    """An engine whose control functions are called by their names."""

    def __init__(self, engine) -> None:
        self.engine = engine

    def __getattr__(self, name):
        return getattr(self.engine, name)

    def do(self, function: str, instance, **arguments):
        return self.engine.call(
            "app_backend",
            function,
            p_instance_id=instance,
            **{
                f"p_{name}": Jsonb(value) if name in JSON and value is not None else value
                for name, value in arguments.items()
            },
        )

    def refuses(self, state: str, function: str, instance, **arguments) -> str:
        with pytest.raises(errors.DatabaseError) as caught:
            self.do(function, instance, **arguments)
        assert caught.value.sqlstate == state
        return f"{caught.value.diag.message_primary} {caught.value.diag.message_detail}"

    def state(self, instance) -> str:
        return self.status(instance)["status"]

    def queued(self) -> int:
        return self.admin.execute("select count(*) from pgmq.q_automation_actions").fetchone()[0]

    def sound(self) -> None:
        assert self.invariants() == []


@pytest.fixture
def control(engine):
    return Control(engine)


# ---- pause and resume


def test_a_paused_instance_begins_nothing_and_goes_on_when_it_is_resumed(control):
    instance = control.start(control.publish(act("a", "b"), act("b")))
    held = control.read()[0]
    control.do("pause_workflow", instance, reason="wrong audience")
    status = control.status(instance)
    assert (status["status"], status["reason"]) == ("paused", "wrong audience")
    assert status["paused_at"]
    assert control.report((held, ok({"x": 1})))["accepted"] == 1
    control.work()
    assert control.path(instance) == ["a"]
    control.sound()
    control.do("resume_workflow", instance)
    assert control.status(instance)["paused_at"] is None
    control.work()
    assert control.path(instance) == ["a", "b"]
    assert control.state(instance) == "completed"


def test_actions_that_no_worker_holds_are_taken_back_and_sent_after_the_pause(control):
    instance = control.start(control.publish(act("a")))
    control.do("pause_workflow", instance)
    assert (control.queued(), control.path(instance)) == (0, ["a:pending"])
    control.tick()
    control.sound()
    control.do("resume_workflow", instance)
    assert control.work() == 1
    assert control.state(instance) == "completed"


def test_pending_actions_are_not_sent_during_a_pause(control):
    control.call("ops", "register_org", p_org_id=control.org, p_max_in_flight=1)
    template = control.publish(act("a"))
    first, second = control.start(template), control.start(template)
    control.do("pause_workflow", second)
    control.work()
    assert control.state(first) == "completed"
    assert control.path(second) == ["a:pending"]
    control.sound()
    control.do("resume_workflow", second)
    control.work()
    assert control.state(second) == "completed"


def test_what_became_due_in_a_pause_runs_in_its_order_when_it_ends(control, move_clock):
    instance = control.start(
        control.publish(
            fork("p", "q"),
            delay("p", "PT2H", "after_p"),
            delay("q", "PT1H", "after_q"),
            act("after_p"),
            act("after_q"),
        )
    )
    control.do("pause_workflow", instance)
    move_clock("1 day")
    for _ in range(3):
        control.tick()
    assert control.path(instance) == ["fork:running", "p:waiting", "q:waiting"]
    control.sound()
    control.do("resume_workflow", instance)
    control.tick()
    assert [m[2]["key"] for m in control.read()] == ["after_q", "after_p"]


def test_a_delay_that_is_not_due_keeps_its_time(control, move_clock):
    instance = control.start(control.publish(delay("p", "PT2H", "a"), act("a")))
    control.do("pause_workflow", instance)
    move_clock("1 hour")
    control.do("resume_workflow", instance)
    move_clock("59 minutes")
    control.work()
    assert control.path(instance) == ["p:waiting"]
    move_clock("2 minutes")
    control.work()
    assert control.path(instance) == ["p", "a"]


@pytest.mark.parametrize("ticks", [True, False])
def test_what_is_too_late_is_skipped_and_its_token_ends(control, move_clock, ticks):
    instance = control.start(
        control.publish(
            fork("p", "q"), delay("p", "PT1H", "a"), delay("q", "PT5H", "b"), act("a"), act("b")
        )
    )
    control.do("pause_workflow", instance)
    move_clock("5 hours 10 minutes")
    if ticks:
        control.tick()
    control.do("resume_workflow", instance, grace="1 hour")
    control.work()
    assert control.path(instance) == ["fork", "p:skipped", "q", "b"]
    skipped = [s for s in control.timeline(instance) if s["status"] == "skipped"]
    assert [s["branch_taken"] for s in skipped] == ["overdue"]
    assert control.state(instance) == "completed"


@pytest.mark.parametrize("ticks", [True, False])
def test_time_limits_get_back_what_they_had_left(control, move_clock, ticks):
    instance = control.start(
        control.publish(act("a", timeout="PT1H"), settings={"timeout": "PT2H"})
    )
    held = control.read(lease=360000)[0]
    move_clock("50 minutes")
    control.do("pause_workflow", instance)
    move_clock("3 days")
    if ticks:
        control.tick()
        assert control.state(instance) == "paused"
    control.do("resume_workflow", instance)
    move_clock("9 minutes")
    control.tick()
    assert control.path(instance) == ["a:running"]
    move_clock("2 minutes")
    control.tick()
    assert control.path(instance) == ["a:failed"]
    assert control.report((held, ok()))["accepted"] == 0


def test_a_failure_during_a_pause_waits_for_its_next_attempt_until_it_ends(control, move_clock):
    instance = control.start(
        control.publish(act("a", retry={"max_attempts": 2, "backoff": "PT1M"}))
    )
    held = control.read()[0]
    control.do("pause_workflow", instance)
    control.report((held, failed()))
    move_clock("1 hour")
    control.tick()
    assert control.queued() == 0
    control.sound()
    control.do("resume_workflow", instance)
    control.work()
    assert control.state(instance) == "completed"


def test_an_event_that_comes_during_a_pause_is_not_lost(control):
    control.call("app_backend", "emit_event", p_event="known.event")
    control.work()
    instance = control.start(
        control.publish(
            {
                "id": "w",
                "type": "wait",
                "events": [{"event": "paid"}],
                "timeout": "P1D",
                "next": "a",
            },
            act("a"),
        )
    )
    control.work()
    control.do("pause_workflow", instance)
    control.call("app_backend", "emit_event", p_event="paid")
    control.work()
    assert control.path(instance) == ["w:waiting"]
    control.sound()
    control.do("resume_workflow", instance)
    control.work()
    assert control.path(instance) == ["w", "a"]


def test_a_vote_during_a_pause_is_not_lost(control, database):
    user = "00000000-0000-4000-8000-00000000000a"
    control.call("app_backend", "set_member", p_user_id=user, p_role_code="owner")
    instance = control.start(
        control.publish(
            {
                "id": "ok",
                "type": "approval",
                "approvers": [{"user": user}],
                "message": "?",
                "approved_next": "a",
            },
            act("a"),
        )
    )
    control.do("pause_workflow", instance)
    step = control.timeline(instance)[0]["step_id"]
    voter = database.connect("app_backend", org=control.org, user_id=user)
    voter.execute("select automation.approve_step(%s)", [step])
    control.work()
    assert control.path(instance) == ["ok"]
    control.do("resume_workflow", instance)
    control.work()
    assert control.path(instance) == ["ok", "a"]


def test_a_loop_is_paused_between_its_turns(control):
    instance = control.start(control.publish(each("all", "a", [1, 2], "b"), act("a"), act("b")))
    held = control.read()[0]
    control.do("pause_workflow", instance)
    control.report((held, ok()))
    control.sound()
    assert control.queued() == 0
    control.do("resume_workflow", instance)
    control.work()
    assert [s for s in control.path(instance) if s in "ab"] == ["a", "a", "b"]


def test_a_paused_instance_of_a_paused_organisation_waits_for_both(control, move_clock):
    instance = control.start(control.publish(delay("p", "PT1M", "a"), act("a")))
    control.do("pause_workflow", instance)
    control.call("app_backend", "pause_org")
    move_clock("5 minutes")
    control.tick()
    control.call("app_backend", "resume_org", p_grace=None)
    move_clock("5 minutes")
    for _ in range(3):
        control.tick()
    assert control.path(instance) == ["p:waiting"]
    assert control.tick() is False
    control.sound()
    control.do("resume_workflow", instance)
    control.work()
    assert control.path(instance) == ["p", "a"]


def test_pausing_and_resuming_say_what_they_cannot_do(control):
    instance = control.start(control.publish(act("a")))
    assert "running" in control.refuses("MA105", "resume_workflow", instance)
    control.do("pause_workflow", instance)
    assert "paused" in control.refuses("MA105", "pause_workflow", instance)
    control.refuses("MA001", "resume_workflow", instance, grace="-1 hour")
    control.do("cancel_workflow", instance)
    for function in ("pause_workflow", "resume_workflow"):
        assert "cancelled" in control.refuses("MA105", function, instance)


def family(control, **more):
    child = control.publish(act("c1", "c2"), act("c2"))
    instance = control.start(
        control.publish(
            {"id": "w", "type": "workflow", "template": str(child), "next": "z"} | more, act("z")
        )
    )
    return instance, control.status(instance)["children"][0]["instance_id"]


def test_sub_workflows_are_paused_and_resumed_with_their_parent(control):
    instance, child = family(control)
    held = control.read()[0]
    control.do("pause_workflow", instance)
    assert control.state(child) == "paused"
    control.report((held, ok()))
    control.work()
    assert control.path(child) == ["c1"]
    control.sound()
    control.do("resume_workflow", instance)
    control.work()
    assert [control.state(i) for i in (instance, child)] == ["completed"] * 2


def test_a_sub_workflow_that_was_paused_by_itself_stays_paused(control):
    instance, child = family(control)
    control.do("pause_workflow", child)
    control.do("pause_workflow", instance)
    control.do("resume_workflow", instance)
    control.work()
    assert [control.state(i) for i in (instance, child)] == ["running", "paused"]
    control.do("resume_workflow", child)
    control.work()
    assert [control.state(i) for i in (instance, child)] == ["completed"] * 2


def test_a_sub_workflow_that_ends_tells_a_parent_that_is_paused(control):
    instance, child = family(control)
    control.do("pause_workflow", instance)
    control.do("resume_workflow", child)
    control.work()
    assert control.state(child) == "completed"
    assert control.path(instance) == ["w"]
    control.sound()
    control.do("resume_workflow", instance)
    control.work()
    assert control.path(instance) == ["w", "z"]


def test_an_instance_that_fails_during_a_pause_goes_on_with_all_its_tokens(control):
    instance = control.start(
        control.publish(
            fork("a", "b"),
            act("a", "x"),
            act("b", "y"),
            act("x", "j"),
            act("y", "j"),
            merge("j", "z"),
            act("z"),
        )
    )
    messages = {m[2]["key"]: m for m in control.read()}
    control.do("pause_workflow", instance)
    control.report((messages["a"], ok()))
    control.report((messages["b"], failed("http_4xx")))
    assert control.state(instance) == "failed"
    control.do("retry_workflow", instance)
    control.work()
    assert sorted(control.path(instance)) == sorted(["fork", "a", "b", "x", "y", "j", "z"])
    assert control.state(instance) == "completed"


# ---- cancel


def mutexes(control):
    return control.publish(
        fork("a", "b"), act("a", mutex="m"), act("b", mutex="m"), settings={"timeout": "P1D"}
    )


def test_scenario_21_cancel_in_every_state(control, move_clock):
    """Ready, queued, waiting, retry, approval, child running, paused, held by a mutex."""
    control.call("ops", "register_org", p_org_id=control.org, p_max_in_flight=6)
    user = "00000000-0000-4000-8000-00000000000a"
    child = control.publish(act("c"))
    retrying = control.start(
        control.publish(act("r", retry={"max_attempts": 3, "backoff": "PT1H"}))
    )
    control.work({"r": failed()})
    control.call("app_backend", "set_member", p_user_id=user, p_role_code="owner")
    instances = [
        retrying,
        control.start(control.publish({"id": "w", "type": "workflow", "template": str(child)})),
        control.start(control.publish(delay("p", "PT1H"))),
        control.start(
            control.publish(
                {"id": "y", "type": "approval", "approvers": [{"user": user}], "message": "?"}
            )
        ),
        control.start(
            control.publish(
                {"id": "e", "type": "wait", "events": [{"event": "x"}], "timeout": "P1D"}
            )
        ),
        control.start(mutexes(control)),
        control.start(control.publish(each("all", "t", [1, 2, 3], max_concurrency=2), act("t"))),
    ]
    paused = control.start(control.publish(act("z")))
    control.do("pause_workflow", paused)
    with_worker = control.start(control.publish(act("h")))
    held = control.read(lease=3600)
    instances += [paused, with_worker, control.start(control.publish(act("q")))]
    ready = [control.start(control.publish(act("x"))) for _ in range(4)]
    for instance in instances + ready:
        assert control.do("cancel_workflow", instance, reason="no")
        assert control.state(instance) == "cancelled"
        assert not control.do("cancel_workflow", instance)
    control.sound()
    for message in held:
        assert control.report((message, ok()))["accepted"] == 0
    move_clock("2 days")
    assert control.work() == 0
    assert control.queued() == 0
    left = """
    select (select count(*) from automation_private.timers)
        + (select count(*) from automation_private.held_tokens)
        + (select count(*) from automation_private.mutexes)
        + (select count(*) from automation_private.loop_states)
        + (select count(*) from automation_private.pending_actions)
        + (select count(*) from automation.workflow_instances
            where status in ('running', 'paused'))
    """
    assert control.admin.execute(left).fetchone()[0] == 0


def test_scenario_22_a_cancelled_pending_instance_is_never_retried(control, move_clock):
    control.call("ops", "register_org", p_org_id=control.org, p_max_in_flight=1)
    retry = {"max_attempts": 5, "backoff": "PT0S"}
    template = control.publish(act("a", retry=retry))
    first, second = control.start(template), control.start(template)
    assert control.path(second) == ["a:pending"]
    control.do("cancel_workflow", second)
    control.work({"a": [failed(), ok()]})
    move_clock("1 day")
    control.work()
    assert control.path(second) == ["a:cancelled"]
    assert control.state(first) == "completed"


def test_scenario_31_instances_finish_on_the_version_on_which_they_began(control, move_clock):
    user = "00000000-0000-4000-8000-00000000000a"
    control.call("app_backend", "set_member", p_user_id=user, p_role_code="owner")
    child = control.publish(act("c"))
    parked = {
        "action": act("s", "old"),
        "delay": delay("s", "PT1H", "old"),
        "retry": act("s", "old", retry={"max_attempts": 2, "backoff": "PT1H"}),
        "wait": {
            "id": "s",
            "type": "wait",
            "events": [{"event": "go"}],
            "timeout": "P1D",
            "next": "old",
        },
        "approval": {
            "id": "s",
            "type": "approval",
            "approvers": [{"user": user}],
            "message": "?",
            "timeout": "PT1H",
            "on_timeout": "approve",
            "next": "old",
        },
        "child": {"id": "s", "type": "workflow", "template": str(child), "next": "old"},
        "loop": each("s", "t", [1, 2], "old"),
    }
    instances = {}
    for kind, step in parked.items():
        body = [act("t")] if kind == "loop" else []
        template = control.publish(step, *body, act("old"))
        instances[kind] = control.start(template)
        if kind == "retry":
            message = control.read()[-1]
            control.report((message, failed()))
        control.call(
            "app_backend",
            "update_template",
            p_template_id=template,
            p_definition={"steps": [act("s", "new"), act("new")]},
        )
        control.call("app_backend", "publish_template", p_template_id=template)
    control.admin.execute("update pgmq.q_automation_actions set vt = clock_timestamp()")
    control.tick()
    control.call("app_backend", "emit_event", p_event="go")
    control.work()
    move_clock("2 hours")
    control.work()
    for kind, instance in instances.items():
        assert control.path(instance)[-1] == "old", kind
        assert control.state(instance) == "completed", kind


# ---- single steps


@pytest.mark.parametrize("paused", [False, True])
def test_wcp_19_a_single_step_is_cancelled_and_its_token_ends(control, paused):
    instance = control.start(
        control.publish(fork("a", "b"), act("a", "x"), act("b", "y"), act("x"), act("y"))
    )
    if paused:
        control.do("pause_workflow", instance)
    assert control.do("cancel_step", instance, step="a") == 1
    if paused:
        control.do("resume_workflow", instance)
    control.work()
    assert control.path(instance) == ["fork", "a:cancelled", "b", "y"]
    assert control.state(instance) == "completed"


def test_a_token_that_waits_for_a_mutex_is_cancelled_or_skipped(control):
    template = control.publish(
        fork("a", "b", "c"),
        act("a", mutex="m"),
        act("b", "x", mutex="m"),
        act("c", "y", mutex="m"),
        act("x"),
        act("y"),
    )
    instance = control.start(template)
    waiting = [s for s in control.status(instance)["current_steps"] if s.get("mutex")]
    assert [(s["step"], s["mutex"]) for s in waiting] == [("b", "m"), ("c", "m")]
    assert control.do("cancel_step", instance, step="b") == 1
    assert control.do("skip_step", instance, step="c") == 1
    control.sound()
    control.work()
    assert control.path(instance) == ["fork", "a", "c:skipped", "y"]


def test_a_step_is_skipped_with_an_output_and_its_successor_begins(control):
    instance = control.start(
        control.publish(act("a", "b"), act("b", config={"got": "{{steps.a.n}}"}))
    )
    held = control.read()[0]
    assert control.do("skip_step", instance, step="a", output={"n": 7}) == 1
    assert control.report((held, ok({"n": 1})))["accepted"] == 0
    assert control.read()[0][2]["config"] == {"got": 7}
    assert control.path(instance) == ["a:skipped", "b:running"]
    control.admin.execute("update pgmq.q_automation_actions set vt = clock_timestamp()")
    control.work()
    assert control.state(instance) == "completed"


@pytest.mark.parametrize("form", ["delay", "wait", "approval", "retry", "child", "loop", "split"])
def test_every_step_that_stands_open_can_be_skipped(control, form):
    child = control.publish(act("c")) if form == "child" else None
    user = "00000000-0000-4000-8000-00000000000a"
    step = {
        "delay": delay("s", "P1D", "z"),
        "wait": {
            "id": "s",
            "type": "wait",
            "events": [{"event": "go"}],
            "timeout": "P1D",
            "next": "z",
        },
        "approval": {
            "id": "s",
            "type": "approval",
            "approvers": [{"user": user}],
            "message": "?",
            "next": "z",
        },
        "retry": act("s", "z", retry={"max_attempts": 2, "backoff": "P1D"}),
        "child": {"id": "s", "type": "workflow", "template": str(child), "next": "z"},
        "loop": each("s", "t", [1, 2], "z"),
        "split": fork("t", "u", step="s"),
    }[form]
    more = {"loop": [act("t")], "split": [act("t", "j"), act("u", "j"), merge("j", "z")]}
    if form == "approval":
        control.call("app_backend", "set_member", p_user_id=user, p_role_code="owner")
    instance = control.start(control.publish(step, *more.get(form, []), act("z")))
    if form == "retry":
        control.report((control.read()[0], failed()))
    assert control.do("skip_step", instance, step="s") == 1
    control.sound()
    control.work()
    states = {
        s["step"]: s["status"]
        for s in control.timeline(instance)
        if s["step"] in "sz" and s["step_type"] != "iteration"
    }
    assert states == {"s": "skipped", "z": "completed"}
    assert control.state(instance) == "completed"


def test_steps_that_are_not_open_are_refused(control):
    instance = control.start(control.publish(act("a", "b"), act("b")))
    for function in ("skip_step", "cancel_step"):
        assert "not open" in control.refuses("MA106", function, instance, step="b")
        control.refuses("MA002", function, instance, step="nothing")
    control.refuses("MA003", "skip_step", instance, step="a", output="x" * 70000)
    control.work()
    for function in ("skip_step", "cancel_step"):
        control.refuses("MA105", function, instance, step="a")


def test_wcp_25_a_region_is_cancelled_with_everything_in_it(control):
    instance = control.start(
        control.publish(
            fork("region", "other"),
            {"id": "region", "type": "scope", "body": "in", "next": "never"},
            fork("x", "y", step="in"),
            act("x"),
            delay("y", "P1D"),
            act("never"),
            act("other"),
        )
    )
    assert control.do("cancel_step", instance, step="region") == 1
    control.sound()
    control.work()
    ended = {s["step"]: s["status"] for s in control.timeline(instance)}
    assert ended == {
        "fork": "completed",
        "region": "cancelled",
        "in": "cancelled",
        "x": "cancelled",
        "y": "cancelled",
        "other": "completed",
    }


# ---- loops


def loop(control, **more):
    return control.start(
        control.publish(
            each("all", "a", "{{input.items}}", "z", **more),
            act("a", save_as=None),
            act("z", config={"r": "{{steps.all.results}}"}),
        ),
        input={"items": [1, 2, 3]},
    )


def test_wcp_26_all_turns_of_a_loop_are_cancelled(control):
    instance = loop(control, max_concurrency=3)
    held = control.read()
    assert len(held) == 3
    assert control.do("cancel_step", instance, step="all") == 1
    assert control.report((held[0], ok()))["accepted"] == 0
    assert control.state(instance) == "completed"
    assert set(control.path(instance)) == {"all:cancelled", "a:cancelled"}


def test_one_turn_of_a_loop_is_cancelled(control):
    instance = loop(control, max_concurrency=3)
    turns = [s for s in control.timeline(instance) if s["step_type"] == "iteration"]
    assert [t["iteration"] for t in turns] == [0, 1, 2]
    assert control.do("cancel_step", instance, step="all", step_id=turns[1]["step_id"]) == 1
    control.work()
    turns = [s for s in control.timeline(instance) if s["step_type"] == "iteration"]
    assert [t["status"] for t in turns] == ["completed", "cancelled", "completed"]
    assert control.path(instance)[-1] == "z"


def test_wcp_27_a_loop_is_completed_from_outside(control):
    instance = loop(control)
    control.report((control.read()[0], ok({"n": 1})))
    control.do("complete_loop", instance, step="all")
    control.sound()
    messages = control.read()
    assert [m[2]["config"] for m in messages] == [{"r": [{"n": 1}, None]}]
    control.report((messages[0], ok()))
    assert control.state(instance) == "completed"
    control.refuses("MA105", "complete_loop", instance, step="all")


def test_wcp_15_items_are_added_while_a_loop_runs(control):
    instance = loop(control)
    assert control.do("add_loop_item", instance, step="all", item={"late": True}) == 3
    seen = []
    control.work(lambda m: seen.append(m["key"]) or ok())
    assert seen == ["a"] * 4 + ["z"]
    items = [s["input_data"] for s in control.timeline(instance) if s["step_type"] == "iteration"]
    assert items == [1, 2, 3, {"late": True}]
    control.refuses("MA105", "add_loop_item", instance, step="all", item=1)


def test_an_added_item_starts_at_once_where_there_is_room(control):
    instance = loop(control, max_concurrency=5)
    control.do("add_loop_item", instance, step="all", item=4)
    assert len(control.read()) == 4
    control.sound()


def test_loops_refuse_what_does_not_fit_them(control):
    instance = loop(control, max_iterations=4)
    control.do("add_loop_item", instance, step="all", item=4)
    assert "4 items" in control.refuses("MA106", "add_loop_item", instance, step="all", item=5)
    assert "not run" in control.refuses("MA106", "complete_loop", instance, step="a")
    control.refuses("MA002", "complete_loop", instance, step="none")
    counted = control.start(
        control.publish(
            {"id": "w", "type": "loop", "while": "n < 9", "body": "b", "max_iterations": 3},
            act("b"),
        ),
        input={"n": 1},
    )
    assert "list" in control.refuses("MA106", "add_loop_item", counted, step="w", item=1)


# ---- variables


def test_a_variable_is_set_and_later_steps_see_it(control):
    instance = control.start(
        control.publish(act("a", "b", save_as=None), if_("b", "n > 5", "c"), act("c")),
        input={"n": 1},
    )
    control.do("set_variable", instance, name="n", value=9)
    control.work()
    assert control.path(instance) == ["a", "b", "c"]
    control.refuses("MA105", "set_variable", instance, name="n", value=1)


def test_a_wait_for_a_condition_sees_a_variable_that_was_set(control):
    instance = control.start(
        control.publish(
            {
                "id": "w",
                "type": "wait",
                "condition": "ready",
                "poll": "P1D",
                "timeout": "P9D",
                "next": "a",
            },
            act("a"),
        ),
        input={"ready": False},
    )
    control.do("set_variable", instance, name="ready", value=True)
    control.work()
    assert control.path(instance) == ["w", "a"]


def test_variables_are_bounded(control):
    instance = control.start(control.publish(act("a")))
    control.refuses("MA001", "set_variable", instance, name="", value=1)
    control.refuses("MA003", "set_variable", instance, name="x", value="x" * 70000)
    for n in range(4):
        control.do("set_variable", instance, name=f"x{n}", value="x" * 60000)
    control.refuses("MA003", "set_variable", instance, name="y", value="x" * 60000)


# ---- retry


def refused(code="boom"):
    """A failure that no policy repeats."""
    return failed("http_4xx", code)


def history(control, instance):
    return control.admin.execute(
        """
        select e.status, e.execution_id = e.instance_id
        from automation.automation_executions as e
        where e.instance_id = %s order by e.created_at
        """,
        [instance],
    ).fetchall()


def test_a_failed_instance_goes_on_where_it_stood(control):
    keys = []
    broken = [refused(), ok()]

    def answer(message):
        keys.append((message["key"], message["idempotency_key"], message["attempt"]))
        return broken.pop(0) if message["key"] == "b" else ok({message["key"]: 1})

    instance = control.start(control.publish(act("a", "b"), act("b", "c"), act("c")))
    control.work(answer)
    assert control.state(instance) == "failed"
    control.do("retry_workflow", instance, patch={"fixed": True})
    status = control.status(instance)
    assert (status["status"], status["error"], status["retries"]) == ("running", None, 1)
    control.sound()
    control.work(answer)
    assert control.state(instance) == "completed"
    assert [k[0] for k in keys] == ["a", "b", "b", "c"]
    assert keys[1][1] == keys[2][1]
    assert [k[2] for k in keys] == [1, 1, 2, 1]
    assert control.path(instance) == ["a", "b", "c"]
    assert control.status(instance)["output"] == {"a": 1, "c": 1, "fixed": True}
    assert history(control, instance) == [("failed", True), ("success", False)]
    [b] = [s for s in control.timeline(instance) if s["step"] == "b"]
    assert [e["error"]["code"] for e in b["earlier_attempts"]] == ["boom"]


def test_branches_that_were_open_when_an_instance_failed_are_opened_again(control, move_clock):
    template = control.publish(
        fork("a", "b", "p", "w"),
        act("a", "j"),
        act("b", "j"),
        delay("p", "PT1H", "j"),
        {"id": "w", "type": "wait", "events": [{"event": "go"}], "timeout": "P9D", "next": "j"},
        merge("j", "z"),
        act("z"),
    )
    instance = control.start(template)
    messages = {m[2]["key"]: m for m in control.read()}
    control.report((messages["a"], ok()))
    control.report((messages["b"], refused()))
    assert control.path(instance) == [
        "fork:cancelled",
        "a",
        "b:failed",
        "p:cancelled",
        "w:cancelled",
    ]
    control.do("retry_workflow", instance)
    control.sound()
    assert control.path(instance) == ["fork:running", "a", "b:running", "p:waiting", "w:waiting"]
    control.work()
    control.call("app_backend", "emit_event", p_event="go")
    move_clock("61 minutes")
    control.work()
    assert control.path(instance) == ["fork", "a", "b", "p", "w", "j", "z"]


def test_a_loop_goes_on_at_the_turn_that_failed(control):
    seen = []
    bad = [1]

    def answer(message):
        seen.append((message["key"], message["config"].get("n")))
        if message["key"] == "b" and message["config"]["n"] == 2 and bad:
            bad.pop()
            return refused()
        return ok({"n": message["config"].get("n")})

    config = {"config": {"n": "{{loop.item}}"}, "save_as": None}
    instance = control.start(
        control.publish(
            each("all", "a", [1, 2, 3], "z"),
            act("a", "b", **config),
            act("b", **config),
            act("z", config={"r": "{{steps.all}}"}, save_as=None),
        )
    )
    control.work(answer)
    assert control.state(instance) == "failed"
    control.do("retry_workflow", instance)
    control.sound()
    control.work(answer)
    assert control.state(instance) == "completed"
    assert seen == [
        ("a", 1),
        ("b", 1),
        ("a", 2),
        ("b", 2),
        ("b", 2),
        ("a", 3),
        ("b", 3),
        ("z", None),
    ]
    [z] = [s for s in control.timeline(instance) if s["step"] == "z"]
    assert z["input_data"]["r"] == {
        "results": [{"n": 1}, {"n": 2}, {"n": 3}],
        "count": 3,
        "completed": 3,
        "failed": 0,
    }


def test_parallel_turns_with_joins_scopes_and_mutexes_go_on_where_they_stood(control):
    bad = {"x": 1}
    done = []

    def answer(message):
        done.append((message["key"], message["config"].get("n")))
        if message["key"] == "x" and message["config"]["n"] == 2 and bad:
            bad.clear()
            return refused()
        return ok({})

    config = {"config": {"n": "{{loop.item}}"}}
    template = control.publish(
        each("all", "unit", [1, 2, 3], "z", max_concurrency=3),
        {"id": "unit", "type": "scope", "body": "in"},
        fork("x", "y", step="in"),
        act("x", "j", mutex="m", **config),
        act("y", "j", mutex="m", **config),
        merge("j", "last"),
        act("last", **config),
        act("z"),
    )
    instance = control.start(template)
    while control.state(instance) == "running":
        message = control.read(quantity=1)
        control.report((message[0], answer(message[0][2])))
    assert control.state(instance) == "failed"
    control.do("retry_workflow", instance)
    control.sound()
    control.work(answer)
    assert control.state(instance) == "completed"
    control.sound()
    wanted = [(k, n) for k in ("x", "y", "last") for n in (1, 2, 3)] + [("x", 2), ("z", None)]
    assert sorted(map(str, done)) == sorted(map(str, wanted))


def test_a_turn_that_was_tolerated_stays_failed_when_a_later_one_is_retried(control):
    bad = {1, 3}

    def answer(message):
        return refused() if message["config"].get("n") in bad else ok()

    instance = control.start(
        control.publish(
            each("all", "a", [1, 2, 3], tolerated_failures=1),
            act("a", config={"n": "{{loop.item}}"}),
        )
    )
    control.work(answer)
    assert control.state(instance) == "failed"
    bad.clear()
    control.do("retry_workflow", instance)
    control.sound()
    control.work(answer)
    turns = [s["status"] for s in control.timeline(instance) if s["step_type"] == "iteration"]
    assert turns == ["failed", "completed", "completed"]
    assert control.state(instance) == "completed"


def test_a_loop_whose_condition_failed_decides_again(control):
    instance = control.start(
        control.publish(
            {"id": "w", "type": "loop", "while": "n < 3", "body": "b", "max_iterations": 9},
            act("b"),
        ),
        input={"n": 1},
    )
    answers = [ok({"n": "two"}), ok({"n": 3})]
    control.work(lambda _: answers.pop(0))
    assert control.status(instance)["error"]["code"] == "condition_error"
    control.do("retry_workflow", instance, patch={"n": 2})
    control.work(lambda _: answers.pop(0))
    assert control.state(instance) == "completed"
    assert [s for s in control.path(instance) if s == "b"] == ["b", "b"]


def test_the_sub_workflow_of_a_failed_instance_goes_on_too(control):
    child = control.publish(act("c1", "c2"), act("c2"))
    template = control.publish(
        {"id": "w", "type": "workflow", "template": str(child), "next": "z"}, act("z")
    )
    instance = control.start(template)
    seen = []
    answers = {"c2": [refused(), ok({"done": 1})]}
    control.work(lambda m: seen.append(m["key"]) or control.engine.answer(m, answers))
    assert control.state(instance) == "failed"
    control.do("retry_workflow", instance)
    control.sound()
    assert len(control.status(instance)["children"]) == 1
    control.work(lambda m: seen.append(m["key"]) or control.engine.answer(m, answers))
    assert seen == ["c1", "c2", "c2", "z"]
    assert control.state(instance) == "completed"


def test_a_sub_workflow_that_was_cancelled_with_its_parent_goes_on_too(control):
    child = control.publish(each("all", "c", [1, 2]), act("c"))
    instance = control.start(
        control.publish(
            fork("w", "b"),
            {"id": "w", "type": "workflow", "template": str(child), "next": "j"},
            act("b", "j"),
            merge("j", "z"),
            act("z"),
        )
    )
    messages = {m[2]["key"]: m for m in control.read()}
    control.report((messages["c"], ok()))
    control.report((messages["b"], refused()))
    [child_run] = control.status(instance)["children"]
    assert (control.state(instance), child_run["status"]) == ("failed", "cancelled")
    control.do("retry_workflow", instance)
    control.sound()
    control.admin.execute("update pgmq.q_automation_actions set vt = clock_timestamp()")
    assert sorted(m[2]["key"] for m in control.read()) == ["b", "c"]
    control.admin.execute("update pgmq.q_automation_actions set vt = clock_timestamp()")
    control.work()
    assert control.state(instance) == "completed"
    assert control.status(instance)["children"][0]["instance_id"] == child_run["instance_id"]
    left = "select count(*) from automation_private.loop_states"
    assert control.admin.execute(left).fetchone()[0] == 0


def test_what_a_cancelled_parent_leaves_behind_is_forgotten(control):
    child = control.publish(each("all", "c", [1, 2]), act("c"))
    instance = control.start(
        control.publish({"id": "w", "type": "workflow", "template": str(child)})
    )
    control.do("cancel_workflow", instance)
    left = "select count(*) from automation_private.loop_states"
    assert control.admin.execute(left).fetchone()[0] == 0


def test_a_sub_workflow_that_is_retried_by_itself_tells_nobody_twice(control):
    child = control.publish(act("c"))
    instance = control.start(
        control.publish(
            {
                "id": "w",
                "type": "workflow",
                "template": str(child),
                "on_error": "continue",
                "next": "z",
            },
            act("z"),
        )
    )
    control.work({"c": refused()})
    assert control.path(instance) == ["w:failed", "z"]
    child_run = control.status(instance)["children"][0]["instance_id"]
    control.do("retry_workflow", child_run)
    control.work()
    assert control.state(child_run) == "completed"
    assert control.path(instance) == ["w:failed", "z"]


def test_a_sub_workflow_whose_parent_repeats_it_is_not_retried(control):
    child = control.publish(act("c"))
    instance = control.start(
        control.publish(
            {
                "id": "w",
                "type": "workflow",
                "template": str(child),
                "retry": {"max_attempts": 2, "backoff": "PT1H", "retry_on": ["http_4xx"]},
            }
        )
    )
    control.work({"c": refused()})
    child_run = control.status(instance)["children"][0]["instance_id"]
    assert "by itself" in control.refuses("MA105", "retry_workflow", child_run)


def test_a_scope_that_waited_for_its_next_attempt_when_its_instance_failed_begins_anew(
    control, move_clock
):
    retry = {"max_attempts": 3, "backoff": "PT1H", "jitter": 0}
    instance = control.start(
        control.publish(
            fork("unit", "bad"),
            {"id": "unit", "type": "scope", "body": "a", "retry": retry, "next": "join"},
            act("a", "b"),
            act("b"),
            act("bad", "join"),
            merge("join", "end"),
            act("end"),
        )
    )
    messages = {m[2]["key"]: m for m in control.read()}
    control.report((messages["a"], failed()))
    control.report((messages["bad"], failed("http_4xx")))
    control.do("retry_workflow", instance)
    control.sound()
    seen = []
    control.work(lambda m: seen.append(m["key"]) or ok())
    assert (sorted(seen[:2]), seen[2:]) == (["a", "bad"], ["b", "end"])


@pytest.mark.parametrize("unit_type", ["scope", "workflow"])
def test_what_waits_for_its_next_attempt_since_the_instance_failed_in_the_same_moment_begins_anew(
    control, unit_type
):
    child = control.publish(act("a", "b"), act("b"))
    unit = {"body": "a"} if unit_type == "scope" else {"template": str(child)}
    retry = {"max_attempts": 3, "backoff": "PT1H", "jitter": 0}
    instance = control.start(
        control.publish(
            fork("unit", "bad"),
            {"id": "unit", "type": unit_type, "retry": retry, "next": "join"} | unit,
            *([act("a", "b"), act("b")] if unit_type == "scope" else []),
            act("bad", "join"),
            merge("join", "end"),
            act("end"),
        )
    )
    messages = {m[2]["key"]: m for m in control.read()}
    control.report((messages["a"], failed()), (messages["bad"], failed("http_4xx")))
    assert control.state(instance) == "failed"
    control.do("retry_workflow", instance)
    control.sound()
    seen = []
    control.work(lambda m: seen.append(m["key"]) or ok())
    assert (sorted(seen[:2]), seen[2:]) == (["a", "bad"], ["b", "end"])
    assert control.state(instance) == "completed"


def test_a_sub_workflow_is_retried_by_itself_before_its_parent(control):
    child = control.publish(act("a", "b"), act("b"))
    instance = control.run(
        {"id": "child", "type": "workflow", "template": str(child), "next": "end"},
        act("end"),
        answers={"a": failed("http_4xx")},
    )
    inner = control.status(instance)["children"][0]["instance_id"]
    control.do("retry_workflow", inner)
    control.sound()
    control.do("retry_workflow", instance)
    control.sound()
    control.work()
    assert (control.state(inner), control.state(instance)) == ("completed", "completed")
    assert control.path(instance) == ["child", "end"]


@pytest.mark.parametrize("grace", ["infinity", "170000000 years"])
def test_a_grace_may_be_longer_than_time_has_gone_on(control, grace):
    if grace == "infinity" and control.admin.info.server_version < 170000:
        pytest.skip("intervals are finite before PostgreSQL 17")
    instance = control.start(control.publish(act("a")))
    control.do("pause_workflow", instance)
    control.do("resume_workflow", instance, grace=grace)
    control.work()
    assert control.state(instance) == "completed"


def test_a_retry_that_fails_again_can_be_retried_again(control):
    instance = control.start(control.publish(act("a", "b"), act("b")))
    for _ in range(3):
        control.work({"b": refused()})
        assert control.state(instance) == "failed"
        control.do("retry_workflow", instance)
    control.work()
    assert [h[0] for h in history(control, instance)] == ["failed"] * 3 + ["success"]
    counts = "select usage_count, active_instances from automation.workflow_templates"
    control.admin.execute("update automation_private.housekeeping set due_at = clock_timestamp()")
    control.tick()
    assert control.admin.execute(counts).fetchone() == (1, 0)


def test_an_instance_that_took_too_long_gets_its_time_anew(control, move_clock):
    instance = control.start(control.publish(act("a", timeout="P9D"), settings={"timeout": "PT1H"}))
    control.read(lease=999999)
    move_clock("2 hours")
    control.tick()
    assert control.status(instance)["error"]["code"] == "timeout"
    control.do("retry_workflow", instance)
    move_clock("59 minutes")
    control.tick()
    assert control.path(instance) == ["a:running"]
    control.work()
    assert control.state(instance) == "completed"


def test_an_instance_with_too_many_activations_goes_on_with_a_fresh_count(control):
    instance = control.start(
        control.publish(
            {"id": "s", "type": "set", "values": {"n": {"expr": "n + 1"}}, "next": "if"},
            if_("if", "n < 30", "s", "a"),
            act("a"),
            settings={"max_activations": 40},
        ),
        input={"n": 0},
    )
    control.work()
    assert control.status(instance)["error"]["code"] == "activation_limit"
    control.do("retry_workflow", instance)
    control.work()
    assert control.state(instance) == "completed"
    assert control.status(instance)["output"]["n"] == 30


def test_an_instance_is_retried_from_a_step(control):
    instance = control.start(
        control.publish(
            act("a", "b"),
            act("b", "c", config={"n": "{{vars.n}}"}),
            fork("x", "y", step="c"),
            act("x", "j"),
            act("y", "j"),
            merge("j", "d"),
            act("d"),
        ),
        input={"n": 1},
    )
    control.work({"d": refused()})
    for step in ("x", "j"):
        assert "cannot begin" in control.refuses(
            "MA106", "retry_workflow", instance, from_step=step
        )
    control.refuses("MA002", "retry_workflow", instance, from_step="none")
    control.do("retry_workflow", instance, from_step="b", patch={"n": 2})
    message = control.read()[0]
    assert (message[2]["key"], message[2]["config"]) == ("b", {"n": 2})
    control.report((message, ok()))
    control.work()
    assert control.state(instance) == "completed"
    assert [s for s in control.path(instance) if s[0] in "abd"] == [
        "a",
        "b",
        "d:failed",
        "b",
        "d",
    ]


def test_only_what_has_failed_is_retried(control):
    instance = control.start(control.publish(act("a")))
    control.refuses("MA105", "retry_workflow", instance)
    control.refuses("MA001", "retry_workflow", instance, patch=[1])
    control.work()
    control.refuses("MA105", "retry_workflow", instance)
    stopped = control.start(
        control.publish(act("a", "s"), {"id": "s", "type": "stop", "status": "failed"})
    )
    control.work()
    assert "nothing was open" in control.refuses("MA105", "retry_workflow", stopped)
    control.do("retry_workflow", stopped, from_step="a")
    control.work()
    assert control.path(stopped) == ["a", "s", "a", "s"]


def test_what_was_undone_is_not_retried(control):
    undo = {"compensate": {"action": "other_work"}}
    instance = control.start(
        control.publish(act("a", "b", **undo), act("b"), settings={"on_failure": "rollback"})
    )
    control.work({"b": refused()})
    assert control.state(instance) == "failed"
    assert "undone" in control.refuses("MA105", "retry_workflow", instance)


# ---- fork


def test_an_instance_is_forked_at_a_step(control):
    instance = control.start(
        control.publish(
            act("a", "b"),
            act("b", "c", config={"a": "{{steps.a.n}}", "v": "{{vars.v}}"}),
            act("c"),
        ),
        input={"v": 1},
    )
    control.work({"a": ok({"n": 7})})
    copy = control.do("fork_workflow", instance, step="b", patch={"v": 2})
    assert control.status(copy)["forked_from"] == str(instance)
    message = control.read()[0]
    assert message[2]["config"] == {"a": 7, "v": 2}
    control.report((message, ok()))
    control.work()
    assert control.path(copy) == ["b", "c"]
    assert control.path(instance) == ["a", "b", "c"]
    assert control.state(copy) == "completed"
    control.refuses("MA002", "fork_workflow", instance, step="none")


def test_a_paused_organisation_forks_nothing(control):
    instance = control.start(control.publish(act("a")))
    control.call("app_backend", "pause_org")
    control.refuses("MA103", "fork_workflow", instance, step="a")


# ---- migrate


def republish(control, template, *steps, **document):
    control.call(
        "app_backend",
        "update_template",
        p_template_id=template,
        p_definition=document | {"steps": list(steps)},
    )
    control.call("app_backend", "publish_template", p_template_id=template)


def fates(report):
    return {p["step"]: (p["fate"], p.get("to")) for p in report["places"]}


def test_a_waiting_instance_moves_to_the_same_place_of_a_newer_version(control, move_clock):
    template = control.publish(delay("p", "PT1H", "b"), act("b"))
    instance = control.start(template)
    republish(control, template, act("first", "p"), delay("p", "PT9H", "c"), act("c"))
    report = control.do("migrate_workflow", instance, preview=True)
    assert (report["version"], report["is_possible"]) == (2, True)
    assert fates(report) == {"p": ("kept", "p")}
    assert control.do("migrate_workflow", instance) == report
    control.sound()
    move_clock("61 minutes")
    control.work()
    assert control.path(instance) == ["p", "c"]
    assert control.state(instance) == "completed"


def test_a_renamed_step_is_mapped_and_read_under_its_new_name(control):
    template = control.publish(
        act("a", "b"), act("b", "c"), act("c", config={"x": "{{steps.b.n}}"})
    )
    instance = control.start(template)
    control.report((control.read()[0], ok({"m": 5})))
    republish(
        control,
        template,
        act("a", "bb"),
        act("bb", "c"),
        act("c", config={"x": "{{steps.bb.n}}", "y": "{{steps.a.m}}"}),
    )
    control.do("migrate_workflow", instance, mapping={"b": "bb"})
    control.report((control.read()[0], ok({"n": 7})))
    message = control.read()[0]
    assert message[2]["config"] == {"x": 7, "y": 5}
    control.report((message, ok()))
    assert control.path(instance) == ["a", "bb", "c"]


@pytest.mark.parametrize("state", ["running", "paused", "failed"])
def test_a_deleted_step_forwards_its_token_to_its_successor(control, state):
    template = control.publish(act("a", "b"), act("b", "c"), act("c", "d"), act("d"))
    instance = control.start(template)
    control.report((control.read()[0], ok()))
    if state == "failed":
        control.report((control.read()[0], refused()))
    elif state == "paused":
        control.do("pause_workflow", instance)
    republish(control, template, act("a", "d"), act("d", "e"), act("e"))
    report = control.do("migrate_workflow", instance)
    assert fates(report) == {"b": ("moved", "d")}
    control.sound()
    if state == "failed":
        control.do("retry_workflow", instance)
    elif state == "paused":
        control.do("resume_workflow", instance)
    control.work()
    gone = {"failed": "b:failed"}.get(state, "b:cancelled")
    assert control.path(instance) == ["a", gone, "d", "e"]
    assert control.state(instance) == "completed"


def test_a_token_without_a_successor_ends(control):
    template = control.publish(fork("a", "b"), act("a"), act("b"))
    instance = control.start(template)
    republish(control, template, fork("a", "c"), act("a"), act("c"))
    assert fates(control.do("migrate_workflow", instance))["b"] == ("ended", None)
    control.work()
    assert control.path(instance) == ["fork", "a", "b:cancelled"]
    assert control.state(instance) == "completed"


def test_loops_joins_and_held_tokens_move_with_their_turns(control):
    def steps(*first):
        return (
            *first,
            each("all", "in", [1, 2, 3], "z", max_concurrency=2),
            fork("x", "y", step="in"),
            act("x", "j", mutex="m"),
            act("y", "j", mutex="m"),
            merge("j", "last"),
            act("last"),
            act("z"),
        )

    template = control.publish(*steps())
    instance = control.start(template)
    control.report((control.read(quantity=1)[0], ok()))
    republish(control, template, *steps(act("new", "more"), delay("more", "PT1S", "all")))
    report = control.do("migrate_workflow", instance)
    assert {p["fate"] for p in report["places"]} == {"kept"}
    assert {p["kind"] for p in report["places"]} >= {"activation", "held", "arrived"}
    control.sound()
    control.admin.execute("update pgmq.q_automation_actions set vt = clock_timestamp()")
    control.work()
    assert control.state(instance) == "completed"
    path = control.path(instance)
    assert [path.count(s) for s in ("x", "y", "j", "last", "z")] == [3, 3, 3, 3, 1]


def test_waits_approvals_and_children_move(control):
    user = "00000000-0000-4000-8000-00000000000a"
    control.call("app_backend", "set_member", p_user_id=user, p_role_code="owner")
    child = control.publish(act("c"))

    def steps(after):
        return (
            fork("w", "y", "s"),
            {
                "id": "w",
                "type": "wait",
                "events": [{"event": "go"}],
                "timeout": "P1D",
                "next": after,
            },
            {
                "id": "y",
                "type": "approval",
                "approvers": [{"user": user}],
                "message": "?",
                "timeout": "PT1H",
                "on_timeout": "approve",
                "next": after,
            },
            {"id": "s", "type": "workflow", "template": str(child), "next": after},
            act(after),
        )

    template = control.publish(*steps("old"))
    instance = control.start(template)
    control.tick()
    republish(control, template, act("begin", "fork"), *steps("new"))
    control.do("migrate_workflow", instance)
    control.sound()
    control.call("app_backend", "emit_event", p_event="go")
    control.work()
    assert sorted(control.path(instance)) == sorted(
        ["fork:running", "w", "y:waiting", "s", "new", "new"]
    )
    control.do("skip_step", instance, step="y")
    control.work()
    assert control.state(instance) == "completed"


def test_what_has_no_place_in_the_other_version_blocks_the_migration(control):
    def blocks(old, new, stands, reason, **more):
        template = control.publish(*old)
        instance = control.start(template)
        republish(control, template, *new)
        before = control.timeline(instance)
        text = control.refuses("MA107", "migrate_workflow", instance, **more)
        assert reason in text
        report = control.do("migrate_workflow", instance, preview=True, **more)
        assert report["is_possible"] is False
        assert fates(report)[stands][0] == "blocked"
        assert control.timeline(instance) == before
        control.sound()

    blocks([act("a")], [delay("a", "PT1H")], "a", "type")
    blocks([act("a")], [act("a", action="other_work")], "a", "action")
    blocks([act("a")], [act("a", mutex="m")], "a", "mutex")
    blocks(
        [act("a")],
        [{"id": "s", "type": "scope", "body": "a"}, act("a")],
        "a",
        "inside of something else",
    )
    blocks(
        [each("all", "a", [1]), act("a")],
        [act("a")],
        "all",
        "does not exist",
    )
    blocks(
        [act("a", "b"), act("b")],
        [fork("b", "c"), act("b"), act("c")],
        "a",
        "successor b is inside",
        mapping={"a": None},
    )


def test_migrations_say_what_is_wrong_with_their_arguments(control):
    template = control.publish(act("a"))
    instance = control.start(template)
    control.refuses("MA002", "migrate_workflow", instance, version=7)
    for mapping in ([], {"none": "a"}, {"a": "none"}, {"a": 1}):
        control.refuses("MA001", "migrate_workflow", instance, mapping=mapping)
    assert fates(control.do("migrate_workflow", instance)) == {"a": ("kept", "a")}
    control.work()
    control.refuses("MA105", "migrate_workflow", instance)


# ---- approvals


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("skip_step", {"step": "y"}),
        ("cancel_step", {"step": "y"}),
        ("complete_loop", {"step": "all"}),
        ("fork_workflow", {"step": "z"}),
        ("migrate_workflow", {"mapping": {"y": None}}),
    ],
)
def test_only_administrators_get_past_an_approval(control, database, function, arguments):
    user = "00000000-0000-4000-8000-00000000000a"
    control.call("app_backend", "set_member", p_user_id=user, p_role_code="marketing_manager")
    instance = control.start(
        control.publish(
            each("all", "y", [1], "z"),
            {"id": "y", "type": "approval", "approvers": [{"user": user}], "message": "?"},
            act("z"),
        )
    )
    control.client.execute("select set_config('app.current_user_id', %s, false)", [user])
    control.refuses("MA301", function, instance, **arguments)
    control.do("cancel_workflow", instance)
