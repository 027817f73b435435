"""Conditions about time and change, the trace, names, expressions and who may call."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.condition_tools import ERROR, NOW, check, clone_template, compile_all, evaluate, leaf

db = pytest.fixture(scope="module")(clone_template)

EXPLAIN = """
    select pointer, field, operator, left_value, right_value, result, reason, condition
    from automation.explain_condition(%s, %s, %s, %s)
"""


def explain(db, condition, row, old=None):
    """The rows of the trace."""
    parameters = [json.dumps(condition), json.dumps(row), old and json.dumps(old), NOW]
    return db.execute(EXPLAIN, parameters).fetchall()


def reference(db, text, mode="row", roots=()):
    """The path, what it reads, and the error of a name."""
    query = "select r.* from automation_private.resolve_reference(%s, %s, %s) as r"
    return db.execute(query, (text, mode, list(roots))).fetchone()


def test_dates_and_local_times_belong_to_the_zone(db):
    london, cairo, new_york = "Europe/London", "Africa/Cairo", "America/New_York"
    check(
        db,
        [
            ("x on '2025-06-18'", {"x": "2025-06-17T23:30:00Z"}, None, london, True),
            ("x on '2025-06-18'", {"x": "2025-06-17T23:30:00Z"}, None, "UTC", False),
            ("x = '2025-06-18'", {"x": "2025-06-18T00:00"}, None, "UTC", False),
            ("x >= '2025-06-18'", {"x": "2025-06-17T23:00:00Z"}, None, london, True),
            ("x < '2025-06-18T09:00'", {"x": "2025-06-18T08:59:00+01:00"}, None, london, True),
            ("x > '2025-06-18T09:00'", {"x": "2025-06-18T09:00:00.000001"}, None, cairo, True),
            ("now time_between ('15:00', '16:00')", {}, None, cairo, True),
            ("now time_between ('08:00', '09:00')", {}, None, new_york, True),
            ("now day_of_week ('thu')", {}, None, "Pacific/Auckland", True),
            (leaf("x", "eq", {"field": "y"}, type="date"),
                {"x": "2025-06-18", "y": "2025-06-18T01:00:00Z"}, None, london, True),
            (leaf("x", "lt", {"field": "y"}, type="timestamp"),
                {"x": "2025-06-18T10:00+02:00", "y": "2025-06-18T08:00:01Z"}, None, london, True),
            (leaf("x", "in", ["2025-06-17", "2025-06-18"], type="date"), {"x": NOW}, None, london,
                True),
        ],
    )  # fmt: skip


def test_days_are_calendar_time_and_hours_elapse(db):
    spring, summer = "2025-03-30T12:00:00+00:00", "2025-03-31T12:00:00+01:00"
    query = "select automation.evaluate_condition(%s, %s, null, %s, 'Europe/London')"
    for condition, at, as_of, expected in (
        ("x >= now - 1d", "2025-03-29T13:00:00Z", "2025-03-30T13:00:00+01:00", True),
        ("x > now - 24h", "2025-03-29T12:00:00Z", "2025-03-30T13:00:00+01:00", False),
        ("x < now - 23h", "2025-03-29T13:00:00Z", "2025-03-30T13:00:00+01:00", False),
        ("x = now - 1d", "2025-03-30T12:00:00+01:00", summer, True),
        ("x within_last 1d", spring, summer, True),
        ("x = now - 'P1M'", "2025-02-28T12:00:00Z", summer, True),
        ("x on '2025-02-28'", "2025-02-28T12:00:00Z", summer, True),
        ("x older_than 'P1M'", "2025-02-28T12:00:00Z", summer, True),
        ("x is_anniversary", "2024-02-29", "2025-02-28T12:00:00Z", True),
        ("x is_anniversary", "2024-02-29", "2028-02-28T12:00:00Z", False),
        ("x is_anniversary", "2024-02-29", "2028-02-29T12:00:00Z", True),
        ("x is_anniversary", "2025-02-28", "2025-02-28T12:00:00Z", False),
    ):
        got = db.execute(query, (json.dumps(condition), json.dumps({"x": at}), as_of)).fetchone()
        assert got[0] is expected, (condition, at, as_of)


def test_the_clock_is_read_when_no_instant_is_given(db):
    query = "select automation.evaluate_condition('\"x within_last 1h\"', %s)"
    now = db.execute("select to_jsonb(automation_private.clock() at time zone 'UTC')").fetchone()[0]
    assert db.execute(query, (json.dumps({"x": now}),)).fetchone()[0] is True
    assert db.execute(query, (json.dumps({"x": "2020-01-01"}),)).fetchone()[0] is False


def test_changes_compare_with_the_old_row(db):
    check(
        db,
        [
            ("x changed", {"x": 1}, {"x": 1.0}, False),
            ("x changed", {"x": 1}, {"x": "1"}, True),
            ("x changed", {"x": {"a": [1, 2.0]}}, {"x": {"a": [1.0, 2]}}, False),
            ("x changed", {"x": None}, {}, False),
            ("x changed", {"x": 1}, None, True),
            ("x changed", {}, {"x": 1}, True),
            (leaf("x", "changed", type="number"), {"x": "1.0"}, {"x": "1"}, False),
            (leaf("x", "changed", type="number"), {"x": "one"}, {"x": "1"}, ERROR),
            ("x changed_to 'a'", {"x": "a"}, None, True),
            ("x changed_to 'a'", {"x": "a"}, {"x": "a"}, False),
            ("x changed_to 'a'", {"x": "a"}, {"x": 5}, True),
            ("x changed_from 'a'", {"x": "b"}, {"x": "a"}, True),
            ("x changed_from 'a'", {}, {"x": "a"}, True),
            ("x changed_from 'a'", {"x": "b"}, None, False),
            ("x changed_to y", {"x": "b", "y": "b"}, {"x": "a", "y": "a"}, True),
            ("x increased_by 5", {"x": 10}, {"x": 5}, True),
            ("x increased_by 5", {"x": 10}, None, False),
            ("x increased_by 5", {"x": 10}, {"x": "5"}, ERROR),
            ("x increased_by_pct 20", {"x": 12}, {"x": 10}, True),
            ("x increased_by_pct 20", {"x": -8}, {"x": -10}, True),
            ("x increased_by_pct 20", {"x": 12}, {"x": 0}, False),
            ("x decreased_by_pct 20", {"x": 8}, {"x": 10}, True),
            ("x change_pct 20", {"x": 8}, {"x": 10}, True),
            ("old.x = 'a' and x = 'b'", {"x": "b"}, {"x": "a"}, True),
            ("changed contains 'x'", {"x": "b", "y": 1}, {"x": "a", "y": 1}, True),
            ("changed contains 'y'", {"x": "b", "y": 1}, {"x": "a", "y": 1}, False),
        ],
    )


def test_arithmetic_needs_values_and_never_divides_by_zero(db):
    check(
        db,
        [
            ("x / y > 0.8", {"x": 9, "y": 10}, True),
            ("x / y > 0.8", {"x": 9, "y": 0}, ERROR),
            ("x / y > 0.8", {"x": 9}, ERROR),
            ("x + 1 != 3", {"x": None}, ERROR),
            ("x + 1 > y", {"x": 1}, False),
            ("x >= y * 2 - 1", {"x": 5, "y": 3}, True),
            ("(x + y) * 2 = 10", {"x": 2, "y": 3}, True),
            ("0.1 + x = 0.3", {"x": 0.2}, True),
            ("x + y in (5, 6)", {"x": 2, "y": 3}, True),
            ("-x between 1 and 3", {"x": -2}, True),
            ("x + 1 > 2", {"x": "2"}, ERROR),
        ],
    )


def test_the_trace_shows_every_leaf_with_its_values_and_a_reason(db):
    rows = explain(
        db,
        "roi > 200 and (status = 'draft' or not verified) and owner != 'me'",
        {"roi": 100, "status": "draft", "verified": "yes"},
    )
    assert rows == [
        ("", None, None, None, None, False, "no_match",
            "roi > 200 and (status = 'draft' or not verified is true) and owner != 'me'"),
        ("/all/0", "roi", "gt", 100, 200, False, "no_match", "roi > 200"),
        ("/all/1/any/0", "status", "eq", "draft", "draft", True, "match", "status = 'draft'"),
        ("/all/1/any/1/not", "verified", "is_true", "yes", None, None, "type_mismatch",
            "verified is true"),
        ("/all/2", "owner", "neq", None, "me", True, "missing", "owner != 'me'"),
    ]  # fmt: skip


def test_reasons_say_why_a_leaf_came_out_so(db):
    old = {"x": 0}
    for condition, row, reason in (
        ("x = 5", {"x": 5}, "match"),
        ("x = 5", {"x": 6}, "no_match"),
        ("x = 5", {}, "missing"),
        ("x = y", {"x": 5}, "missing"),
        ("x = 5", {"x": "5"}, "type_mismatch"),
        ("x in (1, 2)", {"x": 3}, "not_in_list"),
        ("x not in (1, 2)", {"x": 1}, "in_list"),
        ("x is set", {}, "no_match"),
        ("x > '2025-01-01'", {"x": "soon"}, "not_a_timestamp"),
        (leaf("x", "gt", 5, type="number"), {"x": "five"}, "not_a_number"),
        (leaf("x", "gt", "low", rank=["low", "high"]), {"x": "huge"}, "not_ranked"),
        ("x / y > 1", {"x": 5, "y": 0}, "division_by_zero"),
        ("x / y > 1", {"x": 5}, "missing"),
        ("x / y > 1", {"x": 5, "y": "0"}, "type_mismatch"),
        ("x increased_by_pct 5", {"x": 5}, "no_baseline"),
        ("x within_last 7d", {}, "missing"),
        ("x length_gt 5", {"x": "abc"}, "no_match"),
    ):
        assert explain(db, condition, row, old)[1][6] == reason, (condition, row)
    right = explain(db, "x > now - 1d and x < y + 1", {"x": NOW, "y": 2})
    assert [row[4] for row in right[1:]] == ["2025-06-17T12:00:00", 3]


def test_names_resolve_by_mode(db):
    step = ("step", ["lead"])
    assert [reference(db, *arguments) for arguments in (
        ("roi", *step), ("roi",), ("steps.score.value", *step), ("status.score", *step),
        ("trigger.post_id", *step), ("trigger.type", *step), ("lead.name", *step), ("old.roi",),
        ("a.b[0]['it''s \\\"x\\\"'][].c",), ("changed",), ("حملة.é",), ("new['']",),
    )] == [
        ('$."vars"."roi"', "vars", None),
        ('$."new"."roi"', "new", None),
        ('$."steps"."score"."value"', "steps.score", None),
        ('$."status"."score"', "status.score", None),
        ('$."trigger"."new"."post_id"', "trigger", None),
        ('$."trigger"."type"', "trigger", None),
        ('$."lead"."name"', "lead", None),
        ('$."old"."roi"', "old", None),
        ('$."new"."a"."b"[0]."it\'s \\"x\\""[*]."c"', "new", None),
        ('$."trigger"."changed"', "trigger", None),
        ('$."new"."حملة"."é"', "new", None),
        ('$."new".""', "new", None),
    ]  # fmt: skip
    for text in ("", "a..b", "a[-1]", "a.1", "a b", "a[", 'a["\\q"]', "a[9999999999]", "a" * 2000):
        assert reference(db, text)[2].endswith('is not a path such as a.b[0]["odd key"]'), text
    assert reference(db, None)[:2] == (None, None)
    assert "needs the id of a step" in reference(db, "steps", "step")[2]
    assert "at most 16 parts" in reference(db, ".".join("a" * 17))[2]


def test_compiled_conditions_say_what_they_read_and_need(db):
    rows = compile_all(
        db,
        [
            "roi > input.limit and steps.score.value = 1 and lead.tier = 'a' and due < now",
            "trigger.price changed and status.score = 'failed' and org.timezone = run.name",
        ],
        mode="step",
        roots=["lead"],
    )
    assert [row[3] for row in rows] == [
        ["input", "lead", "steps.score", "vars"],
        ["org", "run", "status.score", "trigger"],
    ]
    assert [len(row[2] or []) for row in rows] == [2, 1]
    plain = compile_all(
        db, ["roi > 200 and tags contains 'x' and a + b > old.c and d increased_by 1"]
    )
    assert plain[0][2] is None


def test_expressions_give_one_value_or_none(db):
    query = """
        select jsonb_path_query_first(%s, e.path, '{}', true), e.errors -> 0 ->> 'message', e.reads
        from automation_private.compile_expression(%s, 'step', '{}', '/values/x') as e
    """
    doc = json.dumps({"vars": {"score": 5, "name": "x", "list": [1, 2]}, "input": {"n": 2}})
    for text, value, reads in (
        ("score + 10", 15, ["vars"]), ("vars.score * (input.n - 4)", -10, ["input", "vars"]),
        ("name", "x", ["vars"]), ("list", [1, 2], ["vars"]), ("'it''s'", "it's", []),
        ("-score / 2", -2.5, ["vars"]), ("missing + 1", None, ["vars"]), ("1 / 0", None, []),
        ("name + 1", None, ["vars"]), ("true", True, []), ("null", None, []),
    ):  # fmt: skip
        assert db.execute(query, (doc, text)).fetchone() == (value, None, reads), text
    for text, message in (
        ("", "line 1, column 1: expected a field"),
        ("score > 1", "expected a value such as score + 10, found a condition"),
        ("score +", "line 1, column 8: expected a field"),
        ("now - 7d", "now cannot stand in an expression"),
        ("score + 'x'", '"x" cannot stand in arithmetic'),
        (None, "expected an expression"),
    ):
        assert message in db.execute(query, (doc, text)).fetchone()[1], text


def test_wrong_arguments_are_refused(db):
    for arguments, code in (
        (('"a"', "5"), "MA001"),
        (('"a"', "{}", "[]"), "MA001"),
        (('"a"', "{}", None, None, "Mars/Olympus"), "MA001"),
        (('"a"', "{}", None, None, None), "MA001"),
        ((None, "{}"), "MA201"),
        (('"a >"', "{}"), "MA201"),
    ):
        for function in ("evaluate", "explain"):
            places = ", ".join(["%s"] * len(arguments))
            with pytest.raises(psycopg.Error) as raised:
                db.execute(f"select automation.{function}_condition({places})", arguments)
            assert raised.value.sqlstate == code, arguments
    assert evaluate(db, [("a is not set", None)]) == [True]


def test_every_client_may_evaluate_and_explain(database):
    for login in ("svc_a", "app_backend"):
        client = database.connect(login)
        query = "select automation.evaluate_condition('\"roi > 200\"', '{\"roi\": 300}')"
        assert client.execute(query).fetchone()[0] is True
        assert len(explain(client, "roi > 200", {"roi": 300})) == 2
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.connect("stranger").execute(query)
