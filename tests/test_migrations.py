"""Installing and upgrading: once, twice, killed half-way, two at a time, with mistakes."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import yoyo
from pgmq.install import get_embedded_install_sql

from demo.server import Server
from sql.installer import MigrateError, migrate
from sql.manifest import ROOT, check_frozen, read_manifest

STAMPS = """
    select 'function', oid, xmin::text from pg_proc
    union all
    select 'relation', oid, xmin::text from pg_class where relnamespace <> 'pg_toast'::regnamespace
    union all
    select 'policy', oid, xmin::text from pg_policy
    union all
    select 'trigger', oid, xmin::text from pg_trigger
    union all
    select 'schema', oid, xmin::text from pg_namespace where nspname !~ '^pg_(toast_)?temp_'
    union all
    select 'comment', objoid, xmin::text from pg_description
    union all
    select 'log', hashtext(id), xmin::text from automation_private._yoyo_log
"""

SMALL = {
    "sql/install.sql": r"""
        -- A small installation.
        \ir roles.sql
        \ir functions/next_number.sql
        \ir tables/thing.sql
        \ir functions/count_things.sql
        \ir functions/note_thing.sql
        \ir views/v_things.sql
        \ir triggers/note.sql
        \ir grants.sql
    """,
    "sql/roles.sql": """
        create schema if not exists automation;
        create schema if not exists automation_private;
    """,
    "sql/tables/thing.sql": """
        create table automation.thing (
            number int primary key default automation_private.next_number(),
            name text
        );
    """,
    "sql/functions/next_number.sql": """
        create or replace function automation_private.next_number()
        returns int language sql volatile return (random() * 1000000)::int;
    """,
    "sql/functions/count_things.sql": """
        create or replace function automation.count_things()
        returns int language sql stable
        begin atomic
            select count(*)::int from automation.thing;
        end;
    """,
    "sql/functions/note_thing.sql": """
        create or replace function automation_private.note_thing()
        returns trigger language plpgsql as $$ begin return new; end $$;
    """,
    "sql/views/v_things.sql": """
        create or replace view automation.v_things as
        select t.name, automation.count_things() as number_of_things from automation.thing as t;
    """,
    "sql/triggers/note.sql": """
        create or replace trigger note before insert on automation.thing
        for each row execute function automation_private.note_thing();
    """,
    "sql/grants.sql": "revoke all on all functions in schema automation from public;",
    "migrations/0001.init.sql": """
        create table automation.thing (
            number int primary key default automation_private.next_number(),
            name text
        );
    """,
    "migrations/frozen.txt": "",
}


class Project:
    """A project folder whose files a test may change."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip())

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.path / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def leave_out(self, name: str) -> None:
        self.edit("sql/install.sql", f"\\ir {name}\n", "")

    def migrate(self, database) -> list[str]:
        lines: list[str] = []
        migrate(database.dsn(), lines.append, root=self.path)
        return lines


@pytest.fixture
def project(tmp_path) -> Project:
    project = Project(tmp_path)
    for name, text in SMALL.items():
        project.write(name, text)
    return project


def dump(database) -> str:
    """The schema without what differs from run to run."""
    text = database.program(
        *("pg_dump", "--schema-only", "--no-comments"),
        *("--exclude-table=*.*yoyo*", "--exclude-schema=pgmq"),
    )
    lines = [line for line in text.splitlines() if not line.startswith(("--", "\\"))]
    return "\n".join(line for line in lines if line.strip())


def stamps(database) -> set[tuple]:
    return set(database.connect().execute(STAMPS).fetchall())


def scalar(database, query: str) -> object:
    return database.connect().execute(query).fetchone()[0]


