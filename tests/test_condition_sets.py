"""Condition sets: named conditions that rules, templates and each other refer to."""

from __future__ import annotations

import json
import threading
import uuid

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import act, if_
from tests.evidence import differences, fingerprint
from tests.rules import NOTE, Rules, call, column, install, mistakes, one, refused, rows

USER = uuid.UUID("11111111-2222-4333-8444-555555555555")
LOUD = {"field": "followers", "op": "gt", "value": 1000}
FAMOUS = {"field": "followers", "op": "gt", "value": 50000}
BAD = {"field": "score", "op": "lt", "value": -0.5}


@pytest.fixture
def rules(engine):
    return install(engine)


def ref(name):
    return {"ref": name}


def save(rules, name, condition, *description, connection=None):
    call(connection or rules.client, "save_condition_set", name, Jsonb(condition), *description)


def sets(connection):
    return {row["name"]: row for row in rows(connection, "select * from automation.condition_sets")}


def tree(rules, name):
    return sets(rules.client)[name]["condition"]


def version(rules, rule, number):
    """The document that a version of a rule keeps."""
    return one(
        rules.client,
        "select rule from automation.automation_rule_versions where rule_id = %s and version = %s",
        rule,
        number,
    )["rule"]


def source(rules, template):
    """The definition that is published."""
    return one(
        rules.client,
        "select d.source from automation.workflow_templates as t "
        "inner join automation.workflow_definitions as d "
        "on d.definition_id = t.published_definition_id where t.template_id = %s",
        template,
    )["source"]


def told(rules, function, document):
    """What validation finds, as (pointer, code, message)."""
    return rules.client.execute(
        f"select pointer, code, message from automation.{function}(%s)", [Jsonb(document)]
    ).fetchall()


def complaints(caught):
    return [
        (found["pointer"], found["code"], found["message"])
        for found in json.loads(caught.value.diag.message_detail)
    ]


# ---- what is kept


def test_a_set_is_kept_in_canonical_form_with_its_references(rules):
    save(rules, "loud", "followers > 1000", "many hear it")
    save(
        rules, "crisis", {"and": [ref("loud"), {"not": [ref("loud"), "score > 0"]}, "score < -0.5"]}
    )
    assert tree(rules, "loud") == LOUD
    assert tree(rules, "crisis") == {
        "all": [
            ref("loud"),
            {"not": {"all": [ref("loud"), {"field": "score", "op": "gt", "value": 0}]}},
            BAD,
        ]
    }
    kept = sets(rules.client)["loud"]
    assert (kept["description"], kept["org_id"]) == ("many hear it", rules.org)


def test_saving_again_replaces_the_condition(rules, move_clock):
    rules.call("set_member", USER, "content_creator")
    client = rules.engine.database.connect("app_backend", org=rules.org, user_id=USER)
    save(rules, "loud", LOUD, "many hear it", connection=client)
    first = sets(rules.client)["loud"]
    assert (first["created_by"], first["created_at"]) == (USER, first["updated_at"])
    move_clock("1 hour")
    save(rules, "loud", FAMOUS)
    second = sets(rules.client)["loud"]
    assert second["updated_at"] > first["updated_at"]
    assert second == first | {"condition": FAMOUS, "updated_at": second["updated_at"]}
    save(rules, "loud", FAMOUS, "")
    assert sets(rules.client)["loud"]["description"] is None


def test_changes_are_in_the_audit(rules):
    save(rules, "loud", LOUD)
    rules.call("delete_condition_set", "loud")
    assert sets(rules.client) == {}
    done = rows(
        rules.client,
        "select operation, details from automation.automation_audit "
        "where subject_type = 'condition_set' order by audit_id",
    )
    assert done == [
        {"operation": operation, "details": {"name": "loud"}}
        for operation in ("save_condition_set", "delete_condition_set")
    ]


def test_each_organisation_has_its_own(rules, database, orgs):
    neighbour = Rules(rules.engine, orgs.b)
    save(rules, "loud", LOUD)
    save(neighbour, "loud", FAMOUS)
    save(neighbour, "theirs", FAMOUS)
    reader = database.connect("bi_ro", org=orgs.a)
    assert {name: row["condition"] for name, row in sets(reader).items()} == {"loud": LOUD}
    with refused("MA201") as caught:
        save(rules, "mine", ref("theirs"))
    assert complaints(caught) == [
        ("", "unknown_reference", 'there is no condition set "theirs"'),
    ]
    rules.call("delete_condition_set", "loud")
    with refused("MA002"):
        rules.call("delete_condition_set", "theirs")
    assert set(sets(neighbour.client)) == {"loud", "theirs"}


