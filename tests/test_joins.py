"""Splits and merges: who waits for whom, what goes on, what is absorbed or cancelled."""

from engine import act, failed, if_, ok

SPLIT = {"id": "s", "type": "split"}


def merge(step: str = "join", next: str | None = "after", **more: object) -> dict:
    return {"id": step, "type": "merge", "next": next} | more


def three(engine, wait_for=None, *more, **options):
    """Three external branches, a merge and an action behind it."""
    rule = {} if wait_for is None else {"wait_for": wait_for}
    return engine.publish(
        SPLIT | {"branches": ["a", "b", "c"]},
        *(act(branch, "join") for branch in "abc"),
        merge(**rule, **options),
        act("after"),
        *more,
    )


def take(engine):
    return {m[2]["key"]: m for m in engine.read()}


def test_wcp_03_all_branches_are_waited_for(engine):
    instance = engine.start(three(engine))
    messages = take(engine)
    engine.report((messages["a"], ok()), (messages["b"], ok()))
    assert take(engine) == {}
    engine.report((messages["c"], ok()))
    assert set(take(engine)) == {"after"}
    assert engine.path(instance).count("join") == 1


def test_wcp_08_a_multi_merge_passes_every_arrival_on(engine):
    instance = engine.start(three(engine, "each"))
    messages = take(engine)
    engine.report((messages["a"], ok()), (messages["b"], ok()))
    assert len(engine.read()) == 2
    assert engine.invariants() == []
    engine.report((messages["c"], ok()))
    engine.admin.execute("update pgmq.q_automation_actions set vt = clock_timestamp()")
    engine.work()
    assert engine.path(instance).count("after") == 3
    assert engine.status(instance)["status"] == "completed"
    assert engine.invariants() == []


def test_wcp_29_the_first_arrival_cancels_the_others(engine):
    instance = engine.start(three(engine, "any"))
    messages = take(engine)
    engine.report((messages["b"], ok()))
    after = take(engine)
    assert set(after) == {"after"}
    assert engine.report((messages["a"], ok()))["stale"] == [messages["a"][0]]
    assert engine.invariants() == []
    engine.report((after["after"], ok()))
    assert engine.status(instance)["status"] == "completed"
    assert engine.path(instance)[1:] == ["a:cancelled", "b", "c:cancelled", "join", "after"]


def test_wcp_09_the_first_arrival_goes_on_and_the_others_are_absorbed(engine):
    instance = engine.start(three(engine, "any", cancel_rest=False))
    messages = take(engine)
    engine.report((messages["b"], ok()))
    after = take(engine)
    engine.report((after["after"], ok()))
    assert engine.status(instance)["status"] == "running"
    assert engine.invariants() == []
    engine.report((messages["a"], ok()), (messages["c"], ok()))
    assert engine.status(instance)["status"] == "completed"
    assert engine.path(instance).count("after") == 1
    assert engine.invariants() == []


def test_wcp_30_and_scenario_03_two_of_three_fire_once_and_late_ones_are_ignored(engine):
    instance = engine.start(three(engine, 2, cancel_rest=False))
    messages = take(engine)
    engine.report((messages["a"], ok()))
    assert take(engine) == {}
    engine.report((messages["c"], ok()))
    assert set(take(engine)) == {"after"}
    engine.report((messages["b"], ok()))
    assert take(engine) == {}
    engine.admin.execute("update pgmq.q_automation_actions set vt = clock_timestamp()")
    engine.work()
    assert engine.path(instance).count("join") == 1
    assert engine.status(instance)["status"] == "completed"


def test_wcp_32_two_of_three_cancel_the_third(engine):
    instance = engine.start(three(engine, 2))
    messages = take(engine)
    engine.report((messages["a"], ok()), (messages["c"], ok()))
    assert set(take(engine)) == {"after"}
    assert engine.report((messages["b"], ok()))["stale"]
    assert "b:cancelled" in engine.path(instance)
    assert engine.invariants() == []


