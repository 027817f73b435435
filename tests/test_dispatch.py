"""Dispatch: which event fires which rule, what then happens, once and in order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import act, failed, ok
from tests.rules import NOTE, Rules, column, install, one, rows, write

# a text as a number: undecided for most texts
NUMBER = {"field": "status", "type": "number", "op": "gt", "value": 5}


@pytest.fixture
def rules(engine):
    return install(engine)


@pytest.fixture
def neighbour(rules, orgs):
    return Rules(rules.engine, orgs.b)


def named(name, *more):
    """Actions that note the name of the rule with what it fired for."""
    return [{"action": "note", "config": {"note": f"{name} {{{{trigger.entity}}}}"}}, *more]


def listen(rules, **conditions):
    """One rule for each condition, which notes its name; a dict is the whole rule."""
    return {
        name: rules.rule(
            *named(name),
            **(given if isinstance(given, dict) and "op" not in given else {"conditions": given}),
        )
        for name, given in conditions.items()
    }


def names(rules):
    """The rules that have fired since the last time somebody asked."""
    return sorted(note.split()[0] for note in rules.news())


def short(rules, rule):
    """What has become of a rule's firings: status and reason."""
    return [outcome[1:] for outcome in rules.outcomes(rule)]


# ---- what fires


def test_a_rule_fires_when_its_whole_condition_turns_true(rules):
    """Not leaf by leaf, and again when it has been false in between."""
    negative, either = "score < -0.5", "score < -0.5 or followers > 100"
    every = {"conditions": negative, "trigger": {"event": "mention", "fire_on": "every"}}
    listen(rules, turned=negative, every=every, either=either)
    rules.add(1)
    assert names(rules) == []
    for change, expected in (
        ({"score": -0.6}, ["either", "every", "turned"]),
        ({"score": -0.7}, ["every"]),
        ({"followers": 200}, ["every"]),
        ({"note": "not watched"}, []),
        ({"score": 0.1}, []),
        ({"score": -0.6, "followers": 5}, ["every", "turned"]),
        ({"score": None}, []),
        ({"followers": 101}, ["either"]),
        ({"score": -0.51}, ["every", "turned"]),
    ):
        rules.set(1, **change)
        assert names(rules) == expected, change
    rules.add(2, score=-0.6)
    assert names(rules) == ["either", "every", "turned"]


def test_what_is_completed_later_fires_once(rules):
    """The platform inserts a mention, then its analysis arrives, then its counts, and once more."""
    rule = rules.rule(conditions="score < -0.5 and followers > 10000")
    rules.add(1, 2)
    rules.set(1, 2, score=-0.8)
    rules.set(1, followers=12000)
    rules.set(1, score=-0.9)
    rules.set(1, status="reviewed")
    assert rules.news() == ["1"]
    assert rules.outcomes(rule) == [("1", "success", None)]


def test_changes_in_one_transaction_are_seen_one_by_one(rules):
    """Also those that are undone within it; what is rolled back has not happened."""
    listen(rules, turned="score < -0.5")
    rules.add(1)
    with rules.admin.transaction():
        rules.set(1, score=-0.6)
        rules.set(1, score=0.5)
    with rules.admin.transaction(force_rollback=True):
        rules.set(1, score=-0.6)
    assert rules.news() == ["turned 1"]


CHANGES = {
    "changed": "status changed",
    "to": "status changed_to 'vip'",
    "from": "status changed_from 'new'",
    "up": "followers increased_by 10",
    "up_pct": "followers increased_by_pct 50",
    "down": "followers decreased_by 10",
    "by": {"field": "followers", "op": "changes_by", "value": 10},
    "old": "old.status = 'new' and status = 'vip'",
    "doubled": "followers > old.followers * 2",
    "list": "'status' in changed",
}


def test_conditions_about_changes(rules):
    listen(rules, **CHANGES)
    for ids, row, expected in (
        ([1], {"followers": 100}, "changed"),
        ([2], {"followers": 100, "status": "vip"}, "changed to"),
    ):
        rules.add(*ids, **row)
        assert names(rules) == sorted(expected.split()), row
    for change, expected in (
        ({"status": "vip"}, "changed to from old list"),
        ({"status": "lost"}, "changed list"),
        ({"status": "new"}, "changed list"),
        ({"status": "vip"}, "changed to from old list"),
        ({"followers": 109}, ""),
        ({"followers": 119}, "up by"),
        ({"followers": 180}, "up up_pct by"),
        ({"followers": 0}, "down by"),
        ({"followers": 60}, "up by doubled"),
        ({"followers": None}, ""),
        ({"followers": 5}, ""),
        ({"followers": 15, "status": "new"}, "changed up up_pct by doubled list"),
    ):
        rules.set(1, **change)
        assert names(rules) == sorted(expected.split()), change


def test_a_plain_name_hears_what_is_created_and_updated(rules):
    heard = ("mention", "mention.created", "mention.updated", "mention.deleted")
    for name in heard:
        rules.rule(
            {"action": "note", "config": {"note": f"{name} < {{{{trigger.event}}}}"}}, trigger=name
        )

    def by(event):
        told = [note.split(" < ") for note in rules.news()]
        assert {heard for _, heard in told} <= {event}
        return sorted(name for name, _ in told)

    rules.add(1, 2)
    assert by("mention.created") == ["mention"] * 2 + ["mention.created"] * 2
    rules.set(1, score=1)
    assert by("mention.updated") == ["mention", "mention.updated"]
    rules.set(1, deleted_at="2031-01-01")
    assert by("mention.deleted") == ["mention.deleted"]
    rules.set(1, score=0.5)
    assert by("") == []
    rules.set(1, deleted_at=None)
    assert by("mention.updated") == ["mention", "mention.updated"]
    rules.delete(1, 2)
    assert by("mention.deleted") == ["mention.deleted"] * 2
    rules.emit("mention")
    assert by("mention") == ["mention"]
    rules.emit("mention.deleted", {"mention_id": 3})
    assert by("mention.deleted") == ["mention.deleted"]


def test_a_row_that_is_deleted_is_what_it_was(rules):
    listen(rules, angry={"trigger": "mention.deleted", "conditions": "score < -0.5"})
    rules.add(1, score=-0.6)
    rules.add(2, score=0.6)
    rules.set(1, deleted_at="2031-01-01")
    rules.delete(1, 2)
    assert rules.news() == ["angry 1"]


