"""The gate: what fires has to pass its cooldown, limits and mode, or waits for its time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.engine import act, failed
from tests.rules import Rules, column, install, mistakes, one, refused, rows

ENTITY = {"action": "note", "config": {"note": "{{trigger.entity}}"}}
# an external action: the run goes on until a worker has answered
WORK = {"action": "work", "config": {}}


@pytest.fixture
def rules(engine):
    return install(engine)


@pytest.fixture
def start(freeze_clock):
    """Time stands still at a quiet moment."""
    return freeze_clock(datetime(2030, 3, 5, 12, 0, tzinfo=UTC))


def emit(rules: Rules, *entities: str, **new: Any) -> None:
    """Something happens to each of these, one after the other."""
    for entity in entities:
        rules.emit("thing", {"entity": entity} | new, entity=entity)


def rule(rules: Rules, *actions: dict, **settings: Any) -> Any:
    return rules.rule(*(actions or (ENTITY,)), trigger="thing", **settings)


def reasons(rules: Rules, rule: Any) -> list[str | None]:
    """Status or, where there is one, the reason of everything in a rule's history."""
    return [x["reason"] or x["status"] for x in rules.history(rule)]


def held(rules: Rules, rule: Any) -> list[dict]:
    """What did not become a run."""
    return [x for x in rules.history(rule) if x["instance_id"] is None]


def when(instant: str) -> datetime:
    return datetime.fromisoformat(instant)


def running(rules: Rules, rule: Any) -> int:
    return one(
        rules.admin,
        "select count(*) as n from automation.workflow_instances "
        "where rule_id = %s and completed_at is null",
        rule,
    )["n"]


def tick(rules: Rules) -> None:
    while rules.engine.tick():
        pass


# ---- cooldown


