"""Capture: what becomes an event when a watched table changes, and what never befalls writers."""

from __future__ import annotations

import uuid

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.types.json import Jsonb

from tests.engine import act

DOMAIN = """
create schema crm;
create schema ext;
create table crm.authors (author_id int primary key);
create table crm.mentions (
    mention_id int primary key,
    org_id uuid not null,
    author_id int references crm.authors on delete cascade,
    score numeric(5, 4),
    status text not null default 'new',
    seen_at timestamp,
    note text,
    twice numeric generated always as (score * 2) stored,
    deleted_at timestamptz
);
"""
COLUMNS = ("score", "status", "seen_at", "twice")
KINDS = ("created", "updated", "deleted")

DEFINITION = """
    insert into automation.workflow_definitions (
        org_id, definition_id, content_hash, compiler_version, source, settings, steps_total
    )
    values (%s, gen_random_uuid(), gen_random_uuid(), 1, '{}', '{}', 0)
    returning definition_id
"""
LISTEN = """
    insert into automation_private.listeners (
        org_id, event, listener_id, kind, version, definition_id, fire_on, priority, on_loop,
        on_condition_error, since, compiler_version
    )
    values (
        %s, %s, gen_random_uuid(), 'template', 1, %s, 'every', 50, 'allow', 'skip', '-infinity', 1
    )
"""
EVENTS = """
    select event_id, event, entity, new, old
    from automation.automation_events
    where event_id > %s
    order by event_id
"""
BATCHES = """
    select b.org_id, b.events, count(*)
    from automation_private.event_batches as b
    inner join automation.automation_events as e
        on e.org_id = b.org_id and e.batch_id = b.batch_id
            and e.event_id between b.first_event and b.last_event
    group by b.org_id, b.batch_id
    order by b.org_id, b.batch_id
"""
WRITTEN = """
    select schemaname || '.' || relname, n_tup_ins, n_tup_upd + n_tup_del
    from pg_stat_xact_user_tables
    where schemaname in ('automation', 'automation_private')
        and n_tup_ins + n_tup_upd + n_tup_del > 0
    order by 1
"""
TRIGGERS = """
    select count(*) from pg_trigger where tgrelid = %s::regclass and tgname ~ '^automation_'
"""

# what the next insert of events fails with
WEATHER = """
create table crm.weather (state text, seen int);
create function crm.rain() returns trigger language plpgsql security definer as $$
declare
    v_state text := (select w.state from crm.weather as w);
begin
    if v_state is not null then
        raise exception using errcode = v_state, message = 'rain';
    end if;
    return new;
end $$;
create trigger rain before insert on automation.automation_events
    for each row execute function crm.rain();
"""
SWALLOWED = """
    01000 02000 03000 08006 09000 0A000 0F001 0L000 0P000 20000 21000 22000 22001 22003 22004 22008
    22012 22023 22P02 22P05 23000 23502 23503 23505 23514 23P01 24000 25006 26000 27000 28000 2B000
    2D000 34000 38000 39000 3B001 3D000 42501 42601 42703 42883 42P01 44000 54000 55000 55006 F0000
    HV000 P0001 P0004 XX000 MA001 ZZZZZ
"""
RAISED = "57014 40001 40P01 40000 53000 53100 53200 54001 55P03 57P01 58030"


class Crm:
    """Tables of a platform, what is captured of them, and what went wrong."""

    def __init__(self, database, orgs) -> None:
        self.database = database
        self.orgs = orgs
        self.seen = 0
        self.db = database.connect()
        self.db.execute(DOMAIN)

    def execute(self, statement, *values):
        return self.db.execute(statement, values or None)

    def one(self, statement, *values):
        return self.execute(statement, *values).fetchone()[0]

    def watch(self, table, event, *columns, **options) -> None:
        arguments = {"p_table": table, "p_event": event, "p_columns": list(columns)} | options
        names = ", ".join(f"{name} => %s" for name in arguments)
        self.execute(f"select automation.watch_table({names})", *arguments.values())

    def listen(self, *events, org=None) -> None:
        """Let something of an organisation hear of these; nothing ever starts."""
        org = org or self.orgs.a
        definition = self.one(DEFINITION, org)
        for event in events:
            self.execute(LISTEN, org, event, definition)

    def add_table(self, event, columns, *watched, **options) -> None:
        """A table crm.<event>, watched, that organisation a hears everything of."""
        self.execute(f"create table crm.{event} (org_id uuid, {columns})")
        self.watch(f"crm.{event}", event, *watched, **options)
        self.listen(*(f"{event}.{kind}" for kind in KINDS))

    def insert(self, *ids, by=None, org=None, **row) -> None:
        """Mentions, each by a statement of its own."""
        columns = {"org_id": org or self.orgs.a, "score": 0.5} | row
        names = ", ".join(["mention_id", *columns])
        marks = ", ".join(["%s"] * (1 + len(columns)))
        for mention in ids:
            (by or self.db).execute(
                f"insert into crm.mentions ({names}) values ({marks})", [mention, *columns.values()]
            )

    def mentions(self) -> list[int]:
        rows = self.execute("select mention_id from crm.mentions order by 1").fetchall()
        return [row[0] for row in rows]

    def events(self) -> list[tuple]:
        """(event, entity, new, old) of what was captured since the last call."""
        rows = self.execute(EVENTS, self.seen).fetchall()
        self.seen = max([self.seen, *(row[0] for row in rows)])
        return [row[1:] for row in rows]

    def kinds(self) -> list[tuple]:
        """(event, entity) of what was captured since the last call, sorted."""
        return sorted(event[:2] for event in self.events())

    def failures(self) -> list[tuple]:
        """What could not be captured since the last call."""
        return self.execute(
            "delete from automation_private.capture_failures "
            "returning table_name, operation, sqlstate"
        ).fetchall()


