"""What both checks have in common: doubts, and which calls of the services were theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from demo import cast
from demo.sinks import Ledger, Sinks
from demo.stage import Stage
from py_actions.send_email import message_id


class Doubts:
    """A check: every doubt is one line; no line means that all is well."""

    def __init__(self, stage: Stage, sinks: Sinks) -> None:
        self.stage = stage
        self.sinks = sinks
        self.doubts: list[str] = []
        self.steps: dict[str, tuple[str, int, str]] = {}
        """External steps by id, which is their idempotency key: (service, attempts, subject)."""

    def doubt(self, subject: str, found: object, wanted: object) -> None:
        """Note a difference, if there is one."""
        if found != wanted:
            self.doubts.append(f"{subject}: {found!r}, expected {wanted!r}")

    def compare(self, subject: str, found: Iterable[Any], wanted: Iterable[Any]) -> None:
        """Note what is missing and what is too much, however often."""
        found, wanted = Counter(found), Counter(wanted)
        self.doubt(f"{subject}, missing", list((wanted - found).elements()), [])
        self.doubt(f"{subject}, too many", list((found - wanted).elements()), [])

    def keys(self, service: str) -> dict[str, str]:
        """The keys by which a service knows our steps, with the subjects of these."""
        return {
            key_of(step_id, service): subject
            for step_id, (name, _, subject) in self.steps.items()
            if name == service
        }

    def effects(self, service: str) -> dict[str, Any]:
        """What our steps brought about in a service, by key."""
        keys = self.keys(service)
        effects = ledger_of(self.sinks, service).effects
        return {key: effect for key, effect in effects.items() if key in keys}

    def redeliveries(self) -> int:
        """Calls beyond the attempts that the engine counted: by a worker that then was killed."""
        return sum(
            max(0, ledger_of(self.sinks, service).calls[key_of(step_id, service)] - attempts)
            for step_id, (service, attempts, _) in self.steps.items()
        )


def ledger_of(sinks: Sinks, service: str) -> Ledger:
    """What the service saw that a step calls."""
    return {
        "score": sinks.scoring,
        "publish": sinks.publishing,
        "mail": sinks.mail,
        "slack": sinks.slack,
    }[service]


def key_of(step_id: str, service: str) -> str:
    """The key by which a service knows a step: mail servers see the Message-ID."""
    return message_id(step_id, cast.SENDER) if service == "mail" else step_id


def unknown_calls(sinks: Sinks, checks: Iterable[Doubts]) -> list[str]:
    """Calls under keys that belong to no step."""
    checks = list(checks)
    return [
        f"{service} was called for what is no step: {key}"
        for service in ("score", "publish", "mail", "slack")
        for key in ledger_of(sinks, service).calls.keys()
        - {key for check in checks for key in check.keys(service)}
    ]