def test_a_cooldown_lets_one_thing_fire_once_in_a_while(rules, start, move_clock):
    crisis = rule(rules, cooldown="PT30M")
    emit(rules, "a", "a", "b")
    assert rules.news() == ["a", "b"]
    move_clock("29 minutes 59 seconds")
    emit(rules, "a")
    assert rules.news() == []
    move_clock("1 second")
    emit(rules, "a")
    assert rules.news() == ["a"]
    assert sorted(reasons(rules, crisis)) == ["cooldown"] * 2 + ["success"] * 3
    assert when(held(rules, crisis)[0]["execution_log"]["until"]) == datetime(
        2030, 3, 5, 12, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("given", [{"throttle": "PT30M"}, {"cooldown_minutes": 30}])
def test_a_cooldown_has_other_names(rules, given):
    crisis = rule(rules, **given)
    assert rules.call("export_rule", crisis)["cooldown"] in ("PT30M", "PT1800S")
    assert rules.row(crisis)["cooldown_minutes"] == 30


def test_a_cooldown_of_days_is_calendar_time(rules, freeze_clock, move_clock):
    """The night of 31 March 2030 is an hour shorter in Berlin."""
    rules.admin.execute(
        "update automation_private.org_settings set timezone = 'Europe/Berlin' where org_id = %s",
        [rules.org],
    )
    freeze_clock(datetime(2030, 3, 30, 11, 0, tzinfo=UTC))
    rule(rules, cooldown="P1D")
    emit(rules, "a")
    assert rules.news() == ["a"]
    move_clock("22 hours 59 minutes")
    emit(rules, "a")
    assert rules.news() == []
    move_clock("1 minute")
    emit(rules, "a")
    assert rules.news() == ["a"]


# ---- limits


def test_no_more_than_the_limit_a_day_in_the_organisations_day(rules, freeze_clock, move_clock):
    """Bahrain's midnight is 21:00 UTC."""
    rules.admin.execute(
        "update automation_private.org_settings set timezone = 'Asia/Bahrain' where org_id = %s",
        [rules.org],
    )
    freeze_clock(datetime(2030, 3, 5, 20, 0, tzinfo=UTC))
    limited = rule(rules, max_executions_per_day=2)
    emit(rules, "a", "b", "c")
    assert rules.news() == ["a", "b"]
    [skipped] = held(rules, limited)
    assert (skipped["status"], skipped["reason"]) == ("skipped", "limit_reached")
    assert when(skipped["execution_log"]["reset_at"]) == datetime(2030, 3, 5, 21, 0, tzinfo=UTC)
    move_clock("1 hour")
    emit(rules, "c", "d", "e")
    assert rules.news() == ["c", "d"]
    assert rules.row(limited)["max_executions_per_day"] == 2


@pytest.mark.parametrize(
    ("day", "hours"), [((2030, 3, 31), 23), ((2030, 10, 27), 25)], ids=["short", "long"]
)
def test_a_day_is_as_long_as_it_is(rules, freeze_clock, move_clock, day, hours):
    zone = {"timezone": "Europe/Berlin"}
    offset = 1 if hours == 23 else 2
    freeze_clock(datetime(*day, tzinfo=UTC).replace(hour=0))
    move_clock(f"-{offset} hours")
    rule(rules, limits=[{"max": 1, "per": "day"} | zone])
    emit(rules, "a")
    assert rules.news() == ["a"]
    move_clock(f"{hours} hours -1 second")
    emit(rules, "b")
    assert rules.news() == []
    move_clock("1 second")
    emit(rules, "c")
    assert rules.news() == ["c"]


def test_a_rolling_window_moves_on(rules, start, move_clock):
    limited = rule(rules, limit={"max": 2, "per": "rolling PT1H"})
    emit(rules, "a")
    assert rules.news() == ["a"]
    move_clock("40 minutes")
    emit(rules, "b", "c")
    assert rules.news() == ["b"]
    [skipped] = held(rules, limited)
    assert when(skipped["execution_log"]["reset_at"]) == datetime(2030, 3, 5, 13, 0, tzinfo=UTC)
    move_clock("20 minutes")
    emit(rules, "d", "e")
    assert rules.news() == ["d"]


def test_nothing_is_unlimited_and_zero_is_never(rules):
    rule(rules, max_executions_per_day=None)
    never = rule(rules, max_executions_per_day=0)
    emit(rules, "a", "b")
    assert rules.news() == ["a", "b"]
    assert reasons(rules, never) == ["limit_reached"] * 2


def test_limits_count_a_rule_a_subject_or_the_organisation(rules, start):
    per_subject = rule(rules, limits=[{"max": 1, "per": "day", "scope": "subject"}])
    of_all = [
        rule(rules, limits=[{"max": 3, "per": "day", "scope": "org"}], priority=p) for p in (2, 1)
    ]
    emit(rules, "a", "a", "b")
    rules.work()
    assert reasons(rules, per_subject).count("success") == 2
    assert sorted(reasons(rules, of_all[0]) + reasons(rules, of_all[1])) == (
        ["limit_reached"] * 3 + ["success"] * 3
    )


def test_a_limit_may_count_by_anything(rules, start):
    """At most one message a day for each contact, over all rules."""
    cap = {"max": 1, "per": "day", "scope": "org", "key": "{{trigger.contact}}"}
    first, second = (rule(rules, limits=[cap]) for _ in "12")
    emit(rules, "a", contact="ann")
    emit(rules, "b", contact="bob")
    rules.work()
    fired = reasons(rules, first) + reasons(rules, second)
    assert sorted(fired) == ["limit_reached"] * 2 + ["success"] * 2


def test_what_is_deferred_runs_when_the_limit_has_room(rules, start, move_clock):
    limited = rule(rules, limits=[{"max": 1, "per": "day", "on_hit": "defer"}])
    emit(rules, "a", "b", "c")
    assert rules.news() == ["a"]
    explained = rules.explain(limited, rules.events()[1])
    assert [explained[0]["reason"], explained[-1]["reason"]] == ["fires", "waits_deferred"]
    move_clock("12 hours")
    assert rules.news() == ["b"]
    move_clock("1 day")
    assert rules.news() == ["c"]
    assert reasons(rules, limited) == ["success"] * 3


def test_what_is_deferred_for_too_long_is_given_up(rules, start, move_clock):
    limited = rule(rules, limits=[{"max": 1, "per": "day", "on_hit": "defer"}])
    emit(rules, *"abcdef")
    for _ in range(5):
        rules.work()
        move_clock("1 day")
    rules.work()
    assert rules.notes() == ["a", "b", "c", "d"]
    assert sorted(reasons(rules, limited)) == ["expired"] * 2 + ["success"] * 4


def test_a_limit_may_make_firings_fail(rules):
    limited = rule(rules, limits=[{"max": 1, "per": "day", "on_hit": "fail"}])
    emit(rules, "a", "b")
    rules.work()
    assert sorted(x["status"] for x in rules.history(limited)) == ["failed", "success"]


def test_a_failed_run_gives_its_slot_back_if_successes_are_counted(rules, start):
    limited = rule(rules, WORK, limits=[{"max": 1, "per": "day", "count_on": "success"}])
    emit(rules, "a", "b")
    rules.work({"action_1": failed()})
    emit(rules, "c", "d")
    rules.work()
    assert sorted(reasons(rules, limited)) == ["boom", "limit_reached", "limit_reached", "success"]


def test_the_owner_is_told_once_per_window(rules, orgs, start, move_clock):
    listener = rules.rule(
        {"action": "note", "config": {"note": "{{trigger.rule_name}}: {{trigger.message}}"}},
        trigger="rule.limit_reached",
    )
    limited = rule(rules, max_executions_per_day=1, name="crowded")
    emit(rules, "a", "b", "c")
    rules.work()
    move_clock("1 day")
    emit(rules, "d", "e")
    rules.work()
    told = rows(
        rules.client, "select * from automation.automation_notifications order by created_at"
    )
    assert [(n["kind"], n["rule_id"]) for n in told] == [("limit_reached", limited)] * 2
    assert when(told[0]["details"]["reset_at"]) == datetime(2030, 3, 6, tzinfo=UTC)
    assert [n for n in rules.notes() if n.startswith("crowded")] == [
        "crowded: a limit of 1 per day is reached"
    ] * 2
    assert len(rules.history(listener)) == 2


def test_a_limit_is_never_exceeded_by_dispatchers_and_people_at_once(rules, database):
    """Sixteen sessions: engines that dispatch and people who run the rule by hand."""
    limited = rule(rules, max_executions_per_day=100)
    for batch in range(10):
        rules.client.execute(
            "select automation.emit_events(%s)",
            [Jsonb([{"event": "thing", "new": {}, "entity": f"{batch} {n}"} for n in range(20)])],
        )
    gate = threading.Barrier(16)

    def run(session: int) -> None:
        if session % 2:
            connection = database.connect("worker")
            gate.wait()
            for _ in range(10):
                connection.execute("select automation.tick()")
        else:
            connection = database.connect("app_backend", org=rules.org)
            gate.wait()
            for n in range(10):
                connection.execute(
                    "select automation.run_rule(%s, '{}', %s)", [limited, f"by hand {session} {n}"]
                )
        connection.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(run, range(16)))
    rules.work()
    assert len(rules.notes()) == 100
    suppressed = one(
        rules.admin,
        "select sum(occurrences) as n from automation.automation_executions "
        "where rule_id = %s and reason = 'limit_reached'",
        limited,
    )["n"]
    assert suppressed == 200 + 80 - 100
    assert rules.engine.invariants() == []