@pytest.fixture
def mentions(database, orgs):
    """A watched table that nobody listens to."""
    crm = Crm(database, orgs)
    crm.watch("crm.mentions", "mention", *COLUMNS)
    return crm


@pytest.fixture
def crm(mentions):
    """The same, and organisation a hears what is created, updated and deleted."""
    mentions.listen(*(f"mention.{kind}" for kind in KINDS))
    yield mentions
    assert mentions.failures() == []


# what is recorded


def test_a_new_row_is_an_event_with_its_key_and_the_declared_columns(crm):
    crm.insert(1, seen_at="2026-11-23 08:00", note="not declared")
    new = {
        "mention_id": 1,
        "score": 0.5,
        "status": "new",
        "seen_at": "2026-11-23T08:00:00+00:00",
        "twice": 1.0,
    }
    assert crm.events() == [("mention.created", "1", new, None)]


def test_an_event_says_whose_it_is_where_it_comes_from_and_when(crm, freeze_clock):
    now = freeze_clock("2026-11-23 08:00:00+00")
    crm.insert(1)
    assert crm.execute(
        "select org_id, source, causation, occurred_at, recorded_at "
        "from automation.automation_events"
    ).fetchall() == [(crm.orgs.a, "crm.mentions", None, now, now)]


def test_each_updated_row_is_paired_with_what_it_was(crm):
    crm.insert(1, 2, 3)
    crm.execute("update crm.mentions set score = mention_id / 10.0, seen_at = null")
    crm.events()
    crm.execute("update crm.mentions set score = (mention_id + 1) / 10.0, status = 'read'")
    assert sorted(
        (event, entity, new["score"], new["twice"], new["status"], old["score"], old["status"])
        for event, entity, new, old in crm.events()
    ) == [
        ("mention.updated", "1", 0.2, 0.4, "read", 0.1, "new"),
        ("mention.updated", "2", 0.3, 0.6, "read", 0.2, "new"),
        ("mention.updated", "3", 0.4, 0.8, "read", 0.3, "new"),
    ]


def test_an_update_that_changes_no_declared_column_is_no_event(crm):
    crm.insert(1, 2)
    crm.events()
    crm.execute("update crm.mentions set note = 'x', score = score, status = 'new'")
    crm.execute("update crm.mentions set status = 'read' where mention_id = 2 or note is null")
    assert crm.kinds() == [("mention.updated", "2")]


TYPES = [
    # type, a value, the same value in other words, another value
    ("numeric", "1", "1.0", "1.01"),
    ("float8", "NaN", "nan", "-0.5"),
    ("timestamptz", "2026-11-23 08:00+00", "2026-11-23 11:00+03", "2026-11-23 08:00+03"),
    ("interval", "60 minutes", "1:00:00", "61 minutes"),
    ("bytea", "\\xff", "\\377", "\\xfe"),
    ("varchar(9)[]", "{a,b}", '{"a","b"}', "{b,a}"),
    ("int4range", "[1,3)", "[1,2]", "[1,4)"),
    ("point", "(1,2)", "1,2", "(1,3)"),
    ("point[]", '{"(1,2)"}', '{"1,2"}', '{"(1,3)"}'),
    ("jsonb", '{"a": 1, "b": 2}', '{"b": 2, "a": 1.0}', '{"a": 1}'),
    ("json", '{"a": 1, "b": 2}', '{"b":2,"a":1}', '{"a": 1}'),
    ("json[]", '{"[1]"}', '{"[1.0]"}', '{"[2]"}'),
    ("crm.document", '{"a": 1}', '{"a":1}', '{"a": 2}'),
    ("crm.mood", "good", "good", "bad"),
    ("crm.mood[]", "{good}", '{"good"}', "{bad}"),
    ("crm.pair", '(1,"x y")', '("1",x y)', '(1,"x z")'),
    ("ext.citext", "Word", "Word", "word"),
    ("ext.hstore", "a=>1", '"a" => "1"', "a=>2"),
]


def test_columns_of_any_type_are_compared_by_value(crm):
    crm.execute(
        "create extension citext schema ext; create extension hstore schema ext;"
        "create domain crm.document as json; create type crm.mood as enum ('good', 'bad');"
        "create type crm.pair as (a int, b text)"
    )
    for number, (kind, value, same, other) in enumerate(TYPES):
        name = f"typed_{number}"
        crm.add_table(name, f"id int primary key, value {kind}", "value")
        update = f"update crm.{name} set value = %s::{kind}"
        crm.execute(f"insert into crm.{name} values (%s, 1, %s::{kind})", crm.orgs.a, value)
        assert crm.kinds() == [(f"{name}.created", "1")], kind
        crm.execute(update, same)
        assert crm.kinds() == [], kind
        for change in (other, None, value):
            crm.execute(update, change)
            assert crm.kinds() == [(f"{name}.updated", "1")], (kind, change)
    assert crm.failures() == []


def test_events_look_the_same_whatever_a_session_prefers(crm):
    crm.add_table(
        "reading",
        "day date, at timestamptz, taken timestamp, ratio float8, took interval, raw bytea, "
        "primary key (day, at)",
        "taken",
        "ratio",
        "took",
        "raw",
    )
    crm.execute(
        "set timezone = 'Asia/Bahrain'; set datestyle = 'German'; set extra_float_digits = -9;"
        "set intervalstyle = 'iso_8601'; set bytea_output = 'escape'"
    )
    crm.execute(
        "insert into crm.reading (org_id, day, at, taken, ratio, took, raw) values (%s, "
        "'23.11.2026', '23.11.2026 11:00', '23.11.2026 08:00', 1 / 3.0, '26 hours', '\\xff')",
        crm.orgs.a,
    )
    new = {
        "day": "2026-11-23",
        "at": "2026-11-23T08:00:00+00:00",
        "taken": "2026-11-23T08:00:00+00:00",
        "ratio": 1 / 3,
        "took": "26:00:00",
        "raw": "\\xff",
    }
    entity = '["2026-11-23", "2026-11-23 08:00:00+00"]'
    assert crm.events() == [("reading.created", entity, new, None)]


