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


def test_what_a_limit_held_back_trips_no_circuit_breaker(rules, start, move_clock):
    limited = rule(rules, limits=[{"max": 1, "per": "day", "on_hit": "fail"}])
    emit(rules, *(f"{n}" for n in range(40)))
    rules.work()
    move_clock("5 seconds")
    rules.work()
    assert rules.row(limited)["status"] == "active"


def test_a_failed_run_gives_its_slot_back_if_successes_are_counted(rules, start):
    limited = rule(rules, WORK, limits=[{"max": 1, "per": "day", "count_on": "success"}])
    emit(rules, "a", "b")
    rules.work({"action_1": failed()})
    emit(rules, "c", "d")
    rules.work()
    assert sorted(reasons(rules, limited)) == ["boom", "limit_reached", "limit_reached", "success"]


def test_limits_that_count_the_same_are_one_and_the_strictest_holds(rules, start):
    both = rule(rules, max_executions_per_day=1, limits=[{"max": 5, "per": "day"}])
    zoned = [{"max": 2, "per": "day"}, {"max": 2, "per": "day", "timezone": "UTC"}]
    same_zone = rule(rules, limits=zoned)
    emit(rules, "a", "b", "c")
    rules.work()
    assert reasons(rules, both).count("success") == 1
    assert reasons(rules, same_zone).count("success") == 2


def test_what_looks_alike_is_not_counted_together(rules, start):
    """A subject and a key of the same text, and keys with any characters."""
    scopes = [
        {"max": 1, "per": "day", "scope": "subject"},
        {"max": 1, "per": "day", "key": "{{trigger.entity}}"},
    ]
    alike = rule(rules, limits=scopes)
    emit(rules, "a", "a/b", "x" * 200)
    rules.work()
    assert reasons(rules, alike) == ["success"] * 3


def test_an_hour_that_comes_twice_is_two_hours(rules, freeze_clock, move_clock):
    freeze_clock(datetime(2030, 10, 27, 0, 10, tzinfo=UTC))
    zone = {"timezone": "Europe/Berlin"}
    hourly = rule(rules, limits=[{"max": 1, "per": "hour", "on_hit": "defer"} | zone])
    rule(rules, limits=[{"max": 1, "per": "minute"} | zone], name="by the minute")
    emit(rules, "a", "b")
    assert rules.news().count("a") == 2
    move_clock("1 hour")
    emit(rules, "c")
    rules.work()
    assert [held(rules, hourly), reasons(rules, hourly).count("success")] == [[], 2]
    move_clock("1 hour")
    rules.work()
    assert reasons(rules, hourly).count("success") == 3


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_a_rolling_day_is_24_hours_whoever_asks(rules, freeze_clock, move_clock, zone):
    """The night of 10 March 2030 is an hour shorter in New York."""
    rules.engine.worker.execute(f"set timezone = '{zone}'")
    freeze_clock(datetime(2030, 3, 10, 2, 0, tzinfo=UTC))
    rule(rules, limits=[{"max": 1, "per": "rolling P1D"}])
    emit(rules, "a")
    assert rules.news() == ["a"]
    move_clock("23 hours 30 minutes")
    emit(rules, "b")
    assert rules.news() == []
    move_clock("30 minutes")
    emit(rules, "c")
    assert rules.news() == ["c"]


def test_a_limit_per_subject_tells_the_owner_once_too(rules, start):
    rule(rules, limits=[{"max": 1, "per": "day", "scope": "subject"}])
    emit(rules, *"aabbccdd")
    rules.work()
    assert column(rules.admin, "select kind from automation.automation_notifications") == [
        "limit_reached"
    ]


