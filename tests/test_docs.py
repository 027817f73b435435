"""The documentation says what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from psycopg.types.json import Jsonb

ROOT = Path(__file__).resolve().parent.parent
THROWN_AWAY = "MA999"  # rolls a rehearsal back and never leaves test_workflow


def test_the_table_of_errors_is_what_the_code_raises():
    code = "".join(path.read_text() for path in (ROOT / "sql").rglob("*.sql"))
    raised = set(re.findall(r"'(MA\d{3})'", code)) - {THROWN_AWAY}
    documented = set(re.findall(r"^\| (MA\d{3}) \|", (ROOT / "docs/errors.md").read_text(), re.M))
    assert documented == raised


def test_links_between_documents_lead_somewhere():
    for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def snippets(*names: str) -> list[tuple[str, object]]:
    """The JSON values in documents; a block may hold several, one after the other."""
    found = []
    for name in names or [path.name for path in sorted((ROOT / "docs").glob("*.md"))]:
        text = (ROOT / "docs" / name).read_text()
        for match in re.finditer(r"^```json\n(.*?)^```$", text, re.M | re.S):
            line, rest = text[: match.start()].count("\n") + 2, match[1].strip()
            while rest:
                try:
                    value, end = json.JSONDecoder().raw_decode(rest)
                except json.JSONDecodeError as error:
                    pytest.fail(f"{name}:{line}: {error}")
                found.append((f"{name}:{line}", value))
                rest = rest[end:].strip()
    return found


def test_json_in_documents_is_json():
    assert len(snippets()) > 40


# What a document takes for granted, and what a step by itself does.
GRANTED = {"unknown_action", "unknown_template"}
ELSEWHERE = GRANTED | {"unknown_step", "no_enclosing_split", "no_enclosing_loop", "missing_key"}


@pytest.mark.on("embedded")
def test_workflows_in_documents_are_valid(engine):
    for place, value in snippets("definitions.md", "patterns.md", "subworkflows.md", "waits.md"):
        if "steps" in value:
            document, ignored = value, GRANTED
        elif "id" in value:
            document, ignored = {"steps": [value]}, ELSEWHERE
        else:
            continue
        rows = engine.client.execute(
            "select pointer, code, message from automation.validate_definition(%s) "
            "where severity = 'error' and code <> all (%s)",
            [Jsonb(document), list(ignored)],
        ).fetchall()
        assert rows == [], place


def test_every_control_flow_pattern_has_a_test():
    text = (ROOT / "docs/patterns.md").read_text()
    rows = re.findall(r"^\| (\d+) \| .* \| (.*) \|$", text, re.M)
    assert [int(number) for number, _ in rows] == list(range(1, 44))
    for number, links in rows:
        for path in re.findall(r"\]\(\.\./(tests/\w+\.py)\)", links):
            tests = re.findall(r"def test_wcp_((?:\d+_)+)", (ROOT / path).read_text())
            numbers = {int(n) for name in tests for n in name.strip("_").split("_")}
            assert int(number) in numbers, f"pattern {number}: {path}"
        assert links
