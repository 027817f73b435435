"""Exporting a template and importing it again gives the same template."""

from __future__ import annotations

import json
import uuid

import pytest
from psycopg.types.json import Jsonb

from tests.engine import act, if_

USER = "00000000-0000-4000-8000-00000000000a"

# Every step type with every key it may have.
STEPS = [
    act(
        "book",
        "check",
        name='Book "it"; end <b>now</b>\n😀',
        config={"to": "{{trigger.who}}", "n": [1, None, {"a": {}}], "ratio": 1.50},
        compensate={"action": "other_work", "config": {"id": "{{steps.book.id}}"}},
        cache={"key": "{{trigger.id}}", "ttl": "PT1H"},
        retry={
            "max_attempts": 5,
            "backoff": "PT10S",
            "factor": 2,
            "max_backoff": "PT10M",
            "jitter": 0.2,
            "retry_on": ["timeout", "http_5xx"],
            "never_retry_on": ["auth"],
        },
        timeout="90s",
        mutex="desk",
        save_as="booking",
        on_error={"next": "give_up"},
        ui={"x": 1, "y": None},
    )
    | {"x-owner": {"team": None}},
    if_("check", "booking.ok = true", "route", "pause", error_next="give_up", on_error="fail"),
    {
        "id": "route",
        "type": "condition",
        "cases": [
            {"when": {"field": "score", "op": "gte", "value": 80, "ui": {"a": 1}}, "next": "count"},
            {"when": {"all": [{"ref": "loud"}, "x is set"]}, "next": "count", "name": "loud"},
        ],
        "default": "count",
    },
    {"id": "pause", "type": "delay", "for": "2 days", "next": "day"},
    {
        "id": "day",
        "type": "delay",
        "until": "{{trigger.day}}",
        "offset": "-PT1H",
        "next": "morning",
    },
    {
        "id": "morning",
        "type": "delay",
        "at": "09:00",
        "days": ["mon", "fri"],
        "timezone": "Asia/Bahrain",
        "offset": "+PT5M",
        "next": "count",
    },
    {
        "id": "count",
        "type": "set",
        "values": {
            "text": "Hello {{vars.name}}",
            "n": {"expr": "score + 10"},
            "list": {"append": "{{trigger.id}}"},
            "object": {"merge": {"a": True}},
            "nothing": None,
        },
        "next": "fork",
    },
    {
        "id": "fork",
        "type": "split",
        "mode": "matching",
        "branches": [{"next": "each", "when": "score > 1", "name": "many"}, "hear"],
        "default": "hear",
        "count": 2,
    },
    {
        "id": "each",
        "type": "loop",
        "over": "{{vars.leads}}",
        "as": "lead",
        "body": "unit",
        "max_concurrency": 5,
        "max_iterations": 100,
        "complete_when": "loop.completed >= 3",
        "cancel_rest": False,
        "tolerated_failures": "20%",
        "result": {"lead": "{{lead.id}}"},
        "next": "join",
        "save_as": None,
    },
    {"id": "unit", "type": "scope", "body": "mine", "on_error": "continue", "next": "lucky"},
    {"id": "mine", "type": "set", "values": {"a": 1}, "scope": "iteration", "next": "again"},
    {"id": "again", "type": "loop", "while": "a < 3", "max_iterations": 3, "body": "leave"},
    {"id": "leave", "type": "stop", "scope": "iteration"},
    {"id": "lucky", "type": "loop", "until": "a > 3", "max_iterations": 9, "body": "draw"},
    {
        "id": "draw",
        "type": "split",
        "mode": "random",
        "key": "{{lead.id}}",
        "branches": [
            {"next": "win", "weight": 30, "name": "win"},
            {"weight": 70, "name": "holdout"},
        ],
    },
    {
        "id": "win",
        "type": "workflow",
        "template": "Child; 1",
        "version": 1,
        "input": {"id": "{{lead.id}}"},
        "wait": False,
    },
    {
        "id": "hear",
        "type": "wait",
        "events": [
            {
                "event": "order.paid",
                "match": {"id": "{{trigger.id}}"},
                "filter": "event.total > 10",
                "count": 2,
                "next": "ready",
                "consume": True,
            }
        ],
        "since": "run",
        "timeout": "P7D",
        "timeout_next": "ready",
    },
    {"id": "ready", "type": "wait", "condition": "x is set", "poll": "PT1M", "next": "own"},
    {"id": "own", "type": "workflow", "template": {"self": True}, "next": "join"},
    {
        "id": "join",
        "type": "merge",
        "split": "fork",
        "wait_for": 2,
        "cancel_rest": False,
        "blocking": False,
        "next": "ask",
    },
    {
        "id": "ask",
        "type": "approval",
        "approvers": [{"user": USER}, {"role": "owner"}],
        "required": 2,
        "message": "Fine, {{vars.name}}?",
        "content": {"text": "{{vars.text}}"},
        "approved_next": "gather",
        "rejected_next": "give_up",
        "changes_next": "ask",
        "remind": ["PT1H", "PT2H"],
        "escalate": [{"after": "PT3H", "to": [{"role": "owner"}]}],
        "timeout": "P1D",
        "on_timeout": {"next": "give_up"},
        "allow_self": True,
    },
    {"id": "gather", "type": "split", "branches": ["left", "right"]},
    act("left", "both"),
    act("right", "both", on_error="continue"),
    {"id": "both", "type": "merge", "from": ["left", "right"], "next": "done"},
    {"id": "done", "type": "stop", "status": "completed", "reason": "{{vars.text}}", "code": "ok"},
    {"id": "give_up", "type": "stop", "status": "failed"},
]
DOCUMENT = {
    "trigger": {
        "type": "event",
        "config": {"event": "mention.created", "condition": {"ref": "loud"}},
    },
    "input": {
        "threshold": {
            "type": "number",
            "default": 80,
            "min": 0,
            "max": 100,
            "required": False,
            "enum": [80, 90],
            "description": "d",
        }
    },
    "settings": {
        "timeout": "P7D",
        "on_failure": "rollback",
        "max_activations": 500,
        "max_depth": 3,
        "timezone": "Asia/Bahrain",
        "mode": "queued",
        "mode_key": "{{trigger.id}}",
    },
    "start": "book",
    "steps": STEPS,
    "output": {"n": "{{vars.n}}", "nothing": None},
    "ui": {"zoom": 1.0, "nodes": [None]},
    "x-note": ["kept", {"end": None}],
}