def test_emitted_events_fire_rules(rules, freeze_clock):
    freeze_clock("2031-06-01 12:00:00+00")
    listen(
        rules,
        paid={"trigger": "order.paid", "conditions": "total > 100"},
        fresh={"trigger": "order.paid", "conditions": "paid_at within_last 1d"},
        big={"trigger": "order.paid", "conditions": "trigger.entity = 'order 7' and org.id is set"},
    )
    rules.emit("order.paid", {"total": 120}, entity="order 1")
    assert rules.news() == ["paid order 1"]
    rules.emit("order.paid", {"total": 130}, old={"total": 120}, entity="order 1")
    rules.emit("order.paid", {"total": 130}, old={"total": 20}, entity="order 2")
    assert rules.news() == ["paid order 2"]
    first = rules.emit("order.paid", {"total": 140}, entity="order 3", dedupe_key="k")
    assert rules.emit("order.paid", {"total": 140}, entity="order 3", dedupe_key="k") == first
    assert rules.news() == ["paid order 3"]
    rules.emit("order.paid", {"paid_at": "2031-05-31T13:00:00Z"}, entity="order 7")
    assert sorted(rules.news()) == ["big order 7", "fresh order 7"]


@pytest.mark.parametrize(("policy", "status"), [("skip", "skipped"), ("fail", "failed")])
def test_what_cannot_be_decided_does_not_fire_and_is_recorded(rules, policy, status):
    trigger = {"event": "mention", "on_condition_error": policy}
    rule = rules.rule(conditions=NUMBER, trigger=trigger)
    rules.add(1, status="abc")
    rules.set(1, status="10")
    rules.set(1, status="3")
    rules.set(1, status="11")
    assert rules.news() == ["1"]
    assert rules.outcomes(rule) == [
        ("1", status, "condition_error"),
        ("1", status, "old_unknown"),
        ("1", "success", None),
    ]
    undecided = rules.history(rule)[0]
    assert undecided["event_id"] == rules.events()[0]
    assert undecided["instance_id"] is None
    assert undecided["trigger_data"]["new"]["status"] == "abc"


VERDICTS = """
select r.rule_id, e.event_id, j.reason
from automation.automation_rules as r
cross join automation.automation_events as e
cross join automation.explain_rule(r.rule_id, e.event_id) as j
where j.moment = 'verdict'
"""


def test_events_and_explanations_never_disagree(rules):
    """What fired, what was suppressed, what did not match, for many conditions and changes."""
    every = {"event": "mention", "fire_on": "every"}
    for condition, trigger in (
        ("score < -0.5", "mention"),
        ("score < -0.5", every),
        ("score < 0 or followers > 10", "mention"),
        ("not (followers > 10)", "mention"),
        ("followers / score > 10", "mention"),
        (NUMBER, "mention"),
        (NUMBER, every),
        ("status changed and followers is set", "mention"),
        ("followers increased_by_pct 10", "mention"),
        ("'score' in changed", "mention"),
        ("score != old.score", "mention"),
        ("trigger.event = 'mention.created'", "mention"),
        ("old.status = 'new'", "mention"),
        ("old.status = 'new'", every),
        ("now within_last 1d", "mention"),
        (None, "mention"),
    ):
        rules.rule(conditions=condition, trigger=trigger)
    rules.add(1)
    rules.add(2, score=-0.6, followers=20, status="7")
    for change in (
        {"score": -0.7},
        {"score": 0, "followers": 12, "status": "5"},
        {"status": "x"},
        {"followers": None, "score": None, "status": "6"},
    ):
        rules.set(1, 2, **change)
    rules.work()
    history = {}
    for x in rows(rules.client, "select * from automation.automation_executions"):
        key = (x["rule_id"], x["event_id"])
        assert key not in history
        history[key] = x["reason"] if x["status"] == "skipped" else "fires"
    verdicts = {(rule, event): v for rule, event, v in rules.client.execute(VERDICTS).fetchall()}
    assert set(verdicts.values()) == {
        "fires",
        "no_match",
        "already_met",
        "condition_error",
        "old_unknown",
    }
    loud = {key: v for key, v in verdicts.items() if v not in ("no_match", "already_met")}
    assert history == loud


# ---- from when, until when


def test_what_happened_before_the_activation_does_not_count(rules):
    rules.rule(trigger="mention", conditions="followers = 4711")
    rule = rules.draft()
    rules.add(1)
    rules.call("activate_rule", rule)
    rules.add(2)
    rules.call("pause_rule", rule)
    rules.add(3)
    rules.call("activate_rule", rule)
    rules.add(4)
    assert rules.backlog() == 4
    # what happened between the two activations is not made up for
    assert rules.news() == ["4"]


def test_what_is_paused_before_it_was_dispatched_does_not_fire(rules):
    rule = rules.rule()
    rules.add(1)
    rules.call("pause_rule", rule)
    assert (rules.news(), rules.backlog()) == ([], 0)
    rules.call("activate_rule", rule)
    assert rules.news() == []
    rules.add(2)
    rules.call("archive_rule", rule)
    assert rules.news() == []


def test_an_edit_loses_nothing_that_was_listened_to(rules):
    """And hears nothing that happened before it listened to it."""
    rules.rule(trigger="campaign", conditions="state = 'never'")
    rule = rules.rule(trigger="mention.created")
    rules.add(1)
    rules.set(1, score=1)
    rules.call("update_rule", rule, {"trigger": "mention", "priority": "high"})
    rules.add(2)
    assert rules.news() == ["1", "2"]
    rules.admin.execute("insert into crm.campaigns values (7, %s)", [rules.org])
    change = {"trigger": "campaign", "actions": [{"type": "note", "note": "{{trigger.entity}}"}]}
    rules.call("update_rule", rule, change)
    rules.admin.execute("insert into crm.campaigns values (8, %s)", [rules.org])
    assert rules.news() == ["8"]


# ---- templates