def test_a_merge_of_two_fires_with_one_when_the_others_are_dead(engine):
    template = engine.publish(
        SPLIT | {"branches": ["a", "b"]},
        if_("a", "x > 1", "join"),
        act("b", "join"),
        merge(wait_for=2),
        act("after"),
    )
    instance = engine.start(template, x=0)
    engine.work()
    assert engine.path(instance)[-1] == "after"


def test_scenario_01_a_branch_skipped_by_a_condition_does_not_hold_the_merge_back(engine):
    template = engine.publish(
        SPLIT | {"branches": ["a", "b"]},
        if_("a", "x > 1", "work"),
        act("work", "join"),
        act("b", "join"),
        merge(),
        act("after"),
    )
    instance = engine.start(template, x=0)
    engine.work()
    assert engine.path(instance).count("join") == 1
    assert engine.status(instance)["status"] == "completed"


def test_a_merge_without_a_live_branch_does_not_fire(engine):
    template = engine.publish(
        SPLIT | {"branches": ["a", "b"]},
        if_("a", "x > 1", "join"),
        if_("b", "x > 1", "join"),
        merge(),
        act("after"),
    )
    instance = engine.start(template, x=0)
    assert "join" not in engine.path(instance)
    assert engine.status(instance)["status"] == "completed"


def test_scenario_04_a_cycle_inside_a_branch_arrives_once(engine):
    template = engine.publish(
        {"id": "zero", "type": "set", "values": {"n": 0}, "next": "s"},
        SPLIT | {"branches": ["a", "b"]},
        {"id": "a", "type": "set", "values": {"n": {"expr": "n + 1"}}, "next": "again"},
        if_("again", "n < 3", "a", "join"),
        act("b", "join"),
        merge(wait_for=2),
        act("after"),
    )
    instance = engine.start(template)
    assert set(take(engine)) == {"b"}
    assert "join" not in engine.path(instance)


def test_nested_splits_cancel_everything_inside_the_losers(engine):
    template = engine.publish(
        SPLIT | {"branches": ["a", "inner"]},
        act("a", "join"),
        {"id": "inner", "type": "split", "branches": ["b", "c"]},
        act("b", "inner_join"),
        {"id": "c", "type": "delay", "for": "P1D", "next": "inner_join"},
        merge("inner_join", "d"),
        act("d", "join"),
        merge(wait_for="any"),
        act("after"),
    )
    instance = engine.start(template)
    messages = take(engine)
    engine.report((messages["a"], ok()))
    assert engine.invariants() == []
    path = engine.path(instance)
    assert {"inner:cancelled", "b:cancelled", "c:cancelled"} <= set(path)
    engine.work()
    assert engine.status(instance)["status"] == "completed"


def test_a_split_in_a_cycle_starts_a_new_generation_each_time(engine):
    template = engine.publish(
        {"id": "zero", "type": "set", "values": {"n": 0}, "next": "s"},
        SPLIT | {"branches": ["a", "b"]},
        act("a", "join"),
        act("b", "join"),
        merge(next="more", wait_for="any", cancel_rest=False),
        {"id": "more", "type": "set", "values": {"n": {"expr": "n + 1"}}, "next": "again"},
        if_("again", "n < 2", "s"),
    )
    instance = engine.start(template)
    first = take(engine)
    engine.report((first["a"], ok()))
    second = {m[2]["key"]: m for m in engine.read()}
    assert set(second) == {"a", "b"}
    engine.report((first["b"], ok()))
    assert engine.path(instance).count("join") == 1
    engine.report((second["b"], ok()))
    assert engine.path(instance).count("join") == 2
    engine.report((second["a"], ok()))
    assert engine.status(instance)["status"] == "completed"
    assert engine.invariants() == []


