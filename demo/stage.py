"""Sets the stage: a fresh database with the engine, a look-alike of the platform, its people."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from demo.server import DEMO_DATABASE, Server
from sql.code import execute_file
from sql.installer import migrate
from sql.manifest import read_sources

HERE = Path(__file__).parent
ADAPTERS = HERE.parent / "sql" / "cmis" / "install.sql"
RULES = ("crisis", "negative_mention", "campaign_report", "budget_spent", "weekly_report")
BACKEND = "cmis_backend"
WORKER = "cmis_worker"

ORGANISATIONS = """
    select
        o.org_id::text, o.name, o.timezone,
        (
            select m.user_id::text
            from cmis.user_orgs as m
            join cmis.roles as r using (role_id)
            where m.org_id = o.org_id and r.role_code = 'marketing_manager'
        )
    from cmis.orgs as o
    order by o.name
"""

# Authors wish for slots over the day; nobody wants to watch that long.
BRING_SLOTS_FORWARD = """
    update cmis.scheduled_posts as p
    set scheduled_at = (now() + make_interval(secs => %(first)s + %(span)s * wished.place))
        at time zone 'utc'
    from (
        select post_id, percent_rank() over (order by scheduled_at, post_id) as place
        from cmis.scheduled_posts
        where org_id = %(org)s and status = 'draft' and approval_status = 'pending'
    ) as wished
    where p.org_id = %(org)s and p.post_id = wished.post_id
"""


@dataclass(frozen=True)
class Org:
    """One company of the demo, the login it has, and who starts its workflows."""

    org_id: str
    name: str
    timezone: str
    manager: str

    @property
    def login(self) -> str:
        """The login role of the company's own reports."""
        return self.name.split()[0].lower()


@dataclass(frozen=True)
class Stage:
    """Where everything is."""

    server: Server
    orgs: list[Org]
    templates: dict[str, str] = field(default_factory=dict)
    """The published content workflow of each organisation."""
    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    """The active rules of each organisation, by the name of their file."""

    def connect(
        self, login: str, org: Org | None = None, user_id: str | None = None
    ) -> psycopg.Connection:
        """A session of a login role that acts for an organisation and a user."""
        connection = psycopg.connect(self.server.dsn(DEMO_DATABASE, login), autocommit=True)
        select_org(connection, org.org_id if org else None, user_id)
        return connection


def select_org(
    connection: psycopg.Connection, org_id: str | None, user_id: str | None = None
) -> None:
    """Name the organisation and the user that the session acts for, as the platform does."""
    for setting, value in (("app.current_org_id", org_id), ("app.current_user_id", user_id)):
        if value is not None:
            connection.execute("select set_config(%s, %s, false)", (setting, value))


def load_adapters(connection: psycopg.Connection) -> None:
    """Load sql/cmis: the actions on the platform's own records."""
    with connection.transaction():
        for source in read_sources(ADAPTERS):
            execute_file(connection, source)


def load_domain(connection: psycopg.Connection) -> None:
    """Create the platform's look-alike tables and fill them."""
    for name in ("domain.sql", "data.sql"):
        connection.execute((HERE / name).read_text(encoding="utf-8"))


def set_stage(server: Server, say: Callable[[str], None]) -> Stage:
    """Build the demo's database anew; publish the workflow and the rules in both companies."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"drop database if exists {DEMO_DATABASE} with (force)")
        connection.execute(f"create database {DEMO_DATABASE}")
    migrate(server.dsn(DEMO_DATABASE), echo=say)
    with psycopg.connect(server.dsn(DEMO_DATABASE), autocommit=True) as connection:
        load_domain(connection)
        load_adapters(connection)
        for name in ("logins.sql", "rules.sql"):
            connection.execute((HERE / name).read_text(encoding="utf-8"))
        orgs = [Org(*row) for row in connection.execute(ORGANISATIONS)]
    stage = Stage(server, orgs)
    for org in orgs:
        with stage.connect(BACKEND, org) as connection:
            add_members(connection)
            stage.templates[org.org_id] = publish(connection)
            stage.rules[org.org_id] = {name: activate(connection, name) for name in RULES}
    return stage


def bring_slots_forward(stage: Stage, first: float, last: float) -> None:
    """Move the slots that authors wished for into the next seconds, in their order."""
    for org in stage.orgs:
        with stage.connect(BACKEND, org) as connection:
            connection.execute(
                BRING_SLOTS_FORWARD, {"org": org.org_id, "first": first, "span": last - first}
            )


def add_members(connection: psycopg.Connection) -> None:
    """Tell the engine who the people of the organisation are."""
    connection.execute(
        """
        select automation.set_member(m.user_id, r.role_code)
        from cmis.user_orgs as m
        join cmis.roles as r using (role_id)
        where m.org_id = automation.current_org_id()
        """
    )


def publish(connection: psycopg.Connection) -> str:
    """Create the content workflow in the current organisation and publish it."""
    definition = json.loads((HERE / "content_workflow.json").read_text(encoding="utf-8"))
    template_id = connection.execute(
        """
        select automation.create_template(
            p_name => 'Automated content workflow',
            p_definition => %s,
            p_category => 'social',
            p_description => 'Rates a submitted post; publishes it, asks people, or hands it back.'
        )
        """,
        (Jsonb(definition),),
    ).fetchone()[0]
    connection.execute("select automation.publish_template(%s)", (template_id,))
    return str(template_id)


def read_rule(name: str) -> dict[str, Any]:
    """A rule as it is written in its file."""
    return json.loads((HERE / "rules" / f"{name}.json").read_text(encoding="utf-8"))


def title_of(name: str) -> str:
    """What a rule is called, in whichever vocabulary it is written."""
    rule = read_rule(name)
    return rule.get("name") or rule["rule_name"]


def activate(connection: psycopg.Connection, name: str) -> str:
    """Create a rule in the current organisation and let it fire from now on."""
    rule_id = connection.execute(
        "select automation.create_rule(%s)", (Jsonb(read_rule(name)),)
    ).fetchone()[0]
    connection.execute("select automation.activate_rule(%s)", (rule_id,))
    return str(rule_id)
