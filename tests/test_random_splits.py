"""Splits by chance: fair, sticky, and with branches taken many times."""

from __future__ import annotations

import uuid

import pytest

from tests.engine import act

VARIANTS = [
    {"next": "a", "name": "A", "weight": 50},
    {"next": "b", "name": "B", "weight": 40},
    {"name": "holdout", "weight": 10},
]


def set_(step: str, **values) -> dict:
    return {"id": step, "type": "set", "values": values}


def test_split(**more) -> list[dict]:
    return [
        {"id": "draw", "type": "split", "mode": "random", "branches": VARIANTS} | more,
        set_("a", variant="A"),
        set_("b", variant="B"),
    ]


test_split.__test__ = False


def start_many(engine, template, keys: list[str]) -> list[uuid.UUID]:
    return [
        row[0]
        for row in engine.client.execute(
            "select s.instance_id from automation.start_workflows(%s, ("
            "select jsonb_agg(jsonb_build_object('trigger', jsonb_build_object('email', k))) "
            "from unnest(%s::text[]) as k)) as s order by s.item",
            [template, keys],
        )
    ]


def drawn(engine, instances: list[uuid.UUID]) -> list[str]:
    """The variant of each instance, in their order."""
    found = dict(
        engine.admin.execute(
            "select instance_id, branch_taken from automation.workflow_steps "
            "where step_key = 'draw' and instance_id = any (%s)",
            [instances],
        ).fetchall()
    )
    return [found[i] for i in instances]


KEYS = [f"contact {n}" for n in range(2000)]


def test_wcp_6_variants_are_drawn_by_their_weights(engine):
    instances = start_many(engine, engine.publish(*test_split(key="{{trigger.email}}")), KEYS)
    variants = drawn(engine, instances)
    shares = {v: variants.count(v) / len(KEYS) for v in set(variants)}
    assert shares.keys() == {"A", "B", "holdout"}
    assert shares["A"] == pytest.approx(0.5, abs=0.05)
    assert shares["B"] == pytest.approx(0.4, abs=0.05)
    assert shares["holdout"] == pytest.approx(0.1, abs=0.03)


def test_a_subject_keeps_its_variant_in_later_runs_and_versions(engine):
    template = engine.publish(*test_split(key="{{trigger.email}}"))
    before = drawn(engine, start_many(engine, template, KEYS[:200]))
    assert drawn(engine, start_many(engine, template, KEYS[:200])) == before
    engine.call(
        "app_backend",
        "update_template",
        p_template_id=template,
        p_definition={"steps": [*test_split(key="{{trigger.email}}", name="changed")]},
    )
    assert engine.call("app_backend", "publish_template", p_template_id=template) == 2
    assert drawn(engine, start_many(engine, template, KEYS[:200])) == before


def test_other_templates_and_other_seeds_draw_anew(engine):
    first = engine.publish(*test_split(key="{{trigger.email}}"))
    second = engine.publish(*test_split(key="{{trigger.email}}", name="another"))
    seeded = engine.publish(*test_split(key="{{trigger.email}} 2", name="seeded"))
    draws = {tuple(drawn(engine, start_many(engine, t, KEYS[:100]))) for t in (first, second)}
    assert len(draws | {tuple(drawn(engine, start_many(engine, seeded, KEYS[:100])))}) == 3


def test_the_entity_of_the_event_decides_by_default(engine, database):
    template = engine.publish(
        *test_split(),
        trigger={"type": "event", "event": "lead.scored", "enrol": {"key": "{{trigger.event_id}}"}},
    )
    for entity in ("lead 1", "lead 2", "lead 3", "lead 4") * 5:
        engine.client.execute(
            "select automation.emit_event('lead.scored', '{}', p_entity => %s)", [entity]
        )
    engine.work()
    rows = engine.admin.execute(
        "select i.trigger_data ->> 'entity', count(*), count(distinct s.branch_taken) "
        "from automation.workflow_instances i join automation.workflow_steps s "
        "using (org_id, instance_id) where s.step_key = 'draw' and i.template_id = %s group by 1",
        [template],
    ).fetchall()
    assert sorted(rows) == [(f"lead {n}", 5, 1) for n in (1, 2, 3, 4)]


def test_without_entity_every_run_is_drawn_by_itself(engine):
    instances = start_many(engine, engine.publish(*test_split()), ["same"] * 200)
    assert set(drawn(engine, instances)) == {"A", "B", "holdout"}


def test_a_holdout_is_a_variant_that_does_nothing(engine):
    template = engine.publish(
        {
            "id": "draw",
            "type": "split",
            "mode": "random",
            "branches": [{"name": "holdout", "weight": 100}, {"next": "a", "weight": 0}],
        },
        act("a"),
    )
    instance = engine.start(template)
    assert engine.path(instance) == ["draw"]
    (step,) = engine.timeline(instance)
    assert step["branch_taken"] == "holdout"
    assert engine.status(instance)["status"] == "completed"


def test_the_variant_can_be_read_behind_the_split(engine):
    template = engine.publish(
        {
            "id": "draw",
            "type": "split",
            "mode": "random",
            "branches": [{"next": "a", "name": "only", "weight": 100}],
        },
        set_("a", variant="{{steps.draw.branches}}"),
    )
    assert engine.status(engine.start(template))["output"] == {"variant": ["only"]}


@pytest.mark.parametrize("count", [3, "{{vars.n}}"])
def test_wcp_42_a_split_makes_as_many_threads_as_it_counts(engine, count):
    template = engine.publish(
        {"id": "fork", "type": "split", "branches": ["one"], "count": count},
        act("one", next="join"),
        {"id": "join", "type": "merge", "next": "end"},
        set_("end", arrived="{{steps.join.arrived}}"),
    )
    instance = engine.start(template, n=3)
    assert len(engine.read(lease=0)) == 3
    engine.work()
    assert engine.path(instance) == ["fork", "one", "one", "one", "join", "end"]
    assert engine.status(instance)["output"]["arrived"] == 3


@pytest.mark.parametrize("count", [0, 1001, 2.5, "many", None])
def test_a_count_that_is_none_fails_the_split(engine, count):
    template = engine.publish(
        {"id": "fork", "type": "split", "branches": ["one"], "count": "{{vars.n}}"}, act("one")
    )
    error = engine.status(engine.start(template, n=count))["error"]
    assert (error["code"], error["step"]) == ("invalid_count", "fork")
