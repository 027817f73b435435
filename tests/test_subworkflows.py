"""Workflows that run other workflows: awaited or not, once, never too deep, never left behind."""

from __future__ import annotations

import uuid

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.engine import act, failed, if_, ok
from tests.test_races import COMPLETE, DEADLOCKS, TICK, pause, race, report

__all__ = ["pause", "race"]

CANCEL = "select automation.cancel_workflow(%s)"


def call_(template, step: str = "child", next: str | None = None, **more) -> dict:
    """A step that runs a sub-workflow."""
    step_ = {"id": step, "type": "workflow", "template": str(template)} | more
    return step_ | ({"next": next} if next else {})


def set_(step: str, next: str | None = None, **values) -> dict:
    return {"id": step, "type": "set", "values": values} | ({"next": next} if next else {})


def children(engine, instance) -> list[uuid.UUID]:
    """The sub-workflows of an instance, in the order in which they were started."""
    return [uuid.UUID(c["instance_id"]) for c in engine.status(instance)["children"]]


def only_child(engine, instance) -> uuid.UUID:
    (child,) = children(engine, instance)
    return child


def named(engine, name: str, *steps: dict, publish: bool = True, **document) -> uuid.UUID:
    template = engine.call(
        "app_backend",
        "create_template",
        p_name=name,
        p_definition=document | {"steps": list(steps)},
    )
    if publish:
        engine.call("app_backend", "publish_template", p_template_id=template)
    return template


def validate(engine, *steps: dict) -> list[tuple]:
    return engine.client.execute(
        "select pointer, code, severity from automation.validate_definition(%s)",
        [Jsonb({"steps": list(steps)})],
    ).fetchall()


# Results.


def test_a_parent_waits_for_its_child_and_gets_its_output(engine):
    child = engine.publish(
        act("work"), input={"n": {"type": "integer"}}, output={"double": "{{input.n}}{{input.n}}"}
    )
    parent = engine.start(
        engine.publish(
            call_(child, input={"n": "{{vars.n}}"}, next="after"),
            set_("after", got="{{steps.child.double}}"),
        ),
        n=7,
    )
    assert engine.path(parent) == ["child:running"]
    started = only_child(engine, parent)
    assert engine.path(started) == ["work:running"]
    engine.work()
    assert engine.status(started)["output"] == {"double": "77"}
    assert engine.status(parent)["status"] == "completed"
    assert engine.status(parent)["output"] == {"n": 7, "got": "77"}
    step = engine.timeline(parent)[0]
    assert step["output_data"] == {
        "double": "77",
        "instance_id": str(started),
        "status": "completed",
    }
    assert step["children"] == [started]


def test_a_child_that_needs_nobody_is_done_in_the_same_walk(engine):
    child = engine.publish(set_("a", x=1))
    parent = engine.start(engine.publish(call_(child, save_as="result", next="b"), set_("b", y=2)))
    output = engine.status(parent)["output"]
    assert output["result"]["x"] == 1
    assert output["y"] == 2


def test_an_output_that_is_no_object_stands_under_output(engine):
    child = engine.publish(set_("a", x=[1, 2]), output="{{vars.x}}")
    parent = engine.start(engine.publish(call_(child)))
    assert engine.timeline(parent)[0]["output_data"]["output"] == [1, 2]


def test_a_child_sees_its_input_and_nothing_of_its_parents_variables(engine):
    child = engine.publish(set_("a", mine="{{vars.secret | default:'none'}}"))
    parent = engine.start(engine.publish(call_(child, input={"x": 1})), secret="s")
    status = engine.status(only_child(engine, parent))
    assert status["output"] == {"x": 1, "mine": "none"}


def test_a_template_written_for_events_reads_its_input_as_the_trigger(engine):
    child = engine.publish(set_("a", to="{{trigger.email}}"))
    parent = engine.start(engine.publish(call_(child, input={"email": "a@example.com"})))
    assert engine.timeline(parent)[0]["output_data"]["to"] == "a@example.com"


