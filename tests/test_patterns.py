"""The control-flow patterns (WCP) of which no other file has a test. docs/patterns.md lists all."""

from __future__ import annotations

import pytest

from tests.engine import act, failed, if_, ok


def kind(step: str, type_: str, next: str | None = None, **more) -> dict:
    return {"id": step, "type": type_} | more | ({"next": next} if next else {})


def take(engine) -> dict:
    """Claim what waits for a worker, by step."""
    return {m[2]["key"]: m for m in engine.read(lease=3600)}


def state(engine, instance) -> str:
    return engine.status(instance)["status"]


def test_wcp_01_each_step_follows_the_one_before(engine):
    instance = engine.start(engine.publish(act("a", "b"), act("b", "c"), act("c")))
    for step in "abc":
        assert state(engine, instance) == "running"
        messages = take(engine)
        assert set(messages) == {step}
        engine.report((messages[step], ok()))
    assert engine.path(instance) == ["a", "b", "c"]
    assert state(engine, instance) == "completed"


def test_wcp_02_one_thread_becomes_several_at_once(engine):
    instance = engine.start(
        engine.publish(
            kind("fork", "split", branches=["a", "b", "c"]), act("a"), act("b"), act("c")
        )
    )
    messages = take(engine)
    assert set(messages) == {"a", "b", "c"}
    for step in "cab":
        assert state(engine, instance) == "running"
        engine.report((messages[step], ok()))
    assert state(engine, instance) == "completed"


@pytest.mark.parametrize(("score", "step"), [(90, "good"), (60, "fair"), (10, "poor")])
def test_wcp_04_exactly_one_way_is_taken(engine, score, step):
    instance = engine.start(
        engine.publish(
            kind(
                "route",
                "condition",
                cases=[
                    {"when": "score >= 80", "next": "good"},
                    {"when": "score >= 50", "next": "fair"},
                ],
                default="poor",
            ),
            *(act(way) for way in ("good", "fair", "poor")),
        ),
        score=score,
    )
    engine.work()
    assert engine.path(instance) == ["route", step]


@pytest.mark.parametrize("x", [0, 2])
def test_wcp_05_alternative_ways_meet_without_waiting(engine, x):
    instance = engine.start(
        engine.publish(
            if_("which", "x > 1", "a", "b"), act("a", "after"), act("b", "after"), act("after")
        ),
        x=x,
    )
    engine.work()
    assert engine.path(instance) == ["which", "a" if x else "b", "after"]
    assert state(engine, instance) == "completed"


MULTI_CHOICE = [
    kind(
        "choose",
        "split",
        branches=[
            {"next": "mail", "when": "mail = true"},
            {"next": "call", "when": "call = true"},
            {"next": "post", "when": "post = true"},
        ],
        default="nothing",
    ),
    *(act(way, "join") for way in ("mail", "call", "post", "nothing")),
    kind("join", "merge", "after"),
    act("after"),
]


@pytest.mark.parametrize(
    "wanted", [["mail"], ["mail", "post"], ["call", "mail", "post"], []], ids=str
)
def test_wcp_06_as_many_branches_as_conditions_hold_are_taken(engine, wanted):
    instance = engine.start(engine.publish(*MULTI_CHOICE), **dict.fromkeys(wanted, True))
    assert set(take(engine)) == set(wanted or ["nothing"])
    assert state(engine, instance) == "running"


def test_wcp_07_the_merge_waits_for_the_branches_that_were_taken_and_no_others(engine):
    instance = engine.start(engine.publish(*MULTI_CHOICE), mail=True, post=True)
    messages = take(engine)
    engine.report((messages["mail"], ok()))
    assert take(engine) == {}
    engine.report((messages["post"], ok()))
    messages = take(engine)
    assert set(messages) == {"after"}
    engine.report((messages["after"], ok()))
    assert state(engine, instance) == "completed"
    assert engine.path(instance).count("join") == 1


def test_wcp_10_a_cycle_may_have_several_entries_and_exits(engine):
    template = engine.publish(
        if_("entry", "at = 'b'", "b", "a"),
        kind("a", "set", "leave_a", values={"n": {"expr": "n + 1"}}),
        if_("leave_a", "n >= odd", "out_a", "b"),
        kind("b", "set", "leave_b", values={"n": {"expr": "n + 1"}}),
        if_("leave_b", "n >= even", "out_b", "a"),
        act("out_a"),
        act("out_b"),
    )
    first = engine.start(template, at="a", n=0, odd=3, even=99)
    second = engine.start(template, at="b", n=0, odd=99, even=3)
    engine.work()
    assert engine.path(first) == [
        *("entry", "a", "leave_a", "b", "leave_b", "a", "leave_a"),
        "out_a",
    ]
    assert engine.path(second) == [
        *("entry", "b", "leave_b", "a", "leave_a", "b", "leave_b"),
        "out_b",
    ]


