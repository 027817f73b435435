"""Rules as tests see them: watched tables, rules on them, what came of what happened."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import Engine

DOMAIN = """
create schema crm;
grant usage on schema crm to automation_actor, automation_admin;

create table crm.mentions (
    mention_id int primary key,
    org_id uuid not null,
    score numeric(5, 4),
    status text not null default 'new',
    followers int,
    note text,
    deleted_at timestamptz
);

create table crm.campaigns (
    campaign_id int primary key,
    org_id uuid not null,
    state text not null default 'active',
    mention_id int
);

-- what the rules did
create table crm.notes (
    note_id bigint generated always as identity,
    org_id uuid not null,
    note text not null
);

alter table crm.mentions enable row level security, force row level security;
alter table crm.campaigns enable row level security, force row level security;
create policy tenant on crm.mentions to automation_actor
    using (org_id = (select automation.current_org_id()));
create policy tenant on crm.campaigns to automation_actor
    using (org_id = (select automation.current_org_id()));
grant select, insert, update, delete
on crm.mentions, crm.campaigns, crm.notes to automation_actor;

create function crm.note(config jsonb, context jsonb) returns jsonb language sql as $$
    insert into crm.notes (org_id, note)
    values ((context ->> 'org_id')::uuid, coalesce(config ->> 'note', context ->> 'step_key'))
    returning jsonb_build_object('note', note)
$$;

create function crm.write(config jsonb, context jsonb) returns jsonb language plpgsql as $$
begin
    execute config ->> 'do';
    return '{}';
end $$;

select automation.watch_table(
    'crm.mentions', 'mention', array['score', 'status', 'followers']
);
select automation.watch_table('crm.campaigns', 'campaign', array['state', 'mention_id']);
"""
NEGATIVE = {"field": "score", "op": "lt", "value": -0.5}
NOTE = {"action": "note", "config": {"note": "{{trigger.mention_id}}"}}
HISTORY = """
    select x.* from automation.automation_executions as x
    where x.rule_id = %s
    order by x.created_at, x.execution_id
