"""Publishing a new version changes what starts, never what runs."""

from __future__ import annotations

import pytest

from tests.engine import act, failed, if_, ok

USER = "00000000-0000-4000-8000-00000000000a"


def kind(step: str, type_: str, next: str | None = None, **more) -> dict:
    return {"id": step, "type": type_} | more | ({"next": next} if next else {})


# Where an instance can stand; each goes on to the step "old".
PARKED = {
    "ready": [act("s", "old")],
    "worker": [act("s", "old", timeout="PT2H")],
    "delay": [kind("s", "delay", "old", **{"for": "PT1H"})],
    "retry": [act("s", "old", retry={"max_attempts": 2, "backoff": "PT1H", "jitter": 0})],
    "event": [kind("s", "wait", "old", events=[{"event": "go"}], timeout="P1D")],
    "condition": [
        kind("s", "wait", "old", condition="ready = true", timeout="PT1H", timeout_next="old")
    ],
    "approval": [
        kind(
            "s", "approval", "old", approvers=[{"user": USER}], timeout="PT1H", on_timeout="approve"
        )
    ],
    "child": [kind("s", "workflow", "old", template="Child")],
    "loop": [kind("s", "loop", "old", over=[1, 2, 3], body="t"), act("t")],
    "scope": [kind("s", "scope", "old", body="t"), act("t", "u"), act("u")],
    "merge": [
        kind("s", "split", branches=["a", "b"]),
        act("a", "j"),
        kind("b", "delay", "j", **{"for": "PT1H"}),
        kind("j", "merge", "old"),
    ],
    "mutex": [
        kind("s", "split", branches=["a", "b"]),
        act("a", "j", mutex="m"),
        act("b", "j", mutex="m"),
        kind("j", "merge", "old"),
    ],
}
RUNNING = """
    select 'instance', to_jsonb(i) from automation.workflow_instances as i
    union all select 'step', to_jsonb(s) from automation.workflow_steps as s
    union all select 'timer', to_jsonb(t) from automation_private.timers as t
    union all select 'held', to_jsonb(h) from automation_private.held_tokens as h
    union all select 'mutex', to_jsonb(m) from automation_private.mutexes as m
    union all select 'message', q.message from pgmq.q_automation_actions as q
    order by 1, 2
"""


def publish_version(engine, template, *steps: dict, **document) -> None:
    engine.call(
        "app_backend",
        "update_template",
        p_template_id=template,
        p_definition=document | {"steps": list(steps)},
    )
    engine.call("app_backend", "publish_template", p_template_id=template)


def named(engine, name: str, *steps: dict):
    template = engine.call(
        "app_backend", "create_template", p_name=name, p_definition={"steps": list(steps)}
    )
    engine.call("app_backend", "publish_template", p_template_id=template)
    return template


def go_on(engine, move_clock, waiting: list) -> None:
    engine.report(*((message, ok()) for message in waiting))
    engine.call("app_backend", "emit_event", p_event="go")
    engine.work()
    move_clock("61 minutes")
    engine.work()


@pytest.mark.parametrize("stand", PARKED)
def test_scenario_31_who_waits_finishes_on_the_version_it_began_with(engine, move_clock, stand):
    engine.call("app_backend", "set_member", p_user_id=USER, p_role_code="owner")
    child = named(engine, "Child", act("c"))
    template = engine.publish(*PARKED[stand], act("old"))
    instance = engine.start(template)
    waiting = [] if stand == "ready" else engine.read(lease=3600)
    if stand == "retry":
        engine.report((waiting.pop(), failed()))
    if stand == "merge":
        engine.report((waiting.pop(), ok()))

    before = engine.admin.execute(RUNNING).fetchall()
    publish_version(engine, template, act("s", "new"), act("new"))
    publish_version(engine, child, act("d"))
    assert engine.admin.execute(RUNNING).fetchall() == before

    go_on(engine, move_clock, waiting)
    path = engine.path(instance)
    assert path[-1] == "old"
    assert "new" not in path
    assert engine.status(instance)["status"] == "completed"
    for child_instance in engine.status(instance)["children"]:
        assert engine.path(child_instance["instance_id"]) == ["c"]

    later = engine.start(template)
    engine.work()
    assert engine.path(later) == ["s", "new"]


def test_a_sub_workflow_that_starts_later_has_the_version_that_its_parent_was_published_with(
    engine,
):
    child = named(engine, "Child", act("c"))
    template = engine.publish(act("a", "s"), kind("s", "workflow", template="Child"))
    instance = engine.start(template)
    publish_version(engine, child, act("d"))
    engine.work()
    (started,) = engine.status(instance)["children"]
    assert engine.path(started["instance_id"]) == ["c"]
    publish_version(engine, template, act("a", "s"), kind("s", "workflow", template="Child"))
    instance = engine.start(template)
    engine.work()
    (started,) = engine.status(instance)["children"]
    assert engine.path(started["instance_id"]) == ["d"]


def test_a_workflow_that_runs_itself_stays_with_its_version(engine):
    steps = [
        act("a", "again"),
        if_("again", "input.n > 0", "down"),
        kind("down", "workflow", template={"self": True}, input={"n": 0}),
    ]
    declared = {"input": {"n": {"type": "integer", "default": 0}}}
    template = engine.publish(*steps, **declared)
    instance = engine.start(template, input={"n": 1})
    publish_version(engine, template, act("z"), **declared)
    engine.work()
    (started,) = engine.status(instance)["children"]
    assert engine.path(started["instance_id"]) == ["a", "again"]


def test_archiving_a_template_lets_its_instances_finish(engine, move_clock):
    template = engine.publish(kind("s", "delay", "old", **{"for": "PT1H"}), act("old"))
    instance = engine.start(template)
    engine.call("app_backend", "archive_template", p_template_id=template)
    go_on(engine, move_clock, [])
    assert engine.path(instance) == ["s", "old"]
    assert engine.status(instance)["status"] == "completed"
