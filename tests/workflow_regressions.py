"""Examples on which engine and model once disagreed, shrunk: (what was wrong, example)."""

from __future__ import annotations

from workflow_generator import Example

REGRESSIONS: list[tuple[str, Example]] = []
