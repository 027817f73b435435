"""Backtests: what a rule would have done, which must be what it does."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.evidence import differences, fingerprint
from tests.rules import NOTE, Rules, install, one, refused, write

ENTITY = {"action": "note", "config": {"note": "{{trigger.entity}}"}}
START = datetime(2030, 3, 5, 12, 0, tzinfo=UTC)
MERGED = {"debounced", "batched"}


@pytest.fixture
def rules(engine):
    return install(engine)


def backtest(rules: Rules, rule: Any, connection: Any = None, **arguments: Any) -> dict:
    """The report on a stored rule (an id) or on a draft (a document)."""
    function = "backtest_draft" if isinstance(rule, dict) else "backtest_rule"
    given = {"p_rule" if isinstance(rule, dict) else "p_rule_id": rule} | {
        f"p_{name}": value for name, value in arguments.items()
    }
    names = ", ".join(f"{name} => %s" for name in given)
    values = [Jsonb(v) if isinstance(v, dict | list) else v for v in given.values()]
    return (
        (connection or rules.client)
        .execute(f"select automation.{function}({names})", values)
        .fetchone()[0]
    )


def draft(**document: Any) -> dict:
    return {"name": "a draft", "trigger": "thing", "actions": [ENTITY]} | document


def what_happened(rules: Rules, rule: Any) -> tuple[int, dict[str, int]]:
    """How often a rule has fired, and why it has not, how often."""
    fired, held = 0, {}
    for row in rules.history(rule):
        if row["instance_id"] is not None:
            fired += 1
        else:
            held[row["reason"]] = held.get(row["reason"], 0) + row["occurrences"]
    return fired, held


def what_would(report: dict) -> tuple[int, dict[str, int]]:
    return report["would_fire"], {
        reason: n for reason, n in report["suppressed"].items() if reason not in MERGED
    }


def live(rules: Rules, freeze_clock: Any, script: list[list[tuple]], minutes: int = 1) -> None:
    """Let things happen, minute after minute, and the engine do what is due."""
    for minute, events in enumerate(script):
        freeze_clock(START + timedelta(minutes=minute * minutes))
        rules.work()
        for entity, new in events:
            rules.emit("thing", {"entity": entity} | new, entity=entity)
        rules.work()


SETTINGS = {
    "cooldown": {"cooldown": "PT7M"},
    "cooldown, limit, single": {"cooldown": "PT5M", "max_executions_per_day": 40},
    "limit an hour": {"limits": [{"max": 3, "per": "hour"}]},
    "rolling": {"limits": [{"max": 4, "per": "rolling PT20M"}]},
    "rolling per subject": {"limits": [{"max": 2, "per": "rolling PT20M", "scope": "subject"}]},
    "keyed limit": {"limits": [{"max": 2, "per": "hour", "key": "{{trigger.color}}"}]},
    "mode key": {"cooldown": "PT9M", "mode_key": "color"},
    "some without a key": {"mode_key": "shape"},
    "templated key": {"cooldown": "PT9M", "mode_key": "{{trigger.color}} {{trigger.entity}}"},
    "deferred": {"limits": [{"max": 3, "per": "hour", "on_hit": "defer"}]},
    "deferred, rolling, cooldown": {
        "cooldown": "PT4M",
        "limits": [{"max": 2, "per": "rolling PT15M", "on_hit": "defer"}],
    },
    "two limits": {
        "limits": [
            {"max": 9, "per": "hour"},
            {"max": 2, "per": "rolling PT10M", "on_hit": "defer"},
        ]
    },
    "fail": {"limits": [{"max": 5, "per": "hour", "on_hit": "fail"}]},
    "never": {"max_executions_per_day": 0},
    "debounce": {"debounce": "PT4M"},
    "debounce, at most": {"debounce": {"for": "PT4M", "max_wait": "PT6M"}, "cooldown": "PT10M"},
    "batch": {"batch": {"size": 3, "within": "PT8M"}, "mode_key": "color"},
    "batch, limit": {"batch": {"size": 2, "within": "PT5M"}, "limits": [{"max": 4, "per": "hour"}]},
}


def some_script(seed: int, minutes: int = 80) -> list[list[tuple]]:
    """Events of four things at random times."""
    dice = random.Random(seed)
    return [
        [
            (
                dice.choice("abcd"),
                {"color": dice.choice(["red", "blue"]), "n": dice.randrange(10)}
                | dice.choice([{}, {"shape": "round"}]),
            )
            for _ in range(dice.choice([0, 0, 0, 1, 1, 2]))
        ]
        for _ in range(minutes)
    ]


@pytest.mark.on("embedded")
def test_what_rules_would_have_done_is_what_they_did(rules, freeze_clock):
    freeze_clock(START)
    all_rules = {
        name: rules.rule(ENTITY, trigger="thing", conditions="n < 8", **settings)
        for name, settings in SETTINGS.items()
    }
    live(rules, freeze_clock, some_script(1))
    for name, rule in all_rules.items():
        report = backtest(rules, rule)
        assert what_would(report) == what_happened(rules, rule), name
        assert report["would_fire"] or name == "never", name
        assert report["suppressed"] or report["waiting"], name


def test_a_rule_with_cooldown_daily_limit_and_one_run_at_a_time(rules, freeze_clock):
    """Two days of them, in a timezone where the day ends in the middle."""
    rules.admin.execute(
        "update automation_private.org_settings set timezone = 'Asia/Bahrain' where org_id = %s",
        [rules.org],
    )
    freeze_clock(START)
    rule = rules.rule(
        ENTITY, trigger="thing", conditions="n < 8", cooldown="PT90M", max_executions_per_day=9
    )
    live(rules, freeze_clock, some_script(1, 60), minutes=45)
    report = backtest(rules, rule)
    assert what_would(report) == what_happened(rules, rule)
    assert set(report["suppressed"]) == {"cooldown", "limit_reached"}
    fired = Counter(
        (row["started_at"] + timedelta(hours=3)).date().isoformat()
        for row in rules.history(rule)
        if row["instance_id"] is not None
    )
    assert {day["day"]: day["would_fire"] for day in report["days"] if day["seen"]} == fired
    assert max(fired.values()) == 9
    assert {day["limit"] for day in report["days"]} == {9}


@pytest.mark.on("embedded")
def test_what_waits_too_long_is_given_up(rules, freeze_clock):
    freeze_clock(START)
    limits = [{"max": 2, "per": "day", "on_hit": "defer"}]
    rule = rules.rule(ENTITY, trigger="thing", limits=limits)
    live(rules, freeze_clock, some_script(3, 40), minutes=180)
    report = backtest(rules, rule)
    assert what_would(report) == what_happened(rules, rule)
    assert report["suppressed"]["expired"] > 0


@pytest.mark.on("embedded")
@pytest.mark.parametrize("start", ["2030-03-30 20:00+00", "2030-10-26 20:00+00"])
@pytest.mark.parametrize(
    "settings",
    [
        {"limits": [{"max": 2, "per": "day"}]},
        {"limits": [{"max": 1, "per": "hour", "timezone": "Australia/Lord_Howe"}]},
        {"cooldown": "P1D"},
    ],
    ids=str,
)
def test_days_are_as_long_as_they_are(rules, freeze_clock, start, settings):
    """Berlin's clocks are set forward, and back."""
    rules.admin.execute(
        "update automation_private.org_settings set timezone = 'Europe/Berlin' where org_id = %s",
        [rules.org],
    )
    freeze_clock(start)
    rule = rules.rule(ENTITY, trigger="thing", **settings)
    for step in range(60):
        freeze_clock(datetime.fromisoformat(start) + step * timedelta(minutes=30))
        for entity in "ab":
            rules.emit("thing", entity=entity)
        rules.work()
    assert what_would(backtest(rules, rule)) == what_happened(rules, rule)


