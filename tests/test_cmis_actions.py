"""Conversations, campaigns, alerts: what marketing rules do to the platform's records."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest

from demo.stage import load_adapters, load_domain
from tests.domain import Platform, perform
from tests.engine import act
from tests.test_races import Session


class Agency(Platform):
    """The platform with a team, a keyword that is watched, and what people say."""

    def __init__(self, connection: psycopg.Connection, coffee: UUID, gym: UUID) -> None:
        super().__init__(connection, coffee, gym)
        self.author = self.add_person("author", "content_creator")
        self.managers = {self.add_person(n, "marketing_manager") for n in ("yusuf", "maryam")}
        self.social = sorted(self.add_person(n, "social_manager") for n in ("noor", "salman"))
        self.stranger = self.add_person("sofie", "social_manager", gym)
        self.add_person("mehmet", "marketing_manager", gym)
        self.keywords = {
            org: self.insert(
                "monitoring_keywords",
                org_id=org,
                created_by=self.author,
                keyword_type="hashtag",
                keyword="#DilmunCoffee",
                variations=["Dilmun Roasters", "قهوة دلمون", "  ", "#"],
            )
            for org in (coffee, gym)
        }

    def add_mention(self, org: UUID | None = None, **values) -> UUID:
        """Somebody complains."""
        org = org or self.coffee
        return self.insert(
            "social_mentions",
            **{
                "org_id": org,
                "keyword_id": self.keywords[org],
                "platform": "instagram",
                "platform_post_id": "1",
                "author_username": "khalid_eats",
                "content": "Cold espresso",
                "sentiment": "negative",
                "published_at": "2031-05-01 08:00",
            }
            | values,
        )

    def add_conversation(self, org: UUID | None = None, **values) -> UUID:
        """A conversation about a mention of its own."""
        org = org or self.coffee
        return self.insert(
            "social_conversations",
            **{
                "org_id": org,
                "root_mention_id": self.add_mention(org),
                "platform": "instagram",
                "last_activity_at": "2031-05-01 08:00",
            }
            | values,
        )

    def add_campaign(self, org: UUID | None = None, **values) -> UUID:
        """A campaign that runs."""
        default = {"org_id": org or self.coffee, "name": "Cold brew season", "status": "active"}
        return self.insert("campaigns", **default | values)

    def add_influencer_campaign(self, org: UUID | None = None, **values) -> UUID:
        """A campaign with an influencer."""
        org = org or self.coffee
        influencer = self.insert(
            "influencer_profiles",
            org_id=org,
            added_by=self.author,
            full_name="Amal Nasser",
            social_accounts=[],
        )
        partnership = self.insert(
            "influencer_partnerships",
            org_id=org,
            influencer_id=influencer,
            created_by=self.author,
            partnership_name="Amal and Dilmun",
            partnership_type="ongoing",
            compensation_type="fixed",
            currency="BHD",
        )
        return self.insert(
            "influencer_campaigns",
            **{
                "org_id": org,
                "partnership_id": partnership,
                "created_by": self.author,
                "campaign_name": "Reels in May",
                "campaign_objective": "awareness",
                "start_date": "2031-05-01",
                "end_date": "2031-05-31",
                "budget": 600,
                "influencer_payment": 500,
            }
            | values,
        )

    def row(self, table: str, key: str, row_id: UUID | str) -> dict:
        """A row as an object."""
        return self.one(f"select to_jsonb(t) from cmis.{table} as t where {key} = %s", row_id)

    def conversation(self, result: dict) -> dict:
        """The conversation that an action was about."""
        return self.row("social_conversations", "conversation_id", result["conversation_id"])

    def statuses(self, ids: dict[str, UUID]) -> dict[str, str]:
        """The status of each campaign."""
        return {
            name: self.row("campaigns", "campaign_id", campaign)["status"]
            for name, campaign in ids.items()
        }

    def told(self) -> set[UUID]:
        """Who has a notification; nobody has two."""
        rows = self.connection.execute("select user_id from cmis.notifications").fetchall()
        assert len(set(rows)) == len(rows)
        return {row[0] for row in rows}


@pytest.fixture
def agency(db, orgs) -> Agency:
    return Agency(db, orgs.a, orgs.b)


# ---- conversations


def test_a_mention_gets_a_conversation(agency):
    mention = agency.add_mention(detected_topics=["service"])
    result = agency.call("create_conversation", mention_id=mention, tags=["crisis"], notes="rule")
    row = agency.conversation(result)
    assert result == {
        "conversation_id": row["conversation_id"],
        "priority": "high",
        "created": True,
    }
    expected = {
        "org_id": str(agency.coffee),
        "root_mention_id": str(mention),
        "platform": "instagram",
        "status": "open",
        "assigned_to": None,
        "priority": "high",
        "participants": ["khalid_eats"],
        "overall_sentiment": "negative",
        "topics": ["service"],
        "requires_escalation": False,
        "internal_notes": "rule",
        "tags": ["crisis"],
        "last_activity_at": "2031-05-01T08:00:00",
    }
    assert {key: row[key] for key in expected} == expected


def test_a_mention_has_one_open_conversation_which_only_rises(agency):
    mention = agency.add_mention()
    first = agency.call("create_conversation", mention_id=mention, priority="normal")
    second = agency.call(
        "create_conversation",
        mention_id=mention,
        priority="urgent",
        tags=["crisis"],
        notes="spreads",
        requires_escalation=True,
        assign_to=agency.social[0],
    )
    assert second == first | {"priority": "urgent", "created": False}
    raised = agency.conversation(first)
    third = agency.call(
        "create_conversation",
        mention_id=mention,
        tags=["crisis", "product"],
        notes="spreads",
        assign_to=agency.social[1],
    )
    assert third == second
    row = agency.conversation(first)
    assert (row["priority"], row["requires_escalation"]) == ("urgent", True)
    assert (row["tags"], row["internal_notes"]) == (["crisis", "product"], "spreads")
    assert row["assigned_to"] == raised["assigned_to"] == str(agency.social[0])
    assert row["status"] == "in_progress"
    mention_row = agency.row("social_mentions", "mention_id", mention)
    assert mention_row["assigned_to"] == str(agency.social[0])


@pytest.mark.parametrize(
    "end", ["status = 'resolved'", "status = 'closed'", "deleted_at = now()", "org_id = %s"]
)
def test_a_conversation_that_is_over_is_not_the_open_one(agency, end):
    mention = agency.add_mention()
    first = agency.call("create_conversation", mention_id=mention)
    agency.connection.execute(
        f"update cmis.social_conversations set {end}", [agency.gym] if "%s" in end else []
    )
    second = agency.call("create_conversation", mention_id=mention)
    assert second["created"]
    assert second["conversation_id"] != first["conversation_id"]


def test_two_sessions_open_one_conversation(agency, database):
    mention = agency.add_mention()
    config = {"mention_id": mention}
    second = Session(database, "postgres")

    def create(connection):
        with connection.transaction():
            return perform(connection, "create_conversation", agency.coffee, config)

    with agency.connection.transaction():
        first = perform(agency.connection, "create_conversation", agency.coffee, config)
        assert second.begin(create).wait()  # behind the first
    assert second.result() == first | {"created": False}
    assert agency.one("select count(*) from cmis.social_conversations") == 1


def test_assigning_and_raising_a_conversation_do_not_deadlock(agency, database):
    """Both lock the mention first."""
    mention = agency.add_mention()
    created = agency.call("create_conversation", mention_id=mention)
    config = {"conversation_id": created["conversation_id"]}
    other = Session(database, "postgres")

    def assign(connection):
        with connection.transaction():
            return perform(connection, "assign_conversation", agency.coffee, config)

    with agency.connection.transaction():
        agency.connection.execute(
            "select from cmis.social_mentions where mention_id = %s for no key update", [mention]
        )
        assert other.begin(assign).wait()
        perform(
            agency.connection,
            "create_conversation",
            agency.coffee,
            {"mention_id": mention, "priority": "urgent"},
        )
    assert other.result()["changed"]
    row = agency.conversation(created)
    assert (row["priority"], row["status"]) == ("urgent", "in_progress")


def test_a_conversation_goes_to_who_has_the_fewest(agency):
    first, second = agency.social
    for _ in range(2):
        agency.add_conversation(assigned_to=first)
    agency.add_conversation(assigned_to=second, status="in_progress")
    for ended in ({"status": "resolved"}, {"deleted_at": "2031-01-01"}, {"org_id": agency.gym}):
        for _ in range(3):
            agency.add_conversation(**{"assigned_to": second} | ended)

    results = []
    for _ in range(2):
        conversation = agency.add_conversation()
        results.append(agency.call("assign_conversation", conversation_id=conversation))
        row = agency.row("social_conversations", "conversation_id", conversation)
        mention = agency.row("social_mentions", "mention_id", row["root_mention_id"])
        assert row["status"] == "in_progress"
        assert row["assigned_to"] == mention["assigned_to"] == results[-1]["assigned_to"]
    # one each makes two and two: the tie goes to the lower id
    assert [r["assigned_to"] for r in results] == [str(second), str(first)]
    names = [agency.one("select name from cmis.users where user_id = %s", u) for u in agency.social]
    assert [r["name"] for r in results] == names[::-1]


def test_who_has_a_conversation_keeps_it_when_it_is_assigned_again(agency):
    conversation = agency.add_conversation()
    first = agency.call("assign_conversation", conversation_id=conversation)
    for _ in range(3):
        agency.add_conversation(assigned_to=first["assigned_to"])
    again = agency.call("assign_conversation", conversation_id=conversation)
    assert again == first | {"changed": False}
    other = agency.call(
        "assign_conversation", conversation_id=conversation, user_id=agency.author, role="analyst"
    )
    assert (other["assigned_to"], other["changed"]) == (str(agency.author), True)


def test_a_conversation_is_assigned_to_members_only(agency):
    conversation = agency.add_conversation()
    nobody = agency.refused("assign_conversation", conversation_id=conversation, role="analyst")
    assert (nobody.sqlstate, '"analyst"' in nobody.diag.message_primary) == ("MA002", True)
    assert nobody.diag.message_hint
    for action, config in (
        ("assign_conversation", {"conversation_id": conversation, "user_id": agency.stranger}),
        ("create_conversation", {"mention_id": agency.add_mention(), "assign_to": agency.stranger}),
    ):
        assert agency.refused(action, **config).sqlstate == "MA002"
    over = agency.add_conversation(status="closed")
    error = agency.refused("assign_conversation", conversation_id=over)
    assert error.sqlstate == "MA101"
    assert "closed" in error.diag.message_primary


# ---- campaigns and mentions

# name: what a campaign has, whether it is related to a mention of #DilmunCoffee on Instagram
CAMPAIGNS = {
    "says it in its name": ({"platform": "meta", "name": "Dilmun coffee, always on"}, True),
    "its other name": ({"platform": "meta", "campaign_name": "Ramadan (DilmunCoffee)"}, True),
    "names the brand": (
        {"platform": "META", "platform_settings": {"brand": "dilmun-coffee"}},
        True,
    ),
    "deep in its targeting": (
        {"platform": "meta", "targeting_summary": {"all": [{"of": ["x", "#dilmuncoffee"]}]}},
        True,
    ),
    "a variation": ({"platform": "meta", "name": "DILMUN ROASTERS, roast day"}, True),
    "an Arabic variation": ({"platform": "meta", "name": "«قهوة دلمون» كل يوم"}, True),
    "no platform": ({"name": "Dilmun Coffee everywhere"}, True),
    "another platform": ({"platform": "google", "name": "Dilmun Coffee search"}, False),
    "another subject": ({"platform": "meta", "name": "Cold brew season"}, False),
    "a part of a word": ({"platform": "meta", "name": "DilmunCoffees and friends"}, False),
    "a key, no text": ({"platform": "meta", "platform_settings": {"Dilmun Coffee": 1}}, False),
    "paused": ({"platform": "meta", "name": "Dilmun Coffee", "status": "paused"}, False),
    "draft": ({"platform": "meta", "name": "Dilmun Coffee", "status": "draft"}, False),
    "deleted": ({"platform": "meta", "name": "Dilmun Coffee", "deleted_at": "2031-01-01"}, False),
}


def test_a_mention_pauses_the_campaigns_that_are_about_the_same_where_it_was_made(agency):
    ids = {name: agency.add_campaign(**values) for name, (values, _) in CAMPAIGNS.items()}
    foreign = agency.add_campaign(agency.gym, platform="meta", name="Dilmun Coffee")
    before = agency.statuses(ids)
    mention = agency.add_mention()
    result = agency.call("pause_related_campaigns", mention_id=mention, reason="cold espresso")
    related = {name for name, (_, is_related) in CAMPAIGNS.items() if is_related}
    assert agency.statuses(ids) == before | dict.fromkeys(related, "paused")
    assert result == {
        "paused": len(related),
        "campaign_ids": sorted(str(ids[name]) for name in related),
        "reason": "cold espresso",
    }
    again = agency.call("pause_related_campaigns", mention_id=mention)
    assert again == {"paused": 0, "campaign_ids": []}

    anywhere = agency.call("pause_related_campaigns", mention_id=mention, any_platform=True)
    assert anywhere["campaign_ids"] == [str(ids["another platform"])]
    assert agency.row("campaigns", "campaign_id", foreign)["status"] == "active"


def test_a_keyword_that_says_nothing_pauses_nothing(agency):
    agency.add_campaign(platform="twitter", name="# -")
    agency.add_campaign(platform="twitter", name="Dilmun Coffee")
    agency.connection.execute(
        "update cmis.monitoring_keywords set keyword = '#', variations = '{}'"
    )
    result = agency.call("pause_related_campaigns", mention_id=agency.add_mention(platform="x"))
    assert result["paused"] == 0


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("art", "start of the party", False),
        ("art", "pop-art!", True),
        ("c++ (2.0)", "Learn C 20 now", True),
        ("a|b", "a", False),
        (".*", "anything", False),
        ("^$", "", False),
        ("Größe", "GRÖSSE GRÖßE", True),
        ("x" * 255, "y " * 5000 + "x" * 255, True),
    ],
)
def test_a_keyword_is_found_as_a_word_and_taken_as_it_is(agency, keyword, text, found):
    query = "select automation_cmis.says_any(to_jsonb(%s::text), array[automation_cmis.{}(%s)])"
    assert agency.one(query.format("word_pattern"), text, keyword) is found


# ---- campaigns

STATUSES = ("draft", "active", "paused", "completed", "archived")
MOVES = {
    ("draft", "active"),
    ("active", "paused"),
    ("active", "completed"),
    ("paused", "active"),
    ("paused", "completed"),
}


@pytest.mark.parametrize(
    ("action", "target", "moves"),
    [
        ("pause_campaign", "paused", {("active", "paused")}),
        ("resume_campaign", "active", {("paused", "active")}),
        *(("update_campaign_status", status, MOVES) for status in STATUSES),
    ],
)
def test_a_campaign_moves_only_as_it_may(agency, action, target, moves):
    extra = {"status": target} if action == "update_campaign_status" else {}
    for status in STATUSES:
        campaign = agency.add_campaign(status=status)
        before = agency.row("campaigns", "campaign_id", campaign)
        if status == target or (status, target) in moves:
            assert agency.call(action, campaign_id=campaign, **extra) == {
                "campaign_id": str(campaign),
                "status": target,
                "previous": status,
                "changed": status != target,
            }
            assert agency.row("campaigns", "campaign_id", campaign)["status"] == target
        else:
            error = agency.refused(action, campaign_id=campaign, **extra)
            assert error.sqlstate == "MA101"
            assert f"it is {status}" in error.diag.message_primary
            assert error.diag.message_hint
        if (status, target) not in moves:
            assert agency.row("campaigns", "campaign_id", campaign) == before


# what a campaign has, what is asked, what becomes of which field
BUDGETS = [
    ({"daily_budget": 100, "lifetime_budget": 900, "budget": 500}, {}, "daily_budget", "120.00"),
    ({"lifetime_budget": 900, "budget": 500}, {}, "lifetime_budget", "1080.00"),
    ({"budget": 500}, {"direction": None}, "budget", "600.00"),
    ({"daily_budget": 100, "budget": 500}, {"field": "budget"}, "budget", "600.00"),
    ({"daily_budget": 33.33}, {"percent": "12.5"}, "daily_budget", "37.50"),
    ({"daily_budget": 100}, {"percent": 30}, "daily_budget", "130.00"),
    ({"daily_budget": 100}, {"percent": 25, "direction": "decrease"}, "daily_budget", "75.00"),
    (
        {"daily_budget": 12.5, "status": "paused"},
        {"direction": "decrease"},
        "daily_budget",
        "10.00",
    ),
]


def test_a_budget_is_adjusted_by_a_percentage(agency):
    for values, config, field, budget in BUDGETS:
        campaign = agency.add_campaign(**values)
        result = agency.call("adjust_budget", campaign_id=campaign, **{"percent": 20} | config)
        after = agency.row("campaigns", "campaign_id", campaign)
        budgets = ("daily_budget", "lifetime_budget", "budget")
        expected = {name: values.get(name) for name in budgets} | {field: float(budget)}
        assert {name: after[name] for name in budgets} == expected
        assert result == {
            "campaign_id": str(campaign),
            "field": field,
            "previous": values[field],
            "budget": float(budget),
        }


# what a campaign has, what is asked, the error
UNADJUSTABLE = [
    ({"daily_budget": 100}, {"percent": 30.01}, "MA001", "at most 30 percent"),
    (
        {"daily_budget": 100},
        {"percent": 25.01, "direction": "decrease"},
        "MA001",
        "at most 25 percent",
    ),
    ({"daily_budget": 100}, {"percent": 0}, "MA001", "more than 0"),
    ({"daily_budget": 100}, {"percent": -20}, "MA001", "more than 0"),
    ({"daily_budget": 100}, {"percent": "20%"}, "MA001", "not a number"),
    ({"daily_budget": 100}, {"percent": None}, "MA001", "not a number"),
    ({"daily_budget": 100}, {"direction": "up"}, "MA001", "direction"),
    ({"daily_budget": 100}, {"field": "bid_amount"}, "MA001", "field"),
    ({"daily_budget": 12.49}, {"direction": "decrease"}, "MA101", "below 10.00"),
    ({"daily_budget": 5}, {}, "MA101", "below 10.00"),
    ({"daily_budget": 100}, {"field": "lifetime_budget"}, "MA101", "has none"),
    ({}, {}, "MA101", "has none"),
    ({"daily_budget": 100, "status": "completed"}, {}, "MA101", "is completed"),
]


def test_a_budget_has_guards(agency):
    for values, config, code, words in UNADJUSTABLE:
        campaign = agency.add_campaign(**values)
        before = agency.row("campaigns", "campaign_id", campaign)
        error = agency.refused("adjust_budget", campaign_id=campaign, **{"percent": 20} | config)
        assert (error.sqlstate, words in error.diag.message_primary) == (code, True), config
        assert agency.row("campaigns", "campaign_id", campaign) == before


# ---- people


def test_an_alert_tells_the_managers_and_flags_the_mention(agency):
    mention = agency.add_mention()
    result = agency.call("create_alert", message="cold espresso", mention_id=mention)
    assert result == {"notified": 2}
    assert agency.told() == agency.managers
    row = agency.one("select to_jsonb(n) from cmis.notifications as n limit 1")
    assert (row["type"], row["title"], row["message"]) == (
        "workflow",
        "Alert: high",
        "cold espresso",
    )
    assert (row["notifiable_type"], row["notifiable_id"]) == ("social_mention", str(mention))
    assert row["data"]["severity"] == "high"
    assert agency.row("social_mentions", "mention_id", mention)["status"] == "flagged"


def test_an_alert_without_a_mention_goes_to_the_role_that_is_named(agency):
    alert = {"alert_name": "Spend", "message": "much", "severity": "low", "mention_id": None}
    agency.call("create_alert", **alert, notify_role="social_manager")
    assert agency.told() == set(agency.social)
    assert agency.one("select distinct title from cmis.notifications") == "Spend"


def test_a_team_is_told(agency):
    agency.call("notify_team", message="Budget spent", title="Spring", data={"spend": 12})
    assert agency.told() == agency.managers
    data = agency.one("select data from cmis.notifications limit 1")
    assert data["spend"] == 12


@pytest.mark.parametrize("action", ["create_alert", "notify_team"])
def test_a_team_must_have_somebody(agency, action):
    role = {"create_alert": "notify_role", "notify_team": "role"}[action]
    mention = {"mention_id": agency.add_mention()} if action == "create_alert" else {}
    assert agency.refused(action, message="x", **mention, **{role: "analyst"}).sqlstate == "MA002"
    agency.connection.execute("update cmis.user_orgs set is_active = false")
    assert agency.refused(action, message="x", **mention).sqlstate == "MA002"
    assert agency.one("select count(*) from cmis.social_mentions where status = 'flagged'") == 0


@pytest.mark.parametrize("action", ["create_alert", "notify_team"])
def test_the_same_step_tells_nobody_twice(agency, action):
    step = uuid4()
    for _ in range(2):
        with agency.connection.transaction():
            result = perform(agency.connection, action, agency.coffee, {"message": "x"}, step)
        assert result == {"notified": 2}
    assert agency.told() == agency.managers


# ---- campaigns with influencers


def test_a_report_has_the_figures_of_a_campaign(agency):
    campaign = agency.add_influencer_campaign(
        required_posts=4,
        posts_delivered=3,
        total_reach=120000,
        total_impressions=160000,
        total_engagement=8000,
        clicks=900,
        conversions=45,
        conversion_value=1250.5,
        status="completed",
    )
    for status in ("published", "published", "pending", "deleted"):
        agency.insert(
            "campaign_deliverables",
            org_id=agency.coffee,
            campaign_id=campaign,
            deliverable_type="reel",
            platform="instagram",
            due_date="2031-05-20",
            status=status,
            deleted_at="2031-05-01" if status == "deleted" else None,
        )
    result = agency.call("summarise_campaign", campaign_id=campaign)
    assert (result["campaign_id"], result["name"]) == (str(campaign), "Reels in May")
    assert result["report"] == {
        "partnership": "Amal and Dilmun",
        "status": "completed",
        "start_date": "2031-05-01",
        "end_date": "2031-05-31",
        "reach": 120000,
        "impressions": 160000,
        "engagement": 8000,
        "engagement_rate": 5,
        "clicks": 900,
        "conversions": 45,
        "conversion_value": 1250.5,
        "cost": 500,
        "currency": "BHD",
        "roi": 150.1,
        "cost_per_engagement": 0.0625,
        "posts_delivered": 3,
        "posts_required": 4,
        "deliverables": {"published": 2, "pending": 1},
    }
    assert result["text"].split("\n") == [
        "Reels in May, Amal and Dilmun",
        "2031-05-01 to 2031-05-31, completed",
        "Posts: 3 of 4 delivered",
        "Deliverables: 1 pending, 2 published",
        "Reach: 120,000",
        "Impressions: 160,000",
        "Engagement: 8,000 (5 % of impressions)",
        "Clicks: 900",
        "Conversions: 45, worth BHD 1,250.5",
        "Cost: BHD 500, 0.0625 per engagement",
        "ROI: 150.1 %",
    ]


def test_a_report_of_nothing_has_no_rates(agency):
    campaign = agency.add_influencer_campaign(influencer_payment=0)
    result = agency.call("summarise_campaign", campaign_id=campaign)
    rates = ("engagement_rate", "roi", "cost_per_engagement")
    assert [result["report"][rate] for rate in rates] == [None] * 3
    assert result["report"]["deliverables"] == {}
    assert "ROI: n/a" in result["text"]


# ---- all of them

# action: the table and the key of what it acts on, and what else it needs
SUBJECTS = {
    "create_conversation": ("social_mentions", "mention_id", {}),
    "pause_related_campaigns": ("social_mentions", "mention_id", {}),
    "create_alert": ("social_mentions", "mention_id", {"message": "x"}),
    "assign_conversation": ("social_conversations", "conversation_id", {}),
    "pause_campaign": ("campaigns", "campaign_id", {}),
    "resume_campaign": ("campaigns", "campaign_id", {}),
    "update_campaign_status": ("campaigns", "campaign_id", {"status": "completed"}),
    "adjust_budget": ("campaigns", "campaign_id", {"percent": 10}),
    "summarise_campaign": ("influencer_campaigns", "campaign_id", {}),
}


@pytest.fixture
def subjects(agency):
    """Makes something of a table in an organisation."""
    return {
        "social_mentions": agency.add_mention,
        "social_conversations": agency.add_conversation,
        "campaigns": lambda org=None: agency.add_campaign(org, daily_budget=100),
        "influencer_campaigns": agency.add_influencer_campaign,
    }


def test_what_belongs_to_another_organisation_or_is_deleted_does_not_exist(agency, subjects):
    """Also where the platform's row security lets it through."""
    for table in (*subjects, "monitoring_keywords", "user_orgs"):
        agency.connection.execute(f"alter table cmis.{table} disable row level security")
    for action, (table, key, extra) in SUBJECTS.items():
        foreign = subjects[table](agency.gym)
        deleted = subjects[table]()
        agency.connection.execute(
            f"update cmis.{table} set deleted_at = now() where {key} = %s", [deleted]
        )
        before = [agency.row(table, key, row_id) for row_id in (foreign, deleted)]
        errors = [
            agency.refused(action, **{key: row_id}, **extra)
            for row_id in (foreign, deleted, uuid4())
        ]
        assert [error.sqlstate for error in errors] == ["MA002"] * 3, action
        assert len({error.diag.message_primary for error in errors}) == 1
        assert [agency.row(table, key, row_id) for row_id in (foreign, deleted)] == before
    assert agency.told() == set()


