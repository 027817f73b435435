"""The registry: which actions this worker can do, and what a definition may say to each."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any

from py_actions.context import ActionContext

Handler = Callable[[dict[str, Any], ActionContext], Any | Awaitable[Any]]

ENTRY_POINTS = "cmis_automation.actions"
BUILT_IN = (
    "py_actions.webhook",
    "py_actions.http_request",
    "py_actions.send_email",
    "py_actions.send_slack",
)

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_actions: dict[str, Action] = {}


@dataclass(frozen=True)
class Action:
    """One kind of external action."""

    name: str
    handler: Handler
    schema: dict[str, Any]
    idempotent: bool
    description: str
    provider: str | None = None
    is_async: bool = field(init=False)

    def __post_init__(self) -> None:
        call = getattr(self.handler, "__call__", None)  # noqa: B004
        is_async = inspect.iscoroutinefunction(self.handler) or inspect.iscoroutinefunction(call)
        object.__setattr__(self, "is_async", is_async)


def action(
    name: str,
    *,
    schema: dict[str, Any],
    idempotent: bool,
    description: str,
    provider: str | None = None,
) -> Callable[[Handler], Handler]:
    """Register a handler.

    `schema` is the JSON Schema of the configuration; definitions are checked against it when they
    are saved. `idempotent` says that a repeated attempt with the same idempotency key has no second
    effect. `provider` names the service that it calls, which several actions can share; "*" says
    that it depends on the configuration. A handler is `async def` or a plain function; plain ones
    run in threads.
    """

    def register(handler: Handler) -> Handler:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no action name: lower case, digits, _; a letter first")
        known = _actions.get(name)
        if known is not None and known.handler is not handler:
            raise ValueError(f"there are two handlers for the action {name!r}")
        _actions[name] = Action(name, handler, schema, idempotent, description, provider)
        return handler

    return register


def load(modules: Iterable[str] = ()) -> dict[str, Action]:
    """Import the built-in actions, those of installed packages and these modules; return all."""
    for module in (*BUILT_IN, *modules):
        importlib.import_module(module)
    for entry in entry_points(group=ENTRY_POINTS):
        entry.load()
    return dict(_actions)


def catalogue(actions: dict[str, Action]) -> list[dict[str, Any]]:
    """What `automation.register_action` needs to know of each action, by name."""
    return [
        {
            "name": known.name,
            "config_schema": known.schema,
            "idempotent": known.idempotent,
            "description": known.description,
            "provider": known.provider,
        }
        for _, known in sorted(actions.items())
    ]
