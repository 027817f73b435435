"""Waits: for one of several events, or until a condition holds."""

from __future__ import annotations

import random
import threading
import uuid

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import Engine, act, ok
from tests.evidence import differences, fingerprint
from tests.rules import DOMAIN
from tests.test_races import TICK, pause, race

__all__ = ["pause", "race"]

ORDER = {"event": "order.paid", "match": {"order_id": "{{trigger.order_id}}"}}
TIMED = {"timeout": "PT1H", "timeout_next": "late"}
CONSUMED = "select event_id from automation_private.consumed_events order by event_id"
READ = """
select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = 'event_waits'
"""


def wait(step: str, *events, next: str | None = None, **more) -> dict:
    """A wait step; an event is its name or an object."""
    listed = [{"event": e} if isinstance(e, str) else e for e in events]
    step_ = {"id": step, "type": "wait"} | ({"events": listed} if listed else {}) | more
    return step_ | ({"next": next} if next else {})


def set_(step: str, next: str | None = None, **values) -> dict:
    """A set step."""
    return {"id": step, "type": "set", "values": values} | ({"next": next} if next else {})


def emit(engine: Engine, event: str, new: dict | None = None, **more) -> int:
    """Something happens."""
    names = "".join(f", p_{name} => %s" for name in more)
    values = [Jsonb(value) if isinstance(value, dict) else value for value in more.values()]
    return engine.client.execute(
        f"select automation.emit_event(%s, %s{names})", [event, Jsonb(new or {}), *values]
    ).fetchone()[0]


def happen(engine: Engine, event: str, new: dict | None = None, **more) -> int:
    """Something happens, and everything that follows."""
    event_id = emit(engine, event, new, **more)
    engine.work()
    return event_id


def output(engine: Engine, instance: uuid.UUID, step: str) -> dict:
    """The output of the latest activation of a step."""
    return [r for r in engine.timeline(instance) if r["step"] == step][-1]["output_data"]


def column(engine: Engine, query: str, *values) -> list:
    return [row[0] for row in engine.admin.execute(query, values).fetchall()]


def refusals(engine: Engine, step: dict, *others: dict) -> set[tuple[str, str]]:
    """Where and why a definition with this step is refused."""
    rows = engine.client.execute(
        "select pointer, code from automation.validate_definition(%s)",
        [Jsonb({"steps": [step, *others]})],
    ).fetchall()
    return set(rows)


# events


def test_a_wait_goes_on_with_its_event(engine):
    instance = engine.run(wait("reply", "reply.received", next="thank"), act("thank"))
    assert engine.path(instance) == ["reply:waiting"]
    event = happen(engine, "reply.received", {"text": "yes"}, entity="reply 1")
    assert engine.path(instance) == ["reply", "thank"]
    result = output(engine, instance, "reply")
    assert result["matched"] is True
    assert result["waited_seconds"] >= 0
    assert result["event"]["event_id"] == event
    assert result["event"]["new"] == {"text": "yes"}
    assert result["event"]["entity"] == "reply 1"
    assert result["event"]["source"] == "emitted"


def test_what_the_event_said_can_be_read_afterwards(engine):
    instance = engine.run(
        wait("reply", "reply.received", next="keep", save_as="answer"),
        set_("keep", text="{{steps.reply.event.new.text}}", again="{{answer.event.new.text}}"),
        output={"text": "{{text}}", "again": "{{again}}"},
    )
    happen(engine, "reply.received", {"text": "yes"})
    assert engine.status(instance)["output"] == {"text": "yes", "again": "yes"}


def test_a_plain_name_also_hears_what_is_created_and_updated_under_it(engine):
    template = engine.publish(wait("reply", "reply"))
    for event in ("reply", "reply.created", "reply.updated"):
        instance = engine.start(template)
        engine.work()
        happen(engine, event)
        assert output(engine, instance, "reply")["event"]["event"] == event


def test_an_event_wakes_the_wait_that_it_is_correlated_with(engine):
    template = engine.publish(wait("paid", ORDER, next="ship"), act("ship"))
    first, second = (engine.start(template, order_id=n) for n in (1, 2))
    engine.work()
    happen(engine, "order.paid", {"order_id": 2.0})
    assert engine.path(first) == ["paid:waiting"]
    assert engine.path(second) == ["paid", "ship"]
    happen(engine, "order.paid", {"order_id": 3})
    happen(engine, "order.paid", {"order_id": "1"})
    happen(engine, "order.paid", {"order_id": None})
    happen(engine, "order.paid")
    assert engine.path(first) == ["paid:waiting"]
    happen(engine, "order.paid", {"order_id": 1})
    assert engine.path(first) == ["paid", "ship"]


