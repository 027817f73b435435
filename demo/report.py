"""What is printed at the end: what arrived, both views, and the story of a few instances."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
from psycopg.rows import dict_row
from rich.markup import escape

from demo.cast import Submission
from demo.check import Check
from demo.screen import Screen, sinks_table, timeline_tree, view_table
from demo.stage import Org, Stage

MOST_EVENTFUL = """
    select i.instance_id::text, i.instance_name
    from automation.workflow_instances as i
    join automation.workflow_steps as s using (org_id, instance_id)
    where i.org_id = %s and i.status = %s and i.stop_reason is not distinct from %s
    group by i.instance_id, i.instance_name
    order by sum(s.attempt) desc, i.instance_id
    limit 1
"""

FAILED_REASON = """
    select i.stop_reason
    from automation.workflow_instances as i
    where i.org_id = %s and i.status = 'failed'
    order by i.stop_reason desc
    limit 1
"""


def report(submissions: Sequence[Submission], check: Check, screen: Screen) -> str:
    """Print everything; returns the id of an instance that is worth a look."""
    screen.title("What arrived")
    screen.print(sinks_table(check.sinks))
    screen.print(describe_repeats(check))
    screen.title("The views, as the login of each company sees them")
    for view in ("v_workflow_timeline", "v_automation_performance"):
        print_view(screen, check.stage, view)
    example = ""
    for submission, status in zip(submissions, ("completed", "failed"), strict=False):
        with check.stage.connect(submission.org.login) as connection:
            shown = print_timeline(screen, connection, submission.org, status)
            example = example or shown or ""
    return example


def describe_repeats(check: Check) -> str:
    """How many calls were made more than once, and what came of it."""
    repeats = sum(ledger.repeats for _, ledger in check.sinks.ledgers())
    return (
        f"{check.redeliveries()} calls were made again because a worker was killed; {repeats} "
        "calls found their effect in place, recognised by their key, and changed nothing."
    )


def print_view(screen: Screen, stage: Stage, view: str) -> None:
    """What each company's login sees in a view."""
    columns: list[str] = []
    rows: list[tuple[object, ...]] = []
    for org in stage.orgs:
        with stage.connect(org.login) as connection:
            cursor = connection.execute(f"select * from automation.{view}")
            columns = ["login", *(column.name for column in cursor.description or ())]
            rows += [(org.login, *row) for row in cursor]
    if rows:
        screen.print(f"[dim]{view}[/]")
        screen.print(view_table(columns, rows, leave_out="org_id"))
    else:
        screen.print(f"[dim]{view} is empty: there are no rules[/]")


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
    with connection.cursor(row_factory=dict_row) as cursor:
        steps = cursor.execute(
            "select * from automation.workflow_timeline(%s)", (instance_id,)
        ).fetchall()
    heading = f"[bold]{escape(name)}[/] ({org.name})" + (f": {escape(reason)}" if reason else "")
    screen.title(f"An instance that {status}, step by step")
    screen.print(timeline_tree(heading, steps, instance_id, org.timezone))
    return instance_id
