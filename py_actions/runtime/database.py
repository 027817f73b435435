"""The worker's side of the database: connections that come back, and what is said over them."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson
import psycopg
import structlog
from pgmq import PGMQueue
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import Jsonb, set_json_loads
from psycopg_pool import ConnectionPool

from py_actions.runtime.job import Job, Result
from py_actions.runtime.threads import DaemonThreads

QUEUE = "automation_actions"
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]

# A network that swallows packets is noticed within seconds; the DSN may say otherwise.
_CONNECT: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# The classes of SQLSTATE that blame what was sent; with all others the same call may succeed later.
_BLAMES_DATA = frozenset({"21", "22", "23", "2F", "38", "39", "44", "54", "F0", "MA", "P0", "XX"})


def blames_data(error: psycopg.Error) -> bool:
    """Whether the server refused the values themselves, so that repeating the call is useless."""
    return (error.sqlstate or "")[:2] in _BLAMES_DATA


class Link:
    """One connection, opened when needed and opened again after it broke."""

    def __init__(self, dsn: str, name: str, *, asynchronous_commit: bool = False) -> None:
        self.name = name
        self._arguments = {
            **_CONNECT,
            "application_name": f"automation worker: {name}",
            **conninfo_to_dict(dsn),
        }
        self._asynchronous_commit = asynchronous_commit
        self._threads = DaemonThreads(f"database-{name}")
        self._in_use = threading.Lock()
        self._connection: Connection | None = None
        self._log = structlog.get_logger("automation.worker")

    async def call(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on the connection, in a thread, as often as the server fails to answer.

        Raises only what blames the data; waits out everything else: restarts, failovers, a
        schema that is being migrated.
        """
        pause = FIRST_PAUSE
        while True:
            try:
                return await self.attempt(work)
            except psycopg.Error as error:
                if blames_data(error):
                    raise
                self._log.warning(
                    "database_unavailable",
                    link=self.name,
                    sqlstate=error.sqlstate,
                    error=describe_error(error),
                    retry_in=round(pause, 2),
                )
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))
            pause = min(pause * 2, LONGEST_PAUSE)

    async def attempt(self, work: Callable[[Connection], T]) -> T:
        """Run `work` once; a connection that may be broken is not used again."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, work)

    def interrupt(self) -> None:
        """Cancel the statement that is running now, if any."""
        connection = self._connection
        if connection is not None and not connection.closed:
            connection.cancel_safe(timeout=2)

    def close(self) -> None:
        """Close the connection, unless a call still uses it."""
        if self._in_use.acquire(blocking=False):
            self._drop()
            self._in_use.release()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _run(self, work: Callable[[Connection], T]) -> T:
        with self._in_use:
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = self._open()
                return work(self._connection)
            except psycopg.Error as error:
                if not blames_data(error):
                    self._drop()
                raise

    def _open(self) -> Connection:
        connection: Connection = psycopg.connect(
            **self._arguments, autocommit=True, prepare_threshold=0
        )
        set_json_loads(_loads, connection)
        if self._asynchronous_commit:
            connection.execute("set synchronous_commit = off")
        self._log.info("database_connected", link=self.name)
        return connection


class ActionQueue:
    """The calls of the protocol; each is made on a connection that the caller owns."""

    def __init__(self, dsn: str) -> None:
        # The pool stays closed: the client is always handed a connection.
        self._client = PGMQueue(
            conn_string="", init_extension=False, pool=ConnectionPool(dsn, open=False)
        )

    def claim(self, connection: Connection, lease: int, quantity: int) -> list[tuple[Any, ...]]:
        """Up to `quantity` visible messages as (msg_id, read_ct, message), leased for `lease` s."""
        # Not the client's read(): its row objects cost four times what decoding the message does.
        return connection.execute(
            "select msg_id, read_ct, message from pgmq.read(%s, %s, %s)", (QUEUE, lease, quantity)
        ).fetchall()

    def put_back(self, connection: Connection, msg_ids: list[int], seconds: int) -> None:
        """Make messages that were claimed a moment ago visible again after a delay."""
        self._client.set_vt(QUEUE, msg_ids, seconds, conn=connection)

    def is_empty(self, connection: Connection) -> bool:
        """Whether the queue holds no message at all, visible or leased."""
        row = connection.execute(
            "select not exists (select from pgmq.q_automation_actions)"
        ).fetchone()
        return bool(row and row[0])

    def extend(self, connection: Connection, jobs: Sequence[Job], seconds: int) -> set[int]:
        """Set the remaining lease of jobs; returns the msg_ids that are still ours."""
        row = connection.execute(
            "select automation.extend_lease(%s::bigint[], %s::int[], %s)",
            ([job.msg_id for job in jobs], [job.read_ct for job in jobs], seconds),
        ).fetchone()
        return set(row[0] or ()) if row else set()

    def complete(self, connection: Connection, results: Sequence[Result]) -> dict[str, Any]:
        """Report results in one call; returns {"accepted": n, "stale": [msg_id, …]}."""
        text = b"[%b]" % b",".join(result.text for result in results)
        row = connection.execute(
            "select automation.complete_actions(%s)", (Jsonb(text, dumps=_as_it_is),)
        ).fetchone()
        return row[0] if row else {}


def describe_error(error: psycopg.Error) -> str:
    """The server's message without its detail, which may quote data."""
    return error.diag.message_primary or str(error).partition("\n")[0] or type(error).__name__


def _loads(text: bytes | str) -> Any:
    """JSON of the server; None for the rare value that is beyond Python's limits of size or depth.

    One such message must not keep the rest of its batch from being read.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None


def _as_it_is(text: bytes) -> bytes:
    return text