def test_numbers_and_times_beyond_all_bounds_are_recorded_as_they_are(crm):
    crm.add_table("reading", "id int primary key, number numeric, at timestamptz", "number", "at")
    values = ["NaN", "Infinity", "-Infinity", "1" + "0" * 999, "0." + "0" * 999 + "1"]
    crm.execute(
        "insert into crm.reading select %s, n.ordinality, n, 'infinity' "
        "from unnest(%s::numeric[]) with ordinality as n (n)",
        crm.orgs.a,
        values,
    )
    assert crm.execute(
        "select new ->> 'number', new ->> 'at' from automation.automation_events order by event_id"
    ).fetchall() == [(value, "infinity") for value in values]


def test_keys_may_repeat_in_another_organisation(crm):
    crm.add_table("invoice", "number int, total int, primary key (org_id, number)", "total")
    crm.listen("invoice.updated", org=crm.orgs.b)
    crm.execute(
        "insert into crm.invoice select o.id, n, n from unnest(%s) as o (id), "
        "generate_series(1, 2) as n",
        [crm.orgs.a, crm.orgs.b],
    )
    crm.events()
    crm.execute(
        "update crm.invoice set total = total + case org_id when %s then 10 else 20 end", crm.orgs.a
    )
    assert crm.execute(
        "select org_id, entity, new ->> 'total', old ->> 'total' "
        "from automation.automation_events where event = 'invoice.updated' order by 1, 2"
    ).fetchall() == [
        (crm.orgs.a, "1", "11", "1"),
        (crm.orgs.a, "2", "12", "2"),
        (crm.orgs.b, "1", "21", "1"),
        (crm.orgs.b, "2", "22", "2"),
    ]


def test_the_key_in_an_event_finds_its_row_again(crm):
    crm.add_table(
        "slot",
        "code char(12), day date, at timestamptz, word text, primary key (code, day, at, word)",
        "day",
    )
    crm.execute("set datestyle = 'German'; set timezone = 'Asia/Bahrain'")
    for code in ("plain", '"],["', "x', \\ %s", "ü {1,2}"):
        crm.execute(
            "insert into crm.slot values (%s, %s, '1.2.2026', '1.2.2026 00:00', '')",
            crm.orgs.a,
            code,
        )
    found = crm.execute(
        "select e.new, automation_private.read_current(c.statement, e.org_id, e.entity), "
        "automation_private.read_current(c.statement, %s, e.entity) "
        "from automation.automation_events as e "
        "inner join automation_private.watched_tables as w on w.event = 'slot' "
        "cross join lateral (select automation_private.build_capture(w) ->> 'current') as c "
        "(statement)",
        crm.orgs.b,
    ).fetchall()
    assert len(found) == 4
    assert all(now == new and of_another is None for new, now, of_another in found), found


def test_names_may_be_anything(crm):
    names = ["new", "old", "tg_op", "v_batch", "org_id", "A b", "select", "%I %s", "$1", "$body$"]
    names += ["'", '"', "\\", "é", "x" * 63, "a;drop table crm.mentions;--"]
    table, key = sql.Identifier("crm", """Odd "table" %s $function$ 'x'"""), "Key %I"
    owner, columns = sql.Identifier("my org"), [sql.Identifier(name) for name in names]
    crm.execute(
        sql.SQL(
            "create table {0} (n int, {1} int, {2} uuid, {3} int, primary key (n, {1}))"
        ).format(table, sql.Identifier(key), owner, sql.SQL(" int, ").join(columns))
    )
    crm.watch(table.as_string(crm.db), "odd", *names, p_org_column="my org")
    crm.listen("odd.created", "odd.updated", "odd.deleted")
    ones = sql.SQL(", 1" * len(names))
    crm.execute(
        sql.SQL("insert into {} values (1, 2, {} {})").format(table, sql.Literal(crm.orgs.a), ones)
    )
    crm.execute(sql.SQL("update {} set {} = 2").format(table, columns[0]))
    crm.execute(sql.SQL("delete from {}").format(table))
    old = {"n": 1, key: 2} | dict.fromkeys(names, 1)
    assert crm.events() == [
        ("odd.created", '["1", "2"]', old, None),
        ("odd.updated", '["1", "2"]', old | {"new": 2}, old),
        ("odd.deleted", '["1", "2"]', old | {"new": 2}, None),
    ]


def test_a_table_may_be_as_wide_as_an_event(crm):
    names = [f"c{n}" for n in range(49)]
    crm.add_table("wide", "id int primary key, " + ", ".join(f"{n} int" for n in names), *names)
    crm.execute("insert into crm.wide (org_id, id) values (%s, 1)", crm.orgs.a)
    assert crm.events() == [("wide.created", "1", dict.fromkeys(names) | {"id": 1}, None)]


# the life of a row


def test_the_life_of_a_row_that_is_deleted_softly(crm):
    set_deleted = "update crm.mentions set deleted_at = {}, score = 0.1 where mention_id = 1"
    life = [
        ("insert into crm.mentions (mention_id, org_id) values (1, %s)", ["created", False]),
        (set_deleted.format("now()"), ["deleted", False]),
        ("update crm.mentions set score = 0.2", None),
        (set_deleted.format("now() + interval '1 day'"), None),
        ("update crm.mentions set deleted_at = null", ["updated", True]),
        ("update crm.mentions set score = 0.3", ["updated", True]),
        ("delete from crm.mentions", ["deleted", False]),
        ("insert into crm.mentions (mention_id, org_id, deleted_at) values (1, %s, now())", None),
        ("update crm.mentions set mention_id = 2", None),
        ("delete from crm.mentions", None),
    ]
    for statement, expected in life:
        crm.execute(statement, *[crm.orgs.a] * statement.count("%s"))
        found = [[kind.split(".")[1], old is not None] for kind, _, _, old in crm.events()]
        assert found == ([expected] if expected else []), statement