def test_an_event_starts_a_template(rules, neighbour):
    step = act("a", action="note", config={"note": "{{trigger.mention_id}} {{input.tone}}"})
    template = rules.template(
        step,
        trigger={"type": "event", "event": "mention", "condition": "score < -0.5"},
        input={"tone": {"type": "text", "default": "calm"}},
    )
    neighbour.template(
        step | {"config": {"note": "theirs"}}, trigger={"type": "event", "event": "mention"}
    )
    rules.add(1, 2)
    rules.set(1, score=-0.6)
    rules.set(1, score=-0.7)
    assert rules.news() == ["1 calm"]
    (instance,) = rows(rules.client, "select * from automation.workflow_instances")
    assert instance["template_id"] == template
    assert (instance["trigger_type"], instance["event_id"]) == ("event", rules.events()[2])
    (told,) = rows(rules.client, "select * from automation.automation_executions")
    assert (told["execution_type"], told["trigger_source"], told["status"]) == (
        "workflow",
        "event",
        "success",
    )
    assert (told["template_id"], told["rule_id"]) == (template, None)
    assert neighbour.notes() == []


def test_a_template_listens_as_it_was_published_last(rules):
    def definition(event, note, **more):
        step = act("a", action="note", config={"note": note})
        return {"trigger": {"type": "event", "event": event} | more, "steps": [step]}

    first = definition("mention.created", "first")
    template = rules.template(*first["steps"], trigger=first["trigger"])
    other = definition("mention", "second", fire_on="every", condition="score > 0")
    query = "select automation.update_template(%s, p_definition => %s)"
    rules.client.execute(query, [template, Jsonb(other)])
    rules.add(1)
    assert rules.news() == ["first"]
    rules.call("publish_template", template)
    rules.set(1, score=1)
    rules.set(1, score=0.9)
    assert rules.news() == ["second", "second"]
    rules.set(1, score=0.8)
    rules.call("archive_template", template)
    assert rules.news() == []
    rules.call("publish_template", template)
    rules.set(1, score=0.7)
    assert rules.news() == ["second"]
    quiet = {"trigger": {"type": "manual"}, "steps": other["steps"]}
    rules.client.execute(query, [template, Jsonb(quiet)])
    rules.call("publish_template", template)
    rules.set(1, score=0.6)
    assert rules.news() == []


def test_a_template_takes_its_inputs_from_the_row(rules):
    """A null is none; what is missing or ill-typed is said in the history."""
    inputs = {
        "followers": {"type": "number", "required": True},
        "score": {"type": "number", "default": 0},
        "tone": {"type": "text", "default": "calm"},
        "status": {"type": "text"},
    }
    note = {"note": "{{input.followers}} {{input.score}} {{input.tone}} {{input.status}}"}
    template = rules.template(
        act("a", action="note", config=note),
        trigger={"type": "event", "event": "mention"},
        input=inputs,
    )
    rules.add(1, followers=7)
    rules.add(2)
    rules.emit("mention", {"followers": "x", "status": 5}, entity="3")
    assert rules.news() == ["7 0 calm new"]
    query = "select * from automation.automation_executions order by event_id"
    told = rows(rules.client, query)
    assert [(x["status"], x["reason"], x["template_id"]) for x in told] == [
        ("success", None, template),
        ("failed", "invalid_input", template),
        ("failed", "invalid_input", template),
    ]
    assert 'the input "followers" is required' in told[1]["error_message"]
    assert "followers" in told[2]["error_message"]
    assert "status" in told[2]["error_message"]


# ---- what then happens


def test_actions_read_what_happened_and_what_went_before(rules):
    rule = rules.rule(
        {
            "action": "note",
            "config": {
                "note": "{{trigger.event}} {{trigger.entity}} {{trigger.event_id}} "
                "{{trigger.source}} {{trigger.new.followers}} {{trigger.old.followers}} "
                "{{trigger.changed | join:'+'}}"
            },
        },
        {
            "action": "note",
            "config": {"note": "{{steps.action_1.note | length}} {{vars.note | upper}}"},
        },
        {
            "action": "work",
            "config": {"row": "{{trigger.new}}", "mixed": "#{{trigger.mention_id}}"},
        },
        conditions="followers > 5",
    )
    rules.add(1, followers=5)
    rules.set(1, followers=6, status="vip")
    rules.engine.tick()
    first, second = rules.notes()
    event = rules.events()[-1]
    assert first == f"mention.updated 1 {event} crm.mentions 6 5 followers+status"
    assert second == f"{len(first)} {first.upper()}"
    ((_, _, message),) = rules.engine.read(lease=0)
    row = {"mention_id": 1, "score": None, "status": "vip", "followers": 6}
    assert message["config"] == {"row": row, "mixed": "#1"}
    rules.work()
    assert rules.outcomes(rule) == [("1", "success", None)]


def in_queue(rules):
    return sorted(message["key"] for _, _, message in rules.engine.read(lease=0))


def test_actions_run_one_after_the_other_or_all_at_once(rules):
    actions = ["work", "other_work", "third_work"]
    one_by_one = rules.rule(*actions, trigger="mention.created")
    together = rules.rule(*actions, trigger="mention.updated", execute_sequentially=False)
    rules.add(1)
    rules.engine.tick()
    assert in_queue(rules) == ["action_1"]
    assert rules.work() == 3
    rules.set(1, score=1)
    rules.engine.tick()
    assert in_queue(rules) == ["action_1", "action_2", "action_3"]
    assert rules.work() == 3
    for rule in (one_by_one, together):
        (told,) = rules.history(rule)
        assert (told["status"], told["actions_executed"]) == ("success", 3)


# sequential, stop_on_error, on_error of the second action: what happens to the three, the outcome
FAILURES = [
    (True, True, None, "completed failed", "failed", (2, 1, 1)),
    (True, False, None, "completed failed completed", "partial", (3, 2, 1)),
    (True, True, "continue", "completed failed completed", "partial", (3, 2, 1)),
    (True, False, "fail", "completed failed", "failed", (2, 1, 1)),
    (False, False, None, "completed failed completed", "partial", (3, 2, 1)),
]


def test_an_action_that_fails_stops_the_rest_or_not(rules):
    for number, (sequential, stop, on_error, path, status, counts) in enumerate(FAILURES):
        second = {"action": "write", "config": {"do": "select 1 / 0"}}
        rule = rules.rule(
            "note",
            second | ({"on_error": on_error} if on_error else {}),
            "note",
            execute_sequentially=sequential,
            stop_on_error=stop,
        )
        rules.add(number)
        rules.work()
        (told,) = rules.history(rule)
        log = {entry["step"]: entry["status"] for entry in told["execution_log"]}
        assert (" ".join(log[step] for step in sorted(log)), told["status"]) == (path, status)
        names = ("actions_executed", "actions_successful", "actions_failed")
        assert tuple(told[name] for name in names) == counts
        assert ("zero" in (told["error_message"] or "")) is (status == "failed")
        rules.call("pause_rule", rule)


