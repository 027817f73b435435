"""The demo: six hundred posts go through a workflow, then rules react to what people say.

make demo               or: python -m demo
make demo-psql          look around in what it left
"""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from pathlib import Path

import psycopg

from demo import cast, jobs
from demo.check import Check
from demo.content import Content
from demo.doubts import unknown_calls
from demo.jobs import Jobs
from demo.play import Play
from demo.reaction import Reactions
from demo.reaction_check import ReactionCheck
from demo.report import report
from demo.screen import Screen
from demo.server import Server, ServerError, demo_server
from demo.sinks import Sinks
from demo.stage import set_stage
from sql.installer import MigrateError

MOST_PROBLEMS = 40

LOOK_AROUND = """\
  make demo-psql

  select * from automation.v_workflow_timeline;
  select * from automation.v_automation_performance;
  select instance_name, status, stop_reason, execution_time_seconds
      from automation.workflow_instances order by execution_time_seconds desc limit 10;
  select step, status, attempts, branch_taken, error, output_data
      from automation.workflow_timeline('{instance}');
  select moment, field, operator, left_value, right_value, result, reason
      from automation.explain_rule('{rule}', {event});
  select title, status, approval_status, error_message
      from cmis.scheduled_posts where error_message is not null limit 10;"""


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
        play = Play(stage, sinks, screen, logs)
        content = Content(play, cast.read_submissions(stage))
        reactions = Reactions(play, Jobs(stage, jobs.read_companies(stage)))
        with play.staffed():
            content.perform()
            reactions.perform()
        checks = (
            Check(stage, sinks, content.submissions),
            ReactionCheck(stage, sinks, reactions.jobs),
        )
        doubts = [doubt for check in checks for doubt in check.run()]
        doubts += unknown_calls(sinks, checks)
        examples = report(*checks, screen)
    problems = play.problems + doubts
    screen.title("Looking around")
    screen.print(LOOK_AROUND.format(**examples), markup=False)
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
