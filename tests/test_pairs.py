"""Every two operations on one instance at once, in both orders: one serial outcome, no deadlock."""

from __future__ import annotations

import itertools
import uuid

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import act, failed, ok
from tests.test_races import DEADLOCKS, race  # noqa: F401

RETRY = {"max_attempts": 3, "backoff": "PT1H"}
STEPS = (
    {"id": "s", "type": "split", "branches": ["a", "b", "c", "d", "e", "f"]},
    act("a", "a2"),
    {"id": "a2", "type": "set", "values": {"a": "done"}},
    {
        "id": "b",
        "type": "approval",
        "approvers": [{"role": "owner"}],
        "allow_self": True,
        "approved_next": "b2",
    },
    {"id": "b2", "type": "set", "values": {"b": "approved"}},
    {
        "id": "c",
        "type": "wait",
        "since": "run",
        "next": "c2",
        "events": [{"event": "reply", "match": {"to": "{{run.id}}"}}],
    },
    {"id": "c2", "type": "set", "values": {"c": "replied"}},
    act("d", retry=RETRY),
    act("e", timeout="PT1H", on_error="continue", next="e2"),
    {"id": "e2", "type": "set", "values": {"e": "went on"}},
    {"id": "f", "type": "delay", "for": "PT1H"},
)
TICK = "select automation.tick()"
CLIENT = "app_backend"


class Scene:
    """One instance that stands everywhere at once, and what can be done to it."""

    def __init__(self, pairs) -> None:
        self.engine = pairs.engine
        self.pairs = pairs
        self.instance = self.engine.start(pairs.template)
        messages = {m[2]["key"]: m for m in self.engine.read(lease=3600)}
        self.engine.report((messages["d"], failed("http_5xx")))
        self.message = messages["a"]
        self.approval = self.engine.admin.execute(
            "select step_id from automation.workflow_steps where instance_id = %s "
            "and step_key = 'b'",
            [self.instance],
        ).fetchone()[0]
        # the wait has looked back before anything happens
        while self.engine.tick():
            pass

    def make_due(self, *kinds: str) -> None:
        self.engine.admin.execute(
            "update automation_private.timers set due_at = clock_timestamp() - interval '1 s' "
            "where instance_id = %s and kind = any (%s)",
            [self.instance, list(kinds)],
        )

    def report(self, answer):
        result = {"msg_id": self.message[0], "read_ct": self.message[1]} | answer
        return "worker", "select automation.complete_actions(%s)", [Jsonb([result])]

    def call(self, function: str, *values):
        places = ", ".join(["%s"] * len(values))
        return CLIENT, f"select automation.{function}({places})::text", list(values)

    def prepare(self, operation: str):
        """Whatever has to be so before the operation, committed; then who says what."""
        match operation:
            case "complete":
                return self.report(ok({"x": 1}))
            case "fail":
                return self.report(failed("http_4xx"))
            case "retry":
                self.make_due("retry")
                return "worker", TICK, []
            case "timeout":
                self.make_due("timeout")
                return "worker", TICK, []
            case "event":
                self.engine.call(
                    CLIENT, "emit_event", p_event="reply", p_new={"to": str(self.instance)}
                )
                return "worker", TICK, []
            case "approve":
                return self.call("approve_step", self.approval)
            case "reject":
                return self.call("reject_step", self.approval)
            case "skip":
                return self.call("skip_step", self.instance, "f")
            case "skip_same":
                return self.call("skip_step", self.instance, "a")
            case "cancel_same":
                return self.call("cancel_step", self.instance, "a")
            case "migrate":
                return self.call("migrate_workflow", self.instance)
            case _:
                return self.call(f"{operation}_workflow", self.instance)

    def outcome(self):
        """Where it stands when all that was begun has been done."""
        while self.engine.tick():
            pass
        steps = self.engine.admin.execute(
            "select step_key, status, attempt from automation.workflow_steps "
            "where instance_id = %s order by step_key, status, attempt",
            [self.instance],
        ).fetchall()
        state = self.engine.admin.execute(
            "select status, stop_reason, context_data::text from automation.workflow_instances "
            "where instance_id = %s",
            [self.instance],
        ).fetchone()
        return state, steps


OPERATIONS = (
    "complete",
    "fail",
    "retry",
    "cancel",
    "pause",
    "resume",
    "timeout",
    "approve",
    "reject",
    "event",
    "skip",
    "skip_same",
    "cancel_same",
    "migrate",
)


class Pairs:
    def __init__(self, engine) -> None:
        self.engine = engine
        self.user = str(uuid.uuid4())
        engine.call(CLIENT, "set_member", p_user_id=self.user, p_role_code="owner")
        self.become(engine.client)
        self.template = engine.publish(*STEPS)
        engine.call(
            CLIENT,
            "update_template",
            p_template_id=self.template,
            p_definition={"steps": [*STEPS[:-1], STEPS[-1] | {"name": "later"}]},
        )
        # instances begin on the first version; migrating moves them to the second
        self.publish_second = lambda: engine.call(
            CLIENT, "publish_template", p_template_id=self.template
        )

    def become(self, connection) -> None:
        """Let a connection of the platform's backend speak for the user."""
        connection.execute("select set_config('app.current_user_id', %s, false)", [self.user])


def say(connection, operation) -> str:
    """What an operation answers: its value, or its error."""
    _, statement, values = operation
    try:
        value = connection.execute(statement, values).fetchone()[0]
    except errors.DatabaseError as error:
        if not (error.sqlstate or "").startswith("MA"):
            raise
        return error.sqlstate
    if statement == TICK:
        # what a tick found is not what became of the instance
        return ""
    return str(value["accepted"] if isinstance(value, dict) else value is not None)


def in_turn(engine, scene: Scene, first: str, second: str):
    """One after the other, each in a transaction of its own."""
    one, two = scene.prepare(first), scene.prepare(second)
    connections = {"worker": engine.worker, CLIENT: engine.client}
    answers = [say(connections[user[0]], user) for user in (one, two)]
    return answers, scene.outcome()


def at_once(engine, scene: Scene, make, first: str, second: str):
    """The second begins while the first has not been committed."""
    one, two = scene.prepare(first), scene.prepare(second)
    org = engine.org
    ahead = make(one[0], org if one[0] == CLIENT else None)
    behind = make(two[0], org if two[0] == CLIENT else None)
    for session in (ahead, behind):
        scene.pairs.become(session.connection)
    ahead.connection.execute("begin")
    answers = [say(ahead.connection, one)]
    behind.begin(lambda connection: say(connection, two))
    behind.wait()
    ahead.connection.execute("rollback" if answers[0].startswith("MA") else "commit")
    answers.append(behind.result())
    return answers, scene.outcome()


@pytest.fixture
def pairs(engine):
    return Pairs(engine)


@pytest.mark.parametrize("first", OPERATIONS)
def test_every_two_operations_have_one_serial_outcome(pairs, race, engine, first):  # noqa: F811
    deadlocks = engine.admin.execute(DEADLOCKS).fetchone()[0]
    scenes = {
        (second, alone): Scene(pairs)
        for second, alone in itertools.product(OPERATIONS, (True, False))
    }
    pairs.publish_second()
    for second in OPERATIONS:
        serial = in_turn(engine, scenes[second, True], first, second)
        raced = at_once(engine, scenes[second, False], race, first, second)
        assert raced == serial, f"{first}, then {second}"
    assert engine.invariants() == []
    assert engine.admin.execute(DEADLOCKS).fetchone()[0] == deadlocks
