"""Loops: turns over lists and conditions, their bounds, failures, results and what they contain."""

from engine import act, failed, if_, ok


def loop(step: str, body: str, next: str | None = None, **more: object) -> dict:
    return {"id": step, "type": "loop", "body": body, "next": next} | more


def turns(engine, instance, step="each"):
    return [
        r for r in engine.timeline(instance) if r["step"] == step and r["step_type"] == "iteration"
    ]


def finish(engine, answers=None):
    for _ in range(50):
        if not engine.work(answers) and not engine.tick():
            return


def test_wcp_14_a_loop_runs_its_body_once_for_each_item_in_order(engine):
    template = engine.publish(
        loop("each", "send", "after", over="{{input.leads}}", **{"as": "lead"}),
        act("send", config={"to": "{{lead.mail}}", "n": "{{loop.index}}", "of": "{{loop.count}}"}),
        act("after", config={"got": "{{steps.each.results}}"}),
    )
    instance = engine.start(template, input={"leads": [{"mail": "a"}, {"mail": "b"}]})
    first = engine.read()
    assert [m[2]["config"] for m in first] == [{"to": "a", "n": 0, "of": 2}]
    engine.report((first[0], ok({"sent": "a"})))
    second = engine.read()
    assert [m[2]["config"] for m in second] == [{"to": "b", "n": 1, "of": 2}]
    engine.report((second[0], ok({"sent": "b"})))
    third = engine.read()
    assert third[0][2]["config"] == {"got": [{"sent": "a"}, {"sent": "b"}]}
    engine.report((third[0], ok()))
    assert engine.status(instance)["status"] == "completed"
    assert engine.invariants() == []


def test_an_empty_list_completes_the_loop_at_once(engine):
    template = engine.publish(
        loop("each", "send", "after", over="{{input.leads}}"),
        act("send"),
        {"id": "after", "type": "set", "values": {"r": "{{steps.each}}"}},
        output={"r": "{{vars.r}}"},
    )
    instance = engine.start(template, input={"leads": []})
    assert engine.status(instance)["output"] == {
        "r": {"results": [], "count": 0, "completed": 0, "failed": 0}
    }
    assert engine.invariants() == []


def test_parallel_turns_run_up_to_max_concurrency_and_results_keep_the_order_of_items(engine):
    template = engine.publish(
        loop("each", "send", "after", over=[1, 2, 3, 4, 5], max_concurrency=2),
        act("send", config={"n": "{{loop.item}}"}),
        {"id": "after", "type": "set", "values": {"r": "{{steps.each.results}}"}},
    )
    instance = engine.start(template)
    seen = []
    while messages := engine.read():
        seen.append(sorted(m[2]["config"]["n"] for m in messages))
        for message in reversed(messages):
            engine.report((message, ok({"n": message[2]["config"]["n"]})))
    assert seen == [[1, 2], [3, 4], [5]]
    assert engine.status(instance)["output"]["r"] == [{"n": n} for n in (1, 2, 3, 4, 5)]
    assert engine.invariants() == []


def test_outputs_are_seen_in_their_own_turn_only(engine):
    template = engine.publish(
        loop("each", "ask", over=["a", "b"], max_concurrency=2),
        act("ask", "use", config={"n": "{{loop.item}}"}),
        act("use", config={"got": "{{steps.ask.value}}", "for": "{{loop.item}}"}),
    )
    instance = engine.start(template)
    asks = engine.read()
    engine.report(*[(m, ok({"value": m[2]["config"]["n"] * 2})) for m in reversed(asks)])
    uses = sorted((m[2]["config"]["for"], m[2]["config"]["got"]) for m in engine.read(lease=0))
    assert uses == [("a", "aa"), ("b", "bb")]
    finish(engine)
    assert engine.status(instance)["status"] == "completed"


def test_variables_of_a_turn_are_seen_there_only(engine):
    template = engine.publish(
        loop("each", "mine", "after", over=[1, 2], result="{{vars.mine}}"),
        {
            "id": "mine",
            "type": "set",
            "scope": "iteration",
            "values": {"mine": {"expr": "loop.item * 10"}},
            "next": "ours",
        },
        {"id": "ours", "type": "set", "values": {"ours": "{{vars.mine}}"}},
        {"id": "after", "type": "set", "values": {"r": "{{steps.each.results}}"}},
    )
    instance = engine.start(template)
    assert engine.status(instance)["output"] == {"ours": 20, "r": [10, 20]}
    assert engine.invariants() == []


