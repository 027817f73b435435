"""Bodies of loops and scopes, and joins: what is refused, where, and what is stored."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from tests.definition_tools import (
    STOP,
    act,
    errors,
    if_,
    loop,
    merge,
    register_actions,
    scope,
    set_,
    split,
)


@pytest.fixture
def client(database, orgs):
    """A client of organisation a, where some actions are registered."""
    register_actions(database.connect("ops"))
    return database.connect("app_backend", org=orgs.a)


def found(client, cases: dict[str, tuple[list[dict], list[str]]]) -> dict[str, list[str]]:
    return {name: errors(client, {"steps": steps}) for name, (steps, _) in cases.items()}


def expected(cases: dict[str, tuple[list[dict], list[str]]]) -> dict[str, list[str]]:
    return {name: errors for name, (_, errors) in cases.items()}


# a to e are actions, l and k loops, r and q scopes, s and t splits, m and n merges, i a condition
# fmt: off
REGIONS = {
    "a body and what follows": ([loop("l", "a", "c"), act("a", "b"), act("b"), act("c")], []),
    "a body within a body": (
        [loop("l", "k", "c"), loop("k", "a", "b"), act("a"), act("b"), act("c")],
        []),
    "a way back within a body": (
        [loop("l", "a", "c"), act("a", "i"), if_("i", "a", "b"), act("b"), act("c")],
        []),
    "a way back around a loop": (
        [act("a", "l"), loop("l", "b", "i"), act("b"), if_("i", "a", "c"), act("c")],
        []),
    "a diamond in a body": (
        [loop("l", "s"), split("s", "a", "b"), act("a", "m"), act("b", "m"), merge("m", "c"),
            act("c")],
        []),
    "a loop in a branch": (
        [split("s", "l", "b"), loop("l", "a", "m"), act("a"), act("b", "m"), merge("m")],
        []),
    "what fails in a body is handled there": (
        [scope("r", "a", "c"), act("a", on_error={"next": "b"}), act("b"), act("c")],
        []),
    "what a loop does when it fails stands around it": (
        [loop("l", "a", "c", on_error={"next": "b"}), act("a"), act("b", "c"), act("c")],
        []),
    "out of a body": (
        [loop("l", "a", "c"), act("a", "c"), act("c")],
        ["/steps/1/next jumps_out_of_body"]),
    "out of a body, further on": (
        [loop("l", "a", "c"), act("a", "d"), act("c", "d"), act("d")],
        ["/steps/1/next jumps_out_of_body"]),
    "out of a body to its loop": (
        [loop("l", "a", "c"), act("a", "l"), act("c")],
        ["/steps/1/next jumps_out_of_body"]),
    "out of a body to what comes before": (
        [act("d", "l"), loop("l", "a"), if_("i", "d"), act("a", "i")],
        ["/steps/2/true_next jumps_out_of_body"]),
    "out of a body to the start of the one around": (
        [loop("l", "a"), act("a", "k"), loop("k", "b"), act("b", "a")],
        ["/steps/3/next jumps_out_of_body"]),
    "out of a scope": (
        [scope("r", "a", "c"), act("a", on_error={"next": "c"}), act("c")],
        ["/steps/1/on_error/next jumps_out_of_body"]),
    "out of two bodies": (
        [loop("l", "k", "c"), scope("k", "a"), act("a", "c"), act("c")],
        ["/steps/2/next jumps_out_of_body"]),
    "into a body": (
        [if_("i", "l", "d"), loop("l", "a", "c"), act("a", "b"), act("b"), act("c"),
            act("d", "b")],
        ["/steps/5/next jumps_into_body"]),
    "into the beginning of a body": (
        [if_("i", "l", "a"), loop("l", "a", "c"), act("a"), act("c")],
        ["/steps/0/false_next jumps_into_body"]),
    "back into the beginning of a body": (
        [loop("l", "a", "c"), act("a"), act("c", "a")],
        ["/steps/2/next jumps_into_body"]),
    "from one body into another": (
        [loop("l", "a", "k"), act("a", "b"), loop("k", "b"), act("b")],
        ["/steps/1/next jumps_into_body"]),
    "two loops with one body": (
        [loop("l", "a", "k"), act("a"), loop("k", "a")],
        ["/steps/2/body jumps_into_body"]),
    "a body that begins outside": (
        [act("a", "l"), loop("l", "a")],
        ["/steps/1/body jumps_out_of_body"]),
    "a body of one's own": ([loop("l", "l")], ["/steps/0/body jumps_out_of_body"]),
    "a body of the beginning": (
        [act("d", "a"), act("a", "l"), loop("l", "a")],
        ["/steps/0/next jumps_into_body"]),
    "a body that is missing": (
        [loop("l", "x"), scope("r", "y")],
        ["/steps/0/body unknown_step", "/steps/1 unreachable_step", "/steps/1/body unknown_step"]),
    "a body that is misspelt": (
        [loop("each_lead", "mail_lead")],
        ["/steps/0/body unknown_step"]),
    "several jumps": (
        [loop("l", "a", "c"), act("a", "c", on_error={"next": "l"}), act("c")],
        ["/steps/1/next jumps_out_of_body", "/steps/1/on_error/next jumps_out_of_body"]),
}
# fmt: on


def test_bodies_are_entered_by_their_loop_and_left_by_ending(client):
    assert found(client, REGIONS) == expected(REGIONS)


# fmt: off
JOINS = {
    "a merge in a body, its split around the loop": (
        [split("s", "l", "b"), loop("l", "a"), act("a", "m"), merge("m", split="s"),
            act("b")],
        ["/steps/3 no_enclosing_split"]),
    "a merge in a body without a split": (
        [loop("l", "a"), act("a", "m"), merge("m")],
        ["/steps/2 no_enclosing_split"]),
    "a merge in a scope within a branch": (
        [split("s", "r", "b"), scope("r", "m"), merge("m"), act("b")],
        ["/steps/2 no_enclosing_split"]),
    "a merge of branches in and around a body": (
        [loop("l", "i"), if_("i", "s", "m"), split("s", "a", "b"), act("a", "m"), act("b", "m"),
            merge("m")],
        ["/steps/5 ambiguous_scope"]),
    "different merges in a body": (
        [loop("l", "s"), split("s", "a", "b"), act("a", "m"), act("b", "n"), merge("m"),
            merge("n")],
        ["/steps/1/branches different_merges"]),
    "every way to wait": (
        [split("s", "a", "m"), act("a", "m"), merge("m", "t", wait_for="any", cancel_rest=False),
            split("t", "b", "n"), act("b", "n"), merge("n", "u", wait_for=2, blocking=True),
            split("u", "o", "o", count=3), merge("o", wait_for="each")],
        []),
    "ways to wait that there are not": (
        [split("s", "t", "m"), split("t", "n", "n"), merge("n", "m", wait_for="some",
            cancel_rest=1, blocking="yes"), merge("m", "u", wait_for=0),
            split("u", "o"), merge("o", wait_for="each", cancel_rest=True)],
        ["/steps/2/blocking wrong_type", "/steps/2/cancel_rest wrong_type",
            "/steps/2/wait_for unknown_mode", "/steps/3/wait_for out_of_range",
            "/steps/5/cancel_rest conflicting_keys"]),
    "a join of steps": (
        [split("s", "a", "b"), act("a", "m"), act("b", "m"), merge("m", **{"from": ["a", "b"]})],
        []),
    "a join without a split": (
        [act("a", "m"), merge("m", **{"from": ["a"]})],
        []),
    "a join of nothing": (
        [act("a", "m"), merge("m", **{"from": []})],
        ["/steps/1/from empty_list"]),
    "a join of what is not": (
        [act("a", "m"), merge("m", **{"from": ["a", "x", 5]})],
        ["/steps/1/from/1 unknown_step", "/steps/1/from/2 wrong_type"]),
    "a join of what leads elsewhere": (
        [split("s", "a", "b"), act("a", "m"), act("b", "c"), act("c"),
            merge("m", **{"from": ["a", "b", "a"]})],
        ["/steps/4/from/1 no_predecessor", "/steps/4/from/2 duplicate_id"]),
    "a join that leaves one out": (
        [split("s", "a", "b"), act("a", "m"), act("b", "m"), merge("m", **{"from": ["a"]})],
        ["/steps/3/from unlisted_predecessor"]),
    "a join out of several splits": (
        [split("s", "t", "c"), split("t", "a", "b"), act("a", "m"), act("b"), act("c", "m"),
            merge("m", **{"from": ["a", "c"]})],
        ["/steps/5 ambiguous_scope"]),
    "a join with the keys of a merge": (
        [act("a", "m"), merge("m", wait_for=1, cancel_rest=True, split="a", blocking=True,
            **{"from": ["a"]})],
        ["/steps/1/blocking unused_key", "/steps/1/cancel_rest unused_key",
            "/steps/1/split not_a_split", "/steps/1/split unused_key",
            "/steps/1/wait_for unused_key"]),
    "a blocking merge whose split has a mutex": (
        [split("s", "a", "m", mutex="x"), act("a", "m"), merge("m", blocking=True)],
        ["/steps/2/blocking conflicting_keys"]),
}

SPLITS = {
    "by chance": (
        [split("s", {"next": "a", "weight": 30}, {"weight": 70, "name": "holdout"}, mode="random",
            key="{{trigger.entity.id}}"), STOP],
        []),
    "weights that do not sum": (
        [split("s", {"next": "a", "weight": 30}, {"weight": 60}, mode="random"), STOP],
        ["/steps/0/branches weights_do_not_sum"]),
    "weights that are none": (
        [split("s", {"next": "a", "weight": "30"}, {"weight": 101}, {"weight": 0.5}, "a",
            mode="random"), STOP],
        ["/steps/0/branches/0/weight wrong_type", "/steps/0/branches/1/weight out_of_range",
            "/steps/0/branches/2/weight out_of_range", "/steps/0/branches/3 missing_key"]),
    "weights without chance": (
        [split("s", {"next": "a", "weight": 100}, key="x"), STOP],
        ["/steps/0/branches/0/weight unused_key", "/steps/0/key unused_key"]),
    "guards and chance": (
        [split("s", {"next": "a", "weight": 100, "when": "x > 1"}, mode="random", default="a",
            count=2), STOP],
        ["/steps/0/count unused_key", "/steps/0/default unused_key",
            "/steps/0/mode conflicting_keys"]),
    "more branches than steps": (
        [split("s", *["s"] * 501)],
        ["/steps/0/branches out_of_range"]),
    "as often as said": ([split("s", "a", count="{{vars.n}}"), STOP], []),
    "a count that is none": (
        [split("s", "a", "t", count=0), STOP, split("t", "u", count="many"),
            split("u", *["v"] * 11, count=1000), act("v", "w"), split("w", "x", count=[1]),
            act("x")],
        ["/steps/0/count out_of_range", "/steps/2/count wrong_type", "/steps/3/count out_of_range",
            "/steps/5/count wrong_type"]),
}

LOOPS = {
    "every key": (
        [loop("l", "a", "b", **{"as": "lead", "max_concurrency": 5, "max_iterations": 2000,
            "complete_when": "loop.completed >= 3", "cancel_rest": False,
            "tolerated_failures": "20%", "result": {"x": "{{steps.a.x}}", "of": "{{lead.id}}"},
            "retry": {"max_attempts": 2}, "timeout": "P1D", "mutex": "x", "save_as": "results",
            "on_error": "continue"}), act("a"), act("b")],
        []),
    "as long as": (
        [loop("l", "a", "k", max_iterations=5, **{"while": "loop.index < 3"}), act("a"),
            loop("k", "b", max_iterations=5, complete_when=2, **{"until": "vars.done = true"}),
            act("b")],
        []),
    "no body, no end": (
        [{"id": "l", "type": "loop"}],
        ["/steps/0 missing_key", "/steps/0 missing_key"]),
    "two kinds": (
        [loop("l", "a", over=[1], **{"while": "x > 1"}), act("a")],
        ["/steps/0 conflicting_keys"]),
    "while without a bound": (
        [loop("l", "a", max_concurrency=2, **{"while": "x > 1"}), act("a")],
        ["/steps/0 missing_key", "/steps/0/max_concurrency unused_key"]),
    "bounds": (
        [loop("l", "a", max_iterations=10001, max_concurrency=0, complete_when=0,
            tolerated_failures="120%", cancel_rest="no"), act("a")],
        ["/steps/0/cancel_rest wrong_type", "/steps/0/complete_when out_of_range",
            "/steps/0/max_concurrency out_of_range", "/steps/0/max_iterations out_of_range",
            "/steps/0/tolerated_failures out_of_range"]),
    "over what is no list": (
        [loop("l", "a", "k", over="leads"), act("a"), loop("k", "b", "j", over=[]), act("b"),
            loop("j", "c", over={"a": 1}), act("c")],
        ["/steps/0/over wrong_type", "/steps/2/over empty_list", "/steps/4/over wrong_type"]),
    "names": (
        [loop("l", "a", "k", **{"as": "vars"}), act("a"), loop("k", "b", **{"as": "a b"}),
            act("b")],
        ["/steps/0/as reserved_name", "/steps/2/as invalid_name"]),
    "conditions": (
        [loop("l", "a", complete_when="loop.completed >", max_iterations=3,
            **{"until": "x = null"}), act("a")],
        ["/steps/0/complete_when syntax", "/steps/0/until null_comparison"]),
    "a result with a secret": (
        [loop("l", "a", result="{{secrets.x}}"), act("a")],
        ["/steps/0/result secret_not_allowed"]),
    "keys that a loop has not": (
        [loop("l", "a", cancel_rest=True, config={}), act("a")],
        ["/steps/0/cancel_rest unused_key", "/steps/0/config unknown_key"]),
    "a scope": (
        [scope("r", None, over=[1]), scope("q", 5)],
        ["/steps/0/body wrong_type", "/steps/0/over unknown_key", "/steps/1 unreachable_step",
            "/steps/1/body wrong_type"]),
}
# fmt: on


def test_merges_join_branches_of_their_own_body(client):
    assert found(client, JOINS) == expected(JOINS)


def test_splits_say_how_often_and_by_which_weights(client):
    assert found(client, SPLITS) == expected(SPLITS)


def test_loops_and_scopes_are_checked(client):
    assert found(client, LOOPS) == expected(LOOPS)


def read(reference: str, id: str = "a", next: str | None = None, **more: Any) -> dict:
    return act(id, next, config={"x": f"{{{{{reference}}}}}"}, **more)


# fmt: off
READS = {
    "the item in the body, in inner bodies and what they contain": (
        [loop("l", "k", **{"as": "lead"}), loop("k", "r", over="{{lead.list}}"), scope("r", "a"),
            read("lead.x", next="b"), read("loop.index", id="b", next="i"),
            if_("i", condition="lead.x > loop.count"),
            ],
        []),
    "the loop and its item around it": (
        [read("loop.index", next="l"), loop("l", "b", "i", **{"as": "lead"}),
            read("lead.x", id="b"), if_("i", condition="lead.x > 1", true="c"),
            set_({"x": {"expr": "lead.x + 1"}}, id="c")],
        ["/steps/0 no_enclosing_loop", "/steps/3/condition no_enclosing_loop",
            "/steps/4/values/x/expr no_enclosing_loop"]),
    "an item of another loop": (
        [loop("l", "a", "k", **{"as": "lead"}), read("lead.x"), loop("k", "b", **{"as": "post"}),
            read("lead.x", id="b", next="c"), read("vars.lead", id="c")],
        ["/steps/3 no_enclosing_loop"]),
    "the list of a loop is read around it": (
        [loop("l", "a", over="{{lead.list}}", **{"as": "lead"}), act("a")],
        ["/steps/0 no_enclosing_loop"]),
    "a scope is no loop": ([scope("r", "a"), read("loop.index")], ["/steps/1 no_enclosing_loop"]),
    "a loop's own conditions know no item": (
        [loop("l", "a", max_iterations=3, complete_when="lead.x > 1 or loop.completed > 1",
            **{"as": "lead", "until": "lead.x > 1 or loop.index > 1"}), act("a")],
        ["/steps/0/complete_when no_enclosing_loop", "/steps/0/until no_enclosing_loop"]),
    "steps of a body, from the body": (
        [act("e", "l"), loop("l", "a", "d", result=["{{steps.b.x}}", "{{steps.e.x}}"]),
            read("steps.e.x", next="b"), read("steps.a.x", id="b"),
            read("steps.l.results", id="d")],
        []),
    "steps of a body, from around it": (
        [loop("l", "a", "b"), act("a"), read("steps.a.x", id="b", next="i"),
            if_("i", condition="steps.a.x > 1")],
        ["/steps/2 step_is_in_loop", "/steps/3/condition step_is_in_loop"]),
    "steps of a body, in the loop's condition": (
        [loop("l", "a", max_iterations=3, **{"while": "steps.a.x > 1"}), act("a")],
        ["/steps/0/while step_is_in_loop"]),
    "steps of an inner body": (
        [loop("l", "k", result="{{steps.a.x}}"), loop("k", "a", "b", result="{{steps.a.x}}"),
            act("a"), read("steps.a.x", id="b")],
        ["/steps/0/result step_is_in_loop", "/steps/3 step_is_in_loop"]),
    "steps that come later in a body": (
        [loop("l", "a"), read("steps.b.x", next="b"), act("b")],
        ["/steps/1 step_cannot_have_run"]),
    "a loop from its own body": (
        [loop("l", "a"), read("steps.l.results")],
        ["/steps/1 step_cannot_have_run"]),
    "steps behind the loop, from its body": (
        [loop("l", "a", "b"), read("steps.b.x"), act("b")],
        ["/steps/1 step_cannot_have_run"]),
    "steps of scopes, afterwards": (
        [scope("r", "q", "c"), scope("q", "a"), act("a", "b"), act("b"),
            read("steps.a.x", id="c", next="d"), read("steps.b.x", id="d")],
        []),
    "steps of scopes, beside them": (
        [if_("i", "r", "b"), scope("r", "a"), act("a"), read("steps.a.x", id="b")],
        ["/steps/3 step_cannot_have_run"]),
    "steps of a scope in a loop": (
        [loop("l", "r", "c", result="{{steps.a.x}}"), scope("r", "a", "b"), act("a"),
            read("steps.a.x", id="b"), read("steps.a.x", id="c")],
        ["/steps/4 step_is_in_loop"]),
    "variables of a turn, and ends of turns, without a loop": (
        [set_({"x": 1}, scope="iteration", id="c", next="s"),
            split("s", "a", "b", "d"), STOP | {"scope": "loop"},
            STOP | {"id": "b", "scope": "iteration"}, STOP | {"id": "d", "scope": "branch"}],
        ["/steps/0/scope no_enclosing_loop", "/steps/2/scope no_enclosing_loop",
            "/steps/3/scope no_enclosing_loop"]),
    "variables of a turn, and ends of turns": (
        [loop("l", "c"), set_({"x": 1}, scope="iteration", id="c", next="i"), if_("i", "a", "r"),
            STOP | {"scope": "loop"}, scope("r", "b"), STOP | {"id": "b", "scope": "iteration"}],
        []),
    "scopes that there are not": (
        [set_({"x": 1}, scope="loop", next="b"), STOP | {"id": "b", "scope": "turn"}],
        ["/steps/0/scope unknown_mode", "/steps/1/scope unknown_mode"]),
    "what undoes a step reads what the step could, and the step": (
        [act("c", "a"), act("a", "b", compensate={"action": "notify",
            "config": {"to": "{{steps.a.id}} {{steps.c.id}} {{steps.b.id}}"}}), act("b")],
        ["/steps/1/compensate step_cannot_have_run"]),
}

ACTIONS = {
    "undone and kept": (
        [act("a", compensate={"action": "notify", "config": {"to": "{{vars.x}}"}},
            cache={"key": "{{vars.x}}", "ttl": "1 hour"}, mutex="x")],
        []),
    "undone by nothing": (
        [act("a", "b", compensate={}), act("b", "c", compensate="notify"),
            act("c", compensate={"action": "notfy", "retry": {}})],
        ["/steps/0/compensate missing_key", "/steps/1/compensate wrong_type",
            "/steps/2/compensate/action unknown_action", "/steps/2/compensate/retry unknown_key"]),
    "undone wrongly": (
        [act("a", compensate={"action": "notify", "config": {"tp": "x", "to": "{{secrets.x}}",
            "any": "{{x"}})],
        ["/steps/0/compensate/config/any template_syntax",
            "/steps/0/compensate/config/to secret_not_allowed",
            "/steps/0/compensate/config/tp unknown_key"]),
    "kept wrongly": (
        [act("a", "b", cache={"key": 5}), act("b", "c", cache={"ttl": "PT0S", "key": "x", "n": 1}),
            act("c", cache=True)],
        ["/steps/0/cache missing_key", "/steps/0/cache/key wrong_type",
            "/steps/1/cache/n unknown_key", "/steps/1/cache/ttl out_of_range",
            "/steps/2/cache wrong_type"]),
    "a mutex that is held around it": (
        [scope("r", "l", "s", mutex="x"), loop("l", "a", mutex="y"), act("a", mutex="x"),
            split("s", "b", "m", mutex="z"), act("b", "m", mutex="z"), merge("m", "c", mutex="z"),
            act("c", mutex="z")],
        ["/steps/2/mutex mutex_is_held", "/steps/4/mutex mutex_is_held",
            "/steps/5/mutex mutex_is_held"]),
    "mutexes that are taken in two orders": (
        [scope("s", "a", "t", mutex="m"), act("a", mutex="n"),
            scope("t", "b", mutex="n"), act("b", mutex="m")],
        ["/steps/1/mutex mutexes_cross", "/steps/3/mutex mutexes_cross"]),
    "a mutex that is no name": (
        [act("a", "b", mutex="a b"), act("b", mutex="{{vars.x}}")],
        ["/steps/0/mutex invalid_name", "/steps/1/mutex invalid_name"]),
    "retry and timeout where nothing stands open": (
        [if_("i", "s", retry={}, timeout="PT1M"),
            split("s", "r", "m", timeout="PT1M", retry={"max_attempts": 2}),
            scope("r", "a", "m", retry={"max_attempts": 2}, timeout="PT1M"), act("a"),
            merge("m", timeout="PT1M")],
        ["/steps/0/retry unsupported_key", "/steps/0/timeout unsupported_key",
            "/steps/1/retry unsupported_key", "/steps/4/timeout unsupported_key"]),
}
# fmt: on


def test_steps_read_what_they_can_see(client):
    assert found(client, READS) == expected(READS)


def test_what_undoes_a_step_and_what_is_kept_are_checked(client):
    assert found(client, ACTIONS) == expected(ACTIONS)


def test_the_output_sees_no_loop(client):
    definition = {
        "steps": [loop("l", "a", **{"as": "lead"}), act("a")],
        "output": {
            "a": "{{steps.a.x}}",
            "b": "{{loop.index}}",
            "c": "{{lead.x}}",
            "d": "{{steps.l.results}}",
        },
    }
    assert errors(client, definition) == [
        "/output no_enclosing_loop",
        "/output no_enclosing_loop",
        "/output step_is_in_loop",
    ]
    definition["output"] = {"a": "{{steps.l.results}}", "b": "{{vars.lead}}"}
    assert errors(client, definition) == []


@pytest.fixture
def store(database, client):
    """Store a definition as publishing does; its row, and its steps by id."""
    admin = database.connect()
    admin.row_factory = dict_row

    def store(*steps, **document):
        template = client.execute(
            "select automation.create_template(%s, %s)",
            [str(uuid.uuid4()), Jsonb(document | {"steps": list(steps)})],
        ).fetchone()[0]
        client.execute("select automation.publish_template(%s)", [template])
        row = admin.execute(
            "select d.* from automation.workflow_templates as t"
            " join automation.workflow_definitions as d"
            " on d.org_id = t.org_id and d.definition_id = t.published_definition_id"
            " where t.template_id = %s",
            [template],
        ).fetchone()
        found = admin.execute(
            "select * from automation.workflow_definition_steps where definition_id = %s"
            " order by step_order",
            [row["definition_id"]],
        ).fetchall()
        return row, {step["step_key"]: step for step in found}

    return store


def test_loops_are_compiled(store):
    row, steps = store(
        loop(
            "each",
            "one",
            "again",
            max_concurrency=3,
            complete_when="loop.completed >= 2",
            tolerated_failures="20%",
            result={"of": "{{lead.id}}"},
            timeout="P1D",
            save_as="all",
            retry={"max_attempts": 2},
            on_error={"next": "end"},
            **{"as": "lead"},
        ),
        read("lead.x", id="one"),
        loop("again", "two", "end", over=[1, "{{vars.x}}"], complete_when=2, cancel_rest=False),
        act("two"),
        loop("end", "three", max_iterations=5, **{"until": "loop.index > x"}),
        act("three"),
    )
    each, again, end = steps["each"], steps["again"], steps["end"]
    assert each["options"] == {
        "kind": "over",
        "as": "lead",
        "max_iterations": 1000,
        "max_concurrency": 3,
        "cancel_rest": True,
        "tolerated_failures": "20%",
    }
    assert (each["runs"], each["step_type"], each["saves"], each["save_as"]) == (
        "loop",
        "loop",
        "key",
        "all",
    )
    assert (each["body_order"], each["next_order"], each["error_order"]) == (2, 3, 5)
    assert each["params"] == {"over": "{{vars.items}}", "timeout": "P1D"}
    assert (each["retry"]["max_attempts"], each["timeout_is_set"]) == (2, True)
    assert [(c["name"], bool(c["path"])) for c in each["cases"]] == [("complete_when", True)]
    assert each["result"]
    assert each["result_bindings"]
    assert each["condition"] is None
    assert sorted(each["reads"]) == ["lead", "loop", "vars"]
    assert steps["one"]["reads"] == ["lead"]
    assert again["options"]["complete_when"] == 2
    assert again["options"]["cancel_rest"] is False
    assert again["params"]["over"][0] == 1
    assert (again["saves"], again["cases"], again["result"]) == ("none", None, None)
    assert end["options"] == {
        "kind": "until",
        "max_iterations": 5,
        "max_concurrency": 1,
        "cancel_rest": True,
        "tolerated_failures": 0,
    }
    assert (end["params"], end["body_order"], end["next_order"]) == ({}, 6, 0)
    assert end["condition"]
    assert row["features"] == ["loop"]


def test_scopes_are_compiled(store):
    row, steps = store(
        scope("r", "a", "b", mutex="till", timeout="PT1H", retry={}), act("a"), act("b")
    )
    r = steps["r"]
    assert (r["runs"], r["body_order"], r["next_order"], r["mutex"]) == ("scope", 2, 3, "till")
    assert (r["saves"], r["options"], r["retry"]["max_attempts"]) == ("none", {}, 3)
    assert row["features"] == ["mutex"]


def test_merges_are_compiled(store):
    row, steps = store(
        split("s", "a", "m"),
        act("a", "m"),
        merge("m", "t", wait_for="any"),
        split("t", "b", "n", count=2),
        act("b", "n"),
        merge("n", "u", wait_for=3, cancel_rest=False, blocking=True),
        split("u", "c", "d"),
        act("c", "o"),
        act("d", "o"),
        merge("o", "v", **{"from": ["d", "c"]}),
        split("v", "p", "p"),
        merge("p", wait_for="each"),
    )
    assert {k: steps[k]["options"] for k in "mnop"} == {
        "m": {"wait_for": 1, "cancel_rest": True},
        "n": {"wait_for": 3, "cancel_rest": False},
        "o": {"wait_for": "all", "cancel_rest": False},
        "p": {"wait_for": "each", "cancel_rest": False},
    }
    assert [steps[k]["partner_order"] for k in "smtnuovp"] == [3, 1, 6, 4, 0, 0, 12, 11]
    assert [steps[k]["mutex"] for k in "stmn"] == [None, "#n", None, None]
    assert steps["o"]["from_orders"] == [9, 8]
    assert steps["n"]["from_orders"] is None
    assert (steps["t"]["branches"], steps["t"]["options"]) == (
        [5, 6],
        {"mode": "all", "count": 2},
    )
    assert row["features"] == ["from", "mutex"]


def test_splits_are_compiled(store):
    _, steps = store(
        split(
            "chance",
            {"next": "some", "weight": 10, "name": "new"},
            {"next": "many", "weight": 60},
            {"weight": 25},
            {"weight": 5, "name": "control"},
            mode="random",
            key="{{trigger.entity.id}}",
        ),
        split("some", {"next": "a", "when": "x > 1"}, "b", count=2),
        split("many", "a", "b", count="{{vars.n}}", timeout="PT5M"),
        act("a"),
        act("b"),
    )
    chance, some, many = steps["chance"], steps["some"], steps["many"]
    assert chance["options"] == {"mode": "random", "weights": [10, 60, 25, 5]}
    assert chance["branches"] == [2, 3, 0, 0]
    assert chance["branch_names"] == ["new", "many", "holdout", "control"]
    assert chance["params"]["key"]
    assert chance["bindings"]
    assert [(c["name"], c["order"]) for c in some["cases"]] == [("a", 4), ("b", 5)]
    assert some["options"] == {"mode": "matching", "count": 2}
    assert (many["branches"], many["options"]) == ([4, 5], {"mode": "all"})
    assert set(many["params"]) == {"count", "timeout"}


def test_compensation_is_compiled_to_steps_behind_all_others(store):
    undo = {"action": "persist", "config": {"of": "{{steps.a.id}}"}}
    row, steps = store(
        act("a", "b", compensate=undo, cache={"key": "{{vars.x}}", "ttl": "2 hours"}),
        act("b", "c"),
        act("c", compensate={"action": "notify"}),
        settings={"on_failure": "rollback"},
    )
    assert [(s["step_key"], s["step_order"], s["compensate_order"]) for s in steps.values()] == [
        ("a", 1, 1001),
        ("b", 2, None),
        ("c", 3, 1003),
        ("a.undo", 1001, None),
        ("c.undo", 1003, None),
    ]
    a, first, second = steps["a"], steps["a.undo"], steps["c.undo"]
    assert (first["step_type"], first["runs"], first["action"]) == (
        "compensation",
        "external",
        "persist",
    )
    assert (first["error_order"], first["next_order"], first["saves"]) == (0, 0, "none")
    assert (first["reads"], first["retry"]["max_attempts"]) == (["steps.a"], 4)
    assert set(first["params"]) == {"config"}
    assert first["bindings"]
    assert first["source"] == undo
    assert (second["reads"], second["retry"], second["bindings"]) == (None, None, None)
    assert (a["output_is_read"], a["reads"]) == (True, ["vars"])
    assert a["options"] == {"cache": {"ttl": 7200}}
    assert set(a["params"]) == {"config", "cache"}
    assert set(a["params"]["cache"]) == {"key"}
    assert row["steps_total"] == 3
    assert row["features"] == ["compensate"]
    assert row["settings"]["on_failure"] == "rollback"


def test_what_ends_a_turn_is_compiled(store):
    _, steps = store(
        loop("l", "a"),
        set_({"x": 1}, scope="iteration", next="b"),
        STOP | {"id": "b", "scope": "iteration"},
    )
    assert steps["a"]["options"] == {"scope": "iteration"}
    assert steps["b"]["params"] == {"status": "completed", "scope": "iteration"}


ids = st.sampled_from("abcdefgh")
ways = st.none() | ids
graphs = st.lists(
    st.tuples(st.sampled_from(["act", "if", "split", "loop", "scope"]), ways, ways),
    min_size=2,
    max_size=8,
)


def draw(graph: list[tuple]) -> list[dict]:
    """Steps a, b, c, … of a graph; ways to steps that there are not lead nowhere."""
    known = "abcdefgh"[: len(graph)]
    steps = []
    for id, (kind, one, other) in zip(known, graph, strict=False):
        one, other = (way if way and way in known else None for way in (one, other))
        body = other or known[-1]
        match kind:
            case "act":
                steps.append(act(id, one))
            case "if":
                steps.append(if_(id, one, other))
            case "split":
                steps.append(split(id, body, body if one is None else one))
            case "loop":
                steps.append(loop(id, body, one))
            case "scope":
                steps.append(scope(id, body, one))
    return steps


def reach(steps: dict[str, dict], id: str) -> set[str]:
    """Where one gets from a step without entering a body."""
    seen: set[str] = set()
    todo = [id]
    while todo:
        step = steps[todo.pop()]
        if step["id"] not in seen:
            seen.add(step["id"])
            ways = [step.get(key) for key in ("next", "true_next", "false_next")]
            todo += [way for way in ways + step.get("branches", []) if way]
    return seen


def has_jumps(listed: list[dict]) -> bool:
    """Whether some step can be reached in two bodies, or in one and around it."""
    steps = {step["id"]: step for step in listed}
    regions = {None: reach(steps, listed[0]["id"])}
    todo = list(regions[None])
    while todo:
        step = steps[todo.pop()]
        if "body" in step and step["id"] not in regions:
            regions[step["id"]] = reach(steps, step["body"])
            todo += regions[step["id"]]
    return sum(map(len, regions.values())) > len(set().union(*regions.values()))


@pytest.mark.on("embedded")
def test_jumps_are_found_in_any_graph(client):
    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(graphs)
    def try_it(graph):
        steps = draw(graph)
        codes = {error.split()[1] for error in errors(client, {"steps": steps})}
        assert bool(codes & {"jumps_into_body", "jumps_out_of_body"}) == has_jumps(steps)

    try_it()


def pairs(count: int) -> list[dict]:
    """Loops in a row, each with a body that reads its item."""
    return [
        step
        for n in range(count)
        for step in (
            loop(f"l{n}", f"a{n}", f"l{n + 1}" if n + 1 < count else None,
                 result=f"{{{{steps.a{n}.x}}}}", **{"as": f"item{n}"}),
            read(f"item{n}.x", id=f"a{n}"),
        )
    ]  # fmt: skip


def scopes(count: int) -> list[dict]:
    """Scopes in a row, each of whose steps reads one of the scope before."""
    return [
        step
        for n in range(count)
        for step in (
            scope(f"r{n}", f"a{n}", f"r{n + 1}" if n + 1 < count else None),
            read(f"steps.a{max(n - 1, 0)}.x" if n else "vars.x", id=f"a{n}"),
        )
    ]


def deep(count: int) -> list[dict]:
    """Bodies in bodies."""
    return [loop(f"l{n}", f"l{n + 1}") for n in range(count)] + [read("loop.index", id=f"l{count}")]


def jumps(count: int) -> list[dict]:
    """Loops whose bodies lead to the bodies of all loops around."""
    return [
        step
        for n in range(count)
        for step in (
            loop(f"l{n}", f"s{n}", f"l{n + 1}" if n + 1 < count else None),
            split(f"s{n}", f"l{n}", f"s{(n * 7 + 3) % count}", f"l{(n * 5 + 1) % count}"),
        )
    ]


@pytest.mark.on("embedded")
def test_bodies_are_judged_fast(client):
    took = {}
    for shape, count, code in (
        (pairs, 250, None),
        (scopes, 250, None),
        (deep, 32, None),
        (deep, 499, "too_deep"),
        (jumps, 250, "jumps_into_body"),
    ):
        started = time.monotonic()
        codes = {error.split()[1] for error in errors(client, {"steps": shape(count)})}
        took[shape.__name__, count] = time.monotonic() - started
        assert code in codes if code else not codes
    assert {name: seconds for name, seconds in took.items() if seconds > 6} == {}