def test_a_whole_input_may_be_one_template(engine):
    child = engine.publish(set_("a", seen="{{input.x}}"))
    parent = engine.start(engine.publish(call_(child, input="{{vars.args}}")), args={"x": 5})
    assert engine.timeline(parent)[0]["output_data"]["seen"] == 5


def test_what_is_not_waited_for_is_a_family_of_its_own(engine):
    child = engine.publish(act("work"))
    parent = engine.start(engine.publish(call_(child, wait=False, next="b"), set_("b", y=2)))
    status = engine.status(parent)
    assert status["status"] == "completed"
    started = only_child(engine, parent)
    assert engine.timeline(parent)[0]["output_data"] == {
        "instance_id": str(started),
        "status": "running",
    }
    assert engine.path(started) == []  # its first steps are left to the next tick
    engine.tick()
    assert engine.path(started) == ["work:running"]
    engine.client.execute(CANCEL, [parent])
    engine.work()
    assert engine.status(started)["status"] == "completed"


def test_parent_and_children_are_told_of_each_other(engine):
    child = named(engine, "the child", act("work"))
    parent = engine.start(engine.publish(call_(child)))
    (told,) = engine.status(parent)["children"]
    assert told | {"started_at": None} == {
        "instance_id": str(only_child(engine, parent)),
        "step": "child",
        "template_id": str(child),
        "status": "running",
        "is_awaited": True,
        "started_at": None,
        "completed_at": None,
    }
    assert engine.status(only_child(engine, parent))["parent"] == {
        "instance_id": str(parent),
        "step": "child",
    }
    assert engine.status(parent)["parent"] is None
    engine.work()


def test_who_started_the_parent_has_started_the_child(engine, database):
    user = uuid.uuid4()
    engine.call("app_backend", "set_member", p_user_id=user, p_role_code="owner")
    child = engine.publish(act("work"))
    template = engine.publish(act("first", next="child"), call_(child))
    session = database.connect("app_backend", org=engine.org, user_id=user)
    parent = session.execute("select automation.start_workflow(%s)", [template]).fetchone()[0]
    engine.work()
    rows = engine.admin.execute(
        "select triggered_by, triggered_login, trigger_type, depth, causation ->> 'chain' "
        "from automation.workflow_instances order by depth"
    ).fetchall()
    assert rows == [
        (user, "app_backend", "manual", 0, None),
        (user, "app_backend", "manual", 1, str(parent)),
    ]


def test_children_count_as_use_of_their_template(engine, move_clock):
    child = engine.publish(act("work"))
    parent = engine.start(engine.publish(call_(child)))
    engine.work()
    move_clock("10 seconds")
    engine.work()
    assert engine.status(parent)["status"] == "completed"
    assert engine.admin.execute(
        "select usage_count, active_instances from automation.workflow_templates "
        "where template_id = %s",
        [child],
    ).fetchone() == (1, 0)


def test_children_of_parallel_branches_run_at_once(engine):
    child = engine.publish(act("work"))
    parent = engine.start(
        engine.publish(
            {"id": "fork", "type": "split", "branches": ["a", "b", "c"]},
            call_(child, "a", "join"),
            call_(child, "b", "join"),
            call_(child, "c", "join"),
            {"id": "join", "type": "merge", "next": "end"},
            set_("end", done=True),
        )
    )
    messages = engine.read()
    assert len(messages) == 3
    engine.report(*((m, ok()) for m in messages))
    assert engine.status(parent)["output"]["done"] is True


# Failures.