# a run that takes five minutes
SLOW = ENTITY | {"delay": "PT5M"}
MODES = {
    "single": {},
    "single, no key": {"mode_key": "color"},
    "parallel": {"mode": "parallel", "max_runs": 2},
    "queued": {"mode": "queued"},
    "short queue": {"mode": "queued", "max_runs": 2, "mode_key": "color"},
    "queued, cooldown": {"mode": "queued", "cooldown": "PT8M"},
    "queued, limit": {
        "mode": "queued",
        "limits": [{"max": 5, "per": "rolling PT30M", "on_hit": "defer"}],
    },
    "restart": {"mode": "restart", "cooldown": "PT3M"},
}


@pytest.mark.on("embedded")
def test_runs_that_take_time_are_in_each_others_way(rules, freeze_clock):
    freeze_clock(START)
    all_rules = {
        name: rules.rule(SLOW, trigger="thing", recheck_before_action=False, **settings)
        for name, settings in MODES.items()
    }
    live(rules, freeze_clock, some_script(2))
    for name, rule in all_rules.items():
        fired, held = what_happened(rules, rule)
        open_runs, waiting = rules.admin.execute(
            "select (select count(*) from automation.workflow_instances "
            "where rule_id = %(rule)s and completed_at is null), "
            "(select count(*) from automation_private.waiting_firings "
            "where listener_id = %(rule)s)",
            {"rule": rule},
        ).fetchone()
        report = backtest(rules, rule, run_duration=timedelta(minutes=5))
        assert what_would(report) == (fired + open_runs, held), name
        assert sum(report["waiting"].values()) == waiting, name
        assert report["suppressed"] or waiting, name


