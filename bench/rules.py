"""Capture, dispatch, and the time from an event to its first effect."""

from __future__ import annotations

import contextlib
import statistics
import threading
import time
import uuid
from collections.abc import Iterator

import psycopg
from psycopg.types.json import Jsonb

from bench.conditions import CONDITIONS, PAYLOAD
from bench.stage import Stage

ROWS = 100_000
COLUMNS = [
    "platform",
    "author_followers_count",
    "engagement_rate",
    "sentiment",
    "sentiment_score",
    "status",
]
# the platform's table of mentions with its indexes, and the log that it is compared with
DOMAIN = """
create schema bench;
create table bench.social_mentions (
    mention_id uuid primary key default gen_random_uuid(),
    org_id uuid not null,
    keyword_id uuid not null,
    platform varchar(50) not null,
    platform_post_id varchar(255) not null,
    post_url text,
    mention_type varchar(50),
    author_username varchar(255) not null,
    author_display_name varchar(255),
    author_followers_count int not null default 0,
    author_is_verified boolean not null default false,
    content text not null,
    media_urls jsonb not null default '[]',
    hashtags jsonb not null default '[]',
    mentioned_accounts jsonb not null default '[]',
    language varchar(10) not null default 'en',
    likes_count int not null default 0,
    comments_count int not null default 0,
    shares_count int not null default 0,
    views_count int not null default 0,
    engagement_rate numeric(5, 2) not null default 0,
    sentiment varchar(20),
    sentiment_score numeric(5, 4),
    status varchar(50) not null default 'new',
    published_at timestamp not null,
    captured_at timestamp not null default now(),
    raw_data jsonb,
    deleted_at timestamptz
);
create index on bench.social_mentions (org_id, status);
create index on bench.social_mentions (keyword_id, published_at);
create index on bench.social_mentions (platform, published_at);
create index on bench.social_mentions (sentiment, published_at);
create index on bench.social_mentions (author_username);
create table bench.log (
    log_id bigint generated always as identity primary key,
    org_id uuid not null,
    mention_id uuid not null,
    logged_at timestamptz not null
);
create function bench.log_mentions() returns trigger language plpgsql as $$
begin
    insert into bench.log (org_id, mention_id, logged_at)
    select n.org_id, n.mention_id, clock_timestamp() from new_rows as n;
    return null;
end $$;
"""
LOGGING = """
create trigger logging after insert on bench.social_mentions
referencing new table as new_rows for each statement execute function bench.log_mentions()
"""
INSERT = f"""
insert into bench.social_mentions (
    org_id, keyword_id, platform, platform_post_id, post_url, author_username,
    author_display_name, author_followers_count, content, engagement_rate, sentiment,
    sentiment_score, published_at
)
select
    %s, gen_random_uuid(), (array['instagram', 'tiktok', 'x'])[1 + g %% 3], 'post ' || g,
    'https://social.example/' || g, 'user' || g %% 1000, 'User ' || g, (g * 37) %% 100000,
    repeat('what a lovely coffee ', 8), (g %% 1000) / 100.0, 'negative',
    ((g %% 200) - 100) / 100.0, now() - g * interval '1 second'
from generate_series(1, {ROWS}) as g
"""


def timed(run: psycopg.Connection, query: str, *args: object) -> float:
    """Seconds that a statement takes."""
    began = time.perf_counter()
    run.execute(query, args or None)
    return time.perf_counter() - began


