"""The actions on the platform's records, the demo's data, and the services of the demo."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from demo import services
from demo.stage import HERE, load_adapters, load_domain
from tests.domain import Platform

STATES = (
    "draft",
    "submitted",
    "in_review",
    "approved",
    "rejected",
    "scheduled",
    "publishing",
    "published",
    "failed",
    "cancelled",
)
ALLOWED = {
    "approve_post": {"submitted", "in_review"},
    "request_review": {"submitted"},
    "return_post": {"submitted", "in_review"},
    "schedule_post": {"approved"},
    "start_publishing": {"scheduled"},
    "mark_post_published": {"publishing"},
    "mark_post_failed": {"scheduled", "publishing"},
}
EXTRA = {
    "request_review": {"reason": "a person should look"},
    "return_post": {"reason": "too short"},
    "mark_post_failed": {"reason": "refused"},
    "mark_post_published": {
        "published": [{"platform": "facebook", "id": "1", "url": "http://f/1"}]
    },
}


class Domain(Platform):
    """The platform with somebody who writes posts and some who review them."""

    def __init__(self, connection: psycopg.Connection, coffee: UUID, gym: UUID) -> None:
        super().__init__(connection, coffee, gym)
        self.author = self.add_person("author", "content_creator")
        self.reviewers = {self.add_person(name, "social_manager") for name in ("first", "second")}
        self.stranger = self.add_person("foreign", "social_manager", gym)

    def add_post(self, state: str = "submitted", org: UUID | None = None) -> str:
        """A post in a state."""
        status = state if state in STATES[5:] else "draft"
        approval = {"draft": None, "submitted": "pending", "in_review": "pending"}.get(state, state)
        return self.connection.execute(
            """
            insert into cmis.scheduled_posts (
                org_id, created_by, title, content, status, approval_status, approval_workflow
            )
            values (%s, %s, 'Cold brew', 'Order now', %s, %s, %s)
            returning post_id::text
            """,
            (
                org or self.coffee,
                self.author,
                status,
                "approved" if status != "draft" else approval,
                Jsonb({"state": "in_review"}) if state == "in_review" else None,
            ),
        ).fetchone()[0]

    def read(self, columns: str, post_id: str) -> tuple:
        """Columns of a post."""
        query = f"select {columns} from cmis.scheduled_posts where post_id = %s"
        return self.connection.execute(query, (post_id,)).fetchone()

    def notified(self, post_id: str) -> set[UUID]:
        """Who was told about a post."""
        rows = self.connection.execute(
            "select user_id from cmis.notifications where notifiable_id = %s", (post_id,)
        )
        return {row[0] for row in rows}


@pytest.fixture
def domain(db, orgs) -> Domain:
    return Domain(db, orgs.a, orgs.b)


def test_a_post_goes_through_its_life(domain):
    created = domain.call(
        "create_draft_post",
        title="Guji",
        content="It is back.",
        author_id=domain.author,
        platforms=["instagram", "facebook"],
        submit=True,
    )
    post_id = created["post_id"]
    assert created["submitted"] is True
    assert domain.read("status, approval_status", post_id) == ("draft", "pending")

    domain.call("approve_post", post_id=post_id, reason="rated 95")
    assert domain.read("status, approval_status", post_id) == ("draft", "approved")

    scheduled = domain.call("schedule_post", post_id=post_id, at="2099-05-01T08:00:00+03:00")
    assert scheduled["moved"] is False
    assert domain.read("status, scheduled_at::text", post_id) == (
        "scheduled",
        "2099-05-01 05:00:00",
    )

    domain.call("start_publishing", post_id=post_id)
    published = [
        {"platform": name, "id": f"{name}-1", "url": f"https://{name}.example/1"}
        for name in ("instagram", "facebook")
    ]
    domain.call("mark_post_published", post_id=post_id, published=published)
    assert domain.read("status, published_at is not null, error_message", post_id) == (
        "published",
        True,
        None,
    )
    rows = domain.connection.execute(
        "select platform, platform_post_id_external, status from cmis.platform_posts order by 1"
    ).fetchall()
    assert rows == [
        ("facebook", "facebook-1", "published"),
        ("instagram", "instagram-1", "published"),
    ]
    (workflow,) = domain.read("approval_workflow", post_id)
    assert workflow["state"] == "approved"
    assert [entry["reason"] for entry in workflow["history"]] == ["rated 95"]


def test_an_action_refuses_a_post_in_the_wrong_state(domain):
    for (action, allowed), state in product(ALLOWED.items(), STATES):
        post_id = domain.add_post(state)
        before = domain.read("to_jsonb(scheduled_posts)", post_id)
        if state in allowed:
            domain.call(action, post_id=post_id, **EXTRA.get(action, {}))
            continue
        error = domain.refused(action, post_id=post_id, **EXTRA.get(action, {}))
        assert error.sqlstate == "MA101"
        assert state.replace("_", " ") in error.diag.message_primary
        assert domain.read("to_jsonb(scheduled_posts)", post_id) == before
        assert domain.notified(post_id) == set()


def test_a_post_of_another_organisation_is_a_post_that_does_not_exist(domain):
    foreign = domain.add_post("submitted", domain.gym)
    before = domain.read("to_jsonb(scheduled_posts)", foreign)
    for action in ALLOWED:
        extra = EXTRA.get(action, {})
        theirs = domain.refused(action, post_id=foreign, **extra)
        nobodys = domain.refused(action, post_id=str(uuid4()), **extra)
        assert theirs.sqlstate == nobodys.sqlstate == "MA002"
        assert theirs.diag.message_primary == nobodys.diag.message_primary
    assert domain.read("to_jsonb(scheduled_posts)", foreign) == before


def test_a_deleted_post_does_not_exist(domain):
    post_id = domain.add_post()
    domain.connection.execute("update cmis.scheduled_posts set deleted_at = now()")
    assert domain.refused("approve_post", post_id=post_id).sqlstate == "MA002"


def test_a_review_is_announced_to_the_reviewers_of_the_organisation(domain):
    post_id = domain.add_post()
    result = domain.call("request_review", post_id=post_id, reason="rated 64")
    assert set(map(UUID, result["reviewers"])) == domain.notified(post_id) == domain.reviewers
    (workflow,) = domain.read("approval_workflow", post_id)
    assert workflow["state"] == "in_review"
    assert workflow["reviewers"] == result["reviewers"]


def test_a_review_needs_somebody_who_can_do_it(domain):
    post_id = domain.add_post()
    error = domain.refused("request_review", post_id=post_id, reason="look", role="analyst")
    assert error.sqlstate == "MA002"
    assert domain.read("approval_workflow", post_id) == (None,)


def test_a_returned_post_tells_its_author_why(domain):
    post_id = domain.add_post()
    domain.call("return_post", post_id=post_id, reason="too loud")
    assert domain.notified(post_id) == {domain.author}
    assert domain.read("approval_status", post_id) == ("rejected",)


def test_a_slot_that_has_passed_becomes_now(domain):
    post_id = domain.add_post("approved")
    domain.connection.execute("update cmis.scheduled_posts set scheduled_at = '2020-01-01'")
    result = domain.call("schedule_post", post_id=post_id)
    assert result["moved"] is True
    late = domain.read("(now() at time zone 'utc') - scheduled_at < interval '1 minute'", post_id)
    assert late == (True,)


def test_a_slot_is_an_instant(domain):
    post_id = domain.add_post("approved")
    for at in ("tomorrow", "infinity", "2031-05-01", "2031-05-01T08:00", 7, ""):
        assert domain.refused("schedule_post", post_id=post_id, at=at).sqlstate == "MA001"


def test_a_post_is_named_by_its_id(domain):
    for post_id in (None, "", "7", 7, {}, "x" * 36):
        error = domain.refused("approve_post", post_id=post_id)
        assert error.sqlstate == "MA001"
        assert "post_id" in error.diag.message_primary


def test_published_says_where(domain):
    post_id = domain.add_post("publishing")
    for published in (None, [], {}, "instagram"):
        error = domain.refused("mark_post_published", post_id=post_id, published=published)
        assert error.sqlstate == "MA001"


def test_only_members_are_notified_or_write_posts(domain):
    domain.call("notify_user", user_id=domain.author, title="Hi", message="It works.")
    for action, config in (
        ("notify_user", {"user_id": domain.stranger, "message": "psst"}),
        ("notify_user", {"user_id": uuid4(), "message": "psst"}),
        ("create_draft_post", {"content": "psst", "author_id": domain.stranger}),
        ("create_draft_post", {"content": "nobody wrote this"}),
    ):
        assert domain.refused(action, **config).sqlstate == "MA002"
    domain.connection.execute("update cmis.user_orgs set is_active = false")
    refused = domain.refused("notify_user", user_id=domain.author, message="Still there?")
    assert refused.sqlstate == "MA002"


def test_texts_must_say_something(domain):
    for text in (None, "", "  ", 7):
        assert (
            domain.refused("notify_user", user_id=domain.author, message=text).sqlstate == "MA001"
        )


def test_the_actor_can_do_no_more_than_the_actions_need(domain):
    with domain.connection.transaction(force_rollback=True):
        domain.connection.execute("set local role automation_actor")
        for statement in (
            "delete from cmis.scheduled_posts",
            "select * from cmis.campaigns",
            "update cmis.campaigns set name = 'x'",
            "update cmis.social_mentions set content = 'x'",
            "update cmis.influencer_campaigns set influencer_payment = 1",
            "select email from cmis.influencer_profiles",
            "select * from cmis.notifications",
            "update cmis.users set email = 'x'",
        ):
            with (
                pytest.raises(psycopg.errors.InsufficientPrivilege),
                domain.connection.transaction(),
            ):
                domain.connection.execute(statement)


def test_nobody_else_can_call_the_actions(domain, database):
    for login in ("app_backend", "svc_a", "worker", "stranger"):
        connection = database.connect(login, domain.coffee)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select automation_cmis.notify_user('{}', '{}')")


def test_without_the_platform_the_functions_are_there_but_not_the_actions(db):
    load_adapters(db)
    assert db.execute("select to_regproc('automation_cmis.approve_post')").fetchone()[0]
    names = db.execute(
        "select action from automation_private.actions where handler like 'automation_cmis.%'"
    ).fetchall()
    assert names == []


def test_the_actions_can_be_loaded_again(domain):
    load_adapters(domain.connection)
    rows = domain.connection.execute(
        "select action from automation_private.actions where handler like 'automation_cmis.%'"
    ).fetchall()
    assert {row[0] for row in rows} == {
        *ALLOWED,
        "create_draft_post",
        "create_conversation",
        "assign_conversation",
        "pause_related_campaigns",
        "pause_campaign",
        "resume_campaign",
        "update_campaign_status",
        "adjust_budget",
        "summarise_campaign",
        "notify_user",
        "notify_team",
        "create_alert",
    }


@pytest.mark.on("system")
def test_plpgsql_check_finds_nothing_in_the_actions(domain):
    domain.connection.execute("create extension plpgsql_check schema public")
    domain.connection.execute("set search_path = ''")
    rows = domain.connection.execute(
        """
        select format('%s:%s %s', p.oid::regprocedure, c.lineno, c.message)
        from pg_catalog.pg_proc as p
        cross join public.plpgsql_check_function_tb(
            p.oid, extra_warnings => true, performance_warnings => true, security_warnings => true
        ) as c
        where p.pronamespace = 'automation_cmis'::regnamespace
            and p.prolang = (select oid from pg_catalog.pg_language where lanname = 'plpgsql')
        """
    ).fetchall()
    assert rows == []


def test_the_data_has_every_kind_of_post_in_both_organisations(db):
    load_domain(db)
    rows = db.execute(
        """
        select org_id::text, post_id::text, content
        from cmis.scheduled_posts
        where approval_status = 'pending'
        """
    ).fetchall()
    fates = Counter((org, services.foretell(post, content)) for org, post, content in rows)
    for org in {org for org, _ in fates}:
        for fate in ("published", "in_review", "returned", "refused", "unrated"):
            assert fates[org, fate] > 0, (org, fate)
    assert sum(fates.values()) == 620
    assert len({org for org, _ in fates}) == 2


def test_the_content_workflow_is_valid(domain, database):
    definition = json.loads((HERE / "content_workflow.json").read_text())
    connection = database.connect("svc_a", domain.coffee)
    rows = connection.execute(
        "select * from automation.validate_definition(%s)", (Jsonb(definition),)
    ).fetchall()
    assert rows == []


def test_every_service_recovers_except_scoring_for_a_few_posts():
    posts = [f"post {number}" for number in range(2000)]
    for service in ("scoring", "publishing", "slack", "mail"):
        first = [services.weather(service, post, 1) for post in posts]
        last = [services.weather(service, post, services.LAST_ATTEMPT) for post in posts]
        assert sum(trouble.status is not None for trouble in first) > 100
        lost = sum(trouble.status is not None for trouble in last)
        assert lost == 0 or (service == "scoring" and lost < 50)
        assert not any(trouble.loses_answer or trouble.delay > 1 for trouble in last)


@pytest.mark.parametrize(
    ("content", "low", "high"),
    [
        ("Our cold brew is back in Adliya, black, sweet and very cold. From 7:00, two for one. "
         "Visit us in Adliya. #coldbrew", 80, 100),
        ("Our cold brew is back in Adliya, black and sweet, poured straight over ice. #coldbrew "
         "#manama", 50, 79),
        ("YOU WONT BELIEVE THIS COFFEE!!! BUY NOW!!!", 0, 49),
    ],
)  # fmt: skip
def test_content_is_rated_by_what_it_says(content, low, high):
    rating = services.rate(content)
    assert low <= rating["score"] <= high
    assert rating["summary"]


def test_a_promotion_needs_terms():
    assert services.refusal("Giveaway: win a grinder!")["code"] == "promotion_without_terms"
    assert services.refusal("Giveaway! Terms: https://x.example") is None
