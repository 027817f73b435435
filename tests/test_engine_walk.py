"""How tokens walk: branches, splits, merges, loops by back edges, ends."""

from __future__ import annotations

import pytest

from tests.engine import act, failed, if_, ok

SPLIT = {"id": "fork", "type": "split"}
MERGE = {"id": "join", "type": "merge"}


def test_steps_run_one_after_another_and_outputs_become_variables(engine):
    instance = engine.run(
        act("a", "b"),
        act("b", "c", save_as="second"),
        act("c", save_as=None),
        answers={"a": ok({"x": 1}), "b": ok({"x": 2}), "c": ok({"x": 3})},
        trigger={"x": 0, "y": 0},
    )
    assert engine.path(instance) == ["a", "b", "c"]
    assert engine.status(instance)["output"] == {"x": 1, "y": 0, "second": {"x": 2}}


def test_later_steps_read_outputs_inputs_trigger_and_run(engine):
    template = engine.publish(
        act("a", "b"),
        act(
            "b",
            config={
                "whole": "{{steps.a}}",
                "part": "{{steps.a.n}}",
                "text": "n is {{steps.a.n}}",
                "input": "{{input.limit}}",
                "row": "{{trigger.title}}",
                "run": "{{run.id}}",
                "org": "{{org.timezone}}",
                "state": "{{status.a}}",
            },
        ),
        input={"limit": {"type": "integer", "default": 7}},
    )
    instance = engine.start(template, title="Hello")
    engine.report((engine.read()[0], ok({"n": 5})))
    assert engine.read()[0][2]["config"] == {
        "whole": {"n": 5},
        "part": 5,
        "text": "n is 5",
        "input": 7,
        "row": "Hello",
        "run": str(instance),
        "org": "UTC",
        "state": "completed",
    }


@pytest.mark.parametrize(("score", "path"), [(90, "good"), (50, "poor"), (None, "poor")])
def test_a_condition_takes_one_of_two_branches(engine, score, path):
    instance = engine.run(
        if_("check", "score >= 80", "good", "poor"),
        act("good"),
        act("poor"),
        trigger={"score": score},
    )
    assert engine.path(instance) == ["check", path]


@pytest.mark.parametrize(
    ("score", "path", "branch"),
    [(90, "high", "high"), (60, "middle", "middle"), (10, "low", "default"), ("x", "odd", "error")],
)
def test_cases_are_tried_in_order(engine, score, path, branch):
    instance = engine.run(
        {
            "id": "check",
            "type": "condition",
            "default": "low",
            "error_next": "odd",
            "cases": [
                {"when": "score >= 80", "next": "high", "name": "high"},
                {"when": "score >= 50", "next": "middle", "name": "middle"},
            ],
        },
        act("high"),
        act("middle"),
        act("low"),
        act("odd"),
        trigger={"score": score},
    )
    assert engine.path(instance) == ["check", path]
    assert engine.timeline(instance)[0]["branch_taken"] == branch


def test_a_condition_that_cannot_be_decided_fails_the_step(engine):
    instance = engine.run(if_("check", "score > 1", "a"), act("a"), trigger={"score": "many"})
    status = engine.status(instance)
    assert status["status"] == "failed"
    assert (status["error"]["code"], status["error"]["step"]) == ("condition_error", "check")


def test_a_token_without_a_branch_ends_and_the_instance_completes(engine):
    instance = engine.run(if_("check", "score > 1", "a"), act("a"), trigger={"score": 0})
    assert engine.path(instance) == ["check"]
    assert engine.status(instance)["status"] == "completed"


def test_set_assigns_templates_expressions_lists_and_objects(engine):
    instance = engine.run(
        {
            "id": "assign",
            "type": "set",
            "values": {
                "greeting": "Hello {{trigger.name}}",
                "score": {"expr": "score + 10"},
                "log": {"append": "{{trigger.name}}"},
                "meta": {"merge": {"b": 2}},
                "fresh": {"append": 1},
            },
        },
        trigger={"name": "Ada", "score": 5, "log": ["first"], "meta": {"a": 1}},
    )
    assert engine.status(instance)["output"] == {
        "name": "Ada",
        "greeting": "Hello Ada",
        "score": 15,
        "log": ["first", "Ada"],
        "meta": {"a": 1, "b": 2},
        "fresh": [1],
    }


def test_an_assignment_that_cannot_be_computed_fails_the_step(engine):
    instance = engine.run({"id": "assign", "type": "set", "values": {"x": {"expr": "missing + 1"}}})
    assert engine.status(instance)["error"]["code"] == "assignment_error"


