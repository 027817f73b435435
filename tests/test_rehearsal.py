"""test_workflow walks a definition with mocked actions and leaves nothing behind."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.engine import act, if_
from tests.evidence import fingerprint


def rehearse(engine, *steps, mocks=None, trigger=None, **document):
    return engine.client.execute(
        "select automation.test_workflow(%s, '{}', %s, %s)",
        [Jsonb(document | {"steps": list(steps)}), Jsonb(trigger or {}), Jsonb(mocks or {})],
    ).fetchone()[0]


def test_scenario_29_it_goes_where_the_mocks_lead_and_writes_nothing(engine):
    before = fingerprint(engine.admin)
    result = rehearse(
        engine,
        act("score", "good"),
        if_("good", "score >= 80", "pause", "bad"),
        {"id": "pause", "type": "delay", "for": "P30D", "next": "tell"},
        act("tell", config={"text": "{{steps.score.score}} of 100"}),
        act("bad"),
        mocks={"score": {"output": {"score": 90}}},
    )
    assert result["status"] == "completed"
    assert [step["step"] for step in result["steps"]] == ["score", "good", "pause", "tell"]
    assert result["steps"][-1]["input"] == {"text": "90 of 100"}
    assert fingerprint(engine.admin) == before


def test_mocks_fail_time_out_and_recover_one_attempt_after_another(engine):
    retry = {"max_attempts": 3, "backoff": "PT1H"}
    boom = {"error": {"code": "boom", "class": "http_5xx", "message": "x"}}
    result = rehearse(
        engine, act("a", retry=retry), mocks={"a": [boom, {"timeout": True}, {"output": {"n": 1}}]}
    )
    assert (result["status"], result["steps"][0]["attempts"]) == ("completed", 3)
    failed = rehearse(engine, act("a"), mocks={"a": boom})
    assert (failed["status"], failed["error"]["code"]) == ("failed", "boom")


def test_actions_inside_the_database_are_mocked_too(engine, db):
    db.execute(
        "create function public.touch(p_config jsonb, p_context jsonb) returns jsonb "
        "language plpgsql as $$ begin raise exception 'it ran'; end $$"
    )
    db.execute("grant usage on schema public to automation_actor")
    engine.call(
        "ops",
        "register_action",
        p_action="touch",
        p_runs="native",
        p_description="x",
        p_handler="public.touch(jsonb, jsonb)",
    )
    assert rehearse(engine, act("a", action="touch"))["status"] == "completed"


def test_an_endless_definition_ends(engine):
    result = rehearse(engine, act("a", "a"), settings={"max_activations": 50})
    assert result["reason"] == "activation_limit"


def test_an_invalid_definition_is_refused_with_its_errors(engine):
    with pytest.raises(psycopg.Error) as caught:
        rehearse(engine, act("a", "nowhere"))
    assert caught.value.sqlstate == "MA200"
