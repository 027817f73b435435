"""The JSON Schema subset that an action's config is checked against, and the check of schemas."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.types.json import Jsonb

MAIL: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["to", "subject"],
    "properties": {
        "to": {"type": ["string", "array"], "items": {"type": "string", "format": "email"},
               "minItems": 1, "maxItems": 3},
        "subject": {"type": "string", "minLength": 1, "maxLength": 10,
                    "description": "the line that people see first"},
        "text": {"type": "string"},
        "html": {"type": "string"},
        "priority": {"enum": ["low", "normal", "high", 1, None]},
        "copies": {"type": "integer", "minimum": 1, "maximum": 5},
        "link": {"format": "uri"},
        "send_at": {"format": "date-time"},
        "tag": {"pattern": "^[A-Z]{2}$"},
        "version": {"const": 2},
        "headers": {"additionalProperties": {"type": "string"}},
        "body": {"oneOf": [
            {"type": "string"},
            {"type": "object", "required": ["a"]},
            {"type": "object", "required": ["b"]},
        ]},
    },
    "anyOf": [{"required": ["text"]}, {"required": ["html"]}],
}  # fmt: skip
GOOD = {"to": "ann@example.org", "subject": "Hi", "text": "…"}


def errors_of(
    db: psycopg.Connection, schema: Any, value: Any, pointer: str = "", templated: bool = False
) -> list[dict[str, str]] | None:
    row = db.execute(
        "select automation_private.check_json_schema(%s, %s, %s, %s)",
        [Jsonb(schema), Jsonb(value), pointer, templated],
    ).fetchone()
    assert row
    return row[0]


def schema_errors(db: psycopg.Connection, schema: Any) -> list[dict[str, str]] | None:
    row = db.execute(
        "select automation_private.check_schema_document(%s)", [Jsonb(schema)]
    ).fetchone()
    assert row
    return row[0]


def test_values_that_fit(db):
    table = [
        {},
        {"to": ["ann@example.org", "bob@mail.example.org"], "copies": 3.0},
        {"priority": None, "link": "https://example.org/a?b=c#d", "tag": "AB", "version": 2.0},
        {"priority": 1, "send_at": "2026-03-01T09:30:00Z", "headers": {"x": "y"}},
        {"send_at": "2026-03-01T09:30:00.5+03:00", "body": "text"},
        {"body": {"a": 1}},
    ]
    assert [c for c in table if errors_of(db, MAIL, GOOD | c) is not None] == []


def test_each_violation_is_told_in_plain_words(db):
    table = [
        ({"subject": 5}, "/subject", "type", "must be text, not 5"),
        ({"to": True}, "/to", "type", "must be text or a list, not true or false"),
        ({"copies": 1.5}, "/copies", "type", "must be a whole number, not 1.5"),
        ({"copies": "2"}, "/copies", "type", "must be a whole number, not text"),
        ({"copies": 0}, "/copies", "minimum", "at least 1"),
        ({"copies": 6}, "/copies", "maximum", "at most 5"),
        ({"subject": ""}, "/subject", "min_length", "must not be empty"),
        ({"subject": "x" * 11}, "/subject", "max_length", "at most 10 characters, not 11"),
        ({"to": []}, "/to", "min_items", "at least 1"),
        ({"to": ["a@b.cd"] * 4}, "/to", "max_items", "at most 3"),
        ({"to": ["a@b.cd", "ann"]}, "/to/1", "format", "ann@example.org"),
        ({"to": ["a@b.cd", 7]}, "/to/1", "type", "must be text"),
        ({"link": "example"}, "/link", "format", "https://"),
        ({"send_at": "2026-02-30T00:00:00Z"}, "/send_at", "format", "2026-03-01T09:30:00Z"),
        ({"send_at": "2026-03-01"}, "/send_at", "format", "date and time"),
        ({"tag": "ab"}, "/tag", "pattern", "form"),
        ({"version": 3}, "/version", "const", "must be 2"),
        ({"priority": "hihg"}, "/priority", "enum", 'did you mean "high"?'),
        ({"priority": False}, "/priority", "enum", "known are low, normal, high, 1"),
        ({"headers": {"a/b": 1}}, "/headers/a~1b", "type", "must be text"),
        ({"subjet": "x"}, "/subjet", "unknown_key", 'did you mean "subject"?'),
        ({"body": {"a": 1, "b": 2}}, "/body", "many_alternatives", "more than one"),
        ({"body": {}}, "/body", "no_alternative", 'text, not an object, or "a" is missing, or "b"'),
    ]
    for change, pointer, code, words in table:
        (error,) = errors_of(db, MAIL, GOOD | change, "/config") or [{}]
        assert (error["pointer"], error["code"]) == ("/config" + pointer, code), change
        assert words in error["message"] + error.get("hint", ""), change


def test_all_violations_are_listed_at_once(db):
    errors = errors_of(db, MAIL, {"to": 1, "copies": 9, "colour": "red"}, "/c") or []
    assert {(e["pointer"], e["code"]) for e in errors} == {
        ("/c/subject", "required"),
        ("/c/to", "type"),
        ("/c/copies", "maximum"),
        ("/c/colour", "unknown_key"),
        ("/c", "no_alternative"),
    }
    missing = next(e for e in errors if e["code"] == "required")
    assert missing["message"] == '"subject" is missing'
    assert missing["hint"] == "the line that people see first"
    assert len(errors_of(db, {"items": {"type": "string"}}, list(range(5000))) or []) == 100


def test_a_template_fits_wherever_its_value_is_not_yet_known(db):
    open_value = {
        "to": ["{{ a }}"], "subject": "Dear {{name}}, long", "copies": "{{n}}", "version": "{{v}}",
        "priority": "{{p}}", "text": "x", "body": {"a": "{{x}}", "b": 1}, "tag": "{{t}}",
    }  # fmt: skip
    assert errors_of(db, MAIL, open_value, templated=True) is None
    assert errors_of(db, MAIL, "{{everything}}", templated=True) is None
    assert errors_of(db, MAIL, GOOD | {"copies": "{{n}}"}) is not None
    keys = errors_of(db, MAIL, GOOD | {"{{key}}": 1, "copies": "two"}, templated=True) or []
    assert {e["code"] for e in keys} == {"unknown_key", "type"}


def test_a_schema_that_makes_no_sense_is_refused(db):
    table: list[tuple[Any, str, str]] = [
        ([], "", "must be an object"),
        (None, "", "must be an object"),
        ({"propertis": {}}, "/propertis", "properties"),
        ({"type": "strin"}, "/type", "strin"),
        ({"type": ["string", "text"]}, "/type", "text"),
        ({"type": []}, "/type", "at least 1"),
        ({"properties": {"a": {"minimum": "1"}}}, "/properties/a/minimum", "a number"),
        ({"properties": {"a/b": {"items": []}}}, "/properties/a~1b/items", "an object"),
        ({"properties": {"a": 5}}, "/properties/a", "an object"),
        ({"anyOf": [{"maxLength": -1}]}, "/anyOf/0/maxLength", "at least 0"),
        ({"oneOf": []}, "/oneOf", "at least 1"),
        ({"enum": []}, "/enum", "at least 1"),
        ({"format": "phone"}, "/format", "known are uri, email, date-time"),
        ({"pattern": "(a"}, "/pattern", "cannot be compiled"),
        ({"pattern": r"(a)\1"}, "/pattern", "back-references"),
        ({"$ref": "#/x"}, "/$ref", "unknown key"),
        ({"additionalProperties": False, "required": ["too"]}, "/required", "no property"),
    ]  # fmt: skip
    for schema, pointer, words in table:
        errors = schema_errors(db, schema) or []
        assert [e["pointer"] for e in errors] == [pointer], schema
        assert words in errors[0]["message"] + errors[0].get("hint", ""), schema


def test_schemas_are_bounded(db):
    deep: dict[str, Any] = {}
    for _ in range(40):
        deep = {"items": deep}
    assert {e["code"] for e in schema_errors(db, deep) or []} == {"too_deep"}
    assert (schema_errors(db, {"enum": ["x" * 70_000]}) or [{}])[0]["code"] == "too_large"


def test_good_schemas_pass_with_extensions_of_their_own(db):
    assert schema_errors(db, MAIL) is None
    assert schema_errors(db, {}) is None
    assert schema_errors(db, {"x-secret": True, "properties": {"x-y": {"title": "t"}}}) is None
