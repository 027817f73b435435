"""Throughput, latency, cost and backlog of the engine."""

from __future__ import annotations

import multiprocessing
import statistics
import time
import uuid

import psycopg
from psycopg.types.json import Jsonb

from bench.stage import Stage, internal_steps, sequence

INSTANCES, STEPS = 2_000, 10
WINDOW = """
select count(*), extract(epoch from max(s.completed_at) - min(s.completed_at))
from automation.workflow_steps as s
inner join automation.workflow_instances as i using (org_id, instance_id)
where i.template_id = any (%s) and s.status = 'completed'
"""


def wait_until_done(
    stage: Stage, templates: list[uuid.UUID], instances: int, limit: float = 180
) -> None:
    """Poll until all instances of the templates have ended."""
    deadline = time.monotonic() + limit
    query = "select count(*) from automation.automation_executions where template_id = any (%s)"
    while stage.value(query, templates) < instances:
        if time.monotonic() > deadline:
            raise TimeoutError("the instances did not end in time")
        time.sleep(0.1)


def external_steps(stage: Stage, orgs: int = 1) -> dict[str, float]:
    """External no-op steps/s: instances started in bulk, drained by two worker processes."""
    templates = []
    per_org = INSTANCES // orgs
    for _ in range(orgs):
        stage.new_org()
        templates.append(stage.publish(sequence(STEPS)))
        stage.start(templates[-1], per_org)
    stage.admin.execute("checkpoint")
    before = counters(stage)
    with stage.workers(2):
        wait_until_done(stage, templates, INSTANCES)
    steps, seconds = stage.admin.execute(WINDOW, [templates]).fetchone()
    after = counters(stage)
    return {"steps_per_s": steps / float(seconds)} | {
        name: (after[name] - before[name]) / (INSTANCES * STEPS) for name in before
    }


def counters(stage: Stage) -> dict[str, float]:
    """Rows written to the engine's tables and the queue, WAL bytes and the server's CPU so far."""
    stage.admin.execute("select pg_stat_force_next_flush()")
    rows = """
    select sum(n_tup_ins + n_tup_upd + n_tup_del)
    from pg_stat_all_tables where schemaname = any (%s)
    """
    return {
        "engine_rows": float(stage.value(rows, ["automation", "automation_private"])),
        "queue_rows": float(stage.value(rows, ["pgmq"])),
        "wal_bytes": float(stage.value("select pg_current_wal_insert_lsn() - '0/0'")),
        "cpu_us": server_cpu_us(stage),
    }


def server_cpu_us(stage: Stage) -> float:
    """CPU time of the server's processes so far, user and system, ended children included."""
    leader = stage.value("select pid from pg_stat_activity where backend_type = 'checkpointer'")
    with open(f"/proc/{leader}/stat") as file:
        postmaster = int(file.read().rsplit(")", 1)[1].split()[1])
    ticks = 0
    for pid in [postmaster, *children(postmaster)]:
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        ticks += int(fields[11]) + int(fields[12])
        if pid == postmaster:
            ticks += int(fields[13]) + int(fields[14])
    return ticks * 10_000.0


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def start_internal(dsn: str, org: str, template: uuid.UUID, calls: int) -> None:
    """Start a hundred instances so many times, in a process of its own."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("select set_config('app.current_org_id', %s, false)", [org])
        items = Jsonb([{"trigger": {"roi": 300}} for _ in range(100)])
        for _ in range(calls):
            connection.execute(
                "select count(*) from automation.start_workflows(%s, %s)", [template, items]
            )


def internal(stage: Stage, sessions: int = 2, calls: int = 15) -> float:
    """Internal steps/s (condition and set by turns), one hundred instances of 20 steps a call."""
    org = stage.new_org()
    template = stage.publish(internal_steps(10))
    arguments = (stage.dsn("bench_app"), str(org), template)
    start_internal(*arguments, 3)
    context = multiprocessing.get_context("spawn")
    with context.Pool(sessions) as pool:
        pool.starmap(start_internal, [(*arguments, 1)] * sessions)
        began = time.perf_counter()
        pool.starmap(start_internal, [(*arguments, calls)] * sessions, chunksize=1)
        return sessions * calls * 100 * 20 / (time.perf_counter() - began)


def latency(stage: Stage, runs: int = 60) -> dict[str, float]:
    """Milliseconds from start to end of one instance of 10 external steps on an idle engine."""
    stage.new_org()
    template = stage.publish(sequence(STEPS))
    with stage.workers(1):
        for run in range(runs + 5):
            stage.start(template, 1)
            wait_until_done(stage, [template], run + 1)
    took = [
        float(seconds) * 1000
        for (seconds,) in stage.admin.execute(
            """
            select extract(epoch from completed_at - started_at) from automation.workflow_instances
            where template_id = %s order by started_at offset 5
            """,
            [template],
        )
    ]
    return {"p50": statistics.median(took), "p99": sorted(took)[int(len(took) * 0.99)]}


def claim_and_complete(stage: Stage, rounds: int = 40) -> float:
    """Median milliseconds to claim and to complete a batch of 100."""
    took = []
    with stage.connect("bench_worker") as worker:
        for _ in range(rounds):
            began = time.perf_counter()
            rows = worker.execute(
                "select msg_id, read_ct from pgmq.read('automation_actions', 60, 100)"
            ).fetchall()
            worker.execute(
                "select automation.complete_actions(%s)",
                [
                    Jsonb(
                        [
                            {"msg_id": m, "read_ct": r, "status": "completed", "output": {"ok": 1}}
                            for m, r in rows
                        ]
                    )
                ],
            )
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def backlog(stage: Stage, size: int = 100_000) -> dict[str, float]:
    """Time to claim and complete a batch with a short queue and at a long backlog."""
    stage.new_org()
    template = stage.publish(sequence(STEPS))
    stage.start(template, 100)
    empty = claim_and_complete(stage, 9)
    long = stage.publish(sequence(60))
    for _ in range(size // 10_000):
        stage.start(long, 10_000)
    return {"empty_ms": empty, "backlog_ms": claim_and_complete(stage)}
