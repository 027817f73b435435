"""Does what became of the posts equal what had to, and did nothing cross between companies?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg

from demo import services
from demo.cast import Submission
from demo.doubts import Doubts
from demo.server import DEMO_DATABASE
from demo.sinks import Sinks
from demo.stage import BACKEND, Org, Stage, select_org

# what is foretold: (status of the instance, its reason, status and approval of the post)
EXPECTED = {
    "published": ("completed", None, "published", "approved"),
    "in_review": ("completed", "handed to review", "draft", "pending"),
    "unrated": ("completed", "handed to review, unrated", "draft", "pending"),
    "returned": ("completed", "handed back to the author", "draft", "rejected"),
    "refused": (
        "failed",
        "refused by the platform: a promotion must link its terms",
        "failed",
        "approved",
    ),
    "disconnected": (
        "failed",
        "could not be published: the server answered 410",
        "failed",
        "approved",
    ),
    "withdrawn": (
        "cancelled",
        "withdrawn: the post cannot be published: it is cancelled",
        "cancelled",
        "approved",
    ),
}

INSTANCES = """
    select
        i.trigger_data #>> '{new,post_id}', i.instance_id::text, i.status, i.stop_reason,
        p.status, p.approval_status
    from automation.workflow_instances as i
    left join cmis.scheduled_posts as p
        on p.org_id = i.org_id and p.post_id::text = i.trigger_data #>> '{new,post_id}'
    where i.org_id = %s and i.template_id is not null
"""

STEPS = """
    select s.step_id::text, s.step_key, s.attempt, i.trigger_data #>> '{new,post_id}'
    from automation.workflow_steps as s
    join automation.workflow_instances as i
        on i.org_id = s.org_id and i.instance_id = s.instance_id
    where s.org_id = %s and i.template_id is not null
        and s.step_key in ('score', 'publish', 'mail', 'slack')
"""

PLATFORM_POSTS = """
    select scheduled_post_id::text, platform, platform_post_id_external
    from cmis.platform_posts
    where org_id = %s and scheduled_post_id = any(%s::uuid[])
"""

NOTIFICATIONS = """
    select n.notifiable_id::text, count(distinct n.user_id), count(*)
    from cmis.notifications as n
    where n.org_id = %s and n.notifiable_type = 'scheduled_post'
    group by n.notifiable_id