ROWS = {
    "transition": {},
    "every": {"trigger": {"event": "mention", "fire_on": "every"}, "cooldown": "PT6M"},
    "debounce": {"debounce": "PT5M"},
    "deferred": {"limits": [{"max": 2, "per": "hour", "on_hit": "defer"}]},
    "asked nothing": {
        "limits": [{"max": 2, "per": "hour", "on_hit": "defer"}],
        "recheck_before_action": False,
    },
    "updated only": {"trigger": "mention.updated", "debounce": "PT5M"},
}


@pytest.mark.on("embedded")
def test_rows_are_as_they_were(rules, freeze_clock):
    """Rows that come, change and go; what waits is asked again."""
    freeze_clock(START)
    # so that this is recorded, too
    rules.rule(NOTE, trigger="mention.deleted")
    all_rules = {
        name: rules.rule(NOTE, **{"trigger": "mention", "conditions": "score < -0.5"} | settings)
        for name, settings in ROWS.items()
    }
    dice = random.Random(4)
    for minute in range(100):
        freeze_clock(START + timedelta(minutes=minute))
        rules.work()
        number = dice.randrange(6)
        match dice.choice(["add", "set", "set", "set", "delete", "rest"]):
            case "add":
                rules.delete(number)
                rules.add(number, score=dice.choice([-0.9, -0.6, 0, 0.5]))
            case "set":
                rules.set(number, score=dice.choice([-0.9, -0.6, 0, 0.5, None]))
            case "delete":
                rules.delete(number)
        rules.work()
    reports = {name: backtest(rules, rule) for name, rule in all_rules.items()}
    for name, rule in all_rules.items():
        assert what_would(reports[name]) == what_happened(rules, rule), name
        assert reports[name]["would_fire"], name
    assert {name for name, r in reports.items() if "exited_condition" in r["suppressed"]} == {
        "debounce",
        "deferred",
        "updated only",
    }


THRESHOLDS = {
    "level": {"above": 6},
    "hysteresis": {"above": 6, "clear_at": 3, "first": "fire_if_true"},
    "for": {"above": 4, "for": "PT5M"},
    "for, recovery": {"above": 4, "for": "PT3M", "recovery_for": "PT4M", "stale_after": "PT10M"},
    "repeated": {"above": 5, "repeat_every": "PT7M"},
    "milestones": {"milestones": [2, 5, 8], "levels": "all", "first": "fire_if_true"},
    "spike": {"spike": {"sigma": 1, "window": 10, "min_samples": 4}},
    "change": {"change": {"percent": 20, "window": "PT20M"}},
}


