"""The platform's look-alike as tests use it: two organisations, their people, the actions."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from demo.stage import HERE, load_adapters

ROLES = ("marketing_manager", "social_manager", "content_creator", "analyst")


class Platform:
    """Two organisations without people, and the actions as the engine calls them."""

    def __init__(self, connection: psycopg.Connection, coffee: UUID, gym: UUID) -> None:
        self.connection = connection
        self.coffee = coffee
        self.gym = gym
        connection.execute((HERE / "domain.sql").read_text())
        load_adapters(connection)
        for org, name in ((coffee, "Dilmun"), (gym, "Nordlauf")):
            self.insert("orgs", org_id=org, name=name)
        self.roles = {code: self.insert("roles", role_name=code, role_code=code) for code in ROLES}

    def insert(self, table: str, **values: Any) -> UUID:
        """Insert a row; its id."""
        statement = sql.SQL("insert into cmis.{} ({}) values ({}) returning *").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(sql.Placeholder() * len(values)),
        )
        row = [Jsonb(v) if isinstance(v, dict | list) else v for v in values.values()]
        return self.connection.execute(statement, row).fetchone()[0]

    def add_person(self, name: str, role: str, org: UUID | None = None) -> UUID:
        """A member of an organisation."""
        user_id = self.insert("users", email=f"{name}@x.example", name=name)
        self.insert(
            "user_orgs", user_id=user_id, org_id=org or self.coffee, role_id=self.roles[role]
        )
        return user_id

    def one(self, query: str, *values: Any) -> Any:
        """The single value of a query."""
        return self.connection.execute(query, values).fetchone()[0]

    def call(self, action: str, org: UUID | None = None, /, **config: Any) -> dict:
        """Run an action as the engine does: as its actor, with the platform's settings."""
        with self.connection.transaction():
            return perform(self.connection, action, org or self.coffee, config)

    def refused(self, action: str, org: UUID | None = None, /, **config: Any) -> psycopg.Error:
        """Run an action that must refuse."""
        with pytest.raises(psycopg.Error) as caught:
            self.call(action, org, **config)
        return caught.value


def perform(
    connection: psycopg.Connection, action: str, org: UUID, config: dict, step: UUID | None = None
) -> dict:
    """Run an action in the transaction that is open, for a step if it is named."""
    context = {
        "org_id": org,
        "instance_id": uuid4(),
        "idempotency_key": step or uuid4(),
        "user_id": None,
    }
    connection.execute("select set_config('app.current_org_id', %s, true)", [str(org)])
    connection.execute("set local role automation_actor")
    return connection.execute(
        f"select automation_cmis.{action}(%s, %s)",
        [Jsonb(config, dumps=dump), Jsonb(context, dumps=dump)],
    ).fetchone()[0]


def dump(value: Any) -> str:
    return json.dumps(value, default=str)