def test_wcp_28_31_a_blocking_merge_holds_the_next_generation_back(engine):
    template = engine.publish(
        {"id": "zero", "type": "set", "values": {"n": 0}, "next": "s"},
        SPLIT | {"branches": ["a", "b"]},
        act("a", "join"),
        act("b", "join"),
        merge(next="more", wait_for="any", cancel_rest=False, blocking=True),
        {"id": "more", "type": "set", "values": {"n": {"expr": "n + 1"}}, "next": "again"},
        if_("again", "n < 2", "s"),
    )
    instance = engine.start(template)
    first = take(engine)
    engine.report((first["a"], ok()))
    assert take(engine) == {}
    assert engine.invariants() == []
    engine.report((first["b"], ok()))
    second = take(engine)
    assert set(second) == {"a", "b"}
    engine.report((second["a"], ok()), (second["b"], ok()))
    assert engine.status(instance)["status"] == "completed"
    assert engine.invariants() == []


def test_wcp_33_an_and_join_queues_repeated_arrivals_per_branch(engine):
    template = engine.publish(
        SPLIT | {"branches": ["a", "b"], "count": 2},
        act("a", "join"),
        act("b", "join"),
        merge(**{"from": ["a", "b"]}),
        act("after"),
    )
    instance = engine.start(template)
    messages = engine.read()
    ones = [m for m in messages if m[2]["key"] == "a"]
    others = [m for m in messages if m[2]["key"] == "b"]
    engine.report((ones[0], ok()), (ones[1], ok()))
    assert engine.read() == []
    assert engine.invariants() == []
    engine.report((others[0], ok()))
    assert len(engine.read(lease=0)) == 1
    engine.report((others[1], ok()))
    assert len(engine.read(lease=0)) == 2
    engine.work()
    assert engine.path(instance).count("join") == 2
    assert engine.status(instance)["status"] == "completed"
    assert engine.invariants() == []


def test_an_and_join_that_never_fills_does_not_keep_its_instance_open(engine):
    template = engine.publish(
        SPLIT | {"branches": ["a", "b"]},
        act("a", "join"),
        if_("b", "x > 1", "c"),
        act("c", "join"),
        merge(**{"from": ["a", "c"]}),
        act("after"),
    )
    instance = engine.start(template, x=0)
    engine.work()
    assert engine.status(instance)["status"] == "completed"
    assert "after" not in engine.path(instance)
    assert engine.invariants() == []


def test_wcp_42_41_threads_split_and_merge_by_count(engine):
    template = engine.publish(
        SPLIT | {"branches": ["a"], "count": 3},
        act("a", "join"),
        merge(wait_for=3),
        act("after"),
    )
    instance = engine.start(template)
    messages = engine.read()
    assert [m[2]["key"] for m in messages] == ["a", "a", "a"]
    engine.report((messages[0], ok()), (messages[1], ok()))
    assert engine.read() == []
    engine.report((messages[2], ok()))
    engine.work()
    assert engine.path(instance)[-2:] == ["join", "after"]


def test_wcp_39_a_mutex_lets_one_step_in_at_a_time_in_order(engine):
    template = engine.publish(
        SPLIT | {"branches": ["a", "b", "c"]},
        act("a", "join", mutex="crm"),
        act("b", "join", mutex="crm"),
        act("c", "join"),
        merge(),
        act("after"),
    )
    instance = engine.start(template)
    messages = take(engine)
    assert set(messages) == {"a", "c"}
    assert engine.invariants() == []
    engine.report((messages["a"], ok()))
    messages |= take(engine)
    assert "b" in messages
    engine.report((messages["b"], ok()), (messages["c"], ok()))
    engine.work()
    assert engine.status(instance)["status"] == "completed"
    assert engine.invariants() == []


def test_wcp_17_40_interleaved_branches_of_several_steps_share_a_scope_mutex(engine):
    template = engine.publish(
        SPLIT | {"branches": ["x", "y"]},
        {"id": "x", "type": "scope", "body": "x1", "mutex": "m", "next": "join"},
        act("x1", "x2"),
        act("x2"),
        {"id": "y", "type": "scope", "body": "y1", "mutex": "m", "next": "join"},
        act("y1", "y2"),
        act("y2"),
        merge(next=None),
    )
    instance = engine.start(template)
    order = []
    while messages := engine.read():
        assert len(messages) == 1
        order.append(messages[0][2]["key"])
        engine.report((messages[0], ok()))
    assert order == ["x1", "x2", "y1", "y2"]
    assert engine.status(instance)["status"] == "completed"
    assert engine.invariants() == []


