"""The stage of the benchmarks: a server of its own, the product on it, logins, workers."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from demo.server import Server
from sql.installer import migrate

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "max_connections": "100",
    "track_functions": "none",
}
LOGINS = {
    "bench_app": ("automation_client", "automation_admin"),
    "bench_worker": ("automation_worker",),
}


class Stage:
    """A migrated database; `connect` gives connections of real logins."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        migrate(self.dsn(), echo=lambda line: None)
        self.admin = self.connect()
        for login, groups in LOGINS.items():
            if not self.value("select to_regrole(%s) is not null", login):
                self.admin.execute(
                    sql.SQL("create role {} login in role {}").format(
                        sql.Identifier(login), sql.SQL(", ").join(map(sql.Identifier, groups))
                    )
                )
        self.app = self.connect("bench_app")
        for login in LOGINS:
            self.app.execute("select automation.register_broker(%s)", [login])
        self.app.execute(
            "select automation.register_action("
            "'noop', 'external', 'Does nothing.', p_idempotent => true)"
        )
        self.admin.execute("vacuum analyze")

    def dsn(self, user: str = "postgres") -> str:
        """How to reach the database as a login."""
        return self.server.dsn(self.name, user)

    def connect(self, user: str = "postgres") -> psycopg.Connection:
        """Open a connection as a login, in autocommit mode."""
        return psycopg.connect(self.dsn(user), autocommit=True)

    def value(self, query: str, *args: object) -> object:
        """Fetch the single value that a query gives."""
        return self.admin.execute(query, args or None).fetchone()[0]

    def new_org(self, cap: int = 1_000_000) -> uuid.UUID:
        """Register an organisation and select it on the application's connection."""
        org = uuid.uuid4()
        self.app.execute("select automation.register_org(%s, 'UTC', %s)", [org, cap])
        self.select_org(org)
        return org

    def select_org(self, org: uuid.UUID, connection: psycopg.Connection | None = None) -> None:
        """Act for an organisation from now on."""
        (connection or self.app).execute(
            "select set_config('app.current_org_id', %s, false)", [str(org)]
        )

    def publish(self, definition: dict) -> uuid.UUID:
        """Create and publish a template for the selected organisation."""
        template = self.app.execute(
            "select automation.create_template(%s, %s)",
            [f"bench {uuid.uuid4()}", Jsonb(definition)],
        ).fetchone()[0]
        self.app.execute("select automation.publish_template(%s)", [template])
        return template

    def start(
        self, template: uuid.UUID, count: int, connection: psycopg.Connection | None = None
    ) -> None:
        """Start so many instances in one call."""
        items = Jsonb([{"trigger": {"roi": 300, "n": n}} for n in range(count)])
        (connection or self.app).execute(
            "select count(*) from automation.start_workflows(%s, %s)", [template, items]
        )

    @contextlib.contextmanager
    def workers(self, count: int, batch: int = 100, engine: bool = True) -> Iterator[None]:
        """Run real worker processes while the body runs."""
        environment = os.environ | {"AUTOMATION_LOG_LEVEL": "warning"}
        command = [sys.executable, "worker.py", "run", "--dsn", self.dsn("bench_worker")]
        command += [
            "--actions",
            "bench.actions",
            "--batch",
            str(batch),
            "--concurrency",
            str(batch),
        ]
        processes = [
            subprocess.Popen(
                command + (["--engine"] if engine and number == 0 else []),
                cwd=ROOT,
                env=environment,
            )
            for number in range(count)
        ]
        try:
            yield
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


def sequence(steps: int, action: str = "noop") -> dict:
    """A definition of so many external actions, one after another."""
    return {
        "steps": [
            {"id": f"s{n}", "type": "action", "action": action, "config": {"n": n}}
            | ({"next": f"s{n + 1}"} if n < steps else {})
            for n in range(1, steps + 1)
        ]
    }


def internal_steps(pairs: int) -> dict:
    """A definition of conditions and assignments by turns."""
    steps = []
    for n in range(1, pairs + 1):
        steps.append(
            {"id": f"c{n}", "type": "condition", "condition": "roi > 200", "true_next": f"v{n}"}
        )
        steps.append(
            {"id": f"v{n}", "type": "set", "values": {"roi": 250 + n}}
            | ({"next": f"c{n + 1}"} if n < pairs else {})
        )
    return {"steps": steps}