def capture(stage: Stage) -> dict[str, float]:
    """Microseconds per row of a 100,000-row INSERT, by what hears of it.

    Each variant starts from an empty table, so that none pays for another's index.
    """
    stage.admin.execute(DOMAIN)
    org = stage.new_org()
    watch = "select automation.watch_table('bench.social_mentions', 'mention', %s)"
    neighbour = stage.new_org()
    variants = {
        "plain": lambda: None,
        "logged": lambda: stage.admin.execute(LOGGING),
        "unheard": lambda: stage.admin.execute(watch, [COLUMNS]),
        "unheard_here": lambda: (
            stage.admin.execute(watch, [COLUMNS]),
            stage.select_org(neighbour),
            listen(stage, "mention"),
            stage.select_org(org),
        ),
        "captured": lambda: (stage.admin.execute(watch, [COLUMNS]), listen(stage, "mention")),
    }
    figures: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(3):
        for name, prepare in variants.items():
            with contextlib.ExitStack() as stack:
                stack.callback(tear_down, stage)
                prepare()
                figures[name].append(timed(stage.admin, INSERT, org))
    seconds = {name: statistics.median(each) for name, each in figures.items()}
    return {name: 1e6 * each / ROWS for name, each in seconds.items()}


def tear_down(stage: Stage) -> None:
    """Nothing watches, logs or listens any more, and all is empty."""
    for trigger in ("logging", *(f"automation_captures_{w}" for w in WATCHED)):
        stage.admin.execute(f"drop trigger if exists {trigger} on bench.social_mentions")
    stage.admin.execute(
        "delete from automation_private.watched_tables; "
        "delete from automation_private.listeners; "
        "truncate bench.social_mentions, bench.log, automation.automation_events, "
        "automation_private.event_batches"
    )
    stage.admin.execute("checkpoint")


WATCHED = ("created", "updated", "deleted")
LISTENERS = len(CONDITIONS)


def listen(stage: Stage, event: str, condition: str = "impossible is set", **rule: object) -> str:
    """Create and activate a rule of the selected organisation."""
    document = {
        "name": f"rule {uuid.uuid4()}",
        "trigger": {"type": "event", "event": event, "fire_on": "every"},
        "conditions": condition,
        "actions": [{"action": "noop", "config": {}}],
    }
    rule_id = stage.app.execute(
        "select automation.create_rule(%s)", [Jsonb(document | rule)]
    ).fetchone()[0]
    stage.app.execute("select automation.activate_rule(%s)", [rule_id])
    return rule_id


COPY_TENANT = """
with org as materialized (
    select gen_random_uuid() as org_id from generate_series(2, %(orgs)s)
),
registered as (
    insert into automation_private.org_settings (org_id) select o.org_id from org as o
),
feed as (
    insert into automation_private.event_feeds (org_id) select o.org_id from org as o
),
definition as (
    insert into automation.workflow_definitions
    select (jsonb_populate_record(d, jsonb_build_object('org_id', o.org_id))).*
    from automation.workflow_definitions as d cross join org as o
),
rule as (
    insert into automation.automation_rules
    select (jsonb_populate_record(r, jsonb_build_object('org_id', o.org_id))).*
    from automation.automation_rules as r cross join org as o
)
insert into automation_private.listeners
select (r.listener).*
from automation_private.listeners as l
cross join org as o
cross join lateral (
    select jsonb_populate_record(l, jsonb_build_object('org_id', o.org_id)) as listener
) as r
"""
EMIT = f"""
select count(*) from automation.emit_events((
    select jsonb_agg(jsonb_build_object('event', 'sample', 'new', p.payload -> 'new'))
    from (select * from ({PAYLOAD.replace("%", "%%")}) as p limit %s) as p
))
"""


def tick_all(stage: Stage) -> None:
    """Drive the clock until nothing is due."""
    with stage.connect("bench_worker") as worker:
        while worker.execute("select automation.tick()").fetchone()[0]:
            pass