def test_a_missing_value_is_equal_to_nothing(engine):
    match = {"order_id": "{{trigger.order_id}}", "note": "{{trigger.note | default: 'none'}}"}
    instance = engine.run(wait("paid", ORDER | {"match": match}), trigger={"order_id": None})
    happen(engine, "order.paid", {"order_id": None, "note": "none"})
    happen(engine, "order.paid", {"note": "none"})
    assert engine.path(instance) == ["paid:waiting"]


def test_fields_may_be_nested_old_or_the_entity_itself(engine):
    match = {"items[0].id": "{{trigger.item}}", "old.state": "open", "entity": "order 7"}
    instance = engine.run(wait("paid", ORDER | {"match": match}), trigger={"item": "a"})
    new = {"items": [{"id": "a"}]}
    happen(engine, "order.paid", new, old={"state": "open"}, entity="order 8")
    happen(engine, "order.paid", new, old={"state": "shut"}, entity="order 7")
    happen(engine, "order.paid", {"items": [{"id": "b"}]}, old={"state": "open"}, entity="order 7")
    assert engine.path(instance) == ["paid:waiting"]
    happen(engine, "order.paid", new, old={"state": "open"}, entity="order 7")
    assert engine.path(instance) == ["paid"]


def test_a_filter_reads_the_event_and_what_the_step_sees(engine):
    event = {"event": "bid", "filter": "event.amount > vars.limit and event.event_id > 0"}
    instance = engine.run(wait("bid", event), trigger={"limit": 100})
    happen(engine, "bid", {"amount": 50})
    assert engine.path(instance) == ["bid:waiting"]
    happen(engine, "bid", {"amount": 150})
    assert output(engine, instance, "bid")["event"]["new"] == {"amount": 150}


def test_a_filter_that_cannot_be_decided_does_not_match_and_is_counted(engine, move_clock):
    event = {"event": "bid", "filter": "event.amount > 100"}
    instance = engine.run(wait("bid", event, timeout="PT1H", timeout_next="late"), act("late"))
    happen(engine, "bid", {"amount": "a lot"})
    happen(engine, "bid", {"amount": "more"})
    assert engine.path(instance) == ["bid:waiting"]
    move_clock("2 hours")
    engine.work()
    assert output(engine, instance, "bid")["undecided"] == 2


def test_a_wait_may_count(engine):
    event = {"event": "vote", "count": 3, "filter": "event.ok = true"}
    instance = engine.run(wait("votes", event))
    for n, is_ok in enumerate([True, False, True, False]):
        happen(engine, "vote", {"n": n, "ok": is_ok})
    assert engine.path(instance) == ["votes:waiting"]
    emit(engine, "vote", {"n": 4, "ok": True})
    happen(engine, "vote", {"n": 5, "ok": True})
    result = output(engine, instance, "votes")
    assert result["count"] == 3
    assert [e["new"]["n"] for e in result["events"]] == [0, 2, 4]
    assert result["event"]["new"]["n"] == 4


def test_the_count_may_be_a_template(engine):
    template = engine.publish(wait("votes", {"event": "vote", "count": "{{trigger.votes}}"}))
    two, bad = engine.start(template, votes=2), engine.start(template, votes="all")
    engine.work()
    assert engine.status(bad)["error"]["code"] == "invalid_count"
    happen(engine, "vote")
    assert engine.path(two) == ["votes:waiting"]
    happen(engine, "vote")
    assert engine.path(two) == ["votes"]


def test_the_first_of_several_events_decides_the_way(engine):
    template = engine.publish(
        wait("answer", {"event": "yes", "next": "buy"}, {"event": "no", "next": "leave"}),
        act("buy"),
        act("leave"),
    )
    buyer, leaver, both = (engine.start(template) for _ in range(3))
    engine.call("app_backend", "cancel_workflow", p_instance_id=leaver)
    engine.work()
    emit(engine, "no")
    happen(engine, "yes")
    assert engine.path(buyer) == engine.path(both) == ["answer", "leave"]
    assert [r["branch_taken"] for r in engine.timeline(both)] == ["no", None]


def test_of_branches_on_one_event_the_first_that_fits_wins(engine):
    step = wait(
        "bid",
        {"event": "bid", "filter": "event.amount > 100", "next": "high"},
        {"event": "bid", "next": "low"},
    )
    template = engine.publish(step, act("high"), act("low"))
    first = engine.start(template)
    engine.work()
    happen(engine, "bid", {"amount": 150})
    second = engine.start(template)
    engine.work()
    happen(engine, "bid", {"amount": 50})
    assert engine.path(first) == ["bid", "high"]
    assert engine.path(second) == ["bid", "low"]
    assert engine.timeline(second)[0]["branch_taken"] == "2"


