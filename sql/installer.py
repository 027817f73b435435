"""Installs the engine into a database, or brings it up to date.

Everything happens in one transaction: roles, schemas, pgmq, pending migrations with yoyo's marks,
code. Whatever kills it, the database is as it was before, and the next run starts afresh. A
transaction-level advisory lock keeps two runs apart, so a lock row of yoyo's is always stale.
"""

from __future__ import annotations

import io
import socket
import time
import uuid
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import yoyo
from pgmq.install import get_embedded_install_sql, get_embedded_sql_version
from yoyo import internalmigrations
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import parse_uri
from yoyo.exceptions import BadMigration
from yoyo.migrations import Migration, MigrationList, default_migration_table

from sql.code import Echo, Loader, is_current
from sql.manifest import ROOT, Manifest, MigrateError, check_frozen, read_manifest

__all__ = ["MigrateError", "migrate"]

OLDEST_SERVER = 15
OLDEST_PGMQ = "1.10.0"
ATTEMPTS = 5
LOCK_KEY = "automation.migrate"
LOCK_TIMEOUT = "10s"
SCHEMA = "automation_private"

FIND_PGMQ = """
    select
        (select e.extversion from pg_catalog.pg_extension as e where e.extname = 'pgmq'),
        pg_catalog.to_regclass('pgmq.meta') is not null,
        exists (
            select
            from pg_catalog.pg_attribute as a
            where a.attrelid = pg_catalog.to_regclass('pgmq.message_record')
                and a.attname = 'last_read_at'
        )
"""


class Bookkeeping(PostgresqlPsycopgBackend):
    """yoyo on a connection that is open already, inside the caller's transaction.

    yoyo itself commits a migration on one connection and its mark on another; here both commit
    together.
    """

    schema = SCHEMA

    def __init__(self, connection: psycopg.Connection) -> None:
        self._borrowed = connection
        super().__init__(parse_uri("postgresql+psycopg://"), default_migration_table)
        self._in_transaction = True  # yoyo's transactions become savepoints

    def connect(self, dburi: object) -> psycopg.Connection:
        """The caller's connection."""
        return self._borrowed

    def init_connection(self, connection: psycopg.Connection) -> None:
        """Let yoyo's tables be found in our schema, for this transaction only."""
        connection.execute(f"set local search_path = {self.schema}")

    def copy(self) -> Bookkeeping:
        """yoyo asks for a second connection; there is one."""
        return self

    def __exit__(self, *_: object) -> None:
        """The caller closes the connection."""

    def ensure_internal_schema_updated(self) -> None:
        """Create or upgrade yoyo's tables without its lock row and its commit."""
        if internalmigrations.needs_upgrading(self):
            internalmigrations.upgrade(self)

    def get_log_data(
        self, migration: Migration | None = None, operation: str = "apply"
    ) -> dict[str, object]:
        """A row for yoyo's log; its own asks DNS and /etc/passwd, which a container may lack."""
        return {
            "id": str(uuid.uuid4()),
            "migration_id": migration.id if migration else None,
            "migration_hash": migration.hash if migration else None,
            "username": self.connection.info.user,
            "hostname": socket.gethostname(),
            "created_at_utc": datetime.now(UTC).replace(tzinfo=None),
            "operation": operation,
        }

    def break_stale_lock(self) -> bool:
        """Remove the lock row of a `yoyo apply` that died; true if there was one."""
        if self.lock_table not in self.list_tables():
            return False
        return self.execute(f"delete from {self.lock_table}").rowcount > 0


def migrate(dsn: str, echo: Echo = print, *, root: Path = ROOT) -> bool:
    """Bring the database that a libpq connection string names up to date; false if it was already.

    Says what it does through `echo`, line by line. Raises MigrateError with a message for a person.
    """
    check_frozen(root)
    manifest = read_manifest(root)
    with closing(connect(dsn)) as connection:
        info = connection.info
        release = connection.execute("show server_version").fetchone()[0].split()[0]
        echo(f"database {info.dbname} on PostgreSQL {release}, as {info.user}")
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with connection.transaction():
                    return bring_up_to_date(connection, manifest, root, echo)
            except (MigrateError, psycopg.Error) as error:
                cause = error.__cause__ if isinstance(error, MigrateError) else error
                if attempt < ATTEMPTS and is_transient(cause):
                    echo(f"rolled back, trying again: {cause.diag.message_primary}")
                    continue
                raise explain(error, info.user) from error
        raise AssertionError("unreachable: the last attempt returns or raises")


def connect(dsn: str) -> psycopg.Connection:
    """Connect with any form of libpq connection string."""
    try:
        connection = psycopg.connect(
            dsn, autocommit=True, client_encoding="utf8", application_name="automation migrate"
        )
    except psycopg.ProgrammingError:
        # the error repeats the string, which may hold a password
        raise MigrateError("the DSN is neither a URL nor key=value pairs") from None
    except psycopg.OperationalError as error:
        raise MigrateError(f"cannot connect: {error}") from error
    if connection.info.server_version < OLDEST_SERVER * 10000:
        connection.close()
        raise MigrateError(f"the server is older than PostgreSQL {OLDEST_SERVER}")
    return connection


