"""Whatever a handler does, its attempt gets a result, and the worker goes on."""

from __future__ import annotations

import asyncio
import decimal
import math
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from worker_tools import Queue, drain

from py_actions import ActionContext, Retry
from worker import EXIT_RECYCLE

pytestmark = pytest.mark.on("embedded")


@pytest.fixture
def queue(database) -> Queue:
    return Queue(database)


def returns(value: Any) -> Any:
    async def handler(config: dict[str, Any], context: ActionContext) -> Any:
        return value

    return handler


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


STORED = [
    (None, None),
    (0, 0),
    ("text", "text"),
    ([1, {"a": None}], [1, {"a": None}]),
    ({"a": "x\0y\0"}, {"a": "x\ufffdy\ufffd"}),
    ({"k\0": 1}, {"k\ufffd": 1}),
    ({"a": "back\\u0000slash"}, {"a": "back\\u0000slash"}),
    ({"a": "lone \ud800 surrogate"}, {"a": "lone ? surrogate"}),
    ({"a": math.nan}, {"a": None}),
    ((1, 2), [1, 2]),
    (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00+00:00"),
    ("x" * 65_000, "x" * 65_000),
    ({"big": 2**63}, {"big": 2**63}),
]

REFUSED = [
    ("x" * 1_000_000, "too_large"),
    (["\u00e9" * 40_000], "too_large"),
    (b"bytes", "invalid_output"),
    (object(), "invalid_output"),
    ({1: 2}, "invalid_output"),
    ({"a": {1, 2}}, "invalid_output"),
    (decimal.Decimal(1), "invalid_output"),
    (2**64, "invalid_output"),
    (nested(2000), "invalid_output"),
]


def send_cases(queue: Queue, count: int) -> None:
    """One message for each case; they are reported in this order."""
    for number in range(count):
        queue.send("case", {"number": number})


def test_outputs_are_stored(database, queue):
    async def give(config: dict[str, Any], context: ActionContext) -> Any:
        return STORED[config["number"]][0]

    send_cases(queue, len(STORED))
    drain(database, {"case": give})
    for (output, stored), report in zip(STORED, queue.reported(), strict=True):
        assert (report["status"], report["error"]) == ("completed", None), output
        assert report["output"] == stored


def test_outputs_that_cannot_be_stored_fail_alone(database, queue):
    async def give(config: dict[str, Any], context: ActionContext) -> Any:
        return REFUSED[config["number"]][0]

    send_cases(queue, len(REFUSED))
    queue.send("fine")
    drain(database, {"case": give, "fine": returns(1)})
    *reports, neighbour = queue.reported()
    assert neighbour["status"] == "completed"
    for (_, code), report in zip(REFUSED, reports, strict=True):
        assert (report["error"]["class"], report["error"]["code"]) == ("invalid", code)


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


RAISED = [
    (ValueError("a\0b \udcff " + "x" * 5000), "error"),
    (Unprintable(), "error"),
    (SystemExit(3), "error"),
    (KeyboardInterrupt(), "error"),
    (GeneratorExit(), "error"),
    (StopIteration(1), "error"),
    (asyncio.CancelledError(), "error"),
    (MemoryError(), "error"),
    (RecursionError(), "error"),
    (BaseExceptionGroup("several", [KeyboardInterrupt()]), "error"),
    (TimeoutError("late"), "timeout"),
    (ConnectionResetError("gone"), "connection"),
    (Retry(-3), "unavailable"),
    (Retry(1e12), "unavailable"),
    (Retry(math.nan), "unavailable"),
]


@pytest.mark.parametrize("style", ["async", "sync"])
def test_whatever_is_raised_is_a_failed_attempt(database, queue, style):
    def fail(config: dict[str, Any], context: ActionContext) -> Any:
        raise RAISED[config["number"]][0]

    async def fail_asynchronously(config: dict[str, Any], context: ActionContext) -> Any:
        fail(config, context)

    send_cases(queue, len(RAISED))
    drain(database, {"case": fail if style == "sync" else fail_asynchronously})
    for (error, error_class), report in zip(RAISED, queue.reported(), strict=True):
        assert report["error"]["class"] == error_class, error
        assert len(report["error"]["message"]) <= 1000
        assert 0 <= (report["error"].get("retry_after") or 0) <= 86400


def test_an_asynchronous_handler_that_hangs_times_out(database, queue):
    cancelled = threading.Event()

    async def hang(config: dict[str, Any], context: ActionContext) -> Any:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    queue.send("hang", timeout_ms=200)
    queue.send("fine")
    assert drain(database, {"hang": hang, "fine": returns(1)}) == 0
    hung, fine = queue.reported()
    assert (hung["error"]["class"], hung["error"]["code"]) == ("timeout", "timeout")
    assert fine["status"] == "completed"
    assert cancelled.is_set()


def test_the_default_time_is_the_workers(database, queue):
    queue.send("hang")

    async def hang(config: dict[str, Any], context: ActionContext) -> Any:
        assert 0 < context.remaining() <= 0.3
        assert context.deadline > datetime.now(UTC)
        await asyncio.sleep(60)

    drain(database, {"hang": hang}, timeout=0.3)
    assert queue.one()["error"]["message"] == "no result within 0.3 s"


def test_a_plain_function_that_hangs_is_left_behind(database, queue):
    release = threading.Event()

    def hang(config: dict[str, Any], context: ActionContext) -> Any:
        release.wait(60)

    queue.send("hang", timeout_ms=200, count=2)
    queue.send("fine")
    started = time.monotonic()
    assert drain(database, {"hang": hang, "fine": returns(1)}) == 0
    assert time.monotonic() - started < 10
    release.set()
    assert [report["status"] for report in queue.reported()] == ["failed", "failed", "completed"]
    assert queue.reported()[0]["error"]["class"] == "timeout"


@pytest.mark.parametrize("style", ["async", "sync"])
def test_too_many_handlers_that_do_not_stop_end_the_worker(database, queue, style):
    release = threading.Event()

    async def stubborn(config: dict[str, Any], context: ActionContext) -> Any:
        end = time.monotonic() + 3
        while time.monotonic() < end:
            try:
                await asyncio.sleep(0.05)
            except asyncio.CancelledError:
                continue

    def hang(config: dict[str, Any], context: ActionContext) -> Any:
        release.wait(60)

    async def stop_later(config: dict[str, Any], context: ActionContext) -> Any:
        await asyncio.sleep(30)

    queue.send("hang", timeout_ms=100, count=3)
    queue.send("later", timeout_ms=60_000)
    handlers = {"hang": stubborn if style == "async" else hang, "later": stop_later}
    assert drain(database, handlers, max_abandoned=2, grace=0) == EXIT_RECYCLE
    release.set()
    assert [report["error"]["class"] for report in queue.reported()] == ["timeout"] * 3
    (later,) = queue.left()
    assert later["hidden"] < 2


def test_a_handler_may_tidy_up_when_it_is_stopped(database, queue):
    tidied = threading.Event()

    async def tidy(config: dict[str, Any], context: ActionContext) -> Any:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            tidied.set()

    queue.send("tidy", timeout_ms=100)
    queue.send("wait")

    async def wait(config: dict[str, Any], context: ActionContext) -> Any:
        await asyncio.to_thread(tidied.wait, 10)

    assert drain(database, {"tidy": tidy, "wait": wait}, max_abandoned=0) == 0
    assert tidied.is_set()


def test_the_context_names_the_attempt(database, queue):
    (sent,) = queue.send("look", attempt=3, idempotency_key="the-key")
    (row,) = queue.left()

    async def look(config: dict[str, Any], context: ActionContext) -> Any:
        return {**context.names(), "idempotency_key": context.idempotency_key}

    drain(database, {"look": look})
    message = row["message"]
    assert queue.one()["msg_id"] == sent
    assert queue.one()["output"] == {
        "org": message["org"],
        "instance": message["instance"],
        "step": message["step"],
        "key": "a_step",
        "action": "look",
        "attempt": 3,
        "idempotency_key": "the-key",
    }