def test_sets_are_written_through_the_functions_only(rules, database, orgs):
    save(rules, "loud", LOUD)
    for login in ("svc_a", "bi_ro"):
        connection = database.connect(login, org=orgs.a)
        for statement in (
            "delete from automation.condition_sets",
            "update automation.condition_sets set name = 'x'",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)


# ---- what is refused


@pytest.mark.on("embedded")
@pytest.mark.parametrize(
    "name", [None, "", "Loud", "1st", "_x", "very loud", "laut!", "größe", "a-b", "a\n", "a" * 64]
)
def test_a_name_is_a_word(rules, name):
    with refused("MA001"):
        rules.call("save_condition_set", name, LOUD)


WRONG = [
    (None, [("", "not_a_condition", "this is a null")]),
    (5, [("", "not_a_condition", "this is a number")]),
    ([], [("", "empty_group", "at least one")]),
    ("followers >", [("", "syntax", "line 1, column 12")]),
    ({"ref": 5}, [("", "wrong_type", "ref is the name of a condition set")]),
    ({"ref": None}, [("", "wrong_type", "ref is the name of a condition set")]),
    ({"ref": ["a", "b"]}, [("", "wrong_type", "ref is the name of a condition set")]),
    ({"ref": {"ref": "loud"}}, [("", "wrong_type", "ref is the name of a condition set")]),
    ({"ref": "loud", "op": "eq"}, [("", "unknown_key", '"op" cannot stand beside ref')]),
    ({"ref": "loud", "any": [LOUD]}, [("", "unknown_key", "cannot stand beside any")]),
    ({"ref": "Loud"}, [("", "unknown_reference", 'there is no condition set "Loud"')]),
    ({"ref": "a" * 500}, [("", "unknown_reference", "no condition set")]),
    ({"field": "x", "op": "eq", "value": ref("loud")}, [("", "invalid_value", "an object")]),
    (
        {"any": [ref("nobody"), {"not": ref("me")}, LOUD, [ref("loud"), ref("nothing")]]},
        [
            ("/any/0", "unknown_reference", 'there is no condition set "nobody"'),
            ("/any/1/not", "cyclic_reference", "in a circle: me → me"),
            ("/any/3/1", "unknown_reference", 'there is no condition set "nothing"'),
        ],
    ),
]


@pytest.mark.on("embedded")
@pytest.mark.parametrize(("condition", "expected"), WRONG, ids=lambda value: str(value)[:30])
def test_a_mistake_is_named_where_it_is(rules, condition, expected):
    save(rules, "loud", LOUD)
    before = fingerprint(rules.admin)
    with refused("MA201") as caught:
        save(rules, "me", condition)
    found = complaints(caught)
    assert [(pointer, code) for pointer, code, _ in found] == [(p, c) for p, c, _ in expected]
    for (*_, message), (*_, part) in zip(found, expected, strict=True):
        assert part in message
    assert differences(before, fingerprint(rules.admin)) == []


def test_a_condition_is_needed(rules):
    with refused("MA201"):
        rules.call("save_condition_set", "x", None)


def test_sets_never_go_round_in_a_circle(rules):
    save(rules, "c", LOUD)
    save(rules, "b", {"any": [BAD, ref("c")]})
    save(rules, "a", {"not": ref("b")})
    with refused("MA201") as caught:
        save(rules, "c", {"all": [LOUD, {"any": [LOUD, ref("a")]}]})
    assert complaints(caught) == [
        ("/all/1/any/1", "cyclic_reference", "condition sets go round in a circle: c → a → b → c")
    ]
    assert tree(rules, "c") == LOUD


def test_two_changes_at_a_time_never_make_a_circle_together(rules):
    save(rules, "a", LOUD)
    save(rules, "b", LOUD)
    first, second = (
        rules.engine.database.connect("app_backend", org=rules.org, autocommit=False)
        for _ in range(2)
    )
    save(rules, "a", ref("b"), connection=first)
    outcome = []

    def save_the_other():
        try:
            save(rules, "b", ref("a"), connection=second)
        except errors.DatabaseError as error:
            outcome.append(mistakes(error))

    thread = threading.Thread(target=save_the_other)
    thread.start()
    thread.join(0.3)
    assert thread.is_alive()
    first.commit()
    thread.join()
    assert outcome == [["cyclic_reference"]]