@pytest.mark.on("embedded")
def test_a_threshold_is_crossed_when_it_was(rules, freeze_clock):
    freeze_clock(START)
    all_rules = {
        (name, conditions): rules.rule(
            ENTITY,
            trigger={"type": "condition", "event": "thing", "field": "n"} | threshold,
            conditions=conditions,
            cooldown="PT2M",
        )
        for name, threshold in THRESHOLDS.items()
        for conditions in (None, "color = 'red'")
    }
    live(rules, freeze_clock, some_script(3))
    for (name, conditions), rule in all_rules.items():
        report = backtest(rules, rule)
        assert what_would(report) == what_happened(rules, rule), name
        assert report["would_fire"], name
        assert ("conditions_not_met" in report["suppressed"]) == (conditions is not None)


# ---- the condition, event by event

CONDITIONS = [
    "score < -0.5",
    "score < -0.5 and followers > 100",
    "not (score >= -0.5 or followers is not set)",
    "score + status > 1 or followers > 500",
    "status changed",
    "status changed_to 'read' and score is set",
    "followers increased_by 10",
    "old.status = 'new'",
    "trigger.event = 'mention.created' or trigger.changed contains 'status'",
    "trigger.occurred_at within_last '1h' and org.timezone = 'UTC'",
    "trigger.entity in ('1', '3') and trigger.source = 'crm.mentions'",
    "followers / score > -1000",
    "new is set",
    "trigger is set",
]


@pytest.mark.parametrize("fire_on", ["transition", "every"])
def test_each_event_is_judged_as_it_is_explained(rules, freeze_clock, fire_on):
    freeze_clock(START)
    rules.rule(NOTE, trigger="mention")
    dice = random.Random(7)
    for _ in range(45):
        number = dice.randrange(5)
        row = {
            "score": dice.choice([None, -0.9, -0.6, 0, 0.4]),
            "followers": dice.choice([None, 0, 50, 200, 900]),
            "status": dice.choice(["new", "read"]),
        }
        rules.delete(number) if dice.random() < 0.2 else None
        try:
            rules.add(number, **row)
        except psycopg.errors.UniqueViolation:
            rules.set(number, **row)
    rules.work()
    events = rules.events()
    assert len(events) > 40
    for condition in CONDITIONS:
        rule = rules.draft(
            NOTE, trigger={"event": "mention", "fire_on": fire_on}, conditions=condition
        )
        report = backtest(rules, rule, examples=500)
        told = {e["event_id"]: e.get("reason", "fires") for e in report["examples"]}
        explained = {event: rules.explain(rule, event) for event in events}
        verdicts = {
            event: lines[0]["reason"].replace("not_active", "fires")
            for event, lines in explained.items()
        }
        kept = {e: v for e, v in verdicts.items() if v not in ("no_match", "already_met")}
        assert told == kept, condition
        near = set()
        for event, lines in explained.items():
            if verdicts[event] == "no_match":
                wrong = "not" in condition[:4]
                missed = [
                    x
                    for x in lines[1:-1]
                    if x["field"] and x["moment"] == "now" and x["result"] is not (not wrong)
                ]
                near |= {event} if len(missed) == 1 else set()
        misses = report["near_misses"]
        assert {x["event_id"] for x in misses["examples"]} == near, condition
        assert misses["count"] == len(near) == sum(x["count"] for x in misses["comparisons"])


def test_loops_are_those_that_were_recorded(rules):
    campaign = rules.rule(
        write(
            "update crm.mentions set followers = coalesce(followers, 0) + 1 where mention_id = 1"
        ),
        trigger={"event": "mention", "fire_on": "every"},
    )
    rules.add(1)
    rules.work()
    assert what_happened(rules, campaign) == (1, {"loop_blocked": 1})
    report = backtest(rules, campaign)
    assert what_would(report) == (1, {"loop_blocked": 1})
    assert (report["matched"], report["errors"]) == (2, 0)
    changes = {"trigger": {"event": "mention", "fire_on": "every", "on_loop": "ignore"}}
    assert backtest(rules, campaign, changes=changes)["suppressed"] == {"caused_by_automation": 1}