def test_delays_stand_between_actions(rules, move_clock):
    """The rule's between any two, an action's own before it instead, also before the first."""
    rules.rule(
        *({"action": "note", "config": {"note": n}} for n in "ab"),
        {"action": "note", "config": {"note": "c"}, "delay": "PT1H"},
        {"action": "note", "config": {"note": "d"}},
        delay_between_actions_seconds=60,
        trigger="mention.created",
    )
    rules.rule(
        {"action": "note", "config": {"note": "later"}, "delay": "PT2M"},
        {"action": "note", "config": {"note": "now"}},
        execute_sequentially=False,
        trigger="mention.updated",
    )
    rules.add(1)
    assert rules.news() == ["a"]
    for wait, expected in (("59 seconds", []), ("2 seconds", ["b"]), ("59 minutes", [])):
        move_clock(wait)
        assert rules.news() == expected, wait
    move_clock("61 seconds")
    assert rules.news() == ["c"]
    move_clock("61 seconds")
    assert rules.news() == ["d"]
    rules.set(1, score=1)
    assert rules.news() == ["now"]
    move_clock("121 seconds")
    assert rules.news() == ["later"]


DONE, EXITED = ("success", None), ("skipped", "exited_condition")
# condition, the row, the change that fires, what changes during the delay, what comes of it
RECHECKS = [
    ("score < -0.5", {"score": -0.6}, None, {"note": "as before"}, DONE),
    ("score < -0.5", {"score": -0.6}, None, {"score": -0.9, "followers": 7}, DONE),
    ("score < -0.5", {"score": -0.6}, None, {"score": -0.5}, EXITED),
    ("score < -0.5", {"score": -0.6}, None, {"score": None}, EXITED),
    ("score < -0.5", {"score": -0.6}, None, "delete", EXITED),
    ("score < -0.5", {"score": -0.6}, None, {"deleted_at": "2031-01-01"}, EXITED),
    ("status changed_to 'vip'", {}, {"status": "vip"}, {"score": 1}, DONE),
    ("status changed_to 'vip'", {}, {"status": "vip"}, {"status": "lost"}, EXITED),
    ("status changed_to 'vip'", {"status": "vip"}, None, {"score": 1}, DONE),
    ("followers increased_by 10", {"followers": 5}, {"followers": 15}, {"followers": 50}, DONE),
    ("followers increased_by 10", {"followers": 5}, {"followers": 15}, {"followers": 14}, EXITED),
    ("trigger.event = 'mention.updated'", {}, {"score": 1}, {"score": 0.5}, DONE),
    (NUMBER, {"status": "7"}, None, {"status": "x"}, EXITED),
    (None, {}, None, {"score": 1}, DONE),
    (None, {}, None, "delete", DONE),
]


def test_behind_a_delay_the_condition_is_asked_again(rules, move_clock):
    """Of the row as it is now; the actions still read it as it was when the rule fired."""
    later = {"type": "note", "note": "{{trigger.entity}} {{trigger.followers | default:'-'}}"}
    made = []
    for mention, (condition, row, change, _, _) in enumerate(RECHECKS):
        rule = rules.rule(
            "note",
            later | {"delay": "PT1H"},
            conditions=condition,
            trigger={"event": "mention", "fire_on": "every"},
        )
        rules.add(mention, **row)
        if change:
            rules.set(mention, **change)
        rules.work()
        rules.call("pause_rule", rule)
        made.append(rule)
    assert rules.news() == ["action_1"] * len(RECHECKS)
    for mention, (_, _, _, meanwhile, _) in enumerate(RECHECKS):
        if meanwhile == "delete":
            rules.delete(mention)
        else:
            rules.set(mention, **meanwhile)
    move_clock("61 minutes")
    kept = [
        f"{mention} {((row | (change or {})).get('followers', '-'))}"
        for mention, (_, row, change, _, outcome) in enumerate(RECHECKS)
        if outcome == DONE
    ]
    assert sorted(rules.news(), key=lambda note: int(note.split()[0])) == kept
    for rule, case in zip(made, RECHECKS, strict=True):
        (told,) = rules.history(rule)
        assert (told["status"], told["reason"]) == case[-1], case
        assert told["actions_successful"] == (2 if case[-1] == DONE else 1), case


def test_the_row_is_found_under_its_tables_new_name_or_not_at_all(rules, move_clock):
    """A question that cannot be asked is not answered with yes."""
    waiting = {"action": "note", "config": {"note": "late"}, "delay": "PT1M"}
    rules.rule(waiting, conditions="score < 0")
    rules.add(1, 2, score=-1)
    rules.work()
    rules.admin.execute("update crm.mentions set score = 1 where mention_id = 2")
    rules.admin.execute("alter table crm.mentions rename to remarks")
    move_clock("2 minutes")
    rules.work()
    assert rules.notes() == ["late"]
    rules.admin.execute("alter table crm.remarks rename to mentions")
    rules.add(3, score=-1)
    rules.work()
    rules.admin.execute("select automation.unwatch_table('crm.mentions')")
    move_clock("2 minutes")
    rules.work()
    assert rules.notes() == ["late"]


def test_without_the_question_actions_run_whatever_has_become_of_the_row(rules, move_clock):
    rule = rules.rule(
        NOTE, NOTE | {"delay": "PT1H"}, conditions="score < -0.5", recheck_before_action=False
    )
    rules.add(1, 2, score=-0.6)
    assert rules.news() == ["1", "2"]
    rules.set(1, score=0.5)
    rules.delete(2)
    move_clock("61 minutes")
    assert sorted(rules.news()) == ["1", "2"]
    assert short(rules, rule) == [DONE] * 2


def test_events_without_a_row_have_nothing_to_ask_again(rules, move_clock):
    """What was emitted stays as it was; a deleted row is gone, which is what the rule is about."""
    listen(
        rules,
        paid={"trigger": "order.paid", "conditions": "total > 5"},
        gone={"trigger": "mention.deleted", "conditions": "score < 0"},
    )
    for rule in rows(rules.client, "select rule_id, actions from automation.automation_rules"):
        later = [action | {"delay": "PT1H"} for action in rule["actions"]]
        rules.call("update_rule", rule["rule_id"], {"actions": later})
    rules.emit("order.paid", {"total": 6}, entity="o")
    rules.add(1, 2, score=-1)
    rules.delete(1)
    rules.set(2, deleted_at="2031-01-01")
    assert rules.news() == []
    move_clock("61 minutes")
    assert sorted(rules.news()) == ["gone 1", "gone 2", "paid o"]