def test_limits_hold_for_what_is_written_out(rules):
    fifty = [f"f{n} = 1" for n in range(50)]
    save(rules, "fifty", fifty)
    save(rules, "full", {"any": [ref("fifty")] * 4})
    with refused("MA201") as caught:
        save(rules, "more", {"any": [LOUD, *[ref("fifty")] * 4]})
    assert complaints(caught) == [
        ("", "too_many_leaves", "a condition has at most 200 comparisons")
    ]
    with refused("MA201") as caught:
        save(rules, "more", {"any": [LOUD, ref("full")]})
    assert [code for _, code, _ in complaints(caught)] == ["too_many_leaves"]

    deep = {"not": {"not": {"not": {"not": {"not": LOUD}}}}}
    save(rules, "six_deep", deep)
    save(rules, "ten_deep", {"not": {"not": {"not": {"not": ref("six_deep")}}}})
    with refused("MA201") as caught:
        save(rules, "more", {"not": ref("ten_deep")})
    assert complaints(caught) == [
        ("/not", "too_deep", 'condition set "ten_deep": a condition is at most 10 levels deep')
    ]
    with refused("MA201") as caught:
        save(rules, "more", {"not": [{"not": [{"not": deep}]}]})
    assert [code for _, code, _ in complaints(caught)] == ["too_deep"]

    long = {"any": [{"field": "x", "op": "eq", "value": "x" * 60000}] * 3}
    save(rules, "long", long)
    for condition in ({"any": [ref("long"), ref("long")]}, {"any": [*long["any"], *long["any"]]}):
        with refused("MA201") as caught:
            save(rules, "more", condition)
        assert complaints(caught) == [("", "too_long", "a condition has at most 256 KiB")]


def test_a_chain_of_sets_has_an_end(rules):
    save(rules, "s1", LOUD)
    for n in range(2, 11):
        save(rules, f"s{n}", ref(f"s{n - 1}"))
    assert rules.call("evaluate_condition", ref("s10"), {"followers": 2000}) is True
    with refused("MA201") as caught:
        save(rules, "s11", ref("s10"))
    assert [code for _, code, _ in complaints(caught)] == ["too_deep"]
    save(rules, "s0", LOUD)
    with refused("MA201") as caught:
        save(rules, "s1", ref("s0"))
    assert [(code, message.split(" refers")[0]) for _, code, message in complaints(caught)] == [
        ("breaks_condition_set", 'condition set "s10"')
    ]


def test_a_change_that_breaks_other_sets_is_refused(rules):
    save(rules, "a", LOUD)
    save(rules, "b", {"any": [ref("a")] * 100})
    save(rules, "c", ref("b"))
    with refused("MA201") as caught:
        save(rules, "a", {"any": [LOUD, BAD, FAMOUS]})
    assert [(code, message) for _, code, message in complaints(caught)] == [
        (
            "breaks_condition_set",
            f'condition set "{name}" refers to this one and would become invalid: '
            "a condition has at most 200 comparisons",
        )
        for name in "bc"
    ]
    save(rules, "a", {"any": [LOUD, BAD]})


@pytest.mark.on("embedded")
def test_hostile_input_is_refused_quickly(rules):
    rules.client.execute("set statement_timeout = '20s'")
    save(rules, "long", {"any": [{"field": "x", "op": "eq", "value": "x" * 60000}] * 4})
    many = {"any": [ref("long")] * 15000}
    for condition in (many, {"any": [ref("no")] * 15000}):
        with refused("MA201"):
            save(rules, "x", condition)
    for opening, closing in (('{"not": ', "}"), ("[", "]"), ('{"any": [', "]}")):
        nested = opening * 2000 + '{"ref": "long"}' + closing * 2000
        with refused("MA201"):
            rules.client.execute("select automation.save_condition_set('x', %s::jsonb)", [nested])
    step = if_("s1", ref("long"), "s2")
    steps = [{**step, "id": f"s{n}", "true_next": f"s{n + 1}"} for n in range(400)]
    with refused("MA003") as caught:
        told(rules, "validate_definition", {"steps": steps})
    assert "condition sets" in caught.value.diag.message_primary
    with refused("MA200"):
        rules.draft(conditions=many)


# ---- rules