def test_near_misses_say_which_comparison_failed(rules):
    rules.rule(NOTE, trigger="thing")
    for n, color in ((1, "red"), (9, "red"), (9, "blue"), (1, "blue"), (8, "blue")):
        rules.emit("thing", {"n": n, "color": color}, entity=f"{color} {n}")
    misses = backtest(rules, draft(conditions="n > 5 and color = 'red'"))["near_misses"]
    assert misses["count"] == 3
    assert [(c["condition"], c["count"]) for c in misses["comparisons"]] == [
        ("n > 5", 1),
        ("color = 'red'", 2),
    ]
    assert [
        (e["entity"], e["pointer"], e["left_value"], e["right_value"], e["reason"])
        for e in misses["examples"]
    ] == [
        ("red 1", "/all/0", 1, 5, "no_match"),
        ("blue 9", "/all/1", "blue", "red", "no_match"),
        ("blue 8", "/all/1", "blue", "red", "no_match"),
    ]


# ---- the report


def test_examples_show_what_actions_would_have_been_told(rules):
    rules.rule(NOTE, trigger="thing")
    rules.emit("thing", {"name": "ann", "tags": ["a", "b"]}, entity="1")
    actions = [
        {
            "action": "work",
            "config": {
                "a": "{{trigger.name | upper}}",
                "b": "{{trigger.tags}}",
                "c": "{{trigger.missing}}",
                "d": "{{vars.id}}",
            },
        },
        {
            "action": "work",
            "config": {
                "list": ["{{steps.action_1.id}}", "{{vars.name}}"],
                "text": "{{vars.id}} of {{trigger.name}}",
            },
        },
    ]
    report = backtest(rules, draft(actions=actions))
    [example] = report["examples"]
    assert (example["verdict"], example["entity"], "reason" in example) == ("fires", "1", False)
    assert [(a["step"], a["config"], a.get("unresolved")) for a in example["actions"]] == [
        (
            "action_1",
            {"a": "ANN", "b": ["a", "b"], "c": "{{trigger.missing}}", "d": "{{vars.id}}"},
            None,
        ),
        (
            "action_2",
            {"list": ["{{steps.action_1.id}}", "ann"], "text": "{{vars.id}} of {{trigger.name}}"},
            ["/list/0", "/text"],
        ),
    ]
    assert [(e["step"], e["pointer"], e["code"]) for e in report["rendering_errors"]] == [
        ("action_1", "/c", "template_missing"),
        ("action_1", "/d", "template_missing"),
    ]
    assert {e["event_id"] for e in report["rendering_errors"]} == {example["event_id"]}


def test_secrets_are_named_and_data_cannot_name_one(rules):
    rules.engine.register(
        "call",
        p_config_schema=Jsonb(
            {
                "type": "object",
                "properties": {
                    "token": {"type": "string", "x-secret": True},
                    "text": {"type": "string"},
                },
            }
        ),
    )
    rules.rule(NOTE, trigger="thing")
    rules.emit("thing", {"name": "{{secrets.slack}}"})
    config = {"token": "{{secrets.slack}}", "text": "{{trigger.name}}"}
    report = backtest(rules, draft(actions=[{"action": "call", "config": config}]))
    assert report["examples"][0]["actions"][0]["config"] == config
    assert [e["code"] for e in report["rendering_errors"]] == ["secret_reference"]


def test_gathered_events_and_crossed_levels_are_shown(rules, freeze_clock):
    freeze_clock(START)
    rules.rule(NOTE, trigger="thing")
    for n in (1, 4, 9):
        rules.emit("thing", {"n": n}, entity="a")
    freeze_clock(START + timedelta(hours=1))
    told = {
        "action": "work",
        "config": {"n": "{{trigger.gathered.count}}", "last": "{{trigger.n}}"},
    }
    [example] = backtest(rules, draft(actions=[told], debounce="PT5M"))["examples"]
    assert (example["gathered"], example["actions"][0]["config"]) == (3, {"n": 3, "last": 9})
    assert example["at"].startswith("2030-03-05T12:05:00")
    told = {"action": "work", "config": {"level": "{{trigger.threshold.level}}"}}
    trigger = {"type": "condition", "event": "thing", "field": "n", "milestones": [3, 8]}
    report = backtest(rules, draft(actions=[told], trigger=trigger))
    assert [e["actions"][0]["config"]["level"] for e in report["examples"]] == [3, 8]
    assert report["samples"] == {"first_sample": 1, "reached": 2}