def test_scenario_23_a_failed_child_fails_its_step_once(engine, move_clock):
    child = engine.publish(act("work"))
    parent = engine.start(
        engine.publish(
            call_(child, retry={"max_attempts": 3, "backoff": "PT1S", "retry_on": ["http_5xx"]})
        )
    )
    for attempt in (1, 2, 3):
        (message,) = engine.read()
        engine.report((message, failed(code="down")))
        assert len(children(engine, parent)) == attempt
        move_clock("1 minute")
        engine.tick()
    assert engine.read() == []
    status = engine.status(parent)
    assert status["status"] == "failed"
    assert len(children(engine, parent)) == 3
    error = status["error"]
    assert (error["code"], error["class"], error["step"]) == ("down", "http_5xx", "child")
    assert error["child_step"] == "work"
    assert error["instance_id"] == str(children(engine, parent)[-1])
    (step,) = engine.timeline(parent)
    assert step["attempts"] == 3
    assert [a["error"]["instance_id"] for a in step["earlier_attempts"]] == [
        str(c) for c in children(engine, parent)[:2]
    ]
    assert step["children"] == children(engine, parent)


def test_a_failed_child_is_handled_like_any_failure(engine):
    child = engine.publish(act("work"))
    parent = engine.run(
        call_(child, on_error={"next": "rescue"}),
        set_("rescue", why="{{steps.child.error.code}}"),
        answers={"work": failed("invalid", "bad")},
    )
    assert engine.path(parent) == ["child:failed", "rescue"]
    assert engine.status(parent)["output"]["why"] == "bad"


def test_a_failed_child_that_is_passed_over(engine):
    child = engine.publish({"id": "no", "type": "stop", "status": "failed", "code": "never"})
    parent = engine.run(
        call_(child, on_error="continue", next="after"),
        set_("after", why="{{steps.child.error.code}}"),
    )
    assert engine.status(parent)["output"]["why"] == "never"


def test_an_input_that_does_not_fit_fails_the_step(engine):
    child = engine.publish(act("work"), input={"n": {"type": "integer", "required": True}})
    for given in ({}, {"n": "x"}, {"n": 1, "m": 2}):
        parent = engine.start(engine.publish(call_(child, input=given)))
        error = engine.status(parent)["error"]
        assert (error["code"], error["step"]) == ("invalid_input", "child")
        assert error["errors"]
        assert children(engine, parent) == []
    parent = engine.start(engine.publish(call_(child, input="{{vars.n}}")), n=3)
    assert engine.status(parent)["error"]["code"] == "invalid_input"


def test_defaults_of_the_childs_input_are_filled_in(engine):
    child = engine.publish(set_("a", y="{{input.n}}"), input={"n": {"type": "any", "default": 4}})
    parent = engine.start(engine.publish(call_(child)))
    assert engine.timeline(parent)[0]["output_data"]["y"] == 4


def test_a_cancelled_child_is_a_failure_of_its_step(engine):
    child = engine.publish(act("work"))
    parent = engine.start(engine.publish(call_(child, on_error={"next": "b"}), set_("b", y=2)))
    started = only_child(engine, parent)
    assert engine.call("app_backend", "cancel_workflow", p_instance_id=started, p_reason="not now")
    assert engine.status(parent)["output"]["y"] == 2
    error = engine.timeline(parent)[0]["error"]
    assert (error["code"], error["reason"]) == ("cancelled", "not now")
    assert error["instance_id"] == str(started)


# Versions.


def test_a_parent_keeps_the_version_that_it_was_published_with(engine):
    child = named(engine, "child", act("work", next="old"), set_("old", version=1))
    template = engine.publish(call_("child"))
    running = engine.start(template)
    engine.call(
        "app_backend",
        "update_template",
        p_template_id=child,
        p_definition={"steps": [set_("new", version=2)]},
    )
    assert engine.call("app_backend", "publish_template", p_template_id=child) == 2
    later = engine.start(template)
    engine.work()
    for parent in (running, later):
        assert engine.timeline(parent)[0]["output_data"]["version"] == 1
    assert engine.call("app_backend", "publish_template", p_template_id=template) == 2
    assert engine.timeline(engine.start(template))[0]["output_data"]["version"] == 2
    pinned = engine.publish(call_("child", version=1))
    instance = engine.start(pinned)
    engine.work()
    assert engine.timeline(instance)[0]["output_data"]["version"] == 1