def test_a_deleted_row_is_described_as_it_was_last(crm):
    crm.insert(1, 2)
    crm.events()
    crm.execute("delete from crm.mentions where mention_id = 1")
    crm.execute("update crm.mentions set deleted_at = now(), status = 'spam'")
    assert [(key, new["status"], old) for _, key, new, old in crm.events()] == [
        ("1", "new", None),
        ("2", "spam", None),
    ]


def test_a_row_whose_key_or_organisation_changes_is_a_new_one(crm):
    crm.listen("mention.created", "mention.updated", org=crm.orgs.b)
    crm.insert(1)
    crm.execute("update crm.mentions set mention_id = 2")
    crm.execute("update crm.mentions set org_id = %s", crm.orgs.b)
    assert crm.execute(
        "select org_id, event, entity, old from automation.automation_events order by event_id"
    ).fetchall() == [
        (crm.orgs.a, "mention.created", "1", None),
        (crm.orgs.a, "mention.created", "2", None),
        (crm.orgs.b, "mention.created", "2", None),
    ]


def test_a_table_names_its_own_columns(crm):
    for deleted, last in (("removed", "deleted"), ("no_such_column", "updated")):
        with crm.db.transaction(force_rollback=True):
            crm.add_table(
                "task",
                "id int primary key, tenant uuid, removed date, deleted_at date",
                "removed",
                p_org_column="tenant",
                p_deleted_column=deleted,
            )
            crm.execute(
                "insert into crm.task (id, tenant, deleted_at) values (1, %s, now())", crm.orgs.a
            )
            crm.execute("update crm.task set removed = now()")
            assert [event[0] for event in crm.events()] == ["task.created", f"task.{last}"]


# who listens


def test_only_what_somebody_listens_to_is_recorded(mentions):
    mentions.listen("mention.created")
    mentions.insert(1)
    mentions.insert(2, org=mentions.orgs.b)
    mentions.execute("update crm.mentions set status = 'read'")
    mentions.execute("delete from crm.mentions")
    assert mentions.kinds() == [("mention.created", "1")]


def test_what_nobody_hears_writes_nothing(mentions):
    mentions.listen("mention.created", "mention.updated")
    writer = mentions.database.connect(autocommit=False)
    mentions.insert(*range(10), org=mentions.orgs.b, by=writer)
    writer.execute("update crm.mentions set status = 'read'")
    writer.execute("update crm.mentions set mention_id = mention_id + 10")
    writer.execute("delete from crm.mentions")
    assert writer.execute(WRITTEN).fetchall() == []


def test_a_captured_row_costs_one_row_and_a_statement_one_more(crm):
    writer = crm.database.connect(autocommit=False)
    writer.execute(
        "insert into crm.mentions (mention_id, org_id) select n, %s "
        "from generate_series(1, 100) as n",
        [crm.orgs.a],
    )
    writer.execute("update crm.mentions set status = 'read'")
    assert writer.execute(WRITTEN).fetchall() == [
        ("automation.automation_events", 200, 0),
        ("automation_private.event_batches", 2, 0),
    ]
    assert (
        crm.one(
            "select count(*) from pg_index where indrelid = any (array["
            "'automation.automation_events', 'automation_private.event_batches']::regclass[])"
        )
        == 2
    )


def test_bulk_statements_make_one_batch_for_each_organisation_that_listens(crm):
    crm.listen(*(f"mention.{kind}" for kind in KINDS), org=crm.orgs.b)
    crm.execute(
        "insert into crm.mentions (mention_id, org_id) "
        "select n, case when n %% 5 < 3 then %s when n %% 5 = 3 then %s "
        "else gen_random_uuid() end from generate_series(1, 1000) as n",
        crm.orgs.a,
        crm.orgs.b,
    )
    crm.execute("update crm.mentions set score = mention_id / 1000.0")
    crm.execute("update crm.mentions set score = score + 1")
    crm.execute("delete from crm.mentions")
    batches = crm.execute(BATCHES).fetchall()
    assert batches == [(crm.orgs.a, 600, 600)] * 4 + [(crm.orgs.b, 200, 200)] * 4
    assert crm.execute(
        "select event, count(distinct (org_id, entity)), "
        "count(*) filter (where (new ->> 'score')::numeric = (old ->> 'score')::numeric + 1) "
        "from automation.automation_events group by event order by event"
    ).fetchall() == [
        ("mention.created", 800, 0),
        ("mention.deleted", 800, 0),
        ("mention.updated", 800, 800),
    ]


# whatever writes


STATEMENTS = {
    "upsert": (
        "insert into crm.mentions (mention_id, org_id, score) values (2, %(org)s, 0.9), "
        "(3, %(org)s, 0.9) on conflict (mention_id) do update set score = excluded.score",
        ["updated 2", "created 3"],
    ),
    "insert_or_nothing": (
        "insert into crm.mentions (mention_id, org_id) values (2, %(org)s), (3, %(org)s) "
        "on conflict do nothing",
        ["created 3"],
    ),
    "merge": (
        "merge into crm.mentions as m using (values (1), (2), (3)) as s (id) "
        "on m.mention_id = s.id when matched and s.id = 1 then delete "
        "when matched then update set score = 0.9 when not matched then "
        "insert (mention_id, org_id) values (s.id, %(org)s)",
        ["deleted 1", "updated 2", "created 3"],
    ),
    "with": (
        "with gone as (delete from crm.mentions where mention_id = 1 returning org_id), "
        "moved as (update crm.mentions set score = 0.9 where mention_id = 2) "
        "insert into crm.mentions (mention_id, org_id) select 3, g.org_id from gone as g",
        ["deleted 1", "updated 2", "created 3"],
    ),
    "cascade": ("delete from crm.authors where author_id = 7", ["deleted 1"]),
    "nothing": ("update crm.mentions set score = 0.9 where false", []),
}


