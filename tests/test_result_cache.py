"""Results of actions that are kept for a while instead of being asked for again."""

from __future__ import annotations

import pytest
from psycopg.types.json import Jsonb

from tests.engine import act, failed, ok


def cached(step: str = "score", key: str = "{{trigger.post}}", ttl: str = "PT1H", **more) -> dict:
    return act(step, cache={"key": key, "ttl": ttl}, **more)


def entries(engine) -> int:
    return engine.admin.execute("select count(*) from automation_private.result_cache").fetchone()[
        0
    ]


def test_a_result_at_hand_is_used_and_the_action_not_done(engine):
    template = engine.publish(cached(next="b"), {"id": "b", "type": "set", "values": {"y": 1}})
    first = engine.start(template, post=7)
    assert engine.work({"score": ok({"value": 90})}) == 1
    second = engine.start(template, post=7)
    assert engine.read() == []
    for instance in (first, second):
        assert engine.status(instance)["output"] == {"post": 7, "value": 90, "y": 1}
    one, two = engine.timeline(first)[0], engine.timeline(second)[0]
    assert (one["branch_taken"], two["branch_taken"]) == (None, "cached")
    assert (two["status"], two["attempts"], two["output_data"]) == ("completed", 1, {"value": 90})
    assert two["input_data"] == {}
    assert entries(engine) == 1


def test_another_key_or_action_is_another_result(engine):
    template = engine.publish(cached())
    engine.start(template, post=7)
    assert engine.work() == 1
    engine.start(template, post=8)
    assert engine.work() == 1
    engine.start(template, post="7")
    assert engine.work() == 1
    engine.start(engine.publish(cached(action="other_work")), post=7)
    assert engine.work() == 1
    engine.start(engine.publish(cached("elsewhere", config={"x": 1})), post=7)
    assert engine.work() == 0


def test_a_result_is_forgotten_after_its_time(engine, move_clock):
    template = engine.publish(cached())
    engine.start(template, post=7)
    engine.work()
    move_clock("59 minutes")
    engine.start(template, post=7)
    assert engine.work() == 0
    move_clock("2 minutes")
    engine.start(template, post=7)
    assert len(engine.read(lease=0)) == 1
    engine.tick()
    assert entries(engine) == 0  # the clock has removed it
    engine.work()
    assert entries(engine) == 1


def test_errors_are_never_kept(engine):
    template = engine.publish(cached())
    engine.start(template, post=7)
    engine.work({"score": failed()})
    assert entries(engine) == 0
    engine.start(template, post=7)
    assert engine.work() == 1


def test_a_result_that_took_several_attempts_is_kept(engine, move_clock):
    template = engine.publish(cached(retry={"max_attempts": 2, "backoff": "PT1S"}))
    instance = engine.start(template, post=7)
    engine.report((engine.read()[0], failed()))
    move_clock("1 minute")
    engine.work({"score": ok({"value": 1})})
    assert engine.status(instance)["output"]["value"] == 1
    engine.start(template, post=7)
    assert engine.work() == 0


def test_results_are_kept_inside_their_organisation(engine, database, orgs):
    template = engine.publish(cached())
    engine.start(template, post=7)
    engine.work()
    other = type(engine)(database, orgs.b)
    other.start(other.publish(cached()), post=7)
    assert other.work() == 1
    assert entries(engine) == 2


def test_two_at_once_both_ask_and_the_last_answer_is_kept(engine):
    template = engine.publish(cached())
    engine.start(template, post=7)
    engine.start(template, post=7)
    messages = engine.read()
    assert len(messages) == 2
    engine.report(*((m, ok({"value": 1})) for m in messages))
    third = engine.start(template, post=7)
    assert engine.work() == 0
    assert engine.status(third)["output"]["value"] == 1


NATIVE = """
create table public.calls (n int);
create function public.remember(p_config jsonb, p_context jsonb) returns jsonb language sql as $$
    insert into public.calls values (1) returning '{"done": true}'::jsonb
$$;
grant insert, select on public.calls to public;
"""


def test_an_action_inside_the_database_is_not_called_either(engine):
    engine.admin.execute(NATIVE)
    engine.call(
        "ops",
        "register_action",
        p_action="remember",
        p_runs="native",
        p_description="remembers",
        p_handler="public.remember(jsonb, jsonb)",
    )
    template = engine.publish(cached(action="remember"))
    for _ in range(3):
        instance = engine.start(template, post=7)
        assert engine.status(instance)["output"] == {"post": 7, "done": True}
    assert engine.admin.execute("select count(*) from public.calls").fetchone() == (1,)


def test_a_rehearsal_neither_uses_nor_keeps_results(engine):
    definition = {"steps": [cached(key="k")]}
    engine.start(engine.publish(*definition["steps"]))
    engine.work({"score": ok({"value": 1})})
    result = engine.call(
        "app_backend",
        "test_workflow",
        p_definition=definition,
        p_mocks={"score": {"output": {"value": 2}}},
    )
    assert result["output"] == {"value": 2}
    assert entries(engine) == 1


@pytest.mark.parametrize(
    "cache", [{"key": "k"}, {"ttl": "PT1H"}, {"key": "k", "ttl": "soon"}, {"key": "k", "ttl": 5}, 1]
)
def test_a_cache_needs_a_key_and_a_time(engine, cache):
    found = engine.client.execute(
        "select pointer from automation.validate_definition(%s)",
        [Jsonb({"steps": [act("a", cache=cache)]})],
    ).fetchall()
    assert found
    assert all(pointer.startswith("/steps/0/cache") for (pointer,) in found)
