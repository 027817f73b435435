"""Child processes for messages whose earlier workers were lost.

A handler that kills its process takes the messages beside it along. They are delivered again, and
so is the one that did it. From the third delivery on each runs in a process of its own, so that the
guilty one is alone when it strikes again and its neighbours are done before they are given up.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any, BinaryIO

import orjson

from py_actions import registry
from py_actions.context import ActionContext
from py_actions.errors import ActionError
from py_actions.runtime import logs
from py_actions.runtime.job import Job, encode_output
from py_actions.settings import WorkerSettings

MAX_LINE = 16 * 1024 * 1024


class ChildCrashed(Exception):
    """The process that ran the handler died."""


class ReportedError(ActionError):
    """An error that a handler raised in a child process."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(
            error["message"],
            code=error["code"],
            error_class=error["class"],
            retry_after=error.get("retry_after"),
        )
        self.permanent = error.get("permanent", False)


class Isolation:
    """A few child processes, made when needed, each running one handler at a time."""

    def __init__(self, modules: list[str], size: int = 4) -> None:
        self._command = [sys.executable, "-m", "py_actions.runtime.isolation", *modules]
        self._free = asyncio.Semaphore(size)
        self._idle: list[asyncio.subprocess.Process] = []

    async def run(self, message: dict[str, Any], context: ActionContext) -> Any:
        """The handler's output; raises what it raised, or ChildCrashed."""
        async with self._free:
            child = self._idle.pop() if self._idle else await self._spawn()
            try:
                answer = await _ask(child, message, context)
            except BaseException:
                _kill(child)
                raise
            self._idle.append(child)
        if "error" in answer:
            raise ReportedError(answer["error"])
        return answer["output"]

    def close(self) -> None:
        """End all children that are idle; one that is busy ends with its task."""
        while self._idle:
            _kill(self._idle.pop())

    async def _spawn(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=MAX_LINE,
            start_new_session=True,
        )


async def _ask(
    child: asyncio.subprocess.Process, message: dict[str, Any], context: ActionContext
) -> dict[str, Any]:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(orjson.dumps([message, context.remaining()]) + b"\n")
        await child.stdin.drain()
        line = await child.stdout.readline()
    except (ConnectionError, ValueError):
        line = b""
    if not line.endswith(b"\n"):
        raise ChildCrashed
    return orjson.loads(line)


def _kill(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.kill()


async def serve(actions: dict[str, registry.Action], answers: BinaryIO) -> None:
    """The child's side: answer each line with a line until the parent is gone."""
    loop = asyncio.get_running_loop()
    requests = asyncio.StreamReader(limit=MAX_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(requests), sys.stdin)
    while line := await requests.readline():
        work = loop.create_task(_attempt(actions, *orjson.loads(line)))
        # The parent says nothing while it waits, so what ends this read is its end.
        gone = loop.create_task(requests.read(1))
        await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            break
        gone.cancel()
        await asyncio.wait((gone,))
        answers.write(work.result() + b"\n")
        answers.flush()
    os._exit(0)  # a handler that hangs in a thread must not keep the process


async def _attempt(
    actions: dict[str, registry.Action], message: dict[str, Any], seconds: float
) -> bytes:
    job = Job(0, 0, {**message, "timeout_ms": seconds * 1000}, 0)
    job.check()
    context = job.begin(seconds)
    action = actions[message["action"]]
    config = message.get("config") or {}
    output = None
    try:
        if action.is_async:
            output = await action.handler(config, context)
        else:
            output = await asyncio.to_thread(action.handler, config, context)
        error = job.completed(output).error
    except BaseException as raised:
        error = job.raised(raised).error
    if error is not None:
        return orjson.dumps({"error": error})
    return b'{"output":%b}' % encode_output(output, context.masked)


def main() -> None:
    """Run as a child process; the arguments are modules with more actions."""
    settings = WorkerSettings()
    logs.configure(settings.log_level, settings.log_format)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # for handlers that print
        asyncio.run(serve(registry.load(sys.argv[1:]), answers))


if __name__ == "__main__":
    main()