def test_wcp_21_a_while_loop_asks_before_each_turn(engine):
    template = engine.publish(
        {"id": "zero", "type": "set", "values": {"n": 0}, "next": "again"},
        loop("again", "more", "after", **{"while": "n < 3"}, max_iterations=10),
        {"id": "more", "type": "set", "values": {"n": {"expr": "n + 1"}}},
        {"id": "after", "type": "set", "values": {"c": "{{steps.again.count}}"}},
    )
    instance = engine.start(template)
    assert engine.status(instance)["output"] == {"n": 3, "c": 3}


def test_an_until_loop_asks_after_each_turn(engine):
    template = engine.publish(
        loop("again", "more", **{"until": "n >= 1"}, max_iterations=10),
        {"id": "more", "type": "set", "values": {"n": 7}},
    )
    instance = engine.start(template)
    assert engine.status(instance)["output"] == {"n": 7}
    assert len(turns(engine, instance, "again")) == 1


def test_a_loop_that_would_turn_too_often_fails(engine):
    template = engine.publish(
        loop("again", "more", **{"while": "loop.index < 100"}, max_iterations=5),
        {"id": "more", "type": "set", "values": {"n": 7}},
    )
    instance = engine.start(template)
    assert engine.status(instance)["error"]["code"] == "loop_overrun"
    template = engine.publish(
        loop("each", "more", over=[1, 2, 3], max_iterations=2, on_error="continue", next="after"),
        act("more"),
        {"id": "after", "type": "set", "values": {"code": "{{steps.each.error.code}}"}},
    )
    instance = engine.start(template)
    assert engine.status(instance)["output"] == {"code": "loop_overrun"}
    assert engine.read() == []


def test_a_failed_turn_fails_the_loop_and_cancels_the_others(engine):
    template = engine.publish(
        loop("each", "send", over=[1, 2, 3], max_concurrency=3),
        act("send", config={"n": "{{loop.item}}"}),
    )
    instance = engine.start(template)
    messages = engine.read()
    engine.report((messages[1], failed("http_4xx")))
    status = engine.status(instance)
    assert (status["status"], status["error"]["code"], status["error"]["step"]) == (
        "failed",
        "boom",
        "send",
    )
    assert [t["status"] for t in turns(engine, instance)] == ["cancelled", "failed", "cancelled"]
    assert engine.report((messages[0], ok()))["stale"]
    assert engine.invariants() == []


def test_tolerated_failures_do_not_fail_the_loop(engine):
    template = engine.publish(
        loop("each", "send", "after", over=[1, 2, 3, 4, 5], tolerated_failures="20%"),
        act("send", config={"n": "{{loop.item}}"}),
        {"id": "after", "type": "set", "values": {"r": "{{steps.each}}"}},
    )
    instance = engine.start(template)
    finish(engine, lambda m: failed("http_4xx") if m["config"]["n"] == 2 else ok({"n": 1}))
    result = engine.status(instance)["output"]["r"]
    assert result["results"] == [{"n": 1}, None, {"n": 1}, {"n": 1}, {"n": 1}]
    assert (result["completed"], result["failed"]) == (4, 1)
    instance = engine.start(template)
    finish(engine, lambda m: failed("http_4xx") if m["config"]["n"] in (2, 4) else ok({"n": 1}))
    assert engine.status(instance)["status"] == "failed"


def test_wcp_34_35_a_loop_completes_when_so_many_turns_have_and_cancels_the_rest(engine):
    template = engine.publish(
        loop("each", "send", "after", over=[1, 2, 3, 4], max_concurrency=4, complete_when=2),
        act("send"),
        act("after", config={"n": "{{steps.each.completed}}"}),
    )
    instance = engine.start(template)
    messages = engine.read()
    engine.report((messages[0], ok()), (messages[3], ok()))
    after = engine.read()
    assert [m[2]["config"] for m in after] == [{"n": 2}]
    assert engine.report((messages[1], ok()))["stale"]
    engine.report((after[0], ok()))
    assert engine.status(instance)["status"] == "completed"
    assert engine.invariants() == []