"""

TENANT_TABLES = (
    "workflow_templates",
    "workflow_definitions",
    "workflow_instances",
    "workflow_steps",
    "automation_rules",
    "automation_rule_versions",
    "automation_events",
    "automation_executions",
    "v_workflow_timeline",
    "v_automation_performance",
)
DOMAIN_TABLES = (
    "scheduled_posts",
    "social_mentions",
    "social_conversations",
    "campaigns",
    "influencer_campaigns",
    "notifications",
)


class Check(Doubts):
    """Compares what was foretold with the database and with what the services saw."""

    def __init__(self, stage: Stage, sinks: Sinks, submissions: list[Submission]) -> None:
        super().__init__(stage, sinks)
        self.submissions = submissions

    def run(self) -> list[str]:
        """All doubts."""
        for submission in self.submissions:
            with self.stage.connect(BACKEND, submission.org) as connection:
                self.check_starts(submission)
                self.check_instances(connection, submission)
                self.check_steps(connection, submission)
                self.check_records(connection, submission)
        self.check_services()
        self.check_messages()
        self.check_isolation()
        self.check_engine()
        return self.doubts

    def expected(self, submission: Submission) -> Iterator[tuple[str, str]]:
        """Each submitted post and what had to become of it."""
        for post_id, post in submission.posts.items():
            if post_id in submission.withdrawn:
                yield post_id, "withdrawn"
            else:
                yield post_id, services.foretell(post_id, post["content"])

    def published(self) -> Iterator[tuple[Submission, str, dict[str, Any]]]:
        """The posts that had to be published."""
        for submission in self.submissions:
            for post_id, fate in self.expected(submission):
                if fate == "published":
                    yield submission, post_id, submission.posts[post_id]

    def check_starts(self, submission: Submission) -> None:
        """Each post was started twice and has one instance."""
        total = len(submission.posts)
        wanted = {"started": total, "duplicate": total}
        self.doubt(f"{submission.org.login}, starts", dict(submission.outcomes), wanted)
        several = [post for post, ids in submission.instances.items() if len(ids) != 1]
        self.doubt(f"{submission.org.login}, posts with several instances", several, [])

    def check_instances(self, connection: psycopg.Connection, submission: Submission) -> None:
        """Each post has exactly one instance, which ended as foretold, and so did the post."""
        rows = connection.execute(INSTANCES, (submission.org.org_id,)).fetchall()
        counts = Counter(row[0] for row in rows)
        login = submission.org.login
        self.doubt(
            f"{login}, posts without an instance", sorted(submission.posts.keys() - counts), []
        )
        self.doubt(
            f"{login}, instances of nothing that was submitted",
            sorted(map(str, counts.keys() - submission.posts.keys())),
            [],
        )
        self.doubt(
            f"{login}, posts with several instances", [p for p, n in counts.items() if n > 1], []
        )
        ends = {row[0]: row[1:] for row in rows}
        for post_id, fate in self.expected(submission):
            if post_id not in ends:
                continue
            instance_id, *end = ends[post_id]
            subject = f"{login}, post {post_id} ({fate}), instance {instance_id}"
            self.doubt(subject, tuple(end), EXPECTED[fate])

    def check_steps(self, connection: psycopg.Connection, submission: Submission) -> None:
        """No external step ran twice in an instance; remember them for the services' ledgers."""
        seen: Counter[tuple[str, str]] = Counter()
        for step_id, key, attempts, post_id in connection.execute(STEPS, (submission.org.org_id,)):
            self.steps[step_id] = (key, attempts, post_id)
            seen[post_id, key] += 1
        twice = [where for where, times in seen.items() if times > 1]
        self.doubt(f"{submission.org.login}, steps that were entered twice", twice, [])

    def check_records(self, connection: psycopg.Connection, submission: Submission) -> None:
        """The domain says what the publishing service did, and everybody concerned was told."""
        org = submission.org
        rows = connection.execute(PLATFORM_POSTS, (org.org_id, list(submission.posts))).fetchall()
        told = sorted(
            (effect["post_id"], item["platform"], item["id"])
            for effect in self.sinks.publishing.effects.values()
            if effect["post_id"] in submission.posts
            for item in effect["published"]
        )
        if sorted(rows) != told:
            self.doubts.append(
                f"{org.login}, published according to the database {len(rows)} times, "
                f"according to the service {len(told)} times"
            )
        notified = {row[0]: row[1:] for row in connection.execute(NOTIFICATIONS, (org.org_id,))}
        concerned = {
            post_id
            for post_id, fate in self.expected(submission)
            if fate not in ("published", "withdrawn")
        }
        self.doubt(
            f"{org.login}, posts about which nobody was told", sorted(concerned - set(notified)), []
        )
        self.doubt(
            f"{org.login}, posts about which somebody was told in vain",
            sorted(set(notified) - concerned),
            [],
        )
        self.doubt(
            f"{org.login}, people who were told twice",
            [post for post, (people, times) in notified.items() if people != times],
            [],
        )

    def check_services(self) -> None:
        """Each service did its work once for each step that called it, and for nothing else."""
        rated = sum(
            fate != "unrated" for s in self.submissions for _, fate in self.foretold_before_slots(s)
        )
        published = list(self.published())
        for service, wanted in (
            ("score", rated),
            ("publish", len(published)),
            ("mail", len(published)),
            ("slack", len(published)),
        ):
            self.doubt(f"posts, effects of {service}", len(self.effects(service)), wanted)
        effects = self.effects("publish")
        mixed = [key for key, e in effects.items() if self.post_of(key) != e["post_id"]]
        self.doubt("publishing, keys that published another step's post", mixed, [])
        posts = Counter(effect["post_id"] for effect in effects.values())
        twice = [post for post, times in posts.items() if times > 1]
        self.doubt("publishing, posts that went out twice", twice, [])
        missing = {post_id for _, post_id, _ in published} - set(posts)
        self.doubt("publishing, posts that never went out", sorted(missing), [])

    def post_of(self, key: str) -> str | None:
        """The post that a step with this key is about."""
        return self.steps[key][2] if key in self.steps else None

    def foretold_before_slots(self, submission: Submission) -> Iterator[tuple[str, str]]:
        """What rating alone decides: a post that is withdrawn later was rated, too."""
        for post_id, post in submission.posts.items():
            yield post_id, services.foretell(post_id, post["content"])

    def check_messages(self) -> None:
        """Each author got one mail for each published post, each Slack channel its own posts."""
        mails = Counter(
            (mail["to"][0], str(mail["message"]["Subject"]))
            for mail in self.effects("mail").values()
        )
        slack = Counter(
            (post["channel"], post["text"].split('"')[1]) for post in self.effects("slack").values()
        )
        wanted_mails: Counter[tuple[str, str]] = Counter()
        wanted_slack: Counter[tuple[str, str]] = Counter()
        for submission, _, post in self.published():
            wanted_mails[post["author"]["email"], f"Published: {post['title']}"] += 1
            wanted_slack[submission.org.login, post["title"]] += 1
        self.doubt("e-mails that are missing", list((wanted_mails - mails).elements()), [])
        self.doubt("e-mails too many", list((mails - wanted_mails).elements()), [])
        self.doubt("Slack posts that are missing", list((wanted_slack - slack).elements()), [])
        self.doubt("Slack posts too many", list((slack - wanted_slack).elements()), [])

    def check_isolation(self) -> None:
        """A company's login sees its own organisation and nothing of the other, come what may."""
        for org in self.stage.orgs:
            for other in self.stage.orgs:
                with self.stage.connect(org.login, other) as connection:
                    self.check_view_of(connection, org, other)

    def check_view_of(self, connection: psycopg.Connection, org: Org, other: Org) -> None:
        """What the login of one organisation sees when it names another, or its own."""
        tables = [f"automation.{name}" for name in TENANT_TABLES]
        for table in tables + [f"cmis.{name}" for name in DOMAIN_TABLES]:
            rows = connection.execute(f"select distinct org_id::text from {table}").fetchall()
            allowed = {org.org_id} if org is other else set()
            seen = {row[0] for row in rows}
            if not seen <= allowed:
                self.doubts.append(f"{org.login} sees {table} of {sorted(seen - allowed)}")
            elif allowed and not seen:
                self.doubts.append(f"{org.login} sees nothing in {table}")
        if org is not other:
            self.check_reach(connection, org, other)

    def check_reach(self, connection: psycopg.Connection, org: Org, other: Org) -> None:
        """Neither naming the other organisation nor its ids opens anything."""
        victim = next(s for s in self.submissions if s.org is other)
        instance = next(iter(next(iter(victim.instances.values()))))
        rule = self.stage.rules[other.org_id]["crisis"]
        for named in (other, org):
            select_org(connection, named.org_id)
            for call, argument in (
                ("select * from automation.workflow_timeline(%s)", instance),
                ("select automation.workflow_status(%s)", instance),
                ("select automation.cancel_workflow(%s)", instance),
                ("select automation.start_workflow(%s)", self.stage.templates[other.org_id]),
                ("select automation.explain_rule(%s, 1)", rule),
                ("select automation.test_rule(%s, '{\"new\": {}}')", rule),
                ("select automation.pause_rule(%s, 'mine')", rule),
            ):
                try:
                    connection.execute(call, (argument,))
                except psycopg.Error as error:
                    if not (error.sqlstate or "").startswith("MA"):
                        self.doubts.append(f"{org.login}: {call} raises {error.sqlstate}: {error}")
                else:
                    self.doubts.append(f"{org.login} may call {call} on {other.login}")

    def check_engine(self) -> None:
        """Nothing is left over, nothing contradicts itself, and no secret was written down."""
        with psycopg.connect(self.stage.server.dsn(DEMO_DATABASE), autocommit=True) as connection:
            rows = connection.execute("select * from automation.check_invariants()").fetchall()
            self.doubt("check_invariants()", rows, [])
            for table in ("pgmq.q_automation_actions", "automation_private.timers"):
                left = connection.execute(f"select count(*) from {table}").fetchone()[0]
                self.doubt(f"rows left in {table}", left, 0)
            for table in ("workflow_steps", "workflow_instances", "automation_executions"):
                found = connection.execute(
                    f"select count(*) from automation.{table} as t where t::text like %s",
                    (f"%{self.sinks.token}%",),
                ).fetchone()[0]
                self.doubt(f"rows in {table} that hold a secret", found, 0)