def test_every_kind_of_statement_is_seen(crm):
    crm.execute("insert into crm.authors values (7)")
    crm.insert(1, author_id=7)
    crm.insert(2)
    crm.events()
    for name, (statement, expected) in STATEMENTS.items():
        with crm.db.transaction(force_rollback=True):
            crm.db.execute(statement, {"org": crm.orgs.a})
            found = [f"{event.split('.')[1]} {entity}" for event, entity, _, _ in crm.events()]
        assert sorted(found) == sorted(expected), name


def test_copied_rows_are_seen(crm):
    with crm.db.cursor().copy("copy crm.mentions (mention_id, org_id) from stdin") as copy:
        for mention in range(500):
            copy.write_row((mention, crm.orgs.a))
    assert crm.execute(BATCHES).fetchall() == [(crm.orgs.a, 500, 500)]


def test_what_is_rolled_back_never_happened(crm):
    with crm.db.transaction():
        crm.insert(1)
        with crm.db.transaction(force_rollback=True):
            crm.insert(2)
        crm.insert(3)
    with crm.db.transaction(force_rollback=True):
        crm.insert(4)
    assert crm.kinds() == [("mention.created", "1"), ("mention.created", "3")]
    assert crm.execute(BATCHES).fetchall() == [(crm.orgs.a, 1, 1)] * 2


def test_a_partitioned_table_is_seen_through_its_parent_only(crm):
    crm.execute(
        "create table crm.visits (visit_id int, org_id uuid, day date, pages int, "
        "primary key (visit_id, day)) partition by range (day);"
        "create table crm.visits_1 partition of crm.visits for values from (minvalue) "
        "to ('2026-07-01');"
        "create table crm.visits_2 partition of crm.visits for values from ('2026-07-01') "
        "to (maxvalue)"
    )
    crm.watch("crm.visits", "visit", "pages")
    crm.watch("crm.visits_2", "late_visit", "pages")
    crm.listen("visit.created", "visit.updated", "late_visit.created")
    insert = "insert into crm.{} values (%s, %s, %s, 1)"
    crm.execute(insert.format("visits"), 1, crm.orgs.a, "2026-01-01")
    crm.execute(insert.format("visits_1"), 2, crm.orgs.a, "2026-01-01")
    crm.execute(insert.format("visits_2"), 3, crm.orgs.a, "2026-12-01")
    crm.execute("update crm.visits set pages = 2, day = '2026-12-01' where visit_id = 1")
    crm.execute("update crm.visits set pages = 3 where visit_id = 1")
    assert [event[:2] for event in crm.events()] == [
        ("visit.created", '["1", "2026-01-01"]'),
        ("late_visit.created", '["3", "2026-12-01"]'),
        ("visit.created", '["1", "2026-12-01"]'),
        ("visit.updated", '["1", "2026-12-01"]'),
    ]


def test_a_writer_needs_no_rights_but_those_on_its_table(crm):
    crm.execute(
        "alter table crm.mentions enable row level security, force row level security;"
        "create policy own on crm.mentions to stranger "
        "using (org_id = current_setting('app.current_org_id')::uuid);"
        "grant usage on schema crm to stranger;"
        "grant select, insert, update, delete on crm.mentions to stranger"
    )
    crm.insert(1)
    writer = crm.database.connect("stranger", org=crm.orgs.a)
    crm.insert(2, by=writer)
    writer.execute("update crm.mentions set status = 'read' where mention_id = 2")
    writer.execute("delete from crm.mentions where mention_id = 1")
    assert [event[:2] for event in crm.events()] == [
        ("mention.created", "1"),
        ("mention.created", "2"),
        ("mention.updated", "2"),
        ("mention.deleted", "1"),
    ]
    with pytest.raises(errors.InsufficientPrivilege):
        writer.execute("table automation.automation_events")


def test_a_session_that_restores_a_dump_is_captured_like_any_other(crm):
    crm.execute("grant usage on schema crm to stranger; grant insert on crm.mentions to stranger")
    writer = crm.database.connect("stranger")
    writer.execute("set row_security = off")
    crm.insert(1, by=writer)
    assert crm.kinds() == [("mention.created", "1")]


def test_writers_never_wait_for_each_other_and_every_event_is_dispatched_once(
    engine, mentions, database
):
    engine.publish(act("a"), trigger={"type": "event", "event": "mention"})
    # each session takes ids in tens, so those of two open statements lie between each other
    mentions.execute("alter sequence automation.automation_events_event_id_seq cache 10")
    first, second = (database.connect(autocommit=False) for _ in range(2))

    def insert(writer, low, high) -> None:
        writer.execute("set lock_timeout = '100ms'")
        writer.execute(
            "insert into crm.mentions (mention_id, org_id) select n, %s "
            "from generate_series(%s::int, %s) as n",
            [mentions.orgs.a, low, high],
        )

    def dispatched() -> list[str]:
        engine.work()
        rows = mentions.execute(
            "select e.event || ' ' || e.entity from automation.workflow_instances as i "
            "inner join automation.automation_events as e using (org_id, event_id)"
        ).fetchall()
        return sorted(row[0] for row in rows)

    for writer, low in ((first, 1), (second, 101)):
        insert(writer, low, low + 4)
    for writer, low in ((first, 6), (second, 106)):
        insert(writer, low, low + 19)
        writer.execute("update crm.mentions set status = 'read'")
    written = {
        writer: [f"mention.{kind} {n}" for kind in KINDS[:2] for n in range(low, low + 25)]
        for writer, low in ((first, 1), (second, 101))
    }
    assert dispatched() == []
    second.commit()
    assert dispatched() == sorted(written[second])
    first.commit()
    assert dispatched() == sorted(written[first] + written[second])
    assert mentions.one(
        "select exists (select from automation.automation_events as e, ("
        "select batch_id, int8range(min(event_id), max(event_id)) as ids "
        "from automation.automation_events group by batch_id) as b "
        "where e.event_id <@ b.ids and e.batch_id <> b.batch_id)"
    )


