"""The machine's own limits, measured in the same run: what every other figure is a ratio of."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from pathlib import Path

from bench.stage import Stage

UPDATE = "\\set id random(1, 100000)\nupdate bench_row set n = n + 1 where id = :id;\n"


def one_row_updates(stage: Stage, clients: int, seconds: int = 4) -> float:
    """One-row updates per second by pgbench, each its own transaction, prepared."""
    stage.admin.execute(
        "create table if not exists bench_row (id int primary key, n int, filler text) "
        "with (fillfactor = 70)"
    )
    stage.admin.execute("truncate bench_row")
    stage.admin.execute(
        "insert into bench_row select g, 0, repeat('x', 100) from generate_series(1, 100000) as g"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(UPDATE)
        script.flush()
        Path(script.name).chmod(0o644)
        command = [stage.server.program("pgbench"), "-n", "-M", "prepared", "-f", script.name]
        command += ["-c", str(clients), "-j", str(min(clients, 2)), "-T", str(seconds), stage.dsn()]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"tps = ([\d.]+)", output)[1])


def set_based_pairs(stage: Stage, rows: int = 100, rounds: int = 100) -> float:
    """Pairs of one inserted and one updated row per second, a hundred at a time, one session."""
    stage.admin.execute(
        "create temp table if not exists bench_pair (id bigint primary key, body jsonb, n int)"
    )
    stage.admin.execute("truncate bench_pair")
    began = time.perf_counter()
    for round_ in range(rounds):
        first = round_ * rows
        stage.admin.execute(
            """
            insert into bench_pair
            select g, jsonb_build_object('n', g), 0 from generate_series(%s::int, %s::int) as g
            """,
            [first, first + rows - 1],
        )
        stage.admin.execute(
            "update bench_pair set n = 1 where id between %s and %s", [first, first + rows - 1]
        )
    return rows * rounds / (time.perf_counter() - began)
