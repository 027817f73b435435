"""Servers, databases, logins, organisations and a clock that moves.

All test workers share one server of each kind. Each worker migrates a template per server once, and
each test gets a clone of it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from pytest_postgresql import factories
from pytest_postgresql.janitor import DatabaseJanitor

from demo.server import EXTENSIONS, Server, discard, locked, make_temporary_home, system_bindirs
from sql.installer import migrate

pytest_plugins = ["tests.engine"]

LOGINS = {
    "app_backend": "automation_client",
    "svc_a": "automation_client",
    "svc_b": "automation_client",
    "bi_ro": "automation_reader",
    "worker": "automation_worker",
    "ops": "automation_admin",
    "stranger": None,
}
BROKERS = ("app_backend", "worker")

CREATE_LOGIN = """
    do $$ begin
        create role {login} login;
    exception when duplicate_object or unique_violation then
        null;
    end $$
"""

REPLACE_CLOCK = """
    create or replace function automation_private.clock()
    returns timestamptz
    language sql
    volatile
    return {now} + {offset}::interval
"""

homes = pytest.StashKey[dict[str, str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run be limited to one server."""
    parser.addoption(
        "--server",
        choices=["all", "embedded", "system"],
        default="all",
        help="run on the embedded PostgreSQL 18, the system's, or both (default)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the directories of the servers; xdist workers are told those of the controller."""
    if hasattr(config, "workerinput"):
        config.stash[homes] = config.workerinput["homes"]
    elif os.environ.get("AUTOMATION_REQUIRE_SYSTEM_PG") == "1" and (missing := missing_parts()):
        raise pytest.UsageError(f"AUTOMATION_REQUIRE_SYSTEM_PG is set, but missing: {missing}")
    elif not config.option.collectonly:
        config.stash[homes] = {
            kind: str(make_temporary_home(in_memory=True)) for kind in kinds(config)
        }


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Hand the servers' directories to an xdist worker."""
    node.workerinput["homes"] = node.config.stash[homes]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the servers, at the end of the whole run."""
    if not hasattr(config, "workerinput"):
        for kind, home in config.stash.get(homes, {}).items():
            discard(kind, Path(home))


def pytest_report_header(config: pytest.Config) -> str:
    """Say which servers the run covers."""
    return f"servers: {', '.join(kinds(config))}"


def missing_parts() -> str:
    """What the system's PostgreSQL lacks for the whole suite."""
    bindirs = system_bindirs()
    if not bindirs:
        return "PostgreSQL"
    libraries = bindirs[-1].parent / "lib"
    return ", ".join(name for name in EXTENSIONS if not (libraries / f"{name}.so").exists())


def kinds(config: pytest.Config) -> list[str]:
    """The servers that this run covers."""
    available = ["embedded", "system"] if system_bindirs() else ["embedded"]
    return [kind for kind in available if config.option.server in ("all", kind)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that needs a database once on every server, or on the one it is marked for."""
    if "kind" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("on")
    chosen = [k for k in kinds(metafunc.config) if marker is None or k in marker.args]
    if not chosen:
        skip = pytest.mark.skip(reason=f"needs the {marker.args[0]} server")
        chosen = [pytest.param(marker.args[0], marks=skip)]
    metafunc.parametrize("kind", chosen, scope="session")


@dataclass
class Database:
    """One database of one server, and ways to reach it."""

    server: Server
    name: str
    connections: list[psycopg.Connection] = field(default_factory=list)

    def dsn(self, user: str = "postgres", **conninfo: object) -> str:
        """A libpq connection string for a login role."""
        return self.server.dsn(self.name, user, **conninfo)

    def connect(
        self,
        user: str = "postgres",
        org: UUID | None = None,
        user_id: UUID | None = None,
        autocommit: bool = True,
        **conninfo: object,
    ) -> psycopg.Connection:
        """A session of a login role that acts for an organisation and a user."""
        connection = psycopg.connect(self.dsn(user, **conninfo), autocommit=True)
        self.connections.append(connection)
        for setting, value in (("app.current_org_id", org), ("app.current_user_id", user_id)):
            if value is not None:
                connection.execute("select set_config(%s, %s, false)", (setting, str(value)))
        connection.autocommit = autocommit
        return connection

    def psql(self, *commands: str, user: str = "postgres", file: Path | None = None) -> str:
        """Run commands, or a file, with psql; returns what it prints."""
        arguments = [part for command in commands for part in ("-c", command)]
        arguments += ["-f", str(file)] if file else []
        return self.program("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *arguments, user=user)

    def program(self, name: str, *arguments: str, user: str = "postgres") -> str:
        """Run a client program of the server's own installation on this database."""
        command = [self.server.program(name), "-d", self.dsn(user), *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def close(self) -> None:
        """Close every connection that was made through this object."""
        while self.connections:
            self.connections.pop().close()


@dataclass(frozen=True)
class Orgs:
    """Two organisations that must never see each other."""

    a: UUID
    b: UUID


class Clock:
    """Replaces automation_private.clock(): it runs from an offset, or stands still."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.now: sql.Composable = sql.SQL("clock_timestamp()")
        self.offset = "0"

    def move(self, interval: str) -> datetime:
        """Move the clock by an interval."""
        self.offset = self.connection.execute(
            "select (%s::interval + %s::interval)::text", (self.offset, interval)
        ).fetchone()[0]
        return self.replace()

    def freeze(self, at: str | datetime | None) -> datetime:
        """Stop the clock at an instant; None lets the real time run again."""
        self.offset = "0"
        self.now = sql.SQL("clock_timestamp()")
        if at is not None:
            self.now = sql.SQL("{}::timestamptz").format(sql.Literal(str(at)))
        return self.replace()

    def replace(self) -> datetime:
        """Put the new clock in place."""
        self.connection.execute(
            sql.SQL(REPLACE_CLOCK).format(now=self.now, offset=sql.Literal(self.offset))
        )
        return self.connection.execute("select automation_private.clock()").fetchone()[0]


def load_template(**conninfo: object) -> None:
    """Migrate a template and give the logins their groups; pytest-postgresql calls it."""
    del conninfo["autocommit"], conninfo["password"]
    home = Path(str(conninfo["host"])).parent
    dsn = psycopg.conninfo.make_conninfo(**conninfo)
    # roles belong to the whole server, and workers load their templates at the same time
    with locked(home):
        migrate(dsn, echo=lambda line: None)
        enrol_logins(dsn)


def create_logins(server: Server) -> None:
    """Create the login roles, unless the server has them."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        for login in LOGINS:
            connection.execute(sql.SQL(CREATE_LOGIN).format(login=sql.Identifier(login)))


def enrol_logins(dsn: str) -> None:
    """Make every login a member of its group, and the platform's own ones brokers."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for login, group in LOGINS.items():
            if group:
                grant = sql.SQL("grant {} to {}")
                connection.execute(grant.format(sql.Identifier(group), sql.Identifier(login)))
        for login in BROKERS:
            connection.execute("select automation.register_broker(%s)", (login,))


def shared_server(kind: str) -> Callable[[pytest.FixtureRequest], Server]:
    """A fixture for the server of one kind that all workers share; it starts when first needed."""

    @pytest.fixture(scope="session")
    def fixture(request: pytest.FixtureRequest) -> Server:
        server = Server(kind, home=Path(request.config.stash[homes][kind])).start()
        create_logins(server)
        return server

    return fixture


embedded_server = shared_server("embedded")
system_server = shared_server("system")
embedded_template = factories.postgresql_noproc(
    depends_on="embedded_server", dbname="automation", load=[load_template]
)
system_template = factories.postgresql_noproc(
    depends_on="system_server", dbname="automation", load=[load_template]
)
embedded_clone = factories.postgresql("embedded_template")
system_clone = factories.postgresql("system_template")


@pytest.fixture
def server(kind: str, request: pytest.FixtureRequest) -> Server:
    """The server under test."""
    return request.getfixturevalue(f"{kind}_server")


@pytest.fixture
def database(kind: str, server: Server, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh clone of the migrated template."""
    clone = request.getfixturevalue(f"{kind}_clone")
    database = Database(server, clone.info.dbname)
    yield database
    database.close()


@pytest.fixture
def db(database: Database) -> psycopg.Connection:
    """A superuser's connection to the clone, in autocommit mode."""
    return database.connect()


@pytest.fixture
def orgs(db: psycopg.Connection) -> Orgs:
    """Two organisations with their services; bi_ro reads the first."""
    orgs = Orgs(
        a=UUID("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"),
        b=UUID("bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"),
    )
    access = ((orgs.a, ("svc_a", "bi_ro")), (orgs.b, ("svc_b",)))
    for org, logins in access:
        db.execute("select automation.register_org(%s)", (org,))
        for login in logins:
            db.execute("select automation.grant_org_access(%s, %s)", (login, org))
    return orgs


@pytest.fixture
def clock(db: psycopg.Connection) -> Clock:
    """The engine's clock."""
    return Clock(db)


@pytest.fixture
def move_clock(clock: Clock) -> Callable[[str], datetime]:
    """`move_clock("3 days")` makes the engine's clock jump."""
    return clock.move


@pytest.fixture
def freeze_clock(clock: Clock) -> Callable[[str | datetime | None], datetime]:
    """`freeze_clock("2026-03-29 00:59:59+00")` stops the engine's clock there."""
    return clock.freeze


@pytest.fixture
def empty_database(server: Server, worker_id: str) -> Iterator[Database]:
    """A database in which nothing is installed."""
    janitor = DatabaseJanitor(
        user=server.user, host=server.host, port=server.port, dbname=f"empty_{worker_id}"
    )
    janitor.drop()
    with janitor:
        database = Database(server, janitor.dbname)
        yield database
        database.close()


@contextmanager
def private_database(kind: str, settings: Mapping[str, str] | None = None) -> Iterator[Database]:
    """A migrated database on a server of its own, which nobody else uses."""
    with Server(kind, settings=settings) as server:
        database = Database(server, "automation")
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("create database automation")
        create_logins(server)
        migrate(database.dsn(), echo=lambda line: None)
        enrol_logins(database.dsn())
        yield database
        database.close()


@pytest.fixture
def own_database(kind: str) -> Iterator[Database]:
    """A migrated database on a server of this test's own, which it may stop and restart."""
    with private_database(kind) as database:
        yield database