def test_a_firing_that_breaks_the_gate_holds_nobody_up(rules, start):
    """Something nobody has thought of: writing down one thing raises."""
    rules.admin.execute(
        "create function crm.refuse() returns trigger language plpgsql as $$ begin "
        "if new.key = 'cursed' then raise exception 'no such luck'; end if; return new; end $$; "
        "create trigger refuse before insert or update on automation_private.firing_subjects "
        "for each row execute function crm.refuse()"
    )
    each = rule(rules)
    emit(rules, "a", "cursed", "b")
    rules.work()
    assert rules.notes() == ["a", "b"]
    assert sorted(reasons(rules, each)) == ["engine_error", "success", "success"]
    [broken] = held(rules, each)
    assert broken["status"] == "failed"
    assert broken["execution_log"]["message"] == "no such luck"


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


def test_a_queue_stays_in_order_however_long_it_waits(rules, start, move_clock):
    queued = rule(rules, WORK, mode="queued")
    for _ in range(4):
        emit(rules, "a")
        tick(rules)
        move_clock("4 minutes")
    for _ in range(4):
        tick(rules)
        [message] = rules.engine.read(10)
        rules.engine.report((message, {"status": "completed", "output": {}}))
        move_clock("7 minutes")
    rules.work()
    runs = column(
        rules.admin,
        "select event_id from automation.workflow_instances where rule_id = %s order by started_at",
        queued,
    )
    assert runs == sorted(runs)
    assert len(runs) == 4


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


@pytest.mark.parametrize(
    "settings",
    [{"debounce": "PT5M"}, {"limits": [{"max": 1, "per": "hour", "on_hit": "defer"}]}],
    ids=["debounce", "defer"],
)
def test_what_still_holds_when_its_time_comes_goes_on(rules, start, move_clock, settings):
    """The row is looked at inside its organisation, although the clock belongs to none."""
    waiting = rules.rule(conditions="score < -0.5", **settings)
    rules.add(1, 2, score=-0.8)
    rules.work()
    move_clock("1 hour")
    assert rules.news()[-1] == "2"
    assert reasons(rules, waiting) == ["success"] * 2


def test_a_table_that_somebody_has_locked_stops_nobody(rules, orgs, database, start, move_clock):
    waiting = rules.rule(conditions="score < -0.5", debounce="PT5M")
    other = Rules(rules.engine, orgs.b)
    rule(other)
    rules.add(1, score=-0.8)
    rules.work()
    move_clock("5 minutes")
    with database.connect() as blocker:
        blocker.autocommit = False
        blocker.execute("lock table crm.mentions")
        emit(other, "b")
        rules.work()
        assert other.notes() == ["b"]
        assert reasons(rules, waiting) == []
    move_clock("1 minute")
    assert rules.news() == ["1"]


def test_a_table_that_is_gone_stops_nobody(rules, orgs, start, move_clock):
    waiting = rules.rule(conditions="score < -0.5", debounce="PT5M")
    other = Rules(rules.engine, orgs.b)
    rule(other)
    rules.add(1, score=-0.8)
    rules.work()
    rules.admin.execute("drop table crm.mentions")
    move_clock("5 minutes")
    emit(other, "b")
    rules.work()
    assert other.notes() == ["b"]
    assert reasons(rules, waiting) == ["engine_error"]


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


# ---- many sessions at once


def together(*calls: Any) -> None:
    """Each call in a thread of its own, all begun at the same moment."""
    gate = threading.Barrier(len(calls))

    def run(call: Any) -> None:
        gate.wait()
        call()

    with ThreadPoolExecutor(len(calls)) as pool:
        for done in [pool.submit(run, call) for call in calls]:
            done.result()


def sessions(rules: Rules, count: int) -> list[Rules]:
    """The same organisation's services, each with a connection of its own."""
    return [Rules(rules.engine, rules.org) for _ in range(count)]


def engines(database: Any, count: int) -> list[Any]:
    """So many ticks each, as an engine of its own."""

    def drive() -> None:
        with database.connect("worker") as connection:
            for _ in range(20):
                connection.execute("select automation.tick()")
                connection.commit()

    return [drive] * count