def test_rules_of_one_event_fire_by_priority(rules):
    for priority in (10, 90, "normal", "urgent", 1):
        rules.rule(*named(priority), priority=priority)
    rules.add(1, 2)
    rules.work()
    order = ["urgent", "90", "normal", "10", "1"]
    assert rules.notes() == [f"{p} {m}" for m in (1, 2) for p in order]


# ---- history

START = datetime(2031, 6, 1, 12, 0, tzinfo=UTC)


def at(seconds):
    return START.replace(second=seconds)


def test_a_run_is_in_the_history_exactly_as_it_was(rules, freeze_clock, move_clock):
    freeze_clock(START)
    rule = rules.rule(
        "note",
        {"action": "work", "config": {"id": "{{trigger.mention_id}}"}, "save_as": "answer"},
        {"action": "other_work", "delay": "PT10S"},
        conditions="score < -0.5",
        stop_on_error=False,
    )
    rules.call("update_rule", rule, {"priority": 60})
    rules.add(7, score=-0.6)
    move_clock("2 seconds")
    rules.engine.tick()
    move_clock("3 seconds")
    rules.work({"action_2": ok({"n": 1})})
    move_clock("11 seconds")
    rules.engine.tick()
    move_clock("1 second")
    assert rules.history(rule) == []
    rules.work({"action_3": failed("invalid", "bad")})

    (told,) = rules.history(rule)
    (event,) = rules.events()
    instance = one(rules.client, "select * from automation.workflow_instances")
    log = told.pop("execution_log")
    trigger, context = told.pop("trigger_data"), told.pop("context_data")
    assert told.pop("created_at") is not None
    assert told == {
        "org_id": rules.org,
        "execution_id": instance["instance_id"],
        "execution_type": "rule",
        "rule_id": rule,
        "rule_version": 2,
        "template_id": None,
        "instance_id": instance["instance_id"],
        "event_id": event,
        "trigger_source": "event",
        "status": "partial",
        "reason": None,
        "occurrences": 1,
        "started_at": at(2),
        "completed_at": at(17),
        "execution_time_ms": 15000,
        "steps_executed": 6,
        "actions_executed": 3,
        "actions_successful": 2,
        "actions_failed": 1,
        "error_message": None,
    }
    row = {"mention_id": 7, "score": -0.6, "status": "new", "followers": None}
    assert trigger == {
        "type": "event",
        "event": "mention.created",
        "event_id": event,
        "entity": "7",
        "source": "crm.mentions",
        "who": None,
        "occurred_at": "2031-06-01T12:00:00.000+00:00",
        "new": row,
        "old": None,
        "changed": [],
    }
    assert context == row | {"note": "action_1", "answer": {"n": 1}}
    assert [(e["step"], e["status"], e["attempts"], e["ended_at"]) for e in log] == [
        ("action_1", "completed", 1, at(2).isoformat()),
        ("action_2", "completed", 1, at(5).isoformat()),
        ("action_3", "failed", 1, at(17).isoformat()),
    ]
    assert (log[2]["error"]["code"], log[2]["error"]["class"]) == ("bad", "invalid")


def performance(rules, rule):
    query = "select * from automation.v_automation_performance where rule_id = %s"
    return one(rules.client, query, rule)


COUNTERS = ("total_executions", "successful_executions", "failed_executions")


def test_counters_and_views_are_exact(rules, neighbour, freeze_clock, move_clock):
    """Two succeed, one in part, one fails, two are undecided, which later counts as a failure."""
    freeze_clock(START)
    rule = rules.rule(
        {"action": "work", "on_error": "continue"}, "other_work", name="Crisis", conditions=NUMBER
    )
    theirs = neighbour.rule()
    neighbour.add(99)
    rules.add(1, 2, 3, 4, status="7")
    rules.add(5, 6, status="x")
    rules.engine.tick()
    for number, message in enumerate(rules.engine.read(), start=1):
        move_clock("1 second")
        rules.engine.report((message, failed("invalid") if number == 3 else ok()))
        (second,) = rules.engine.read()
        rules.engine.report((second, failed("invalid") if number == 4 else ok()))
    assert [x["execution_time_ms"] for x in rules.history(rule) if x["instance_id"]] == [
        1000,
        2000,
        3000,
        4000,
    ]
    expected = {
        "org_id": rules.org,
        "rule_id": rule,
        "rule_name": "Crisis",
        "rule_type": "event",
        "status": "active",
        "total_executions": 4,
        "successful_executions": 2,
        "failed_executions": 1,
        "success_rate": Decimal("50.00"),
        "last_executed_at": at(4),
        "executions_last_30d": 4,
        "suppressed_executions": 2,
        "avg_execution_time_ms": Decimal("2500.0"),
        "p95_execution_time_ms": pytest.approx(3850),
    }
    assert performance(rules, rule) == expected
    move_clock("6 seconds")
    rules.engine.tick()
    row = rules.row(rule)
    assert [row[name] for name in COUNTERS] == [4, 2, 1]
    assert (row["last_executed_at"], row["last_success_at"]) == (at(4), at(2))

    rules.call("update_rule", rule, {"trigger": {"event": "mention", "on_condition_error": "fail"}})
    rules.add(7, status="x")
    rules.work()
    move_clock("6 seconds")
    rules.work()
    seen, row = performance(rules, rule), rules.row(rule)
    for told in (seen, row):
        assert [told[name] for name in COUNTERS] == [5, 2, 2]
    assert (seen["success_rate"], seen["suppressed_executions"]) == (Decimal("40.00"), 2)
    assert row["last_success_at"] == at(2)

    assert performance(neighbour, theirs)["total_executions"] == 1
    shown = "select rule_id from automation.v_automation_performance"
    assert column(rules.client, shown) == [rule]
    assert column(neighbour.client, shown) == [theirs]


