"""Did the rules do what they had to, as often as they had to, and nothing else?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from email.message import EmailMessage
from typing import Any

import psycopg
from psycopg.rows import dict_row

from demo import foresight
from demo.doubts import Doubts
from demo.jobs import STATUSES, Company, Jobs
from demo.mentions import NEAR_MISSES, Mention
from demo.server import DEMO_DATABASE
from demo.sinks import Sinks
from demo.stage import BACKEND, RULES, Stage, read_rule

SERVICES = {"send_slack": "slack", "send_email": "mail"}

STEPS = """
    select s.step_id::text, d.action, s.attempt, s.instance_id::text
    from automation.workflow_steps as s
    join automation.workflow_instances as i
        on i.org_id = s.org_id and i.instance_id = s.instance_id
    join automation.workflow_definition_steps as d
        on d.org_id = i.org_id and d.definition_id = i.definition_id
        and d.step_order = s.step_order
    where s.org_id = %s and i.rule_id is not null and d.runs = 'external'
"""

# the event of Mondays is about no record
RUNS = """
    select
        i.instance_id::text, i.rule_id::text, i.status, i.stop_reason,
        coalesce(
            i.trigger_data #>> '{new,mention_id}', i.trigger_data #>> '{new,campaign_id}', 'week'
        )
    from automation.workflow_instances as i
    where i.org_id = %s and i.rule_id is not null
"""

EXECUTIONS = """
    select
        e.rule_id::text, e.execution_id::text, e.instance_id::text, e.status, e.reason,
        e.rule_version, e.actions_executed, e.actions_successful, e.actions_failed,
        e.execution_time_ms, jsonb_array_length(e.execution_log)
    from automation.automation_executions as e
    where e.org_id = %s and e.execution_type = 'rule'
"""

PERFORMANCE = """
    select
        p.rule_id::text, p.total_executions, p.successful_executions, p.failed_executions,
        p.suppressed_executions, p.executions_last_30d, p.success_rate,
        p.avg_execution_time_ms, p.p95_execution_time_ms
    from automation.v_automation_performance as p
    where p.org_id = %s
"""

# the counters of a rule are rolled up by the clock; what it has not reached yet is on a list
COUNTERS = """
    select
        r.rule_id::text, r.total_executions + coalesce(sum(u.ended), 0),
        r.successful_executions + coalesce(sum(u.succeeded), 0),
        r.failed_executions + coalesce(sum(u.failed), 0)
    from automation.automation_rules as r
    left join automation_private.usage_changes as u
        on u.org_id = r.org_id and u.rule_id = r.rule_id
    group by r.org_id, r.rule_id
"""

CONVERSATIONS = """
    select
        c.root_mention_id::text, c.priority, c.status, c.requires_escalation, c.tags,
        m.status as mention_status, m.org_id = c.org_id as own_mention,
        c.assigned_to = m.assigned_to as same_assignee, c.assigned_to::text, u.name
    from cmis.social_conversations as c
    join cmis.social_mentions as m on m.mention_id = c.root_mention_id
    left join cmis.users as u on u.user_id = c.assigned_to
    where c.org_id = %s and c.conversation_id <> all (%s::uuid[])
"""

MEMBERS = """
    select u.user_id::text, u.email
    from cmis.user_orgs as m
    join cmis.roles as r using (role_id)
    join cmis.users as u using (user_id)
    where m.org_id = %s and r.role_code = %s
    order by u.email
"""

NOTIFICATIONS = """
    select n.user_id::text, n.title, n.message
    from cmis.notifications as n
    where n.org_id = %s and n.data ->> 'instance_id' = any (%s)
"""

PAUSED = """
    select coalesce(c.campaign_id, s.output_data ->> 'campaign_id')
    from automation.workflow_steps as s
    left join lateral jsonb_array_elements_text(s.output_data -> 'campaign_ids')
        as c (campaign_id) on true
    where s.org_id = %s and s.instance_id = any (%s::uuid[])
        and (c.campaign_id is not null or s.output_data -> 'changed' = 'true'
            and s.output_data ? 'campaign_id')
"""

REPORTED = """
    select
        c.campaign_id::text, c.campaign_name, c.posts_delivered, c.required_posts, c.total_reach,
        c.clicks, c.conversion_value, c.influencer_payment
    from cmis.influencer_campaigns as c
    where c.org_id = %s and c.campaign_id = any (%s::uuid[])
"""

METRICS = """
    select m.campaign_id::text, m.metric_name, m.value
    from cmis.campaign_metrics as m
    where m.org_id = %s and m.recorded_at >= %s and m.recorded_at < %s