def test_a_captured_row_wakes_a_wait(engine):
    engine.admin.execute(DOMAIN)
    match = {"mention_id": "{{trigger.mention_id}}"}
    event = {"event": "mention.updated", "match": match, "filter": "event.status = 'answered'"}
    instance = engine.start(engine.publish(wait("answered", event)), mention_id=7)
    engine.work()
    engine.admin.execute("insert into crm.mentions values (7, %s)", [engine.org])
    engine.admin.execute("update crm.mentions set status = 'read' where mention_id = 7")
    engine.work()
    assert engine.path(instance) == ["answered:waiting"]
    engine.admin.execute("update crm.mentions set status = 'answered' where mention_id = 7")
    engine.work()
    event = output(engine, instance, "answered")["event"]
    assert event["changed"] == ["status"]
    assert event["source"] == "crm.mentions"


def test_what_waits_will_hear_is_captured_before_anything_waits(engine):
    engine.admin.execute(DOMAIN)
    engine.admin.execute("insert into crm.mentions values (1, %s)", [engine.org])
    assert column(engine, "select event from automation.automation_events") == []
    engine.publish(wait("answered", "mention.updated"))
    engine.admin.execute("update crm.mentions set status = 'read' where mention_id = 1")
    assert column(engine, "select event from automation.automation_events") == ["mention.updated"]


def test_rules_wait_too(engine):
    steps = [wait("paid", ORDER, next="s2"), act("s2")]
    instance = engine.start(
        engine.publish(*steps, trigger={"type": "event", "event": "order.created"}), order_id=5
    )
    engine.work()
    happen(engine, "order.created", {"order_id": 6})
    happen(engine, "order.paid", {"order_id": 6})
    assert engine.path(instance) == ["paid:waiting"]
    done = column(
        engine, "select status from automation.workflow_instances where event_id is not null"
    )
    assert done == ["completed"]


def test_the_event_that_started_a_workflow_does_not_end_its_wait(engine):
    trigger = {"type": "event", "event": "order.paid"}
    engine.publish(wait("again", ORDER, since="run"), trigger=trigger)
    happen(engine, "order.paid", {"order_id": 6})
    query = "select status from automation.workflow_instances order by created_at"
    assert column(engine, query) == ["running"]
    happen(engine, "order.paid", {"order_id": 6})
    assert column(engine, query) == ["completed", "running"]


def test_a_large_event_is_shown_without_its_rows(engine):
    instance = engine.run(wait("reply", "reply"))
    happen(engine, "reply", {"text": "x" * 60000})
    event = output(engine, instance, "reply")["event"]
    assert event["is_cut"] is True
    assert "new" not in event


def test_events_of_another_organisation_wake_nothing(engine, database, orgs):
    instance = engine.run(wait("reply", "reply"))
    other = database.connect("app_backend", org=orgs.b)
    other.execute("select automation.emit_event('reply')")
    engine.work()
    assert engine.path(instance) == ["reply:waiting"]


# before, during, after


def test_wcp_23_a_transient_trigger_is_lost_when_nothing_waits(engine):
    instance = engine.start(engine.publish(act("prepare", "reply"), wait("reply", "reply")))
    happen_before = emit(engine, "reply")
    engine.work()
    assert engine.path(instance) == ["prepare", "reply:waiting"]
    assert happen(engine, "reply") > happen_before
    assert engine.path(instance) == ["prepare", "reply"]


def test_wcp_24_a_persistent_trigger_is_kept_until_something_waits(engine):
    template = engine.publish(act("prepare", "reply"), wait("reply", "reply", since="run"))
    emit(engine, "reply", {"n": 0})
    instance = engine.start(template)
    emit(engine, "reply", {"n": 1})
    emit(engine, "reply", {"n": 2})
    engine.work()
    assert engine.path(instance) == ["prepare", "reply"]
    assert output(engine, instance, "reply")["event"]["new"] == {"n": 1}


def test_a_long_log_is_looked_through_in_parts(engine):
    template = engine.publish(act("prepare", "reply"), wait("reply", ORDER, since="run"))
    instance = engine.start(template, order_id=7)
    engine.client.execute(
        "select count(*) from automation.emit_events((select jsonb_agg(jsonb_build_object("
        "'event', 'noise')) from generate_series(1, 6000)))"
    )
    emit(engine, "order.paid", {"order_id": 7})
    engine.work()
    assert engine.path(instance) == ["prepare", "reply"]