def test_examples_are_the_first_and_no_more_than_wanted(rules):
    rules.rule(NOTE, trigger="thing")
    for n in range(12):
        rules.emit("thing", {"n": n}, entity=str(n))
    rule = draft(conditions="n < 9 and n >= 0", max_executions_per_day=2)
    report = backtest(rules, rule, examples=3)
    assert [(e["entity"], e["verdict"], e.get("reason")) for e in report["examples"]] == [
        ("0", "fires", None),
        ("1", "fires", None),
        ("2", "suppressed", "limit_reached"),
    ]
    assert report["examples"][2]["limit"] == {"max": 2, "per": "day"}
    assert [t["condition"] for t in report["examples"][0]["trace"]] == ["n < 9", "n >= 0"]
    assert len(report["near_misses"]["examples"]) == 3
    bare = backtest(rules, rule, examples=0)
    assert (bare["examples"], bare["near_misses"]["examples"]) == ([], [])
    assert bare["would_fire"] == 2


def test_each_day_of_the_window_has_a_line(rules, freeze_clock):
    freeze_clock(START)
    rules.rule(NOTE, trigger="thing")
    for day in (0, 0, 1, 3):
        freeze_clock(START + timedelta(days=day))
        rules.emit("thing", {"n": day})
    report = backtest(rules, draft(conditions="n < 3"), window="4 days")
    assert [tuple(day.values()) for day in report["days"]] == [
        (day, seen, None, matched, matched)
        for day, seen, matched in (
            ("2030-03-04", 0, 0),
            ("2030-03-05", 2, 2),
            ("2030-03-06", 1, 1),
            ("2030-03-07", 0, 0),
            ("2030-03-08", 1, 0),
        )
    ]
    assert report["window"] == {
        "from": "2030-03-04T12:00:00.000+00:00",
        "to": "2030-03-08T12:00:00.000+00:00",
    }


def test_the_window_ends_where_one_says(rules, freeze_clock):
    freeze_clock(START)
    rules.rule(NOTE, trigger="thing")
    for hour in range(5):
        freeze_clock(START + timedelta(hours=hour))
        rules.emit("thing")
    until = START + timedelta(hours=3)
    assert backtest(rules, draft(), until=until, window="2 hours")["events_seen"] == 2
    assert backtest(rules, draft(), until=until)["events_seen"] == 4
    assert backtest(rules, draft(), until=START - timedelta(days=1))["events_seen"] == 0


def test_a_rule_is_tried_as_it_would_be(rules):
    rule = rules.rule(NOTE, trigger="thing", conditions="n > 5")
    for n in range(10):
        rules.emit("thing", {"n": n})
    rules.work()
    rules.call("update_rule", rule, {"conditions": "n > 7"})
    assert backtest(rules, rule)["would_fire"] == 2
    assert backtest(rules, rule, changes={"conditions": "n > 2"})["would_fire"] == 7
    assert backtest(rules, rule, changes={"conditions": None, "max_executions_per_day": 3})[
        "suppressed"
    ] == {"limit_reached": 7}
    assert rules.row(rule)["conditions"] == {"op": "gt", "field": "n", "value": 7}


def test_what_somebody_ran_by_hand_counts(rules):
    rule = rules.rule(ENTITY, trigger={"type": "manual"}, max_executions_per_day=1)
    for _ in range(2):
        rules.call("run_rule", rule, {}, "a")
    report = backtest(rules, rule)
    assert what_would(report) == what_happened(rules, rule) == (1, {"limit_reached": 1})
    assert any(text.startswith("No events start this rule") for text in report["assumptions"])


def test_runs_take_as_long_as_they_did(rules, freeze_clock):
    freeze_clock(START)
    rule = rules.rule(SLOW, trigger="thing", recheck_before_action=False)
    live(rules, freeze_clock, some_script(2, 30))
    report = backtest(rules, rule)
    assert report["run_duration"]["source"] == "median"
    assert report["run_duration"]["seconds"] == 300
    assert what_would(report)[1] == what_happened(rules, rule)[1]
    assert "Each run takes 300 seconds, the median of its last" in " ".join(report["assumptions"])
    assert backtest(rules, rule, run_duration=timedelta(0))["suppressed"] == {}
    assert backtest(rules, draft())["run_duration"] == {
        "runs": 0,
        "seconds": 0,
        "source": "unknown",
    }


