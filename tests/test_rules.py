"""Rules: what may be written, what is refused, who may do what, versions, explanations."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from psycopg.types.json import Jsonb

from demo.stage import HERE, load_adapters
from tests.evidence import differences, fingerprint
from tests.rules import (
    NEGATIVE,
    NOTE,
    Rules,
    call,
    install,
    mistakes,
    one,
    refused,
    rows,
)

USER = uuid.UUID("11111111-2222-4333-8444-555555555555")
NOBODY = uuid.UUID("00000000-0000-4000-8000-000000000000")


@pytest.fixture
def rules(engine):
    return install(engine)


@pytest.fixture
def neighbour(rules, orgs):
    return Rules(rules.engine, orgs.b)


def stored(rules, **document):
    """The columns of a rule that say what it does, and what validation says of it."""
    rule = rules.row(rules.draft(**document))
    return {
        name: rule[name]
        for name in ("trigger_type", "trigger_config", "conditions", "condition_logic", "actions")
    }


def found(rules, document):
    """What validation finds, as "pointer code"."""
    query = "select pointer, code from automation.validate_rule(%s)"
    return [
        f"{pointer} {code}".strip()
        for pointer, code in rules.client.execute(query, [Jsonb(document)]).fetchall()
    ]


# ---- language

EVENT_TRIGGERS = [
    {"trigger": "mention"},
    {"trigger": {"event": "mention"}},
    {"trigger": {"type": "event", "event": "mention"}},
    {"trigger": {"type": "event", "config": {"event": "mention"}}},
    {"trigger": {"config": {"event": "mention"}}},
    {"trigger": {"type": "event_based", "event": "mention"}},
    {"trigger_type": "event", "trigger_config": {"event": "mention"}},
]
OTHER_TRIGGERS = {
    "schedule": (
        {"cron": "0 9 * * *"},
        ("schedule", "scheduled", "time", "time_based", "cron", "recurring"),
    ),
    "condition": (
        {"event": "mention", "metric": "score", "operator": "<", "threshold": -0.5},
        ("condition", "condition_based", "metric", "metric_threshold", "performance"),
    ),
    "api": ({"webhook": "shop"}, ("api", "webhook", "api_webhook")),
    "manual": ({}, ("manual",)),
}


def test_a_trigger_may_be_written_in_every_vocabulary(rules):
    for form in EVENT_TRIGGERS:
        kept = stored(rules, **{"trigger": None} | form)
        assert (kept["trigger_type"], kept["trigger_config"]) == ("event", {"event": "mention"}), (
            form
        )
    for kind, (config, names) in OTHER_TRIGGERS.items():
        for name in names:
            for form in (
                {"trigger": {"type": name, "config": config}},
                {"trigger": {"type": name} | config},
                {"trigger": None, "trigger_type": name, "trigger_config": config},
            ):
                kept = stored(rules, **form)
                assert (kept["trigger_type"], kept["trigger_config"]) == (kind, config), form


ROI, MOOD = {"field": "roi", "op": "gt", "value": 200}, NEGATIVE
LISTS = [
    [{"field": "roi", "operator": ">", "value": 200}, MOOD],
    [{"metric": "roi", "operator": "greater_than", "threshold": 200}, MOOD],
    [{"type": "metric_threshold", "metric": "roi", "operator": ">", "threshold": 200}, MOOD],
    ["roi > 200", "score < -0.5"],
    [{"field": "roi", "op": "gt", "value": 200}, "score < -0.5"],
]
ALL = {"all": [ROI, MOOD]}
ANY = {"any": [ROI, MOOD]}
TREES = [
    (ALL, "all", {"conditions": {"all": [ROI, MOOD]}}),
    (ALL, "all", {"conditions": {"and": ["roi > 200", MOOD]}}),
    (ALL, "all", {"conditions": "roi > 200 and score < -0.5"}),
    (ALL, "all", {"condition": "roi > 200 and score < -0.5"}),
    (ALL, "all", {"conditions": {"conditions": [ROI, MOOD], "condition_logic": "and"}}),
    (ANY, "any", {"conditions": {"any": [ROI, MOOD]}}),
    (ANY, "any", {"conditions": {"or": ["roi > 200", MOOD]}}),
    (ANY, "any", {"conditions": "roi > 200 or score < -0.5"}),
    (ANY, "any", {"conditions": {"conditions": [ROI, MOOD], "logic": "or"}}),
    (ROI, "all", {"condition": {"metric": "roi", "operator": ">", "value": 200}}),
    (ROI, "all", {"conditions": "roi > 200"}),
    (
        {"all": [ROI, {"not": MOOD}]},
        "custom",
        {"conditions": "roi > 200 and not score < -0.5", "condition_logic": "custom"},
    ),
    ({"none": [ROI]}, "custom", {"conditions": {"none": [ROI]}}),
]


def test_conditions_may_be_a_list_a_tree_or_a_string(rules):
    """And mean the same, whatever the keys are called."""
    for form in LISTS:
        for logic in ("and", "all", "AND", "All", None):
            kept = stored(rules, conditions=form, condition_logic=logic)
            assert (kept["conditions"], kept["condition_logic"]) == (ALL, "all"), (form, logic)
        for key, logic in (("condition_logic", "or"), ("condition_logic", "any"), ("logic", "OR")):
            kept = stored(rules, conditions=form, **{key: logic})
            assert (kept["conditions"], kept["condition_logic"]) == (ANY, "any"), (form, logic)
    for tree, logic, form in TREES:
        kept = stored(rules, **form)
        assert (kept["conditions"], kept["condition_logic"]) == (tree, logic), form
    for nothing in (None, [], {}, ""):
        assert stored(rules, conditions=nothing)["conditions"] is None, nothing


OPERATORS = {
    "gt": (">", "gt", "greater_than", "Greater Than"),
    "gte": (">=", "gte"),
    "lt": ("<", "lt", "less_than"),
    "lte": ("<=", "lte"),
    "eq": ("=", "==", "eq", "equals"),
    "neq": ("!=", "ne", "not_equal", "<>"),
}
LEAVES = [
    ({"operator": "between", "value": {"min": 1, "max": 2}}, {"op": "between", "value": [1, 2]}),
    ({"operator": "between", "value": [1, 2]}, {"op": "between", "value": [1, 2]}),
    ({"operator": "in", "value": [1, 2]}, {"op": "in", "value": [1, 2]}),
    ({"operator": "not_in", "value": [1, 2]}, {"op": "not_in", "value": [1, 2]}),
    ({"operator": "contains", "value": "x"}, {"op": "contains", "value": "x"}),
    ({"operator": "exists"}, {"op": "is_set"}),
    ({"operator": "not_exists"}, {"op": "is_not_set"}),
    ({"operator": "changed"}, {"op": "changed"}),
    ({"operator": "change_pct", "threshold": 5}, ("increased_by_pct", "decreased_by_pct", 5)),
    ({"operator": "changes_by", "value": 5}, ("increased_by", "decreased_by", 5)),
]


def test_operators_of_every_vocabulary_are_stored_under_one_name(rules):
    names = [(name, op) for op, names in OPERATORS.items() for name in names]
    leaves = [({"operator": name, "value": 1}, {"op": op, "value": 1}) for name, op in names]
    forms = [({"metric": "metrics.cpa"} | form, expected) for form, expected in leaves + LEAVES]
    kept = stored(rules, conditions=[form for form, _ in forms])["conditions"]["all"]
    for (form, expected), leaf in zip(forms, kept, strict=True):
        if isinstance(expected, tuple):
            *ops, value = expected
            expected = {"any": [{"field": "metrics.cpa", "op": op, "value": value} for op in ops]}
        else:
            expected = {"field": "metrics.cpa"} | expected
        assert leaf == expected, form


CAMPAIGN = {"campaign_id": "{{trigger.campaign_id}}"}
# how an action may be written, what it is stored as
ACTIONS = [
    ("note", {"action": "note", "config": {}}),
    ({"action": "note"}, {"action": "note", "config": {}}),
    ({"type": "note"}, {"action": "note", "config": {}}),
    (
        {"type": "action", "action": "note", "config": {"a": 1}},
        {"action": "note", "config": {"a": 1}},
    ),
    ({"action": "note", "config": {"a": 1}}, {"action": "note", "config": {"a": 1}}),
    ({"type": "note", "params": {"a": 1}}, {"action": "note", "config": {"a": 1}}),
    ({"type": "note", "parameters": {"a": 1}}, {"action": "note", "config": {"a": 1}}),
    ({"type": "note", "a": 1, "b": 2}, {"action": "note", "config": {"a": 1, "b": 2}}),
    (
        {"type": "note", "a": 1, "name": "N", "delay": "PT1H", "on_error": "continue"},
        {
            "action": "note",
            "config": {"a": 1},
            "name": "N",
            "delay": "PT1H",
            "on_error": "continue",
        },
    ),
    # AutomationRulesEngine
    ({"type": "pause_underperforming"}, {"action": "pause_campaign", "config": CAMPAIGN}),
    (
        {"type": "increase_budget", "value": 20},
        {"action": "adjust_budget", "config": CAMPAIGN | {"direction": "increase", "percent": 20}},
    ),
    (
        {"type": "decrease_budget", "value": 30},
        {"action": "adjust_budget", "config": CAMPAIGN | {"direction": "decrease", "percent": 30}},
    ),
    ({"type": "notify", "message": "m"}, {"action": "notify_team", "config": {"message": "m"}}),
    # AutomationExecutionService
    ({"type": "pause_campaign"}, {"action": "pause_campaign", "config": CAMPAIGN}),
    (
        {"type": "adjust_budget", "percentage": 5},
        {"action": "adjust_budget", "config": CAMPAIGN | {"percent": 5}},
    ),
    (
        {"type": "trigger_webhook", "url": "https://x.example"},
        {"action": "webhook", "config": {"url": "https://x.example"}},
    ),
    # AutomationRulesController
    (
        {"type": "pause_campaign", "params": {"reason": "r", "campaign_id": "c"}},
        {"action": "pause_campaign", "config": {"campaign_id": "c", "reason": "r"}},
    ),
    (
        {"type": "send_notification", "params": {"message": "m"}},
        {"action": "notify_team", "config": {"message": "m"}},
    ),
    (
        {"type": "send_alert", "params": {"message": "m"}},
        {"action": "create_alert", "config": {"message": "m"}},
    ),
    ({"type": "pause"}, {"action": "pause_campaign", "config": CAMPAIGN}),
    # PHASE_17, PHASE_25
    ({"type": "resume_campaign"}, {"action": "resume_campaign", "config": CAMPAIGN}),
    ({"type": "restart_campaign"}, {"action": "resume_campaign", "config": CAMPAIGN}),
    (
        "launch_campaign",
        {"action": "update_campaign_status", "config": CAMPAIGN | {"status": "active"}},
    ),
    (
        {"action": "update_campaign_status", "config": {"status": "completed"}},
        {"action": "update_campaign_status", "config": CAMPAIGN | {"status": "completed"}},
    ),
    (
        "pause_related_campaigns",
        {
            "action": "pause_related_campaigns",
            "config": {"mention_id": "{{trigger.mention_id}}"},
        },
    ),
    (
        {"action": "create_conversation", "config": {"priority": "high"}},
        {
            "action": "create_conversation",
            "config": {"mention_id": "{{trigger.mention_id}}", "priority": "high"},
        },
    ),
    (
        {"action": "assign_conversation", "config": {"role": "social_manager"}},
        {
            "action": "assign_conversation",
            "config": {"conversation_id": "{{vars.conversation_id}}", "role": "social_manager"},
        },
    ),
    (
        {"action": "call_api", "config": {"url": "https://x.example"}},
        {"action": "http_request", "config": {"url": "https://x.example"}},
    ),
    (
        {"type": "email", "to": "a@x.example", "subject": "s", "text": "t"},
        {"action": "send_email", "config": {"to": "a@x.example", "subject": "s", "text": "t"}},
    ),
    (
        {"type": "send_slack_alert", "params": {"text": "t"}},
        {"action": "send_slack", "config": {"text": "t"}},
    ),
]


def test_actions_may_be_written_in_every_vocabulary(rules):
    """The actions of the platform exist; what they take is their own business here."""
    for action in {form["action"] for _, form in ACTIONS} | {"note", "work"}:
        known = "select from automation_private.actions where action = %s"
        if not rules.admin.execute(known, [action]).fetchone():
            rules.engine.register(action)
    kept = stored(rules, actions=[form for form, _ in ACTIONS])["actions"]
    for (form, expected), action in zip(ACTIONS, kept, strict=True):
        assert action == expected, form


def test_a_priority_is_a_word_or_a_number(rules):
    words = {"low": 25, "normal": 50, "medium": 50, "high": 75, "urgent": 100, "critical": 100}
    for given, priority in [*words.items(), (1, 1), (100, 100), (None, 50)]:
        assert rules.row(rules.draft(priority=given))["priority"] == priority, given


def test_what_is_left_out_has_its_default_and_null_means_left_out(rules):
    plain = rules.row(rules.draft(name=" Plain "))
    keys = ["description", "category", "conditions", "condition_logic", "execute_sequentially"]
    keys += ["delay_between_actions_seconds", "stop_on_error", "recheck_before_action", "priority"]
    nulls = rules.row(rules.draft(name="Nulls", **dict.fromkeys(keys)))
    assert {key: plain[key] for key in keys} == {key: nulls[key] for key in keys}
    assert (plain["rule_name"], plain["status"], plain["version"]) == ("Plain", "draft", None)
    assert (plain["execute_sequentially"], plain["stop_on_error"]) == (True, True)
    assert (plain["delay_between_actions_seconds"], plain["recheck_before_action"]) == (0, True)
    assert rules.row(rules.draft(name=None, rule_name="Older"))["rule_name"] == "Older"


# AutomationRulesSeeder of the platform, in the form it has there
SEEDED = [
    ("cpa", ">", 50, {"type": "pause_underperforming"}),
    ("roas", ">", 3.0, {"type": "increase_budget", "value": 20}),
    ("ctr", "<", 0.01, {"type": "decrease_budget", "value": 25}),
    ("spend", ">", 1000, {"type": "notify", "message": "spent {{trigger.spend}}"}),
    ("conversion_rate", "<", 0.02, {"type": "notify", "message": "few convert"}),
    ("roas", "<", 1.5, {"type": "pause_underperforming"}),
]


def test_the_platforms_own_rules_fit_its_actions(engine):
    """With the real actions and what they really take."""
    engine.admin.execute((HERE / "domain.sql").read_text())
    load_adapters(engine.admin)
    rules = Rules(engine, engine.org)
    for number, (metric, operator, value, action) in enumerate(SEEDED):
        rule = rules.rule(
            action,
            name=f"seeded {number}",
            trigger="campaign",
            condition={"metric": metric, "operator": operator, "value": value},
        )
        assert rules.row(rule)["status"] == "active"
    document = {"name": "x", "trigger": "campaign"}
    assert found(rules, document | {"actions": [{"type": "notify"}, {"type": "adjust_bid"}]}) == [
        "/actions/0/config/message required",
        "/actions/1/action unknown_action",
    ]
    too_much = {"type": "increase_budget", "value": 31}
    assert found(rules, document | {"actions": [too_much]}) == ["/actions/0/config/percent maximum"]


# ---- validation

BASE = {"name": "x", "trigger": "mention", "actions": ["note"]}
DEEP = "not (" * 9 + "a = 1" + ")" * 9
WRONG = [
    ({"nmae": "x"}, ["/nmae unknown_key"]),
    ({"rule_name": "y"}, ["/rule_name unknown_key"]),
    ({"condition": "a = 1", "conditions": "b = 1"}, ["/condition unknown_key"]),
    ({"trigger_type": "event"}, ["/trigger_type unknown_key"]),
    ({"name": None}, ["/name invalid_name"]),
    ({"name": "  "}, ["/name invalid_name"]),
    ({"name": "x" * 201}, ["/name invalid_name"]),
    ({"name": 5}, ["/name wrong_type"]),
    ({"description": 5}, ["/description wrong_type"]),
    ({"category": []}, ["/category wrong_type"]),
    # trigger
    ({"trigger": None}, ["missing_key"]),
    ({"trigger": 5}, ["/trigger wrong_type"]),
    ({"trigger": {"colour": 1}}, ["/trigger missing_key"]),
    ({"trigger": {"type": "evnt", "event": "mention"}}, ["/trigger/type unknown_trigger"]),
    ({"trigger": {"type": "event"}}, ["/trigger missing_key"]),
    ({"trigger": {"event": "Mention Created"}}, ["/trigger missing_key"]),
    ({"trigger": {"event": "mention", "colour": 1}}, ["/trigger/colour unknown_key"]),
    ({"trigger": {"event": "mention", "fire_on": "x"}}, ["/trigger/fire_on unknown_mode"]),
    ({"trigger": {"event": "mention", "on_loop": "x"}}, ["/trigger/on_loop unknown_mode"]),
    (
        {"trigger": {"type": "event", "config": {"event": "mention", "on_condition_error": "x"}}},
        ["/trigger/config/on_condition_error unknown_mode"],
    ),
    ({"trigger": {"event": "mention", "condition": "roi >"}}, ["/trigger/condition syntax"]),
    # conditions
    ({"conditions": "roi >"}, ["/conditions syntax"]),
    ({"conditions": 5}, ["/conditions not_a_condition"]),
    ({"conditions": ["a = 1", {"field": "a", "op": "~"}]}, ["/conditions/1 unknown_operator"]),
    (
        {"conditions": [{"any": ["a = 1", {"field": "a", "op": "eq", "value": None}]}]},
        ["/conditions/0/any/1 null_comparison"],
    ),
    ({"conditions": {"any": ["a = 1", "b >"]}}, ["/conditions/any/1 syntax"]),
    ({"conditions": {"any": []}}, ["/conditions empty_group"]),
    ({"conditions": ["a = 1"], "condition_logic": "xor"}, ["/condition_logic unknown_mode"]),
    (
        {"conditions": DEEP, "trigger": {"event": "mention", "condition": DEEP}},
        ["/conditions too_deep"],
    ),
    # actions
    ({"actions": None}, ["/actions missing_actions"]),
    ({"actions": []}, ["/actions missing_actions"]),
    ({"actions": "note"}, ["/actions missing_actions"]),
    ({"actions": ["note"] * 51}, ["/actions missing_actions"]),
    ({"actions": [{}]}, ["/actions/0 missing_key"]),
    ({"actions": ["note", {"config": {}}]}, ["/actions/1 missing_key"]),
    ({"actions": [5]}, ["/actions/0 missing_key"]),
    ({"actions": ["note", "noet"]}, ["/actions/1/action unknown_action"]),
    ({"actions": [{"action": 5, "config": {}}]}, ["/actions/0/action unknown_action"]),
    (
        {"actions": [{"action": "note", "config": {}, "colour": 1}]},
        ["/actions/0/colour unknown_key"],
    ),
    (
        {"actions": [{"action": "note", "config": {}, "next": "action_1"}]},
        ["/actions/0/next unknown_key"],
    ),
    ({"actions": [{"action": "note", "config": []}]}, ["/actions/0/config wrong_type"]),
    ({"actions": [{"action": "note", "delay": "soon"}]}, ["/actions/0/delay invalid_duration"]),
    ({"actions": [{"action": "note", "delay": 60}]}, ["/actions/0/delay wrong_type"]),
    ({"actions": [{"action": "note", "timeout": "x"}]}, ["/actions/0/timeout invalid_duration"]),
    (
        {"actions": ["note", {"action": "note", "retry": {"max_attempts": 0}}]},
        ["/actions/1/retry/max_attempts out_of_range"],
    ),
    (
        {"actions": [{"action": "picky", "config": {"count": "x", "more": 1}}]},
        ["/actions/0/config/more unknown_key", "/actions/0/config/count type"],
    ),
    (
        {"actions": [{"action": "note", "config": {"a": ["{{trigger.x"]}}]},
        ["/actions/0/config/a/0 template_syntax"],
    ),
    (
        {"actions": [{"action": "note", "config": {"a": "{{steps.action_2.x}}"}}, "note"]},
        ["/actions/0 step_cannot_have_run"],
    ),
    (
        {
            "actions": ["note", {"action": "note", "config": {"a": "{{steps.action_1.note}}"}}],
            "execute_sequentially": False,
        },
        ["/actions/1 step_cannot_have_run"],
    ),
    # how
    ({"priority": 0}, ["/priority out_of_range"]),
    ({"priority": 101}, ["/priority out_of_range"]),
    ({"priority": 1.5}, ["/priority out_of_range"]),
    ({"priority": "huge"}, ["/priority wrong_type"]),
    ({"execute_sequentially": "yes"}, ["/execute_sequentially wrong_type"]),
    ({"stop_on_error": 1}, ["/stop_on_error wrong_type"]),
    ({"recheck_before_action": "no"}, ["/recheck_before_action wrong_type"]),
    ({"delay_between_actions_seconds": -1}, ["/delay_between_actions_seconds out_of_range"]),
    ({"delay_between_actions_seconds": 1.5}, ["/delay_between_actions_seconds out_of_range"]),
    ({"delay_between_actions_seconds": "60"}, ["/delay_between_actions_seconds wrong_type"]),
    (
        {"execute_sequentially": False, "delay_between_actions_seconds": 5},
        ["/delay_between_actions_seconds contradiction"],
    ),
]


def test_a_mistake_is_named_where_it_is(rules):
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"count": {"type": "integer"}},
    }
    rules.engine.register("picky", p_config_schema=schema)
    assert found(rules, BASE) == []
    wrong = [
        (change, told)
        for change, expected in WRONG
        if (told := found(rules, BASE | change)) != expected
    ]
    assert wrong == [], "\n".join(map(str, wrong))


def test_everything_that_is_wrong_is_said_at_once(rules):
    """Also of the actions when the rest is wrong, and in what create_rule raises."""
    document = {
        "name": "",
        "trigger": {"event": "mention", "fire_on": "x"},
        "conditions": ["a = 1", "b >"],
        "actions": [{"action": "noet"}, {"action": "note", "config": {"a": "{{"}}],
        "priority": 0,
        "stop_on_error": "x",
        "execute_sequentially": "x",
    }
    expected = {
        "/name invalid_name",
        "/trigger/fire_on unknown_mode",
        "/conditions/1 syntax",
        "/actions/0/action unknown_action",
        "/actions/1/config/a template_syntax",
        "/priority out_of_range",
        "/stop_on_error wrong_type",
        "/execute_sequentially wrong_type",
    }
    assert set(found(rules, document)) == expected
    rule = rules.draft()
    before = fingerprint(rules.admin)
    for function, arguments in (("create_rule", [document]), ("update_rule", [rule, document])):
        with refused("MA200") as caught:
            rules.call(function, *arguments)
        assert set(mistakes(caught.value)) == expected
        assert "8 errors" in str(caught.value)
    assert differences(before, fingerprint(rules.admin)) == []


def test_a_mistake_comes_with_words_and_a_hint(rules):
    def told(document):
        return one(rules.client, "select * from automation.validate_rule(%s)", Jsonb(document))

    assert told(BASE | {"actions": ["noet"]})["hint"] == 'did you mean "note"?'
    assert told(BASE | {"nmae": "x"})["hint"] == 'did you mean "name"?'
    assert told(BASE | {"trigger": None})["hint"] == '{"type": "event", "event": "mention"}'
    syntax = told(BASE | {"conditions": "roi > 200 and\n  sentiment <"})
    assert "line 2, column 14" in syntax["message"]
    with refused("MA200") as caught:
        rules.call("create_rule", BASE | {"actions": ["noet"]})
    assert 'there is no action "noet"' in str(caught.value)


def test_what_is_no_rule_at_all_is_refused(rules):
    for document in ([], "x", 5, [BASE]):
        assert found(rules, document) == ["wrong_type"], document
    with refused("MA001"):
        rules.call("create_rule", None)
    with refused("MA003"):
        rules.call("create_rule", BASE | {"description": "x" * 262144})


# ---- lifecycle

AUDIT = """
select operation, user_id, details from automation.automation_audit
where subject_type = 'rule' and subject_id = %s
order by happened_at, audit_id
"""
VERSIONS = """
select version, rule ->> 'conditions' as conditions, rule ->> 'name' as name
from automation.automation_rule_versions where rule_id = %s order by version
"""


def test_a_draft_never_fires(rules):
    rule = rules.draft()
    rules.rule(trigger={"event": "mention", "condition": "followers = 7"})
    rules.add(1)
    rules.call("update_rule", rule, {"conditions": "followers is not set"})
    rules.add(2)
    assert rules.news() == []
    assert rules.history(rule) == []


# status before, what is done, status afterwards (or what is raised)
TRANSITIONS = [
    ("draft", "activate_rule", "active"),
    ("draft", "pause_rule", "MA101"),
    ("draft", "archive_rule", "archived"),
    ("draft", "update_rule", "draft"),
    ("active", "activate_rule", "active"),
    ("active", "pause_rule", "paused"),
    ("active", "archive_rule", "archived"),
    ("active", "update_rule", "active"),
    ("paused", "activate_rule", "active"),
    ("paused", "pause_rule", "paused"),
    ("paused", "archive_rule", "archived"),
    ("paused", "update_rule", "paused"),
    ("archived", "activate_rule", "active"),
    ("archived", "pause_rule", "MA101"),
    ("archived", "archive_rule", "archived"),
    ("archived", "update_rule", "archived"),
]


def test_only_an_active_rule_fires_whatever_was_done_with_it(rules):
    """Every operation in every status."""
    bring = {
        "draft": (),
        "active": ("activate_rule",),
        "paused": ("activate_rule", "pause_rule"),
        "archived": ("activate_rule", "archive_rule"),
    }
    for number, (before, operation, expected) in enumerate(TRANSITIONS):
        rule = rules.draft()
        for step in bring[before]:
            rules.call(step, rule)
        arguments = [rule, {"description": "x"}] if operation == "update_rule" else [rule]
        case = (before, operation)
        if expected == "MA101":
            with refused("MA101"):
                rules.call(operation, *arguments)
            expected = before
        else:
            rules.call(operation, *arguments)
        assert rules.row(rule)["status"] == expected, case
        rules.add(number)
        assert rules.news() == ([str(number)] if expected == "active" else []), case
        rules.call("archive_rule", rule)


def test_calls_that_change_nothing_leave_no_trace(rules):
    rule = rules.rule()
    before = fingerprint(rules.admin)
    assert rules.call("activate_rule", rule) == 1
    assert differences(before, fingerprint(rules.admin)) == []
    rules.call("pause_rule", rule, "too noisy")
    before = fingerprint(rules.admin)
    rules.call("pause_rule", rule, "another reason")
    assert differences(before, fingerprint(rules.admin)) == []
    assert rules.row(rule)["status_reason"] == "too noisy"
    rules.call("archive_rule", rule)
    assert rules.row(rule)["status_reason"] is None
    before = fingerprint(rules.admin)
    rules.call("archive_rule", rule)
    assert differences(before, fingerprint(rules.admin)) == []
    assert rules.call("activate_rule", rule) == 1


MAY = {
    "marketing_manager": {"edit draft", "edit active", "activate", "pause", "archive", "explain"},
    "social_manager": {"edit draft", "pause", "explain"},
    "content_creator": {"edit draft", "pause", "explain"},
    "analyst": {"explain"},
    None: set(),
}


def test_who_may_do_what(rules, database):
    """Writing needs edit, whatever changes what fires needs publish, stopping needs run."""
    rules.add(1)
    rule, active, other = rules.draft(name="draft"), rules.rule(name="active"), rules.rule()
    rules.add(2)
    event = rules.events()[-1]
    calls = {
        "edit draft": lambda c: (
            call(c, "duplicate_rule", rule, str(uuid.uuid4())),
            call(c, "update_rule", rule, {"description": str(uuid.uuid4())}),
            call(c, "test_rule", rule, {"new": {}}),
        ),
        "edit active": lambda c: call(c, "update_rule", active, {"description": "x"}),
        "activate": lambda c: call(c, "activate_rule", rule),
        "pause": lambda c: call(c, "pause_rule", other),
        "archive": lambda c: call(c, "archive_rule", rule),
        "explain": lambda c: (
            rows(c, "select * from automation.explain_rule(%s, %s)", active, event),
            rows(c, "select * from automation.validate_rule('{}')"),
        ),
    }
    for role, allowed in MAY.items():
        rules.call("set_member", USER, role)
        client = database.connect("app_backend", org=rules.org, user_id=USER)
        for what, do in calls.items():
            before = fingerprint(rules.admin)
            with client.transaction(force_rollback=True):
                if what in allowed:
                    do(client)
                    continue
                with refused("MA301"), client.transaction():
                    do(client)
            assert differences(before, fingerprint(rules.admin)) == [], (role, what)


def test_names_are_taken_once_per_organisation(rules, neighbour):
    first, second = rules.draft(name="Crisis"), rules.draft(name="Praise")
    neighbour.draft(name="Crisis")
    for attempt in (
        lambda: rules.draft(name="Crisis"),
        lambda: rules.draft(name=" Crisis "),
        lambda: rules.call("update_rule", second, {"name": "Crisis"}),
        lambda: rules.call("duplicate_rule", second, "Crisis"),
    ):
        with refused("MA101") as caught:
            attempt()
        assert "Crisis" in str(caught.value)
    rules.call("archive_rule", first)
    with refused("MA101"):
        rules.draft(name="Crisis")
    rules.call("update_rule", first, {"name": "Crisis", "description": "still itself"})
    rules.call("update_rule", first, {"rule_name": "Old crisis"})
    rules.draft(name="Crisis")


def test_a_change_may_insist_on_what_it_was_made_from(rules):
    rule = rules.rule()
    seen = rules.row(rule)["updated_at"]
    now = rules.call("update_rule", rule, {"description": "mine"}, seen)
    assert now == rules.row(rule)["updated_at"] > seen
    with refused("MA101") as caught:
        rules.call("update_rule", rule, {"description": "too late"}, seen)
    told = caught.value.diag.message_detail.removeprefix("last changed at ")
    assert datetime.fromisoformat(told) == now
    assert rules.row(rule)["description"] == "mine"
    assert rules.row(rule)["version"] == 2
    for step in ("pause_rule", "activate_rule", "archive_rule"):
        rules.call(step, rule)
        now = rules.row(rule)["updated_at"]
        assert now > seen, step
        seen = now


def test_who_did_what_is_in_the_audit(rules, database):
    rules.call("set_member", USER, "owner")
    rules.client = database.connect("app_backend", org=rules.org, user_id=USER)
    rule = rules.draft(name="Crisis")
    rules.call("update_rule", rule, {"priority": "high", "conditions": "score < 0"})
    rules.call("activate_rule", rule)
    rules.call("pause_rule", rule, "too noisy")
    rules.call("archive_rule", rule)
    copy = rules.call("duplicate_rule", rule, "Copy")
    with refused("MA101"):
        rules.call("pause_rule", rule)
    assert rules.admin.execute(AUDIT, [rule]).fetchall() == [
        ("create_rule", USER, {"name": "Crisis"}),
        ("update_rule", USER, {"changed": ["priority", "conditions"]}),
        ("activate_rule", USER, {"version": 1}),
        ("pause_rule", USER, {"reason": "too noisy"}),
        ("archive_rule", USER, {}),
    ]
    assert rules.admin.execute(AUDIT, [copy]).fetchall() == [
        ("create_rule", USER, {"name": "Copy"}),
        ("duplicate_rule", USER, {"copied_from": str(rule)}),
    ]


def test_every_edit_of_an_active_rule_is_a_version(rules):
    rule = rules.draft(name="Crisis", conditions="score < -0.5")
    rules.call("update_rule", rule, {"conditions": "score < -0.6"})
    assert rows(rules.client, VERSIONS, rule) == []
    assert rules.call("activate_rule", rule) == 1
    for change, version in (
        ({"conditions": "score < -0.7"}, 2),
        ({"conditions": {"field": "score", "operator": "<", "value": -0.7}}, 2),
        ({}, 2),
        ({"name": "Shitstorm"}, 3),
        ({"actions": ["note", "note"]}, 4),
        ({"conditions": "score < -0.6", "name": "Crisis", "actions": [NOTE]}, 5),
    ):
        rules.call("update_rule", rule, change)
        assert rules.row(rule)["version"] == version, change
    rules.call("pause_rule", rule)
    rules.call("update_rule", rule, {"conditions": "score < 0"})
    assert rules.row(rule)["version"] == 5
    assert rules.call("activate_rule", rule) == 6
    kept = [(v["version"], v["name"]) for v in rows(rules.client, VERSIONS, rule)]
    assert kept == [
        (1, "Crisis"),
        (2, "Crisis"),
        (3, "Shitstorm"),
        (4, "Shitstorm"),
        (5, "Crisis"),
        (6, "Crisis"),
    ]


def test_a_run_keeps_the_version_it_began_with(rules, move_clock):
    """Its actions, and the condition that is asked again behind a delay."""
    rule = rules.rule(
        NOTE,
        {"action": "note", "config": {"note": "first version"}, "delay": "PT1H"},
        conditions="score < -0.5",
    )
    rules.add(1, score=-0.6)
    assert rules.news() == ["1"]
    change = {"conditions": "score < -0.9", "actions": [{"type": "note", "note": "second version"}]}
    rules.call("update_rule", rule, change)
    rules.add(2, score=-0.95)
    assert rules.news() == ["second version"]
    rules.call("pause_rule", rule)
    move_clock("61 minutes")
    assert rules.news() == ["first version"]
    assert [(x["rule_version"], x["status"]) for x in rules.history(rule)] == [
        (2, "success"),
        (1, "success"),
    ]


def test_keys_change_alone_and_under_any_name(rules):
    rule = rules.draft(name="r", conditions=["score < 0", "followers > 5"], priority=80)
    whole = rules.row(rule)
    both = whole["conditions"]["all"]

    def change(changes, **expected):
        rules.call("update_rule", rule, changes)
        row = rules.row(rule)
        expected = {k: v for k, v in (whole | expected).items() if k != "updated_at"}
        assert {k: v for k, v in row.items() if k != "updated_at"} == expected, changes
        whole.update(row)

    change({"priority": "high"}, priority=75)
    change({"priority": None}, priority=50)
    change({"description": "d", "category": "c"}, description="d", category="c")
    change({"description": None}, description=None)
    change({"condition_logic": "any"}, condition_logic="any", conditions={"any": both})
    change({"logic": "and"}, condition_logic="all", conditions={"all": both})
    change({"condition_logic": "custom"}, condition_logic="custom")
    change(
        {"condition": "score < 0 or followers > 5", "condition_logic": None},
        condition_logic="any",
        conditions={"any": both},
    )
    change({"conditions": None}, conditions=None, condition_logic="any")
    change({"trigger": "mention.created"}, trigger_config={"event": "mention.created"})
    change(
        {"trigger_config": {"event": "mention", "fire_on": "every"}},
        trigger_config={"event": "mention", "fire_on": "every"},
    )
    change({"trigger_type": "manual"}, trigger_type="manual", trigger_config={})
    for changes, sqlstate in ((["x"], "MA001"), ({"status": "active"}, "MA200"), (None, "MA001")):
        with refused(sqlstate):
            rules.call("update_rule", rule, changes)


def test_a_copy_is_a_draft_of_its_own(rules):
    rule = rules.rule(
        "note",
        name="Crisis",
        description="d",
        category="c",
        trigger={"event": "mention", "fire_on": "every", "condition": "followers > 1"},
        conditions="score < 0 or status = 'new'",
        execute_sequentially=False,
        stop_on_error=False,
        recheck_before_action=False,
        priority="low",
    )
    copy = rules.call("duplicate_rule", rule, "Copy")
    own = {"rule_id", "rule_name", "status", "version", "created_at", "updated_at"}
    first, second = rules.row(rule), rules.row(copy)
    assert {k: v for k, v in first.items() if k not in own} == {
        k: v for k, v in second.items() if k not in own
    }
    assert (second["rule_name"], second["status"], second["version"]) == ("Copy", "draft", None)
    rules.call("update_rule", copy, {"conditions": "score < -0.9"})
    assert rules.row(rule) == first
    for name in (None, ""):
        with refused("MA200"):
            rules.call("duplicate_rule", rule, name)


def test_what_cannot_run_is_not_activated(rules):
    rules.engine.register("gone")
    with_action = rules.draft("gone")
    rules.engine.call("ops", "unregister_action", p_action="gone")
    with refused("MA200") as caught:
        rules.call("activate_rule", with_action)
    assert mistakes(caught.value) == ["/actions/0/action unknown_action"]
    on_schedule = rules.draft(trigger={"type": "schedule", "cron": "0 9 * * *"})
    with refused("MA101") as caught:
        rules.call("activate_rule", on_schedule)
    assert "schedule" in str(caught.value)
    assert {rules.row(rule)["status"] for rule in (with_action, on_schedule)} == {"draft"}


def test_a_rule_of_another_organisation_is_unknown(rules, neighbour):
    rule = rules.rule()
    rules.add(1)
    before = fingerprint(rules.admin)
    for function, arguments in (
        ("update_rule", [rule, {"description": "x"}]),
        ("activate_rule", [rule]),
        ("pause_rule", [rule]),
        ("archive_rule", [rule]),
        ("duplicate_rule", [rule, "x"]),
        ("test_rule", [rule, {"new": {}}]),
        ("explain_rule", [rule, rules.events()[0]]),
        ("activate_rule", [NOBODY]),
        ("activate_rule", [None]),
    ):
        with refused("MA002"):
            neighbour.call(function, *arguments)
    tables = ("rules", "rule_versions", "executions", "events")
    for table in tables:
        query = f"select * from automation.automation_{table}"
        assert rows(neighbour.client, query) == [], table
    assert differences(before, fingerprint(rules.admin)) == []


# ---- explanations

LEAF = ("moment", "pointer", "field", "operator", "left_value", "right_value", "result", "reason")


def test_an_event_that_just_misses_is_explained_leaf_by_leaf(rules):
    rule = rules.rule(conditions="score < -0.5 and (followers > 10000 or status = 'vip')")
    rules.add(1, score=-0.4, followers=12000)
    (event,) = rules.events()
    told = rules.explain(rule, event)
    assert [tuple(row[name] for name in LEAF) for row in told] == [
        ("verdict", None, None, None, None, None, False, "no_match"),
        ("now", "", None, None, None, None, False, "no_match"),
        ("now", "/all/0", "score", "lt", -0.4, -0.5, False, "no_match"),
        ("now", "/all/1/any/0", "followers", "gt", 12000, 10000, True, "match"),
        ("now", "/all/1/any/1", "status", "eq", "new", "vip", False, "no_match"),
        ("history", None, None, None, None, None, False, "not_dispatched"),
    ]
    assert told[0]["condition"] == "score < -0.5 and (followers > 10000 or status = 'vip')"
    assert told[2]["condition"] == "score < -0.5"


def test_a_change_is_explained_with_what_was_before(rules):
    rule = rules.rule(conditions="score < -0.5")
    rules.add(1)
    rules.set(1, score=-0.6)
    rules.set(1, score=-0.7)
    rules.set(1, score=0.1)
    created, turned, stayed, left = rules.events()
    assert [rules.verdict(rule, e) for e in (created, turned, stayed, left)] == [
        "no_match",
        "fires",
        "already_met",
        "no_match",
    ]
    leaves = [tuple(row[name] for name in LEAF) for row in rules.explain(rule, stayed)]
    assert leaves == [
        ("verdict", None, None, None, None, None, False, "already_met"),
        ("now", "", None, None, None, None, True, "match"),
        ("now", "", "score", "lt", -0.7, -0.5, True, "match"),
        ("before", "", None, None, None, None, True, "match"),
        ("before", "", "score", "lt", -0.6, -0.5, True, "match"),
        ("history", None, None, None, None, None, False, "not_dispatched"),
    ]
    missing = rules.explain(rule, turned)[-2]
    assert (missing["moment"], missing["left_value"], missing["reason"]) == (
        "before",
        None,
        "missing",
    )


def test_what_cannot_be_decided_is_explained(rules):
    """And a rule is explained as it is now, whether it is active or not."""
    rule = rules.rule(conditions="score < -0.5")
    rules.add(1, score=-0.6, followers=5)
    rules.set(1, status="5", followers=None)
    created, updated = rules.events()
    assert rules.verdict(rule, created) == "fires"
    for conditions, event, reason in (
        ("status > 1", updated, "condition_error"),
        ("status > 1 and score > 0", updated, "no_match"),
        ("1 / followers > 1 and score > 0", updated, "no_match"),
        ("followers + 1 > 1", updated, "condition_error"),
        ({"field": "status", "type": "number", "op": "=", "value": 5}, updated, "old_unknown"),
        ("trigger.event = 'mention.updated'", updated, "already_met"),
        ("trigger.event = 'mention.updated'", created, "no_match"),
        ("status changed_to '5'", updated, "fires"),
        ("'status' in changed", updated, "fires"),
        (None, updated, "fires"),
    ):
        rules.call("update_rule", rule, {"conditions": conditions})
        assert rules.verdict(rule, event) == reason, conditions
    rules.call("pause_rule", rule)
    rules.call("update_rule", rule, {"trigger": "campaign"})
    assert rules.verdict(rule, created) == "other_event"
    rules.call("update_rule", rule, {"trigger": {"event": "mention", "fire_on": "every"}})
    assert rules.verdict(rule, updated) == "not_active"


def test_what_has_fired_is_explained_by_the_version_that_did(rules, move_clock):
    rule = rules.rule(conditions="score < -0.5")
    rules.add(1, score=-0.6)
    rules.work()
    (event,) = rules.events()
    rules.call("update_rule", rule, {"conditions": "score > 0"})
    rules.call("pause_rule", rule)
    told = rules.explain(rule, event)
    assert (told[0]["reason"], told[0]["condition"]) == ("fires", "score < -0.5")
    assert (told[-1]["result"], told[-1]["reason"]) == (True, "success")
    move_clock("1 minute")
    other = rules.rule(conditions="score < 0")
    assert rules.verdict(other, event) == "before_activation"
    assert rules.explain(other, event)[-1]["reason"] == "before_activation"


def test_only_recorded_events_of_ones_own_are_explained(rules, neighbour):
    rule, theirs = rules.rule(), neighbour.rule()
    neighbour.add(1)
    for who, which, event in (
        (rules, rule, neighbour.events()[0]),
        (neighbour, rule, neighbour.events()[0]),
        (rules, rule, 4711),
        (rules, rule, None),
    ):
        with refused("MA002"):
            who.explain(which, event)
    assert neighbour.verdict(theirs) == "fires"


def test_a_rule_is_tested_without_a_trace(rules):
    """A draft, with actions of every kind and delays, on samples that fire and that do not."""
    rule = rules.draft(
        {"action": "note", "config": {"note": "{{trigger.mention_id}} {{trigger.old.score}}"}},
        {"action": "work", "config": {"id": "{{steps.action_1.ticket}}", "n": "{{vars.note}}"}},
        NOTE | {"delay": "PT1H"},
        conditions="score < -0.5",
    )
    before = fingerprint(rules.admin)
    sequences = "select * from pg_sequences where schemaname like 'crm%'"
    counted = rules.admin.execute(sequences).fetchall()
    sample = {"new": {"mention_id": 7, "score": -0.6}, "old": {"mention_id": 7, "score": 0.5}}
    mocks = {"action_1": {"output": {"ticket": 42, "note": "n"}}}
    told = rules.call("test_rule", rule, sample, mocks)
    silent = rules.call("test_rule", rule, sample | {"old": {"score": -0.7}})
    assert differences(before, fingerprint(rules.admin)) == []
    assert rules.admin.execute(sequences).fetchall() == counted

    assert (told["fires"], told["reason"], told["run"]["status"]) == (True, "fires", "completed")
    assert [(leaf["moment"], leaf["result"]) for leaf in told["trace"]] == [
        ("now", True),
        ("now", True),
        ("before", False),
        ("before", False),
    ]
    steps = {step["step"]: step for step in told["run"]["steps"]}
    assert [step["status"] for step in steps.values()] == ["completed"] * len(steps)
    assert steps["action_1"]["input"] == {"note": "7 0.5"}
    assert steps["action_2"]["input"] == {"id": 42, "n": "n"}
    assert steps["action_3"]["input"] == {"note": 7}
    assert (silent["fires"], silent["reason"]) == (False, "already_met")
    assert "run" not in silent


def test_a_test_shows_what_would_go_wrong(rules):
    rule = rules.draft(
        {"action": "note", "config": {"note": "{{trigger.author}}"}}, "work", stop_on_error=False
    )
    run = rules.call("test_rule", rule, {"new": {}})["run"]
    steps = [(step["step"], step["status"]) for step in run["steps"]]
    assert steps == [("action_1", "failed"), ("action_2", "completed")]
    assert run["steps"][0]["error"]["code"] == "template_missing"
    mocks = {"action_1": {"error": {"code": "boom"}}, "action_2": {"output": {}}}
    run = rules.call("test_rule", rule, {"new": {"author": "a"}}, mocks)["run"]
    assert run["steps"][0]["error"]["code"] == "boom"


def test_a_sample_is_checked(rules):
    rule = rules.draft()
    for sample in (
        None,
        [],
        Jsonb("x"),
        {},
        {"mention_id": 1},
        {"new": 5},
        {"new": {}, "old": []},
        {"new": {}, "more": 1},
        {"new": {}, "event": "Not A Name"},
    ):
        with refused("MA001"):
            rules.call("test_rule", rule, sample)
    with refused("MA001"):
        rules.call("test_rule", rule, {"new": {}}, [])
    told = rules.call("test_rule", rule, {"new": {}, "event": "campaign.created"})
    assert (told["fires"], told["reason"]) == (False, "other_event")
    assert rules.call("test_rule", rule, {"new": {}, "event": "mention.updated"})["fires"] is True
