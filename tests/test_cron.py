"""pg_cron rings the bell: set up, refused, taken back, pruned, and seen to work for real.

One server has pg_cron in the database of an engine (home) and rings for a second engine (branch)
from there. It belongs to this module: a job must not keep another test's database busy.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from typer.testing import CliRunner, Result

from demo.server import ROOT, system_bindirs
from py_actions.runtime import cron
from tests.conftest import LOGINS, Database, private_database
from tests.engine import Engine, act
from worker import app

pytestmark = [
    pytest.mark.on("system"),
    pytest.mark.skipif(
        not any((path.parent / "lib/pg_cron.so").exists() for path in system_bindirs()[-1:]),
        reason="the system's PostgreSQL has no pg_cron",
    ),
]

BELL = "bell"
GROUPS = [f"automation_{name}" for name in ("client", "reader", "worker", "admin")]
ENGINE_COMMAND = "call automation.run_engine(interval '55 seconds')"
WARNING = f"nobody prunes the log of pg_cron: {BELL} may not delete from it"

WAITING = "select count(*) from pg_locks where locktype = 'advisory' and not granted"


@dataclass(frozen=True)
class Place:
    """An engine, and the database with the pg_cron that rings for it."""

    database: Database
    cron: Database
    admin: psycopg.Connection  # a superuser beside pg_cron

    def command(self, verb: str, user: str = BELL, **options: str) -> Result:
        """Call `worker.py cron …` for this engine."""
        if self.database is not self.cron and "cron_dsn" not in options:
            options = {"cron_database": self.cron.name} | options
        arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        return CliRunner().invoke(
            app, ["cron", verb, f"--dsn={self.database.dsn(user)}", *arguments]
        )

    def jobs(self) -> list[tuple]:
        """What is scheduled for this engine: name, schedule, database, login, active."""
        return self.admin.execute(
            """
            select j.jobname::text, j.schedule, j.database, j.username, j.active
            from cron.job as j
            where j.jobname ~ (%s || '$')
            order by j.jobname
            """,
            [self.database.name],
        ).fetchall()

    @property
    def expected(self) -> list[tuple]:
        """What `jobs` says when everything is set up."""
        mine, there = self.database.name, self.cron.name
        return [
            (f"automation engine {mine}", "* * * * *", mine, BELL, True),
            (f"automation pruning {mine}", "17 3 * * *", there, BELL, True),
        ]


@contextmanager
def server_with_cron(kind: str, **settings: str) -> Iterator[list[Place]]:
    """Home and branch, on a server of their own, with the login that pg_cron shall run as."""
    settings = {"cron.database_name": "home"} | settings
    with private_database(kind, settings) as branch:
        connection = branch.connect()
        connection.execute(f"create role {BELL} login in role automation_worker")
        connection.execute("select automation.register_broker(%s)", [BELL])
        branch.close()
        # not the other way round: pg_cron stays connected to the database where it is
        with psycopg.connect(branch.server.dsn(), autocommit=True) as connection:
            connection.execute(f"create database home template {branch.name}")
        home = Database(branch.server, "home")
        with psycopg.connect(home.dsn(), autocommit=True) as admin:
            admin.execute("create extension pg_cron")
            admin.execute(f"grant usage on schema cron to {BELL}")
            admin.execute(f"grant execute on function cron.schedule_in_database to {BELL}")
            yield [Place(home, home, admin), Place(branch, home, admin)]
            home.close()


@pytest.fixture(scope="module")
def places(kind: str) -> Iterator[list[Place]]:
    """The engine beside pg_cron and the one in another database."""
    with server_with_cron(kind) as places:
        yield places


@pytest.fixture
def admin(places: list[Place]) -> Iterator[psycopg.Connection]:
    """A superuser beside pg_cron; every job is gone afterwards."""
    admin = places[0].admin
    yield admin
    admin.execute("select cron.unschedule(jobid) from cron.job")
    admin.execute("truncate cron.job_run_details")
    for place in places:
        place.database.close()


@pytest.fixture
def home(places: list[Place], admin: psycopg.Connection) -> Place:
    """The engine in the database where pg_cron is."""
    return places[0]


@pytest.fixture
def branch(places: list[Place], admin: psycopg.Connection) -> Place:
    """The engine in another database."""
    return places[1]


@pytest.fixture(params=["home", "branch"])
def place(request: pytest.FixtureRequest, home: Place, branch: Place) -> Place:
    """Each of the two."""
    return {"home": home, "branch": branch}[request.param]


def refusal(connection: psycopg.Connection, call: str = "enable_cron()") -> psycopg.Error:
    """The error of a call that must be refused."""
    with pytest.raises(psycopg.Error) as caught:
        connection.execute(f"select automation.{call}")
    return caught.value


# ---- setting up and taking back


def test_the_jobs_are_set_up_once_however_often_it_is_asked_for(place):
    first, second = place.command("enable"), place.command("enable")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert first.output == second.output
    assert place.jobs() == place.expected


def test_the_functions_return_the_jobs(home):
    bell = home.database.connect(BELL)
    jobs = bell.execute("select * from automation.enable_cron()").fetchall()
    assert [name for _, name in jobs] == [name for name, *_ in home.expected]
    assert bell.execute("select * from automation.enable_cron()").fetchall() == jobs
    assert bell.execute("select * from automation.disable_cron()").fetchall() == jobs
    assert bell.execute("select * from automation.disable_cron()").fetchall() == []


@pytest.mark.parametrize(
    "change",
    ["active = false", "command = 'select 1'", "schedule = '0 0 1 1 *'", "database = 'template1'"],
)
def test_jobs_that_somebody_changed_are_put_right(place, admin, change):
    place.command("enable")
    before = admin.execute("select command from cron.job order by jobname").fetchall()
    assert before[0] == (ENGINE_COMMAND,)
    admin.execute(f"update cron.job set {change}")
    place.command("enable")
    assert place.jobs() == place.expected
    assert admin.execute("select command from cron.job order by jobname").fetchall() == before


def test_two_who_put_the_same_jobs_right_wait_for_each_other(place, admin):
    place.command("enable")
    admin.execute("update cron.job set active = false")
    first = place.cron.connect(BELL, autocommit=False)
    first.execute("select pg_advisory_xact_lock(hashtextextended('automation.enable_cron', 0))")
    dsn, cron_dsn, said = place.database.dsn(BELL), place.cron.dsn(BELL), []
    with ThreadPoolExecutor() as threads:
        others = [threads.submit(cron.enable, dsn, cron_dsn, said.append) for _ in range(2)]
        while admin.execute(WAITING).fetchone() != (2,):
            assert not any(other.done() for other in others)
        first.commit()
    assert [other.exception() for other in others] == [None, None]
    assert len(said) == 4
    assert len(set(said)) == 2
    assert place.jobs() == place.expected


def test_engines_of_one_server_do_not_take_each_others_jobs(home, branch):
    home.command("enable")
    branch.command("enable")
    assert (home.jobs(), branch.jobs()) == (home.expected, branch.expected)
    home.command("disable")
    assert (home.jobs(), branch.jobs()) == ([], branch.expected)


def test_a_login_takes_back_only_its_own_jobs(home, admin):
    admin.execute(
        "select cron.schedule(%s, '* * * * *', 'select 1')",
        [f"automation engine {home.database.name}"],
    )
    home.command("enable")
    home.command("disable")
    assert [login for *_, login, _ in home.jobs()] == ["postgres"]


def test_a_superuser_may_set_it_up_in_the_name_of_the_login(home, admin):
    with admin.transaction():
        admin.execute(f"set local role {BELL}")
        admin.execute("select automation.enable_cron()")
    assert home.jobs() == home.expected


def test_taking_back_says_what_there_was(place):
    place.command("enable")
    removed = place.command("disable").output
    assert all(f"{name}: removed" in removed for name, *_ in place.expected)
    again = place.command("disable")
    assert (again.exit_code, again.output) == (0, "")
    assert place.jobs() == []


def test_the_status_says_whether_the_engine_runs(place, admin):
    assert place.command("status").exit_code == 1
    place.command("enable")
    admin.execute(
        """
        insert into cron.job_run_details (jobid, runid, username, status, return_message)
        select j.jobid, 1000000, j.username, 'failed', 'connection failed' from cron.job as j
        where j.jobname ~ 'engine'
        """
    )
    shown = place.command("status")
    assert shown.exit_code == 0
    assert "failed connection failed" in shown.output
    assert "none yet" in shown.output
    admin.execute("update cron.job set active = false where jobname ~ 'engine'")
    assert place.command("status").exit_code == 1


# ---- the log


def log_runs(admin: psycopg.Connection, home: Place, prune: str) -> list[str]:
    """Fill the log of pg_cron; what must be left of it after pruning."""
    here, weeks, days = home.database.name, "9 days", "6 days"
    runs = [
        ("old", BELL, here, ENGINE_COMMAND, weeks),
        ("older than a known one, without a time", BELL, here, ENGINE_COMMAND, None),
        ("with another interval", BELL, here, "call automation.run_engine('1 minute')", weeks),
        ("another job of the login", BELL, here, "call automation.other()", weeks),
        ("another login's", "svc_a", here, ENGINE_COMMAND, weeks),
        ("another database's", BELL, "branch", ENGINE_COMMAND, weeks),
        ("old pruning", BELL, here, prune, weeks),
        ("without a time", BELL, here, ENGINE_COMMAND, None),
        ("young", BELL, here, ENGINE_COMMAND, days),
        ("young pruning", BELL, here, prune, days),
    ]
    admin.cursor().executemany(
        """
        insert into cron.job_run_details
            (return_message, username, database, command, start_time, jobid)
        values (%s, %s, %s, %s, now() - %s::interval, 1)
        """,
        runs,
    )
    return [run[0] for run in runs if run[0].startswith(("another", "young", "without"))]


def test_the_pruning_takes_what_is_old_of_its_own_jobs_only(home, admin):
    home.command("enable")
    (prune,) = admin.execute("select command from cron.job where jobname ~ 'pruning'").fetchone()
    home.command("disable")  # so that no run adds to the log meanwhile
    left = log_runs(admin, home, prune)
    everything = admin.execute("select count(*) from cron.job_run_details").fetchone()
    admin.execute(prune)  # as a superuser, whom row security does not stop
    assert admin.execute("select count(*) from cron.job_run_details").fetchone() == everything
    home.cron.connect(BELL).execute(prune)
    messages = admin.execute("select return_message from cron.job_run_details order by runid")
    assert [row[0] for row in messages] == left


@pytest.mark.parametrize("name", ["it's", "x" * 63, "Œ" * 31])
def test_names_and_commands_are_right_whatever_the_database_is_called(home, admin, name):
    admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    other = Database(home.database.server, name)
    other.psql("create schema automation")
    other.psql(file=ROOT / "sql/functions/clock/cron_jobs.sql")
    (engine, _), (pruning, prune) = (
        other.connect().execute("select job_name, command from automation.cron_jobs()").fetchall()
    )
    other.close()
    assert engine != pruning
    assert max(len(engine.encode()), len(pruning.encode())) <= 63
    admin.execute(prune)
    admin.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


def test_a_log_that_may_not_be_pruned_is_no_reason_not_to_run(place, admin):
    admin.execute("revoke delete on cron.job_run_details from public")
    result = place.command("enable")
    admin.execute("grant delete on cron.job_run_details to public")
    assert result.exit_code == 0
    assert WARNING in result.output
    assert place.jobs() == place.expected[:1]


# ---- refusing what could only fail


def test_a_database_without_pg_cron_says_where_to_call(branch, admin):
    bell = branch.database.connect(BELL)
    for call in ("enable_cron()", "disable_cron()"):
        error = refusal(bell, call)
        assert error.sqlstate == "MA102"
        assert "worker.py cron enable --cron-database" in error.diag.message_hint
    result = branch.command("enable", cron_dsn=branch.database.dsn(BELL))
    assert result.exit_code == 1
    assert "not installed in this database" in result.output


def test_a_login_without_rights_in_pg_cron_is_told_which(home, admin):
    error = refusal(home.database.connect("worker"))
    assert error.sqlstate == "MA102"
    assert error.diag.message_hint == "grant usage on schema cron to worker"
    admin.execute("revoke execute on function cron.schedule(text, text, text) from public")
    error = refusal(home.database.connect(BELL))
    admin.execute("grant execute on function cron.schedule(text, text, text) to public")
    assert error.sqlstate == "MA102"
    assert error.diag.message_hint == (
        f"grant execute on function cron.schedule(text, text, text) to {BELL}"
    )
    assert home.jobs() == []


def test_a_login_that_could_not_run_the_engine_is_told_everything_that_is_wrong(home, admin):
    admin.execute("create role novice login in role automation_worker")
    novice = refusal(home.database.connect("novice"))
    with admin.transaction(force_rollback=True):
        admin.execute("set local role automation_worker")
        group = refusal(admin)
    other = refusal(home.database.connect(BELL), "require_clock_login('svc_a')")
    admin.execute("drop role novice")
    assert {error.sqlstate for error in (novice, group, other)} == {"MA303"}
    assert novice.diag.message_detail == "it is no broker"
    assert novice.diag.message_hint == "select automation.register_broker('novice')"
    assert group.diag.message_detail == "it cannot log in; it is no broker"
    assert other.diag.message_detail == "it may not drive the clock; it is no broker"
    assert home.jobs() == []


def test_a_login_whose_runs_would_be_cancelled_is_refused(home, admin):
    bell = home.database.connect(BELL)
    role, database = f"alter role {BELL}", f"alter database {home.database.name}"
    both = f"{role} in database {home.database.name}"
    try:
        for where, timeout, is_refused in (
            (database, "'30s'", True),
            (role, "'61s'", False),
            (role, "60000", True),
            (role, "0", False),
            (both, "'1min'", True),
            (both, "'1h'", False),
        ):
            admin.execute(f"{where} set statement_timeout = {timeout}")
            if is_refused:
                error = refusal(bell)
                assert error.sqlstate == "MA303"
                assert error.diag.message_hint == f"{both} set statement_timeout = 0"
            else:
                bell.execute("select automation.require_clock_login()")
    finally:
        for where in (role, database, both):
            admin.execute(f"{where} reset statement_timeout")
    assert home.jobs() == []


def test_what_is_missing_for_a_job_from_another_database_is_said(branch, admin, server):
    def answer(user: str = BELL, **options: str) -> str:
        result = branch.command("enable", user, **options)
        assert result.exit_code == 1
        return result.output

    assert "grant usage on schema cron to worker" in answer("worker")
    assert "cannot run the engine: it may not drive the clock" in answer(
        cron_dsn=branch.cron.dsn("svc_a")
    )
    assert "pg_cron is not installed in database postgres" in answer(cron_database="postgres")
    assert 'database "nowhere" does not exist' in answer(cron_database="nowhere")
    assert "must be on the server of the engine's database" in answer(cron_dsn=server.dsn())
    admin.execute(f"revoke execute on function cron.schedule_in_database from {BELL}")
    missing = answer()
    admin.execute(f"grant execute on function cron.schedule_in_database to {BELL}")
    assert f"grant execute on function cron.schedule_in_database to {BELL}" in missing
    assert branch.jobs() == []


def test_a_wrong_connection_string_is_not_repeated(branch):
    result = branch.command("enable", cron_dsn="host=x password=geheim oops")
    assert result.exit_code == 2
    assert "geheim" not in result.output


# ---- S12: schedules reach pg_cron as two fixed commands of one login


def test_nobody_else_gets_anything_in_pg_cron(home, branch, admin):
    home.command("enable")
    branch.command("enable")
    granted = admin.execute(
        """
        select r.role, c.relname
        from unnest(%s::text[]) as r (role)
        cross join pg_class as c
        where c.relnamespace = 'cron'::regnamespace and (
            has_schema_privilege(r.role, 'cron', 'usage, create') and r.role <> %s
            or c.relkind = 'r' and has_table_privilege(r.role, c.oid, 'insert, update, truncate')
            or c.relname = 'job' and has_table_privilege(r.role, c.oid, 'delete')
        )
        """,
        [[*GROUPS, *LOGINS, BELL], BELL],
    ).fetchall()
    assert granted == []
    commands = admin.execute("select command from cron.job order by jobname").fetchall()
    assert [command for (command,) in commands[:2]] == [ENGINE_COMMAND] * 2
    assert {command[:30] for (command,) in commands[2:]} == {"delete from cron.job_run_detai"}


@pytest.mark.parametrize("login", LOGINS)
def test_no_login_of_ours_schedules_anything(home, login):
    connection = home.database.connect(login)
    for attempt in (
        "select cron.schedule('* * * * *', 'select 1')",
        "select cron.schedule('x', '* * * * *', 'select 1')",
        "select cron.schedule_in_database('x', '* * * * *', 'select 1', 'postgres')",
        "select cron.unschedule(1::bigint)",
        "insert into cron.job (schedule, command) values ('* * * * *', 'select 1')",
        "update cron.job set command = 'select 1'",
        "select * from cron.job",
        "delete from cron.job_run_details",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(attempt)
    code = "MA102" if login == "worker" else "42501"
    assert refusal(connection).sqlstate == code


# ---- for real

STUMBLE = """
create schema crm;
grant usage on schema crm to automation_actor, automation_admin;
create table crm.mentions (mention_id int primary key, org_id uuid not null, score numeric);
create function crm.stumble(config jsonb, context jsonb) returns jsonb language plpgsql as $$
begin
    if context ->> 'attempt' = '1' then
        raise exception using errcode = '55P03', message = 'not yet';
    end if;
    return '{"steady": true}';