def test_an_event_that_was_dispatched_before_the_wait_was_visible_is_found(engine, database):
    template = engine.publish(wait("paid", ORDER))
    starter = database.connect("app_backend", org=engine.org, autocommit=False)
    instance = starter.execute(
        "select automation.start_workflow(%s, p_trigger => %s)",
        [template, Jsonb({"order_id": 7})],
    ).fetchone()[0]
    happen(engine, "order.paid", {"order_id": 7})
    assert column(engine, "select batch_id from automation_private.event_batches") == []
    starter.commit()
    engine.work()
    assert engine.path(instance) == ["paid"]


def test_an_event_and_the_look_back_count_it_once(engine, database):
    template = engine.publish(act("prepare", "votes"), wait("votes", {"event": "vote", "count": 2}))
    instance = engine.start(template)
    message = engine.read()[0]
    # completed and then, undispatched, the event: the look back and the dispatch both see it
    engine.report((message, ok()))
    emit(engine, "vote")
    engine.work()
    assert engine.path(instance) == ["prepare", "votes:waiting"]
    happen(engine, "vote")
    assert engine.path(instance) == ["prepare", "votes"]


def test_scenario_12_no_race_loses_or_doubles_a_wake_up(engine, database):
    count = 1000
    template = engine.publish(
        act("prepare", "paid"), wait("paid", ORDER, since="run", next="done"), set_("done", end=1)
    )
    items = [{"trigger": {"order_id": n}} for n in range(count)]
    engine.client.execute(
        "select count(*) from automation.start_workflows(%s, %s)", [template, Jsonb(items)]
    )
    while engine.tick():
        pass
    over, failures = threading.Event(), []

    def guarded(work):
        def run():
            try:
                work()
            except Exception as error:
                failures.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def answer():
        worker = database.connect("worker")
        while messages := worker.execute(
            "select msg_id, read_ct from pgmq.read('automation_actions', 60, 20)"
        ).fetchall():
            results = [{"msg_id": m, "read_ct": r} | ok() for m, r in messages]
            worker.execute("select automation.complete_actions(%s)", [Jsonb(results)])

    def tell(numbers):
        client = database.connect("app_backend", org=engine.org)
        for n in numbers:
            client.execute(
                "select automation.emit_event('order.paid', %s)", [Jsonb({"order_id": n})]
            )

    def ring():
        clock = database.connect("worker")
        while not over.is_set():
            clock.execute(TICK)

    numbers = random.sample(range(count), count)
    rings = [guarded(ring), guarded(ring)]
    work = [
        guarded(answer),
        guarded(lambda: tell(numbers[::2])),
        guarded(lambda: tell(numbers[1::2])),
    ]
    for thread in work:
        thread.join()
    over.set()
    for thread in rings:
        thread.join()
    assert failures == []
    engine.work()
    assert column(
        engine,
        "select count(*) from automation.workflow_instances as i where i.status = 'completed' "
        "and (select array_agg(s.step_key order by s.step_id) from automation.workflow_steps as s "
        "where s.instance_id = i.instance_id) = '{prepare,paid,done}' "
        "and (select s.output_data #> '{event,new,order_id}' from automation.workflow_steps as s "
        "where s.instance_id = i.instance_id and s.step_key = 'paid') "
        "= i.trigger_data #> '{new,order_id}'",
    ) == [count]
    assert column(engine, "select count(*) from automation_private.event_matches") == [0]


# who gets it


def test_scenario_14_one_event_wakes_all_that_wait_for_it(engine):
    template = engine.publish(wait("paid", ORDER))
    instances = [engine.start(template, order_id=1) for _ in range(3)]
    engine.work()
    happen(engine, "order.paid", {"order_id": 1})
    assert [engine.path(i) for i in instances] == [["paid"]] * 3


def test_scenario_14_of_two_events_for_one_wait_the_first_counts(engine):
    instance = engine.run(wait("paid", ORDER, next="ship"), act("ship"), trigger={"order_id": 1})
    first = emit(engine, "order.paid", {"order_id": 1})
    happen(engine, "order.paid", {"order_id": 1})
    assert engine.path(instance) == ["paid", "ship"]
    assert output(engine, instance, "paid")["event"]["event_id"] == first


def test_an_event_that_is_consumed_wakes_the_oldest_wait_only(engine):
    template = engine.publish(wait("task", {"event": "task", "consume": True}))
    instances = []
    for _ in range(3):
        instances.append(engine.start(template))
        engine.work()
    witness = engine.run(wait("task", "task"))
    first = happen(engine, "task")
    assert [engine.path(i) for i in instances] == [["task"], ["task:waiting"], ["task:waiting"]]
    assert engine.path(witness) == ["task"]
    second = emit(engine, "task")
    third = happen(engine, "task")
    assert [output(engine, i, "task")["event"]["event_id"] for i in instances] == [
        first,
        second,
        third,
    ]
    assert column(engine, CONSUMED) == [first, second, third]


