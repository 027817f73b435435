"""Set-based evaluation of compiled conditions."""

from __future__ import annotations

import statistics
import time

from bench.stage import Stage

CONDITIONS = [
    "roi > 200",
    "sentiment_score < -0.5 and engagement_rate > 5 and author.followers > 10000",
    "status = 'active'",
    "status != 'archived'",
    "platform in ('instagram', 'tiktok', 'youtube')",
    "platform not in ('x', 'linkedin')",
    "spend >= budget",
    "spend / budget > 0.8",
    "title contains 'sale'",
    "title starts with 'New'",
    "not verified",
    "verified and author.followers >= 1000000",
    "tags contains 'vip'",
    "campaign is set",
    "campaign is not set or campaign.status = 'paused'",
    "score between 50 and 80",
    "(score > 90 or roi > 500) and status = 'active'",
    "language = 'ar' or language = 'en'",
    "author.name matches '^A'",
    "score + bonus > 100",
]
PAYLOAD = """
select jsonb_build_object('new', jsonb_build_object(
    'roi', (g * 7) % 600, 'sentiment_score', ((g * 13) % 200 - 100) / 100.0,
    'engagement_rate', (g * 3) % 12, 'status', (array['active', 'paused', 'archived'])[1 + g % 3],
    'platform', (array['instagram', 'tiktok', 'x', 'linkedin', 'youtube'])[1 + g % 5],
    'spend', g % 1000, 'budget', 500 + g % 700, 'title', 'New summer sale ' || g,
    'verified', g % 2 = 0, 'tags', jsonb_build_array('vip', 'lead'), 'score', g % 101,
    'bonus', g % 40, 'language', (array['ar', 'en', 'de'])[1 + g % 3],
    'author', jsonb_build_object('followers', (g * 31) % 2000000, 'name', 'Ana ' || g)
)) as payload
from generate_series(1, 10000) as g
"""


def evaluations(stage: Stage) -> float:
    """Condition evaluations/s: 10,000 payloads joined to 20 conditions in one statement."""
    stage.admin.execute(f"create temp table payload as {PAYLOAD}")
    stage.admin.execute(
        """
        create temp table predicate as
        select (automation_private.compile_condition(to_jsonb(c.source), 'row')).path
        from unnest(%s::text[]) as c (source)
        """,
        [CONDITIONS],
    )
    took = []
    for _ in range(5):
        began = time.perf_counter()
        stage.admin.execute(
            """
            select count(*) filter (where jsonb_path_match(p.payload, c.path, '{}', true))
            from payload as p cross join predicate as c
            """
        )
        took.append(time.perf_counter() - began)
    return 10_000 * len(CONDITIONS) / statistics.median(took)
