"""The second act: the platform goes about its business, and rules react to what happens."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg

from demo import foresight
from demo.jobs import Jobs
from demo.play import PATIENCE, Play
from demo.screen import Fired, reaction_line, reaction_tables
from demo.server import DEMO_DATABASE

KILL_AT = 0.4

# one snapshot: what an event starts is there as soon as the event no longer waits
PROGRESS = """
    select
        (select coalesce(sum(b.events), 0)::int from automation_private.event_batches as b),
        coalesce(
            (
                select jsonb_agg(jsonb_build_array(f.org_id, f.rule_id, f.started, f.ended))
                from (
                    select i.org_id, i.rule_id, count(*) as started, count(i.completed_at) as ended
                    from automation.workflow_instances as i
                    where i.rule_id is not null
                    group by i.org_id, i.rule_id
                ) as f
            ), '[]'
        )
"""


@dataclass
class Reactions:
    """One performance of the act."""

    play: Play
    jobs: Jobs
    is_hurt: bool = False

    def perform(self) -> None:
        """Let the platform work, pull a plug in the middle, wait until all is done."""
        began = time.monotonic()
        self.jobs.start()
        dsn = self.play.stage.server.dsn(DEMO_DATABASE)
        with self.play.screen, psycopg.connect(dsn, autocommit=True) as connection:
            self.watch(connection)
        self.play.problems += self.jobs.problems
        found = sum(len(company.mentions) for company in self.jobs.companies)
        self.play.screen.say(
            f"{found} mentions were found, analysed and counted by two writers at once"
            + (f", {self.jobs.deadlocks} deadlocks" if self.jobs.deadlocks else "")
            + f"; all that followed was done after {time.monotonic() - began:.0f} s"
        )

    def watch(self, connection: psycopg.Connection) -> None:
        """Show the progress, and interfere."""
        orgs = [company.org for company in self.jobs.companies]
        expected = sum(foresight.runs(company).total() for company in self.jobs.companies)
        fired: Fired = {}
        changed = time.monotonic()
        while time.monotonic() - changed < PATIENCE:
            writing = self.jobs.running
            before, (waiting, fired) = fired, self.read_progress(connection)
            started, ended = (sum(number) for number in zip((0, 0), *fired.values(), strict=True))
            if fired != before or writing:
                changed = time.monotonic()
            self.play.screen.progress(
                reaction_tables(orgs, fired, waiting, self.play.sinks, self.play.workers),
                reaction_line(orgs, fired, waiting),
            )
            if not writing and not waiting and ended == started:
                return
            if not self.is_hurt and ended > KILL_AT * expected:
                self.is_hurt = True
                self.play.pull_a_plug()
            time.sleep(0.25)
        self.play.problems.append(f"nothing has moved for {PATIENCE:g} s: {fired}")

    def read_progress(self, connection: psycopg.Connection) -> tuple[int, Fired]:
        """Events not yet seen; how often each rule fired, and how many of these runs ended."""
        waiting, rows = connection.execute(PROGRESS).fetchone()
        names = {
            rule_id: name
            for rules in self.play.stage.rules.values()
            for name, rule_id in rules.items()
        }
        return waiting, {
            (org_id, names[rule_id]): (started, ended) for org_id, rule_id, started, ended in rows
        }
