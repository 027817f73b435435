"""The first act: six hundred posts go through the content workflow."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass

import psycopg

from demo import cast
from demo.cast import Submission
from demo.play import PATIENCE, Play
from demo.screen import content_line, content_tables
from demo.stage import BACKEND, bring_slots_forward

FIRST_SLOT, LAST_SLOT = 6, 18
KILL_AT = 0.5
WITHDRAWN_PER_ORG = 3

COUNTS = """
    select
        case
            when i.status = 'failed' then 'failed'
            when i.status = 'cancelled' then 'withdrawn'
            when i.status <> 'completed' then 'under way'
            when i.stop_reason ~ '^handed to review' then 'in_review'
            when i.stop_reason is not null then 'returned'
            else 'published'
        end,
        count(*)
    from automation.workflow_instances as i
    where i.org_id = %s
    group by 1
"""


@dataclass
class Content:
    """One performance of the act."""

    play: Play
    submissions: list[Submission]

    def perform(self) -> None:
        """Start everything, pull a plug in the middle, wait until all is done."""
        bring_slots_forward(self.play.stage, FIRST_SLOT, LAST_SLOT)
        starter = threading.Thread(target=self.start)
        starter.start()
        with self.play.screen:
            self.watch(starter)
        starter.join()
        for submission in self.submissions:
            count = len(submission.posts)
            self.play.screen.say(
                f"{submission.org.name}: {count} posts, started twice: "
                + ", ".join(f"{n} {what}" for what, n in sorted(submission.outcomes.items()))
            )

    def start(self) -> None:
        """Start the workflows; a failure is reported at the end."""
        try:
            cast.start_all(self.play.stage, self.play.sinks, self.submissions)
        except psycopg.Error as error:
            self.play.problems.append(f"starting the workflows: {error}")

    def watch(self, starter: threading.Thread) -> None:
        """Show the progress, and interfere."""
        total = sum(len(submission.posts) for submission in self.submissions)
        counts: dict[str, dict[str, int]] = {}
        changed = time.monotonic()
        with contextlib.ExitStack() as stack:
            backends = {
                submission.org.org_id: stack.enter_context(
                    self.play.stage.connect(BACKEND, submission.org)
                )
                for submission in self.submissions
            }
            while time.monotonic() - changed < PATIENCE:
                before, counts = counts, count(backends)
                ended = sum(
                    n for c in counts.values() for state, n in c.items() if state != "under way"
                )
                if counts != before:
                    changed = time.monotonic()
                self.play.screen.progress(
                    content_tables(self.submissions, counts, self.play.sinks, self.play.workers),
                    content_line(self.submissions, counts),
                )
                if ended == total and not starter.is_alive():
                    return
                self.interfere(backends, ended / total)
                time.sleep(0.25)
        self.play.problems.append(f"nothing has moved for {PATIENCE:g} s: {counts}")

    def interfere(self, backends: dict[str, psycopg.Connection], done: float) -> None:
        """Authors change their mind, and in the middle of it all a worker dies."""
        for submission in self.submissions:
            wanted = WITHDRAWN_PER_ORG - len(submission.withdrawn)
            if wanted > 0:
                cast.withdraw(backends[submission.org.org_id], submission, wanted)
        if len(self.play.workers) == 2 and done > KILL_AT:
            self.play.pull_a_plug()


def count(backends: dict[str, psycopg.Connection]) -> dict[str, dict[str, int]]:
    """How many instances stand where, by organisation."""
    return {
        org_id: dict(connection.execute(COUNTS, (org_id,)))
        for org_id, connection in backends.items()
    }
