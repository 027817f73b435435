"""The worker: claim a batch from the queue, run the handlers, report what has finished.

Everything that is decided (retries, backoff, limits, what comes next) is decided in the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Annotated, Any, TypeVar

import orjson
import psycopg
import structlog
import typer
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import ValidationError

from py_actions import registry
from py_actions.errors import error_object
from py_actions.http_client import close_http_client
from py_actions.runtime import cron, logs
from py_actions.runtime.clock import Clock
from py_actions.runtime.database import ActionQueue, Link
from py_actions.runtime.isolation import Isolation
from py_actions.runtime.job import BadMessage, Held, Job
from py_actions.runtime.leases import Leases
from py_actions.runtime.reporter import Reporter
from py_actions.runtime.runner import Runner
from py_actions.settings import WorkerSettings

T = TypeVar("T")
TICK = 0.05
EXIT_UNREPORTED, EXIT_BROKEN, EXIT_RECYCLE = 1, 70, 75
# Seconds for the last read to come back, and for the last reports once the grace is over.
STOPPING_READ, LAST_CALLS = 2.0, 5.0


class Worker:
    """Holds at most `concurrency` + `batch` messages: waiting, running or not yet reported."""

    def __init__(self, settings: WorkerSettings, actions: dict[str, registry.Action]) -> None:
        self._settings = settings
        self._actions = actions
        self._queue = ActionQueue(settings.dsn)
        # A claim that a crash of the server undoes is only claimed again: it need not be durable.
        self._link = Link(settings.dsn, "claim", asynchronous_commit=True)
        reports = Link(settings.dsn, "report")
        self._links = (self._link, reports)
        self._held = Held()
        self._look_again = asyncio.Event()
        self._stopping = asyncio.Event()
        self._hurry = asyncio.Event()
        self._exit_code = 0
        self._isolation = Isolation(settings.actions)
        self._reporter = Reporter(reports, self._queue, self._held, self._look_again.set)
        self._runner = Runner(
            settings.concurrency,
            settings.timeout,
            self._isolation,
            self._reporter.add,
            lambda job: self._leases.release(job),
        )
        self._leases = Leases(self._link, self._queue, self._held, self._runner, settings.lease)
        self._log = structlog.get_logger("automation.worker")

    async def run(self, drain: bool = False) -> int:
        """Work until told to stop (or, to drain, until the queue is empty); the exit code."""
        self._log.info("worker_started", actions=sorted(self._actions), pid=os.getpid())
        clock = Clock(self._settings.dsn, self._settings.engine_period)
        background = [self._background(self._reporter.run()), self._background(self._watch())]
        if self._settings.engine:
            background.append(self._background(clock.run()))
        claiming = self._background(self._claim(drain))
        await self._stopping.wait()
        await asyncio.wait((claiming,), timeout=STOPPING_READ)
        claiming.cancel()
        await self._wind_down()
        clock.stop()
        for task in background:
            task.cancel()
        faulthandler.cancel_dump_traceback_later()
        self._isolation.close()
        await close_http_client()
        for link in self._links:
            link.close()
        self._log.info("worker_stopped", exit_code=self._exit_code, unreported=len(self._held))
        return self._exit_code

    def stop(self) -> None:
        """Read no more, finish or give back what is held; asked twice, give back at once."""
        if self._stopping.is_set():
            self._hurry.set()
        else:
            self._log.info("worker_stopping", messages=len(self._held))
        self._stopping.set()
        self._look_again.set()

    def _background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log.error("worker_broken", exc_info=error)
            self._exit_code = EXIT_BROKEN
            self.stop()

    async def _claim(self, drain: bool) -> None:
        settings = self._settings
        claim = partial(self._queue.claim, lease=settings.lease, quantity=settings.batch)
        pause = settings.poll_min
        while not self._stopping.is_set():
            self._look_again.clear()
            if len(self._held) > settings.concurrency:
                await self._look_again.wait()
                continue
            leased_until = time.monotonic() + settings.lease
            rows = await self._link.call(claim)
            jobs = [Job(*row, leased_until) for row in rows]
            if self._stopping.is_set():
                await self._leases.give_back(jobs)
                break
            await self._accept(jobs)
            if len(rows) == settings.batch:
                continue
            pause = settings.poll_min if rows else min(pause * 1.5, settings.poll_max)
            if drain and not self._held and await self._link.call(self._queue.is_empty):
                self.stop()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._look_again.wait()

    async def _accept(self, jobs: list[Job]) -> None:
        """Start, keep or refuse what was claimed; put back what another worker may know."""
        unknown = []
        for job in jobs:
            if (earlier := self._held.get(job.msg_id)) is not None:
                self._leases.lose(earlier)
            self._held[job.msg_id] = job
            try:
                job.check()
            except BadMessage as error:
                self._reporter.add(job.failed(error_object("bad_message", "invalid", str(error))))
                continue
            job.action = self._actions.get(job.message["action"])
            if job.action is None and job.read_ct < job.deliveries:
                unknown.append(job)
            elif job.action is None:
                error = error_object("unknown_action", "unknown_action", "no worker knows it")
                self._reporter.add(job.failed(error))
            elif job.read_ct > job.deliveries:
                text = f"{job.deliveries} workers were lost while they held it"
                self._reporter.add(job.failed(error_object("crashed", "crashed", text)))
            else:
                self._runner.add(job)
        if unknown:
            names = sorted({job.message["action"] for job in unknown})
            self._log.warning("unknown_action", actions=names, messages=len(unknown))
            msg_ids, delay = [job.msg_id for job in unknown], self._settings.unknown_delay
            await self._link.call(lambda link: self._queue.put_back(link, msg_ids, delay))
            self._held.forget(unknown)

    async def _watch(self) -> None:
        """Time out handlers, keep leases, and leave when too many handlers do not stop."""
        while True:
            self._guard_loop()
            await asyncio.sleep(TICK)
            self._runner.expire()
            self._leases.renew()
            abandoned = self._runner.abandoned()
            if abandoned > self._settings.max_abandoned and not self._stopping.is_set():
                self._log.error("too_many_handlers_hang", handlers=abandoned)
                self._exit_code = EXIT_RECYCLE
                self.stop()

    def _guard_loop(self) -> None:
        """End the process, with a traceback, if a handler blocks this loop for too long."""
        faulthandler.dump_traceback_later(self._settings.stall_limit, exit=True)

    async def _wind_down(self) -> None:
        await self._leases.give_back(list(self._runner.waiting))
        await self._until_nothing_is_held(self._settings.grace)
        await self._leases.give_back(list(self._runner.running.values()))
        self._hurry.clear()
        await self._until_nothing_is_held(LAST_CALLS)
        if self._held and not self._exit_code:
            self._exit_code = EXIT_UNREPORTED

    async def _until_nothing_is_held(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self._held and time.monotonic() < end and not self._hurry.is_set():
            await asyncio.sleep(TICK / 5)


app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
cron_app = typer.Typer(no_args_is_help=True, help="Let pg_cron drive the engine's clock.")
app.add_typer(cron_app, name="cron")

Dsn = Annotated[str | None, typer.Option(help="Connection string [env: AUTOMATION_DSN]")]
CronDsn = Annotated[
    str | None,
    typer.Option(help="The database where pg_cron is, if another [env: AUTOMATION_CRON_DSN]"),
]
CronDatabase = Annotated[
    str | None,
    typer.Option(help="Only its name: the rest is as in --dsn [env: AUTOMATION_CRON_DATABASE]"),
]


@app.command()
def run(
    dsn: Dsn = None,
    engine: Annotated[bool | None, typer.Option(help="Also drive the engine's clock")] = None,
    concurrency: Annotated[int | None, typer.Option(help="Handlers at once")] = None,
    batch: Annotated[int | None, typer.Option(help="Messages read at once")] = None,
    lease: Annotated[int | None, typer.Option(help="Seconds a message is ours")] = None,
    actions: Annotated[list[str] | None, typer.Option(help="Module with more actions")] = None,
    drain: Annotated[bool, typer.Option(help="Exit when the queue is empty")] = False,
) -> None:
    """Drain the queue until SIGTERM or SIGINT."""
    given = {
        "dsn": dsn,
        "engine": engine,
        "concurrency": concurrency,
        "batch": batch,
        "lease": lease,
        "actions": actions,
    }
    settings = _settings(**given)
    logs.configure(settings.log_level, settings.log_format)
    gc.freeze()  # what was imported lives as long as the process
    gc.set_threshold(20_000, 20, 20)
    asyncio.run(_work(settings, drain))


async def _work(settings: WorkerSettings, drain: bool) -> None:
    worker = Worker(settings, registry.load(settings.actions))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, worker.stop)
    code = await worker.run(drain)
    sys.stderr.flush()
    os._exit(code)  # handlers that do not stop, in threads or in the loop, must not keep us


@app.command()
def migrate(dsn: Dsn = None) -> None:
    """Install or upgrade the engine in a database."""
    from sql.installer import MigrateError
    from sql.installer import migrate as install

    try:
        install(_settings(dsn=dsn).dsn)
    except MigrateError as error:
        typer.echo(f"migrate: {error}", err=True)
        raise typer.Exit(1) from None


@app.command("actions")
def list_actions(
    actions: Annotated[list[str] | None, typer.Option(help="Module with more actions")] = None,
) -> None:
    """Print the catalogue of actions as JSON, as register_action wants it."""
    known = registry.load(_settings(False, actions=actions).actions)
    typer.echo(orjson.dumps(registry.catalogue(known), option=orjson.OPT_INDENT_2).decode())


@cron_app.command("enable")
def enable_cron(
    dsn: Dsn = None, cron_dsn: CronDsn = None, cron_database: CronDatabase = None
) -> None:
    """Run the engine every minute, as the login that connects; a second time changes nothing."""
    _call_cron(cron.enable, dsn, cron_dsn, cron_database)


@cron_app.command("disable")
def disable_cron(
    dsn: Dsn = None, cron_dsn: CronDsn = None, cron_database: CronDatabase = None
) -> None:
    """Take back what this login enabled."""
    _call_cron(cron.disable, dsn, cron_dsn, cron_database)


@cron_app.command("status")
def show_cron(
    dsn: Dsn = None, cron_dsn: CronDsn = None, cron_database: CronDatabase = None
) -> None:
    """Show the jobs and their last runs; exit code 1 unless the engine's is active."""
    if not _call_cron(cron.status, dsn, cron_dsn, cron_database):
        raise typer.Exit(1)