def test_a_loop_may_go_on_and_let_the_rest_run_out_unseen(engine):
    template = engine.publish(
        loop(
            "each",
            "send",
            "after",
            over=[1, 2],
            max_concurrency=2,
            complete_when=1,
            cancel_rest=False,
        ),
        act("send"),
        act("after"),
    )
    instance = engine.start(template)
    messages = engine.read()
    engine.report((messages[0], ok()))
    assert engine.invariants() == []
    after = engine.read()
    assert [m[2]["key"] for m in after] == ["after"]
    engine.report((after[0], ok()))
    assert engine.status(instance)["status"] == "running"
    engine.report((messages[1], failed("http_4xx")))
    assert engine.status(instance)["status"] == "completed"
    assert engine.invariants() == []


def test_wcp_36_a_condition_over_the_turns_that_have_ended_completes_the_loop(engine):
    template = engine.publish(
        loop("each", "send", "after", over=[5, 50, 7], complete_when="loop.completed >= 2"),
        act("send", config={"n": "{{loop.item}}"}),
        {"id": "after", "type": "set", "values": {"n": "{{steps.each.completed}}"}},
    )
    instance = engine.start(template)
    finish(engine)
    assert engine.status(instance)["output"] == {"n": 2}


def test_scenario_08_a_split_inside_a_loop_merges_in_every_turn(engine):
    template = engine.publish(
        loop("each", "both", "after", over=[1, 2, 3]),
        {"id": "both", "type": "split", "branches": ["a", "b"]},
        act("a", "join"),
        act("b", "join"),
        {"id": "join", "type": "merge", "next": "done"},
        act("done"),
        act("after"),
    )
    instance = engine.start(template)
    finish(engine)
    path = [p for p in engine.path(instance) if p in ("a", "b", "join", "done", "after")]
    assert path == ["a", "b", "join", "done"] * 3 + ["after"]
    assert engine.status(instance)["status"] == "completed"
    assert engine.invariants() == []


def test_scenario_09_the_step_before_a_loop_runs_once(engine):
    template = engine.publish(
        act("before", "each"), loop("each", "send", over=[1, 2, 3]), act("send")
    )
    instance = engine.start(template)
    finish(engine)
    assert engine.path(instance).count("before") == 1
    assert engine.path(instance).count("send") == 3


def test_loops_nest_and_outer_items_stay_reachable_by_their_alias(engine):
    template = engine.publish(
        loop(
            "outer",
            "inner",
            "after",
            over=[[1, 2], [3]],
            result="{{steps.inner.results}}",
            **{"as": "row"},
        ),
        loop("inner", "cell", over="{{row}}", **{"as": "cell"}),
        {
            "id": "cell",
            "type": "set",
            "values": {"seen": {"append": "{{cell}}"}, "rows": {"append": "{{row}}"}},
        },
        {"id": "after", "type": "set", "values": {"r": "{{steps.outer.results}}"}},
    )
    instance = engine.start(template)
    output = engine.status(instance)["output"]
    assert output["seen"] == [1, 2, 3]
    assert output["rows"] == [[1, 2], [1, 2], [3]]
    assert [len(row) for row in output["r"]] == [2, 1]
    assert engine.invariants() == []


def test_stop_ends_a_branch_a_turn_or_the_loop(engine):
    template = engine.publish(
        loop("each", "which", "after", over=["skip", "go", "end", "never"]),
        {
            "id": "which",
            "type": "condition",
            "cases": [
                {"when": "loop.item = 'skip'", "next": "skip"},
                {"when": "loop.item = 'end'", "next": "end"},
            ],
            "default": "send",
        },
        {"id": "skip", "type": "stop", "scope": "iteration"},
        {"id": "end", "type": "stop", "scope": "loop"},
        act("send", config={"n": "{{loop.item}}"}),
        {"id": "after", "type": "set", "values": {"n": "{{steps.each.completed}}"}},
    )
    instance = engine.start(template)
    finish(engine)
    assert engine.path(instance).count("send") == 1
    assert engine.status(instance)["status"] == "completed"
    assert engine.status(instance)["output"]["n"] == 2
    assert engine.invariants() == []


def test_the_whole_loop_is_retried_with_its_items_as_they_are_then(engine):
    template = engine.publish(
        loop(
            "each",
            "send",
            "after",
            over=[1, 2],
            retry={"max_attempts": 2, "backoff": "PT0S"},
        ),
        act("send", config={"n": "{{loop.item}}"}),
        {"id": "after", "type": "set", "values": {"r": "{{steps.each}}"}},
    )
    instance = engine.start(template)
    answers = iter([ok({"n": 1}), failed("http_5xx"), ok({"n": 1}), ok({"n": 2})])
    finish(engine, lambda m: next(answers))
    status = engine.status(instance)
    assert status["output"]["r"] == {
        "results": [{"n": 1}, {"n": 2}],
        "count": 2,
        "completed": 2,
        "failed": 0,
    }
    assert engine.invariants() == []