# ---- modes


def test_a_thing_has_one_run_at_a_time(rules):
    single = rule(rules, WORK)
    emit(rules, "a", "b", "a")
    tick(rules)
    assert running(rules, single) == 2
    rules.work()
    emit(rules, "a")
    rules.work()
    assert sorted(reasons(rules, single)) == ["dropped_mode"] + ["success"] * 3


def test_what_is_about_nothing_in_particular_is_in_nobodys_way(rules):
    single = rule(rules, WORK)
    for _ in range(3):
        rules.emit("thing")
    tick(rules)
    assert running(rules, single) == 3


def test_the_key_of_a_mode_may_be_anything(rules):
    single = rule(rules, WORK, mode_key="campaign")
    emit(rules, "a", "b", campaign=1)
    emit(rules, "c", campaign=2)
    tick(rules)
    assert running(rules, single) == 2


def test_a_restart_ends_the_run_before(rules, start, move_clock):
    """A reminder an hour after the last event, however many there were."""
    reminder = rule(rules, ENTITY | {"delay": "PT1H"}, mode="restart", recheck_before_action=False)
    emit(rules, "a")
    tick(rules)
    move_clock("59 minutes")
    emit(rules, "a")
    tick(rules)
    move_clock("59 minutes")
    assert rules.news() == []
    move_clock("1 minute")
    assert rules.news() == ["a"]
    assert sorted(reasons(rules, reminder)) == ["restarted", "success"]
    assert rules.engine.invariants() == []