def test_a_missing_value_in_a_template_fails_the_step_and_sends_nothing(engine):
    instance = engine.run(act("a", config={"to": "{{trigger.email}}"}))
    assert engine.status(instance)["error"]["code"] == "template_missing"
    assert engine.read() == []


def test_a_split_runs_all_branches_and_the_merge_waits_for_the_last(engine):
    template = engine.publish(
        SPLIT | {"branches": ["a", "b", "c"]},
        act("a", "join"),
        act("b", "join"),
        act("c", "join"),
        MERGE | {"next": "after"},
        act("after"),
    )
    instance = engine.start(template)
    messages = engine.read()
    assert sorted(m[2]["key"] for m in messages) == ["a", "b", "c"]
    engine.report((messages[0], ok()), (messages[1], ok()))
    assert engine.read() == []
    engine.report((messages[2], ok()))
    engine.work()
    assert engine.path(instance)[-2:] == ["join", "after"]
    assert engine.timeline(instance)[-2]["output_data"] == {"arrived": 3}


def test_a_branch_that_a_condition_skipped_does_not_hold_the_merge_back(engine):
    instance = engine.run(
        SPLIT | {"branches": ["a", "check"]},
        act("a", "join"),
        if_("check", "x > 1", "b"),
        act("b", "join"),
        MERGE | {"next": "after"},
        act("after"),
        trigger={"x": 0},
    )
    assert engine.path(instance).count("join") == 1
    assert engine.path(instance)[-1] == "after"


def test_a_merge_at_which_nothing_arrived_does_not_fire(engine):
    instance = engine.run(
        SPLIT | {"branches": ["check", "other"]},
        if_("check", "x > 1", "join"),
        if_("other", "x > 1", "join"),
        MERGE | {"next": "after"},
        act("after"),
        trigger={"x": 0},
    )
    assert "join" not in engine.path(instance)
    assert engine.status(instance)["status"] == "completed"


def test_a_matching_split_runs_the_branches_whose_guards_hold(engine):
    steps = (
        SPLIT
        | {
            "mode": "matching",
            "default": "none",
            "branches": [
                {"next": "a", "when": "x > 1", "name": "big"},
                {"next": "b", "when": "y > 1"},
            ],
        },
        act("a", "join"),
        act("b", "join"),
        act("none", "join"),
        MERGE,
    )
    template = engine.publish(*steps)
    both, first, neither = (engine.start(template, x=x, y=y) for x, y in ((2, 2), (2, 0), (0, 0)))
    engine.work()
    assert sorted(engine.path(both)) == ["a", "b", "fork", "join"]
    assert engine.path(first) == ["fork", "a", "join"]
    assert engine.path(neither) == ["fork", "none", "join"]


def test_nested_splits_merge_inside_out(engine):
    instance = engine.run(
        SPLIT | {"branches": ["a", "inner"]},
        act("a", "join"),
        {"id": "inner", "type": "split", "branches": ["b", "c"]},
        act("b", "inner_join"),
        act("c", "inner_join"),
        {"id": "inner_join", "type": "merge", "next": "join"},
        MERGE | {"next": "after"},
        act("after"),
    )
    path = engine.path(instance)
    assert path.index("inner_join") < path.index("join") < path.index("after")
    assert path.count("after") == 1


def test_branches_of_an_inner_split_without_a_merge_arrive_at_the_outer_one_together(engine):
    instance = engine.run(
        SPLIT | {"branches": ["a", "inner"]},
        act("a", "join"),
        {"id": "inner", "type": "split", "branches": ["b", "c"]},
        act("b", "join"),
        act("c", "join"),
        MERGE | {"next": "after"},
        act("after"),
    )
    assert engine.path(instance).count("join") == 1
    assert engine.path(instance)[-1] == "after"


def test_a_split_in_a_cycle_merges_once_per_turn(engine):
    instance = engine.run(
        {"id": "count", "type": "set", "values": {"n": {"expr": "n + 1"}}, "next": "fork"},
        SPLIT | {"branches": ["a", "b"]},
        act("a", "join"),
        act("b", "join"),
        MERGE | {"next": "again"},
        if_("again", "n < 3", "count", "done"),
        act("done"),
        trigger={"n": 0},
    )
    path = engine.path(instance)
    assert (path.count("fork"), path.count("join"), path.count("done")) == (3, 3, 1)


def test_a_long_walk_is_cut_short_and_goes_on_in_the_next_tick(engine):
    template = engine.publish(
        {"id": "count", "type": "set", "values": {"n": {"expr": "n + 1"}}, "next": "again"},
        if_("again", "n < 150", "count", "done"),
        act("done"),
    )
    instance = engine.start(template, n=0)
    assert engine.status(instance)["status"] == "running"
    assert engine.status(instance)["progress"]["steps_completed"] == 100
    engine.work()
    assert engine.path(instance).count("count") == 150
    assert engine.status(instance)["status"] == "completed"


