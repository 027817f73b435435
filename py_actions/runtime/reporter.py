"""Reports what has finished: everything since the last report, in one call."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import psycopg
import structlog

from py_actions.errors import error_object
from py_actions.runtime.database import ActionQueue, Link, describe_error
from py_actions.runtime.job import Held, Result

# One report at most: many small results, or a few large ones.
MAX_RESULTS, MAX_BYTES = 500, 8 * 1024 * 1024


class Reporter:
    """Collects results and sends them until the database has taken or refused each."""

    def __init__(
        self, link: Link, queue: ActionQueue, held: Held, on_report: Callable[[], None]
    ) -> None:
        self._link = link
        self._queue = queue
        self._held = held
        self._on_report = on_report
        self._finished: list[Result] = []
        self._something_finished = asyncio.Event()
        self._log = structlog.get_logger("automation.worker")
        self._debug = logging.getLogger("automation.worker").isEnabledFor(logging.DEBUG)

    def add(self, result: Result) -> None:
        """Report this with the next call."""
        self._finished.append(result)
        self._something_finished.set()
        if result.error is not None:
            code, kind = result.error["code"], result.error["class"]
            self._log.warning("action_failed", **result.job.names(), code=code, error_class=kind)
        elif self._debug:
            self._log.debug("action_completed", **result.job.names())

    async def run(self) -> None:
        """Report for ever."""
        while True:
            await self._something_finished.wait()
            while self._finished:
                await self._send(self._take())
            self._something_finished.clear()

    def _take(self) -> list[Result]:
        size = count = 0
        for result in self._finished[:MAX_RESULTS]:
            size += len(result.text)
            if count and size > MAX_BYTES:
                break
            count += 1
        taken, self._finished = self._finished[:count], self._finished[count:]
        return taken

    async def _send(self, results: list[Result]) -> None:
        """Report; when the database refuses a value, find the result that it came from."""
        try:
            reply = await self._link.call(lambda link: self._queue.complete(link, results))
        except psycopg.Error as error:
            if len(results) > 1:
                middle = len(results) // 2
                await self._send(results[:middle])
                await self._send(results[middle:])
            else:
                await self._refused(results[0], describe_error(error))
            return
        self._held.forget(result.job for result in results)
        if stale := reply.get("stale"):
            self._log.info("results_too_late", messages=len(stale))
        self._on_report()

    async def _refused(self, result: Result, reason: str) -> None:
        self._log.error("result_refused", **result.job.names(), error=reason)
        if result.error is not None and result.error["code"] == "result_refused":
            self._held.forget([result.job])  # its lease runs out, and it is delivered again
            return
        text = f"the database refused the result: {reason}"
        await self._send([result.job.failed(error_object("result_refused", "invalid", text))])