def test_the_bound_things_and_the_heard_names(rules):
    rules.rule(NOTE, trigger="thing")
    for name, entity in (("thing", "a"), ("thing", "b"), ("thing.created", "a"), ("things", "a")):
        rules.emit(name, entity=entity)
    assert backtest(rules, draft())["events_seen"] == 3
    bound = draft(trigger={"event": "thing", "entity": ["a"]})
    assert backtest(rules, bound)["events_seen"] == 2


def test_a_condition_set_is_the_present_one(rules):
    rules.call("save_condition_set", "big", {"field": "n", "op": "gt", "value": 5})
    rules.rule(NOTE, trigger="thing")
    for n in range(10):
        rules.emit("thing", {"n": n})
    report = backtest(rules, draft(conditions={"ref": "big"}))
    assert (report["would_fire"], report["current_state_used"]) == (
        4,
        ["actions", "timezone", "condition_sets"],
    )


# ---- what it must not do


def busy(rules: Rules) -> Any:
    rule = rules.rule(
        ENTITY,
        trigger="thing",
        cooldown="PT1H",
        limits=[{"max": 3, "per": "day", "on_hit": "defer"}],
        conditions="n > 2 and n < 9",
    )
    for n in range(10):
        rules.emit("thing", {"n": n}, entity=str(n % 3))
    rules.work()
    return rule


def test_nothing_is_written(rules, database):
    rule = busy(rules)
    before = fingerprint(rules.admin)
    # a session of its own, because statistics of earlier transactions may not be gone yet
    reader = database.connect("app_backend", org=rules.org)
    with reader.transaction():
        # the server itself refuses whatever would write
        reader.execute("set transaction read only")
        report = backtest(rules, rule, connection=reader)
        written, xid = reader.execute(
            "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0), "
            "pg_current_xact_id_if_assigned() from pg_stat_xact_all_tables"
        ).fetchone()
    assert (written, xid) == (0, None)
    assert report["would_fire"] > 0
    assert differences(before, fingerprint(rules.admin)) == []


def test_the_same_question_has_the_same_answer(rules, database):
    """To the byte, whatever the session's settings are."""
    rule = busy(rules)
    until = one(rules.admin, "select clock_timestamp() as now")["now"]
    answers = set()
    for settings in (
        "",
        "set timezone = 'Asia/Tokyo'; set datestyle = 'German'; "
        "set intervalstyle = 'iso_8601'; set jit = on; set work_mem = '64kB'",
    ):
        other = database.connect("app_backend", org=rules.org)
        other.execute(settings or "select 1")
        for _ in range(2):
            answers.add(
                other.execute(
                    "select automation.backtest_rule(%s, p_until => %s)::text", [rule, until]
                ).fetchone()[0]
            )
    assert len(answers) == 1


NONSENSE = [
    ({"window": None}, "MA001"),
    ({"window": "-1 day"}, "MA001"),
    ({"window": "0"}, "MA001"),
    ({"window": "367 days"}, "MA001"),
    ({"window": "1 month -30 days"}, "MA001"),
    ({"window": "100000000 years"}, "MA001"),
    ({"until": "infinity"}, "MA001"),
    ({"until": "-infinity"}, "MA001"),
    ({"until": "1999-01-01"}, "MA001"),
    ({"until": "2999-01-01"}, "MA001"),
    ({"examples": None}, "MA001"),
    ({"examples": -1}, "MA001"),
    ({"examples": 501}, "MA001"),
    ({"run_duration": "-1 s"}, "MA001"),
    ({"run_duration": "3 years"}, "MA001"),
    ({"changes": None}, "MA001"),
    ({"changes": []}, "MA001"),
    ({"changes": {"conditions": "n >"}}, "MA200"),
    ({"changes": {"actions": []}}, "MA200"),
    ({"changes": {"cooldowns": "PT1H"}}, "MA200"),
    ({"changes": {"description": "x" * 300_000}}, "MA003"),
]


