"""Two sessions that control the same instance at once: one serial outcome, nothing lost."""

from __future__ import annotations

import itertools

import psycopg
import pytest

from tests import test_races
from tests.engine import act, failed, ok
from tests.test_races import CANCEL, COMPLETE, TICK, report

race = test_races.race
pause = test_races.pause

PAUSE = "select automation.pause_workflow(%s)"
RESUME = "select automation.resume_workflow(%s)"
RETRY = "select automation.retry_workflow(%s)"
SKIP = "select automation.skip_step(%s, 'a', '{\"x\": 2}')"
DROP = "select automation.cancel_step(%s, 'a')"
SET = "select automation.set_variable(%s, 'x', '3')"
MIGRATE = "select automation.migrate_workflow(%s)"
FORK = "select automation.fork_workflow(%s, 'c')"


def client(statement):
    return "app_backend", lambda c, i, m: c.execute(statement, [i])


OPERATIONS = {
    "complete": ("worker", lambda c, i, m: c.execute(COMPLETE, [report(m, ok({"x": 1}))])),
    "refuse": ("worker", lambda c, i, m: c.execute(COMPLETE, [report(m, failed("http_4xx"))])),
    "tick": ("worker", lambda c, i, m: c.execute(TICK)),
    "cancel": client(CANCEL),
    "pause": client(PAUSE),
    "resume": client(RESUME),
    "retry": client(RETRY),
    "skip": client(SKIP),
    "drop": client(DROP),
    "set": client(SET),
    "migrate": client(MIGRATE),
    "fork": client(FORK),
}
STEPS = [
    {"id": "fork", "type": "split", "branches": ["a", "wait"]},
    act("a", "join"),
    {"id": "wait", "type": "delay", "for": "PT1M", "next": "b"},
    act("b", "join"),
    {"id": "join", "type": "merge", "next": "c"},
    act("c"),
]
STATES = {
    "running": ["complete", "refuse", "tick", "cancel", "pause", "skip", "drop", "set", "migrate"],
    "paused": ["complete", "refuse", "tick", "cancel", "pause", "resume", "skip", "migrate"],
    "failed": ["complete", "retry", "migrate", "fork", "tick"],
}


def prepare(engine, template, state, move_clock):
    """An instance in a state, its delay due, with the message of its action in a worker's hands."""
    instance = engine.start(template)
    message = next(m for m in engine.read(lease=3600) if m[2]["instance"] == str(instance))
    if state == "paused":
        engine.client.execute(PAUSE, [instance])
    elif state == "failed":
        engine.report((message, failed("http_4xx")))
    move_clock("61 seconds")
    return instance, message


def attempt(action, connection, instance, message):
    try:
        action(connection, instance, message)
    except psycopg.DatabaseError as error:
        if not (error.sqlstate or "").startswith("MA"):
            raise
        return error.sqlstate
    return "done"


def outcome(engine, instance):
    """Where an instance stands when nothing more is due."""
    while engine.tick():
        pass
    rows = engine.admin.execute(
        """
        select s.step_key, s.step_order, s.status, s.attempt, s.message_id is not null
        from automation.workflow_steps as s where s.instance_id = %s
        order by s.step_key, s.step_id
        """,
        [instance],
    ).fetchall()
    status = engine.status(instance)
    return status["status"], status["reason"], rows


@pytest.mark.on("embedded")
@pytest.mark.parametrize("state", sorted(STATES))
def test_any_two_of_them_have_a_serial_outcome(engine, race, move_clock, state):
    template = engine.publish(*STEPS)
    engine.call(
        "app_backend",
        "update_template",
        p_template_id=template,
        p_definition={"steps": [act("begin", "fork"), *STEPS]},
    )
    old = engine.admin.execute("select published_definition_id from automation.workflow_templates")
    definition = old.fetchone()[0]
    engine.call("app_backend", "publish_template", p_template_id=template)
    # new instances begin on the old version
    engine.admin.execute(
        "update automation.workflow_templates set published_definition_id = %s", [definition]
    )
    sessions = [{user: race(user) for user in ("worker", "app_backend")} for _ in range(2)]
    wrong = []
    for pair in itertools.product(STATES[state], repeat=2):
        (first_user, first), (second_user, second) = (OPERATIONS[name] for name in pair)
        one, two = sessions[0][first_user], sessions[1][second_user]
        results = []
        for raced in (False, True):
            instance, message = prepare(engine, template, state, move_clock)
            if raced:
                told = []
                try:
                    with one.connection.transaction():
                        first(one.connection, instance, message)
                        two.begin(
                            lambda c, s=second, i=instance, m=message: attempt(s, c, i, m)
                        ).wait()
                    told.append("done")
                except psycopg.DatabaseError as error:
                    told.append(error.sqlstate)
                    two.begin(lambda c, s=second, i=instance, m=message: attempt(s, c, i, m))
                told.append(two.result())
            else:
                told = [
                    attempt(first, one.connection, instance, message),
                    attempt(second, two.connection, instance, message),
                ]
            results.append((told, outcome(engine, instance)))
            engine.client.execute(CANCEL, [instance])
            engine.tick()
        if results[0] != results[1]:
            wrong.append(f"{pair}: one after the other {results[0]}, at once {results[1]}")
    assert wrong == []
    assert engine.invariants() == []


@pytest.mark.on("embedded")
@pytest.mark.parametrize("step", ["delay", "timeout"])
def test_a_clock_that_has_a_timer_of_a_paused_instance_loses_nothing(
    engine, race, pause, move_clock, step
):
    """The clock has claimed the timer when the instance is resumed."""
    waits = {
        "delay": {"id": "s", "type": "delay", "for": "PT1M", "next": "z"},
        "timeout": act("s", "z", timeout="PT1M"),
    }[step]
    instance = engine.start(engine.publish(waits, act("z")))
    held = engine.read(lease=3600)
    engine.client.execute(PAUSE, [instance])
    move_clock("5 minutes")
    clock = race("worker", name="paused")
    with pause("automation_private.timers", "delete"):
        clock.execute(TICK)
        assert clock.wait()
        engine.client.execute(RESUME, [instance])
    clock.result()
    assert engine.invariants() == []
    if step == "timeout":
        assert engine.path(instance) == ["s:running"]
        engine.report((held[0], ok()))
    engine.work()
    assert engine.path(instance) == ["s", "z"]


@pytest.mark.on("embedded")
@pytest.mark.parametrize("resumes", [False, True])
def test_a_filler_that_has_an_action_of_an_instance_that_is_paused_sends_it_only_if_it_runs(
    engine, race, pause, resumes
):
    engine.call("ops", "register_org", p_org_id=engine.org, p_max_in_flight=1)
    template = engine.publish(act("a"))
    first, second = engine.start(template), engine.start(template)
    engine.report((engine.read()[0], ok()))
    clock = race("worker", name="paused")
    with pause("automation_private.pending_actions", "delete"):
        clock.execute(TICK)
        assert clock.wait()
        engine.client.execute(PAUSE, [second])
        if resumes:
            engine.client.execute(RESUME, [second])
    clock.result()
    assert engine.path(second) == ["a:running" if resumes else "a:pending"]
    assert engine.invariants() == []
    if not resumes:
        engine.client.execute(RESUME, [second])
    engine.work()
    assert [engine.status(i)["status"] for i in (first, second)] == ["completed"] * 2