def test_an_archived_child_still_runs_for_parents_that_are_published(engine):
    child = named(engine, "child", set_("a", x=1))
    template = engine.publish(call_("child"))
    engine.call("app_backend", "archive_template", p_template_id=child)
    assert engine.status(engine.start(template))["status"] == "completed"
    assert validate(engine, call_("child")) == [
        ("/steps/0/template", "template_not_published", "error")
    ]
    with pytest.raises(psycopg.DatabaseError, match="is archived"):
        engine.publish(call_("child"))


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"template": "chidl"}, ("/steps/0/template", "unknown_template", "error")),
        ({"template": str(uuid.UUID(int=1))}, ("/steps/0/template", "unknown_template", "error")),
        ({"template": "child", "version": 9}, ("/steps/0/version", "unknown_version", "error")),
        ({"template": "child", "version": "1"}, ("/steps/0/version", "wrong_type", "error")),
        ({"template": "child", "version": 0}, ("/steps/0/version", "out_of_range", "error")),
        ({"template": {"errors": 1}}, ("/steps/0/template", "wrong_type", "error")),
        ({"template": 7}, ("/steps/0/template", "wrong_type", "error")),
        ({}, ("/steps/0", "missing_key", "error")),
        ({"template": {"self": True}, "version": 1}, ("/steps/0/version", "unused_key", "error")),
        ({"template": "child", "wait": "yes"}, ("/steps/0/wait", "wrong_type", "error")),
        ({"template": "child", "input": [1]}, ("/steps/0/input", "wrong_type", "error")),
        ({"template": "child", "input": "text"}, ("/steps/0/input", "wrong_type", "error")),
        ({"template": "child", "with": {}}, ("/steps/0/with", "unknown_key", "error")),
        ({"template": "draft"}, ("/steps/0/template", "template_not_published", "warning")),
    ],
)
def test_what_is_wrong_with_a_sub_workflow_is_told(engine, step, expected):
    named(engine, "child", set_("a", x=1))
    named(engine, "draft", set_("a", x=1), publish=False)
    found = validate(engine, {"id": "s", "type": "workflow"} | step)
    assert expected in found
    assert len([f for f in found if f[0] == expected[0]]) == 1


def test_an_unknown_template_is_refused_when_published_and_may_stand_in_a_draft(engine):
    parent = named(engine, "parent", call_("child"), publish=False)
    with pytest.raises(psycopg.DatabaseError, match='there is no template "child"'):
        engine.call("app_backend", "publish_template", p_template_id=parent)
    named(engine, "child", set_("a", x=1))
    assert engine.call("app_backend", "publish_template", p_template_id=parent) == 1


def test_templates_of_other_organisations_are_unknown(engine, database, orgs):
    child = engine.publish(set_("a", x=1))
    other = database.connect("svc_b", org=orgs.b)
    found = other.execute(
        "select code from automation.validate_definition(%s)",
        [Jsonb({"steps": [call_(child)]})],
    ).fetchall()
    assert found == [("unknown_template",)]


# Depth.


def test_wcp_22_a_workflow_runs_itself_until_it_is_done(engine):
    countdown = named(
        engine,
        "countdown",
        set_("less", "more", n={"expr": "n - 1"}),
        if_("more", "n > 0", "again"),
        call_("countdown", "again", input={"n": "{{vars.n}}"}, save_as="inner"),
        input={"n": {"type": "integer", "required": True}},
    )
    assert validate(engine, call_("countdown")) == []
    instance = engine.start(countdown, input={"n": 3})
    output = engine.status(instance)["output"]
    assert (output["n"], output["inner"]["n"], output["inner"]["inner"]["n"]) == (2, 1, 0)
    assert "inner" not in output["inner"]["inner"]