def test_a_rule_means_by_a_reference_what_the_set_says(rules):
    save(rules, "loud", LOUD)
    save(rules, "crisis", {"all": [ref("loud"), BAD]})
    rules.rule(conditions=[ref("crisis"), "status = 'new'"])
    rules.rule(conditions={"not": ref("loud")})
    rules.add(1, followers=5000, score=-0.9)
    rules.add(2, followers=5000, score=-0.9, status="old")
    rules.add(3, followers=10, score=-0.9)
    assert rules.news() == ["1", "3"]


FORMS = [
    ref("loud"),
    [ref("loud")],
    [ref("loud"), "score < 0"],
    {"and": ["score < 0", {"or": [ref("loud"), ref("crisis")]}]},
    {"conditions": [ref("loud"), BAD], "condition_logic": "any"},
    {"conditions": {"any": [ref("loud"), BAD]}, "condition_logic": "custom"},
    {"none": [ref("crisis"), {"not": [ref("loud"), "score is set"]}]},
    [[ref("loud"), {"metric": "score", "operator": "changes_by", "threshold": 1}]],
    {"all": [{"ref": "loud", "ui": {"x": 1}}, "changed contains 'score'"], "ui": {"ref": "y"}},
]


@pytest.mark.parametrize("conditions", FORMS, ids=str)
def test_drafts_keep_references_and_versions_what_they_stood_for(rules, conditions):
    save(rules, "loud", LOUD)
    save(rules, "crisis", {"any": [ref("loud"), BAD]})
    document = {"conditions": conditions, "trigger": {"event": "mention", "condition": ref("loud")}}
    rule = rules.rule(**document)
    kept = rules.row(rule)
    assert '"ref": "loud"' in json.dumps(kept["conditions"])
    assert kept["trigger_config"]["condition"] == ref("loud")
    frozen = version(rules, rule, 1)
    assert '"ref": "' not in json.dumps(frozen).replace('"ui": {"ref": "y"}', "")
    assert frozen["trigger"]["condition"] == LOUD
    # the same conditions without sets are stored in the same form
    plain = json.loads(
        json.dumps(conditions)
        .replace('{"ref": "loud", "ui": {"x": 1}}', '{"ref": "loud"}')
        .replace('{"ref": "crisis"}', json.dumps({"any": [LOUD, BAD]}))
        .replace('{"ref": "loud"}', json.dumps(LOUD))
    )
    assert frozen["conditions"] == rules.row(rules.draft(conditions=plain))["conditions"]

    before = fingerprint(rules.admin)
    assert rules.call("activate_rule", rule) == 1
    assert differences(before, fingerprint(rules.admin)) == []
    again = rules.draft(**rules.call("export_rule", rule) | {"name": "again"})
    assert rules.row(again)["conditions"] == kept["conditions"]
    copy = rules.call("duplicate_rule", rule, "copy")
    assert rules.row(copy)["conditions"] == kept["conditions"]


def test_the_condition_of_a_trigger_may_stand_under_config(rules):
    save(rules, "loud", LOUD)
    rule = rules.rule(
        trigger={
            "type": "event",
            "config": {"event": "mention", "condition": {"any": [ref("loud")]}},
        }
    )
    assert rules.row(rule)["trigger_config"]["condition"] == {"any": [ref("loud")]}
    rules.add(1, followers=5000)
    rules.add(2, followers=10)
    assert rules.news() == ["1"]


def test_an_active_rule_keeps_what_a_set_was_until_it_is_activated_again(rules):
    save(rules, "loud", LOUD)
    save(rules, "heard", {"any": [ref("loud")]})
    rule = rules.rule(conditions=[ref("heard"), "score < 0"])
    save(rules, "loud", FAMOUS)
    rules.add(1, followers=5000, score=-1)
    assert rules.news() == ["1"]
    assert rules.verdict(rule) == "fires"
    sample = {"new": {"followers": 5000, "score": -1}}
    assert rules.call("test_rule", rule, sample)["reason"] == "no_match"

    assert rules.call("activate_rule", rule) == 2
    assert version(rules, rule, 1)["conditions"]["all"][0] == {"any": [LOUD]}
    assert version(rules, rule, 2)["conditions"]["all"][0] == {"any": [FAMOUS]}
    rules.add(2, followers=5000, score=-1)
    rules.add(3, followers=60000, score=-1)
    assert rules.news() == ["3"]
    # what has fired is explained by what the set was
    assert rules.verdict(rule, rules.events()[0]) == "fires"

    before = fingerprint(rules.admin)
    assert rules.call("activate_rule", rule) == 2
    assert differences(before, fingerprint(rules.admin)) == []
    save(rules, "loud", LOUD)
    rules.call("pause_rule", rule)
    assert rules.call("activate_rule", rule) == 3
    rules.add(4, followers=5000, score=-1)
    assert rules.news() == ["4"]


