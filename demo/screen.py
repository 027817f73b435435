"""What the demo shows: progress while it runs, tables and timelines at the end.

On a terminal the progress is a live table; elsewhere it is a plain line every few seconds.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from demo.cast import Submission, WorkerProcess
from demo.sinks import Sinks
from demo.stage import RULES, Org, title_of

STATES = ("published", "in_review", "returned", "failed", "withdrawn")
LABELS = {"in_review": "in review"}
MARKS = {
    "completed": "[green]✓[/]",
    "failed": "[red]✗[/]",
    "cancelled": "[yellow]-[/]",
    "skipped": "[dim]-[/]",
    "running": "[cyan]…[/]",
    "waiting": "[cyan]…[/]",
}
LINE_EVERY = 2.0
PLAIN_WIDTH = 120

Fired = dict[tuple[str, str], tuple[int, int]]
"""By organisation and rule: how often it fired, and how many of these runs have ended."""


class Screen:
    """Everything that is printed goes through here."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        if not self.console.is_terminal:
            self.console.width = PLAIN_WIDTH
        self.live: Live | None = None
        self._began = time.monotonic()
        self._last_line = 0.0

    @property
    def elapsed(self) -> float:
        """Seconds since the demo began."""
        return time.monotonic() - self._began

    def print(self, *things: Any, markup: bool = True) -> None:
        """Print texts with rich's markup, tables and trees."""
        self.console.print(*things, markup=markup)

    def say(self, text: str) -> None:
        """One line, with the time since the beginning."""
        self.console.print(f"[dim]{self.elapsed:5.1f} s[/]  {text}", soft_wrap=True)

    def title(self, text: str) -> None:
        """A heading."""
        self.console.print(f"\n[bold]{text}[/]")

    def __enter__(self) -> Screen:
        if self.console.is_terminal:
            self.live = Live(console=self.console, auto_refresh=False, transient=True)
            self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live is not None:
            self.live.stop()
            self.live = None

    def progress(self, tables: Iterable[Any], line: str) -> None:
        """Show where everything stands: as tables on a terminal, else now and then as a line."""
        if self.live is not None:
            self.live.update(Group(*tables), refresh=True)
        elif self.elapsed - self._last_line >= LINE_EVERY:
            self._last_line = self.elapsed
            self.say(line)


def content_tables(
    submissions: Sequence[Submission],
    counts: dict[str, dict[str, int]],
    sinks: Sinks,
    workers: Sequence[WorkerProcess],
) -> Iterator[Any]:
    """How far the posts have come."""
    yield progress_table(submissions, counts)
    yield sinks_table(sinks)
    yield Text.from_markup(describe_workers(workers))


def content_line(submissions: Sequence[Submission], counts: dict[str, dict[str, int]]) -> str:
    """The same in words."""
    return "; ".join(describe_counts(s, counts[s.org.org_id]) for s in submissions)


def reaction_tables(
    orgs: Sequence[Org],
    fired: Fired,
    waiting: int,
    sinks: Sinks,
    workers: Sequence[WorkerProcess],
) -> Iterator[Any]:
    """How often the rules have fired."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("rule", no_wrap=True)
    for org in orgs:
        table.add_column(f"{org.login}: fired", justify="right")
        table.add_column("done", justify="right")
    for name in RULES:
        numbers = (fired.get((org.org_id, name), (0, 0)) for org in orgs)
        table.add_row(title_of(name), *(str(number) for pair in numbers for number in pair))
    yield table
    yield Text(f"{waiting} events wait for the rules")
    yield sinks_table(sinks)
    yield Text.from_markup(describe_workers(workers))


def reaction_line(orgs: Sequence[Org], fired: Fired, waiting: int) -> str:
    """The same in words."""
    parts = []
    for org in orgs:
        runs = [numbers for (org_id, _), numbers in fired.items() if org_id == org.org_id]
        started, ended = (sum(numbers) for numbers in zip((0, 0), *runs, strict=True))
        parts.append(f"{org.login}: rules fired {started} times, {ended} of these runs are done")
    return "; ".join([*parts, f"{waiting} events wait"])


def describe_counts(submission: Submission, counts: dict[str, int]) -> str:
    """One organisation's progress in words."""
    done = ", ".join(
        f"{counts[state]} {LABELS.get(state, state)}" for state in STATES if counts.get(state)
    )
    ended = sum(counts.get(state, 0) for state in STATES)
    return f"{submission.org.login}: {ended} of {len(submission.posts)} ({done or 'none yet'})"


def describe_workers(workers: Iterable[WorkerProcess]) -> str:
    """Which workers live."""
    return "   ".join(
        f"worker {worker.number} (pid {worker.process.pid}) "
        + ("[green]running[/]" if worker.running else f"[red]{worker.fate or 'gone'}[/]")
        for worker in workers
    )