def test_queued_runs_follow_each_other_in_order(rules):
    queued = rule(rules, WORK, mode="queued")
    emit(rules, "a", "a", "a", "b")
    tick(rules)
    assert running(rules, queued) == 2
    order = []
    for _ in range(4):
        rules.engine.tick()
        for message in rules.engine.read(10):
            order.append(message[2]["instance"])
            rules.engine.report((message, {"status": "completed", "output": {}}))
    rules.work()
    events = column(
        rules.admin,
        "select event_id from automation.automation_executions "
        "where rule_id = %s and trigger_data ->> 'entity' = 'a' order by started_at, execution_id",
        queued,
    )
    assert events == sorted(events)
    assert len(events) == 3
    assert reasons(rules, queued) == ["success"] * 4


def test_a_queue_has_an_end(rules):
    queued = rule(rules, WORK, mode="queued", max_runs=2)
    emit(rules, "a", "a", "a")
    tick(rules)
    assert reasons(rules, queued) == ["queue_full"]
    rules.work()
    assert sorted(reasons(rules, queued)) == ["queue_full", "success", "success"]


def test_a_queued_firing_is_asked_again_whether_it_still_holds(rules):
    queued = rules.rule(WORK, conditions="score < -0.5", mode="queued")
    rules.add(1, score=-0.8)
    rules.set(1, score=0)
    rules.set(1, score=-0.9)
    rules.set(1, score=0.3)
    rules.work()
    assert sorted(reasons(rules, queued)) == ["exited_condition", "success"]


def test_a_queue_moves_on_after_a_failure_and_when_its_rule_has_changed_its_mode(
    rules, start, move_clock
):
    queued = rule(rules, WORK, mode="parallel")
    emit(rules, "a")
    tick(rules)
    rules.call("update_rule", queued, {"mode": "queued"})
    emit(rules, "a", "a")
    rules.work({"action_1": failed()})
    assert running(rules, queued) == 0
    move_clock("5 minutes")
    rules.work()
    assert len(rules.history(queued)) == 3


def test_so_many_runs_at_once_and_no_more(rules):
    parallel = rule(rules, WORK, mode="parallel", max_runs=2)
    emit(rules, "a", "a", "a")
    tick(rules)
    assert running(rules, parallel) == 2
    assert reasons(rules, parallel) == ["dropped_mode"]


def test_a_drop_uses_no_slot_of_a_limit(rules):
    single = rule(rules, WORK, max_executions_per_day=2)
    emit(rules, "a", "a", "b")
    rules.work()
    assert sorted(reasons(rules, single)) == ["dropped_mode", "success", "success"]


# ---- debounce and batch


def test_a_debounce_fires_after_the_last_event_with_its_values(rules, start, move_clock):
    rule(
        rules,
        {"action": "note", "config": {"note": "{{trigger.n}} of {{trigger.gathered.count}}"}},
        debounce="PT5M",
    )
    for n in range(3):
        emit(rules, "a", n=n)
        assert rules.news() == []
        move_clock("4 minutes")
    move_clock("1 minute")
    assert rules.news() == ["2 of 3"]


def test_a_debounce_waits_no_longer_than_it_may(rules, start, move_clock):
    rule(rules, debounce={"for": "PT5M", "max_wait": "PT10M"})
    for _ in range(3):
        emit(rules, "a")
        assert rules.news() == []
        move_clock("4 minutes")
    assert rules.news() == ["a"]


