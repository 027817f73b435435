"""What the platform itself does in the second act. Nothing here knows that there are rules.

Two writers find and follow mentions at the same time, in bulk: the row comes first, without
sentiment and engagement, then the analysis, then counts, again and again. A third thread completes
the campaigns whose time is over, adds up what campaigns spent, and says that it is Monday, nine
o'clock: what a scheduler says once a week, the demo says whenever it runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from demo import mentions
from demo.mentions import ROUNDS, Mention
from demo.stage import BACKEND, Org, Stage, select_org

CHUNK = 20
MOST_ATTEMPTS = 5
TURN_PATIENCE = 30.0
AMOUNTS = {"dilmun": 300, "nordlauf": 240}
LOUD_PLATFORMS = {"dilmun": ("twitter", "instagram", "facebook"), "nordlauf": ("tiktok",)}

# how much of its budget a campaign has spent, report after report, for the first few campaigns
SHARES = (
    ("0.86", "1.02"),
    ("0.95", "1.00"),
    ("0.90", "0.99"),
    ("1.05", "1.10"),
    ("1.01", "0.97", "1.03"),
)
METRICS_EVENT = "campaign.metrics_updated"
MONDAY_EVENT = "calendar.monday_0900"

KEYWORDS = """
    select keyword_id::text, keyword from cmis.monitoring_keywords where org_id = %s order by 1
"""

ADVERTS = """
    select
        c.campaign_id::text, c.platform,
        array(
            select t.value #>> '{}'
            from jsonb_path_query(
                jsonb_build_array(
                    c.name, c.campaign_name, c.targeting_summary, c.platform_settings
                ),
                'strict $.** ? (@.type() == "string")'
            ) as t (value)
        )
    from cmis.campaigns as c
    where c.org_id = %s and c.status = 'active'
"""

TEXTS = """
    select array_agg(distinct m.content order by m.content)
    from cmis.social_mentions as m
    where m.org_id = %s and m.sentiment = any(%s)
"""

INSERT = """
    insert into cmis.social_mentions (
        mention_id, org_id, keyword_id, platform, platform_post_id, post_url, author_username,
        author_followers_count, author_is_verified, content, published_at
    )
    select
        m.mention_id, %(org)s, m.keyword_id, m.platform, m.mention_id, m.post_url, m.author,
        m.followers, false, m.content, now() at time zone 'utc'
    from jsonb_to_recordset(%(rows)s) as m(
        mention_id uuid, keyword_id uuid, platform text, post_url text, author text,
        followers int, content text
    )
"""

# rows are locked in the order of their keys, as by everybody who writes several at once
ANALYSE = """
    with reading as materialized (
        select m.mention_id, r.sentiment, r.score, r.confidence
        from cmis.social_mentions as m
        join jsonb_to_recordset(%(rows)s) as r(
            mention_id uuid, sentiment text, score numeric, confidence int
        ) on r.mention_id = m.mention_id
        where m.org_id = %(org)s
        order by m.mention_id
        for no key update of m
    )
    update cmis.social_mentions as m
    set sentiment = r.sentiment, sentiment_score = r.score, sentiment_confidence = r.confidence,
        updated_at = now() at time zone 'utc'
    from reading as r
    where m.org_id = %(org)s and m.mention_id = r.mention_id
"""

COUNT = """
    with found as materialized (
        select m.mention_id, c.likes, c.comments, c.shares, c.views, c.rate, c.is_deleted
        from cmis.social_mentions as m
        join jsonb_to_recordset(%(rows)s) as c(
            mention_id uuid, likes int, comments int, shares int, views int, rate numeric,
            is_deleted boolean
        ) on c.mention_id = m.mention_id
        where m.org_id = %(org)s
        order by m.mention_id
        for no key update of m
    )
    update cmis.social_mentions as m
    set likes_count = c.likes, comments_count = c.comments, shares_count = c.shares,
        views_count = c.views, engagement_rate = c.rate,
        deleted_at = case when c.is_deleted then now() end,
        last_synced_at = now() at time zone 'utc', updated_at = now() at time zone 'utc'
    from found as c
    where m.org_id = %(org)s and m.mention_id = c.mention_id
"""

COMPLETE = """
    update cmis.influencer_campaigns
    set status = 'completed', completed_at = now() at time zone 'utc',
        updated_at = now() at time zone 'utc'
    where org_id = %s and status = 'active' and end_date <= current_date
    returning campaign_id::text
"""

PAY = """
    update cmis.influencer_campaigns
    set payment_status = 'partial', updated_at = now() at time zone 'utc'
    where org_id = %s and status = 'completed' and payment_status = 'pending'