@pytest.mark.parametrize("deepest", [1, 3, None])
def test_recursion_without_an_end_ends_at_the_depth_limit(engine, deepest):
    settings = {"settings": {"max_depth": deepest}} if deepest else {}
    forever = named(engine, "forever", call_("forever"), **settings)
    instance = engine.start(forever)
    status = engine.status(instance)
    assert (status["status"], status["error"]["code"]) == ("failed", "depth_limit")
    depths = engine.admin.execute(
        "select depth, status from automation.workflow_instances order by depth"
    ).fetchall()
    assert depths == [(n, "failed") for n in range((deepest or 5) + 1)]


def test_what_nobody_waits_for_has_a_depth_limit_too(engine):
    forever = named(engine, "forever", call_("forever", wait=False))
    engine.start(forever)
    engine.work()
    statuses = engine.admin.execute(
        "select status from automation.workflow_instances order by depth"
    ).fetchall()
    assert statuses == [("completed",)] * 5 + [("failed",)]


def test_a_workflow_that_runs_itself_runs_the_version_it_is(engine):
    template = named(
        engine,
        "self",
        if_("deep", "n > 0", "again", "leaf"),
        call_("self", "again", input={"n": 0}, save_as="inner"),
        act("leaf", next="mark"),
        set_("mark", version=1),
    )
    instance = engine.start(template, n=1)
    engine.call(
        "app_backend",
        "update_template",
        p_template_id=template,
        p_definition={"steps": [set_("mark", version=2)]},
    )
    engine.call("app_backend", "publish_template", p_template_id=template)
    engine.work()
    assert engine.status(instance)["output"]["inner"]["version"] == 1


# Ends that reach down.


@pytest.fixture
def three_levels(engine):
    """A running grandparent, parent and child; the child has an open action."""
    child = engine.publish(act("work"))
    parent = engine.publish(call_(child))
    top = engine.start(engine.publish(call_(parent, timeout="PT1H", on_error="continue")))
    middle = only_child(engine, top)
    return top, middle, only_child(engine, middle)


def queue_length(engine) -> int:
    return engine.admin.execute("select count(*) from pgmq.q_automation_actions").fetchone()[0]


def test_cancelling_reaches_down_through_all_levels(engine, three_levels):
    assert queue_length(engine) == 1
    (message,) = engine.read()
    engine.client.execute(CANCEL, [three_levels[0]])
    assert queue_length(engine) == 0
    for instance, reason in zip(
        three_levels, ("cancelled", "parent_ended", "parent_ended"), strict=True
    ):
        status = engine.status(instance)
        assert (status["status"], status["reason"]) == ("cancelled", reason)
        assert status["current_steps"] == []
    assert engine.report((message, ok()))["stale"] == [message[0]]


def test_a_timeout_of_the_step_cancels_the_child(engine, three_levels, move_clock):
    top, middle, child = three_levels
    move_clock("61 minutes")
    engine.tick()
    assert engine.status(top)["status"] == "completed"
    assert engine.timeline(top)[0]["error"]["code"] == "timeout"
    for instance in (middle, child):
        assert engine.status(instance)["reason"] == "parent_ended"
    assert queue_length(engine) == 0


def test_a_timeout_with_another_attempt_starts_a_new_child(engine, move_clock):
    child = engine.publish(act("work"))
    parent = engine.start(
        engine.publish(
            call_(child, timeout="PT1H", retry={"max_attempts": 2, "retry_on": ["timeout"]})
        )
    )
    move_clock("61 minutes")
    engine.tick()
    assert engine.timeline(parent)[0]["status"] == "waiting"
    move_clock("1 minute")
    engine.tick()
    first, second = children(engine, parent)
    assert engine.status(first)["reason"] == "parent_ended"
    assert engine.status(second)["status"] == "running"
    engine.work()
    assert engine.status(parent)["status"] == "completed"