def test_what_has_not_been_dispatched_yet_meets_the_condition_of_then(rules):
    save(rules, "loud", LOUD)
    rule = rules.rule(conditions=ref("loud"))
    rules.add(1, followers=5000)
    save(rules, "loud", FAMOUS)
    assert rules.news() == ["1"]
    rules.add(2, followers=60000)
    rules.call("activate_rule", rule)
    assert rules.news() == ["2"]


def test_an_edit_of_an_active_rule_takes_the_sets_as_they_are(rules):
    save(rules, "loud", LOUD)
    rule = rules.rule(conditions=ref("loud"))
    save(rules, "loud", FAMOUS)
    rules.call("update_rule", rule, {"priority": 60})
    assert rules.row(rule)["version"] == 2
    assert rules.row(rule)["conditions"] == ref("loud")
    assert version(rules, rule, 2)["conditions"] == FAMOUS


def test_a_condition_that_is_asked_again_is_the_frozen_one(rules, move_clock):
    save(rules, "loud", LOUD)
    rules.rule({**NOTE, "delay": "PT1H"}, conditions=ref("loud"))
    rules.add(1, 2, followers=5000)
    rules.work()
    save(rules, "loud", FAMOUS)
    rules.set(2, followers=10)
    move_clock("2 hours")
    assert rules.news() == ["1"]


def test_a_rule_is_explained_with_what_its_references_stand_for(rules):
    save(rules, "loud", LOUD)
    heard = rules.rule()
    rule = rules.draft(conditions=[ref("loud"), "score < 0"])
    rules.add(1, followers=5000, score=1)
    rules.work()
    assert rules.verdict(heard) == "fires"
    explained = rules.explain(rule, rules.events()[0])
    assert explained[0]["condition"] == "followers > 1000 and score < 0"
    assert [(row["field"], row["result"]) for row in explained if row["field"]] == [
        ("followers", True),
        ("score", False),
    ]


def test_a_draft_whose_set_is_gone_never_seems_to_fire(rules):
    save(rules, "loud", LOUD)
    rules.rule()
    rule = rules.draft(conditions=ref("loud"))
    rules.add(1, followers=5000)
    rules.admin.execute("delete from automation.condition_sets")
    assert rules.verdict(rule) == "condition_error"
    assert rules.call("test_rule", rule, {"new": {"followers": 5000}})["fires"] is False
    with refused("MA200") as caught:
        rules.call("activate_rule", rule)
    assert mistakes(caught.value) == ["/conditions unknown_reference"]


def test_a_rule_with_an_unknown_reference_is_refused(rules):
    save(rules, "loud", LOUD)
    document = {
        "name": "x",
        "trigger": {"event": "mention", "condition": {"any": [ref("nobody")]}},
        "conditions": [ref("loud"), {"ref": "loud", "value": 1}, {"not": ref("nothing")}],
        "actions": [{"action": "note", "config": {"note": "x", "condition": ref("nobody")}}],
    }
    assert told(rules, "validate_rule", document) == [
        (
            "/trigger/condition/any/0",
            "unknown_reference",
            'there is no condition set "nobody"',
        ),
        ("/conditions/1", "unknown_key", '"value" cannot stand beside ref'),
        ("/conditions/2/not", "unknown_reference", 'there is no condition set "nothing"'),
    ]
    with refused("MA200"):
        rules.call("create_rule", document)
    rule = rules.rule(conditions=ref("loud"))
    with refused("MA200"):
        rules.call("update_rule", rule, {"conditions": ref("nobody")})