end $$
"""


BEGUN = 2  # one started by hand, one by an event


def begin(place: Place) -> Engine:
    """Start what needs a delay and a retry to end: by hand and by a row of a watched table."""
    org = uuid.uuid4()
    database = place.database
    database.connect().execute("select automation.register_org(%s)", [org])
    database.connect().execute(STUMBLE)
    engine = Engine(database, org)
    engine.call(
        "ops",
        "register_action",
        p_action="stumble",
        p_runs="native",
        p_description="fails at first",
        p_handler="crm.stumble(jsonb,jsonb)",
    )
    engine.admin.execute("select automation.watch_table('crm.mentions', 'mention', '{score}')")
    template = engine.publish(
        {"id": "pause", "type": "delay", "for": "PT1S", "next": "stumble"},
        act("stumble", action="stumble", retry={"max_attempts": 2, "backoff": "PT1S"}),
        trigger={"type": "event", "event": "mention", "condition": "score < 0"},
    )
    engine.start(template)
    engine.admin.execute("insert into crm.mentions values (1, %s, -1), (2, %s, 1)", [org, org])
    return engine


def instances(engine: Engine) -> list[tuple[uuid.UUID, str]]:
    """The instances there are, with their status."""
    return engine.client.execute(
        "select instance_id, status from automation.workflow_instances"
    ).fetchall()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_pg_cron_alone_takes_an_event_a_delay_and_a_retry_to_their_end(kind, home, branch):
    """From its own database and from another, over connections and with background workers."""
    with server_with_cron(kind, **{"cron.use_background_workers": "on"}) as (background, _):
        places = (home, branch, background)
        engines = [begin(place) for place in places]
        for place in places:
            assert place.command("enable").exit_code == 0

        deadline = time.monotonic() + 90  # pg_cron begins with the next minute
        while any(
            [status for _, status in instances(engine)] != ["completed"] * BEGUN
            for engine in engines
        ):
            assert time.monotonic() < deadline, [place.command("status").output for place in places]
            time.sleep(0.2)

        for engine, place in zip(engines, places, strict=True):
            for instance, _ in instances(engine):
                assert engine.status(instance)["output"]["steady"] is True
                timeline = engine.timeline(instance)
                assert [(row["step"], row["attempts"]) for row in timeline] == [
                    ("pause", 1),
                    ("stumble", 2),
                ]
            assert engine.invariants() == []
            runs = place.admin.execute("select distinct status from cron.job_run_details")
            assert runs.fetchall() == [("running",)]
            assert place.command("disable").exit_code == 0
