"""One message that this worker holds: from the queue, through its handler, to its result."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from concurrent.futures import Future
from operator import itemgetter
from typing import Any

import orjson

from py_actions.context import ActionContext
from py_actions.errors import clean, describe, error_object
from py_actions.registry import Action
from py_actions.secrets import redact_json

MAX_OUTPUT = 64 * 1024
_TEXTS = itemgetter("org", "instance", "step", "key", "action", "idempotency_key")
_NUMBERS = itemgetter("attempt", "deliveries")


class BadMessage(ValueError):
    """The queue holds something that is no action of the engine."""


class Job:
    """A held message. `msg_id` and `read_ct` together are the fence that the database checks."""

    # Defaults of the class cost nothing per message; thousands a second are made.
    action: Action | None = None
    context: ActionContext | None = None
    task: asyncio.Task[None] | None = None
    thread: Future[Any] | None = None
    texts: tuple[str, ...] = ()
    attempt = 1
    deliveries = 1
    timeout = 0.0
    expires = 0.0
    started = 0.0
    # Settled: its fate is decided, and what the handler still returns is dropped.
    settled = False

    def __init__(self, msg_id: int, read_ct: int, message: Any, leased_until: float) -> None:
        self.msg_id = msg_id
        self.read_ct = read_ct
        self.message = message
        self.leased_until = leased_until

    def check(self) -> None:
        """Raise BadMessage unless the message has what every handler needs."""
        try:
            self.texts = _TEXTS(self.message)
            self.attempt, self.deliveries = attempt, deliveries = _NUMBERS(self.message)
            self.timeout = (self.message.get("timeout_ms") or 0) / 1000
        except (TypeError, KeyError, AttributeError):
            raise BadMessage("the message is not an action") from None
        action = self.message["action"]
        if type(attempt) is not int or type(deliveries) is not int or type(action) is not str:
            raise BadMessage("the message is not an action")

    def is_suspect(self) -> bool:
        """Whether earlier workers that held this message were lost, more than once if it may be."""
        return self.read_ct > 1 and self.read_ct >= min(3, self.deliveries)

    def begin(self, default_timeout: float) -> ActionContext:
        """Start the attempt's clock and make the handler's context."""
        self.timeout = self.timeout or default_timeout
        self.started = time.monotonic()
        self.expires = self.started + self.timeout
        self.context = ActionContext(*self.texts, self.attempt, self.expires)
        return self.context

    def names(self) -> dict[str, Any]:
        """What identifies the attempt in a log line, never its configuration."""
        names: dict[str, Any] = {"msg_id": self.msg_id, "read_ct": self.read_ct}
        if isinstance(self.message, dict):
            for key in ("org", "instance", "step", "key", "action", "attempt"):
                names[key] = self.message.get(key)
        return names

    def completed(self, output: Any) -> Result:
        """The result for what a handler returned; a failed one when that cannot be stored."""
        masked = self.context.masked if self.context else ()
        try:
            text = encode_output(output, masked)
        except (TypeError, ValueError, RecursionError) as error:
            message = f"the action returned something that is not JSON: {error}"
            return self.failed(error_object("invalid_output", "invalid", message))
        if len(text) > MAX_OUTPUT:
            message = f"the output has {len(text)} bytes; at most {MAX_OUTPUT} are kept"
            return self.failed({**error_object("too_large", "invalid", message), "permanent": True})
        return Result(self, self._encode(b'"completed","output":' + text), None)

    def raised(self, error: BaseException) -> Result:
        """The result for an exception of the handler."""
        return self.failed(describe(error, self.context.masked if self.context else ()))

    def failed(self, error: dict[str, Any]) -> Result:
        """The failed result with this error."""
        text = b'"failed","output":null,"error":' + orjson.dumps(error)
        return Result(self, self._encode(text), error)

    def _encode(self, outcome: bytes) -> bytes:
        took = (time.monotonic() - self.started) * 1000 if self.started else 0
        return b'{"msg_id":%d,"read_ct":%d,"execution_time_ms":%d,"status":%b}' % (
            self.msg_id,
            self.read_ct,
            took,
            outcome,
        )


class Result:
    """What `automation.complete_actions` is told about one job, already as JSON text."""

    __slots__ = ("error", "job", "text")

    def __init__(self, job: Job, text: bytes, error: dict[str, Any] | None) -> None:
        self.job = job
        self.text = text
        self.error = error


class Held(dict[int, Job]):
    """All messages that this worker holds, by msg_id: waiting, running, or not yet reported."""

    def forget(self, jobs: Iterable[Job]) -> None:
        """Remove these; one that was claimed again meanwhile stays."""
        for job in jobs:
            if self.get(job.msg_id) is job:
                del self[job.msg_id]


def encode_output(output: Any, masked: tuple[str, ...] = ()) -> bytes:
    """The output as JSON that jsonb accepts, without the masked values."""
    try:
        text = orjson.dumps(output)
    except TypeError:
        # Lone surrogates are the one repairable reason; everything else fails again here.
        return orjson.dumps(clean(output))
    if b"\\u0000" in text:
        text = orjson.dumps(clean(orjson.loads(text)))
    if masked and any(orjson.dumps(value)[1:-1] in text for value in masked):
        text = orjson.dumps(redact_json(orjson.loads(text), masked))
    return text