@pytest.fixture
def prepared(engine):
    """An organisation with what the document refers to."""
    child = engine.call(
        "app_backend",
        "create_template",
        p_name="Child; 1",
        p_definition={"input": {"id": {"type": "any"}}, "steps": [act("a")]},
    )
    engine.call("app_backend", "publish_template", p_template_id=child)
    engine.client.execute(
        "select automation.save_condition_set('loud', %s)",
        [Jsonb({"field": "reach", "op": "gt", "value": 1000})],
    )
    engine.call("app_backend", "set_member", p_user_id=USER, p_role_code="owner")
    engine.child = child
    return engine


def create(engine, definition) -> uuid.UUID:
    return engine.call(
        "app_backend",
        "create_template",
        p_name=f"template {uuid.uuid4()}",
        p_definition=definition,
        p_description="d",
        p_category="social",
        p_tags=Jsonb(["a", "b"]),
    )


def export(engine, template) -> dict:
    return engine.call("app_backend", "export_template", p_template_id=template)


def import_(engine, document) -> uuid.UUID:
    return engine.call("app_backend", "import_template", p_document=document, p_name="copy")


def compiled(engine, template) -> list[tuple]:
    """What publishing makes of a template: the rows that the engine reads."""
    engine.call("app_backend", "publish_template", p_template_id=template)
    return engine.admin.execute(
        """
        select d.source, to_jsonb(s) - 'definition_id'
        from automation.workflow_templates as t
        join automation.workflow_definitions as d on d.definition_id = t.published_definition_id
        join automation.workflow_definition_steps as s on s.definition_id = d.definition_id
        where t.template_id = %s
        order by s.step_order
        """,
        [template],
    ).fetchall()


