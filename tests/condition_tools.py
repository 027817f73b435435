"""What the tests of conditions share: many conditions evaluated or compiled in one statement."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.shared import shared_database

NOW = "2025-06-18T12:00:00Z"  # a Wednesday
ERROR = None
QUICK = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # to shrink an example takes minutes
    suppress_health_check=[HealthCheck.too_slow],
)

EVALUATE = """
    select array(
        select automation.evaluate_condition(
            c.value -> 0, c.value -> 1, c.value -> 2, %s, coalesce(c.value ->> 3, 'UTC')
        )
        from jsonb_array_elements(%s::jsonb) with ordinality as c (value, at)
        order by c.at
    )
"""
EVALUATE_EACH = """
    with compiled as materialized (
        select c.at, d.path, d.derived
        from jsonb_array_elements(%s::jsonb) with ordinality as c (value, at),
            automation_private.compile_condition(c.value, 'row') as d
    )
    select array_agg(
        jsonb_path_match(
            doc, c.path, automation_private.condition_vars(c.derived, doc, %s, 'UTC'), true
        ) order by c.at, r.at
    )
    from compiled as c,
        jsonb_array_elements(%s::jsonb) with ordinality as r (value, at),
        automation_private.condition_document(r.value, '{"x": 1}') as doc
"""
COMPILE = """
    select d.tree, d.path::text, d.derived, d.reads, d.errors
    from jsonb_array_elements(%s::jsonb) with ordinality as c (value, at),
        automation_private.compile_condition(c.value, %s, %s) as d
    order by c.at
"""


def clone_template(kind: str, request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    """A clone that a whole module can share: a condition changes nothing."""
    with shared_database(request, kind, "conditions") as database:
        yield database.connect()


def evaluate(db: psycopg.Connection, cases: list[tuple]) -> list[bool | None]:
    """The results of (condition, row[, old row[, timezone]]) cases."""
    return db.execute(EVALUATE, (NOW, json.dumps(cases))).fetchone()[0]


def evaluate_each(db, conditions, rows) -> list[bool | None]:
    """The results of every condition about every row."""
    parameters = (json.dumps(conditions), NOW, json.dumps(rows))
    return db.execute(EVALUATE_EACH, parameters).fetchone()[0]


def compile_all(db, conditions, mode="row", roots=()):
    """The compiled form of each condition."""
    return db.execute(COMPILE, (json.dumps(conditions), mode, list(roots))).fetchall()


def trees(db, conditions, mode="row"):
    """The canonical tree of each condition; the test fails when one is invalid."""
    compiled = compile_all(db, conditions, mode)
    assert [row[4] for row in compiled if row[4]] == []
    return [row[0] for row in compiled]


def check(db, cases: list[tuple]) -> None:
    """Compare (condition, row, …, expected) cases with what they give."""
    results = evaluate(db, [case[:-1] for case in cases])
    wrong = [
        f"{json.dumps(case[:-1], ensure_ascii=False)} gives {got}, not {case[-1]}"
        for case, got in zip(cases, results, strict=True)
        if got is not case[-1]
    ]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def leaf(field, op, *value, **options):
    """A leaf of the tree form."""
    return {"field": field, "op": op, **({"value": value[0]} if value else {}), **options}