def test_of_many_who_fire_one_thing_at_once_one_gets_its_run(rules, database):
    single = rule(rules, WORK)
    people = sessions(rules, 6)
    emit(rules, *["a"] * 5)
    together(
        *[lambda p=p: p.call("run_rule", single, {}, "a") for p in people], *engines(database, 2)
    )
    tick(rules)
    assert running(rules, single) == 1
    assert len([r for r in reasons(rules, single) if r == "dropped_mode"]) == 10


def test_a_queue_is_worked_off_once_and_one_at_a_time_by_many(rules, database):
    """Engines, people who add to the queue and workers who end runs, all at once."""
    queued = rule(rules, WORK, mode="queued", max_runs=1000)
    people = sessions(rules, 4)
    most: list[int] = []

    def add(person: Rules) -> None:
        for _ in range(5):
            person.call("run_rule", queued, {}, "a")

    def work() -> None:
        with database.connect("worker") as connection, database.connect() as admin:
            connection.autocommit = True
            while len(most) < 1000:
                most.append(
                    one(
                        admin,
                        "select count(*) as n from automation.workflow_instances "
                        "where rule_id = %s and completed_at is null",
                        queued,
                    )["n"]
                )
                admin.commit()
                done = connection.execute(
                    "select count(automation.complete_actions(jsonb_build_array("
                    "jsonb_build_object('msg_id', m.msg_id, 'read_ct', m.read_ct, "
                    "'status', 'completed', 'output', '{}'::jsonb)))) "
                    "from pgmq.read('automation_actions', 30, 1) as m"
                ).fetchone()[0]
                connection.execute("select automation.tick()")
                if not done and len(rules.history(queued)) == 20:
                    return

    together(*[lambda p=p: add(p) for p in people], *engines(database, 2), work)
    assert reasons(rules, queued) == ["success"] * 20
    assert max(most) == 1
    assert rules.engine.invariants() == []


def test_a_debounce_fires_once_whoever_dispatches(rules, database, start, move_clock):
    rule(
        rules,
        {"action": "note", "config": {"note": "{{trigger.gathered.count}}"}},
        debounce="PT5M",
    )
    people = sessions(rules, 4)
    together(*[lambda p=p: emit(p, *["a"] * 5) for p in people], *engines(database, 4))
    rules.work()
    assert rules.notes() == []
    move_clock("5 minutes")
    together(*engines(database, 4))
    assert rules.notes() == ["20"]


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
    emit(rules, "f", group=1)
    rules.work()
    move_clock("10 minutes")
    assert rules.news()[1] == "1"


def test_a_batch_closes_before_it_is_too_large_for_a_run(rules, start, move_clock):
    batched = rule(
        rules,
        {"action": "note", "config": {"note": "{{trigger.gathered.count}}"}},
        batch={"size": 20, "within": "PT10M"},
        mode_key="group",
    )
    for n in range(9):
        emit(rules, f"{n}", group=1, text="x" * 50_000)
    rules.work()
    move_clock("10 minutes")
    rules.work()
    assert sum(map(int, rules.notes())) == 9
    assert set(reasons(rules, batched)) == {"success"}


def test_a_debounce_counts_all_and_keeps_the_last(rules, start, move_clock):
    rule(
        rules,
        {
            "action": "note",
            "config": {"note": "{{trigger.gathered.count}} {{trigger.gathered.events | length}}"},
        },
        debounce="PT5M",
    )
    emit(rules, *["a"] * 130)
    rules.work()
    move_clock("5 minutes")
    assert rules.news() == ["130 100"]


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


def test_a_trial_that_succeeds_ends_the_pause_by_itself(rules, start, move_clock):
    broken = breaker(rules, BAD)
    emit(rules, *(f"bad {n}" for n in range(10)))
    rules.work()
    move_clock("5 seconds")
    rules.work()
    move_clock("15 minutes")
    emit(rules, "good")
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


