"""A limit under many dispatchers at once: how many runs start, and what a firing costs."""

from __future__ import annotations

import threading
import time

from bench.rules import listen, tick_all
from bench.stage import Stage

LIMIT = 100
DISPATCHERS = 16
EVENTS = 4_000
EMIT = """
select count(*) from automation.emit_events((
    select jsonb_agg(jsonb_build_object(
        'event', 'sample', 'new', '{}'::jsonb, 'entity', g::text
    ))
    from generate_series(%s::int, %s) as g
))
"""


def exactness(stage: Stage) -> dict[str, float]:
    """Runs that a limit of 100 lets start when 16 engines dispatch 4,000 firings, and firings/s."""
    org = stage.new_org()
    listen(stage, "sample", "impossible is not set", limits=[{"max": LIMIT, "per": "day"}])
    stage.select_org(org)
    for first in range(0, EVENTS, 100):
        stage.app.execute(EMIT, [first, first + 99])
    engines = [threading.Thread(target=tick_all, args=(stage,)) for _ in range(DISPATCHERS)]
    began = time.perf_counter()
    for engine in engines:
        engine.start()
    for engine in engines:
        engine.join()
    # an engine leaves to others what they hold, so the last events may be left
    tick_all(stage)
    took = time.perf_counter() - began
    return {
        "started": stage.value("select count(*) from automation.workflow_instances"),
        "suppressed": stage.value(
            "select sum(occurrences) from automation.automation_executions "
            "where reason = 'limit_reached'"
        ),
        "rate": EVENTS / took,
    }