def test_numbers_that_nothing_can_start_with_hold_no_event_up(engine, mentions):
    mentions.execute("create table crm.readings (id int primary key, org_id uuid, number numeric)")
    mentions.watch("crm.readings", "reading", "number")
    engine.publish(
        act("a"), trigger={"type": "event", "event": "reading", "condition": "number > 1"}
    )
    mentions.execute(
        "insert into crm.readings select n.ordinality, %s, n "
        "from unnest('{NaN, 1e1000, 2}'::numeric[]) with ordinality as n (n)",
        mentions.orgs.a,
    )
    assert engine.work() == 1
    assert mentions.execute(
        "select e.entity, x.status from automation.automation_executions as x "
        "inner join automation.automation_events as e using (org_id, event_id) order by 1"
    ).fetchall() == [("1", "skipped"), ("2", "failed"), ("3", "success")]


# what never happens to writers


def test_a_broken_capture_fails_no_writer(crm):
    notices = []
    crm.insert(0)
    crm.events()
    crm.db.add_notice_handler(lambda n: notices.append((n.severity, n.message_primary)))
    for change, org in (
        ("drop column status", "org_id"),
        ("rename column status to state", "org_id"),
        ("rename column org_id to tenant_id", "tenant_id"),
        ("drop column deleted_at", "org_id"),
    ):
        notices.clear()
        with crm.db.transaction(force_rollback=True):
            crm.execute(f"alter table crm.mentions {change}")
            crm.execute(f"insert into crm.mentions (mention_id, {org}) values (1, %s)", crm.orgs.a)
            assert (crm.mentions(), crm.kinds()) == ([0, 1], [])
            ((table, operation, state),) = crm.failures()
            assert (table, operation) == ("crm.mentions", "INSERT")
            assert state == ("42703" if "deleted_at" in change else "MA101")
            ((severity, message),) = notices
            assert (severity, "crm.mentions were not captured" in message) == ("WARNING", True)
            crm.watch("crm.mentions", "mention", "score", p_org_column=org)
            crm.execute("update crm.mentions set score = 0.1 where mention_id = 1")
            assert crm.kinds() == [("mention.updated", "1")]


def test_a_value_that_no_event_can_hold_fails_no_writer(crm):
    crm.add_table("form", "id int primary key, answers json", "answers")
    insert = "insert into crm.form values (%s, %s, %s::json)"
    for number, answers in enumerate(['"\\u0000"', '"fine"']):
        crm.execute(insert, crm.orgs.a, number, answers)
    assert crm.kinds() == [("form.created", "1")]
    assert crm.one("select count(*) from crm.form") == 2
    assert crm.failures() == [("crm.form", "INSERT", "22P05")]


def test_whatever_capture_raises_the_row_is_written_and_the_failure_recorded_once(crm):
    crm.execute(WEATHER)
    crm.execute("insert into crm.weather values (null)")
    states = SWALLOWED.split()
    assert len(states) >= 40
    for number, state in enumerate(states):
        crm.execute("update crm.weather set state = %s", state)
        crm.insert(number)
        assert crm.failures() == [("crm.mentions", "INSERT", state)]
    crm.execute("update crm.weather set state = null")
    assert crm.mentions() == list(range(len(states)))
    assert crm.kinds() == []


def test_errors_of_the_transaction_or_the_server_are_raised(crm):
    crm.execute(WEATHER)
    crm.execute("insert into crm.weather values (null)")
    for state in RAISED.split():
        crm.execute("update crm.weather set state = %s", state)
        with pytest.raises(psycopg.Error) as caught:
            crm.insert(1)
        assert caught.value.sqlstate == state
    assert (crm.mentions(), crm.failures()) == ([], [])


def test_a_writer_keeps_its_timeouts(crm):
    locker, writer = (crm.database.connect() for _ in range(2))
    with locker.transaction():
        locker.execute("lock automation.automation_events")
        for setting, error in (
            ("statement_timeout", errors.QueryCanceled),
            ("lock_timeout", errors.LockNotAvailable),
        ):
            writer.execute(f"set {setting} = '20ms'")
            with pytest.raises(error):
                crm.insert(1, by=writer)
            writer.execute(f"reset {setting}")
    crm.insert(2, by=writer)
    assert (crm.mentions(), crm.kinds()) == ([2], [("mention.created", "2")])


# watching


def test_watching_again_changes_what_is_captured_also_in_sessions_that_know_it(crm):
    writer = crm.database.connect()
    crm.insert(1, by=writer)
    writer.execute("update crm.mentions set status = 'read'")
    crm.watch("crm.mentions", "remark", "note", p_deleted_column=None)
    crm.listen("remark.updated")
    crm.events()
    writer.execute("update crm.mentions set status = 'seen'")
    writer.execute("update crm.mentions set note = 'x', deleted_at = now()")
    old, new = ({"mention_id": 1, "note": note} for note in (None, "x"))
    assert crm.events() == [("remark.updated", "1", new, old)]
    crm.execute("alter table crm.mentions alter column note type int using length(note)")
    crm.watch("crm.mentions", "remark", "note", p_deleted_column=None)
    writer.execute("update crm.mentions set note = 2")
    ((_, _, new, old),) = crm.events()
    assert (old["note"], new["note"]) == (1, 2)
    assert crm.one(TRIGGERS, "crm.mentions") == 3


