"""Runs one handler as the worker does, without a database."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any

from py_actions import ActionContext, registry
from py_actions.http_client import close_http_client
from py_actions.runtime.job import Job

ORG = "11111111-2222-4333-8444-555555555555"


def make_message(action: str, config: Any = None, **extra: Any) -> dict[str, Any]:
    """A message as the engine writes it."""
    return {
        "org": ORG,
        "instance": str(uuid.uuid4()),
        "root": str(uuid.uuid4()),
        "step": str(uuid.uuid4()),
        "key": "a_step",
        "action": action,
        "config": {} if config is None else config,
        "attempt": 1,
        "deliveries": 5,
        "timeout_ms": None,
        "idempotency_key": str(uuid.uuid4()),
        **extra,
    }


def make_context(action: str = "test", seconds: float = 10, key: str = "key-1") -> ActionContext:
    """A context whose attempt ends after so many seconds."""
    return ActionContext(
        ORG, "instance", "step", "a_step", action, key, 1, time.monotonic() + seconds
    )


def attempt(
    action: str, config: Any, seconds: float = 10, key: str = "key-1"
) -> tuple[Any, dict[str, Any] | None]:
    """(output, None), or (None, the error that would be reported)."""
    known = registry.load()[action]
    context = make_context(action, seconds, key)
    job = Job(1, 1, make_message(action, config), 0)
    job.context = context

    async def run() -> Any:
        try:
            if known.is_async:
                return await known.handler(config, context)
            return known.handler(config, context)
        finally:
            await close_http_client()

    try:
        output = asyncio.run(run())
    except Exception as error:
        return None, job.raised(error).error
    result = job.completed(output)
    return (None, result.error) if result.error else (json.loads(result.text)["output"], None)
