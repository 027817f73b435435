"""The performance as a whole: what both acts share, the workers above all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from demo import cast
from demo.cast import WorkerProcess
from demo.screen import Screen
from demo.sinks import Sinks
from demo.stage import Stage

PATIENCE = 90.0


@dataclass
class Play:
    """The stage, the workers, and what has gone wrong so far."""

    stage: Stage
    sinks: Sinks
    screen: Screen
    logs: Path
    workers: list[WorkerProcess] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def staffed(self) -> Iterator[None]:
        """Two workers, who are stopped in the end; each must end in good order."""
        try:
            for _ in range(2):
                self.hire()
            cast.wait_until_ready(self.workers)
            self.screen.say("two workers are running, each drives the engine's clock, too")
            yield
        finally:
            for worker in self.workers:
                worker.stop()
                if worker.fate not in ("killed", "stopped, exit code 0"):
                    self.problems.append(f"worker {worker.number}: {worker.fate}, see {worker.log}")

    def hire(self) -> None:
        """Start one more worker."""
        number = len(self.workers) + 1
        self.workers.append(WorkerProcess(self.stage, self.sinks, number, self.logs))

    def pull_a_plug(self) -> None:
        """Kill the worker that has served longest and hire another one."""
        worker = next(worker for worker in self.workers if worker.running)
        worker.kill()
        self.screen.say(
            f"[red]worker {worker.number} was killed (SIGKILL)[/]; what it held comes back "
            f"{cast.LEASE} s after it took it"
        )
        self.hire()
