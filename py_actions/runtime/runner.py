"""Runs handlers: at most so many at once, none longer than its time, whatever they do."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import structlog

from py_actions.context import ActionContext
from py_actions.errors import error_object
from py_actions.registry import Action
from py_actions.runtime.isolation import ChildCrashed, Isolation
from py_actions.runtime.job import Job, Result
from py_actions.runtime.threads import DaemonThreads

# A cancelled handler may tidy up for so long before it counts as one that does not stop.
STOPPING_TIME = 1.0


class Runner:
    """Starts jobs in the order in which they come and hands each result to `on_result`."""

    def __init__(
        self,
        concurrency: int,
        timeout: float,
        isolation: Isolation,
        on_result: Callable[[Result], None],
        on_crash: Callable[[Job], None],
    ) -> None:
        self.running: dict[int, Job] = {}
        self.waiting: deque[Job] = deque()
        self._concurrency = concurrency
        self._timeout = timeout
        self._isolation = isolation
        self._on_result = on_result
        self._on_crash = on_crash
        self._threads = DaemonThreads("action")
        self._leaving: list[tuple[asyncio.Future[Any] | Future[Any], float]] = []
        self._log = structlog.get_logger("automation.worker")

    def add(self, job: Job) -> None:
        """Start the job, or keep it until there is room."""
        if len(self.running) < self._concurrency:
            self._start(job)
        else:
            self.waiting.append(job)

    def drop(self, job: Job) -> None:
        """Stop the job's handler, if it runs, and forget what it does from now on."""
        job.settled = True
        if self.running.pop(job.msg_id, None) is not None:
            self._cancel(job)
            self._fill()

    def expire(self) -> None:
        """Report a timeout for every handler whose time is over."""
        now = time.monotonic()
        for job in [job for job in self.running.values() if job.expires <= now]:
            error = error_object("timeout", "timeout", f"no result within {job.timeout:g} s")
            self._settle(job, job.failed(error))
            self._cancel(job)

    def abandoned(self) -> int:
        """How many handlers were told to stop and have not."""
        now = time.monotonic()
        self._leaving = [(work, since) for work, since in self._leaving if not work.done()]
        return sum(now - since > STOPPING_TIME for _, since in self._leaving)

    def _start(self, job: Job) -> None:
        self.running[job.msg_id] = job
        context = job.begin(self._timeout)
        job.task = asyncio.get_running_loop().create_task(self._run(job, job.action, context))

    async def _run(self, job: Job, action: Action, context: ActionContext) -> None:
        try:
            if job.is_suspect():
                output = await self._isolation.run(job.message, context)
            elif action.is_async:
                output = await action.handler(job.message.get("config") or {}, context)
            else:
                output = await self._in_thread(job, action, context)
            result = job.completed(output)
        except ChildCrashed:
            if not job.settled:
                self._forget(job)
                self._on_crash(job)
            return
        except BaseException as error:  # even SystemExit of a handler is only its own failure
            result = job.raised(error)
        if not job.settled:
            self._settle(job, result)

    async def _in_thread(self, job: Job, action: Action, context: ActionContext) -> Any:
        config = job.message.get("config") or {}
        job.thread = self._threads.submit(_outcome, action.handler, config, context)
        returned, value = await asyncio.wrap_future(job.thread)
        if returned:
            return value
        raise value

    def _settle(self, job: Job, result: Result) -> None:
        self._forget(job)
        self._on_result(result)

    def _forget(self, job: Job) -> None:
        job.settled = True
        self.running.pop(job.msg_id, None)
        self._fill()

    def _fill(self) -> None:
        while self.waiting and len(self.running) < self._concurrency:
            job = self.waiting.popleft()
            if not job.settled:
                self._start(job)

    def _cancel(self, job: Job) -> None:
        """Cancel the task; a thread cannot be stopped, so it is only left behind."""
        if job.task is not None:
            job.task.cancel()
            self._leaving.append((job.thread or job.task, time.monotonic()))


def _outcome(handler: Any, config: dict[str, Any], context: ActionContext) -> tuple[bool, Any]:
    """(True, output) or (False, exception): some exceptions must not travel through a future."""
    try:
        return True, handler(config, context)
    except BaseException as error:
        return False, error
