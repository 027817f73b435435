"""The engine's clock, for installations without pg_cron: one connection that keeps it running."""

from __future__ import annotations

import asyncio

import psycopg
import structlog

from py_actions.runtime.database import Connection, Link, describe_error


class Clock:
    """Calls `automation.run_engine` again and again until it is stopped."""

    def __init__(self, dsn: str, seconds: float) -> None:
        self._link = Link(dsn, "clock")
        self._statement = f"call automation.run_engine(make_interval(secs => {seconds:f}))"
        self._stopping = False
        self._log = structlog.get_logger("automation.clock")

    async def run(self) -> None:
        """Ring until stopped; an error of the engine is logged and does not end the clock."""
        while not self._stopping:
            try:
                await self._link.attempt(self._ring)
            except psycopg.Error as error:
                if self._stopping:
                    break
                self._log.error(
                    "engine_error", sqlstate=error.sqlstate, error=describe_error(error)
                )
                await asyncio.sleep(1)
        self._link.close()

    def stop(self) -> None:
        """End the call that is running; its open batch is rolled back and found again later."""
        self._stopping = True
        self._link.interrupt()

    def _ring(self, connection: Connection) -> None:
        connection.execute(self._statement)
