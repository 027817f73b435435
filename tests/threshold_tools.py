"""What the tests of thresholds share: whole histories in one statement, and a model of a level."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import psycopg

# every state of every history, one history after the other
FOLD = """
    with recursive history as (
        select h.ordinality as at, h.value -> 'config' as config, h.value -> 'state' as start,
            h.value -> 'samples' as samples
        from jsonb_array_elements(%s::jsonb) with ordinality as h
    ),

    step as (
        select h.at, 0 as n, nullif(h.start, 'null') as state from history as h
        union all
        select
            s.at, s.n + 1,
            automation.threshold_step(s.state, h.samples -> s.n, h.config)
        from step as s
        inner join history as h on s.at = h.at and s.n < jsonb_array_length(h.samples)
    )

    select array(
        select jsonb_agg(s.state order by s.n)
        from step as s
        where s.n > 0
        group by s.at
        order by s.at
    )
"""

READ = """
    select array(
        select to_jsonb(t) || jsonb_build_object(
            'errors', automation_private.finish_errors(t.errors),
            'path', t.path::text, 'denominator', t.denominator::text
        )
        from jsonb_array_elements(%s::jsonb) with ordinality as c (value, at),
            automation_private.read_threshold(c.value, '/trigger') as t
        order by c.at
    )
"""

STEP_ONLY = {"trace", "fires", "levels", "recovers", "overdue"}


def fold_all(db: psycopg.Connection, histories: list[dict[str, Any]]) -> list[list[dict]]:
    """The states of {"config", "samples"[, "state"]} histories, after each sample."""
    return db.execute(FOLD, (json.dumps(histories),)).fetchone()[0]


def fold(db, config, samples, state=None) -> list[dict]:
    """The state after each sample."""
    return fold_all(db, [{"config": config, "samples": samples, "state": state}])[0]


def read_all(db, triggers: list[dict]) -> list[dict]:
    """What triggers mean, with their errors."""
    return db.execute(READ, (json.dumps(triggers),)).fetchone()[0]


def config_of(db, trigger: dict) -> dict:
    """The configuration of a sound trigger."""
    found = read_all(db, [{"field": "x"} | trigger])[0]
    assert found["errors"] is None
    return found["config"]


def values(*numbers: Any, every: int = 60) -> list[dict]:
    """Samples with these values at a steady pace."""
    return [{"value": v, "at": n * every, "seq": n} for n, v in enumerate(numbers)]


def tick(at: float) -> dict:
    return {"tick": True, "at": at}


def lasting(state: dict | None) -> dict:
    """A state without what its last step did."""
    return {k: v for k, v in (state or {"phase": "unknown"}).items() if k not in STEP_ONLY}


def beyond(value: float, direction: str, bound: Any) -> float:
    """How far a value is on the firing side of a bound."""
    if direction in ("above", "below"):
        return value - bound if direction == "above" else bound - value
    low, high = bound
    inside = min(value - low, high - value)
    return inside if direction == "inside" else -inside


@dataclass
class Level:
    """A level as the reference has it, told sample by sample and second by second."""

    config: dict
    phase: str = "unknown"
    due: float | None = None
    at: float | None = None
    seq: int = 0
    samples: int = 0
    fired_at: float | None = None
    done: list[str] = field(default_factory=list)

    def seconds(self, key: str) -> float:
        return self.config.get(key, 0)

    def go(self, phase: str, due: float | None = None) -> None:
        if phase == "clear" and self.phase in ("firing", "recovering"):
            self.done.append("recovers")
        self.phase, self.due = phase, due

    def fire(self, now: float) -> None:
        repeat = self.config.get("repeat_every")
        self.phase, self.due = "firing", now + repeat if repeat else None
        if self.fired_at is None or now >= self.fired_at + self.seconds("cooldown"):
            self.fired_at = now
            self.done.append("fires")

    def pass_time(self, now: float) -> None:
        """What is due by then."""
        if self.due is None or now < self.due:
            return
        fresh = now <= self.at + self.config.get("stale_after", float("inf"))
        if self.phase == "pending":
            self.fire(now) if fresh else self.go("clear")
        elif not fresh:
            self.due = None
        elif self.phase == "recovering":
            self.go("clear")
        else:
            self.fire(now)

    def judge(self, value: float | None) -> str:
        if value is None or self.samples < self.config.get("min_samples", 0):
            return "clear"
        excess = beyond(value, self.config["direction"], self.config["fire_at"])
        if excess > 0 or (excess == 0 and self.config.get("inclusive")):
            return "fire"
        excess = beyond(value, self.config["direction"], self.config["clear_at"])
        return "clear" if excess < 0 else "keep"

    def step(self, sample: dict) -> None:
        self.done = []
        now = sample["at"]
        if sample.get("tick"):
            self.pass_time(now)
            return
        value = sample.get("value")
        if self.at is not None and (now, sample["seq"]) <= (self.at, self.seq):
            return
        hold = self.config["on_no_data"] == "hold"
        if isinstance(value, str) or (value is None and hold):
            return
        if self.phase in ("pending", "recovering") and self.due is not None and self.due < now:
            self.pass_time(self.due)
        self.at, self.seq = now, sample["seq"]
        self.samples += value is not None
        if value is not None and self.samples < self.config.get("min_samples", 0) and hold:
            return
        self.meet(self.judge(value), now)

    def meet(self, zone: str, now: float) -> None:
        if self.phase == "unknown":
            first = self.config["first"] == "arm_only"
            self.phase = "firing" if zone == "fire" and first else "clear"
            if zone != "fire" or first:
                return
        if self.phase in ("clear", "pending"):
            self.approach(zone, now)
        else:
            self.retreat(zone, now)

    def approach(self, zone: str, now: float) -> None:
        if zone != "fire":
            self.go("clear")
        elif self.phase == "clear" and self.seconds("for"):
            self.go("pending", now + self.seconds("for"))
        elif self.phase == "clear" or now >= self.due:
            self.fire(now)

    def retreat(self, zone: str, now: float) -> None:
        repeat = self.config.get("repeat_every")
        next_fire = None if repeat is None or self.fired_at is None else self.fired_at + repeat
        if zone == "clear":
            wait = self.seconds("recovery_for")
            if self.phase == "firing" and wait:
                self.go("recovering", now + wait)
            elif self.phase == "firing" or self.due is None or now >= self.due:
                self.go("clear")
        elif self.phase == "recovering":
            self.phase, self.due = "firing", next_fire
            if next_fire is not None and next_fire <= now:
                self.fire(now)
        elif next_fire is not None and (self.due is None or self.due <= now):
            self.fire(now)

    def shown(self) -> dict:
        """What the database must say."""
        due = {} if self.due is None else {"due": self.due}
        recovers = {"recovers": True} if "recovers" in self.done else {}
        fires = min(1, self.done.count("fires"))
        return {"phase": self.phase, "fires": fires} | due | recovers