def test_a_wait_consumes_no_more_than_it_needs(engine):
    events = [{"event": "task", "consume": True, "count": 2}, {"event": "stop"}]
    template = engine.publish(wait("task", *events))
    first, second = engine.start(template), engine.start(template)
    engine.work()
    taken = [emit(engine, "task") for _ in range(3)]
    engine.work()
    assert engine.path(first) == ["task"]
    assert engine.path(second) == ["task:waiting"]
    emit(engine, "stop")
    happen(engine, "task")
    assert engine.timeline(second)[0]["branch_taken"] == "stop"
    assert column(engine, CONSUMED) == taken


def test_two_sessions_give_a_consumed_event_to_one_wait(engine, race, pause):
    template = engine.publish(wait("task", {"event": "task", "consume": True}))
    instances = [engine.start(template) for _ in range(2)]
    engine.work()
    emit(engine, "task")
    engine.tick()
    with pause("automation_private.consumed_events", "insert"):
        one = race("worker", name="paused").execute("select automation.tick(1)")
        assert one.wait()
        two = race("worker").execute("select automation.tick(1)")
        assert two.wait()
    assert one.result()
    assert two.result()
    engine.work()
    assert sorted(engine.path(i) for i in instances) == [["task"], ["task:waiting"]]


def test_two_waits_in_parallel_branches_wake_each_by_itself(engine):
    split = {"id": "both", "type": "split", "branches": ["one", "two"]}
    instance = engine.run(
        split,
        wait("one", {"event": "reply", "match": {"n": 1}}, next="join"),
        wait("two", {"event": "reply", "match": {"n": 2}}, next="join"),
        {"id": "join", "type": "merge"},
    )
    happen(engine, "reply", {"n": 2})
    assert sorted(engine.path(instance)) == ["both:running", "one:waiting", "two"]
    happen(engine, "reply", {"n": 1})
    assert engine.status(instance)["status"] == "completed"


def test_waits_in_a_loop_keep_their_turn(engine):
    loop = {
        "id": "each",
        "type": "loop",
        "over": [1, 2, 3],
        "max_concurrency": 3,
        "as": "number",
        "body": "reply",
        "result": "{{loop.item}} {{steps.reply.event.new.text}}",
    }
    event = {"event": "reply", "match": {"n": "{{number}}"}, "filter": "event.n = loop.item"}
    instance = engine.run(loop, wait("reply", event), output="{{steps.each.results}}")
    for n in (2, 3, 1):
        happen(engine, "reply", {"n": n, "text": f"text {n}"})
    assert engine.status(instance)["output"] == ["1 text 1", "2 text 2", "3 text 3"]


def test_a_wait_in_a_sequential_loop_sees_only_what_comes_in_its_turn(engine):
    loop = {"id": "each", "type": "loop", "over": [1, 2], "body": "reply"}
    instance = engine.run(loop, wait("reply", "reply"))
    emit(engine, "reply")
    happen(engine, "reply")
    assert engine.status(instance)["status"] == "running"
    happen(engine, "reply")
    assert engine.status(instance)["status"] == "completed"


# time


def test_a_wait_times_out_into_its_own_branch(engine, move_clock):
    instance = engine.run(wait("paid", ORDER, **TIMED), act("late"), trigger={"order_id": 1})
    move_clock("59 minutes")
    engine.work()
    assert engine.path(instance) == ["paid:waiting"]
    move_clock("1 minute")
    engine.work()
    assert engine.path(instance) == ["paid", "late"]
    assert engine.timeline(instance)[0]["branch_taken"] == "timeout"
    result = output(engine, instance, "paid")
    assert result["matched"] is False
    assert result["event"] is None
    assert 3600 <= result["waited_seconds"] < 3700


def test_a_wait_without_such_a_branch_fails_when_its_time_is_up(engine, move_clock):
    instance = engine.run(wait("paid", "order.paid", timeout="PT1H"))
    move_clock("1 hour")
    engine.work()
    assert engine.status(instance)["error"]["code"] == "timeout"


def test_a_templated_timeout_is_at_most_a_year_too(engine):
    step = wait("paid", "order.paid", timeout="{{trigger.patience}}")
    instance = engine.run(step, trigger={"patience": "P400D"})
    assert engine.status(instance)["error"]["code"] == "invalid_timeout"