def test_a_mutex_is_passed_on_when_its_holder_fails_or_is_cancelled(engine):
    template = engine.publish(
        SPLIT | {"branches": ["a", "b"]},
        act("a", "join", mutex="m", on_error="continue"),
        {"id": "b", "type": "set", "values": {"b": 1}, "mutex": "m", "next": "c"},
        {"id": "c", "type": "set", "values": {"c": 1}, "mutex": "m", "next": "join"},
        merge(next=None),
    )
    instance = engine.start(template)
    messages = take(engine)
    engine.report((messages["a"], failed("http_4xx")))
    assert engine.status(instance)["status"] == "completed"
    assert engine.status(instance)["output"] == {"b": 1, "c": 1}


def test_wcp_37_only_the_branches_that_were_taken_are_waited_for(engine):
    template = engine.publish(
        SPLIT
        | {
            "mode": "matching",
            "branches": [{"next": "a", "when": "x > 0"}, {"next": "b", "when": "x > 1"}],
        },
        act("a", "join"),
        act("b", "join"),
        merge(),
        act("after"),
    )
    instance = engine.start(template, x=1)
    engine.work()
    assert engine.path(instance) == ["s", "a", "join", "after"]


def test_an_inner_split_without_a_merge_counts_as_one_arrival_at_once(engine):
    template = engine.publish(
        SPLIT | {"branches": ["inner", "c"]},
        {"id": "inner", "type": "split", "branches": ["a", "b"]},
        act("a", "join"),
        act("b", "join"),
        act("c", "join"),
        merge(wait_for="any", cancel_rest=False),
        act("after"),
    )
    instance = engine.start(template)
    messages = take(engine)
    engine.report((messages["a"], ok()))
    assert set(take(engine)) == {"after"}
    engine.report((messages["b"], ok()), (messages["c"], ok()))
    engine.admin.execute("update pgmq.q_automation_actions set vt = clock_timestamp()")
    engine.work()
    assert engine.path(instance).count("after") == 1
    assert engine.status(instance)["status"] == "completed"
    assert engine.invariants() == []


def test_parallel_branches_that_fail_cancel_their_siblings_with_their_instance(engine):
    instance = engine.start(three(engine))
    messages = take(engine)
    engine.report((messages["a"], failed("http_4xx")))
    assert engine.status(instance)["status"] == "failed"
    assert engine.report((messages["b"], ok()), (messages["c"], ok()))["accepted"] == 0
    assert engine.invariants() == []


def test_a_mutex_goes_on_to_the_next_when_the_first_in_line_has_gone(engine):
    instance = engine.start(
        engine.publish(
            {
                "id": "each",
                "type": "loop",
                "over": [1, 2],
                "body": "s",
                "max_concurrency": 2,
                "tolerated_failures": 1,
            },
            {"id": "s", "type": "split", "branches": ["a", "b"]},
            act("a", mutex="m"),
            act("b", mutex="m"),
        )
    )
    (message,) = engine.read()
    # the next in line is in the same turn, and fails with it
    engine.report((message, failed("http_4xx")))
    assert engine.invariants() == []
    assert engine.work() == 2
    assert engine.status(instance)["status"] == "completed"


def test_a_mutex_goes_on_to_the_next_when_the_first_is_cancelled_during_a_pause(engine):
    instance = engine.start(
        engine.publish(
            {"id": "s", "type": "split", "branches": ["a", "b", "c"]},
            act("a", mutex="m"),
            act("b", mutex="m"),
            act("c", mutex="m"),
        )
    )
    (message,) = engine.read()
    engine.call("app_backend", "pause_workflow", p_instance_id=instance)
    engine.report((message, ok()))
    engine.call("app_backend", "cancel_step", p_instance_id=instance, p_step="b")
    engine.call("app_backend", "resume_workflow", p_instance_id=instance)
    assert engine.work() == 1
    assert engine.status(instance)["status"] == "completed"
