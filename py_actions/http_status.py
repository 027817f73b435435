"""What an HTTP status means for a step: done, worth another attempt, or failed for good."""

from __future__ import annotations

import email.utils
from collections.abc import Collection
from datetime import UTC, datetime

from py_actions.errors import LONGEST_RETRY_AFTER, ActionError, Fail, Retry
from py_actions.http_client import Answer


def require_success(answer: Answer, expected: Collection[int] = ()) -> None:
    """Return when the status is an expected one (default: any 2xx), else raise its error."""
    status = answer.status
    if status in expected if expected else 200 <= status < 300:
        return
    raise error_for(status, retry_after(answer.headers.get("retry-after")))


def error_for(status: int, after: float | None = None) -> ActionError:
    """The error that an unwanted status stands for."""
    code, text = f"http_{status}", f"the server answered {status}"
    if status == 429:
        return Retry(after, text, "rate_limited", code=code)
    if status == 408:
        return Retry(after, text, "timeout", code=code)
    if status in (425, 503):
        return Retry(after, text, "unavailable", code=code)
    if status >= 500:
        return Retry(after, text, "http_5xx", code=code)
    if status in (401, 403):
        return ActionError(text, code=code, error_class="auth")
    if status >= 400:
        # No policy repeats these by itself, but one may name the class or the code.
        return ActionError(text, code=code, error_class="http_4xx")
    if status >= 300:
        return Fail(f"{text}: redirects are not followed", code, "refused")
    return Fail(f"{text}, which was not expected", code, "invalid")


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, at most a day; None when it says nothing."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_RETRY_AFTER)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER)