def bring_up_to_date(
    connection: psycopg.Connection, manifest: Manifest, root: Path, echo: Echo
) -> bool:
    """Do everything that is to be done, inside the caller's transaction."""
    started = time.monotonic()
    take_lock(connection, echo)
    migrations = yoyo.read_migrations(str(root / "migrations"))
    pending = find_pending(connection, migrations)
    if not pending and is_current(connection, manifest):
        echo(f"nothing to do: {len(migrations)} migrations are applied, the code is unchanged")
        return False
    loader = Loader(connection, manifest, echo)
    loader.prepare()
    echo("roles and schemas: in place")
    install_pgmq(connection, echo)
    apply_migrations(connection, migrations, echo)
    loader.load(force=pending)
    echo(f"done in {time.monotonic() - started:.1f} s")
    return True


def take_lock(connection: psycopg.Connection, echo: Echo) -> None:
    """Wait until no other migrate works on this database; then no longer for any table."""
    for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(f"set local {setting} = 0")
    lock = "advisory_xact_lock(pg_catalog.hashtextextended(%s, 0))"
    if not connection.execute(f"select pg_catalog.pg_try_{lock}", (LOCK_KEY,)).fetchone()[0]:
        echo("another migrate is running: waiting for it")
        connection.execute(f"select pg_catalog.pg_{lock}", (LOCK_KEY,))
    # a queue behind us would stop the application, so rather give way and try again
    connection.execute("select pg_catalog.set_config('lock_timeout', %s, true)", (LOCK_TIMEOUT,))


def find_pending(connection: psycopg.Connection, migrations: MigrationList) -> bool:
    """Whether there are migrations to apply; changes nothing."""
    bookkeeping = f"{SCHEMA}.{default_migration_table}"
    if connection.execute("select to_regclass(%s)", (bookkeeping,)).fetchone()[0] is None:
        return True
    with connection.transaction(force_rollback=True):
        return bool(Bookkeeping(connection).to_apply(migrations))


def install_pgmq(connection: psycopg.Connection, echo: Echo) -> None:
    """Install pgmq from the client's bundled SQL unless the database has a usable one."""
    extension, present, has_read_time = connection.execute(FIND_PGMQ).fetchone()
    if extension is None and not present:
        with connection.transaction():
            connection.execute(get_embedded_install_sql())
        echo(f"pgmq: installed {get_embedded_sql_version()} from the client's SQL")
    elif not has_read_time or (extension and as_numbers(extension) < as_numbers(OLDEST_PGMQ)):
        found = f"the extension pgmq {extension}" if extension else "the schema pgmq"
        raise MigrateError(f"{found} is older than {OLDEST_PGMQ}: upgrade it first")
    else:
        echo(f"pgmq: using the {f'extension {extension}' if extension else 'one installed by SQL'}")


def apply_migrations(connection: psycopg.Connection, migrations: MigrationList, echo: Echo) -> None:
    """Apply what is pending, each with its mark."""
    backend = Bookkeeping(connection)
    if backend.break_stale_lock():
        echo("removed the lock that an interrupted yoyo left behind")
    for migration in backend.to_apply(migrations):
        try:
            migration.load()
            if not migration.use_transactions:
                raise MigrateError(
                    f"migration {migration.id}: `transactional: false` is not supported, "
                    "because a migration and its mark commit together"
                )
            with redirect_stdout(io.StringIO()):  # yoyo prints the results of queries
                backend.apply_one(migration)
        except BadMigration as error:
            raise MigrateError(f"migration {migration.id} cannot be read: {error}") from error
        except psycopg.Error as error:
            detail = f"\n{error.diag.message_detail}" if error.diag.message_detail else ""
            message = error.diag.message_primary or str(error)
            raise MigrateError(f"migration {migration.id}: {message}{detail}") from error
        echo(f"migration {migration.id}: applied")


def is_transient(error: BaseException | None) -> bool:
    """Whether the same run may well succeed a moment later."""
    if isinstance(error, psycopg.errors.DeadlockDetected | psycopg.errors.LockNotAvailable):
        return True
    # roles belong to all databases of the server, and two of them may be migrating
    if isinstance(error, psycopg.errors.UniqueViolation):
        return error.diag.schema_name == "pg_catalog"
    return isinstance(error, psycopg.errors.InternalError_) and "concurrently" in str(error)


def explain(error: MigrateError | psycopg.Error, user: str) -> MigrateError:
    """Say it so that a person knows what to do."""
    cause = error.__cause__ if isinstance(error, MigrateError) else error
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        return MigrateError(
            f"{error}\nrole {user} may not do this: migrate as a superuser, or as a role with "
            "CREATEROLE that may create schemas in the database and has the admin option on the "
            "automation roles, if the server has them already"
        )
    return error if isinstance(error, MigrateError) else MigrateError(str(error).strip())


def as_numbers(version: str) -> tuple[int, ...]:
    """A version in a form that compares."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())