def test_scenario_13_an_event_after_the_timeout_is_not_consumed(engine, move_clock):
    step = wait("task", {"event": "task", "consume": True}, **TIMED)
    template = engine.publish(step, act("late"))
    instance = engine.start(template)
    engine.work()
    move_clock("2 hours")
    engine.work()
    event = happen(engine, "task")
    assert engine.path(instance) == ["task", "late"]
    assert column(engine, CONSUMED) == []
    other = engine.start(template)
    engine.work()
    assert engine.path(other) == ["task:waiting"]
    assert happen(engine, "task") > event
    assert engine.path(other) == ["task"]


@pytest.mark.parametrize("first", ["event", "timeout"])
def test_scenario_15_of_event_and_timeout_in_the_same_instant_one_wins(
    engine, race, pause, move_clock, first
):
    instance = engine.run(
        wait("paid", ORDER | {"next": "ship"}, **TIMED),
        act("ship"),
        act("late"),
        trigger={"order_id": 1},
    )
    emit(engine, "order.paid", {"order_id": 1})
    engine.tick()
    move_clock("2 hours")
    engine.admin.execute(
        "update automation_private.timers set due_at = automation_private.clock() - "
        "case kind when %s then interval '2 seconds' else interval '1 second' end",
        [first],
    )
    with pause("automation.workflow_steps", "update"):
        one = race("worker", name="paused").execute("select automation.tick(1)")
        assert one.wait()
        two = race("worker").execute("select automation.tick(1)")
        assert two.wait()
    assert one.result()
    assert two.result()
    engine.work()
    assert engine.path(instance) == ["paid", {"event": "ship", "timeout": "late"}[first]]


@pytest.mark.parametrize("first", ["event", "timeout"])
def test_one_tick_that_finds_both_takes_what_was_first(engine, move_clock, first):
    instance = engine.run(wait("paid", "order.paid", **TIMED), act("late"), trigger={"order_id": 1})
    emit(engine, "order.paid")
    engine.tick()
    move_clock("2 hours")
    engine.admin.execute(
        "update automation_private.timers set due_at = automation_private.clock() - "
        "case kind when %s then interval '2 seconds' else interval '1 second' end",
        [first],
    )
    engine.work()
    assert engine.path(instance) == {"event": ["paid"], "timeout": ["paid", "late"]}[first]


def test_wcp_16_deferred_choice_withdraws_what_was_not_chosen(engine):
    step = wait(
        "agent",
        {"event": "call.answered", "next": "talk"},
        {"event": "form.sent", "next": "read"},
    )
    instance = engine.run(step, act("talk"), act("read"))
    happen(engine, "form.sent")
    happen(engine, "call.answered")
    assert engine.path(instance) == ["agent", "read"]


def test_what_comes_while_an_organisation_is_paused_counts_afterwards(engine, move_clock):
    instance = engine.run(wait("reply", "reply", **TIMED), act("late"))
    engine.client.execute("select automation.pause_org('holidays')")
    emit(engine, "reply")
    move_clock("30 minutes")
    engine.work()
    assert engine.path(instance) == ["reply:waiting"]
    engine.client.execute("select automation.resume_org()")
    move_clock("1 minute")
    engine.work()
    assert engine.path(instance) == ["reply"]


def test_a_cancelled_wait_hears_nothing(engine):
    instance = engine.run(wait("reply", "reply", next="thank"), act("thank"))
    emit(engine, "reply")
    engine.tick()
    engine.call("app_backend", "cancel_workflow", p_instance_id=instance)
    engine.work()
    assert engine.path(instance) == ["reply:cancelled"]


def test_a_dispatch_that_overlaps_the_end_of_a_wait_leaves_nothing(engine, race, pause, move_clock):
    instance = engine.run(wait("reply", "reply", **TIMED), act("late"))
    emit(engine, "reply")
    with pause("automation_private.event_matches", "insert"):
        ringer = race("worker", name="paused").execute(TICK)
        assert ringer.wait()
        engine.call("app_backend", "cancel_workflow", p_instance_id=instance)
    ringer.result()
    assert column(engine, "select count(*) from automation_private.event_matches") == [1]
    engine.work()
    assert column(engine, "select count(*) from automation_private.event_matches") == [0]


# conditions


def test_a_condition_that_holds_already_passes_at_once(engine):
    instance = engine.run(
        wait("rich", condition="money > 10", next="buy"), act("buy"), trigger={"money": 11}
    )
    assert engine.path(instance) == ["rich", "buy"]
    result = output(engine, instance, "rich")
    assert result["matched"] is True
    assert result["event"] is None


