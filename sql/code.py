"""Loads functions, views, triggers, policies and grants, and drops what no file defines any more.

Functions and grants are loaded always, the rest only when its file has changed, because a policy or
trigger cannot be replaced without locking its table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import psycopg
from psycopg import sql

from sql.manifest import Manifest, MigrateError, Source, read_manifest

Echo = Callable[[str], None]
Record = dict[str, object]

DEFINES = re.compile(r"create or replace (function|procedure|aggregate|view)\s+(\w+)\.(\w+)")
RECORD = re.compile(r"code: (\{.*\})")

# these say that an object exists and cannot be turned into what the file says
NOT_REPLACEABLE = (
    psycopg.errors.InvalidFunctionDefinition,
    psycopg.errors.InvalidTableDefinition,
    psycopg.errors.WrongObjectType,
)

SCHEMAS = "('automation', 'automation_private')"

READ_RECORD = """
    select obj_description(to_regnamespace('automation_private'), 'pg_namespace')
"""

CATALOG = f"""
    select coalesce(md5(string_agg(line, e'\\n' order by line)), '')
    from (
        select concat_ws(' ', pg_get_functiondef(p.oid), p.proowner::regrole, p.proacl)
        from pg_proc as p
        where p.pronamespace::regnamespace::text in {SCHEMAS} and p.prokind <> 'a'
        union all
        select concat_ws(' ', c.oid::regclass, c.relowner::regrole, c.relacl, c.reloptions,
            c.relrowsecurity, c.relforcerowsecurity,
            case c.relkind when 'v' then pg_get_viewdef(c.oid) end)
        from pg_class as c
        where c.relnamespace::regnamespace::text in {SCHEMAS} and c.relkind in ('r', 'p', 'v')
            and c.relname !~ 'yoyo'
        union all
        select to_jsonb(p)::text
        from pg_policies as p
        where p.schemaname in {SCHEMAS}
        union all
        select concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
        from pg_trigger as t
        join pg_class as c on c.oid = t.tgrelid
        where c.relnamespace::regnamespace::text in {SCHEMAS} and not t.tgisinternal
    ) as definition (line)
"""

ROUTINES = f"""
    select p.oid, p.xmin::text
    from pg_proc as p
    where p.pronamespace::regnamespace::text in {SCHEMAS}
        and not exists (
            select from pg_depend as d
            where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        )
"""

OVERLOADS = """
    select p.oid, p.xmin::text, p.oid::regprocedure::text
    from pg_proc as p
    where p.pronamespace = to_regnamespace(%s) and p.proname = %s
"""

SIGNATURES = """
    select p.oid::regprocedure::text
    from pg_proc as p
    where p.oid = any(%s)
    order by 1
"""

VIEWS = f"""
    select c.oid::regclass::text, c.relname
    from pg_class as c
    where c.relnamespace::regnamespace::text in {SCHEMAS} and c.relkind = 'v'
"""

TRIGGERS = f"""
    select format('%I on %s', t.tgname, t.tgrelid::regclass), t.tgname
    from pg_trigger as t
    join pg_class as c on c.oid = t.tgrelid
    where c.relnamespace::regnamespace::text in {SCHEMAS} and not t.tgisinternal
"""

ATTACHED = f"""
    select pg_describe_object(o.class, o.id, 0)
    from (
        select 'pg_attrdef'::regclass, a.oid from pg_attrdef as a
        union all
        select 'pg_constraint'::regclass, c.oid from pg_constraint as c
        union all
        select 'pg_trigger'::regclass, t.oid from pg_trigger as t where not t.tgisinternal
        union all
        select 'pg_policy'::regclass, p.oid from pg_policy as p
        union all
        select 'pg_class'::regclass, c.oid from pg_class as c where c.relkind in ('v', 'm', 'i')
        union all
        select 'pg_proc'::regclass, p.oid
        from pg_proc as p
        where p.pronamespace::regnamespace::text not in {SCHEMAS}
    ) as o (class, id)