# actions with a configuration that cannot be used
UNUSABLE = [
    *((action, {key: "7"} | extra) for action, (_, key, extra) in SUBJECTS.items()),
    ("create_conversation", {"priority": "low"}),
    ("create_conversation", {"priority": 1}),
    ("create_conversation", {"tags": "crisis"}),
    ("create_conversation", {"tags": [1]}),
    ("create_conversation", {"notes": " "}),
    ("create_conversation", {"assign_to": "noor"}),
    ("create_conversation", {"requires_escalation": "perhaps"}),
    ("assign_conversation", {"role": ""}),
    ("assign_conversation", {"user_id": 7}),
    ("pause_campaign", {"reason": ""}),
    ("update_campaign_status", {"status": "running"}),
    ("update_campaign_status", {"status": None}),
    ("create_alert", {"message": "x", "severity": "bad"}),
    ("create_alert", {"message": ""}),
    ("notify_team", {}),
    ("notify_team", {"message": "x", "data": ["y"]}),
]


def test_a_configuration_that_cannot_be_used_is_refused(agency, subjects):
    for action, config in UNUSABLE:
        table, key, _ = SUBJECTS.get(action, (None, None, None))
        subject = {key: subjects[table]()} if table and key not in config else {}
        error = agency.refused(action, **subject | config)
        assert error.sqlstate == "MA001", (action, config)
    assert agency.told() == set()