def test_a_deadline_of_the_parent_ends_the_child(engine, move_clock):
    child = engine.publish(act("work"))
    parent = engine.start(engine.publish(call_(child), settings={"timeout": "PT1H"}))
    started = only_child(engine, parent)
    move_clock("61 minutes")
    engine.tick()
    assert engine.status(parent)["status"] == "failed"
    assert engine.status(started)["reason"] == "parent_ended"


def test_a_deadline_of_the_child_fails_the_step(engine, move_clock):
    child = engine.publish(act("work"), settings={"timeout": "PT1H"})
    parent = engine.start(engine.publish(call_(child)))
    move_clock("61 minutes")
    engine.tick()
    assert engine.status(parent)["error"]["code"] == "timeout"


def test_a_stop_beside_the_child_ends_it(engine):
    child = engine.publish(act("work"))
    parent = engine.start(
        engine.publish(
            {"id": "fork", "type": "split", "branches": ["child", "other"]},
            call_(child),
            act("other", next="end"),
            {"id": "end", "type": "stop"},
        )
    )
    message = next(m for m in engine.read() if m[2]["key"] == "other")
    engine.report((message, ok()))
    assert engine.status(parent)["status"] == "completed"
    assert engine.status(only_child(engine, parent))["reason"] == "parent_ended"
    assert queue_length(engine) == 0


# In loops and scopes.


def numbered(engine) -> uuid.UUID:
    return engine.publish(
        act("work", config={"n": "{{input.n}}"}),
        input={"n": {"type": "integer"}},
        output={"n": "{{input.n}}"},
    )


def loop_over_children(**more) -> dict:
    return {
        "id": "each",
        "type": "loop",
        "over": "{{trigger.items}}",
        "body": "child",
        "max_concurrency": 3,
        "next": "end",
    } | more


def test_a_loop_runs_children_some_at_a_time_and_keeps_their_order(engine):
    template = engine.publish(
        loop_over_children(result="{{steps.child.n}}"),
        call_(numbered(engine), input={"n": "{{loop.item}}"}),
        set_("end", results="{{steps.each.results}}"),
    )
    items = list(range(10))
    instance = engine.start(template, items=items)
    while messages := engine.read():
        assert len(messages) <= 3
        engine.report(*((m, ok()) for m in reversed(messages)))
    assert engine.status(instance)["output"]["results"] == items
    assert len(children(engine, instance)) == 10


def test_a_loop_that_is_complete_cancels_the_children_left_over(engine):
    template = engine.publish(
        loop_over_children(complete_when=1),
        call_(numbered(engine), input={"n": "{{loop.item}}"}),
        set_("end", done=True),
    )
    instance = engine.start(template, items=[1, 2, 3])
    engine.report((engine.read()[0], ok()))
    assert engine.status(instance)["output"]["done"] is True
    statuses = [c["status"] for c in engine.status(instance)["children"]]
    assert sorted(statuses) == ["cancelled", "cancelled", "completed"]
    assert queue_length(engine) == 0


def test_a_failed_child_fails_its_turn_only(engine):
    template = engine.publish(
        loop_over_children(tolerated_failures=1),
        call_(numbered(engine), input={"n": "{{loop.item}}"}),
        set_("end", failed="{{steps.each.failed}}"),
    )
    instance = engine.start(template, items=[1, 2, 3])
    engine.work(lambda m: failed("http_4xx") if m["config"]["n"] == 2 else ok())
    assert engine.status(instance)["output"]["failed"] == 1


def test_a_scope_that_times_out_cancels_the_children_in_it(engine, move_clock):
    child = engine.publish(act("work"))
    instance = engine.start(
        engine.publish(
            {
                "id": "unit",
                "type": "scope",
                "body": "child",
                "timeout": "PT1H",
                "on_error": {"next": "late"},
            },
            call_(child),
            set_("late", late=True),
        )
    )
    move_clock("61 minutes")
    engine.tick()
    assert engine.status(instance)["output"]["late"] is True
    assert engine.status(only_child(engine, instance))["reason"] == "parent_ended"
    assert queue_length(engine) == 0


