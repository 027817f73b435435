"""What a handler knows about the attempt that it makes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import structlog

from py_actions import secrets
from py_actions.errors import Fail


@dataclass(eq=False)
class ActionContext:
    """One attempt of one step; the same `idempotency_key` for all attempts and redeliveries."""

    org_id: str
    instance_id: str
    step_id: str
    step_key: str
    action: str
    idempotency_key: str
    attempt: int
    expires: float
    """Moment of `time.monotonic()` at which the attempt times out."""
    masked: tuple[str, ...] = ()
    """Values that the attempt's output and error must not show."""

    def remaining(self) -> float:
        """Seconds until the attempt times out, never negative."""
        return max(0.0, self.expires - time.monotonic())

    @property
    def deadline(self) -> datetime:
        """The moment at which the attempt times out."""
        return datetime.now(UTC) + timedelta(seconds=self.remaining())

    @cached_property
    def logger(self) -> Any:
        """A logger that names the instance, step, action and attempt by itself."""
        return structlog.get_logger("automation.action").bind(**self.names())

    def names(self) -> dict[str, Any]:
        """What identifies this attempt in a log line."""
        return {
            "org": self.org_id,
            "instance": self.instance_id,
            "step": self.step_id,
            "key": self.step_key,
            "action": self.action,
            "attempt": self.attempt,
        }

    def resolve(self, value: str) -> str:
        """The value behind `{{secrets.NAME}}`, or the literal; masked in what is reported."""
        resolved = self.resolve_reference(value)
        self.mask(resolved)
        return resolved

    def resolve_reference(self, value: Any) -> str:
        """The value behind `{{secrets.NAME}}`; anything else as text, and not masked."""
        name = secrets.reference_name(value)
        if name is None:
            if isinstance(value, str) and secrets.mentions(value):
                message = "{{secrets.…}} must be the whole value"
                raise Fail(message, "invalid_secret", "invalid")
            return str(value)
        try:
            resolved = secrets.look_up(name, self.org_id)
        except secrets.UnknownSecret as error:
            raise Fail(str(error), "unknown_secret", "invalid") from None
        self.mask(resolved)
        return resolved

    def mask(self, value: str) -> None:
        """Keep this value out of the attempt's output and error."""
        self.masked = (*self.masked, value)