def test_a_batch_fires_when_it_is_full_or_its_time_is_up(rules, start, move_clock):
    rule(
        rules,
        {"action": "note", "config": {"note": "{{trigger.gathered.events | json}}"}},
        {"action": "note", "config": {"note": "{{trigger.gathered.count}}"}},
        batch={"size": 3, "within": "PT10M"},
        mode_key="group",
    )
    for entity in "abcd":
        emit(rules, entity, group=1)
    noted = rules.news()
    assert noted[1] == "3"
    assert [f'"entity": "{entity}"' in noted[0] for entity in "abcd"] == [True, True, True, False]
    move_clock("9 minutes")
    emit(rules, "e", group=1)
    assert rules.news() == []
    move_clock("1 minute")
    assert rules.news()[1] == "2"


def test_a_paused_rule_lets_nothing_go_on_that_waits(rules, start, move_clock):
    debounced = rule(rules, debounce="PT5M")
    emit(rules, "a")
    rules.work()
    rules.call("pause_rule", debounced)
    move_clock("5 minutes")
    assert rules.news() == []
    assert reasons(rules, debounced) == ["not_active"]


# ---- by hand, and for some things only


def test_a_rule_is_run_by_hand(rules):
    by_hand = rules.rule(
        {"action": "note", "config": {"note": "{{trigger.entity}} {{trigger.score}}"}},
        trigger={"type": "manual"},
        conditions="score < 0",
    )
    started = rules.call("run_rule", by_hand, {"score": -1}, "a")
    assert started["outcome"] == "started"
    assert rules.notes() == ["a -1"]
    assert rules.call("run_rule", by_hand, {"score": 1}, "a") == {
        "outcome": "skipped",
        "reason": "no_match",
        "event_id": rules.events()[-1],
    }
    instance = one(
        rules.client,
        "select * from automation.workflow_instances where instance_id = %s",
        started["instance_id"],
    )
    assert instance["trigger_type"] == "manual"
    assert rules.history(by_hand)[0]["trigger_source"] == "manual"


def test_a_run_by_hand_counts_like_any_other(rules):
    limited = rules.rule(ENTITY, max_executions_per_day=1)
    rules.call("run_rule", limited, {}, "a")
    again = rules.call("run_rule", limited, {}, "b")
    assert (again["outcome"], again["reason"]) == ("skipped", "limit_reached")


def test_only_an_active_rule_of_ones_own_is_run_by_hand(rules, orgs):
    draft = rules.draft(ENTITY)
    with refused("MA101"):
        rules.call("run_rule", draft, {}, "a")
    with refused("MA002"):
        Rules(rules.engine, orgs.b).call("run_rule", rules.rule(ENTITY), {}, "a")
    with refused("MA001"):
        rules.call("run_rule", rules.rule(ENTITY), [1], "a")


@pytest.mark.parametrize("entity", ["a", ["a", "c"]])
def test_a_rule_may_be_about_some_things_only(rules, entity):
    bound = rules.rule(ENTITY, trigger={"event": "thing", "entity": entity})
    emit(rules, *"abc")
    assert rules.news() == [x for x in "abc" if x in entity]
    assert rules.verdict(bound, rules.events()[1]) == "other_entity"


def test_an_event_of_a_rules_own_cannot_be_emitted(rules):
    by_hand = rules.rule(ENTITY, trigger={"type": "manual"})
    with refused("MA001"):
        rules.emit(f"manual.r{by_hand.hex}")


# ---- circuit breaker


def breaker(rules: Rules, bad: Any) -> Any:
    """A rule whose action fails for some things."""
    return rule(rules, {"action": "write", "config": {"do": bad}})


BAD = "do $$ begin if '{{trigger.entity}}' like 'bad%' then raise 'no'; end if; end $$"