def test_a_cycle_without_end_fails_at_its_bound(engine):
    instance = engine.run(
        {"id": "spin", "type": "set", "values": {"x": 1}, "next": "spin"},
        settings={"max_activations": 250},
    )
    status = engine.status(instance)
    assert (status["status"], status["reason"]) == ("failed", "activation_limit")


@pytest.mark.parametrize("end", ["completed", "failed", "cancelled"])
def test_stop_ends_the_instance_and_what_runs_beside_it(engine, end):
    template = engine.publish(
        SPLIT | {"branches": ["slow", "quick"]},
        act("slow"),
        act("quick", "halt"),
        {"id": "halt", "type": "stop", "status": end, "reason": "because {{trigger.why}}"},
    )
    instance = engine.start(template, why="so")
    messages = {m[2]["key"]: m for m in engine.read()}
    engine.report((messages["quick"], ok()))
    status = engine.status(instance)
    assert (status["status"], status["reason"]) == (end, "because so")
    assert engine.path(instance) == ["fork:cancelled", "slow:cancelled", "quick", "halt"]
    assert engine.report((messages["slow"], ok()))["stale"] == [messages["slow"][0]]


def test_the_output_template_is_the_result(engine):
    instance = engine.run(
        act("a"),
        answers={"a": ok({"value": 3})},
        output={"score": "{{steps.a.value}}", "note": "got {{steps.a.value}}"},
    )
    assert engine.status(instance)["output"] == {"score": 3, "note": "got 3"}


def test_a_result_that_cannot_be_rendered_fails_the_instance(engine):
    instance = engine.run(act("a"), output={"score": "{{vars.nothing}}"})
    assert engine.status(instance)["error"]["code"] == "template_missing"


def test_a_failure_ends_the_instance_and_cancels_its_siblings(engine):
    template = engine.publish(SPLIT | {"branches": ["a", "b"]}, act("a"), act("b"))
    instance = engine.start(template)
    messages = {m[2]["key"]: m for m in engine.read()}
    engine.report((messages["a"], failed("http_4xx")))
    assert engine.path(instance) == ["fork:cancelled", "a:failed", "b:cancelled"]
    assert engine.report((messages["b"], ok()))["accepted"] == 0
    assert engine.status(instance)["error"]["step"] == "a"


def test_history_is_written_once_with_its_counts(engine):
    done = engine.run(act("a", "b"), act("b"))
    partly = engine.run(act("a", "b", on_error="continue"), act("b"), answers={"a": failed()})
    broken = engine.run(act("a", "b"), act("b"), answers={"a": failed("http_4xx")})
    rows = {
        row[0]: row[1:]
        for row in engine.client.execute(
            "select instance_id, status, steps_executed, actions_executed, actions_successful, "
            "actions_failed from automation.automation_executions"
        )
    }
    assert rows == {
        done: ("success", 2, 2, 2, 0),
        partly: ("partial", 2, 2, 1, 1),
        broken: ("failed", 1, 1, 0, 1),
    }


def test_a_split_that_doubles_its_tokens_for_ever_is_stopped_early(engine):
    instance = engine.run(
        SPLIT | {"branches": ["a", "b"]},
        {"id": "a", "type": "set", "values": {"x": 1}, "next": "fork"},
        {"id": "b", "type": "set", "values": {"x": 1}, "next": "fork"},
        settings={"max_activations": 200},
    )
    assert engine.status(instance)["reason"] == "activation_limit"
    assert len(engine.timeline(instance)) < 600


def test_what_conditions_splits_and_merges_decided_can_be_read(engine):
    instance = engine.run(
        if_("check", "x > 1", "fork"),
        SPLIT | {"branches": ["a", "b"]},
        act("a", "join"),
        act("b", "join"),
        MERGE | {"next": "tell"},
        act(
            "tell",
            config={
                "branch": "{{steps.check.branch}}",
                "result": "{{steps.check.result}}",
                "all": "{{steps.fork.branches}}",
                "arrived": "{{steps.join.arrived}}",
            },
        ),
        trigger={"x": 2},
    )
    assert engine.timeline(instance)[-1]["input_data"] == {
        "branch": "true",
        "result": True,
        "all": ["a", "b"],
        "arrived": 2,
    }


def test_parallel_branches_that_append_to_one_list_lose_nothing(engine):
    names = "abcde"
    instance = engine.run(
        SPLIT | {"branches": list(names)},
        *(
            {"id": n, "type": "set", "values": {"log": {"append": n}}, "next": "join"}
            for n in names
        ),
        MERGE,
    )
    assert engine.status(instance)["output"]["log"] == list(names)
