"""The documentation says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

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