"""


def load_code(
    connection: psycopg.Connection, echo: Echo = print, *, manifest: Manifest | None = None
) -> None:
    """Load all code in one transaction, whether or not it has changed."""
    with connection.transaction():
        Loader(connection, manifest or read_manifest(), echo).load(force=True)


def is_current(connection: psycopg.Connection, manifest: Manifest) -> bool:
    """Whether the database has exactly the code of these files, unaltered since it was loaded."""
    record = read_record(connection)
    return record.get("code") == manifest.digest and record.get("catalog") == catalog(connection)


def read_record(connection: psycopg.Connection) -> Record:
    """What the last load wrote down; empty when there was none."""
    text = connection.execute(READ_RECORD).fetchone()[0]
    match = RECORD.search(text or "")
    return json.loads(match[1]) if match else {}


def write_record(connection: psycopg.Connection, manifest: Manifest) -> None:
    """Write down what was loaded, so that the next run can see that nothing has changed."""
    record = {
        "code": manifest.digest,
        "catalog": catalog(connection),
        "files": {s.name: s.digest for s in manifest.code if not s.is_function},
    }
    text = f"Everything that is not for callers. code: {json.dumps(record)}"
    connection.execute(
        sql.SQL("comment on schema automation_private is {}").format(sql.Literal(text))
    )


def catalog(connection: psycopg.Connection) -> str:
    """A hash of the definitions, owners and privileges that the database has now."""
    with connection.transaction():
        connection.execute("set local search_path = pg_catalog, pg_temp")
        return connection.execute(CATALOG).fetchone()[0]


def execute_file(connection: psycopg.Connection, source: Source) -> None:
    """Run one file; an error names the file and the line."""
    try:
        with connection.transaction():
            connection.execute(source.text)
    except psycopg.Error as error:
        position = error.diag.statement_position
        line = f", line {source.text[: int(position)].count(chr(10)) + 1}" if position else ""
        detail = f"\n{error.diag.message_detail}" if error.diag.message_detail else ""
        message = error.diag.message_primary or str(error)
        raise MigrateError(f"sql/{source.name}{line}: {message}{detail}") from error


class Loader:
    """One load: what was there before, what was loaded, what was skipped."""

    def __init__(self, connection: psycopg.Connection, manifest: Manifest, echo: Echo) -> None:
        self.connection = connection
        self.manifest = manifest
        self.echo = echo
        self.before = self.routines()
        self.taken: set[str] = set()
        self.skipped: list[Source] = []
        self.loaded = 0
        self.settled = False

    def prepare(self) -> None:
        """Load what migrations need: roles, schemas, and functions that column defaults call."""
        self.pin_names()
        for source in self.manifest.ground:
            self.execute(source)

    def load(self, *, force: bool) -> None:
        """Load everything in order, drop what is stale, and write down what was loaded.

        `force` reloads unchanged views, triggers and policies, too.
        """
        self.pin_names()
        self.loaded = 0
        self.settled = False
        known = {} if force else read_record(self.connection).get("files", {})
        for source in self.manifest.code:
            if source.is_grant:
                self.settle()
            if known.get(source.name) == source.digest and not source.is_grant and not self.taken:
                self.skipped.append(source)
            else:
                self.execute(source)
        self.settle()
        self.check_taken()
        write_record(self.connection, self.manifest)
        self.echo(f"code: {self.loaded} files loaded, {len(self.skipped)} unchanged")

    def settle(self) -> None:
        """When all objects are there, but have no owners yet: drop what is stale."""
        if self.settled:
            return
        self.settled = True
        if self.taken:
            # the unchanged files stand on something that was dropped
            skipped, self.skipped = self.skipped, []
            for source in skipped:
                self.execute(source)
        self.drop_stale()

    def pin_names(self) -> None:
        """Make every name that a file does not qualify an error."""
        self.connection.execute("set local search_path = pg_catalog, pg_temp")

    def execute(self, source: Source) -> None:
        """Run a file; what stands in the way of the object that it defines is dropped."""
        defines = DEFINES.search(source.text)
        try:
            execute_file(self.connection, source)
        except MigrateError as error:
            if not isinstance(error.__cause__, NOT_REPLACEABLE) or not defines:
                raise
            self.drop_for(source, *defines.groups())
            execute_file(self.connection, source)
        if source.is_function and defines:
            # at once: later files would find calls of the name ambiguous
            self.drop_overloads(source, *defines.groups()[1:])
        self.loaded += 1

    def drop_for(self, source: Source, kind: str, schema: str, name: str) -> None:
        """Drop what a file is about to define, because it cannot be changed into that."""
        if kind == "view":
            self.drop_cascading(source, [f"view {schema}.{name}"])
        else:
            self.drop_cascading(source, [f"routine {s}" for *_, s in self.overloads(schema, name)])

    def drop_overloads(self, source: Source, schema: str, name: str) -> None:
        """Drop the older signatures of the function that a file has just defined."""
        old = [
            f"routine {signature}"
            for oid, version, signature in self.overloads(schema, name)
            if self.before.get(oid) == version
        ]
        self.drop_cascading(source, old)

    def overloads(self, schema: str, name: str) -> list[tuple[int, str, str]]:
        """The functions of one name: oid, version of the catalog row, signature."""
        return self.connection.execute(OVERLOADS, (schema, name)).fetchall()

    def drop_cascading(self, source: Source, items: list[str]) -> None:
        """Drop objects with all that hangs on them; check_taken makes sure that it came back."""
        for item in items:
            attached = self.find_attached()
            self.connection.execute(f"drop {item} cascade")
            self.taken |= attached - self.find_attached()
            self.echo(f"dropped {item}: sql/{source.name} defines it anew")

    def drop_stale(self) -> None:
        """Drop views, triggers and functions that no file defines."""
        for folder, kind, query in (("views", "view", VIEWS), ("triggers", "trigger", TRIGGERS)):
            named = {source.stem for source in self.manifest.code if source.folder == folder}
            for item, name in self.connection.execute(query).fetchall():
                if name not in named:
                    self.drop(kind, [item])
        stale = [oid for oid, version in self.routines().items() if self.before.get(oid) == version]
        signatures = self.connection.execute(SIGNATURES, (stale,)).fetchall()
        if signatures:
            self.drop("routine", [signature for (signature,) in signatures])

    def drop(self, kind: str, items: list[str]) -> None:
        """Drop objects of one kind that no file defines."""
        try:
            with self.connection.transaction():
                self.connection.execute(f"drop {kind} {', '.join(items)}")
        except psycopg.Error as error:
            raise MigrateError(
                f"no file defines {kind} {', '.join(items)} any more, but it cannot be dropped: "
                f"{error.diag.message_primary}\n{error.diag.message_detail or ''}".strip()
            ) from error
        for item in items:
            self.echo(f"dropped {kind} {item}: no file defines it any more")

    def routines(self) -> dict[int, str]:
        """The functions and procedures in our schemas, with the version of their catalog rows."""
        return dict(self.connection.execute(ROUTINES).fetchall())

    def find_attached(self) -> set[str]:
        """Everything that a cascading drop could take away unnoticed."""
        return {row[0] for row in self.connection.execute(ATTACHED)}

    def check_taken(self) -> None:
        """Raise if a cascading drop took something that the files did not bring back."""
        lost = sorted(self.taken - self.find_attached()) if self.taken else []
        if lost:
            raise MigrateError(
                "a function or view changes its result or its parameters, and these depend on it; "
                f"drop them first and create them again afterwards: {', '.join(lost)}"
            )