def _call_cron(
    work: Callable[[str, str, Callable[[str], None]], T],
    dsn: str | None,
    cron_dsn: str | None,
    cron_database: str | None,
) -> T:
    settings = _settings(dsn=dsn, cron_dsn=cron_dsn, cron_database=cron_database)
    try:
        place = make_conninfo(
            settings.cron_dsn or settings.dsn, dbname=settings.cron_database or None
        )
        return work(settings.dsn, place, typer.echo)
    except psycopg.ProgrammingError:
        message = "--cron-dsn or AUTOMATION_CRON_DSN must be a PostgreSQL connection string"
        raise typer.BadParameter(message) from None
    except cron.CronError as error:
        typer.echo(f"cron: {error}", err=True)
        raise typer.Exit(1) from None


def _settings(needs_dsn: bool = True, /, **given: Any) -> WorkerSettings:
    try:
        chosen = {key: value for key, value in given.items() if value not in (None, [])}
        settings = WorkerSettings(**chosen)
    except ValidationError as error:
        problems = "; ".join(f"{item['loc'][0]}: {item['msg']}" for item in error.errors())
        raise typer.BadParameter(problems) from None
    if needs_dsn:
        try:
            conninfo_to_dict(settings.dsn or "-")
        except (
            psycopg.ProgrammingError
        ):  # its message repeats the string, which may hold a password
            message = "--dsn or AUTOMATION_DSN must be a PostgreSQL connection string"
            raise typer.BadParameter(message) from None
    return settings


if __name__ == "__main__":
    app()
