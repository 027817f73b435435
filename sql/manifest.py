"""Reads the manifest `sql/install.sql` and the list of frozen migrations."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

INCLUDE = re.compile(r"\\ir\s+(\S+)\s*")
IGNORED = re.compile(r"\s*(--.*|\\set\s.*|\\echo\b.*|begin;|commit;)?\s*")
FROZEN = re.compile(r"([0-9a-f]{64})\s+(\S+)")


class MigrateError(Exception):
    """Something that a person must put right; the message says what."""


@dataclass(frozen=True)
class Source:
    """One file that the manifest names; `name` is its path below sql/."""

    name: str
    text: str

    @property
    def folder(self) -> str:
        """The first part of the path: functions, tables, views, … (empty at the top)."""
        return self.name.split("/")[0] if "/" in self.name else ""

    @property
    def stem(self) -> str:
        """The name of the object that the file defines."""
        return Path(self.name).stem

    @property
    def digest(self) -> str:
        """A hash of the file's text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def is_stored(self) -> bool:
        """Whether it belongs to the migrations: tables and types are there in full, too."""
        return self.folder in ("tables", "types")

    @property
    def is_function(self) -> bool:
        """Whether it defines a function or procedure."""
        return self.folder == "functions"

    @property
    def is_grant(self) -> bool:
        """Whether it sets what follows from all code: owners, privileges, captures."""
        return self.name in ("ownership.sql", "grants.sql", "captures.sql")


@dataclass(frozen=True)
class Manifest:
    """The files of sql/install.sql, in loading order."""

    sources: tuple[Source, ...]

    @cached_property
    def ground(self) -> list[Source]:
        """What comes before the first table: roles, schemas and what column defaults call."""
        first = next((i for i, s in enumerate(self.sources) if s.is_stored), len(self.sources))
        return list(self.sources[:first])

    @cached_property
    def code(self) -> list[Source]:
        """What is reloaded after migrations: all but roles, schemas, types and tables."""
        base = {s.name for s in self.ground if not s.is_function}
        return [s for s in self.sources if not s.is_stored and s.name not in base]

    @cached_property
    def digest(self) -> str:
        """A hash of everything that is not in the migrations, order included."""
        text = "\n".join(f"{s.name} {s.digest}" for s in self.sources if not s.is_stored)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_manifest(root: Path = ROOT) -> Manifest:
    """Read sql/install.sql and every file that it names."""
    return Manifest(tuple(read_sources(root / "sql/install.sql")))


def read_sources(path: Path) -> list[Source]:
    """Read the files that a manifest names, in its order."""
    sources = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if match := INCLUDE.fullmatch(line):
            sources.append(Source(match[1], read_text(path.parent / match[1])))
        elif not IGNORED.fullmatch(line):
            raise MigrateError(
                f"{path}, line {number}: only \\ir lines and comments belong here: {line}"
            )
    return sources


def check_frozen(root: Path = ROOT) -> None:
    """Raise unless every released migration still reads as it was released."""
    folder = root / "migrations"
    for number, line in enumerate(read_text(folder / "frozen.txt").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if not (match := FROZEN.fullmatch(line.strip())):
            raise MigrateError(f"migrations/frozen.txt, line {number}: not `<sha256> <file>`")
        digest = hashlib.sha256(read_text(folder / match[2]).encode()).hexdigest()
        if digest != match[1]:
            raise MigrateError(
                f"migrations/{match[2]} was released and must not change: "
                "undo the edit and write a new migration"
            )


def read_text(path: Path) -> str:
    """The text of a file that must be there."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise MigrateError(f"cannot read {path}: {error.strerror}") from error
