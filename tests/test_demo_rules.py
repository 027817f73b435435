"""The second act of the demo: its stories, what they foretell, and its rules."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from psycopg.types.json import Jsonb

from demo import foresight, jobs, mentions
from demo.jobs import Advert, Campaign, Company
from demo.mentions import CRISIS, KINDS, NEGATIVE, State, firings
from demo.reaction_check import average_and_p95
from demo.stage import HERE, RULES, Org, read_rule
from tests.domain import Platform

# how often a mention of a kind is a crisis, and how often it turns negative
ALARMS = {
    "praise": (0, 0),
    "remark": (0, 0),
    "grumble": (0, 1),
    "unheard": (0, 1),
    "unnoticed": (0, 1),
    "edge": (0, 1),
    "at once": (1, 1),
    "spreads": (1, 1),
    "smoulders": (1, 1),
    "misread": (1, 1),
    "read twice": (1, 1),
    "fades": (1, 1),
    "flares up again": (2, 1),
    "taken back": (2, 2),
    "deleted": (0, 0),
}


@pytest.fixture(scope="module")
def told() -> dict[str, list[mentions.Mention]]:
    return {
        login: mentions.tell(login, amount, jobs.LOUD_PLATFORMS[login])
        for login, amount in jobs.AMOUNTS.items()
    }


@pytest.fixture
def platform(db, orgs) -> Platform:
    platform = Platform(db, orgs.a, orgs.b)
    db.execute((HERE / "rules.sql").read_text())
    return platform


def test_both_companies_have_mentions_of_every_kind(told):
    for tale in told.values():
        assert set(KINDS) == {mention.kind for mention in tale}
        assert len({mention.mention_id for mention in tale}) == len(tale)
    assert not {m.mention_id for m in told["dilmun"]} & {m.mention_id for m in told["nordlauf"]}


def test_what_becomes_of_a_mention_does_not_depend_on_who_writes_first(told):
    for tale in told.values():
        for mention in tale:
            alarms = len(firings(mention, CRISIS)), len(firings(mention, NEGATIVE))
            assert alarms == ALARMS[mention.kind], mention


def test_a_story_that_cannot_be_foretold_is_refused(told):
    mention = next(m for m in told["dilmun"] if m.kind == "fades")
    angry, calm = (
        mentions.Reading(mood, Decimal(score), 90)
        for mood, score in (("negative", "-0.9"), ("neutral", "0"))
    )
    loud, quiet = (mentions.count(rate, 10_000) for rate in (8, 2))
    crossing = mentions.Round(calm, loud), mentions.Round(angry, quiet)
    with pytest.raises(ValueError, match="foretell"):
        firings(replace(mention, rounds=crossing), CRISIS)


def test_edges_are_exactly_on_the_threshold(told):
    edges = Counter()
    for tale in told.values():
        for mention in (m for m in tale if m.kind == "edge"):
            this = mention.rounds[0]
            on_edge = {
                "followers": mention.followers == 10_000,
                "score": this.reading.score == Decimal("-0.5"),
                "rate": this.counts.rate == Decimal("5.00"),
            }
            assert sum(on_edge.values()) == 1, mention
            edges.update(name for name, is_on_edge in on_edge.items() if is_on_edge)
    assert set(edges) == {"followers", "score", "rate"}


def test_every_mention_is_written_in_every_round_that_it_lives_through(told):
    for tale in told.values():
        for turn in range(mentions.ROUNDS):
            for counting in (False, True):
                rows = list(jobs.describe_round(tale, turn, counting=counting))
                wanted = [
                    mention.mention_id
                    for mention in tale
                    if (mention.rounds[turn].counts if counting else mention.rounds[turn].reading)
                ]
                assert [row["mention_id"] for row in rows] == wanted
                json.dumps(rows)


@pytest.mark.parametrize(
    ("text", "keyword", "expected"),
    [
        ("Dilmun Coffee: always on", "#dilmuncoffee", True),
        ("#DilmunCoffee", "dilmun coffee", True),
        ("Latte start", "art", False),
        ("Lauftreff am Kanal", "berlin lauftreff", False),
        ("Nordlauf Fitness", "nordlauf", True),
    ],
)
def test_a_campaign_is_about_a_keyword(text, keyword, expected):
    assert foresight.names(Advert("1", "meta", [text]), keyword) is expected


def test_budgets_are_spent_as_often_as_the_total_reaches_them():
    def company(*totals: str) -> Company:
        campaign = Campaign("1", "x", "BHD", Decimal(100), tuple(map(Decimal, totals)))
        org = Org("1", "Dilmun", "UTC", "2")
        return Company(org, [], [], [], [], [campaign], [], {}, [])

    for totals, expected in (
        (("20", "99.99"), []),
        (("20", "100"), ["100"]),
        (("20", "105", "110"), ["105"]),
        (("20", "101", "97", "103"), ["101", "103"]),
        (("120", "130"), []),
    ):
        found = [str(total) for _, total in foresight.overspendings(company(*totals))]
        assert found == expected


def test_percentiles_are_those_of_the_database(db):
    for times in ([5], [1, 2], [0, 1, 1], [3, 900, 14, 15, 92, 65, 35], list(range(0, 1000, 7))):
        row = db.execute(
            "select round(avg(t), 1), "
            "round((percentile_cont(0.95) within group (order by t))::numeric, 1) "
            "from unnest(%s::bigint[]) as t",
            [times],
        ).fetchone()
        assert average_and_p95(times) == tuple(map(float, row))


def test_the_rules_are_valid(platform, database):
    connection = database.connect("svc_a", platform.coffee)
    for name in RULES:
        rows = connection.execute(
            "select * from automation.validate_rule(%s)", (Jsonb(read_rule(name)),)
        ).fetchall()
        assert rows == [], name
    assert {path.stem for path in (HERE / "rules").iterdir()} == set(RULES)


def test_the_rules_mean_what_the_stories_assume(platform, database, told):
    connection = database.connect("svc_a", platform.coffee)
    rule = read_rule("crisis")
    crisis = {"all": [rule["trigger"]["condition"], *rule["conditions"]]}
    negative = read_rule("negative_mention")["conditions"]
    seen: dict[str, tuple[mentions.Mention, State]] = {}
    for mention in told["dilmun"]:
        for state in next(mentions.histories(mention)):
            seen[f"{mention.kind}/{state.sentiment}/{state.rate > 5}"] = mention, state
    assert len(seen) > 30
    for mention, state in seen.values():
        row = {
            "sentiment": state.sentiment,
            "sentiment_score": None if state.score is None else float(state.score),
            "engagement_rate": float(state.rate),
            "author_followers_count": mention.followers,
        }
        for condition, reaction in ((crisis, CRISIS), (negative, NEGATIVE)):
            found = connection.execute(
                "select automation.evaluate_condition(%s, %s)", (Jsonb(condition), Jsonb(row))
            ).fetchone()[0]
            assert found == reaction.holds(mention, state), (condition, row)


def test_the_weekly_report_is_about_seven_days_of_one_company(platform):
    managers = [platform.add_person(name, "marketing_manager") for name in ("yusuf", "maryam")]
    platform.add_person("mehmet", "marketing_manager", platform.gym)
    campaigns = {
        org: platform.insert("campaigns", org_id=org, name="x", status="active")
        for org in (platform.coffee, platform.gym)
    }
    for org, day, name, value in (
        (platform.coffee, "2026-11-16 00:00+00", "spend", "1000.25"),
        (platform.coffee, "2026-11-22 23:59+00", "spend", "234.25"),
        (platform.coffee, "2026-11-22 23:59+00", "clicks", "1500"),
        (platform.coffee, "2026-11-15 23:59+00", "spend", "7"),
        (platform.coffee, "2026-11-23 00:00+00", "spend", "7"),
        (platform.gym, "2026-11-20 12:00+00", "spend", "7"),
    ):
        platform.insert(
            "campaign_metrics",
            org_id=org,
            campaign_id=campaigns[org],
            metric_name=name,
            value=value,
            recorded_at=day,
        )
    keyword = platform.insert(
        "monitoring_keywords",
        org_id=platform.coffee,
        created_by=managers[0],
        keyword_type="brand",
        keyword="x",
    )
    for day, mood in (("16", "negative"), ("22", "positive"), ("23", "negative")):
        platform.insert(
            "social_mentions",
            org_id=platform.coffee,
            keyword_id=keyword,
            platform="twitter",
            platform_post_id=day,
            author_username="x",
            content="x",
            sentiment=mood,
            published_at=f"2026-11-{day} 12:00",
        )
    with platform.connection.transaction():
        platform.connection.execute(
            "select set_config('app.current_org_id', %s, true)", [str(platform.coffee)]
        )
        platform.connection.execute("set local role automation_actor")
        report = platform.connection.execute(
            "select cmis_reports.summarise_week(%s, %s)",
            [
                Jsonb({"until": str(date(2026, 11, 23)), "role": "marketing_manager"}),
                Jsonb({"org_id": str(platform.coffee), "instance_id": str(uuid4())}),
            ],
        ).fetchone()[0]
    assert report == {
        "title": "Dilmun: the week until 2026-11-23",
        "recipients": ["maryam@x.example", "yusuf@x.example"],
        "text": "Spend: BHD 1,234.50 in 1 campaigns\n"
        "Impressions: 0, clicks: 1,500, conversions: 0\n"
        "Mentions: 2, of which 1 are negative",
    }