def test_the_timeline_counts_runs_by_the_organisations_day(rules, freeze_clock, move_clock):
    freeze_clock("2031-06-01 20:00:00+00")
    rules.admin.execute(
        "update automation_private.org_settings set timezone = 'Asia/Bahrain' where org_id = %s",
        [rules.org],
    )
    definition = {
        "trigger": {"type": "event", "event": "mention"},
        "steps": [act("z", "a", action="note"), act("a", "b"), act("b", action="note")],
    }
    template = rules.client.execute(
        "select automation.create_template('Answer', %s, p_category => 'engagement')",
        [Jsonb(definition)],
    ).fetchone()[0]
    rules.call("publish_template", template)
    rules.add(1, 2, 3)
    rules.engine.tick()
    for number, message in enumerate(rules.engine.read()):
        move_clock("10 seconds")
        rules.engine.report((message, failed("invalid") if number == 2 else ok()))
    move_clock("1 hour")
    rules.add(4)
    rules.engine.tick()
    days = rows(
        rules.client, "select * from automation.v_workflow_timeline order by execution_date"
    )
    common = {"org_id": rules.org, "template_name": "Answer", "category": "engagement"}
    first = {
        "execution_date": datetime(2031, 6, 1).date(),
        "total_executions": 3,
        "completed": 2,
        "failed": 1,
        "avg_execution_time": Decimal("20.000"),
        "total_steps_executed": 8,
    }
    second = {
        "execution_date": datetime(2031, 6, 2).date(),
        "total_executions": 1,
        "completed": 0,
        "failed": 0,
        "avg_execution_time": None,
        "total_steps_executed": 1,
    }
    assert days == [common | first, common | second]


# ---- what goes wrong hits nobody else


def corrupt(rules, listener):
    """From now on the condition raises wherever it is evaluated."""
    rules.admin.execute(
        "update automation_private.listeners set condition = '$.new.score == $missing' "
        "where listener_id = %s",
        [listener],
    )


def test_a_condition_that_raises_pauses_its_rule_alone(rules, neighbour):
    """Rules and templates; the others fire once, in their order, and go on doing so."""
    bad, high, low = (rules.rule(*named(p), priority=p) for p in (50, 90, 10))
    theirs = neighbour.rule(*named("theirs"))
    step = act("a", action="note", config={"note": "template {{trigger.entity}}"})
    template = rules.template(step, trigger={"type": "event", "event": "mention"})
    for listener in (bad, template):
        corrupt(rules, listener)
    rules.add(1, 2)
    neighbour.add(3, 4)
    rules.work()
    assert rules.notes() == ["90 1", "10 1", "90 2", "10 2"]
    assert neighbour.notes() == ["theirs 3", "theirs 4"]

    row = rules.row(bad)
    assert (row["status"], row["status_reason"][:33]) == (
        "paused",
        "its condition raised 42704: could",
    )
    assert {rules.row(rule)["status"] for rule in (high, low)} == {"active"}
    assert neighbour.row(theirs)["status"] == "active"
    (told,) = rules.history(bad)
    assert (told["status"], told["reason"], told["error_message"]) == (
        "failed",
        "condition_raised",
        row["status_reason"],
    )
    stopped = (
        "select subject_id, details ->> 'reason' from automation.automation_audit "
        "where operation in ('pause_rule', 'stop_template') order by subject_type"
    )
    reason = row["status_reason"]
    assert rules.admin.execute(stopped).fetchall() == [(bad, reason), (template, reason)]

    rules.add(5)
    neighbour.add(6)
    rules.work()
    assert rules.notes()[4:] == ["90 5", "10 5"]
    assert neighbour.notes()[2:] == ["theirs 6"]
    rules.call("activate_rule", bad)
    rules.call("publish_template", template)
    rules.add(7)
    rules.work()
    assert sorted(rules.notes()[6:]) == ["10 7", "50 7", "90 7", "template 7"]


def test_many_undecided_events_are_a_few_rows_of_history(rules):
    rule = rules.rule(conditions="status > 1")
    rules.add(*range(1, 51))
    rules.work()
    told = rules.history(rule)
    assert len(told) == 10
    assert sum(row["occurrences"] for row in told) == 50
    assert {row["reason"] for row in told} == {"condition_error"}
    assert performance(rules, rule)["suppressed_executions"] == 50


def test_a_batch_that_has_lost_its_events_is_over(rules):
    rules.rule(conditions="score < 0")
    rules.add(*range(1, 5001), score=1)
    rules.admin.execute("delete from automation.automation_events")
    rules.work()
    assert rules.backlog() == 0


def test_a_start_that_raises_fails_alone(rules, move_clock):
    """And a row whose text is larger than any event starts with what there is room for."""
    rules.admin.execute(
        """
        create function crm.refuse() returns trigger language plpgsql as
        'begin assert new.trigger_data ->> ''entity'' <> ''3'', ''not three''; return new; end';
        create trigger refuse before insert on automation.workflow_instances
        for each row execute function crm.refuse()
        """
    )
    rule = rules.rule(*named("fired"))
    rules.add(1, 2, 3, 4)
    rules.add(5, status="x" * 300000)
    rules.add(6)
    rules.work()
    assert rules.notes() == [f"fired {m}" for m in (1, 2, 4, 5, 6)]
    told = sorted(rules.history(rule), key=lambda x: x["event_id"])
    assert [(x["status"], x["reason"], x["error_message"]) for x in told] == [
        ("success", None, None),
        ("success", None, None),
        ("failed", "engine_error", "not three"),
        ("success", None, None),
        ("success", None, None),
        ("success", None, None),
    ]
    move_clock("6 seconds")
    rules.work()
    seen = [performance(rules, rule), rules.row(rule)]
    assert [[x[name] for name in COUNTERS] for x in seen] == [[6, 5, 1]] * 2


def test_an_action_that_the_server_keeps_refusing_stops_nobody_else(rules, neighbour, move_clock):
    """It is tried again and again, apart from the others, and done as soon as it can be."""
    rules.admin.execute(
        "create table crm.storm as select 'is raging'; "
        "grant select on crm.storm to automation_actor"
    )
    refuse = (
        "do $x$ begin if exists (select from crm.storm) then "
        "raise exception using errcode = '40001'; end if; end $x$"
    )
    refused = neighbour.rule(write(refuse), mode="parallel")
    neighbour.rule(trigger="mention.updated", mode="parallel")
    rules.rule()
    neighbour.add(1)
    for mention in (2, 3, 4):
        rules.add(mention)
        neighbour.set(1, followers=mention)
    for _ in range(50):
        rules.engine.worker.execute("call automation.run_engine('0.1 seconds')")
        if (rules.notes(), neighbour.notes()) == (["2", "3", "4"], ["1"] * 3):
            break
    else:
        pytest.fail(f"{rules.notes()} {neighbour.notes()}")
    assert neighbour.history(refused) == []
    rules.admin.execute("delete from crm.storm")
    move_clock("2 seconds")
    rules.work()
    assert short(neighbour, refused) == [DONE] * 4