def test_what_is_wrong_inside_a_set_is_told_of_its_reference(rules):
    save(rules, "scored", "steps.score.value > 5")
    save(rules, "of_steps", {"any": [BAD, {"field": "x", "op": "eq", "value": {"var": "y"}}]})
    save(rules, "changed_score", {"any": ["score changed", LOUD]})
    save(rules, "outer", {"all": [ref("changed_score"), BAD]})
    rule = {"name": "x", "trigger": "mention", "actions": [NOTE]}
    assert told(rules, "validate_rule", rule | {"conditions": ["score < 0", ref("of_steps")]}) == [
        ("/conditions/1", "unknown_variable", 'condition set "of_steps": a rule has no variables')
    ]
    steps = [
        act("score", "good"),
        if_("good", ref("scored"), "stop"),
        {"id": "stop", "type": "condition", "cases": [{"when": [ref("outer")], "next": "end"}]},
        {"id": "end", "type": "stop"},
    ]
    found = told(rules, "validate_definition", {"steps": steps})
    assert [(pointer, code) for pointer, code, _ in found] == [
        ("/steps/2/cases/0/when/0", "no_old_value")
    ]
    assert found[0][2].startswith('condition set "outer": ')
    template = rules.call("create_template", "x", {"steps": steps})
    with refused("MA200") as caught:
        rules.call("publish_template", template)
    assert complaints(caught) == found


# ---- templates


CASES = {
    "id": "kind",
    "type": "condition",
    "cases": [{"when": ref("famous"), "next": "b"}, {"when": {"all": [ref("loud")]}, "next": "c"}],
    "default": "d",
}


def noted(step, note, next=None):
    return act(step, next, action="note", config={"note": note})


def test_a_template_decides_by_sets(rules):
    save(rules, "loud", LOUD)
    save(rules, "famous", FAMOUS)
    save(rules, "bad", BAD)
    fork = {
        "id": "fork",
        "type": "split",
        "branches": [{"when": ref("loud"), "next": "a"}, {"when": ref("famous"), "next": "kind"}],
        "default": "kind",
    }
    template = rules.template(
        fork,
        noted("a", "a"),
        CASES,
        *(noted(step, step) for step in "bcd"),
        trigger={"type": "event", "event": "mention", "condition": {"not": ref("bad")}},
    )
    stored = source(rules, template)
    assert stored["trigger"]["condition"] == {"not": BAD}
    assert [case["when"] for case in stored["steps"][2]["cases"]] == [FAMOUS, {"all": [LOUD]}]
    assert [branch["when"] for branch in stored["steps"][0]["branches"]] == [LOUD, FAMOUS]
    rules.add(1, followers=60000, score=0)
    assert sorted(rules.news()) == ["a", "b"]
    rules.add(2, followers=2000, score=0)
    rules.add(3, followers=2000, score=-1)
    assert rules.news() == ["a"]
    rules.add(4, followers=2, score=0)
    assert rules.news() == ["d"]


def test_a_template_lets_go_by_sets(rules):
    save(rules, "loud", LOUD)
    departures = {
        name: {"event": "mention", "condition": [ref("loud")], "key": "{{trigger.mention_id}}"}
        for name in ("goal", "exit")
    }
    trigger = {"type": "event", "event": "mention", "enrol": {"key": "{{trigger.mention_id}}"}}
    for form in (trigger | departures, {"type": "event", "config": trigger | departures}):
        template = rules.template({"id": "end", "type": "stop"}, trigger=form)
        stored = source(rules, template)["trigger"]
        stored = stored.get("config", stored)
        assert [stored[name]["condition"] for name in departures] == [[LOUD], [LOUD]]


def test_a_published_template_keeps_what_a_set_was(rules):
    save(rules, "loud", LOUD)
    template = rules.template(
        if_("loud", ref("loud"), "yes"),
        noted("yes", "yes"),
        trigger={"type": "event", "config": {"event": "mention", "condition": ref("loud")}},
    )
    assert rules.call("publish_template", template) == 1
    save(rules, "loud", FAMOUS)
    rules.add(1, followers=5000)
    assert rules.news() == ["yes"]
    assert rules.call("publish_template", template) == 2
    assert rules.call("publish_template", template) == 2
    rules.add(2, followers=5000)
    assert rules.news() == []
    rules.add(3, followers=60000)
    assert rules.news() == ["yes"]
    draft = one(
        rules.client,
        "select workflow_definition as d from automation.workflow_templates where template_id = %s",
        template,
    )["d"]
    assert draft["steps"][0]["condition"] == ref("loud")
    assert draft["trigger"]["config"]["condition"] == ref("loud")
    exported = rules.call("export_template", template)
    assert exported["definition"] == draft
    save(rules, "loud", LOUD)
    # what it once was is stored already
    assert rules.call("publish_template", template) == 3