"""

STATUSES = "select campaign_id::text, status from cmis.campaigns where org_id = %s"

CONVERSATIONS = "select conversation_id::text from cmis.social_conversations where org_id = %s"

ADVERTISED = """
    select
        c.campaign_id::text, c.name, c.currency, c.budget, c.daily_budget,
        sum(m.value) as spend
    from cmis.campaigns as c
    join cmis.campaign_metrics as m on m.org_id = c.org_id and m.campaign_id = c.campaign_id
    where c.org_id = %s and c.status = 'active' and m.metric_name = 'spend'
        and c.platform_settings = '{}'
    group by c.campaign_id
    order by c.campaign_id
"""

SPEND = """
    insert into cmis.campaign_metrics (campaign_id, org_id, metric_name, value)
    values (%s, %s, 'spend', %s)
    returning metric_id::text
"""

EMIT = "select outcome from automation.emit_events(%s)"


@dataclass(frozen=True)
class Campaign:
    """A campaign's spend as its metrics add up, report after report."""

    campaign_id: str
    name: str
    currency: str
    budget: Decimal
    totals: tuple[Decimal, ...]


@dataclass(frozen=True)
class Advert:
    """A campaign that runs: where, and everything that it says about itself."""

    campaign_id: str
    platform: str
    texts: list[str]


@dataclass
class Company:
    """What one organisation's listening and advertising will bring."""

    org: Org
    mentions: list[Mention]
    keywords: list[tuple[str, str]]
    """Ids and words."""
    complaints: list[str]
    remarks: list[str]
    campaigns: list[Campaign]
    adverts: list[Advert]
    statuses: dict[str, str]
    """The state of each campaign before all this."""
    conversations: list[str]
    """The conversations that there were before."""
    completed: list[str] = field(default_factory=list)

    def content(self, mention: Mention) -> str:
        """What somebody wrote."""
        is_calm = mention.kind in ("praise", "remark", "deleted")
        texts = self.remarks if is_calm else self.complaints
        return texts[mention.content % len(texts)]


def read_companies(stage: Stage) -> list[Company]:
    """Both organisations, with the stories of the mentions and campaigns to come."""
    companies = []
    for org in stage.orgs:
        with stage.connect(BACKEND, org) as connection:
            companies.append(
                Company(
                    org,
                    mentions.tell(org.login, AMOUNTS[org.login], LOUD_PLATFORMS[org.login]),
                    connection.execute(KEYWORDS, (org.org_id,)).fetchall(),
                    connection.execute(TEXTS, (org.org_id, ["negative"])).fetchone()[0],
                    connection.execute(TEXTS, (org.org_id, ["positive", "neutral"])).fetchone()[0],
                    list(read_campaigns(connection, org)),
                    [Advert(*row) for row in connection.execute(ADVERTS, (org.org_id,))],
                    dict(connection.execute(STATUSES, (org.org_id,))),
                    [row[0] for row in connection.execute(CONVERSATIONS, (org.org_id,))],
                )
            )
    return companies