def test_a_rule_that_fails_ten_times_in_a_row_is_paused_and_tried_again(rules, start, move_clock):
    broken = breaker(rules, BAD)
    emit(rules, *(f"bad {n}" for n in range(9)), "good")
    rules.work()
    move_clock("1 second")
    emit(rules, *(f"bad {n}" for n in range(9)))
    rules.work()
    move_clock("5 seconds")
    rules.work()
    assert rules.row(broken)["status"] == "active"
    move_clock("2 hours")
    emit(rules, "bad")
    rules.work()
    move_clock("5 seconds")
    rules.work()
    row = rules.row(broken)
    assert row["status"] == "paused"
    assert "10 runs in a row have failed" in row["status_reason"]

    emit(rules, "good 1")
    rules.work()
    assert reasons(rules, broken)[-1] == "circuit_open"
    move_clock("15 minutes")
    emit(rules, "bad again", "good 2")
    rules.work()
    assert reasons(rules, broken)[-1] == "circuit_open"
    move_clock("30 minutes")
    emit(rules, "good 3")
    rules.work()
    emit(rules, "good 4")
    rules.work()
    assert reasons(rules, broken)[-2:] == ["success", "success"]
    move_clock("5 seconds")
    rules.work()
    assert rules.row(broken)["status"] == "active"
    told = column(rules.admin, "select kind from automation.automation_notifications")
    assert told == ["paused"]


def test_a_rule_of_which_half_fails_is_paused_from_twenty_runs_on(rules, start, move_clock):
    broken = breaker(rules, BAD)
    for n in range(9):
        emit(rules, f"bad {n}", f"good {n}")
    emit(rules, "bad", "good")
    rules.work()
    move_clock("5 seconds")
    rules.work()
    assert "10 of 20 runs within an hour have failed" in rules.row(broken)["status_reason"]


def test_old_failures_are_forgotten(rules, start, move_clock):
    broken = breaker(rules, BAD)
    for n in range(9):
        emit(rules, f"bad {n}", f"good {n}")
    rules.work()
    move_clock("2 hours")
    emit(rules, "bad", "good")
    rules.work()
    move_clock("5 seconds")
    rules.work()
    assert rules.row(broken)["status"] == "active"


def test_a_person_ends_the_trials(rules, start, move_clock):
    broken = breaker(rules, BAD)
    emit(rules, *(f"bad {n}" for n in range(10)))
    rules.work()
    move_clock("5 seconds")
    rules.work()
    rules.call("pause_rule", broken, "enough")
    assert rules.row(broken)["status_reason"] == "enough"
    move_clock("1 hour")
    emit(rules, "good")
    rules.work()
    assert "success" not in reasons(rules, broken)
    rules.call("activate_rule", broken)
    emit(rules, "good")
    rules.work()
    assert reasons(rules, broken)[-1] == "success"


# ---- what is refused


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"mode": "twice"}, ["/mode unknown_mode"]),
        ({"max_runs": 3}, ["/max_runs contradiction"]),
        ({"mode": "queued", "max_runs": 0}, ["/max_runs out_of_range"]),
        ({"max_executions_per_day": -1}, ["/max_executions_per_day out_of_range"]),
        ({"max_executions_per_day": 1.5}, ["/max_executions_per_day out_of_range"]),
        ({"max_executions_per_day": "ten"}, ["/max_executions_per_day wrong_type"]),
        ({"cooldown": "soon"}, ["/cooldown invalid_duration"]),
        ({"cooldown": "PT0S"}, ["/cooldown out_of_range"]),
        ({"cooldown_minutes": -3}, ["/cooldown_minutes unknown_key"]),
        ({"limits": []}, ["/limits out_of_range"]),
        ({"limits": [{"max": 1}]}, ["/limits/0 missing_key"]),
        ({"limits": [{"max": 1, "per": "fortnight"}]}, ["/limits/0/per unknown_mode"]),
        ({"limits": [{"max": 1, "per": "rolling 0s"}]}, ["/limits/0/per invalid_duration"]),
        ({"limits": [{"max": 5000, "per": "rolling 1h"}]}, ["/limits/0/max out_of_range"]),
        (
            {"limits": [{"max": 1, "per": "day", "timezone": "CET+9"}]},
            ["/limits/0/timezone unknown_timezone"],
        ),
        ({"limits": [{"max": 1, "per": "day"}] * 2}, ["/limits/1 conflicting_keys"]),
        ({"limits": ["daily"]}, ["/limits/0 wrong_type"]),
        ({"debounce": "PT1M", "batch": {"size": 2, "within": "PT1M"}}, ["conflicting_keys"]),
        ({"debounce": {}}, ["/debounce missing_key"]),
        ({"batch": {"size": 1000, "within": "PT1M"}}, ["/batch/size out_of_range"]),
        ({"mode_key": "{{trigger.x"}, ["/mode_key template_syntax"]),
        ({"trigger": {"event": "thing", "entity": []}}, ["/trigger/entity wrong_type"]),
        ({"trigger": {"event": "thing", "enrol": {}}}, ["/trigger unknown_key"]),
    ],
    ids=str,
)
def test_nonsense_is_refused_with_its_place(rules, settings, expected):
    with refused("MA200") as caught:
        rules.draft(ENTITY, **{"trigger": "thing"} | settings)
    assert list(mistakes(caught.value)) == expected