def test_a_condition_is_looked_at_again_when_the_variables_change(engine):
    split = {"id": "both", "type": "split", "branches": ["rich", "earn"]}
    instance = engine.run(
        split,
        wait("rich", condition="money > 10", poll="P1D", next="buy"),
        act("earn", "more"),
        set_("more", money=11),
        act("buy"),
    )
    assert sorted(engine.path(instance)) == ["both", "buy", "earn", "more", "rich"]


def test_a_condition_is_looked_at_again_after_a_while(engine, move_clock):
    instance = engine.run(wait("later", condition="run.started_at <= now - 1h", poll="PT10M"))
    assert engine.path(instance) == ["later:waiting"]
    move_clock("59 minutes")
    engine.work()
    assert engine.path(instance) == ["later:waiting"]
    move_clock("11 minutes")
    engine.work()
    assert engine.path(instance) == ["later"]


def test_a_condition_that_cannot_be_decided_does_not_hold_yet(engine, move_clock):
    instance = engine.run(
        wait("rich", condition="money > 10", **TIMED), act("late"), trigger={"money": "much"}
    )
    assert engine.path(instance) == ["rich:waiting"]
    move_clock("1 hour")
    engine.work()
    assert engine.path(instance) == ["rich", "late"]


def test_wcp_18_a_milestone_opens_what_waits_for_it(engine):
    instance = engine.run(
        {"id": "both", "type": "split", "branches": ["negotiate", "sign"]},
        act("negotiate"),
        wait("sign", condition="status.negotiate = 'completed'", next="celebrate"),
        act("celebrate"),
        answers=lambda message: ok(),
    )
    assert engine.path(instance)[-1] == "celebrate"


def test_a_condition_in_a_loop_sees_its_turn(engine):
    loop = {"id": "each", "type": "loop", "over": [1, 5], "max_concurrency": 2, "body": "enough"}
    split = {"id": "both", "type": "split", "branches": ["each", "fetch"]}
    instance = engine.run(
        split,
        loop,
        wait("enough", condition="loop.item < stock", poll="P1D"),
        act("fetch", "more", save_as="fetched"),
        set_("more", stock=10),
        trigger={"stock": 2},
        answers={"fetch": [ok()]},
    )
    assert engine.status(instance)["status"] == "completed"


def test_a_watched_instance_stops_watching(engine, move_clock):
    instance = engine.run(
        {"id": "both", "type": "split", "branches": ["one", "two"]},
        wait("one", condition="a > 1", poll="P1D", timeout="PT1H", timeout_next="end"),
        wait("two", condition="b > 1", poll="P1D"),
        set_("end", a=1),
    )
    query = "select watches from automation.workflow_instances where instance_id = %s"
    assert column(engine, query, instance) == [2]
    move_clock("1 hour")
    engine.work()
    assert column(engine, query, instance) == [1]
    engine.call("app_backend", "cancel_workflow", p_instance_id=instance)
    assert column(engine, query, instance) == [0]


# what it costs


def test_an_event_touches_only_the_wait_that_it_is_for(engine):
    template = engine.publish(wait("paid", ORDER))
    items = [{"trigger": {"order_id": n}} for n in range(1000)]
    engine.client.execute(
        "select count(*) from automation.start_workflows(%s, %s)", [template, Jsonb(items)]
    )
    engine.work()
    emit(engine, "order.paid", {"order_id": 500})
    with engine.worker.transaction():
        before = engine.worker.execute(READ).fetchone()[0]
        engine.tick()
        assert engine.worker.execute(READ).fetchone()[0] - before <= 10
    assert column(engine, "select count(*) from automation_private.event_matches") == [1]
    engine.work()
    assert column(
        engine, "select count(*) from automation.workflow_instances where status = 'completed'"
    ) == [1]


def test_a_match_that_raises_stops_nothing(engine):
    engine.admin.execute(
        "create function public.refuse() returns trigger language plpgsql as $$ begin "
        "if (select e.new ->> 'n' from automation.automation_events as e "
        "where e.event_id = new.event_id) = '1' then raise exception 'no'; end if; return new; "
        "end $$; "
        "create trigger refuse before insert on automation_private.event_matches "
        "for each row execute function public.refuse()"
    )
    template = engine.publish(wait("reply", {"event": "reply", "match": {"n": "{{trigger.n}}"}}))
    instances = [engine.start(template, n=n) for n in (1, 2)]
    engine.work()
    for n in (1, 2):
        emit(engine, "reply", {"n": n})
    engine.work()
    assert [engine.path(i) for i in instances] == [["reply:waiting"], ["reply"]]


# definitions


