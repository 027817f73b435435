"""What the tests of definitions have in common: actions, steps in short, validation."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.types.json import Jsonb

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "to": {"type": "string"},
        "count": {"type": "integer"},
        "headers": {"type": "object", "x-secret": True},
        "any": {},
    },
}
RETRY = {"max_attempts": 4, "backoff": "30s", "retry_on": ["timeout"]}


def register_actions(connection: psycopg.Connection) -> None:
    """Register what steps use: an action that takes anything, and some particular ones."""
    for action, schema in (("work", {}), ("fetch_metrics", {}), ("notify", SCHEMA)):
        register(connection, action, p_config_schema=Jsonb(schema))
    register(connection, "persist", p_retry=Jsonb(RETRY))


def register(connection, action, **options):
    options = {"p_runs": "external", "p_description": action} | options
    arguments = ", ".join(f"{name} => %s" for name in options)
    connection.execute(
        f"select automation.register_action(%s, {arguments})", [action, *options.values()]
    )


def errors(client, definition: Any) -> list[str]:
    """What validation finds, as "pointer code"."""
    rows = client.execute(
        "select pointer, code from automation.validate_definition(%s)", [Jsonb(definition)]
    )
    return sorted(f"{pointer} {code}".strip() for pointer, code in rows.fetchall())


def act(id: str, next: str | None = None, **more: Any) -> dict:
    return {"id": id, "type": "action", "action": "work"} | ({"next": next} if next else {}) | more


def split(id: str, *branches: Any, **more: Any) -> dict:
    return {"id": id, "type": "split", "branches": list(branches)} | more


def merge(id: str, next: str | None = None, **more: Any) -> dict:
    return {"id": id, "type": "merge"} | ({"next": next} if next else {}) | more


def loop(id: str, body: str, next: str | None = None, **more: Any) -> dict:
    over = {} if {"while", "until"} & more.keys() else {"over": "{{vars.items}}"}
    step = {"id": id, "type": "loop", "body": body} | over
    return step | ({"next": next} if next else {}) | more


def scope(id: str, body: str, next: str | None = None, **more: Any) -> dict:
    return {"id": id, "type": "scope", "body": body} | ({"next": next} if next else {}) | more


def if_(id: str, true: str | None = None, false: str | None = None, **more: Any) -> dict:
    ways = {"true_next": true, "false_next": false}
    return (
        {"id": id, "type": "condition", "condition": "x > 1"}
        | {key: step for key, step in ways.items() if step}
        | more
    )


def set_(values: Any, **more: Any) -> dict:
    return {"id": "a", "type": "set", "values": values} | more


def delay(**keys: Any) -> dict:
    return {"id": "a", "type": "delay"} | keys


STOP = {"id": "a", "type": "stop"}