@pytest.mark.on("embedded")
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
        ({"mode_key": "{{vars.x}}"}, ["/mode_key unknown_root"]),
        ({"trigger": {"event": "thing", "entity": []}}, ["/trigger/entity wrong_type"]),
        ({"trigger": {"event": "manual.r1"}}, ["/trigger missing_key"]),
        (
            {"limits": [{"max": 1, "per": "month", "on_hit": "defer"}]},
            ["/limits/0/on_hit contradiction"],
        ),
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


def test_a_goal_counts_for_those_who_came_in_with_the_same_tick(rules, start):
    template = enrolling(
        rules, {"id": "s1", "type": "delay", "for": "P3D"}, goal={"event": "bought"}
    )
    join(rules, "ann")
    rules.emit("bought", {}, entity="ann")
    join(rules, "ann")
    rules.work()
    assert ends(rules, template) == ["goal"]
    assert started(rules, template) == ["ann", "ann"]


def test_nobody_in_particular_is_not_everybody(rules, start):
    template = enrolling(
        rules,
        {"id": "s1", "type": "delay", "for": "P3D"},
        enrol={"key": "{{trigger.email}}"},
        goal={"event": "bought", "key": "{{trigger.customer}}"},
    )
    rules.emit("joined", {"email": "a@b"})
    rules.emit("joined", {})
    rules.emit("joined", {"email": None})
    rules.emit("bought", {})
    rules.work()
    assert ends(rules, template) == ["no_key"] * 2
    keyed = rule(rules, WORK, mode_key="{{trigger.missing}}")
    emit(rules, "a")
    rules.work()
    assert reasons(rules, keyed) == ["no_key"]


def test_who_is_taken_out_can_be_let_in_at_once(rules, start):
    template = enrolling(rules, enrol={"reenrol": "after_exit"})
    join(rules, "ann")
    tick(rules)
    rules.call("unenrol", template, "ann")
    assert rules.call("enrol", template, "ann", {"name": "ann"})["outcome"] == "started"
    tick(rules)
    assert ends(rules, template) == ["removed"]
    rules.work()
    join(rules, "ann")
    rules.work()
    assert sorted(ends(rules, template)) == ["removed", "success", "success"]


def test_only_a_template_that_knows_who_is_in_lets_somebody_out(rules):
    with refused("MA101"):
        rules.call("unenrol", enrolling(rules), "ann")


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


def test_all_milestones_may_count_and_a_run_knows_which(rules, start, move_clock):
    rules.rule(
        {
            "action": "note",
            "config": {"note": "{{trigger.threshold.level}} {{trigger.threshold.value}}"},
        },
        trigger={
            "type": "condition",
            "event": "mention",
            "field": "followers",
            "milestones": [1000, 5000, 10000],
            "levels": "all",
        },
    )
    rules.add(1, followers=900)
    move_clock("1 minute")
    rules.set(1, followers=6000)
    assert rules.news() == ["1000 6000", "5000 6000"]


def test_a_threshold_that_lasts_fires_only_where_the_conditions_hold(rules, start, move_clock):
    bound = rules.rule(
        ENTITY,
        trigger={
            "type": "condition",
            "event": "rate",
            "field": "rate",
            "above": 5,
            "for": "PT10M",
        },
        conditions="verified",
    )
    for post, verified in (("a", False), ("b", True)):
        rules.emit("rate", {"rate": 1, "verified": verified}, entity=post)
        move_clock("1 second")
        rules.emit("rate", {"rate": 9, "verified": verified}, entity=post)
    rules.work()
    move_clock("10 minutes")
    assert rules.news() == ["b"]
    assert sorted(reasons(rules, bound)) == ["conditions_not_met", "success"]