def test_a_parent_is_cancelled_between_two_attempts(engine):
    child = engine.publish(act("work"))
    instance = engine.start(engine.publish(call_(child, retry={"max_attempts": 2})))
    engine.report((engine.read()[0], failed()))
    assert engine.timeline(instance)[0]["status"] == "waiting"
    engine.client.execute(CANCEL, [instance])
    engine.work()
    assert [c["status"] for c in engine.status(instance)["children"]] == ["failed"]


# Rehearsals.


def rehearse(engine, *steps: dict, **mocks) -> dict:
    return engine.call(
        "app_backend", "test_workflow", p_definition={"steps": list(steps)}, p_mocks=mocks
    )


def test_a_rehearsal_does_not_run_the_child(engine):
    child = engine.publish(act("work"))
    steps = [call_(child, next="after"), set_("after", got="{{steps.child.status}}")]
    result = rehearse(engine, *steps)
    assert (result["status"], result["output"]["got"]) == ("completed", "completed")
    assert [s["step"] for s in result["steps"]] == ["child", "after"]
    mocked = rehearse(
        engine,
        call_(child, next="after"),
        set_("after", got="{{steps.child.n}}"),
        child={"output": {"n": 1}},
    )
    assert mocked["output"] == {"got": 1}
    error = rehearse(engine, *steps, child={"error": {"code": "no"}})
    assert error["error"]["code"] == "no"
    assert engine.admin.execute(
        "select count(*) from automation.workflow_instances"
    ).fetchone() == (0,)


# Races.


@pytest.mark.parametrize("end", ["commit", "rollback"])
@pytest.mark.parametrize("cancels_first", [True, False])
def test_a_parent_is_cancelled_while_the_childs_action_completes(
    engine, race, three_levels, end, cancels_first
):
    top, _, child = three_levels
    (message,) = engine.read()
    canceller, worker = race("app_backend"), race("worker")
    cancel, complete = (CANCEL, [top]), (COMPLETE, [report(message, ok())])
    first, second = (canceller, worker) if cancels_first else (worker, canceller)
    first.connection.autocommit = False
    first.execute(*(cancel if cancels_first else complete))
    first.result()
    second.execute(*(complete if cancels_first else cancel))
    assert second.wait()
    getattr(first.connection, end)()
    second.result()
    cancelled = cancels_first == (end == "commit")
    assert engine.status(top)["status"] == ("cancelled" if cancelled else "completed")
    assert engine.status(child)["status"] == ("cancelled" if cancelled else "completed")
    assert engine.admin.execute(DEADLOCKS).fetchone() == (0,)


@pytest.mark.parametrize("first_is_child", [True, False])
def test_parent_and_child_cancelled_at_once_have_one_outcome(
    engine, race, three_levels, first_is_child
):
    top, _, child = three_levels
    one, other = race("app_backend"), race("app_backend")
    order = (child, top) if first_is_child else (top, child)
    one.connection.autocommit = False
    one.execute(CANCEL, [order[0]]).result()
    other.execute(CANCEL, [order[1]])
    assert other.wait()
    one.connection.commit()
    # the parent's step takes the failure, so that its parent has completed
    assert other.result() is False
    assert engine.status(top)["status"] == ("completed" if first_is_child else "cancelled")


def test_a_step_times_out_while_its_child_completes(engine, race, three_levels, move_clock):
    top, middle, child = three_levels
    (message,) = engine.read()
    move_clock("61 minutes")
    worker, clock = race("worker"), race("worker")
    worker.connection.autocommit = False
    worker.execute(COMPLETE, [report(message, ok())]).result()
    clock.execute(TICK)
    clock.wait()
    worker.connection.commit()
    clock.result()
    engine.work()
    assert engine.status(top)["status"] == "completed"
    assert engine.timeline(top)[0]["status"] == "completed"
    assert [engine.status(i)["status"] for i in (middle, child)] == ["completed"] * 2