HOSTILE = """
    create type crm.mood as enum ('good', 'bad');
    create table crm.loot (who text);
    grant insert on crm.loot to public; grant usage on schema crm to public;
    create function crm.as_json(crm.mood) returns json language plpgsql as $$
    begin
        insert into crm.loot values (current_user); return '{}';
    end $$;
    create function crm.as_text(crm.mood) returns text language plpgsql as $$
    begin
        insert into crm.loot values (current_user); return 'good';
    end $$;
"""
CASTS = """
    create cast (crm.mood as json) with function crm.as_json(crm.mood);
    create cast (crm.mood as text) with function crm.as_text(crm.mood) as implicit;
"""


def test_who_owns_a_table_has_no_code_run_by_the_engine(crm):
    """Not by casts of a type that the table has, nor of one that it gets when it is watched."""
    crm.execute(HOSTILE)
    crm.add_table("felt", "mood crm.mood primary key, other crm.mood", "other")
    crm.add_table("later", "id int primary key, mood text", "mood")
    crm.execute(CASTS)
    crm.execute("insert into crm.felt values (%s, 'good', 'bad')", crm.orgs.a)
    crm.execute("update crm.felt set other = 'good'; delete from crm.felt")
    assert [new for _, _, new, _ in crm.events()] == [
        {"mood": "good", "other": other} for other in ("bad", "good", "good")
    ]
    crm.execute("alter table crm.later alter mood type crm.mood using mood::crm.mood")
    crm.execute("delete from crm.loot")
    crm.execute("insert into crm.later values (%s, 1, 'good')", crm.orgs.a)
    assert crm.failures() == [("crm.later", "INSERT", "MA101")]
    crm.watch("crm.later", "later", "mood")
    crm.execute("insert into crm.later values (%s, 2, 'good')", crm.orgs.a)
    assert [new for _, _, new, _ in crm.events()] == [{"id": 2, "mood": "good"}]
    assert crm.execute("select * from crm.loot").fetchall() == []


def test_a_capturing_function_works_for_its_own_table_only(crm):
    crm.execute(
        "create table crm.fake (like crm.mentions);"
        "create trigger forged after insert on crm.fake referencing new table as new_rows "
        "for each statement execute function automation_capture.mention()"
    )
    crm.execute("insert into crm.fake (mention_id, org_id, status) values (1, %s, '')", crm.orgs.a)
    assert crm.kinds() == []
    assert crm.failures() == [("crm.fake", "INSERT", "MA101")]


def test_long_texts_are_cut_and_large_documents_left_out(crm):
    crm.add_table("long", "id int primary key, word text, list jsonb", "word", "list")
    crm.execute(
        "insert into crm.long select %s, 1, repeat('x', 70000), "
        "jsonb_agg(g) from generate_series(1, 20000) as g",
        crm.orgs.a,
    )
    ((_, _, new, _),) = crm.events()
    assert (len(new["word"]), new["list"]) == (65536, None)


def test_new_code_is_loaded_whatever_has_become_of_the_tables(crm):
    """What can be captured still is; the rest is a failure that somebody can read."""
    crm.add_table("kept", "id int primary key, word text, gone text", "word", "gone")
    crm.listen("kept.created")
    crm.execute(
        "alter table crm.mentions rename mention_id to id; alter table crm.kept drop gone;"
        "alter table crm.kept rename to renamed; select automation_private.rewrite_captures()"
    )
    crm.execute("insert into crm.renamed values (%s, 1, 'x')", crm.orgs.a)
    assert [new for _, _, new, _ in crm.events()] == [{"id": 1, "word": "x"}]
    ops = crm.database.connect("ops")
    told = ops.execute("select table_name, operation from automation.list_capture_failures()")
    assert told.fetchall() == [("crm.mentions", "REWRITE")]
    listed = ops.execute("select table_name, is_sound from automation.list_watched_tables()")
    assert listed.fetchall() == [("crm.renamed", False), ("crm.mentions", False)]
    crm.execute("delete from automation_private.capture_failures")


def test_an_unwatched_table_is_a_table_again(crm):
    crm.insert(1)
    crm.execute("select automation.unwatch_table('crm.mentions')")
    crm.insert(2)
    assert crm.kinds() == [("mention.created", "1")]
    assert crm.one(TRIGGERS, "crm.mentions") == 0
    with pytest.raises(psycopg.Error) as caught:
        crm.execute("select automation.unwatch_table('crm.mentions')")
    assert caught.value.sqlstate == "MA002"
    crm.add_table("mention_2", "id int primary key", "id")
    crm.watch("crm.mention_2", "mention", "id")


def test_the_event_of_a_dropped_table_is_free_again(crm):
    crm.execute(
        "drop table crm.mentions;"
        "create table crm.mentions (mention_id int primary key, org_id uuid, score numeric)"
    )
    crm.watch("crm.mentions", "mention", "score")
    crm.insert(1)
    assert crm.kinds() == [("mention.created", "1")]