def run_and_die(database, root: Path, moment: str) -> None:
    """Migrate in a process that kills itself when it says a line, or calls a function."""
    script = """
        import os, signal, sys
        from pathlib import Path
        from sql import code, installer
        dsn, root, moment = sys.argv[1:]

        def die(*_, **__):
            os.kill(os.getpid(), signal.SIGKILL)

        if moment == "before the mark":
            installer.Bookkeeping.mark_one = die
        elif moment == "before the commit":
            code.Loader.check_taken = die
        installer.migrate(dsn, lambda line: die() if line.startswith(moment) else None,
                          root=Path(root))
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), database.dsn(), str(root), moment],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert result.returncode == -signal.SIGKILL


def test_an_empty_database_gets_everything_and_a_second_run_changes_nothing(empty_database):
    lines: list[str] = []
    assert migrate(empty_database.dsn(), lines.append)
    assert any(line.startswith("pgmq: installed") for line in lines)
    assert any(line.startswith("migration 0001.init: applied") for line in lines)
    assert any(line.startswith("code: ") for line in lines)
    before = stamps(empty_database)

    lines.clear()
    assert not migrate(empty_database.dsn(), lines.append)
    assert lines[-1].startswith("nothing to do")
    assert stamps(empty_database) == before


def test_install_sql_builds_the_same_schema(empty_database, database):
    empty_database.connect().execute(get_embedded_install_sql())
    empty_database.psql(file=ROOT / "sql/install.sql")
    assert dump(empty_database) == dump(database)


@pytest.mark.on("embedded")
def test_code_can_be_loaded_again_over_itself(database):
    before = dump(database)
    database.connect().execute("comment on schema automation_private is null")
    assert migrate(database.dsn(), lambda line: None)
    assert dump(database) == before


@pytest.mark.on("embedded")
def test_the_whole_installation_survives_a_kill_at_its_end(empty_database, database):
    run_and_die(empty_database, ROOT, "before the commit")
    assert scalar(empty_database, "select to_regnamespace('automation') is null")
    assert migrate(empty_database.dsn(), lambda line: None)
    assert dump(empty_database) == dump(database)


def test_every_migration_is_listed_as_frozen_or_still_open():
    check_frozen(ROOT)
    listed = [
        line.split()[1]
        for line in (ROOT / "migrations/frozen.txt").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    files = sorted(path.name for path in (ROOT / "migrations").glob("[0-9]*"))
    assert sorted(listed) == files[: len(listed)]


@pytest.mark.on("embedded")
@pytest.mark.parametrize(
    "moment",
    ["roles", "pgmq", "before the mark", "migration 0001", "before the commit", "code", "done"],
)
def test_a_killed_migrate_can_simply_be_run_again(empty_database, project, moment):
    run_and_die(empty_database, project.path, moment)
    assert "migration 0001.init: applied" in project.migrate(empty_database)
    assert project.migrate(empty_database)[-1].startswith("nothing to do")
    assert scalar(empty_database, "select automation.count_things()") == 0


def test_a_killed_upgrade_leaves_the_old_version_whole(empty_database, project):
    project.migrate(empty_database)
    before = dump(empty_database)
    project.write("migrations/0002.more.sql", "alter table automation.thing add column size int;")
    project.edit("sql/views/v_things.sql", "t.name,", "t.name, t.size,")
    run_and_die(empty_database, project.path, "before the commit")
    assert dump(empty_database) == before
    assert "migration 0002.more: applied" in project.migrate(empty_database)
    assert scalar(empty_database, "select count(size) from automation.v_things") == 0


@pytest.mark.on("embedded")
def test_a_lock_that_yoyo_left_behind_is_broken(empty_database, project):
    project.migrate(empty_database)
    empty_database.connect().execute(
        "create table automation_private.yoyo_lock (locked int, ctime timestamp, pid int);"
        "insert into automation_private.yoyo_lock values (1, now(), 4711)"
    )
    project.write("migrations/0002.more.sql", "create table automation.more (id int);")
    lines = project.migrate(empty_database)
    assert "removed the lock that an interrupted yoyo left behind" in lines
    assert "migration 0002.more: applied" in lines


def test_two_migrates_at_once_do_not_collide(empty_database, project):
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(project.migrate, empty_database) for _ in range(2)]
        lines = [run.result() for run in runs]
    assert sorted(run[-1].split()[0] for run in lines) == ["done", "nothing"]
    assert scalar(empty_database, "select count(*) from automation_private._yoyo_migration") == 1


@pytest.mark.on("embedded")
def test_yoyo_itself_agrees_about_what_is_applied(empty_database, project):
    project.migrate(empty_database)
    server = empty_database.server
    with yoyo.get_backend(
        f"postgresql+psycopg://postgres@/{empty_database.name}"
        f"?host={server.host}&port={server.port}&schema=automation_private"
    ) as backend:
        migrations = yoyo.read_migrations(str(project.path / "migrations"))
        assert len(migrations) == 1
        assert not backend.to_apply(migrations)


@pytest.mark.on("embedded")
def test_the_hook_for_yoyo_reloads_the_code(database):
    connection = database.connect()
    connection.execute("create function automation_private.leftover() returns int return 1")
    migrations = yoyo.read_migrations(str(ROOT / "migrations"))
    with yoyo.get_backend(
        f"postgresql+psycopg://postgres@/{database.name}"
        f"?host={database.server.host}&port={database.server.port}&schema=automation_private"
    ) as backend:
        backend.run_post_apply(migrations)
    query = "select to_regproc('automation_private.leftover') is null"
    assert connection.execute(query).fetchone()[0]


def test_what_no_file_defines_any_more_is_dropped(empty_database, project):
    project.migrate(empty_database)
    for name in ("triggers/note.sql", "functions/note_thing.sql", "views/v_things.sql"):
        project.leave_out(name)
    lines = project.migrate(empty_database)
    assert [line for line in lines if line.startswith("dropped")] == [
        "dropped view automation.v_things: no file defines it any more",
        "dropped trigger note on automation.thing: no file defines it any more",
        "dropped routine automation_private.note_thing(): no file defines it any more",
    ]
    assert scalar(empty_database, "select automation.count_things()") == 0


def test_a_function_with_a_new_signature_leaves_no_overload(empty_database, project):
    project.migrate(empty_database)
    project.edit(
        "sql/functions/count_things.sql", "count_things()", "count_things(p_least int default 0)"
    )
    project.migrate(empty_database)
    query = "select array_agg(oid::regprocedure::text) from pg_proc where proname = 'count_things'"
    assert scalar(empty_database, query) == ["automation.count_things(integer)"]
    assert scalar(empty_database, "select automation.count_things()") == 0
    view = "select pg_get_viewdef('automation.v_things'::regclass)"
    assert "count_things(" in scalar(empty_database, view)


def test_a_function_may_change_its_result_under_a_view(empty_database, project):
    project.migrate(empty_database)
    project.edit("sql/functions/count_things.sql", "returns int", "returns bigint")
    project.edit("sql/functions/count_things.sql", "::int", "")
    lines = project.migrate(empty_database)
    assert any(line.startswith("dropped routine automation.count_things()") for line in lines)
    query = "select pg_typeof(automation.count_things())::text"
    assert scalar(empty_database, query) == "bigint"
    assert scalar(empty_database, "select count(*) from automation.v_things") == 0
    query = "select has_function_privilege('public', 'automation.count_things()', 'execute')"
    assert scalar(empty_database, query) is False


def test_a_view_may_change_its_columns(empty_database, project):
    project.migrate(empty_database)
    project.edit("sql/views/v_things.sql", "t.name,", "t.number,")
    project.migrate(empty_database)
    assert scalar(empty_database, "select count(number) from automation.v_things") == 0


@pytest.mark.on("embedded")
def test_what_depends_on_a_changed_result_is_never_lost_silently(empty_database, project):
    project.migrate(empty_database)
    project.edit("sql/functions/next_number.sql", "returns int", "returns bigint")
    project.edit("sql/functions/next_number.sql", "::int", "::bigint")
    with pytest.raises(MigrateError, match="number of table automation.thing"):
        project.migrate(empty_database)
    empty_database.connect().execute("insert into automation.thing default values")


@pytest.mark.on("embedded")
def test_a_function_that_something_of_the_users_calls_is_not_dropped(empty_database, project):
    project.migrate(empty_database)
    empty_database.connect().execute("create view mine as select automation.count_things()")
    project.leave_out("views/v_things.sql")
    project.leave_out("functions/count_things.sql")
    with pytest.raises(MigrateError, match=r"view public\.mine depends on"):
        project.migrate(empty_database)
    assert scalar(empty_database, "select count(*) from mine") == 1


@pytest.mark.on("embedded")
def test_a_function_that_was_edited_by_hand_is_put_right(empty_database, project):
    project.migrate(empty_database)
    empty_database.connect().execute(
        "create or replace function automation.count_things() returns int return 4711"
    )
    assert project.migrate(empty_database)[-1].startswith("done")
    assert scalar(empty_database, "select automation.count_things()") == 0


@pytest.mark.on("embedded")
def test_unchanged_views_and_triggers_are_left_alone(empty_database, project):
    project.migrate(empty_database)
    query = "select oid, xmin::text from pg_trigger where tgname = 'note'"
    before = empty_database.connect().execute(query).fetchone()
    project.edit("sql/functions/count_things.sql", "stable", "volatile")
    assert "code: 4 files loaded, 2 unchanged" in project.migrate(empty_database)
    assert empty_database.connect().execute(query).fetchone() == before


@pytest.mark.on("embedded")
def test_a_mistake_names_its_file_and_line_and_changes_nothing(empty_database, project):
    project.migrate(empty_database)
    before = dump(empty_database)
    project.write("migrations/0002.more.sql", "create table automation.more (id int);")
    project.edit("sql/functions/count_things.sql", "automation.thing;", "automation.thnig;")
    message = r'sql/functions/count_things.sql, line 4: relation "automation.thnig" does not exist'
    with pytest.raises(MigrateError, match=message):
        project.migrate(empty_database)
    assert dump(empty_database) == before


@pytest.mark.on("embedded")
def test_a_mistake_in_a_migration_names_it(empty_database, project):
    project.write("migrations/0002.more.sql", "create table automation.thing ();")
    with pytest.raises(MigrateError, match='migration 0002.more: relation "thing" already exists'):
        project.migrate(empty_database)


@pytest.mark.on("embedded")
def test_a_migration_outside_a_transaction_is_refused(empty_database, project):
    project.write(
        "migrations/0002.more.sql",
        "-- transactional: false\ncreate index concurrently on automation.thing (name);",
    )
    with pytest.raises(MigrateError, match=r"0002\.more: `transactional: false` is not supported"):
        project.migrate(empty_database)


@pytest.mark.on("embedded")
def test_a_released_migration_must_not_change(empty_database, project):
    text = (project.path / "migrations/0001.init.sql").read_bytes()
    project.write("migrations/frozen.txt", f"{hashlib.sha256(text).hexdigest()} 0001.init.sql\n")
    project.migrate(empty_database)
    project.edit("migrations/0001.init.sql", "name text", "name text not null")
    with pytest.raises(MigrateError, match=r"0001\.init\.sql was released and must not change"):
        project.migrate(empty_database)


def test_a_manifest_holds_nothing_but_files_that_exist(project):
    project.edit("sql/install.sql", "-- A small installation.", "select 1;")
    with pytest.raises(MigrateError, match=r"sql/install\.sql, line 1: only"):
        read_manifest(project.path)
    project.edit("sql/install.sql", "select 1;", "\\ir views/missing.sql")
    with pytest.raises(MigrateError, match=r"cannot read .*views/missing\.sql"):
        read_manifest(project.path)


@pytest.mark.on("embedded")
def test_every_form_of_dsn_is_understood(empty_database, project):
    server, name = empty_database.server, empty_database.name
    url = f"postgresql://postgres@/{name}?host={server.host}&port={server.port}"
    assert migrate(url, lambda line: None, root=project.path)
    pairs = f"host={server.host} port={server.port} dbname={name} user=postgres"
    assert not migrate(pairs, lambda line: None, root=project.path)


def test_a_wrong_dsn_is_explained_without_its_password(project):
    with pytest.raises(MigrateError, match="neither a URL nor") as caught:
        migrate("dbname automation password=s3cret", root=project.path)
    assert "s3cret" not in str(caught.value)
    with pytest.raises(MigrateError, match="cannot connect: .*No such file"):
        migrate(f"host={project.path} password=s3cret", root=project.path)


@pytest.mark.on("embedded")
def test_an_old_pgmq_is_refused(empty_database, project):
    empty_database.connect().execute(
        "create schema pgmq; create table pgmq.meta (queue_name text);"
        "create type pgmq.message_record as (msg_id bigint, read_ct int)"
    )
    with pytest.raises(MigrateError, match=r"the schema pgmq is older than 1\.10\.0"):
        project.migrate(empty_database)


@pytest.mark.on("embedded")
def test_a_pgmq_that_is_there_is_used_as_it_is(empty_database, project):
    empty_database.connect().execute(get_embedded_install_sql())
    assert "pgmq: using the one installed by SQL" in project.migrate(empty_database)


@pytest.mark.on("embedded")
def test_a_role_without_the_right_to_install_is_told_so(empty_database, project):
    with pytest.raises(MigrateError, match="role stranger may not do this"):
        migrate(empty_database.dsn("stranger"), lambda line: None, root=project.path)


def test_a_role_that_is_no_superuser_can_install(kind):
    with Server(kind) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("create role installer login createrole")
            connection.execute("create database automation")
            connection.execute("grant create on database automation to installer")
        assert migrate(server.dsn("automation", "installer"), lambda line: None)
        assert not migrate(server.dsn("automation", "installer"), lambda line: None)


@pytest.mark.on("embedded")
def test_a_server_that_is_too_old_is_refused(monkeypatch, empty_database, project):
    monkeypatch.setattr("sql.installer.OLDEST_SERVER", 99)
    with pytest.raises(MigrateError, match="the server is older than PostgreSQL 99"):
        project.migrate(empty_database)


@pytest.mark.on("embedded")
def test_a_busy_table_makes_migrate_give_way_and_try_again(empty_database, project, monkeypatch):
    project.migrate(empty_database)
    project.write("migrations/0002.more.sql", "alter table automation.thing add column size int;")
    reader = empty_database.connect(autocommit=False)
    reader.execute("select from automation.thing")
    lines: list[str] = []

    def echo(line: str) -> None:
        lines.append(line)
        if line.startswith("rolled back, trying again"):
            reader.commit()

    monkeypatch.setattr("sql.installer.LOCK_TIMEOUT", "50ms")
    assert migrate(empty_database.dsn(), echo, root=project.path)
    assert any("lock timeout" in line for line in lines)
