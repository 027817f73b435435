"""What a handler may raise, and how any exception becomes the error that the database records.

The worker only classifies. Whether, when and how often an attempt is repeated is decided in the
database, from the error class and the step's own retry settings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import httpx

from py_actions.secrets import redact

CLASSES = frozenset(
    {
        "timeout",
        "connection",
        "rate_limited",
        "http_4xx",
        "http_5xx",
        "unavailable",
        "auth",
        "refused",
        "invalid",
        "crashed",
        "unknown_action",
        "error",
    }
)

MAX_MESSAGE = 1000
LONGEST_RETRY_AFTER = 24 * 3600.0


class ActionError(Exception):
    """An error with a class, a code and a message fit to be stored."""

    permanent = False

    def __init__(
        self,
        message: str,
        *,
        code: str = "error",
        error_class: str = "error",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        if error_class not in CLASSES:
            raise ValueError(f"unknown error class {error_class!r}")
        self.message = message
        self.code = code
        self.error_class = error_class
        self.retry_after = retry_after


class Retry(ActionError):
    """The attempt failed and may be repeated, not before `after` seconds have passed."""

    def __init__(
        self,
        after: float | None = None,
        message: str = "try again",
        error_class: str = "unavailable",
        *,
        code: str = "retry",
    ) -> None:
        super().__init__(message, code=code, error_class=error_class, retry_after=after)


class Fail(ActionError):
    """The attempt failed for good: repeating it cannot help."""

    permanent = True

    def __init__(self, message: str, code: str = "failed", error_class: str = "error") -> None:
        super().__init__(message, code=code, error_class=error_class)


def describe(error: BaseException, masked: Iterable[str] = ()) -> dict[str, Any]:
    """The error object that is reported for an exception of a handler."""
    if isinstance(error, ActionError):
        message = redact(error.message, masked)
        described = error_object(error.code, error.error_class, message)
        if error.permanent:
            described["permanent"] = True
        if error.retry_after is not None:
            described["retry_after"] = min(max(0.0, error.retry_after), LONGEST_RETRY_AFTER)
        return described
    message = redact(f"{type(error).__name__}: {_text_of(error)}", masked)
    return error_object(_code_of(error), _class_of(error), message)


def error_object(code: str, error_class: str, message: str) -> dict[str, Any]:
    """An error as `automation.complete_actions` expects it: trimmed and free of secrets."""
    return {
        "code": clean(code)[:63],
        "class": error_class,
        "message": clean(redact(message))[:MAX_MESSAGE],
    }


def clean(value: Any) -> Any:
    """The same JSON value in text that PostgreSQL can store: no NUL, no lone surrogates."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def _class_of(error: BaseException) -> str:
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "timeout"
    if isinstance(error, ConnectionError | httpx.TransportError):
        return "connection"
    return "error"


def _code_of(error: BaseException) -> str:
    if isinstance(error, asyncio.CancelledError):
        return "cancelled"
    return {"timeout": "timeout", "connection": "connection_lost"}.get(
        _class_of(error), "handler_error"
    )


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a broken __str__ must not hide the failure itself
        return "(no message)"