def read_campaigns(connection: psycopg.Connection, org: Org) -> Iterator[Campaign]:
    """The campaigns that spend: the first few use up their budgets, the others go on as ever."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(ADVERTISED, (org.org_id,)).fetchall()
    for number, row in enumerate(rows):
        totals = [row["spend"] + row["daily_budget"] / 10]
        if number < len(SHARES):
            totals = [row["budget"] * Decimal(share) for share in SHARES[number]]
        yield Campaign(
            row["campaign_id"], row["name"], row["currency"], row["budget"],
            tuple(total.quantize(Decimal("0.01")) for total in (row["spend"], *totals)),
        )  # fmt: skip


class Jobs:
    """The platform's services at work; `problems` tells what went wrong with them."""

    def __init__(self, stage: Stage, companies: Sequence[Company]) -> None:
        self.stage = stage
        self.companies = companies
        self.today = datetime.now(UTC).date()
        self.problems: list[str] = []
        self.deadlocks = 0
        self.emitted: list[str] = []
        self._turn = threading.Barrier(2)
        self._threads = [
            threading.Thread(target=self._work, args=work, daemon=True)
            for work in (
                ("analysis", self._follow, 0),
                ("synchronisation", self._follow, 1),
                ("other services", self._serve, 2),
            )
        ]

    def start(self) -> None:
        """Set everything going."""
        for thread in self._threads:
            thread.start()

    @property
    def running(self) -> bool:
        """Whether somebody still works."""
        return any(thread.is_alive() for thread in self._threads)

    def _work(
        self, name: str, work: Callable[[psycopg.Connection, int], None], number: int
    ) -> None:
        try:
            with self.stage.connect(BACKEND) as connection:
                work(connection, number)
        except (psycopg.Error, threading.BrokenBarrierError) as error:
            self.problems.append(f"the platform's {name}: {type(error).__name__}: {error}")
            self._turn.abort()

    def _follow(self, connection: psycopg.Connection, number: int) -> None:
        """Find every other mention; then analyse all of them, or count all their likes."""
        for place, (company, chunk) in enumerate(self._chunks()):
            if place % 2 == number:
                rows = [describe_mention(company, mention) for mention in chunk]
                self._write(connection, company.org, INSERT, rows)
        for turn in range(ROUNDS):
            self._turn.wait(TURN_PATIENCE)
            for company, chunk in self._chunks():
                rows = list(describe_round(chunk, turn, counting=number == 1))
                if rows:
                    self._write(connection, company.org, COUNT if number else ANALYSE, rows)

    def _chunks(self) -> Iterator[tuple[Company, list[Mention]]]:
        """All mentions, some of one company, then some of the next."""
        sources = [(company, iter(company.mentions)) for company in self.companies]
        while sources:
            for source in list(sources):
                company, told = source
                if chunk := list(islice(told, CHUNK)):
                    yield company, chunk
                else:
                    sources.remove(source)

    def _write(
        self, connection: psycopg.Connection, org: Org, statement: str, rows: list[dict[str, Any]]
    ) -> None:
        """Execute a statement in an organisation, again if it fell victim to a deadlock."""
        select_org(connection, org.org_id)
        for attempt in range(MOST_ATTEMPTS):
            try:
                connection.execute(statement, {"org": org.org_id, "rows": Jsonb(rows)})
            except psycopg.errors.DeadlockDetected:
                self.deadlocks += 1
                if attempt == MOST_ATTEMPTS - 1:
                    raise
            else:
                return

    def _serve(self, connection: psycopg.Connection, _: int) -> None:
        """The services that run by the clock; each of them runs twice, as happens."""
        for company in self.companies:
            select_org(connection, company.org.org_id, company.org.manager)
            for _ in range(2):
                rows = connection.execute(COMPLETE, (company.org.org_id,)).fetchall()
                company.completed += [campaign_id for (campaign_id,) in rows]
            connection.execute(PAY, (company.org.org_id,))
            for campaign in company.campaigns:
                self._report(connection, company.org, campaign)
            self._emit(
                connection,
                {
                    "event": MONDAY_EVENT,
                    "new": {"until": self.today.isoformat()},
                    "dedupe_key": f"{MONDAY_EVENT} {self.today}",
                },
            )

    def _report(self, connection: psycopg.Connection, org: Org, campaign: Campaign) -> None:
        """Add up what a campaign spent, report after report."""
        for before, now in zip(campaign.totals, campaign.totals[1:], strict=False):
            with connection.transaction():
                (metric_id,) = connection.execute(
                    SPEND, (campaign.campaign_id, org.org_id, now - before)
                ).fetchone()
                self._emit(
                    connection,
                    {
                        "event": METRICS_EVENT,
                        "entity": campaign.campaign_id,
                        "new": describe_spend(campaign, now),
                        "old": describe_spend(campaign, before),
                        "dedupe_key": metric_id,
                    },
                )

    def _emit(self, connection: psycopg.Connection, event: dict[str, Any]) -> None:
        """Emit an event twice, as somebody does who is not sure that it was heard."""
        for _ in range(2):
            self.emitted += [row[0] for row in connection.execute(EMIT, (Jsonb([event]),))]


def describe_mention(company: Company, mention: Mention) -> dict[str, Any]:
    """A mention as it is found."""
    return {
        "mention_id": mention.mention_id,
        "keyword_id": company.keywords[mention.keyword][0],
        "platform": mention.platform,
        "post_url": mention.post_url,
        "author": mention.author,
        "followers": mention.followers,
        "content": company.content(mention),
    }


def describe_round(
    chunk: Sequence[Mention], turn: int, *, counting: bool
) -> Iterator[dict[str, Any]]:
    """What one writer has to say about some mentions in a round."""
    for mention in chunk:
        this = mention.rounds[turn]
        row = {"mention_id": mention.mention_id}
        if counting and this.counts:
            yield row | vars(this.counts) | {
                "rate": str(this.counts.rate), "is_deleted": this.is_deleted,
            }  # fmt: skip
        elif not counting and this.reading:
            yield row | vars(this.reading) | {"score": str(this.reading.score)}


def describe_spend(campaign: Campaign, total: Decimal) -> dict[str, Any]:
    """A campaign's metrics as the platform's events carry them."""
    return {
        "campaign_id": campaign.campaign_id,
        "name": campaign.name,
        "currency": campaign.currency,
        "budget": float(campaign.budget),
        "spend": float(total),
        "spend_percentage": float(round(100 * total / campaign.budget, 2)),
    }