"""

WEEK_OF_MENTIONS = """
    select m.sentiment from cmis.social_mentions as m
    where m.org_id = %s and m.published_at >= %s and m.published_at < %s
"""

COMPANY = "select name, currency from cmis.orgs where org_id = %s"

# the last that the platform did to a mention, not what rules made of it
LAST_EVENT = """
    select e.event_id
    from automation.automation_events as e
    where e.org_id = %s and e.entity = %s and e.causation is null
    order by e.event_id desc
    limit 1
"""

EXPLAIN = "select * from automation.explain_rule(%s, %s)"

STRANGE_EVENTS = """
    select e.event_id
    from automation.automation_events as e
    left join cmis.social_mentions as m on e.source = 'cmis.social_mentions'
        and m.mention_id::text = e.entity
    left join cmis.influencer_campaigns as i on e.source = 'cmis.influencer_campaigns'
        and i.campaign_id::text = e.entity
    left join cmis.campaigns as c on e.source = 'emitted' and c.campaign_id::text = e.entity
    where e.entity is not null
        and coalesce(m.org_id, i.org_id, c.org_id) is distinct from e.org_id
"""


class ReactionCheck(Doubts):
    """Compares what the stories foretell with the database and with what the services saw."""

    def __init__(self, stage: Stage, sinks: Sinks, jobs: Jobs) -> None:
        super().__init__(stage, sinks)
        self.jobs = jobs
        self.assignees: dict[str, str] = {}
        """Who answers, by mention."""
        self.runs: dict[str, dict[str, tuple[str, str]]] = {}
        """The runs of each organisation by instance: the rule, and what it is about."""

    def run(self) -> list[str]:
        """All doubts."""
        for company in self.jobs.companies:
            with self.stage.connect(BACKEND, company.org) as connection:
                self.check_runs(connection, company)
                self.check_history(connection, company)
                self.check_conversations(connection, company)
                self.check_campaigns(connection, company)
                self.check_notifications(connection, company)
                self.check_slack(connection, company)
                self.check_mail(connection, company)
                self.check_near_misses(connection, company)
        emitted = Counter(self.jobs.emitted)
        self.doubt("events that were emitted twice", emitted["duplicate"], emitted["recorded"])
        self.check_capture()
        return self.doubts

    def rules_of(self, company: Company) -> dict[str, str]:
        """The rules of a company by id."""
        return {rule_id: name for name, rule_id in self.stage.rules[company.org.org_id].items()}

    def check_runs(self, connection: psycopg.Connection, company: Company) -> None:
        """Each rule fired for what it had to, as often as it had to, and every run completed."""
        org, names = company.org, self.rules_of(company)
        rows = connection.execute(RUNS, (org.org_id,)).fetchall()
        runs = {instance: (names[rule_id], subject) for instance, rule_id, *_, subject in rows}
        self.runs[org.org_id] = runs
        self.compare(f"{org.login}, firings", runs.values(), foresight.subjects(company))
        ends = Counter((status, reason) for _, _, status, reason, _ in rows)
        self.doubt(f"{org.login}, how runs ended", dict(ends), {("completed", None): len(rows)})
        for step_id, action, attempts, instance in connection.execute(STEPS, (org.org_id,)):
            self.steps[step_id] = (SERVICES[action], attempts, instance)

    def check_history(self, connection: psycopg.Connection, company: Company) -> None:
        """The history has each run once, and the view, the counters and the history agree."""
        org, names = company.org, self.rules_of(company)
        with connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(EXECUTIONS, (org.org_id,)).fetchall()
            view = cursor.execute(PERFORMANCE, (org.org_id,)).fetchall()
        self.compare(
            f"{org.login}, runs in the history",
            [row["instance_id"] for row in rows],
            list(self.runs[org.org_id]),
        )
        times: dict[str, list[int]] = {name: [] for name in RULES}
        for row in rows:
            name = names[row["rule_id"]]
            actions = len(read_rule(name)["actions"])
            times[name].append(row["execution_time_ms"])
            self.doubt(
                f"{org.login}, {name}, execution {row['execution_id']}",
                tuple(row.values())[3:9] + tuple(row.values())[10:],
                ("success", None, 1, actions, actions, 0, actions),
            )
        found = {names[row["rule_id"]]: list(row.values())[1:] for row in view}
        self.doubt(f"{org.login}, rules in the view", sorted(found), sorted(RULES))
        for name, total in foresight.runs(company).items():
            numbers = [total, total, 0, 0, total, 100, *average_and_p95(times[name])]
            self.doubt(
                f"{org.login}, {name} in v_automation_performance",
                [round(float(number or 0), 1) for number in found.get(name, ())],
                [float(number) for number in numbers],
            )

    def check_conversations(self, connection: psycopg.Connection, company: Company) -> None:
        """Each negative mention has one conversation, with somebody to answer it."""
        org = company.org
        with connection.cursor(row_factory=dict_row) as cursor:
            arguments = (org.org_id, company.conversations)
            rows = cursor.execute(CONVERSATIONS, arguments).fetchall()
        complaints = {mention.mention_id for mention, _ in foresight.complaints(company)}
        crises = {mention.mention_id for mention, _ in foresight.crises(company)}
        self.compare(
            f"{org.login}, conversations", [row["root_mention_id"] for row in rows], complaints
        )
        managers = dict(connection.execute(MEMBERS, (org.org_id, "social_manager")))
        for row in rows:
            is_crisis = row["root_mention_id"] in crises
            tags = {"negative", "crisis"} if is_crisis else {"negative"}
            found = (
                row["priority"], row["requires_escalation"], set(row["tags"]), row["status"],
                row["mention_status"], row["own_mention"], row["same_assignee"],
                row["assigned_to"] in managers,
            )  # fmt: skip
            wanted = (
                "high" if is_crisis else "normal", is_crisis, tags, "in_progress",
                "flagged", True, True, True,
            )  # fmt: skip
            self.doubt(
                f"{org.login}, the conversation about {row['root_mention_id']}", found, wanted
            )
        self.assignees |= {row["root_mention_id"]: row["name"] for row in rows}

    def check_campaigns(self, connection: psycopg.Connection, company: Company) -> None:
        """Campaigns were paused for a crisis or for their budget, once, and no others were."""
        org = company.org
        overspent = {campaign.campaign_id for campaign, _ in foresight.overspendings(company)}
        paused = foresight.related(company) | overspent
        wanted = {c: "paused" if c in paused else s for c, s in company.statuses.items()}
        found = connection.execute(STATUSES, (org.org_id,)).fetchall()
        self.compare(f"{org.login}, campaigns and their states", found, wanted.items())
        rows = connection.execute(PAUSED, (org.org_id, list(self.runs[org.org_id]))).fetchall()
        self.compare(
            f"{org.login}, pauses that steps report", [campaign for (campaign,) in rows], paused
        )

    def check_notifications(self, connection: psycopg.Connection, company: Company) -> None:
        """Each manager was told of each negative mention and of each budget spent, once."""
        org = company.org
        arguments = (org.org_id, list(self.runs[org.org_id]))
        self.compare(
            f"{org.login}, notifications",
            connection.execute(NOTIFICATIONS, arguments).fetchall(),
            [
                (manager, title, message)
                for manager, _ in connection.execute(MEMBERS, (org.org_id, "marketing_manager"))
                for title, message in foresight.notifications(company)
            ],
        )

    def sent(self, company: Company, service: str) -> Iterator[tuple[str, str, Any]]:
        """What a company's runs sent: the rule, what it is about, and the message."""
        runs, keys = self.runs[company.org.org_id], self.keys(service)
        for key, effect in self.effects(service).items():
            if keys[key] in runs:
                yield *runs[keys[key]], effect

    def check_slack(self, connection: psycopg.Connection, company: Company) -> None:
        """Slack has each alert and each report once, in the company's own channel."""
        org = company.org
        posts = list(self.sent(company, "slack"))
        self.doubt(f"{org.login}, channels", {p["channel"] for *_, p in posts}, {org.login})
        self.compare(
            f"{org.login}, alerts on Slack",
            [(subject, post["text"]) for rule, subject, post in posts if rule == "crisis"],
            [
                (mention.mention_id, foresight.alert(company, mention, values, self.assignees))
                for mention, values in foresight.crises(company)
            ],
        )
        reports = [(subject, p["text"]) for rule, subject, p in posts if rule == "campaign_report"]
        self.compare(
            f"{org.login}, reports on Slack", [subject for subject, _ in reports], company.completed
        )
        with connection.cursor(row_factory=dict_row) as cursor:
            ended = cursor.execute(REPORTED, (org.org_id, company.completed)).fetchall()
        for campaign in ended:
            lines = dict(reports).get(campaign["campaign_id"], "").split("\n")
            missing = set(foresight.report(campaign)).difference(lines)
            self.doubt(
                f"{org.login}, lines missing from the report of {campaign['campaign_name']}",
                missing, set(),
            )  # fmt: skip

    def check_mail(self, connection: psycopg.Connection, company: Company) -> None:
        """The managers have the report of the week, with the numbers of their own company."""
        org = company.org
        mails = [
            (mail["to"], str(mail["message"]["Subject"]), read_text(mail["message"]))
            for *_, mail in self.sent(company, "mail")
        ]
        name, currency = connection.execute(COMPANY, (org.org_id,)).fetchone()
        recipients = [
            email for _, email in connection.execute(MEMBERS, (org.org_id, "marketing_manager"))
        ]
        text = self.foretell_week(connection, company, currency)
        self.doubt(
            f"{org.login}, mails", mails,
            [(recipients, f"{name}: the week until {self.jobs.today}", text)],
        )  # fmt: skip

    def foretell_week(self, connection: psycopg.Connection, company: Company, currency: str) -> str:
        """The report of the week, added up here."""
        until = datetime.combine(self.jobs.today, datetime.min.time(), UTC)
        since = until - timedelta(days=7)
        totals: Counter[str] = Counter()
        campaigns = set()
        rows = connection.execute(METRICS, (company.org.org_id, since, until))
        for campaign_id, metric, value in rows:
            totals[metric] += value
            campaigns.add(campaign_id)
        naive = (since.replace(tzinfo=None), until.replace(tzinfo=None))
        moods = Counter(
            mood for (mood,) in connection.execute(WEEK_OF_MENTIONS, (company.org.org_id, *naive))
        )
        return (
            f"Spend: {currency} {totals['spend']:,.2f} in {len(campaigns)} campaigns\n"
            f"Impressions: {totals['impressions']:,.0f}, clicks: {totals['clicks']:,.0f}, "
            f"conversions: {totals['conversions']:,.0f}\n"
            f"Mentions: {moods.total()}, of which {moods['negative']} are negative"
        )

    def check_near_misses(self, connection: psycopg.Connection, company: Company) -> None:
        """Asked about a mention that stopped short of a crisis, the engine names what it lacked."""
        rule_id = self.stage.rules[company.org.org_id]["crisis"]
        for mention in company.mentions:
            if mention.kind in NEAR_MISSES:
                event_id = last_event(connection, company, mention)
                verdict, *rows = explain(connection, rule_id, event_id)
                lacking = [
                    row["field"]
                    for row in rows
                    if row["moment"] == "now" and row["field"] and not row["result"]
                ]
                self.doubt(
                    f"{company.org.login}, what {mention.mention_id} lacks",
                    (verdict["reason"], lacking),
                    ("no_match", [NEAR_MISSES[mention.kind]]),
                )

    def check_capture(self) -> None:
        """Nothing escaped the capture, nothing was recorded for the wrong organisation."""
        with psycopg.connect(self.stage.server.dsn(DEMO_DATABASE), autocommit=True) as connection:
            for what, query in (
                ("captures that failed", "select * from automation_private.capture_failures"),
                ("events of others' records", STRANGE_EVENTS),
                ("events that no rule saw", "select * from automation_private.event_batches"),
            ):
                self.doubt(what, connection.execute(query).fetchall(), [])
            counters = {row[0]: row[1:] for row in connection.execute(COUNTERS)}
        for company in self.jobs.companies:
            totals = foresight.runs(company)
            for rule_id, name in self.rules_of(company).items():
                self.doubt(
                    f"{company.org.login}, counters of {name}",
                    tuple(map(int, counters[rule_id])),
                    (totals[name], totals[name], 0),
                )


def read_text(message: EmailMessage) -> str:
    """The text of a mail, with the line ends that Python knows."""
    return "\n".join(message.get_content().splitlines())


def average_and_p95(times: list[int]) -> tuple[float, float]:
    """The mean, and the value that 95 % do not exceed, interpolated between neighbours.

    Halves are rounded away from zero, as the server rounds a numeric.
    """
    ranked = sorted(times) or [0]
    place = Decimal("0.95") * (len(ranked) - 1)
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    p95 = ranked[low] + (place - low) * (ranked[high] - ranked[low])
    mean = Decimal(sum(ranked)) / len(ranked)
    return tuple(float(x.quantize(Decimal("0.1"), ROUND_HALF_UP)) for x in (mean, p95))


def last_event(connection: psycopg.Connection, company: Company, mention: Mention) -> int:
    """The last that the platform did to a mention; 0 when nothing was recorded."""
    row = connection.execute(LAST_EVENT, (company.org.org_id, mention.mention_id)).fetchone()
    return row[0] if row else 0


def explain(connection: psycopg.Connection, rule_id: str, event_id: int) -> list[dict[str, Any]]:
    """Why a rule fired on an event or did not: the verdict, then every comparison."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(EXPLAIN, (rule_id, event_id)).fetchall()