def test_nonsense_is_refused(rules):
    rule = rules.draft(ENTITY, trigger="thing")
    for arguments, state in NONSENSE:
        with refused(state) as caught:
            backtest(rules, rule, **arguments)
        assert caught.value.diag.message_hint or caught.value.diag.message_detail
        if "changes" not in arguments:
            with refused(state):
                backtest(rules, draft(), **arguments)
    unknown_action = {"name": "x", "trigger": "thing", "actions": [{"action": "nothing"}]}
    for document, state in (
        (None, "MA001"),
        (Jsonb([]), "MA200"),
        (Jsonb("thing"), "MA200"),
        (Jsonb({}), "MA200"),
        (Jsonb(unknown_action), "MA200"),
    ):
        with refused(state):
            rules.client.execute("select automation.backtest_draft(%s)", [document])


def test_each_organisation_has_its_own_past(rules, orgs):
    rule = busy(rules)
    theirs = Rules(rules.engine, orgs.b)
    with refused("MA002"):
        backtest(theirs, rule)
    with refused("MA002"):
        backtest(rules, "00000000-0000-4000-8000-000000000000")
    with refused("MA002"):
        rules.client.execute("select automation.backtest_rule(null)")
    assert backtest(theirs, draft())["events_seen"] == 0
    assert backtest(rules, draft())["events_seen"] == 10


def test_no_more_than_a_million_events(rules):
    rules.admin.execute(
        "insert into automation.automation_events "
        "(org_id, batch_id, event, source, occurred_at, recorded_at) "
        "select %s, 1, 'thing', 'emitted', now(), now() from generate_series(1, 1000001)",
        [rules.org],
    )
    with refused("MA003") as caught:
        backtest(rules, draft())
    assert "shorter window" in caught.value.diag.message_hint


def test_a_few_events_in_a_long_past_are_found_by_their_time(rules):
    """The window is found without reading what lies before and behind it."""
    rules.admin.execute(
        "insert into automation.automation_events "
        "(org_id, batch_id, event, source, occurred_at, recorded_at) "
        "select %s, 1, 'thing', 'emitted', t, t "
        "from generate_series(now() - interval '300 days', now(), interval '1 hour') as t",
        [rules.org],
    )
    for days in (0, 1, 9, 299, 400):
        until = datetime.now(UTC) - timedelta(days=days)
        seen = backtest(rules, draft(), window="2 hours", until=until)["events_seen"]
        expected = one(
            rules.admin,
            "select count(*) as n from automation.automation_events "
            "where recorded_at > %s and recorded_at <= %s",
            until - timedelta(hours=2),
            until,
        )["n"]
        assert seen == expected == (0 if days == 400 else 2 if days < 299 else seen)


def test_what_would_wait_for_ever_is_refused(rules):
    """Each minute all would be let in again, and all but one turned away."""
    rules.admin.execute(
        "insert into automation.automation_events "
        "(org_id, batch_id, event, source, occurred_at, recorded_at) "
        "select %s, 1, 'thing', 'emitted', t, t "
        "from (select now() - interval '2 days' as t) as x, generate_series(1, 2000)",
        [rules.org],
    )
    limits = [{"max": 1, "per": "minute", "on_hit": "defer"}]
    with refused("MA003"):
        backtest(rules, draft(limits=limits))


def test_a_threshold_is_stepped_the_same_way(db):
    """The step that backtests use and the one that is stored."""
    config = {
        "kind": "level",
        "direction": "above",
        "fire_at": 5,
        "clear_at": 3,
        "for": 3,
        "recovery_for": 4,
        "repeat_every": 6,
        "on_no_data": "hold",
        "first": "arm_only",
    }
    dice = random.Random(5)
    state: dict | None = None
    for n in range(200):
        sample = {"value": dice.choice([1, 2, 4, 6, 7, None, "x"]), "at": n, "seq": n}
        both = db.execute(
            "select automation.threshold_step(%(state)s, %(sample)s, %(config)s), "
            "automation_private.write_threshold_state(automation_private.step_state("
            "automation_private.read_threshold_state(%(state)s), %(sample)s, %(config)s))",
            {
                "state": Jsonb(state) if state else None,
                "sample": Jsonb(sample),
                "config": Jsonb(config),
            },
        ).fetchone()
        assert both[0] == both[1]
        state = both[0]