def test_wcp_11_an_instance_ends_when_nothing_is_left_to_do(engine):
    instance = engine.start(
        engine.publish(
            kind("fork", "split", branches=["a", "which"]),
            act("a", "b"),
            act("b"),
            if_("which", "x > 1", "never"),
            act("never"),
        ),
        x=0,
    )
    engine.work({"a": ok()})
    assert state(engine, instance) == "completed"
    assert "never" not in engine.path(instance)


def test_wcp_12_instances_are_started_and_not_waited_for(engine):
    child = engine.publish(act("c"), input={"n": {"type": "integer"}})
    instance = engine.start(
        engine.publish(
            kind("each", "loop", "after", over=[1, 2, 3], body="launch", max_concurrency=3),
            kind(
                "launch", "workflow", template=str(child), wait=False, input={"n": "{{loop.item}}"}
            ),
            act("after"),
        )
    )
    started = []
    for _ in range(10):
        started += engine.read(lease=3600)
        engine.report(*((m, ok()) for m in started if m[2]["key"] == "after"))
        if not engine.tick() and state(engine, instance) == "completed":
            break
    assert state(engine, instance) == "completed"
    children = [m for m in started if m[2]["key"] == "c"]
    assert len({m[2]["instance"] for m in children}) == 3
    assert {state(engine, m[2]["instance"]) for m in children} == {"running"}
    engine.report(*((m, ok()) for m in children))
    assert {state(engine, m[2]["instance"]) for m in children} == {"completed"}


@pytest.mark.parametrize("concurrency", [1, 3])
def test_wcp_13_a_number_known_when_it_is_written_runs_and_is_waited_for(engine, concurrency):
    instance = engine.start(
        engine.publish(
            kind("thrice", "loop", "after", over=[1, 2, 3], body="a", max_concurrency=concurrency),
            act("a", config={"n": "{{loop.item}}"}),
            act("after"),
        )
    )
    seen = []

    def answer(message):
        seen.append((message["key"], message["config"].get("n")))
        return ok()

    engine.work(answer)
    assert seen == [("a", 1), ("a", 2), ("a", 3), ("after", None)]
    assert state(engine, instance) == "completed"


def test_wcp_20_a_whole_instance_is_withdrawn(engine):
    instance = engine.start(
        engine.publish(
            kind("fork", "split", branches=["a", "pause", "hear", "each"]),
            act("a"),
            kind("pause", "delay", **{"for": "P1D"}),
            kind("hear", "wait", events=[{"event": "x"}], timeout="P1D"),
            kind("each", "loop", over=[1, 2], body="b"),
            act("b"),
        )
    )
    held = take(engine)
    assert engine.call("app_backend", "cancel_workflow", p_instance_id=instance, p_reason="no")
    assert state(engine, instance) == "cancelled"
    assert {row["status"] for row in engine.timeline(instance)} == {"cancelled"}
    assert engine.report(*((m, ok()) for m in held.values()))["accepted"] == 0
    assert engine.work() == 0


def test_wcp_38_the_merge_waits_until_nothing_can_arrive_any_more(engine):
    """A branch that goes round in a cycle may still come, or may never: the merge sees which."""
    template = engine.publish(
        kind("fork", "split", branches=["quick", "again"]),
        act("quick", "join"),
        act("again", "enough"),
        if_("enough", "tries >= 3", "gave_up", "count"),
        kind("count", "set", "again", values={"tries": {"expr": "tries + 1"}}),
        if_("gave_up", "comes = true", "join"),
        kind("join", "merge", "after"),
        act("after"),
    )
    for comes in (True, False):
        instance = engine.start(template, tries=1, comes=comes)
        engine.report((take(engine)["quick"], ok()))
        engine.admin.execute("update pgmq.q_automation_actions set vt = clock_timestamp()")
        for _ in range(2):
            messages = take(engine)
            assert set(messages) == {"again"}
            engine.report((messages["again"], ok()))
        messages = take(engine)
        assert set(messages) == {"again"}
        engine.report((messages["again"], ok()))
        messages = take(engine)
        assert set(messages) == {"after"}
        engine.report((messages["after"], ok()))
        assert engine.path(instance).count("join") == 1
        assert state(engine, instance) == "completed"


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_wcp_43_reaching_a_stop_ends_the_instance_and_drops_what_is_left(engine, status):
    instance = engine.start(
        engine.publish(
            kind("fork", "split", branches=["a", "b", "each"]),
            act("a", "halt"),
            act("b", "c"),
            act("c"),
            kind("each", "loop", over=[1, 2], body="d"),
            act("d"),
            kind("halt", "stop", status=status, reason="enough"),
        )
    )
    messages = take(engine)
    engine.report((messages["a"], ok()))
    found = engine.status(instance)
    assert (found["status"], found["reason"]) == (status, "enough")
    assert engine.report((messages["b"], ok()), (messages["d"], failed()))["accepted"] == 0
    assert engine.work() == 0
    assert "c" not in engine.path(instance)