def test_a_template_with_everything_comes_back_as_it_was(prepared):
    findings = prepared.client.execute(
        "select pointer, code from automation.validate_definition(%s) where severity = 'error'",
        [Jsonb(DOCUMENT)],
    ).fetchall()
    assert findings == []
    template = create(prepared, DOCUMENT)
    exported = export(prepared, template)
    assert exported["definition"] == DOCUMENT
    copy = import_(prepared, exported)
    assert export(prepared, copy) == exported | {"name": "copy"}
    assert compiled(prepared, copy) == compiled(prepared, template)
    # publishing pins sub-workflows and condition sets in what runs, not in the draft
    assert export(prepared, template) == exported


def test_it_comes_back_letter_by_letter(prepared):
    exact = Jsonb(DOCUMENT, dumps=lambda d: json.dumps(d).replace('"ratio": 1.5', '"ratio": 1.50'))
    template = prepared.client.execute(
        "select automation.create_template('exact', %s)", [exact]
    ).fetchone()[0]
    copy = prepared.client.execute(
        "select automation.import_template(automation.export_template(%s), 'copy')", [template]
    ).fetchone()[0]
    texts = prepared.admin.execute(
        "select workflow_definition::text from automation.workflow_templates "
        "where template_id = any (%s)",
        [[template, copy]],
    ).fetchall()
    assert len(texts) == 2
    assert texts[0] == texts[1]
    assert '"ratio": 1.50' in texts[0][0]


def test_every_step_type_and_key_is_in_the_document():
    """So that what the language gains is not forgotten here."""
    known = {
        "action": {"action", "config", "compensate", "cache"},
        "condition": {
            *("condition", "true_next", "false_next", "cases", "default", "error_next"),
        },
        "set": {"values", "scope"},
        "delay": {"for", "until", "at", "days", "timezone", "offset"},
        "split": {"branches", "mode", "default", "count", "key"},
        "merge": {"wait_for", "cancel_rest", "blocking", "split", "from"},
        "loop": {
            *("over", "while", "until", "as", "body", "max_concurrency", "max_iterations"),
            *("complete_when", "cancel_rest", "tolerated_failures", "result"),
        },
        "scope": {"body"},
        "wait": {"events", "since", "condition", "poll", "timeout_next"},
        "approval": {
            *("approvers", "required", "message", "content", "approved_next", "rejected_next"),
            *("changes_next", "remind", "escalate", "on_timeout", "allow_self"),
        },
        "workflow": {"template", "version", "input", "wait"},
        "stop": {"status", "reason", "code", "scope"},
    }
    for step_type, keys in known.items():
        used = set().union(*(step for step in STEPS if step["type"] == step_type))
        assert keys <= used, step_type
    assert {"name", "next", "on_error", "retry", "timeout", "mutex", "save_as", "ui"} <= (
        set().union(*STEPS)
    )


def test_sub_workflows_travel_by_their_names(prepared, orgs):
    step = {"id": "sub", "type": "workflow", "template": str(prepared.child), "next": "own"}
    own = {"id": "own", "type": "workflow", "template": {"self": True}}
    template = create(prepared, {"steps": [step, own]})
    exported = export(prepared, template)
    assert exported["definition"] == {"steps": [step | {"template": "Child; 1"}, own]}
    assert str(prepared.child) not in str(exported)
    copy = import_(prepared, exported)
    assert export(prepared, copy) == exported | {"name": "copy"}
    assert compiled(prepared, copy) == compiled(prepared, template)


@pytest.mark.parametrize(
    "definition",
    [
        {},
        {"steps": None},
        {"steps": {"type": "workflow"}},
        {"steps": [None, 5, "x", {"id": None}, {"type": "workflow", "template": [None]}]},
        {"steps": [], "ui": None, "x-": {"": {"": None}}},
        {"nonsense": [{"a": None}, 1e-10, 1.10, "\u2028 \u0001 😀 \\ \" '"]},
    ],
    ids=str,
)
def test_unfinished_drafts_come_back_as_they_were(prepared, definition):
    exported = export(prepared, create(prepared, definition))
    assert exported["definition"] == definition
    copy = import_(prepared, exported)
    assert export(prepared, copy) == exported | {"name": "copy"}
