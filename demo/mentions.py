"""What befalls the mentions of the second act, and in which of their states a rule must fire.

A mention is found with neither sentiment nor engagement. Then it lives through rounds: in each, one
writer may analyse it and another one may count its likes, at the same time and in any order.
Everything is drawn from hashes, and nothing here knows the engine.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise, product

from demo.services import draw

ROUNDS = 3
AUDIENCE = 10_000
PLATFORMS = ("instagram", "twitter", "tiktok", "facebook")

# of a hundred mentions; see the stories below
KINDS = {
    "praise": 44,
    "remark": 16,
    "grumble": 11,
    "unheard": 6,
    "unnoticed": 6,
    "edge": 3,
    "at once": 2,
    "spreads": 2,
    "smoulders": 2,
    "misread": 2,
    "read twice": 2,
    "fades": 1,
    "flares up again": 1,
    "taken back": 1,
    "deleted": 1,
}
LOUD = ("at once", "spreads", "smoulders", "misread", "read twice", "fades", "flares up again",
        "taken back")  # fmt: skip
# kinds that come close to being a crisis, by the part of the condition that they miss
NEAR_MISSES = {"unheard": "author_followers_count", "unnoticed": "engagement_rate"}


@dataclass(frozen=True)
class Reading:
    """What the analysis says."""

    sentiment: str
    score: Decimal
    confidence: int


@dataclass(frozen=True)
class Counts:
    """What a synchronisation finds."""

    likes: int
    comments: int
    shares: int
    views: int

    @property
    def rate(self) -> Decimal:
        """The engagement rate as the platform computes it: a percentage with two digits."""
        engaged = Decimal(100 * (self.likes + self.comments + self.shares))
        return (engaged / self.views).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Round:
    """What one round brings: a reading, counts, or the news that the post is gone."""

    reading: Reading | None = None
    counts: Counts | None = None
    is_deleted: bool = False


@dataclass(frozen=True)
class Mention:
    """One mention and its story."""

    mention_id: str
    kind: str
    keyword: int
    platform: str
    author: str
    followers: int
    content: int
    rounds: tuple[Round, ...]

    @property
    def post_url(self) -> str:
        """Where the post can be seen."""
        return f"https://{self.platform}.example/{self.author}/{self.mention_id[:8]}"


@dataclass(frozen=True)
class State:
    """A mention as a rule may see it."""

    sentiment: str | None = None
    score: Decimal | None = None
    rate: Decimal = Decimal("0.00")
    is_deleted: bool = False


@dataclass(frozen=True)
class Reaction:
    """When a rule has to hold, and which values of a mention its messages show."""

    holds: Callable[[Mention, State], bool]
    shows: tuple[str, ...]


NEGATIVE = Reaction(lambda _, state: state.sentiment == "negative", ("score",))
CRISIS = Reaction(
    lambda mention, state: (
        state.score is not None
        and state.score < Decimal("-0.5")
        and state.rate > 5
        and mention.followers > AUDIENCE
    ),
    ("score", "rate"),
)


def firings(mention: Mention, reaction: Reaction) -> tuple[tuple[Decimal, ...], ...]:
    """Each time that a rule's condition turns true: the values that its messages then show.

    Raises ValueError if that depends on which of two concurrent writers came first.
    """
    told = {
        tuple(
            tuple(getattr(now, name) for name in reaction.shows)
            for before, now in pairwise(history)
            if not now.is_deleted
            and reaction.holds(mention, now)
            and not reaction.holds(mention, before)
        )
        for history in histories(mention)
    }
    if len(told) != 1:
        raise ValueError(f"nobody can foretell what becomes of {mention}")
    return told.pop()


def histories(mention: Mention) -> Iterator[list[State]]:
    """The states that a mention goes through, for each order in which its writers may come."""
    for orders in product((False, True), repeat=len(mention.rounds)):
        history = [State()]
        for this, counted_first in zip(mention.rounds, orders, strict=True):
            for counting in (counted_first, not counted_first):
                history.append(change(history[-1], this, counting=counting))
        yield history


def change(state: State, this: Round, *, counting: bool) -> State:
    """The state after one writer has done its part of a round."""
    if counting:
        rate = this.counts.rate if this.counts else state.rate
        return replace(state, rate=rate, is_deleted=state.is_deleted or this.is_deleted)
    if this.reading is None:
        return state
    return replace(state, sentiment=this.reading.sentiment, score=this.reading.score)


def tell(company: str, amount: int, loud_platforms: tuple[str, ...]) -> list[Mention]:
    """All mentions of a company. A crisis happens on some platforms only."""
    kinds = [kind for kind, share in KINDS.items() for _ in range(share)]
    order = sorted(range(len(kinds)), key=lambda place: draw(company, str(place)))
    told = []
    for number in range(amount):
        key = f"{company}/{number}"
        kind = kinds[order[number % len(kinds)]]
        platforms = loud_platforms if kind in LOUD else PLATFORMS
        followers = count_followers(kind, key)
        told.append(
            Mention(
                mention_id=str(uuid.uuid5(uuid.NAMESPACE_URL, key)),
                kind=kind,
                keyword=number % 5,
                platform=pick(platforms, key + "platform"),
                author=f"{pick(('sara', 'khalid', 'lena', 'emre', 'paul'), key)}_{number}",
                followers=followers,
                content=number,
                rounds=story(kind, key, followers),
            )
        )
    return told


def count_followers(kind: str, key: str) -> int:
    """How many people follow the author."""
    if kind == "unheard":
        return int(AUDIENCE * (0.2 + 0.8 * draw(key, "followers")))
    if kind == "edge" and edge_of(key) == "followers":
        return AUDIENCE
    if kind in (*LOUD, "unnoticed", "edge"):
        return AUDIENCE + 1 + int(60_000 * draw(key, "followers"))
    return 80 + int(40_000 * draw(key, "followers") ** 2)


def story(kind: str, key: str, followers: int) -> tuple[Round, ...]:
    """What happens to a mention of some kind."""

    def counts(number: int, low: float, high: float) -> Counts:
        rate = low + (high - low) * draw(key, "rate", str(number))
        return count(rate, (1000 + followers // 4) * (1, 2, 3)[number])

    def quiet(number: int) -> Round:
        return Round(counts=counts(number, 0.5, 4.5))

    def loud(number: int) -> Round:
        return Round(counts=counts(number, 5.4, 12))

    angry = read("negative", -0.52, -0.98, key)
    angrier = read("negative", -0.55, -0.99, key + "again")
    calm = read("neutral", -0.2, 0.2, key)
    stories = {
        "praise": ((read("positive", 0.3, 1, key), loud), (None, loud), (None, quiet)),
        "remark": ((calm, quiet), (None, loud), (None, None)),
        "grumble": ((read("negative", -0.3, -0.49, key), loud), (None, quiet), (None, loud)),
        "unheard": ((angry, loud), (None, loud), (None, None)),
        "unnoticed": ((angry, quiet), (None, quiet), (None, quiet)),
        "at once": ((angry, loud), (None, loud), (None, loud)),
        "spreads": ((angry, quiet), (None, loud), (None, loud)),
        "smoulders": ((angry, quiet), (None, quiet), (None, loud)),
        "misread": ((calm, loud), (angry, None), (None, loud)),
        "read twice": ((angry, loud), (angrier, loud), (None, None)),
        "fades": ((angry, loud), (None, quiet), (None, quiet)),
        "flares up again": ((angry, loud), (None, quiet), (None, loud)),
        "taken back": ((angry, loud), (calm, None), (angrier, None)),
    }
    if kind == "edge":
        return edge(key, angry, loud(0))
    if kind == "deleted":
        gone = Round(counts=counts(1, 5.4, 12), is_deleted=True)
        return Round(calm), gone, Round(angry)
    return tuple(
        replace(counted(number) if counted else Round(), reading=reading)
        for number, (reading, counted) in enumerate(stories[kind])
    )


def edge_of(key: str) -> str:
    """Which part of the condition a mention meets almost: the value is just the threshold."""
    return pick(("followers", "score", "rate"), key)


def edge(key: str, angry: Reading, loud: Round) -> tuple[Round, ...]:
    """A mention that stops short of being a crisis by the smallest possible amount."""
    if edge_of(key) == "score":
        angry = replace(angry, score=Decimal("-0.5000"))
    if edge_of(key) == "rate":
        loud = Round(counts=count(5, 4000))
    return replace(loud, reading=angry), Round(), Round()


def read(sentiment: str, low: float, high: float, key: str) -> Reading:
    """A reading with a score in this range."""
    score = Decimal(low + (high - low) * draw(key, "score")).quantize(Decimal("0.0001"))
    return Reading(sentiment, score, 55 + int(45 * draw(key, "confidence")))


def count(rate: float, views: int) -> Counts:
    """Counts that come to about this engagement rate."""
    engaged = math.ceil(views * rate / 100)
    comments, shares = engaged // 6, engaged // 8
    return Counts(engaged - comments - shares, comments, shares, views)


def pick(choices: tuple[str, ...], key: str) -> str:
    """One of several, always the same for the same key."""
    return choices[int(draw(key, "pick") * len(choices))]
