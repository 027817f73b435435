"""The demo: two companies submit six hundred posts; the engine does the rest; all is checked.

make demo               or: python -m demo
make demo-psql          look around in what it left
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from demo import cast
from demo.cast import Submission, WorkerProcess
from demo.check import Check
from demo.report import report
from demo.screen import Screen
from demo.server import Server, ServerError, demo_server
from demo.sinks import Sinks
from demo.stage import BACKEND, Stage, bring_slots_forward, set_stage
from sql.installer import MigrateError

FIRST_SLOT, LAST_SLOT = 6, 18
KILL_AT = 0.5
WITHDRAWN_PER_ORG = 3
PATIENCE = 45.0
MOST_PROBLEMS = 40

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


LOOK_AROUND = """\
  make demo-psql

  select * from automation.v_workflow_timeline;
  select instance_name, status, stop_reason, execution_time_seconds
      from automation.workflow_instances order by execution_time_seconds desc limit 10;
  select step, status, attempts, branch_taken, error, output_data
      from automation.workflow_timeline('{instance}');
  select title, status, approval_status, error_message
      from cmis.scheduled_posts where error_message is not null limit 10;"""


@dataclass
class Play:
    """One performance: the workers, and what has happened so far."""

    stage: Stage
    sinks: Sinks
    screen: Screen
    logs: Path
    submissions: list[Submission]
    workers: list[WorkerProcess] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def perform(self) -> None:
        """Start everything, pull a plug in the middle, wait until all is done."""
        for number in (1, 2):
            self.hire(number)
        cast.wait_until_ready(self.workers)
        self.screen.say("two workers are running, each drives the engine's clock, too")
        bring_slots_forward(self.stage, FIRST_SLOT, LAST_SLOT)
        starter = threading.Thread(target=self.start)
        starter.start()
        with self.screen:
            self.watch(starter)
        starter.join()
        for submission in self.submissions:
            count = len(submission.posts)
            self.screen.say(
                f"{submission.org.name}: {count} posts, started twice: "
                + ", ".join(f"{n} {what}" for what, n in sorted(submission.outcomes.items()))
            )

    def hire(self, number: int) -> None:
        """Start one more worker."""
        self.workers.append(WorkerProcess(self.stage, self.sinks, number, self.logs))

    def start(self) -> None:
        """Start the workflows; a failure is reported at the end."""
        try:
            cast.start_all(self.stage, self.sinks, self.submissions)
        except psycopg.Error as error:
            self.problems.append(f"starting the workflows: {error}")

    def watch(self, starter: threading.Thread) -> None:
        """Show the progress, and interfere."""
        total = sum(len(submission.posts) for submission in self.submissions)
        counts: dict[str, dict[str, int]] = {}
        changed = time.monotonic()
        with contextlib.ExitStack() as stack:
            backends = {
                submission.org.org_id: stack.enter_context(
                    self.stage.connect(BACKEND, submission.org)
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
                self.screen.progress(self.submissions, counts, self.sinks, self.workers)
                if ended == total and not starter.is_alive():
                    return
                self.interfere(backends, ended / total)
                time.sleep(0.25)
        self.problems.append(f"nothing has moved for {PATIENCE:g} s: {counts}")

    def interfere(self, backends: dict[str, psycopg.Connection], done: float) -> None:
        """Authors change their mind, and in the middle of it all a worker dies."""
        for submission in self.submissions:
            wanted = WITHDRAWN_PER_ORG - len(submission.withdrawn)
            if wanted > 0:
                cast.withdraw(backends[submission.org.org_id], submission, wanted)
        if len(self.workers) == 2 and done > KILL_AT:
            self.workers[0].kill()
            self.screen.say(
                "[red]worker 1 was killed (SIGKILL)[/]; what it held comes back "
                f"{cast.LEASE} s after it took it"
            )
            self.hire(3)

    def dismiss(self) -> None:
        """Stop the workers that are left; each must end in good order."""
        for worker in self.workers:
            worker.stop()
            if worker.fate not in ("killed", "stopped, exit code 0"):
                self.problems.append(f"worker {worker.number}: {worker.fate}, see {worker.log}")


def count(backends: dict[str, psycopg.Connection]) -> dict[str, dict[str, int]]:
    """How many instances stand where, by organisation."""
    return {
        org_id: dict(connection.execute(COUNTS, (org_id,)))
        for org_id, connection in backends.items()
    }


def main() -> int:
    """Run the demo; 0 when everything came out as foretold."""
    screen = Screen()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server = demo_server()
        server.start()
    except ServerError as error:
        screen.print(str(error), markup=False)
        return 1
    try:
        return run_on(server, screen)
    except (MigrateError, psycopg.Error, RuntimeError) as error:
        screen.print(f"The demo broke: {type(error).__name__}: {error}", markup=False)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        server.stop()


def run_on(server: Server, screen: Screen) -> int:
    """Run the demo on a server that is up."""
    screen.say(f"PostgreSQL {server.version} is up in {server.home}")
    stage = set_stage(server, screen.say)
    logs = Path(tempfile.mkdtemp(prefix="automation-demo-"))
    with Sinks() as sinks:
        play = Play(stage, sinks, screen, logs, cast.read_submissions(stage))
        try:
            play.perform()
        finally:
            play.dismiss()
        check = Check(stage, sinks, play.submissions)
        doubts = check.run()
        example = report(play.submissions, check, screen)
    problems = play.problems + doubts
    screen.title("Looking around")
    screen.print(LOOK_AROUND.format(instance=example), markup=False)
    if problems:
        screen.title(f"[red]{len(problems)} things are not as they should be:[/]")
        for problem in problems[:MOST_PROBLEMS]:
            screen.print(f"  - {problem}", markup=False)
        screen.print(f"The workers' logs are in {logs}.")
        return 1
    shutil.rmtree(logs)
    screen.title(
        f"[green]Everything came out exactly as foretold, after {screen.elapsed:.0f} s.[/]"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
