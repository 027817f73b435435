"""Secrets: references in configurations, resolved at send time and kept out of every text.

A configuration holds `{{secrets.NAME}}`, never the value. The value comes from the environment:
`AUTOMATION_SECRET_<ORG>_<NAME>` for one organisation (its id in capitals, `_` for `-`), else
`AUTOMATION_SECRET_<NAME>` for all of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

PREFIX = "AUTOMATION_SECRET_"
MASK = "[secret]"

# Exactly as definitions are compiled: rendered data that begins like a reference is refused there,
# so anything looser would let data name a secret.
_REFERENCE = re.compile(r"\{\{secrets\.([A-Za-z][A-Za-z0-9_]{0,62})\}\}")
# A name of this form would reach into the variables of another organisation.
_ORGANISATION = re.compile(r"[0-9A-F]{8}(_[0-9A-F]{4}){3}_[0-9A-F]{12}(_|$)")
# Masking shorter values would tear ordinary words apart.
_SHORTEST = 4

_known: set[str] = set()


class UnknownSecret(LookupError):
    """A configuration names a secret that this worker does not have."""


def reference_name(value: object) -> str | None:
    """The name in `{{secrets.NAME}}`, or None when the value is anything else."""
    match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return match.group(1).upper() if match else None


def mentions(text: str) -> bool:
    """Whether a reference stands anywhere in the text."""
    return _REFERENCE.search(text) is not None


def look_up(name: str, org_id: str) -> str:
    """The value of a secret for one organisation; raises UnknownSecret when there is none."""
    name = name.upper()
    if not _ORGANISATION.match(name):
        own = f"{PREFIX}{org_id.upper().replace('-', '_')}_{name}"
        value = os.environ.get(own) or os.environ.get(PREFIX + name)
        if value:
            _known.add(value)
            return value
    raise UnknownSecret(f"there is no secret named {name}")


def redact(text: str, more: Iterable[str] = ()) -> str:
    """The text without any secret this process has looked up, and without the values in `more`."""
    for value in sorted({*_known, *more}, key=len, reverse=True):
        if len(value) >= _SHORTEST and value in text:
            text = text.replace(value, MASK)
    return text


def redact_json(value: Any, more: Iterable[str] = ()) -> Any:
    """The JSON value with the same values masked in all its strings and keys."""
    if isinstance(value, str):
        return redact(value, more)
    if isinstance(value, Mapping):
        return {redact(str(key), more): redact_json(item, more) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact_json(item, more) for item in value]
    return value
