"""The engine as tests see it: publish, start, answer for the outside world, move time."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

Answer = dict[str, Any]


def ok(output: Any = None) -> Answer:
    """A worker's report that the action completed."""
    return {"status": "completed", "output": {} if output is None else output}


def failed(error_class: str = "http_5xx", code: str = "boom", **more: Any) -> Answer:
    """A worker's report that the action failed."""
    error = {"code": code, "class": error_class, "message": "it did not work"} | more
    return {"status": "failed", "error": error}


class Engine:
    """One organisation's client, a worker and the clock, each a connection of its own login."""

    def __init__(self, database: Any, org: uuid.UUID) -> None:
        self.database = database
        self.org = org
        self.client = database.connect("app_backend", org=org)
        self.worker = database.connect("worker")
        self.admin = database.connect()
        for action in ("work", "other_work", "third_work"):
            self.register(action)

    def register(self, action: str, **options: Any) -> None:
        """Register an external action that takes anything."""
        self.call(
            "ops",
            "register_action",
            p_action=action,
            p_runs="external",
            p_description=action,
            **options,
        )

    def call(self, user: str, function: str, **arguments: Any) -> Any:
        """Call an API function by name as a login; its single value."""
        names = ", ".join(f"{name} => %s" for name in arguments)
        values = [Jsonb(a) if isinstance(a, dict | list) else a for a in arguments.values()]
        connection = self.client if user == "app_backend" else self.database.connect(user)
        row = connection.execute(f"select automation.{function}({names})", values).fetchone()
        return row[0]

    def publish(self, *steps: dict, **document: Any) -> uuid.UUID:
        """Create and publish a template; ids s1, s2, … and `next` are filled in where missing."""
        template = self.call(
            "app_backend",
            "create_template",
            p_name=f"template {uuid.uuid4()}",
            p_definition=document | {"steps": list(steps)},
        )
        self.call("app_backend", "publish_template", p_template_id=template)
        return template

    def start(self, template: uuid.UUID, *, input: dict | None = None, **trigger: Any) -> uuid.UUID:
        """Start one instance; keyword arguments are the row that started it."""
        return self.call(
            "app_backend",
            "start_workflow",
            p_template_id=template,
            p_input=input or {},
            p_trigger=trigger,
        )

    def run(
        self, *steps: dict, answers: Any = None, trigger: dict | None = None, **document: Any
    ) -> uuid.UUID:
        """Publish, start one instance and work until nothing moves."""
        instance = self.start(self.publish(*steps, **document), **(trigger or {}))
        self.work(answers)
        return instance

    def read(self, quantity: int = 100, lease: int = 30) -> list[tuple[int, int, dict]]:
        """Claim messages as a worker does: (msg_id, read_ct, message)."""
        return self.worker.execute(
            "select msg_id, read_ct, message from pgmq.read('automation_actions', %s, %s)",
            [lease, quantity],
        ).fetchall()

    def report(self, *results: tuple[tuple[int, int, dict], Answer]) -> dict:
        """Report results of claimed messages; what complete_actions returned."""
        return self.worker.execute(
            "select automation.complete_actions(%s)",
            [Jsonb([{"msg_id": m[0], "read_ct": m[1]} | answer for m, answer in results])],
        ).fetchone()[0]

    def work(self, answers: dict[str, Any] | Callable[[dict], Answer] | None = None) -> int:
        """Answer every message and tick until nothing moves; how many messages there were.

        `answers` maps step ids to an answer, or to a list of answers, one per attempt.
        """
        count = 0
        while True:
            messages = self.read()
            if messages:
                self.report(*((m, self.answer(m[2], answers)) for m in messages))
                count += len(messages)
            if not self.tick() and not messages:
                return count

    @staticmethod
    def answer(message: dict, answers: Any) -> Answer:
        if callable(answers):
            return answers(message)
        found = (answers or {}).get(message["key"], ok())
        if isinstance(found, list):
            return found[min(message["attempt"], len(found)) - 1]
        return found

    def tick(self) -> bool:
        """One tick of the clock, as the worker's login."""
        return self.worker.execute("select automation.tick()").fetchone()[0]

    def status(self, instance: uuid.UUID) -> dict:
        return self.call("app_backend", "workflow_status", p_instance_id=instance)

    def timeline(self, instance: uuid.UUID) -> list[dict]:
        with self.client.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            return cursor.execute(
                "select * from automation.workflow_timeline(%s)", [instance]
            ).fetchall()

    def path(self, instance: uuid.UUID) -> list[str]:
        """The steps an instance visited, in order, with the state of those not completed."""
        return [
            row["step"] if row["status"] == "completed" else f"{row['step']}:{row['status']}"
            for row in self.timeline(instance)
        ]

    def invariants(self) -> list[tuple]:
        return self.admin.execute("select * from automation.check_invariants()").fetchall()


@pytest.fixture
def engine(database: Any, orgs: Any) -> Any:
    """The engine for organisation a; whatever the test did, the invariants hold afterwards."""
    engine = Engine(database, orgs.a)
    yield engine
    assert engine.invariants() == []


def act(step: str, next: str | None = None, **more: Any) -> dict:
    """An external action step."""
    step_ = {"id": step, "type": "action", "action": "work", "config": {}} | more
    return step_ | ({"next": next} if next else {})


def if_(step: str, condition: str, true: str | None, false: str | None = None, **more: Any) -> dict:
    """A two-way condition step."""
    branches = {"true_next": true, "false_next": false}
    return (
        {"id": step, "type": "condition", "condition": condition}
        | {key: value for key, value in branches.items() if value}
        | more
    )


def pretty(value: Any) -> str:
    return json.dumps(value, indent=1, default=str)