def progress_table(submissions: Sequence[Submission], counts: dict[str, dict[str, int]]) -> Table:
    """Per organisation, how many posts have ended in which way."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("organisation", no_wrap=True)
    table.add_column("", width=20)
    for state in ("under way", *STATES):
        table.add_column(LABELS.get(state, state), justify="right")
    for submission in submissions:
        count, total = counts[submission.org.org_id], len(submission.posts)
        ended = sum(count.get(state, 0) for state in STATES)
        table.add_row(
            submission.org.name,
            ProgressBar(total=total, completed=ended, width=20),
            str(total - ended),
            *(str(count.get(state, 0)) for state in STATES),
        )
    return table


def sinks_table(sinks: Sinks) -> Table:
    """Per service, what it saw."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name, justify in (("service", "left"), ("calls", "right"), ("effects", "right")):
        table.add_column(name, justify=justify)
    table.add_column("what it put in the way", overflow="fold")
    for name, ledger in sinks.ledgers():
        troubles = ", ".join(f"{n} {what}" for what, n in ledger.troubles.most_common())
        table.add_row(name, str(ledger.calls.total()), str(len(ledger.effects)), troubles)
    return table


def view_table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], left_out: Collection[str] = ()
) -> Table:
    """Rows as they are, without some columns."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    kept = [number for number, column in enumerate(columns) if column not in left_out]
    for number in kept:
        table.add_column(shorten(columns[number]), no_wrap="name" in columns[number])
    for row in rows:
        table.add_row(*(escape(show(row[number])) for number in kept))
    return table


def shorten(column: str) -> str:
    """The name of a column as a heading."""
    for part in ("_executions", "_executed", "_execution"):
        column = column.removesuffix(part).replace(f"{part}_", "_")
    return column.replace("_", " ")


def show(value: Any) -> str:
    """A value of a table."""
    if value is None:
        return ""
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def timeline_tree(title: str, steps: Sequence[dict[str, Any]], instance_id: str, zone: str) -> Tree:
    """An instance's steps in the order they were entered, branches of a split indented."""
    tree = Tree(title, guide_style="dim")
    nodes = {instance_id: tree}
    for step in steps:
        parent = nodes.get(str(step["scope_id"]), tree)
        node = parent.add(describe_step(step, zone))
        nodes[str(step["step_id"])] = node
        for earlier in step["earlier_attempts"] or []:
            node.add(describe_attempt(earlier, step["started_at"]))
        if step["error"]:
            node.add(f"[red]{escape(step['error']['message'])}[/]")
    return tree


def describe_step(step: dict[str, Any], zone: str) -> str:
    """One step in one line: when, how it went, what it is, where it led, how long it took."""
    name = step["step_name"] or step["step"].replace("_", " ")
    started: datetime = step["started_at"].astimezone(ZoneInfo(zone))
    parts = [
        f"[dim]{started:%H:%M:%S}.{started.microsecond // 1000:03}[/]",
        MARKS.get(step["status"], step["status"]),
        escape(name),
    ]
    if step["branch_taken"]:
        parts.append(f"→ [cyan]{step['branch_taken']}[/]")
    if step["attempts"] > 1:
        parts.append(f"[yellow]({step['attempts']} attempts)[/]")
    if step["execution_time_ms"]:
        parts.append(f"[dim]{step['execution_time_ms']} ms[/]")
    if remark := describe_output(step, zone):
        parts.append(f"[dim]· {escape(remark)}[/]")
    return " ".join(parts)


def describe_attempt(attempt: dict[str, Any], began: datetime) -> str:
    """A failed attempt: how long after the step began it ended, and why."""
    after = datetime.fromisoformat(attempt["ended_at"]) - began
    message = escape(attempt["error"]["message"])
    return f"[yellow]attempt {attempt['attempt']}, {after.total_seconds():.1f} s: {message}[/]"


def describe_output(step: dict[str, Any], zone: str) -> str:
    """What a step brought, if that can be said in a few words."""
    output = step["output_data"]
    if not isinstance(output, dict):
        return ""
    body = output.get("body")
    if isinstance(body, dict) and "score" in body:
        return f"score {body['score']}: {body['summary']}"
    if isinstance(body, dict) and "published" in body:
        return ", ".join(item["url"] for item in body["published"])
    if isinstance(body, dict) and "message" in body:
        return f"{output['status']}: {body['message']}"
    if "slot" in output:
        return f"at {datetime.fromisoformat(output['slot']).astimezone(ZoneInfo(zone)):%H:%M:%S}"
    if "created" in output:
        new = "opened" if output["created"] else "found and raised"
        return f"{new}, priority {output['priority']}"
    if "assigned_to" in output:
        return f"{output['name']} has it"
    if "paused" in output:
        return f"{output['paused']} paused"
    if "waited_seconds" in output:
        return f"waited {output['waited_seconds']:.1f} s"
    for key in ("reason", "message_id", "failure"):
        if key in output:
            return str(output[key])
    return ""
