"""The engine's jobs in pg_cron: in the engine's own database, or from the one where pg_cron is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from py_actions.runtime.database import Connection, describe_error

Echo = Callable[[str], None]

PLACE = "select pg_postmaster_start_time(), current_database()::text, current_user::text"
JOBS = "select job_name, schedule, command, runs_in from automation.cron_jobs()"

# What automation.require_cron, enable_cron and disable_cron do, for a database without them.
RIGHTS = """
    select
        quote_ident(current_user), has_schema_privilege(n.oid, 'usage'),
        has_function_privilege(p.oid, 'execute'),
        has_table_privilege(d.oid, 'select') and has_table_privilege(d.oid, 'delete')
    from pg_extension as e
    inner join pg_namespace as n on n.nspname = 'cron'
    left join pg_proc as p on p.pronamespace = n.oid and p.proname = 'schedule_in_database'
    left join pg_class as d on d.relnamespace = n.oid and d.relname = 'job_run_details'
    where e.extname = 'pg_cron'
"""
LOCK = "select pg_advisory_xact_lock(hashtextextended('automation.enable_cron', 0))"
DROP_CHANGED = """
    select cron.unschedule(j.jobid)
    from cron.job as j
    where j.jobname = %(name)s and j.username = current_user
        and (j.schedule, j.command, j.database, j.active)
        is distinct from (%(schedule)s, %(command)s, %(database)s, true)
"""
SCHEDULE = """
    select cron.schedule_in_database(%(name)s, %(schedule)s, %(command)s, %(database)s)
"""
UNSCHEDULE = """
    select j.jobid, j.jobname::text, cron.unschedule(j.jobid)
    from cron.job as j
    where j.jobname::text = any (%s) and j.username = current_user
    order by j.jobname
"""
STATUS = """
    select
        j.jobname::text, j.active,
        format(
            'job %%s: %%s, %%s, %%s, as %%s in %%s, last run: %%s', j.jobid, j.jobname,
            case when j.active then 'active' else 'stopped' end, j.schedule, j.username,
            j.database, coalesce(r.outcome, 'none yet')
        )
    from cron.job as j
    left join lateral (
        select concat_ws(' ', d.status, coalesce(d.end_time, d.start_time), d.return_message)
            as outcome
        from cron.job_run_details as d
        where d.jobid = j.jobid
        order by d.runid desc
        limit 1
    ) as r on true
    where j.jobname::text = any (%s)
    order by j.jobname, j.username
"""


class CronError(Exception):
    """The jobs cannot be set up; the message is for a person."""


@dataclass(frozen=True)
class Places:
    """A connection to the engine's database and one to pg_cron's, which may be the same."""

    engine: Connection
    cron: Connection
    engine_database: str
    cron_database: str
    login: str

    @property
    def apart(self) -> bool:
        """Whether pg_cron lives in another database than the engine."""
        return self.engine_database != self.cron_database


def enable(dsn: str, cron_dsn: str, echo: Echo) -> None:
    """Let pg_cron run the engine and prune its log, as the login of `cron_dsn`.

    Doing it again changes nothing. Raises CronError with what is missing.
    """
    with _places(dsn, cron_dsn, echo) as places:
        if places.apart:
            _enable_from_afar(places, echo)
            return
        for job_id, name in places.cron.execute(
            "select job_id, job_name from automation.enable_cron()"
        ):
            echo(f"job {job_id}: {name}")


def disable(dsn: str, cron_dsn: str, echo: Echo) -> None:
    """Take back what `enable` scheduled as the same login."""
    with _places(dsn, cron_dsn, echo) as places:
        _require_cron(places)
        places.cron.execute(LOCK)
        names = [row[0] for row in places.engine.execute(JOBS)]
        for job_id, name, _ in places.cron.execute(UNSCHEDULE, (names,)):
            echo(f"job {job_id}: {name}: removed")


def status(dsn: str, cron_dsn: str, echo: Echo) -> bool:
    """Say which jobs there are and how their last runs went; whether the engine's is active."""
    with _places(dsn, cron_dsn, echo) as places:
        _require_cron(places)
        runs_in = {row[0]: row[3] for row in places.engine.execute(JOBS)}
        jobs = places.cron.execute(STATUS, (list(runs_in),)).fetchall()
    for _, _, description in jobs:
        echo(description)
    if any(active and runs_in[name] == "engine" for name, active, _ in jobs):
        return True
    echo("pg_cron does not run the engine")
    return False


@contextmanager
def _places(dsn: str, cron_dsn: str, echo: Echo) -> Iterator[Places]:
    try:
        with (
            psycopg.connect(dsn, connect_timeout=10) as engine,
            psycopg.connect(cron_dsn, connect_timeout=10) as cron,
        ):
            cron.add_notice_handler(lambda notice: echo(notice.message_primary or ""))
            (started, here, _), (started_there, there, login) = (
                connection.execute(PLACE).fetchone() or () for connection in (engine, cron)
            )
            if started != started_there:
                raise CronError("pg_cron must be on the server of the engine's database")
            yield Places(engine, cron, here, there, login)
    except psycopg.Error as error:
        hint = f" ({error.diag.message_hint})" if error.diag.message_hint else ""
        detail = f": {error.diag.message_detail}" if error.diag.message_detail else ""
        raise CronError(describe_error(error) + detail + hint) from None


def _enable_from_afar(places: Places, echo: Echo) -> None:
    places.engine.execute("select automation.require_clock_login(%s)", (places.login,))
    may_prune = _require_cron(places)
    places.cron.execute(LOCK)
    for name, schedule, command, runs_in in places.engine.execute(JOBS):
        if runs_in == "cron" and not may_prune:
            echo(f"nobody prunes the log of pg_cron: {places.login} may not delete from it")
            continue
        database = places.engine_database if runs_in == "engine" else places.cron_database
        job = {"name": name, "schedule": schedule, "command": command, "database": database}
        places.cron.execute(DROP_CHANGED, job)
        (job_id,) = places.cron.execute(SCHEDULE, job).fetchone() or (None,)
        echo(f"job {job_id}: {name}")


def _require_cron(places: Places) -> bool:
    """Raise CronError unless the login can use pg_cron; whether it can delete from its log."""
    rights = places.cron.execute(RIGHTS).fetchone()
    if rights is None:
        raise CronError(
            f"pg_cron is not installed in database {places.cron_database} "
            "(name the one where it is with --cron-database, or create extension pg_cron)"
        )
    login, may_use, may_schedule, may_prune = rights
    if not may_use:
        raise CronError(f"{login} may not use pg_cron (grant usage on schema cron to {login})")
    if places.apart and may_schedule is None:
        raise CronError("pg_cron is older than 1.4 (alter extension pg_cron update)")
    if places.apart and not may_schedule:
        raise CronError(
            f"{login} may not schedule jobs for other databases (grant execute on "
            f"function cron.schedule_in_database to {login})"
        )
    return bool(may_prune)
