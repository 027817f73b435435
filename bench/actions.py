"""The action that the benchmarks hand to real workers: it does nothing."""

from __future__ import annotations

from typing import Any

from py_actions.context import ActionContext
from py_actions.registry import action


@action("noop", schema={"type": "object"}, idempotent=True, description="Does nothing.")
async def noop(config: dict[str, Any], context: ActionContext) -> dict[str, Any]:
    """Return a small result, as a real action would."""
    return {"done": True}
