"""Capture: what becomes an event when a watched table changes, and what never happens to writers."""

from __future__ import annotations

import uuid

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

TABLE = """
create schema crm;
create table crm.mentions (
    mention_id int primary key,
    org_id uuid not null,
    score numeric(5, 4),
    status text not null default 'new',
    seen_at timestamp,
    note text,
    twice numeric generated always as (score * 2) stored,
    deleted_at timestamptz
);
"""
COLUMNS = ["score", "status", "seen_at", "twice"]
LISTEN = """
    insert into automation_private.listeners (
        org_id, event, listener_id, kind, version, definition_id, fire_on, priority, on_loop,
        on_condition_error, since
    )
    values (%s, %s, gen_random_uuid(), 'template', 1, %s, 'every', 50, 'allow', 'skip', '-infinity')
"""
EVENTS = """
    select event, entity, new, old from automation.automation_events order by event_id
"""


@pytest.fixture
def capture(db, orgs):
    """A watched table whose created, updated and deleted rows organisation a listens to."""
    db.execute(TABLE)
    db.execute("select automation.watch_table('crm.mentions', 'mention', %s)", [COLUMNS])
    definition = db.execute(
        "insert into automation.workflow_definitions (org_id, definition_id, content_hash, "
        "compiler_version, source, settings, steps_total) "
        "values (%s, gen_random_uuid(), '', 1, '{}', '{}', 0) returning definition_id",
        [orgs.a],
    ).fetchone()[0]
    for what in ("created", "updated", "deleted"):
        db.execute(LISTEN, [orgs.a, f"mention.{what}", definition])
    db.events = lambda: db.execute(EVENTS).fetchall()
    return db


def insert(db, org, *ids, table="crm.mentions", **row):
    columns = {"org_id": org, "score": 0.5} | row
    for mention in ids:
        names = ", ".join(["mention_id", *columns])
        marks = ", ".join(["%s"] * (1 + len(columns)))
        db.execute(
            f"insert into {table} ({names}) values ({marks})", [mention, *columns.values()]
        )


def test_a_new_row_is_an_event_with_its_key_and_the_declared_columns(capture, orgs):
    insert(capture, orgs.a, 1, seen_at="2026-11-23 08:00", note="not declared")
    new = {
        "mention_id": 1,
        "score": 0.5,
        "status": "new",
        "seen_at": "2026-11-23T08:00:00+00:00",
        "twice": 1.0,
    }
    assert capture.events() == [("mention.created", "1", new, None)]
