"""Definitions: what is refused, where, how it is said, and how long that takes."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from sql.manifest import ROOT
from tests.definition_tools import (
    STOP,
    act,
    delay,
    errors,
    if_,
    merge,
    register,
    register_actions,
    set_,
    split,
)


@pytest.fixture
def ops(database):
    """An administrator who has registered some actions."""
    connection = database.connect("ops")
    register_actions(connection)
    return connection


@pytest.fixture
def client(database, orgs, ops):
    """A client of organisation a."""
    return database.connect("app_backend", org=orgs.a)


SPECIFICATION = {
    "trigger": {"type": "schedule", "config": {"cron": "0 9 * * 1"}},
    "steps": [
        {"id": "step1", "type": "action", "action": "fetch_metrics", "config": {}, "next": "step2"},
        {
            "id": "step2",
            "type": "condition",
            "condition": "roi > 200",
            "true_next": "step3",
            "false_next": "step4",
        },
        act("step3"),
        act("step4"),
    ],
}


def test_the_example_of_the_specification_is_valid(client):
    assert errors(client, SPECIFICATION) == []


def test_everything_that_may_be_said_is_accepted(client):
    assert (
        errors(
            client,
            {
                "trigger": {
                    "type": "event",
                    "event": "mention.received",
                    "condition": "score < -0.5",
                },
                "input": {
                    "threshold": {
                        "type": "number",
                        "default": 80,
                        "min": 0,
                        "max": 100,
                        "x-note": 1,
                    },
                    "channel": {
                        "type": "text",
                        "required": True,
                        "enum": ["a", "b"],
                        "description": "d",
                    },
                    "when": {"type": "date", "min": "2020-01-01", "default": "2021-01-01"},
                },
                "settings": {
                    "timeout": "P30D",
                    "on_failure": "fail",
                    "max_activations": 100000,
                    "max_depth": 10,
                    "timezone": "Asia/Bahrain",
                },
                "start": "first",
                "ui": {"zoom": 2},
                "x-owner": "me",
                "steps": [
                    act("other", "fork", ui={"x": 1}, **{"x-colour": "red"}),
                    {
                        "id": "first",
                        "type": "action",
                        "action": "notify",
                        "name": "First",
                        "next": "kind",
                        "config": {
                            "to": "{{trigger.email|default:'nobody'}}",
                            "count": "{{input.threshold}}",
                            "headers": {"Authorization": "{{secrets.token}}"},
                        },
                        "retry": {
                            "max_attempts": 5,
                            "backoff": "PT10S",
                            "factor": 2,
                            "max_backoff": "PT10M",
                            "jitter": 0.2,
                            "retry_on": ["timeout", "22012"],
                            "never_retry_on": ["auth"],
                        },
                        "timeout": "{{input.threshold}}s",
                        "on_error": {"next": "other"},
                        "save_as": None,
                    },
                    {
                        "id": "kind",
                        "type": "condition",
                        "default": "fork",
                        "error_next": "other",
                        "cases": [
                            {
                                "when": "score > 80 and not verified",
                                "next": "assign",
                                "name": "good",
                            },
                            {"when": {"field": "score", "op": "gt", "value": 50}, "next": "pause"},
                        ],
                    },
                    {
                        "id": "assign",
                        "type": "set",
                        "next": "fork",
                        "values": {
                            "a": 1,
                            "b": "{{steps.first.id}}",
                            "c": {"expr": "score + 10"},
                            "d": {"append": "{{vars.b}}"},
                            "e": {"merge": {"x": 1}},
                            "f": {"g": [1]},
                            "h": {"merge": "{{trigger.new}}"},
                        },
                    },
                    {"id": "pause", "type": "delay", "for": "2 days", "next": "until_then"},
                    {
                        "id": "until_then",
                        "type": "delay",
                        "until": "{{trigger.starts_on}}",
                        "offset": "-P1D",
                        "next": "at_nine",
                    },
                    {
                        "id": "at_nine",
                        "type": "delay",
                        "at": "09:00",
                        "days": ["mon", "fri"],
                        "timezone": "Europe/London",
                        "offset": "+90s",
                        "next": "fork",
                    },
                    split(
                        "fork",
                        "mail",
                        {"next": "post", "when": "score > 1", "name": "social"},
                        mode="matching",
                        default="log",
                    ),
                    act("mail", "join", on_error="continue"),
                    act("post", "join"),
                    act("log"),
                    merge("join", "end", wait_for="all", split="fork"),
                    {
                        "id": "end",
                        "type": "stop",
                        "status": "failed",
                        "reason": "{{vars.b}} is late",
                        "code": "too_late",
                        "scope": "instance",
                    },
                ],
                "output": {"result": "{{steps.first}}", "list": ["{{status.mail}}"]},
            },
        )
        == []
    )


# fmt: off
BROKEN_DOCUMENTS = {
    "a list": ([], ["wrong_type"]),
    "null": (None, ["wrong_type"]),
    "no steps": ({}, ["missing_key"]),
    "empty steps": ({"steps": []}, ["/steps empty_list"]),
    "steps of the wrong type": ({"steps": {}}, ["/steps wrong_type"]),
    "unknown keys": (
        {"stpes": [], "steps": [STOP | {"nxt": 1}]},
        ["/steps/0/nxt unknown_key", "/stpes unknown_key"]),
    "too many steps": ({"steps": [{}] * 501}, ["/steps too_many_steps"]),
    "unknown start": ({"start": "b", "steps": [STOP]}, ["/start unknown_step"]),
    "start of the wrong type": ({"start": 1, "steps": [STOP]}, ["/start wrong_type"]),
    "trigger": ({"trigger": {"type": "evnt"}, "steps": [STOP]}, ["/trigger/type unknown_trigger"]),
    "trigger without type": ({"trigger": {}, "steps": [STOP]}, ["/trigger missing_key"]),
    "trigger of the wrong type": ({"trigger": "manual", "steps": [STOP]}, ["/trigger wrong_type"]),
    "event without name": (
        {"trigger": {"type": "event", "config": {}}, "steps": [STOP]},
        ["/trigger/config missing_key"]),
    "settings": (
        {"settings": {"timeout": "soon", "on_failure": "explode", "mode": "twice",
            "mode_key": "x", "max_activations": 100001, "max_depth": 11,
            "timezone": "Mars/Olympus", "colour": 1}, "steps": [STOP]},
        ["/settings/colour unknown_key", "/settings/max_activations out_of_range",
            "/settings/max_depth out_of_range", "/settings/mode unknown_mode",
            "/settings/on_failure unknown_mode",
            "/settings/timeout invalid_duration", "/settings/timezone unknown_timezone"]),
    "inputs": (
        {"input": {"a": {"type": "nmber"}, "b": 5, "c c": {"type": "text"},
            "d": {"type": "integer", "default": 1.5}, "e": {}, "f": {"type": "text", "min": 1},
            "g": {"type": "text", "enum": []}, "h": {"type": "text", "enum": ["x", 2]},
            "i": {"type": "number", "max": "x"}, "j": {"type": "number", "min": 5, "default": 4},
            "k": {"type": "text", "enum": ["x"], "default": "y"}, "l": {"type": "date",
            "default": "2026-02-30"}, "m": {"type": "boolean", "required": "yes"}},
            "steps": [STOP]},
        ["/input/a/type unknown_type", "/input/b wrong_type", "/input/c c invalid_name",
            "/input/d/default wrong_type", "/input/e missing_key", "/input/f/min unused_key",
            "/input/g/enum empty_list", "/input/h/enum/1 wrong_type", "/input/i/max wrong_type",
            "/input/j/default out_of_range", "/input/k/default not_in_enum",
            "/input/l/default wrong_type", "/input/m/required wrong_type"]),
    "output": (
        {"steps": [STOP], "output": "{{steps.b.x}} {{loop.index}}"},
        ["/output no_enclosing_loop", "/output unknown_step"]),
    "secret in the output": (
        {"steps": [STOP], "output": ["{{secrets.x}}"]},
        ["/output/0 secret_not_allowed"]),
}
# fmt: on


def test_a_broken_document_is_refused(client):
    found = {name: errors(client, definition) for name, (definition, _) in BROKEN_DOCUMENTS.items()}
    assert found == {name: expected for name, (_, expected) in BROKEN_DOCUMENTS.items()}


# fmt: off
BROKEN_STEPS = {
    "no object": ([STOP, 5], ["/steps/1 wrong_type"]),
    "no id, no type": ([{}], ["/steps/0 missing_key", "/steps/0 missing_key"]),
    "bad id": ([{"id": "Ä b", "type": "stop"}], ["/steps/0/id invalid_name"]),
    "long id": ([{"id": "a" * 64, "type": "stop"}], ["/steps/0/id invalid_name"]),
    "duplicate id": ([act("a", "b"), act("b"), act("b")], ["/steps/2/id duplicate_id"]),
    "dangling": ([act("a", "elsewhere")], ["/steps/0/next unknown_step"]),
    "next of the wrong type": ([act("a", next=5)], ["/steps/0/next wrong_type"]),
    "a slip is reported once": (
        [act("fetch", "sned"), act("send")],
        ["/steps/0/next unknown_step"]),
    "unreachable": (
        [act("a"), act("b", "c"), act("c", "b")],
        ["/steps/1 unreachable_step", "/steps/2 unreachable_step"]),
    "unknown type": ([STOP | {"type": "actoin"}], ["/steps/0/type unknown_step_type"]),
    "type of the wrong type": ([STOP | {"type": []}], ["/steps/0/type wrong_type"]),
    "unknown action": ([act("a", action="sned_email")], ["/steps/0/action unknown_action"]),
    "action of the wrong type": ([act("a", action={})], ["/steps/0/action wrong_type"]),
    "no action": ([{"id": "a", "type": "action"}], ["/steps/0 missing_key"]),
    "config of the wrong type": ([act("a", config=[])], ["/steps/0/config wrong_type"]),
    "template": (
        [act("a", config={"x": ["{{ vars.a | explode }}"]})],
        ["/steps/0/config/x/0 unknown_filter"]),
    "reads no step": (
        [act("a", config={"x": "{{steps.b.x}}", "y": "{{status.c}}"})],
        ["/steps/0 unknown_step", "/steps/0 unknown_step"]),
    "reads a later step": (
        [act("a", "b", config={"x": "{{steps.b.x}} {{status.b}}"}), act("b")],
        ["/steps/0 step_cannot_have_run"]),
    "reads itself": ([act("a", config={"x": "{{steps.a.x}}"})], ["/steps/0 step_cannot_have_run"]),
    "reads a neighbour": (
        [split("s", "a", "b"), act("a"), act("b", config={"x": "{{steps.a.x}}"})],
        ["/steps/2 step_cannot_have_run"]),
    "reads a loop": ([set_({"x": "{{loop.item}}"})], ["/steps/0 no_enclosing_loop"]),
    "secret where none may be": (
        [act("a", action="notify", next="b", config={"to": "{{secrets.x}}",
            "headers": {"a": ["{{secrets.x}}"]}}), set_({"x": "{{secrets.x}}"}, id="b")],
        ["/steps/0/config/to secret_not_allowed", "/steps/1/values/x secret_not_allowed"]),
    "retry": (
        [act("a", retry={"max_attempts": 101, "backoff": 5, "factor": 0.5, "max_backoff": "x",
            "jitter": 2, "retry_on": [], "never_retry_on": ["timeuot", 5], "n": 1})],
        ["/steps/0/retry/backoff wrong_type", "/steps/0/retry/factor out_of_range",
            "/steps/0/retry/jitter out_of_range", "/steps/0/retry/max_attempts out_of_range",
            "/steps/0/retry/max_backoff invalid_duration", "/steps/0/retry/n unknown_key",
            "/steps/0/retry/never_retry_on/0 unknown_error_class",
            "/steps/0/retry/never_retry_on/1 unknown_error_class",
            "/steps/0/retry/retry_on empty_list"]),
    "retry of the wrong type": ([act("a", retry=3)], ["/steps/0/retry wrong_type"]),
    "on_error": ([act("a", on_error="explode")], ["/steps/0/on_error unknown_mode"]),
    "on_error dangling": (
        [act("a", on_error={"next": "gone"})],
        ["/steps/0/on_error/next unknown_step"]),
    "common keys": (
        [act("a", timeout="PT0S", save_as="a.b", name=1, mutex="a b", compensate={}, cache={})],
        ["/steps/0/cache missing_key", "/steps/0/cache missing_key",
            "/steps/0/compensate missing_key", "/steps/0/mutex invalid_name",
            "/steps/0/name wrong_type",
            "/steps/0/save_as invalid_name", "/steps/0/timeout out_of_range"]),
    "condition without condition": ([{"id": "a", "type": "condition"}], ["/steps/0 missing_key"]),
    "both forms of a condition": (
        [if_("a", cases=[{"when": "x > 1"}], true_next="b"), act("b")],
        ["/steps/0 conflicting_keys", "/steps/0/true_next unused_key",
            "/steps/1 unreachable_step"]),
    "unused ways": (
        [if_("a", "b", "b", next="b", default="b"), act("b")],
        ["/steps/0/default unused_key", "/steps/0/next unused_key"]),
    "cases": (
        [{"id": "a", "type": "condition", "cases": [{}, 5, {"when": "x > 1", "to": "b"}]}],
        ["/steps/0/cases/0 missing_key", "/steps/0/cases/1 wrong_type",
            "/steps/0/cases/2/to unknown_key"]),
    "no cases": ([{"id": "a", "type": "condition", "cases": []}], ["/steps/0/cases empty_list"]),
    "set": (
        [set_({"a.b": 1, "c": {"expr": 5}, "d": {"merge": [1]}, "e": {"append": 1, "x": 2}},
            scope="iteration")],
        ["/steps/0/scope no_enclosing_loop", "/steps/0/values/a.b invalid_name",
            "/steps/0/values/c/expr wrong_type", "/steps/0/values/d/merge wrong_type",
            "/steps/0/values/e/x unknown_key"]),
    "empty set": ([set_({})], ["/steps/0/values empty_list"]),
    "set without values": ([{"id": "a", "type": "set"}], ["/steps/0 missing_key"]),
    "delay for nothing": ([delay()], ["/steps/0 missing_key"]),
    "delay for and until": (
        [{"id": "a", "type": "delay", "for": "P1D", "until": "2026-01-01"}],
        ["/steps/0 conflicting_keys"]),
    "delay for ever": (
        [{"id": "a", "type": "delay", "for": "P6Y", "offset": "P1D"}],
        ["/steps/0/for out_of_range", "/steps/0/offset unused_key"]),
    "delay until some day": (
        [delay(until="some day", offset="--P1D", days=["mon"])],
        ["/steps/0/days unused_key", "/steps/0/offset invalid_duration",
            "/steps/0/until invalid_instant"]),
    "delay to no time": (
        [delay(at="24:00", days=["Monday"], timezone="CET-1")],
        ["/steps/0/at invalid_time", "/steps/0/days invalid_days",
            "/steps/0/timezone unknown_timezone"]),
    "split without branches": ([{"id": "a", "type": "split"}], ["/steps/0 missing_key"]),
    "empty split": ([split("a")], ["/steps/0/branches empty_list"]),
    "branches": (
        [split("s", {"when": "x > 1"}, 5, {"next": "a", "weight": 30}), STOP],
        ["/steps/0/branches/0 missing_key", "/steps/0/branches/1 wrong_type",
            "/steps/0/branches/2/weight unused_key"]),
    "split at random": (
        [split("s", "a", mode="random", count=3, key="x"), STOP],
        ["/steps/0/branches/0 missing_key", "/steps/0/count unused_key"]),
    "guards of a split that takes all": (
        [split("s", {"next": "a", "when": "x > 1"}, mode="all", default="a", next="a"), STOP],
        ["/steps/0/default unused_key", "/steps/0/mode conflicting_keys",
            "/steps/0/next unused_key"]),
    "merge": (
        [split("s", "a", "b"), act("a", "m"), act("b", "m"), merge("m", wait_for="any",
            cancel_rest=True, blocking=True, split="a", **{"from": []})],
        ["/steps/3/blocking unused_key", "/steps/3/cancel_rest unused_key",
            "/steps/3/from empty_list", "/steps/3/split not_a_split", "/steps/3/split unused_key",
            "/steps/3/wait_for unused_key"]),
    "stop": (
        [STOP | {"status": "done", "reason": 5, "code": "a b", "scope": "loop", "next": "a"}],
        ["/steps/0/code invalid_name", "/steps/0/next unused_key", "/steps/0/reason wrong_type",
            "/steps/0/scope no_enclosing_loop", "/steps/0/status unknown_mode"]),
}

# fmt: on


def test_a_broken_step_is_refused(client):
    found = {name: errors(client, {"steps": steps}) for name, (steps, _) in BROKEN_STEPS.items()}
    assert found == {name: expected for name, (_, expected) in BROKEN_STEPS.items()}


def test_a_config_that_breaks_the_schema_is_refused(client):
    for config in ({"to": 5}, {"tp": "x"}, {"count": 1.5}, {"count": "many"}):
        found = errors(client, {"steps": [act("a", action="notify", config=config)]})
        assert len(found) == 1
        assert found[0].startswith("/steps/0/config")


def test_conditions_and_expressions_are_checked_where_they_stand(client):
    found = errors(
        client,
        {
            "trigger": {"type": "event", "event": "e", "condition": "x >"},
            "steps": [
                if_("a", "b", condition="roi >> 200"),
                set_({"x": {"expr": "1 +"}}, id="b", next="c"),
                {"id": "c", "type": "condition", "cases": [{"when": "x = 'a"}], "next": "d"},
                split("d", {"next": "e", "when": "(x > 1"}),
                act("e"),
            ],
        },
    )
    assert [error.split()[0] for error in found] == [
        "/steps/0/condition",
        "/steps/1/values/x/expr",
        "/steps/2/cases/0/when",
        "/steps/3/branches/0/when",
        "/trigger/condition",
    ]


def test_hints_say_what_was_probably_meant(client):
    rows = client.execute(
        "select pointer, hint from automation.validate_definition(%s)",
        [
            Jsonb(
                {
                    "steps": [
                        act("fetch", "sned", confg={}),
                        act("send", action="fetch_metric", retry={"retry_on": ["timeouts"]}),
                        act("last", action="zzzzzzzzzzzz"),
                    ]
                }
            )
        ],
    ).fetchall()
    assert dict(rows) == {
        "/steps/0/confg": 'did you mean "config"?',
        "/steps/0/next": 'did you mean "send"?',
        "/steps/1/action": 'did you mean "fetch_metrics"?',
        "/steps/1/retry/retry_on/0": 'did you mean "timeout"?',
        "/steps/2": 'the workflow begins at "fetch"',
        "/steps/2/action": "known are fetch_metrics, http_request, notify, persist, send_email, "
        "send_slack, webhook, work",
    }


# a to e are actions, s and t splits, m and n merges, i a condition
# fmt: off
SCOPES = {
    "branches join": (
        [split("s", "a", "b"), act("a", "m"), act("b", "m"), merge("m", "c"), act("c")],
        []),
    "a branch is the merge itself": ([split("s", "a", "m"), act("a", "m"), merge("m")], []),
    "branches never join": ([split("s", "a", "b"), act("a", "c"), act("b", "c"), act("c")], []),
    "one branch ends elsewhere": (
        [split("s", "a", "b", "c"), act("a", "m"), act("b", "m"), act("c"), merge("m")],
        []),
    "nested splits": (
        [split("s", "t", "c"), split("t", "a", "b"), act("a", "n"), act("b", "n"), merge("n", "m"),
            act("c", "m"), merge("m")],
        []),
    "an inner branch goes on to the outer merge": (
        [split("s", "t", "c"), split("t", "a", "b"), act("a"), act("b", "m"), act("c", "m"),
            merge("m")],
        []),
    "a condition in a branch": (
        [split("s", "i", "b"), if_("i", "a", "m"), act("a", "m"), act("b", "m"), merge("m")],
        []),
    "a split that is skipped": (
        [if_("i", "s", "c"), split("s", "a", "b"), act("a", "m"), act("b", "m"), merge("m", "c"),
            act("c")],
        []),
    "a way back within a branch": (
        [split("s", "a", "b"), act("a", "i"), if_("i", "a", "m"), act("b", "m"), merge("m")],
        []),
    "a way back around a split": (
        [act("a", "s"), split("s", "b", "c"), act("b", "m"), act("c", "m"), merge("m", "i"),
            if_("i", "a")],
        []),
    "a way back out of branches that never join": (
        [act("a", "s"), split("s", "b", "c"), act("b", "a"), act("c")],
        []),
    "a step inside and outside, without a merge": (
        [if_("i", "s", "a"), split("s", "a", "b"), act("a"), act("b")],
        []),
    "a whole split in several scopes": (
        [if_("i", "s", "t"), split("s", "t", "c"), act("c"), split("t", "a", "b"), act("a", "m"),
            act("b", "m"), merge("m")],
        []),
    "the merge names its split": (
        [split("s", "t", "c"), split("t", "a", "b"), act("a", "m"), act("b", "m"), act("c"),
            merge("m", split="s")],
        []),
    "no split": ([act("a", "m"), merge("m")], ["/steps/1 no_enclosing_split"]),
    "behind the merge": (
        [split("s", "m"), merge("m", "n"), merge("n")],
        ["/steps/2 no_enclosing_split"]),
    "different merges": (
        [split("s", "a", "b"), act("a", "m"), act("b", "n"), merge("m"), merge("n")],
        ["/steps/0/branches different_merges"]),
    "inner branches to the inner and to the outer merge": (
        [split("s", "t", "c"), split("t", "a", "b"), act("a", "n"), act("b", "m"), merge("n", "m"),
            act("c", "m"), merge("m")],
        ["/steps/1/branches different_merges"]),
    "a merge inside and outside": (
        [if_("i", "s", "m"), split("s", "a", "b"), act("a", "m"), act("b", "m"), merge("m")],
        ["/steps/4 ambiguous_scope"]),
    "a branch that is entered from outside": (
        [if_("i", "s", "a"), split("s", "a", "b"), act("a", "m"), act("b", "m"), merge("m")],
        ["/steps/4 ambiguous_scope"]),
    "a way back out of branches that join": (
        [act("a", "s"), split("s", "i", "b"), if_("i", "a", "m"), act("b", "m"), merge("m")],
        []),
    "a way back into a branch": (
        [split("s", "a", "b"), act("a", "m"), act("b", "m"), merge("m", "i"), if_("i", "a")],
        ["/steps/3 ambiguous_scope"]),
    "the merge names an inner split": (
        [split("s", "t", "c"), split("t", "a", "b"), act("a", "m"), act("b", "m"), act("c", "m"),
            merge("m", split="t")],
        ["/steps/5 ambiguous_scope"]),
}
# fmt: on


@pytest.mark.on("embedded")
def test_merges_belong_to_one_split(client):
    found = {name: errors(client, {"steps": steps}) for name, (steps, _) in SCOPES.items()}
    assert found == {name: expected for name, (_, expected) in SCOPES.items()}


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def test_a_definition_as_large_and_deep_as_allowed_is_read(client):
    assert errors(client, {"steps": [act("a", config={"x": nested(28)})]}) == []
    assert errors(client, {"steps": [STOP], "ui": "x" * 260_000}) == []


def test_a_definition_that_is_too_large_or_deep_is_not_read(client):
    for definition in (
        {"steps": [act("a", config={"x": nested(29)})]},
        nested(900),
        {"steps": [STOP], "ui": "x" * 262_144},
        "x" * 1_000_000,
    ):
        with pytest.raises(psycopg.Error) as caught:
            errors(client, definition)
        assert caught.value.sqlstate == "MA003"


def test_a_definition_is_needed(client):
    with pytest.raises(psycopg.Error) as caught:
        client.execute("select * from automation.validate_definition(null)")
    assert caught.value.sqlstate == "MA001"


def test_validation_needs_an_organisation_and_writes_nothing(database, orgs, client):
    stranger = database.connect("app_backend")
    with pytest.raises(psycopg.Error) as caught:
        errors(stranger, {"steps": [STOP]})
    assert caught.value.sqlstate == "MA300"
    reader = database.connect("app_backend", org=orgs.a, autocommit=False)
    reader.execute("set transaction read only")
    assert errors(reader, SPECIFICATION) == []


words = st.sampled_from(
    [
        "id",
        "type",
        "next",
        "action",
        "config",
        "condition",
        "cases",
        "when",
        "true_next",
        "default",
        "split",
        "merge",
        "set",
        "values",
        "expr",
        "append",
        "delay",
        "for",
        "until",
        "at",
        "days",
        "stop",
        "steps",
        "start",
        "input",
        "settings",
        "output",
        "trigger",
        "branches",
        "mode",
        "retry",
        "retry_on",
        "on_error",
        "timeout",
        "save_as",
        "work",
        "notify",
        "a",
        "b",
        "c",
        "P1D",
        "{{steps.a.x}}",
        "{{",
        "all",
        "matching",
        "text",
        "name",
        "offset",
        "ui",
        "x-a",
        "weight",
        "random",
        "ttl",
        "loop.index > 1",
        "{{loop.item}}",
        "iteration",
    ]
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | words
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=6),
    max_leaves=25,
)
types = st.sampled_from(
    ["action", "condition", "set", "delay", "split", "merge", "loop", "scope", "stop", "goto"]
)
steps = st.fixed_dictionaries(
    {"id": st.sampled_from("abc"), "type": types},
    optional=dict.fromkeys(
        [
            "next",
            "action",
            "config",
            "condition",
            "true_next",
            "false_next",
            "cases",
            "default",
            "values",
            "for",
            "until",
            "at",
            "days",
            "timezone",
            "offset",
            "branches",
            "mode",
            "split",
            "wait_for",
            "status",
            "reason",
            "retry",
            "on_error",
            "timeout",
            "save_as",
            "over",
            "while",
            "as",
            "body",
            "max_iterations",
            "complete_when",
            "tolerated_failures",
            "result",
            "from",
            "blocking",
            "count",
            "key",
            "mutex",
            "compensate",
            "cache",
            "scope",
        ],
        values,
    ),
)
documents = values | st.fixed_dictionaries(
    {"steps": st.lists(steps | values, min_size=1, max_size=4)},
    optional=dict.fromkeys(("input", "settings", "trigger", "output", "start"), values),
)


@pytest.mark.on("embedded")
def test_no_json_makes_validation_raise(client):
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(documents)
    def try_it(document):
        for error in errors(client, document):
            assert re.fullmatch("(/.* )?[a-z_]+", error, re.DOTALL)

    try_it()


def diamonds(count: int) -> list[dict]:
    return [
        step
        for n in range(count)
        for step in (
            split(f"s{n}", f"a{n}", f"b{n}"),
            act(f"a{n}", f"m{n}"),
            act(f"b{n}", f"m{n}"),
            merge(f"m{n}", f"s{n + 1}" if n + 1 < count else None),
        )
    ]


def unmerged(count: int) -> list[dict]:
    return [
        split(f"s{n}", *[f"s{n + 1}" if n + 1 < count else "end"] * 2) for n in range(count)
    ] + [act("end")]


def skipped(count: int) -> list[dict]:
    return [
        step
        for n in range(count)
        for step in (if_(f"i{n}", f"s{n}", f"i{n + 1}"), split(f"s{n}", f"i{n + 1}", f"i{n + 1}"))
    ] + [act(f"i{count}")]


def entangled(count: int) -> list[dict]:
    return [
        split(f"s{n}", f"s{n + 1 if n + 1 < count else 0}", f"s{max(0, n - 1)}")
        for n in range(count)
    ]


def chain(count: int) -> list[dict]:
    return [
        act(
            f"a{n}",
            f"a{n + 1}" if n + 1 < count else None,
            config={"x": f"{{{{steps.a{n - 1}.v}}}}" if n else 1, "y": "{{input.a|upper}} and"},
        )
        for n in range(count)
    ]


def misspelt(count: int) -> list[dict]:
    return [act(f"step_{n}", f"sttep_{n}x", actoin=1, action=f"wrok_{n}") for n in range(count)]


@pytest.mark.on("embedded")
def test_validation_takes_no_longer_than_it_must(client):
    took = {}
    for shape, steps in (
        (diamonds, 125),
        (unmerged, 499),
        (skipped, 249),
        (entangled, 500),
        (chain, 500),
        (misspelt, 500),
    ):
        definition = {"steps": shape(steps)}
        started = time.monotonic()
        errors(client, definition)
        took[shape.__name__] = time.monotonic() - started
    assert {name: seconds for name, seconds in took.items() if seconds > 6} == {}


@pytest.mark.on("embedded")
def test_a_small_definition_is_checked_at_once(client):
    definition = {"steps": chain(10)}
    took = []
    for _ in range(5):
        started = time.monotonic()
        assert errors(client, definition) == []
        took.append(time.monotonic() - started)
    assert min(took) < 0.15


def examples() -> list[dict]:
    """The JSON objects in the documentation of the language, and steps elsewhere."""
    found = []
    for page in ("definitions", "waits", "approvals"):
        text = (ROOT / f"docs/{page}.md").read_text()
        for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL):
            while block.strip():
                example, end = json.JSONDecoder().raw_decode(block.strip())
                if page == "definitions" or {"id", "type"} <= example.keys():
                    found.append(example)
                block = block.strip()[end:]
    return found


def test_the_documentation_gives_valid_examples(client, ops):
    register(ops, "score_content")
    found = examples()
    [hint] = client.execute(
        "select hint from automation.validate_definition(%s) where pointer = '/steps/0'",
        [Jsonb({"steps": [{"id": "a"}]})],
    ).fetchone()
    known = hint.removeprefix("one of: ").split(", ")
    assert {e["type"] for e in found if "type" in e} == set(known)
    for example in found:
        if "type" in example:
            document = {"steps": [example]}
        elif "steps" in example:
            document = example
        elif "retry" in example:
            document = {"steps": [STOP | {"type": "action", "action": "score_content"} | example]}
        else:
            document = example | {"steps": [STOP]}
        # an example of one step leads to steps and templates that are not there
        alone = {"unknown_step", "no_enclosing_split", "unknown_template"}
        others = alone if "type" in example else set()
        assert [e for e in errors(client, document) if e.split()[1] not in others] == []