def test_what_cannot_be_captured_is_refused(crm):
    wide = [f"c{n}" for n in range(51)]
    crm.execute(
        "create view crm.seen as table crm.mentions;"
        "create table crm.keyless (id int, org_id uuid);"
        "create table crm.settings (org_id uuid primary key, theme text);"
        "create table crm.flags (id int primary key, org_id uuid, gone bool, "
        "is_gone bool not null);"
        f"create table crm.wide (id int primary key, org_id uuid, {' int, '.join(wide)} int)"
    )
    before = crm.execute("select * from automation_private.watched_tables").fetchall()
    mention = ("crm.mentions", "mention", "score")
    refusals = [
        (("crm.seen", "x", "score"), {}, "only tables"),
        (("crm.mentions_pkey", "x", "score"), {}, "only tables"),
        ((None, "x", "score"), {}, "only tables"),
        (("crm.keyless", "x", "id"), {}, "primary key"),
        (("crm.settings", "x", "theme"), {}, "primary key"),
        (("crm.mentions", "mention"), {}, "1 to 50"),
        (mention, {"p_columns": None}, "1 to 50"),
        (("crm.mentions", "mention", "scores"), {}, 'no column "scores"'),
        (("crm.mentions", "mention", "score", None), {}, "no column"),
        (("crm.mentions", "mention", "ctid"), {}, "no column"),
        (("crm.wide", "x", *wide), {}, "at most 50"),
        (("crm.wide", "x", *wide[:50]), {}, "at most 50"),
        (mention, {"p_org_column": "tenant"}, 'no column "tenant"'),
        (mention, {"p_org_column": None}, "no column"),
        (mention, {"p_org_column": "status"}, "must be a uuid"),
        (mention, {"p_deleted_column": "status"}, "by being set"),
        (("crm.flags", "x", "id"), {"p_deleted_column": "gone"}, "by being set"),
        (("crm.flags", "x", "id"), {"p_deleted_column": "is_gone"}, "by being set"),
        (("crm.flags", "mention", "id"), {}, "another table"),
        *(
            (("crm.mentions", name, "score"), {}, "is named with")
            for name in (None, "", "Mention", "1st", "a.b", "a b", "a\n", "x" * 64, "é")
        ),
    ]
    if crm.db.info.server_version >= 180000:
        crm.execute("alter table crm.flags add twice int generated always as (id * 2) virtual")
        refusals += [
            (("crm.flags", "x", "twice"), {}, "not stored"),
            (("crm.flags", "x", "id"), {"p_deleted_column": "twice"}, "not stored"),
        ]
    for arguments, options, words in refusals:
        with pytest.raises(psycopg.Error, match=words) as caught:
            crm.watch(*arguments, **options)
        assert caught.value.sqlstate == "MA001", (arguments, options)
    assert crm.execute("select * from automation_private.watched_tables").fetchall() == before


def test_only_an_administrator_who_owns_the_table_watches_it(crm):
    watch = "select automation.watch_table('crm.mentions', 'mine', array['note'])"
    unwatch = "select automation.unwatch_table('crm.mentions')"
    crm.execute("grant usage on schema crm to public; grant select on crm.mentions to public")
    for user in ("app_backend", "svc_a", "bi_ro", "worker", "stranger", "ops"):
        connection = crm.database.connect(user, org=crm.orgs.a)
        for statement in (watch, unwatch):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)
    crm.insert(1)
    assert crm.kinds() == [("mention.created", "1")]
    crm.execute("alter table crm.mentions owner to ops")
    ops = crm.database.connect("ops")
    ops.execute(watch)
    crm.listen("mine.created")
    crm.insert(2)
    assert crm.kinds() == [("mine.created", "2")]
    ops.execute(unwatch)


# who caused it


CAUSE = """
grant usage on schema crm to automation_actor, automation_admin, app_backend;
grant insert on crm.mentions to automation_actor, app_backend;
create function crm.mention(config jsonb, context jsonb) returns jsonb language plpgsql as $$
begin
    insert into crm.mentions (mention_id, org_id)
    select n, coalesce(config ->> 'for', context ->> 'org_id')::uuid
    from generate_series((config ->> 'from')::int, (config ->> 'to')::int) as n;
    return jsonb_build_object('cause', current_setting('automation.cause'));
end $$
"""


@pytest.fixture
def acting(engine, crm):
    """The engine with an action that writes into the watched table."""
    crm.execute(CAUSE)
    engine.call(
        "ops",
        "register_action",
        p_action="mention",
        p_runs="native",
        p_description="mention",
        p_handler="crm.mention(jsonb,jsonb)",
    )
    return engine


def causes(crm) -> list:
    rows = crm.execute(
        "delete from automation.automation_events returning event_id, causation"
    ).fetchall()
    crm.execute("delete from automation_private.event_batches")
    return [row[1] for row in sorted(rows)]


def test_what_an_action_writes_names_its_instance_and_what_follows_does_not(acting, crm):
    crm.listen("mention.created", org=crm.orgs.b)
    ranges = [{"from": 1, "to": 2}, {"from": 3, "to": 202}, {"from": 203, "to": 204}]
    ranges[2]["for"] = str(crm.orgs.b)
    templates = [acting.publish(act("a", action="mention", config=config)) for config in ranges]
    with acting.client.transaction():
        small, large, _ = (acting.start(template) for template in templates)
        acting.work()
        crm.insert(300, by=acting.client)
    caused = {
        instance: {"instance": str(instance), "chain": str(instance), "depth": 1, "visited": []}
        for instance in (small, large)
    }
    assert causes(crm) == [*[caused[small]] * 2, *[caused[large]] * 200, None, None, None]


def test_a_cause_that_the_engine_did_not_sign_means_nothing(acting, crm):
    instance = acting.run(act("a", action="mention", config={"from": 1, "to": 1}))
    stolen = acting.status(instance)["output"]["cause"]
    assert stolen.startswith(f"{crm.orgs.a}/{instance}:")
    causes(crm)
    name, signature = stolen.split(":")
    forged = [
        "",
        ":",
        "::",
        "garbage",
        "null",
        name,
        f"{name}:",
        f"{name}:{'0' * 64}",
        f":{signature}",
        f"{uuid.UUID(int=0)}/{instance}:{signature}",
        stolen,
        f"{stolen}:",
        "x" * 1_000_000,
        "é:ü",
    ]
    for number, cause in enumerate(forged, start=10):
        acting.client.execute("select set_config('automation.cause', %s, false)", [cause])
        crm.insert(number, by=acting.client)
        acting.client.execute("select automation.emit_events(%s)", [Jsonb([{"event": "x"}])])
        assert causes(crm) == [None, None], cause