def test_waits_are_checked_when_they_are_saved(engine):
    def codes(*events, **more):
        return {
            (p.removeprefix("/steps/0"), c) for p, c in refusals(engine, wait("w", *events, **more))
        }

    assert codes("order.paid") == set()
    assert codes() == {("", "missing_key")}
    assert codes(events=[]) == {("/events", "empty_list")}
    assert codes("a", condition="x > 1") == {("", "conflicting_keys")}
    assert codes("a", poll="PT1M") == {("/poll", "unused_key")}
    assert codes(condition="x > 1", since="run") == {("/since", "unused_key")}
    assert codes("a", since="ever") == {("/since", "unknown_mode")}
    assert codes("a", timeout="P366D") == {("/timeout", "out_of_range")}
    assert codes("a", timeout_next="w") == {("/timeout_next", "unused_key")}
    assert codes("a", timeout="PT1H", timeout_next="x") == {("/timeout_next", "unknown_step")}
    assert codes("a", retry={"max_attempts": 2}) == {("/retry", "unsupported_key")}
    assert codes(*["a"] * 21) == {("/events", "out_of_range")}
    assert codes(condition="x >") == {("/condition", "syntax")}

    def event(**more):
        return {(p.removeprefix("/events/0"), c) for p, c in codes({"event": "a"} | more)}

    assert event(event="A b") == {("/event", "missing_key")}
    assert event(event="manual.x") == {("/event", "missing_key")}
    assert event(match={}) == {("/match", "empty_list")}
    assert event(match={"a..b": 1}) == {("/match/a..b", "invalid_path")}
    assert event(match={"ids[*]": 1}) == {("/match/ids[*]", "invalid_path")}
    assert event(match={"new": 1}) == {("/match/new", "invalid_path")}
    assert event(match={"a": None}) == {("/match/a", "null_value")}
    assert event(match={f"f{n}": 1 for n in range(11)}) == {("/match", "out_of_range")}
    assert event(match={"a": "{{steps.nothing.x}}"}) == {("", "unknown_step")}
    assert event(match={"a": "{{trigger.x | sparkle}}"}) == {("/match/a", "unknown_filter")}
    assert event(count=0) == {("/count", "out_of_range")}
    assert event(count=1001) == {("/count", "out_of_range")}
    assert event(count="two") == {("/count", "wrong_type")}
    assert event(consume="yes") == {("/consume", "wrong_type")}
    assert event(filter="event.x >") == {("/filter", "syntax")}
    assert event(name="x") == {("/name", "unknown_key")}
    assert event(next="x") == {("/next", "unknown_step")}


def test_a_rehearsal_lets_the_event_come(engine):
    steps = [
        wait(
            "answer",
            {"event": "yes", "match": {"n": "{{trigger.n}}"}, "next": "buy"},
            {"event": "no", "next": "leave"},
            timeout="PT1H",
            timeout_next="remind",
        ),
        act("buy"),
        act("leave"),
        set_("remind", "rich", reminded=True),
        wait("rich", condition="money > 10"),
    ]
    before = fingerprint(engine.admin)

    def rehearse(mock=None):
        result = engine.call(
            "app_backend",
            "test_workflow",
            p_definition={"steps": steps},
            p_trigger={"n": 1},
            p_mocks={"answer": mock} if mock else {},
        )
        return result["status"], [s["step"] for s in result["steps"]], result["steps"][0]

    status, path, step = rehearse()
    assert (status, path) == ("completed", ["answer", "buy"])
    assert step["output"]["event"]["event"] == "yes"
    status, path, step = rehearse({"event": {"name": "no.created", "new": {"why": "price"}}})
    assert (status, path) == ("completed", ["answer", "leave"])
    assert step["output"]["event"]["new"] == {"why": "price"}
    assert rehearse({"timeout": True})[:2] == ("completed", ["answer", "remind", "rich"])
    assert rehearse({"event": {"name": "maybe"}})[0] == "failed"
    assert differences(before, fingerprint(engine.admin)) == []


def test_what_a_draft_waits_for_is_not_recorded(engine):
    engine.call(
        "app_backend",
        "create_template",
        p_name="draft",
        p_definition={"steps": [wait("reply", "reply")]},
    )
    assert column(engine, "select event from automation_private.awaited_events") == []
    with pytest.raises(errors.DatabaseError):
        engine.publish(wait("reply", "Reply"))
    assert column(engine, "select event from automation_private.awaited_events") == []
    engine.publish(wait("reply", "reply"))
    assert sorted(column(engine, "select event from automation_private.awaited_events")) == [
        "reply",
        "reply.created",
        "reply.updated",
    ]