def test_a_threshold_begins_anew_when_its_rule_is_activated_again(rules, start, move_clock):
    watching = rules.rule(
        ENTITY, trigger={"type": "condition", "event": "rate", "field": "rate", "above": 5}
    )
    rules.emit("rate", {"rate": 1}, entity="post")
    rules.work()
    rules.call("pause_rule", watching)
    move_clock("90 days")
    rules.call("activate_rule", watching)
    rules.emit("rate", {"rate": 9}, entity="post")
    assert rules.news() == []
    for rate in (1, 9):
        move_clock("1 minute")
        rules.emit("rate", {"rate": rate}, entity="post")
    assert rules.news() == ["post"]
    assert rules.verdict(watching) == "fires"


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


def moded(rules: Rules, **settings: Any) -> Any:
    """A published template that a thing starts, with a mode."""
    return rules.engine.publish(
        act("work", action="work"),
        trigger={"type": "event", "event": "thing"},
        settings=settings,
    )


def begun(rules: Rules, template: Any) -> list[str]:
    return column(
        rules.admin,
        "select status from automation.workflow_instances where template_id = %s "
        "order by created_at, instance_id",
        template,
    )


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"mode": "single"}, ["running", "running"]),
        ({"mode": "single", "mode_key": "{{trigger.team}}"}, ["running"]),
        ({"mode": "restart"}, ["cancelled", "running", "running"]),
        ({"mode": "parallel"}, ["running"] * 3),
        ({}, ["running"] * 3),
    ],
)
def test_the_mode_of_a_template_says_what_a_second_start_does(rules, settings, expected):
    template = moded(rules, **settings)
    emit(rules, "a", team=1)
    tick(rules)
    emit(rules, "a", "b", team=1)
    tick(rules)
    tick(rules)
    assert sorted(begun(rules, template)) == sorted(expected)
    assert rules.engine.invariants() == []


def test_queued_starts_of_a_template_follow_each_other(rules):
    template = moded(rules, mode="queued")
    emit(rules, "a", "a")
    tick(rules)
    assert begun(rules, template) == ["running"]
    rules.work()
    assert begun(rules, template) == ["completed", "completed"]


def test_a_mode_beside_an_enrolment_is_refused(rules):
    with refused("MA200") as caught:
        rules.engine.publish(
            act("work", action="work"),
            trigger={"type": "event", "event": "thing", "enrol": {"reenrol": "never"}},
            settings={"mode": "single"},
        )
    assert mistakes(caught.value) == ["/settings/mode conflicting_keys"]


def test_scenario_24_the_mode_of_a_template_does_not_drop_the_sub_workflow_of_a_parent(rules):
    child = moded(rules, mode="single")
    emit(rules, "a")
    tick(rules)
    parent = rules.engine.publish({"id": "c", "type": "workflow", "template": str(child)})
    instance = rules.engine.start(parent)
    assert begun(rules, child) == ["running", "running"]
    rules.work()
    assert rules.engine.status(instance)["status"] == "completed"
    assert rules.engine.invariants() == []


def test_scenario_25_one_at_a_time_with_a_loop_and_a_sub_workflow_survives_lost_workers(rules):
    inner = rules.engine.publish(act("deep", action="work"))
    template = rules.engine.publish(
        {"id": "each", "type": "loop", "over": [1, 2], "body": "call"},
        {"id": "call", "type": "workflow", "template": str(inner)},
        trigger={"type": "event", "event": "thing"},
        settings={"mode": "queued"},
    )
    emit(rules, "a", "a")
    tick(rules)
    done = []
    for _ in range(4):
        # a worker takes the message and is never heard of again
        (lost,) = rules.engine.read(lease=0)
        (again,) = rules.engine.read()
        assert again[2] == lost[2]
        rules.engine.report((again, {"status": "completed", "output": {}}))
        done.append(again[2]["idempotency_key"])
        tick(rules)
        tick(rules)
    assert begun(rules, template) == ["completed", "completed"]
    assert len(set(done)) == 4
    assert rules.engine.read() == []
    assert rules.engine.invariants() == []