def test_a_scope_is_an_error_boundary(engine):
    template = engine.publish(
        {"id": "unit", "type": "scope", "body": "a", "on_error": {"next": "mend"}, "next": "after"},
        {"id": "a", "type": "split", "branches": ["b", "c"]},
        act("b"),
        act("c"),
        {"id": "mend", "type": "set", "values": {"code": "{{steps.unit.error.code}}"}},
        act("after"),
    )
    instance = engine.start(template)
    messages = engine.read()
    engine.report((messages[0], failed("http_4xx")))
    assert engine.status(instance)["output"] == {"code": "boom"}
    assert engine.report((messages[1], ok()))["stale"]
    assert engine.invariants() == []


def test_a_scope_completes_with_the_last_output_of_its_body(engine):
    template = engine.publish(
        {"id": "unit", "type": "scope", "body": "a", "next": "after"},
        act("a", "b"),
        act("b"),
        {"id": "after", "type": "set", "values": {"x": "{{steps.unit.n}}", "y": "{{steps.a.n}}"}},
    )
    instance = engine.start(template)
    finish(engine, {"a": ok({"n": 1}), "b": ok({"n": 2})})
    assert {k: engine.status(instance)["output"][k] for k in "xy"} == {"x": 2, "y": 1}


def test_a_condition_in_a_turn_reads_the_state_of_its_own_turn(engine):
    template = engine.publish(
        loop("each", "send", over=[1, 2]),
        act("send", "check", on_error="continue", config={"n": "{{loop.item}}"}),
        if_("check", "status.send = 'failed'", "bad"),
        {"id": "bad", "type": "set", "values": {"bad": {"append": "{{loop.item}}"}}},
    )
    instance = engine.start(template)
    finish(engine, lambda m: failed("http_4xx") if m["config"]["n"] == 1 else ok())
    assert engine.status(instance)["output"] == {"bad": [1]}


def test_a_scope_whose_time_runs_out_with_that_of_a_step_inside_fails_once(engine):
    template = engine.publish(
        {
            "id": "unit",
            "type": "scope",
            "body": "a",
            "timeout": "PT1M",
            "retry": {"max_attempts": 3, "backoff": "PT1H"},
        },
        act("a", timeout="PT1M"),
    )
    instance = engine.start(template)
    engine.read()
    engine.admin.execute("update automation_private.timers set due_at = clock_timestamp()")
    engine.tick()
    (unit,) = [r for r in engine.timeline(instance) if r["step"] == "unit"]
    assert (unit["status"], unit["attempts"]) == ("waiting", 2)


def test_scopes_inside_each_other_that_fail_together_use_one_attempt(engine):
    retry = {"max_attempts": 3, "backoff": "PT1H", "retry_on": ["http_5xx"]}
    template = engine.publish(
        {"id": "outer", "type": "scope", "body": "s", "retry": retry},
        {"id": "s", "type": "split", "branches": ["inner", "two"]},
        {"id": "inner", "type": "scope", "body": "one"},
        act("one"),
        act("two"),
    )
    instance = engine.start(template)
    one, two = engine.read()
    engine.report((one, failed()), (two, failed()))
    (outer,) = [r for r in engine.timeline(instance) if r["step"] == "outer"]
    assert (outer["status"], outer["attempts"]) == ("waiting", 2)


def test_sets_of_parallel_turns_read_what_they_read_once_each(engine):
    template = engine.publish(
        loop("each", "add", over="{{input.list}}", max_concurrency=60),
        {"id": "add", "type": "set", "values": {"seen": {"append": "{{loop.item}}"}}},
    )
    engine.admin.execute(f"alter database {engine.database.name} set track_functions = 'all'")
    engine.client = engine.database.connect("app_backend", org=engine.org)
    instance = engine.start(template, input={"list": list(range(60))})
    engine.client.execute("select pg_stat_force_next_flush()")
    assert engine.status(instance)["output"]["seen"] == list(range(60))
    (calls,) = engine.admin.execute(
        "select calls from pg_stat_user_functions where funcname = 'build_context'"
    ).fetchone()
    assert calls < 200