def test_values_that_look_like_references_stay(rules):
    save(rules, "loud", LOUD)
    looks = {"ref": "loud", "condition": ref("loud")}
    template = rules.template(
        act("a", "b", config=looks, ui=ref("loud")),
        {"id": "b", "type": "set", "values": {"condition": ref("loud"), "x": looks}, "next": "c"},
        if_("c", {"all": [ref("loud")], "ui": ref("loud")}, "d"),
        {"id": "d", "type": "stop"},
        ui={"condition": ref("loud")},
    )
    stored = source(rules, template)
    assert stored["steps"][0]["config"] == looks
    assert stored["steps"][0]["ui"] == stored["steps"][2]["condition"]["ui"] == ref("loud")
    assert stored["steps"][1]["values"] == {"condition": ref("loud"), "x": looks}
    assert stored["steps"][2]["condition"]["all"] == [LOUD]
    assert stored["ui"] == {"condition": ref("loud")}


def test_a_rehearsal_uses_the_sets_of_now(rules):
    save(rules, "loud", LOUD)
    steps = [if_("loud", ref("loud"), "yes"), noted("yes", "yes")]
    query = "select automation.test_workflow(%s, '{}', %s)"
    for followers, visited in ((5000, ["loud", "yes"]), (5, ["loud"])):
        result = rules.client.execute(
            query, [Jsonb({"steps": steps}), Jsonb({"followers": followers})]
        ).fetchone()[0]
        assert [step["step"] for step in result["steps"]] == visited


# ---- conditions by themselves


def test_conditions_can_be_tried_with_sets(rules, database, orgs):
    save(rules, "loud", LOUD)
    row = {"followers": 5000}
    assert rules.call("evaluate_condition", {"not": ref("loud")}, row) is False
    explained = rows(
        rules.client,
        "select pointer, reason, condition from automation.explain_condition(%s, %s)",
        Jsonb(ref("loud")),
        Jsonb(row),
    )
    assert [line["condition"] for line in explained] == ["followers > 1000"] * 2
    with refused("MA201") as caught:
        rules.call("evaluate_condition", {"not": ref("quiet")}, row)
    assert mistakes(caught.value) == ["/not unknown_reference"]
    # only by those who may see them
    rules.call("set_member", USER, "intern")
    for connection in (
        database.connect("app_backend", org=orgs.a, user_id=USER),
        database.connect("app_backend", org=orgs.b),
        database.connect("app_backend"),
    ):
        with refused("MA201"):
            call(connection, "evaluate_condition", ref("loud"), row)


# ---- deletion


def test_a_set_in_use_is_not_deleted(rules):
    for name in "abcde":
        save(rules, name, LOUD)
    save(rules, "b", {"any": [BAD, ref("a")]})
    rules.draft(name="Draft", conditions={"not": ref("b")})
    archived = rules.rule(name="Archived", trigger={"event": "mention", "condition": ref("c")})
    rules.call("archive_rule", archived)
    step = if_("s", [ref("d")], "e")
    steps = {"steps": [step, {"id": "e", "type": "stop"}]}
    for name in ("One", "Two"):
        rules.call("create_template", name, steps)
    used = {}
    for name in "abcd":
        with refused("MA101") as caught:
            rules.call("delete_condition_set", name)
        used[name] = caught.value.diag.message_detail
    assert used == {
        "a": 'condition set "b"',
        "b": 'rule "Draft"',
        "c": 'rule "Archived"',
        "d": 'template "One", template "Two"',
    }
    rules.call("delete_condition_set", "e")
    assert set(sets(rules.client)) == set("abcd")


def test_a_set_that_only_frozen_versions_used_may_go(rules):
    save(rules, "loud", LOUD)
    rule = rules.rule(conditions=ref("loud"))
    template = rules.template(if_("a", ref("loud"), "b"), {"id": "b", "type": "stop"})
    rules.call("update_rule", rule, {"conditions": "followers > 5"})
    rules.client.execute(
        "select automation.update_template(%s, p_definition => %s)",
        [template, Jsonb({"steps": [{"id": "b", "type": "stop"}], "ui": ref("loud")})],
    )
    rules.call("delete_condition_set", "loud")
    assert version(rules, rule, 1)["conditions"] == LOUD
    assert column(rules.client, "select name from automation.condition_sets") == []


def test_what_does_not_exist_is_not_deleted(rules):
    for name in ("loud", "", None):
        with refused("MA002"):
            rules.call("delete_condition_set", name)