# ---- templates


def enrolling(rules: Rules, *steps: dict, **trigger: Any) -> Any:
    return rules.template(
        *(steps or (act("s1", action="work"),)), trigger={"event": "joined"} | trigger
    )


def join(rules: Rules, who: str) -> None:
    rules.emit("joined", {"name": who}, entity=who)


def started(rules: Rules, template: Any) -> list[str]:
    return column(
        rules.admin,
        "select trigger_data ->> 'entity' from automation.workflow_instances "
        "where template_id = %s order by created_at, instance_id",
        template,
    )


def ends(rules: Rules, template: Any) -> list[str]:
    return column(
        rules.admin,
        "select coalesce(reason, status) from automation.automation_executions "
        "where template_id = %s order by created_at, execution_id",
        template,
    )


def test_each_event_starts_a_template_unless_it_says_otherwise(rules):
    template = enrolling(rules)
    join(rules, "ann")
    join(rules, "ann")
    tick(rules)
    assert started(rules, template) == ["ann", "ann"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"reenrol": "never"}, ["already_enrolled", "not_reenrolled", "not_reenrolled"]),
        ({"reenrol": "after_exit"}, ["already_enrolled"]),
        ({"reenrol": "after_gap", "gap": "PT1H"}, ["already_enrolled", "not_reenrolled"]),
        ({"reenrol": "per_event_key"}, []),
        ({"reenrol": "restart"}, ["restarted"]),
        ({"key": "{{trigger.name}}"}, ["already_enrolled"]),
    ],
    ids=str,
)
def test_who_is_let_in_again(rules, start, move_clock, policy, expected):
    template = enrolling(rules, enrol=policy)
    join(rules, "ann")
    join(rules, "bob")
    tick(rules)
    join(rules, "ann")
    tick(rules)
    rules.work()
    join(rules, "ann")
    rules.work()
    move_clock("1 hour")
    join(rules, "ann")
    rules.work()
    found = ends(rules, template)
    assert [x for x in found if x != "success"] == expected
    assert rules.engine.invariants() == []


@pytest.mark.parametrize(
    ("departure", "status", "reason"),
    [("goal", "completed", "goal"), ("exit", "cancelled", "exit_criteria")],
)
def test_a_goal_or_exit_ends_those_who_wait_at_once(rules, start, departure, status, reason):
    template = enrolling(
        rules,
        {"id": "s1", "type": "delay", "for": "P3D"},
        **{departure: {"event": "bought", "condition": "total > 10"}},
    )
    for who in ("ann", "bob"):
        join(rules, who)
    rules.emit("bought", {"total": 5}, entity="ann")
    rules.work()
    rules.emit("bought", {"total": 50}, entity="ann")
    rules.work()
    ended = rows(
        rules.admin,
        "select trigger_data ->> 'entity' as who, status, stop_reason "
        "from automation.workflow_instances where template_id = %s order by 1",
        template,
    )
    assert ended == [
        {"who": "ann", "status": status, "stop_reason": reason},
        {"who": "bob", "status": "running", "stop_reason": None},
    ]
    assert rules.engine.invariants() == []


def test_who_is_removed_by_hand_stays_out_until_let_in_by_hand(rules, start):
    template = enrolling(rules, enrol={"reenrol": "after_exit"})
    join(rules, "ann")
    tick(rules)
    assert rules.call("unenrol", template, "ann") is True
    tick(rules)
    join(rules, "ann")
    rules.work()
    assert sorted(ends(rules, template)) == ["removed", "removed"]
    assert rules.call("enrol", template, "ann", {"name": "ann"})["outcome"] == "started"
    assert rules.call("enrol", template, "ann")["outcome"] == "already_enrolled"
    rules.work()
    join(rules, "ann")
    rules.work()
    assert ends(rules, template)[2:] == ["success", "success"]


