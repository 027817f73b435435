"""Keeps the leases of held messages, and ends them early for what is not going to be finished."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Collection, Coroutine
from typing import Any

import psycopg
import structlog

from py_actions.runtime.database import ActionQueue, Link, describe_error
from py_actions.runtime.job import Held, Job
from py_actions.runtime.runner import Runner

# A message given back is visible after so many seconds; 0 is no lease the database knows.
GIVEN_BACK = 1
LAST_CALL = 5.0


class Leases:
    """Whose turn it is, as far as this worker knows; the fence in the database decides."""

    def __init__(
        self, link: Link, queue: ActionQueue, held: Held, runner: Runner, seconds: int
    ) -> None:
        self._link = link
        self._queue = queue
        self._held = held
        self._runner = runner
        self._seconds = seconds
        self._next_look = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._log = structlog.get_logger("automation.worker")

    def renew(self) -> None:
        """Extend what has less than half its lease left; cheap enough to be called often."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + min(1.0, self._seconds / 8)
        due = [job for job in self._held.values() if job.leased_until < now + self._seconds / 2]
        if due:
            self._start(self._extend(due))

    def lose(self, job: Job) -> None:
        """Stop a handler whose message belongs to somebody else by now."""
        if not job.settled:
            self._log.warning("lease_lost", **job.names())
        self._runner.drop(job)
        self._held.forget([job])

    def release(self, job: Job) -> None:
        """Hand back a message whose handler killed its child process."""
        self._log.warning("handler_crashed", **job.names())
        self._start(self.give_back([job]))

    async def give_back(self, jobs: Collection[Job]) -> None:
        """Stop these jobs and let another worker take them over at once."""
        if not jobs:
            return
        for job in jobs:
            self._runner.drop(job)
        with contextlib.suppress(TimeoutError, psycopg.Error):
            async with asyncio.timeout(LAST_CALL):
                await self._link.call(lambda link: self._queue.extend(link, jobs, GIVEN_BACK))
        self._log.info("given_back", messages=len(jobs))
        self._held.forget(jobs)

    async def _extend(self, jobs: list[Job]) -> None:
        until = time.monotonic() + self._seconds
        try:
            ours = await self._link.attempt(
                lambda link: self._queue.extend(link, jobs, self._seconds)
            )
        except psycopg.Error as error:
            self._log.warning("leases_not_extended", error=describe_error(error))
            return
        for job in jobs:
            if job.msg_id in ours:
                job.leased_until = until
            elif self._held.get(job.msg_id) is job:
                self.lose(job)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