# ---- large backlogs


def started(rules, by):
    """How many instances each tick starts until nothing is left, and what `by` says of them."""
    query = f"select {by}, count(*) from automation.workflow_instances group by 1"
    counts, before = [], {}
    while rules.engine.tick():
        now = dict(rules.admin.execute(query).fetchall())
        counts.append(
            {key: n - before.get(key, 0) for key, n in now.items() if n > before.get(key, 0)}
        )
        before = now
    return counts


@pytest.mark.parametrize(("action", "limit"), [("note", 50), ("work", 500)])
def test_a_bulk_load_is_dispatched_in_bounded_ticks(rules, action, limit):
    """Of 5,000 rows one in four fires; fewer at a time when the database itself has to act."""
    rule = rules.rule(action, conditions="followers = 3")
    rules.admin.execute(
        "insert into crm.mentions (mention_id, org_id, followers) "
        "select m, %s, m %% 4 from generate_series(1, 5000) as m",
        [rules.org],
    )
    assert rules.backlog() == 5000
    ticks = [sum(tick.values()) for tick in started(rules, "event_id")]
    assert max(ticks) <= limit
    assert sum(n > 0 for n in ticks) <= 1250 / limit + 3
    fired = "select (trigger_data ->> 'entity')::int from automation.workflow_instances"
    assert sorted(column(rules.admin, fired)) == list(range(3, 5001, 4))
    if action == "note":
        assert [x["status"] for x in rules.history(rule)] == ["success"] * 1250


def test_an_event_is_not_torn_apart(rules):
    """All that it fires begins in the same tick, although the limit lies within."""
    for number in range(7):
        rules.rule(*named(number))
    rules.add(*range(50))
    ticks = [tick for tick in started(rules, "event_id") if tick]
    assert {n for tick in ticks for n in tick.values()} == {7}
    assert {len(tick) for tick in ticks[:-1]} == {7}
    assert rules.notes() == [f"{n} {m}" for m in range(50) for n in range(7)]


BACKLOG = """
do $$ begin
    for i in 1..3000 loop
        insert into crm.mentions (mention_id, org_id) values ({offset} + i, '{org}');
    end loop;
end $$
"""


@pytest.mark.parametrize("busy", ["first", "second"])
def test_a_long_backlog_does_not_keep_another_organisation_waiting(rules, neighbour, busy):
    """Whose id comes first does not matter."""
    crowd, single = (rules, neighbour) if busy == "first" else (neighbour, rules)
    for _ in range(2):
        crowd.rule()
    single.rule()
    rules.admin.execute(BACKLOG.format(offset=10, org=crowd.org))
    batches = "select count(*) as n from automation_private.event_batches where org_id = %s"
    assert one(rules.admin, batches, crowd.org)["n"] == 3000
    rules.engine.tick()
    for mention in (1, 2, 3):
        single.add(mention)
        rules.engine.tick()
        assert single.notes()[-1] == str(mention)
    assert crowd.backlog() > 1000


# ---- loops

AGAIN = (
    "update crm.mentions set followers = coalesce(followers, 0) + 1 "
    "where mention_id = {{trigger.mention_id}}"
)
NEXT = (
    "insert into crm.mentions (mention_id, org_id) "
    "values ({{trigger.mention_id}} + 1, '{{org.id}}')"
)
BLOCKED = ("skipped", "loop_blocked")


def followers(rules, mention=1):
    query = "select followers from crm.mentions where mention_id = %s"
    return one(rules.admin, query, mention)["followers"]


@pytest.mark.parametrize(
    "before", [[], ["work"], [{"action": "note", "delay": "PT1H"}]], ids=["", "queue", "delay"]
)
def test_scenario_28_a_rule_does_not_set_itself_off(rules, move_clock, before):
    """What it writes is an event that it has caused, also through the queue and behind a delay."""
    rule = rules.rule(*before, write(AGAIN), mode="parallel")
    rules.add(1)
    rules.work()
    move_clock("61 minutes")
    rules.work()
    assert (short(rules, rule), followers(rules)) == ([DONE, BLOCKED], 1)
    assert rules.verdict(rule) == "loop_blocked"
    caused = one(
        rules.admin, "select * from automation.automation_events order by event_id desc limit 1"
    )["causation"]
    (first, _) = rules.events()
    assert (caused["depth"], caused["chain"], caused["visited"]) == (1, str(first), [f"{rule}/1"])
    assert caused["instance"] == str(rules.history(rule)[0]["instance_id"])

    # what people do is no loop, however often they do it
    rules.set(1, score=0.1)
    rules.set(1, score=0.2)
    rules.work()
    move_clock("61 minutes")
    rules.work()
    assert sorted(short(rules, rule), key=str) == [BLOCKED] * 3 + [DONE] * 3
    assert followers(rules) == 3


def test_two_rules_do_not_play_ping_pong(rules):
    there = rules.rule(
        write(
            "insert into crm.campaigns (campaign_id, org_id, mention_id) "
            "values (7, '{{org.id}}', {{trigger.mention_id}}) "
            "on conflict (campaign_id) do update set state = campaigns.state || '.'"
        )
    )
    back = rules.rule(
        write(AGAIN.replace("trigger.mention_id", "trigger.new.mention_id")), trigger="campaign"
    )
    rules.add(1)
    rules.work()
    assert (short(rules, there), short(rules, back)) == ([DONE, BLOCKED], [DONE])
    rules.set(1, score=0.1)
    rules.work()
    assert (short(rules, there)[2:], short(rules, back)[1:]) == ([DONE, BLOCKED], [DONE])
    assert followers(rules) == 2


@pytest.mark.parametrize("on_loop", ["avoid_loop", "allow"])
def test_a_chain_of_new_rows_ends(rules, on_loop):
    """Nothing is visited twice, but ten links are enough."""
    rule = rules.rule(write(NEXT), trigger={"event": "mention", "on_loop": on_loop})
    rules.add(1)
    rules.work()
    assert short(rules, rule) == [DONE] * 10 + [BLOCKED]
    assert rules.outcomes(rule)[-1][0] == "11"
    assert rules.verdict(rule) == "loop_blocked"