# ---- with the engine, and with the demo's data


def test_a_crisis_in_one_transaction(engine):
    """A mention becomes a conversation with somebody to answer it, and its campaigns pause."""
    agency = Agency(engine.admin, engine.org, uuid4())
    campaign = agency.add_campaign(platform="meta", name="Dilmun Coffee", daily_budget=50)
    mention = agency.add_mention()
    template = engine.publish(
        act(
            "open",
            "assign",
            action="create_conversation",
            config={"mention_id": "{{trigger.mention_id}}", "priority": "{{trigger.priority}}"},
        ),
        act(
            "assign",
            "pause",
            action="assign_conversation",
            config={"conversation_id": "{{steps.open.conversation_id}}"},
        ),
        act(
            "pause",
            "spend",
            action="pause_related_campaigns",
            config={"mention_id": "{{trigger.mention_id}}"},
        ),
        act(
            "spend",
            "alert",
            action="adjust_budget",
            config={
                "campaign_id": "{{steps.pause.campaign_ids[0]}}",
                "percent": "{{trigger.percent}}",
                "direction": "decrease",
            },
        ),
        act(
            "alert",
            action="create_alert",
            config={
                "mention_id": "{{trigger.mention_id}}",
                "message": "{{steps.assign.name}} answers, {{vars.paused}} campaign paused",
            },
        ),
    )
    instance = engine.start(template, mention_id=str(mention), priority="urgent", percent="20")
    assert engine.status(instance)["status"] == "completed", engine.status(instance)
    row = agency.row("campaigns", "campaign_id", campaign)
    assert (row["status"], row["daily_budget"]) == ("paused", 40)
    assert agency.told() == agency.managers
    message = agency.one("select message from cmis.notifications limit 1")
    assert message in {f"{name} answers, 1 campaign paused" for name in ("noor", "salman")}