def dispatch(stage: Stage, orgs: int, events: int = 10_000) -> float:
    """Events/s of events that fire nothing, 20 of 200 rules listening to each.

    With several organisations each has the 20 rules that listen, and its share of the events.
    """
    stage.new_org()
    for condition in CONDITIONS:
        listen(stage, "sample", f"({condition}) and impossible is set")
    if orgs == 1:
        for number in range(180):
            listen(stage, f"other_{number}")
    else:
        stage.admin.execute(COPY_TENANT, {"orgs": orgs})
    tenants = stage.admin.execute("select org_id from automation_private.event_feeds").fetchall()
    for (org,) in tenants:
        stage.select_org(org)
        stage.app.execute(EMIT, [events // orgs])
    stage.admin.execute("vacuum analyze")
    # one organisation's events are dispatched in order, by one engine at a time
    engines = [threading.Thread(target=tick_all, args=(stage,)) for _ in range(min(orgs, 2))]
    began = time.perf_counter()
    for engine in engines:
        engine.start()
    for engine in engines:
        engine.join()
    took = time.perf_counter() - began
    if stage.value("select count(*) from automation_private.event_batches") != 0:
        raise RuntimeError("events were left")
    return events / took


@contextlib.contextmanager
def running_engine(stage: Stage) -> Iterator[None]:
    """One worker process that drives the clock, and nothing that it does is external."""
    with stage.workers(1):
        time.sleep(2)
        yield


def emit_all(stage: Stage, org: uuid.UUID, rate: float, count: int) -> None:
    """Emit events evenly, as one client of the platform."""
    emit = (
        "select automation.emit_event("
        "'sample', jsonb_build_object('n', %s::int, 'at', clock_timestamp()))"
    )
    with stage.connect("bench_app") as connection:
        stage.select_org(org, connection)
        began = time.perf_counter()
        for number in range(count):
            ahead = began + number / rate - time.perf_counter()
            if ahead > 0:
                time.sleep(ahead)
            connection.execute(emit, [number])


def wait_until_dispatched(stage: Stage) -> None:
    """Wait until the running engine has seen every event and done what follows."""
    for table in ("event_batches", "timers"):
        while stage.value(f"select exists (select from automation_private.{table})"):
            time.sleep(0.05)


def effect_latency(stage: Stage, rate: int = 500, seconds: int = 20) -> dict[str, float]:
    """Milliseconds from the commit of an event to its first effect inside the database."""
    stage.admin.execute(
        """
        create schema effects;
        create table effects.effect (
            event_id bigint primary key,
            emitted_at timestamptz not null,
            seen_at timestamptz not null default clock_timestamp()
        );
        create function effects.note(config jsonb, context jsonb) returns jsonb language sql as $$
            insert into effects.effect (event_id, emitted_at)
            values ((config ->> 'event_id')::bigint, (config ->> 'emitted_at')::timestamptz)
            returning '{}'::jsonb
        $$;
        grant usage on schema effects to automation_actor;
        grant insert, select on effects.effect to automation_actor;
        select automation.register_action(
            'note_effect', 'native', 'Note when.', p_handler => 'effects.note(jsonb,jsonb)'
        );
        """
    )
    org = stage.new_org()
    listen(
        stage,
        "sample",
        "n >= 0",
        actions=[
            {
                "action": "note_effect",
                "config": {"event_id": "{{trigger.event_id}}", "emitted_at": "{{trigger.at}}"},
            }
        ],
    )
    with running_engine(stage):
        emitters = [
            threading.Thread(target=emit_all, args=(stage, org, rate / 4, rate * seconds // 4))
            for _ in range(4)
        ]
        began = time.perf_counter()
        for emitter in emitters:
            emitter.start()
        for emitter in emitters:
            emitter.join()
        wait_until_dispatched(stage)
        reached = rate * seconds / (time.perf_counter() - began)
    p50, p99, count = stage.admin.execute(
        """
        select
            percentile_cont(0.5) within group (order by took),
            percentile_cont(0.99) within group (order by took), count(*)
        from (
            select 1000 * extract(epoch from e.seen_at - e.emitted_at) as took
            from effects.effect as e
        ) as t
        """
    ).fetchone()
    if count != rate * seconds:
        raise RuntimeError(f"{count} effects of {rate * seconds} events")
    return {"p50": float(p50), "p99": float(p99), "rate": reached}
