"""A rule tried on the past."""

from __future__ import annotations

import time

from psycopg.types.json import Jsonb

from bench.conditions import PAYLOAD
from bench.stage import Stage

EVENTS = 100_000
# a week of events about 20,000 things, one every six seconds; two thirds of them are changes
RECORD = f"""
insert into automation.automation_events (
    org_id, batch_id, event, entity, new, old, source, occurred_at, recorded_at
)
select
    %s, p.n, case when p.n %% 3 = 0 then 'sample.created' else 'sample.updated' end,
    p.n * 7919 %% 20000, p.new,
    case when p.n %% 3 > 0 then p.new || jsonb_build_object('roi', p.n * 11 %% 600) end,
    'bench.samples', t.at, t.at
from (
    select row_number() over () as n, x.payload -> 'new' as new
    from ({PAYLOAD.replace("%", "%%").replace("10000)", f"{EVENTS})")}) as x
) as p
cross join lateral (
    select now() - (%s - p.n) * interval '6 seconds' as at
) as t
"""
RULE = {
    "name": "Crisis",
    "trigger": "sample",
    "conditions": "sentiment_score < -0.5 and engagement_rate > 5 and author.followers > 10000",
    "actions": [{"action": "noop", "config": {"text": "{{trigger.title}}"}}],
    "cooldown": "PT1H",
    "max_executions_per_day": 100,
}


def week(stage: Stage, runs: int) -> list[float]:
    """Seconds that a backtest over a week of 100,000 events takes, each time in a new session."""
    org = stage.new_org()
    stage.admin.execute(RECORD, [org, EVENTS])
    stage.admin.execute("vacuum analyze automation.automation_events")
    figures = []
    for _ in range(runs):
        with stage.connect("bench_app") as connection:
            stage.select_org(org, connection)
            began = time.perf_counter()
            report = connection.execute(
                "select automation.backtest_draft(%s, '8 days', p_run_duration => '5 minutes')",
                [Jsonb(RULE)],
            ).fetchone()[0]
            figures.append(time.perf_counter() - began)
        if report["events_seen"] != EVENTS or not report["would_fire"]:
            raise RuntimeError("the past is not as it should be")
    return figures