def test_in_the_demo_a_mention_pauses_some_campaigns_and_leaves_others(db):
    load_domain(db)
    load_adapters(db)
    platforms = ("instagram", "facebook", "twitter", "tiktok")
    orgs = [row[0] for row in db.execute("select org_id from cmis.orgs").fetchall()]
    for org, platform in ((org, platform) for org in orgs for platform in platforms):
        with db.transaction(force_rollback=True):
            mention = db.execute(
                "select mention_id from cmis.social_mentions "
                "where org_id = %s and platform = %s limit 1",
                [org, platform],
            ).fetchone()[0]
            config = {"mention_id": mention}
            assert perform(db, "pause_related_campaigns", org, config)["paused"] == 1
            db.execute("reset role")
            left = db.execute(
                "select count(*) from cmis.campaigns where org_id = %s and status = 'active'",
                [org],
            ).fetchone()[0]
            assert left > 5


def test_in_the_demo_campaigns_with_influencers_are_about_to_end(db):
    load_domain(db)
    load_adapters(db)
    rows = db.execute(
        """
        select c.org_id, c.campaign_id
        from cmis.influencer_campaigns as c
        where c.status = 'active' and c.end_date between current_date and current_date + 2
        """
    ).fetchall()
    assert len({org for org, _ in rows}) == 2
    for org, campaign in rows:
        with db.transaction():
            summary = perform(db, "summarise_campaign", org, {"campaign_id": campaign})
        report = summary["report"]
        assert report["posts_delivered"] <= report["posts_required"]
        assert Decimal(report["deliverables"].get("published", 0)) == report["posts_delivered"]
        assert report["roi"] is not None