"""


class Rules:
    """One organisation's rules on mentions and campaigns."""

    def __init__(self, engine: Engine, org: uuid.UUID) -> None:
        self.engine = engine
        self.admin = engine.admin
        self.org = org
        self.client = engine.database.connect("app_backend", org=self.org)
        self.names = itertools.count(1)

    def call(self, function: str, *arguments: Any) -> Any:
        """Call an API function of one value as the organisation's client."""
        return call(self.client, function, *arguments)

    def draft(self, *actions: Any, **document: Any) -> uuid.UUID:
        """Create a rule; without more it notes every mention."""
        rule = {"name": f"rule {self.org} {next(self.names)}", "trigger": "mention"}
        return self.call("create_rule", rule | {"actions": list(actions) or [NOTE]} | document)

    def rule(self, *actions: Any, **document: Any) -> uuid.UUID:
        """Create a rule and activate it."""
        rule = self.draft(*actions, **document)
        self.call("activate_rule", rule)
        return rule

    def template(self, *steps: dict, **document: Any) -> uuid.UUID:
        """Create a template, published."""
        name = f"template {self.org} {next(self.names)}"
        template = self.call("create_template", name, document | {"steps": list(steps)})
        self.call("publish_template", template)
        return template

    def row(self, rule: uuid.UUID) -> dict:
        """A rule as it is stored."""
        return one(
            self.client, "select * from automation.automation_rules where rule_id = %s", rule
        )

    def add(self, *ids: int, **row: Any) -> None:
        """Mentions appear, in one statement."""
        columns = {"org_id": self.org} | row
        self.admin.execute(
            f"insert into crm.mentions (mention_id, {', '.join(columns)}) "
            f"select m, {', '.join(['%s'] * len(columns))} from unnest(%s::int[]) as m",
            [*columns.values(), list(ids)],
        )

    def set(self, *ids: int, **row: Any) -> None:
        """Mentions change, in one statement."""
        self.admin.execute(
            f"update crm.mentions set {', '.join(f'{name} = %s' for name in row)} "
            "where mention_id = any (%s)",
            [*row.values(), list(ids)],
        )

    def delete(self, *ids: int) -> None:
        """Mentions disappear."""
        self.admin.execute("delete from crm.mentions where mention_id = any (%s)", [list(ids)])

    def emit(self, event: str, new: dict | None = None, **more: Any) -> int:
        """Something happens outside of the database."""
        names = "".join(f", p_{name} => %s" for name in more)
        values = [Jsonb(value) if isinstance(value, dict) else value for value in more.values()]
        return self.client.execute(
            f"select automation.emit_event(%s, %s{names})", [event, Jsonb(new or {}), *values]
        ).fetchone()[0]

    def work(self, answers: Any = None) -> int:
        """Let everything happen that is due."""
        return self.engine.work(answers)

    def notes(self) -> list[str]:
        """What rules have noted, in order."""
        return column(
            self.admin, "select note from crm.notes where org_id = %s order by note_id", self.org
        )

    def news(self) -> list[str]:
        """What rules have noted since the last time somebody asked, after doing what is due."""
        self.work()
        return column(
            self.admin,
            "with gone as (delete from crm.notes where org_id = %s returning *) "
            "select note from gone order by note_id",
            self.org,
        )

    def history(self, rule: uuid.UUID) -> list[dict]:
        """What has become of a rule's firings."""
        return rows(self.client, HISTORY, rule)

    def outcomes(self, rule: uuid.UUID) -> list[tuple]:
        """The same in short: what it happened to, status, reason."""
        return [(x["trigger_data"]["entity"], x["status"], x["reason"]) for x in self.history(rule)]

    def events(self) -> list[int]:
        """The ids of what has been recorded, in order."""
        return column(
            self.admin,
            "select event_id from automation.automation_events where org_id = %s order by event_id",
            self.org,
        )

    def explain(self, rule: uuid.UUID, event: int) -> list[dict]:
        return rows(self.client, "select * from automation.explain_rule(%s, %s)", rule, event)

    def verdict(self, rule: uuid.UUID, event: int | None = None) -> str:
        """Why a rule fires on an event, the last one if none is named, or not."""
        return self.explain(rule, event or self.events()[-1])[0]["reason"]

    def backlog(self) -> int:
        """How many events rules have not seen yet."""
        return one(
            self.admin,
            "select coalesce(sum(events), 0) as events from automation_private.event_batches "
            "where org_id = %s",
            self.org,
        )["events"]


def install(engine: Engine) -> Rules:
    """Set the domain up and register its actions; the rules of the engine's organisation."""
    engine.admin.execute(DOMAIN)
    for action in ("note", "write"):
        engine.call(
            "ops",
            "register_action",
            p_action=action,
            p_runs="native",
            p_description=action,
            p_handler=f"crm.{action}(jsonb,jsonb)",
        )
    return Rules(engine, engine.org)


def write(statement: str, **more: Any) -> dict:
    """An action of a rule that runs a statement inside the database."""
    return {"action": "write", "config": {"do": statement}} | more


def call(connection: psycopg.Connection, function: str, *arguments: Any) -> Any:
    """Call an API function of one value."""
    values = [Jsonb(a) if isinstance(a, dict | list) else a for a in arguments]
    marks = ", ".join(["%s"] * len(values))
    return connection.execute(f"select automation.{function}({marks})", values).fetchone()[0]


def rows(connection: psycopg.Connection, query: str, *values: Any) -> list[dict]:
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        return cursor.execute(query, values).fetchall()


def one(connection: psycopg.Connection, query: str, *values: Any) -> dict:
    return rows(connection, query, *values)[0]


def column(connection: psycopg.Connection, query: str, *values: Any) -> list:
    return [row[0] for row in connection.execute(query, values).fetchall()]


@contextmanager
def refused(sqlstate: str) -> Iterator[Any]:
    """What happens inside must raise that error."""
    with pytest.raises(errors.DatabaseError) as caught:
        yield caught
    assert caught.value.sqlstate == sqlstate, caught.value


def mistakes(error: psycopg.Error) -> list[str]:
    """What a refused document is told, as "pointer code"."""
    return sorted(
        f"{found['pointer']} {found['code']}".strip()
        for found in json.loads(error.diag.message_detail)
    )
