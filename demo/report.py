"""What is printed at the end: what arrived, both views, the story of a few instances, an answer."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import psycopg
from psycopg.rows import dict_row
from rich.markup import escape

from demo.check import Check
from demo.doubts import Doubts
from demo.jobs import Company
from demo.mentions import NEAR_MISSES
from demo.reaction_check import ReactionCheck, explain, last_event
from demo.screen import Screen, sinks_table, timeline_tree, view_table
from demo.stage import BACKEND, Org, Stage, title_of

# of the view with most columns, what is the same in every row here
LEFT_OUT = (
    "org_id", "rule_id", "rule_type", "status", "last_executed_at", "executions_last_30d",
)  # fmt: skip

MOST_EVENTFUL = """
    select i.instance_id::text, i.instance_name
    from automation.workflow_instances as i
    join automation.workflow_steps as s using (org_id, instance_id)
    where i.org_id = %s and i.template_id is not null
        and i.status = %s and i.stop_reason is not distinct from %s
    group by i.instance_id, i.instance_name
    order by sum(s.attempt) desc, i.instance_id
    limit 1
"""

MOST_EVENTFUL_FIRING = """
    select i.instance_id::text, i.trigger_data -> 'new'
    from automation.workflow_instances as i
    join automation.workflow_steps as s using (org_id, instance_id)
    where i.org_id = %s and i.rule_id = %s and i.status = 'completed'
    group by i.org_id, i.instance_id, i.trigger_data
    order by
        max((s.output_data ->> 'paused')::int) desc nulls last, sum(s.attempt) desc, i.instance_id
    limit 1
"""

FAILED_REASON = """
    select i.stop_reason
    from automation.workflow_instances as i
    where i.org_id = %s and i.status = 'failed'
    order by i.stop_reason desc
    limit 1
"""


def report(check: Check, reactions: ReactionCheck, screen: Screen) -> dict[str, object]:
    """Print everything; returns what is worth a look: an instance, a rule, an event."""
    screen.title("What arrived")
    screen.print(sinks_table(check.sinks))
    screen.print(describe_repeats(check, reactions))
    screen.title("The views, as the login of each company sees them")
    print_view(screen, check.stage, "v_workflow_timeline", ("org_id",))
    print_view(screen, check.stage, "v_automation_performance", LEFT_OUT)
    instance = ""
    for submission, status in zip(check.submissions, ("completed", "failed"), strict=True):
        with check.stage.connect(submission.org.login) as connection:
            shown = print_timeline(screen, connection, submission.org, status)
            instance = instance or shown or ""
    company = reactions.jobs.companies[0]
    with check.stage.connect(BACKEND, company.org) as connection:
        print_firing(screen, connection, check.stage, company)
        return {"instance": instance} | print_near_miss(screen, connection, check.stage, company)


def describe_repeats(*checks: Doubts) -> str:
    """How many calls were made more than once, and what came of it."""
    redeliveries = sum(check.redeliveries() for check in checks)
    repeats = sum(ledger.repeats for _, ledger in checks[0].sinks.ledgers())
    return (
        f"{redeliveries} calls were made again because a worker was killed; {repeats} "
        "calls found their effect in place, recognised by their key, and changed nothing."
    )


def print_view(screen: Screen, stage: Stage, view: str, left_out: Collection[str]) -> None:
    """What each company's login sees in a view."""
    columns: list[str] = []
    rows: list[tuple[object, ...]] = []
    for org in stage.orgs:
        with stage.connect(org.login) as connection:
            cursor = connection.execute(f"select * from automation.{view}")
            columns = ["login", *(column.name for column in cursor.description or ())]
            rows += [(org.login, *row) for row in cursor]
    screen.print(f"[dim]{view}[/]")
    screen.print(view_table(columns, rows, left_out))


def print_timeline(
    screen: Screen, connection: psycopg.Connection, org: Org, status: str
) -> str | None:
    """The steps of the most eventful instance that ended like this; returns its id."""
    reason = None
    if status == "failed":
        reason = (connection.execute(FAILED_REASON, (org.org_id,)).fetchone() or (None,))[0]
    found = connection.execute(MOST_EVENTFUL, (org.org_id, status, reason)).fetchone()
    if found is None:
        return None
    instance_id, name = found
    heading = f"[bold]{escape(name)}[/] ({org.name})" + (f": {escape(reason)}" if reason else "")
    screen.title(f"An instance that {status}, step by step")
    steps = read_timeline(connection, instance_id)
    screen.print(timeline_tree(heading, steps, instance_id, org.timezone))
    return instance_id


def read_timeline(connection: psycopg.Connection, instance_id: str) -> list[dict[str, Any]]:
    """The steps of an instance."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select * from automation.workflow_timeline(%s)", (instance_id,)
        ).fetchall()


def print_firing(
    screen: Screen, connection: psycopg.Connection, stage: Stage, company: Company
) -> None:
    """What a crisis brought about, step by step."""
    org = company.org
    found = connection.execute(
        MOST_EVENTFUL_FIRING, (org.org_id, stage.rules[org.org_id]["crisis"])
    ).fetchone()
    if found is None:
        return
    instance_id, mention = found
    screen.title("A crisis, from the mention to the pause of the campaigns")
    heading = f"[bold]{escape(mention['content'])}[/] ({describe_mention(mention)})"
    steps = read_timeline(connection, instance_id)
    screen.print(timeline_tree(heading, steps, instance_id, org.timezone))


def print_near_miss(
    screen: Screen, connection: psycopg.Connection, stage: Stage, company: Company
) -> dict[str, object]:
    """Why a mention is no crisis although it comes close; returns the rule and the event."""
    org = company.org
    rule_id = stage.rules[org.org_id]["crisis"]
    mention = next(m for m in company.mentions if m.kind in NEAR_MISSES)
    event_id = last_event(connection, company, mention)
    verdict, *rows = explain(connection, rule_id, event_id)
    screen.title("Why a near miss did not fire")
    screen.print(
        f"{company.content(mention)} ({mention.author} on {mention.platform})\n"
        f"{title_of('crisis')}: {verdict['reason']}\n{verdict['condition']}",
        markup=False,
    )
    columns = ("field", "operator", "left_value", "right_value", "result", "reason")
    leaves = [row for row in rows if row["moment"] == "now" and row["field"]]
    cells = [[json.dumps(row[column]).strip('"') for column in columns] for row in leaves]
    screen.print(view_table(columns, cells))
    return {"rule": rule_id, "event": event_id}


def describe_mention(mention: dict[str, Any]) -> str:
    """Who said it where, and how it went, in a few words."""
    return (
        f"{mention['author_username']} on {mention['platform']}, "
        f"{mention['author_followers_count']} followers, sentiment {mention['sentiment_score']}, "
        f"engagement {mention['engagement_rate']} %"
    )
