"""What the tests of the worker share: a queue with messages, workers, and a record of reports."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from action_tools import make_message
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from py_actions.registry import Action
from py_actions.settings import WorkerSettings
from worker import Worker

ROOT = Path(__file__).resolve().parent.parent

# The protocol alone: the fence and the record of what was said, without the engine behind it.
RECORDER = """
    create table reported (
        msg_id bigint, read_ct int, status text, output jsonb, error jsonb,
        execution_time_ms int, accepted bool, call bigint
    );
    create sequence report_calls;
    grant all on reported, report_calls to public;
    create or replace function automation.complete_actions(p_results jsonb) returns jsonb
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
        v_call bigint := nextval('public.report_calls');
        v_taken bigint[];
    begin
        if p_results::text like '%POISON%' then
            raise exception using errcode = '22000', message = 'poison';
        end if;
        with r as (
            select * from jsonb_to_recordset(p_results) as r (
                msg_id bigint, read_ct int, status text, output jsonb, error jsonb,
                execution_time_ms int
            )
        ), d as (
            delete from pgmq.q_automation_actions as q using r
            where q.msg_id = r.msg_id and q.read_ct = r.read_ct
            returning q.msg_id
        ), i as (
            insert into public.reported
            select r.*, d.msg_id is not null, v_call from r left join d using (msg_id)
        )
        select coalesce(array_agg(msg_id), '{}') into v_taken from d;
        return jsonb_build_object('accepted', cardinality(v_taken), 'stale', (
            select coalesce(jsonb_agg(r -> 'msg_id'), '[]')
            from jsonb_array_elements(p_results) as r
            where (r ->> 'msg_id')::bigint <> all (v_taken)
        ));
    end $$;
"""


def poll(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait until the condition gives something true, and return that."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return value


class Queue:
    """The queue of one test database, seen from outside."""

    def __init__(self, database: Any, *, record: bool = True) -> None:
        self.database = database
        self.db = database.connect()
        self.db.row_factory = dict_row
        if record:
            self.db.execute(RECORDER)

    def send(self, action: str, config: Any = None, count: int = 1, **extra: Any) -> list[int]:
        """Put messages into the queue; returns their ids."""
        messages = [Jsonb(make_message(action, config, **extra)) for _ in range(count)]
        return self.send_raw(messages)

    def send_raw(self, messages: list[Jsonb]) -> list[int]:
        """Put anything into the queue."""
        rows = self.db.execute(
            "select send_batch as id from pgmq.send_batch('automation_actions', %s)", (messages,)
        )
        return [row["id"] for row in rows]

    def left(self) -> list[dict[str, Any]]:
        """What is in the queue now, with the seconds until it is visible."""
        return self.db.execute(
            "select msg_id, read_ct, extract(epoch from vt - clock_timestamp())::float as hidden,"
            " message from pgmq.q_automation_actions order by msg_id"
        ).fetchall()

    def reported(self) -> list[dict[str, Any]]:
        """What was reported, in order."""
        return self.db.execute("select * from public.reported order by msg_id, call").fetchall()

    def one(self) -> dict[str, Any]:
        """The only report."""
        (report,) = self.reported()
        return report

    def make_visible(self) -> None:
        """Let all leases run out at once."""
        self.db.execute("update pgmq.q_automation_actions set vt = clock_timestamp()")


def make_worker(database: Any, handlers: dict[str, Any], **settings: Any) -> Worker:
    """A worker in this process, with these handlers."""
    actions = {name: Action(name, handler, {}, False, "") for name, handler in handlers.items()}
    given = {"dsn": database.dsn("worker"), "poll_max": 0.05, "unknown_delay": 0, **settings}
    return Worker(WorkerSettings(**given), actions)


def drain(database: Any, handlers: dict[str, Any], **settings: Any) -> int:
    """Work until the queue is empty; the worker's exit code."""

    async def work() -> int:
        async with asyncio.timeout(60):
            return await make_worker(database, handlers, **settings).run(drain=True)

    return asyncio.run(work())


@contextmanager
def running(
    database: Any, *arguments: str, log: Path, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """`worker.py run` as a process of its own, with the actions of worker_actions.py."""
    with log.open("ab") as stderr:
        process = start(database, *arguments, stderr=stderr, **environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def start(database: Any, *arguments: str, stderr: Any, **environment: str) -> subprocess.Popen:
    """Start `worker.py run`."""
    settings = {
        "AUTOMATION_LOG_FORMAT": "json",
        "AUTOMATION_POLL_MAX": "0.05",
        "AUTOMATION_EGRESS_ALLOW": "127.0.0.1",
        "PYTHONPATH": str(ROOT / "tests"),
        **environment,
    }
    return subprocess.Popen(
        [sys.executable, "worker.py", "run", "--actions", "worker_actions", *arguments],
        cwd=ROOT,
        env={**os.environ, "AUTOMATION_DSN": database.dsn("worker"), **settings},
        stderr=stderr,
    )


def ended(process: subprocess.Popen, seconds: float = 20) -> int:
    """Wait for the end of a process; its exit code."""
    return process.wait(seconds)


def terminate_backends(db: psycopg.Connection, link: str) -> None:
    """Cut the connections of a worker's link."""
    db.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = %s",
        (f"automation worker: {link}",),
    )
