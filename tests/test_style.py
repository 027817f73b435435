"""The style of SQL files that no linter sees, because function bodies are strings to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

import pytest

from sql.manifest import ROOT, read_manifest, read_sources

MAX_COLUMNS = 100
MAX_LINES = 100
USUAL_LINES = 40

QUOTED = re.compile(
    r"""--[^\n]*            # a comment
    |/\*.*?\*/
    |\b[eE]'(?:[^'\\]|''|\\.)*'
    |'(?:[^']|'')*'         # a string
    |"(?:[^"]|"")*"         # a quoted name
    """,
    re.DOTALL | re.VERBOSE,
)
DEFINITION = re.compile(
    r"^create (or replace )?(function|procedure|aggregate|view|table|type|trigger)"
    r"\s+(?:(\w+)\.)?(\w+)",
    re.MULTILINE,
)
COMMENT = re.compile(
    r"^comment on (function|procedure|aggregate|view|table)\s+(\w+)\.(\w+)", re.MULTILINE
)
FOLDERS = {
    "functions": {"function", "procedure", "aggregate"},
    "views": {"view"},
    "tables": {"table"},
    "types": {"type"},
    "triggers": {"trigger"},
}


def sql_files() -> list[Path]:
    return sorted([*(ROOT / "sql").rglob("*.sql"), *(ROOT / "migrations").glob("*.sql")])


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def defining_files() -> Iterator[tuple[Path, set[str]]]:
    """Files that define one object each, with the kinds of object that belong there."""
    for path in sql_files():
        for folder in path.relative_to(ROOT).parts[:-1]:
            if folder in FOLDERS:
                yield path, FOLDERS[folder]


def report(wrong: Iterable[str]) -> None:
    """Fail with one line for each thing that is wrong."""
    if lines := "\n".join(wrong):
        pytest.fail(lines, pytrace=False)


def blank_out(text: str) -> str:
    """The text without strings and comments, every line where it was."""
    return QUOTED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def test_lines_have_no_tabs_no_trailing_blanks_and_fit_the_width():
    assert sql_files()
    wrong = [
        f"{name_of(path)}:{number}"
        for path in sql_files()
        for number, line in enumerate(path.read_text().split("\n"), start=1)
        if "\t" in line or "\r" in line or line != line.rstrip() or len(line) > MAX_COLUMNS
    ]
    report(wrong)


def test_files_end_with_one_newline():
    texts = {name_of(path): path.read_text() for path in sql_files()}
    report(n for n, text in texts.items() if not text.endswith("\n") or text.endswith("\n\n"))


def test_everything_but_strings_and_comments_is_lower_case():
    wrong = [
        f"{name_of(path)}:{number} {word}"
        for path in sql_files()
        for number, line in enumerate(blank_out(path.read_text()).split("\n"), start=1)
        for word in re.findall(r"\w*[A-Z]\w*", line)
    ]
    report(wrong)


def test_a_file_defines_one_object_and_is_named_after_it():
    wrong = []
    for path, kinds in defining_files():
        if "pgmq.create(" in path.read_text():
            continue  # a table that pgmq defines
        found = [m for m in DEFINITION.finditer(blank_out(path.read_text())) if m[2] in kinds]
        if [match[4] for match in found] != [path.stem]:
            wrong.append(f"{name_of(path)} defines {', '.join(match[4] for match in found)}")
    report(wrong)


def test_code_is_defined_so_that_it_can_be_loaded_again():
    wrong = [
        name_of(path)
        for path, kinds in defining_files()
        if not kinds & {"table", "type"}
        for match in DEFINITION.finditer(blank_out(path.read_text()))
        if match[2] in kinds and not match[1]
    ]
    report(wrong)


def test_every_object_has_a_comment_in_its_file():
    wrong = []
    for path, kinds in defining_files():
        text = blank_out(path.read_text())
        defined = {(m[3], m[4]) for m in DEFINITION.finditer(text) if m[2] in kinds}
        commented = {(match[2], match[3]) for match in COMMENT.finditer(text)}
        if not kinds & {"type", "trigger"} and defined - commented:
            wrong.append(name_of(path))
    report(wrong)


def test_functions_are_short():
    files = [path for path, kinds in defining_files() if "function" in kinds]
    lengths = {name_of(path): path.read_text().count("\n") for path in files}
    report(f"{name} has {length}" for name, length in lengths.items() if length > MAX_LINES)
    assert median(lengths.values()) <= USUAL_LINES


def test_a_manifest_lists_every_file_below_it_once():
    manifests = list((ROOT / "sql").rglob("install.sql"))
    manifests.sort(key=lambda path: len(path.parts), reverse=True)
    left = set((ROOT / "sql").rglob("*.sql")) - set(manifests)
    for manifest in manifests:
        listed = [manifest.parent / source.name for source in read_sources(manifest)]
        below = {path for path in left if path.is_relative_to(manifest.parent)}
        report(f"not listed: {name_of(path)}" for path in sorted(below - set(listed)))
        report(f"listed twice: {name_of(path)}" for path in listed if listed.count(path) > 1)
        left -= below


def test_nothing_is_defined_after_owners_have_been_set():
    names = [source.name for source in read_manifest().sources]
    report(name for name in names[names.index("ownership.sql") :] if "/" in name)
