"""What the services of the demo decide: pure functions of a post, so the outcome can be foretold.

`rate` and `refusal` look at the text as a real service would. `weather` is the trouble on the way:
which calls are slow, refused for now, unanswered or cut off, by post and attempt.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

CALL_TO_ACTION = re.compile(
    r"\b(order|book|visit|join|save|sign up|anmelden|komm vorbei)\b", re.IGNORECASE
)
SHOUTED = re.compile(r"\b[A-ZÄÖÜ]{4,}\b")
CLICKBAIT = re.compile(
    r"you wont believe|one trick|last chance|letzte chance|unglaublich", re.IGNORECASE
)
HASHTAG = re.compile(r"#\w")
PROMOTION = re.compile(r"\bgiveaway\b", re.IGNORECASE)
TERMS = re.compile(r"\bterms\b", re.IGNORECASE)


LAST_ATTEMPT = 6
STALL = 8.0


@dataclass(frozen=True)
class Trouble:
    """What befalls one call: an answer other than the usual, a delay, or a lost connection."""

    status: int | None = None
    delay: float = 0.0
    retry_after: int | None = None
    loses_answer: bool = False


def rate(content: str) -> dict[str, Any]:
    """The score of a text, 0 to 100, and what it lacks."""
    score, remarks = 30, []
    length = len(content)
    if 90 <= length <= 320:
        score += 30 - abs(length - 190) // 10
    else:
        score += 10 if 40 <= length < 90 else 0
        remarks.append("too short" if length < 90 else "too long")
    for found, points, remark in (
        (CALL_TO_ACTION.search(content), 20, "no call to action"),
        (HASHTAG.search(content), 10, "no hashtag"),
        (re.search(r"\d", content), 10, "nothing specific: a time, a price, a number"),
    ):
        score += points if found else 0
        if not found:
            remarks.append(remark)
    for found, points, remark in (
        (len(SHOUTED.findall(content)) > 2, 25, "shouting"),
        (CLICKBAIT.search(content), 25, "clickbait"),
        (content.count("!") > 2, 10, "too many exclamation marks"),
    ):
        if found:
            score -= points
            remarks.append(remark)
    return {
        "score": min(100, max(0, score)),
        "summary": ", ".join(remarks) or "nothing to add",
        "remarks": remarks,
    }


def refusal(content: str) -> dict[str, str] | None:
    """Why a social network will not publish a text; None when it will."""
    if PROMOTION.search(content) and not TERMS.search(content):
        return {"code": "promotion_without_terms", "message": "a promotion must link its terms"}
    return None


def page_is_disconnected(post_id: str) -> bool:
    """Whether the page that a post is meant for has revoked our permission."""
    return draw("page", post_id) < 0.025


def weather(service: str, post_id: str, attempt: int) -> Trouble:
    """What befalls the n-th call (from 1) that a service gets for a post."""
    kind = draw(service, post_id)
    pace = draw(service, post_id, "pace")
    delay = 0.1 + 0.3 * draw(service, post_id, "delay") if pace < 0.25 else 0.02 * pace
    if service == "scoring" and kind < 0.012:
        return Trouble(status=503)
    if kind < 0.07:
        return Trouble(status=503 if attempt == 1 else None, delay=delay)
    if kind < 0.10:
        return Trouble(status=500 if attempt <= 2 else None, delay=delay)
    if kind < 0.14:
        return Trouble(429, retry_after=1) if attempt == 1 else Trouble(delay=delay)
    if kind < 0.16:
        return Trouble(delay=STALL if attempt == 1 else delay)
    if kind < 0.20 and service == "publishing":
        return Trouble(delay=delay, loses_answer=attempt == 1)
    return Trouble(delay=delay)


def foretell(post_id: str, content: str, *, approve_at: int = 80, review_at: int = 50) -> str:
    """What must become of a submitted post, unless somebody withdraws it before its slot."""
    if weather("scoring", post_id, LAST_ATTEMPT).status:
        return "unrated"
    score = rate(content)["score"]
    if score < review_at:
        return "returned"
    if score < approve_at:
        return "in_review"
    if page_is_disconnected(post_id):
        return "disconnected"
    return "refused" if refusal(content) else "published"


def draw(*parts: str) -> float:
    """A number from 0 to 1, always the same for the same parts."""
    digest = hashlib.sha256("/".join(parts).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48