def test_a_rule_may_be_allowed_to_set_itself_off(rules):
    rule = rules.rule(write(AGAIN), trigger={"event": "mention", "on_loop": "allow"})
    rules.add(1)
    rules.work()
    assert (short(rules, rule), followers(rules)) == ([DONE] * 10 + [BLOCKED], 10)


def test_a_rule_may_ignore_what_automations_do(rules):
    rules.rule(write(AGAIN), trigger="mention.created")
    humans = {"event": "mention.updated", "on_loop": "ignore"}
    rule = rules.rule(*named("person"), trigger=humans)
    other = rules.rule(*named("anybody"), trigger="mention.updated")
    rules.add(1)
    assert rules.news() == ["anybody 1"]
    assert (short(rules, rule), short(rules, other)) == (
        [("skipped", "caused_by_automation")],
        [DONE],
    )
    assert rules.verdict(rule) == "caused_by_automation"
    rules.set(1, score=0.1)
    assert sorted(rules.news()) == ["anybody 1", "person 1"]


def test_what_a_service_does_for_a_run_belongs_to_its_chain(rules):
    """It says so by naming the instance."""
    rule = rules.rule("work", trigger="order.paid")
    rules.emit("order.paid", {"total": 1}, entity="o")
    rules.engine.tick()
    ((_, _, message),) = rules.engine.read(lease=0)
    rules.emit("order.paid", {"total": 2}, entity="o", caused_by=message["instance"])
    rules.emit("order.paid", {"total": 3}, entity="p", caused_by=message["instance"])
    rules.work()
    assert sorted(rules.outcomes(rule)) == [
        ("o", "skipped", "loop_blocked"),
        ("o", "success", None),
        ("p", "success", None),
    ]


# ---- several at once

TICK = "select automation.tick()"
WORKERS, WRITERS, ROUNDS = 4, 4, 30


class Crowd:
    """Several engines that tick until they are told to stop, whatever happens to their sessions."""

    def __init__(self, database, size):
        self.database = database
        self.done = threading.Event()
        self.pool = ThreadPoolExecutor(size)
        self.engines = [self.pool.submit(self.tick) for _ in range(size)]
        self.killed = 0

    def tick(self):
        dsn = self.database.dsn("worker", application_name="engine")
        while not self.done.is_set():
            try:
                with psycopg.connect(dsn, autocommit=True) as connection:
                    while not self.done.is_set():
                        connection.execute(TICK)
            except psycopg.OperationalError as error:
                if error.sqlstate not in (None, errors.AdminShutdown.sqlstate):
                    raise
                self.killed += 1

    def stop(self):
        """Wait for all; a deadlock, or any other error, of one is raised here."""
        self.done.set()
        for engine in self.engines:
            engine.result(60)


@contextmanager
def crowd(database, size=WORKERS):
    engines = Crowd(database, size)
    try:
        yield engines
    finally:
        engines.stop()


KILL = """
select count(pg_terminate_backend(a.pid)) from (
    select x.pid from pg_stat_activity as x
    where x.application_name = 'engine' and x.datname = current_database()
    order by (x.state = 'active') desc, random() limit 1
) as a
"""


def keep_writing(rules, database, writer, kills):
    """Toggle one's own mentions, alone and together; how often each should have fired."""
    mine = [writer * 100 + n for n in range(5)]
    expected = dict.fromkeys(mine, 0)
    fires = dict.fromkeys(mine, False)
    with psycopg.connect(database.dsn(), autocommit=True) as connection:
        connection.execute(
            "insert into crm.mentions (mention_id, org_id) "
            "select m, %s from unnest(%s::int[]) as m",
            [rules.org, mine],
        )
        for number in range(ROUNDS):
            chosen = mine if number % 5 == 0 else [mine[number % 5]]
            for score, turns in ((-0.6, True), (0.6, False)):
                connection.execute(
                    "update crm.mentions set score = %s where mention_id = any (%s)",
                    [score, chosen],
                )
                for mention in chosen:
                    expected[mention] += turns and not fires[mention]
                    fires[mention] = turns
            if kills and number % 3 == 0:
                connection.execute(KILL)
    return expected


@pytest.mark.parametrize("kills", [False, True], ids=["", "killed"])
def test_every_transition_fires_exactly_once(rules, neighbour, database, kills):
    """Four engines, four writers, two organisations; per mention in the order of what happened."""
    event = {"action": "note", "config": {"note": "{{trigger.entity}} {{trigger.event_id}}"}}
    crews = (rules, neighbour)
    for org in crews:
        org.rule(event, conditions="score < -0.5")
    with crowd(database) as engines, ThreadPoolExecutor(WRITERS) as pool:
        jobs = [pool.submit(keep_writing, crews[n % 2], database, n, kills) for n in range(WRITERS)]
        expected = [job.result(60) for job in jobs]
    rules.work()
    for crew, org in enumerate(crews):
        fired = [tuple(map(int, note.split())) for note in org.notes()]
        assert len({event for _, event in fired}) == len(fired)
        wanted = {m: n for job in expected[crew::2] for m, n in job.items()}
        assert {m: [x for x, _ in fired].count(m) for m in wanted} == wanted
        for mention in wanted:
            events = [event for m, event in fired if m == mention]
            assert events == sorted(events)
    assert (engines.killed > 0) is kills


def test_nothing_fires_after_a_pause_has_returned(rules, database):
    rule = rules.rule()
    count = "select count(*) as n from automation.workflow_instances"
    with crowd(database, 3):
        for number in range(12):
            rules.add(*range(number * 40, number * 40 + 40))
            rules.call("pause_rule", rule)
            fired = one(rules.admin, count)["n"]
            rules.add(*range(10000 + number * 5, 10005 + number * 5))
            while rules.backlog():
                rules.engine.tick()
            assert one(rules.admin, count)["n"] == fired
            rules.call("activate_rule", rule)
    rules.work()
    assert all(int(note) < 10000 for note in rules.notes())


def test_an_edit_while_events_are_dispatched_loses_and_doubles_nothing(rules, database):
    rule = rules.rule()
    with crowd(database, 3):
        for number in range(15):
            rules.add(*range(number * 20, number * 20 + 20))
            rules.call("update_rule", rule, {"description": f"version {number}"})
    rules.work()
    assert sorted(map(int, rules.notes())) == list(range(300))
    assert rules.row(rule)["version"] == 16