# ---- thresholds


def test_a_threshold_fires_when_it_is_crossed(rules, start, move_clock):
    milestone = rules.rule(
        {"action": "note", "config": {"note": "{{trigger.entity}} {{trigger.rate}}"}},
        trigger={
            "type": "condition",
            "event": "rate",
            "metric": "rate",
            "operator": ">",
            "threshold": 5,
        },
    )

    def show(*rates):
        for rate in rates:
            rules.emit("rate", {"rate": rate}, entity="post")
            move_clock("1 minute")
        return rules.news()

    assert show(4, 5) == []
    assert show(6, 7) == ["post 6"]
    # at the level itself nothing changes
    assert show(5, 5.5) == []
    assert show(4.9, 5.1) == ["post 5.1"]
    assert rules.row(milestone)["trigger_type"] == "condition"


def test_a_value_that_is_above_from_the_start_only_arms(rules, start):
    rules.rule(ENTITY, trigger={"type": "condition", "event": "rate", "field": "rate", "above": 5})
    rules.emit("rate", {"rate": 9}, entity="post")
    assert rules.news() == []


def test_a_threshold_may_have_to_last(rules, start, move_clock):
    rules.rule(
        ENTITY,
        trigger={
            "type": "condition",
            "event": "rate",
            "field": "rate",
            "above": 5,
            "for": "PT10M",
        },
    )
    rules.emit("rate", {"rate": 1}, entity="post")
    move_clock("1 minute")
    rules.emit("rate", {"rate": 9}, entity="post")
    assert rules.news() == []
    move_clock("9 minutes")
    assert rules.news() == []
    move_clock("1 minute")
    assert rules.news() == ["post"]


def test_followers_reach_each_milestone_once(rules, start, move_clock):
    rules.rule(
        {"action": "note", "config": {"note": "{{trigger.followers}}"}},
        trigger={
            "type": "condition",
            "event": "mention",
            "field": "followers",
            "milestones": [1000, 5000, 10000],
        },
    )
    rules.add(1, followers=900)
    for followers in (1100, 900, 1200, 12000, 4000, 11000):
        move_clock("1 minute")
        rules.set(1, followers=followers)
    assert rules.news() == ["1100", "12000"]


def test_a_threshold_fires_only_where_the_conditions_hold(rules, start, move_clock):
    bound = rules.rule(
        ENTITY,
        trigger={"type": "condition", "event": "rate", "field": "rate", "above": 5},
        conditions="verified",
    )
    for rate, verified in ((1, False), (9, False), (1, True), (9, True)):
        rules.emit("rate", {"rate": rate, "verified": verified}, entity="post")
        move_clock("1 minute")
    assert rules.news() == ["post"]
    assert sorted(reasons(rules, bound)) == ["conditions_not_met", "success"]


# ---- what did not fire


def test_what_was_suppressed_is_summed_up_by_reason_and_hour(rules, start, move_clock):
    limited = rule(rules, cooldown="PT10M", max_executions_per_day=1)
    emit(rules, "a", "a", "b", "b")
    rules.work()
    move_clock("1 hour")
    emit(rules, "b")
    rules.work()
    found = rows(
        rules.client,
        "select reason, hour, suppressed from automation.v_rule_suppressions "
        "where rule_id = %s order by hour, reason",
        limited,
    )
    assert [(x["reason"], x["hour"].hour, x["suppressed"]) for x in found] == [
        ("cooldown", 12, 1),
        ("limit_reached", 12, 2),
        ("limit_reached", 13, 1),
    ]


def test_another_organisations_counters_are_its_own(rules, orgs, start):
    other = Rules(rules.engine, orgs.b)
    for each in (rules, other):
        rule(each, limits=[{"max": 1, "per": "day", "scope": "org"}])
        emit(each, "a", "b")
    rules.work()
    assert rules.notes() == ["a"]
    assert other.notes() == ["a"]
