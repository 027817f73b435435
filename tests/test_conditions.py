"""Conditions give true, false or error, and what each operator means."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.condition_tools import (
    ERROR,
    NOW,
    QUICK,
    check,
    clone_template,
    evaluate,
    evaluate_each,
    leaf,
)

db = pytest.fixture(scope="module")(clone_template)

# Per operator: a leaf about x, a value that meets it, one that does not, one of a wrong type, and
# its result on no value.
OPERATORS = [
    (leaf("x", "eq", 5), 5.0, 6, "5", False),
    (leaf("x", "eq", "a"), "a", "A", 5, False),
    (leaf("x", "eq", True), True, False, "true", False),
    (leaf("x", "neq", 5), 6, 5, "6", True),
    (leaf("x", "lt", 5), 4, 5, "4", False),
    (leaf("x", "lte", 5), 5, 6, True, False),
    (leaf("x", "gt", 5), 6, 5, {}, False),
    (leaf("x", "gte", 5), 5, 4, "x", False),
    (leaf("x", "gte", "mid", rank=["low", "mid", "high"]), "high", "low", "none", False),
    (leaf("x", "between", [1, 5]), 5, 5.1, "3", False),
    (leaf("x", "not_between", [1, 5]), 0, 1, "0", True),
    (leaf("x", "in", ["a", "b"]), "b", "c", 1, False),
    (leaf("x", "not_in", ["a", "b"]), "c", "b", 1, True),
    (leaf("x", "contains", "vip"), "a vip!", "v.i.p", 5, False),
    (leaf("x", "contains", "vip"), ["vip"], ["vips"], {"vip": 1}, False),
    (leaf("x", "contains", 5), [5], [6], "5", False),
    (leaf("x", "not_contains", "vip"), "v", "vip", 5, True),
    (leaf("x", "contains_any", ["a", "b"]), "xb", "xc", 5, False),
    (leaf("x", "contains_any", list("abcdef")), ["f"], ["g"], True, False),
    (leaf("x", "not_contains_any", ["a", "b"]), "c", "a", 5, True),
    (leaf("x", "contains_all", ["a", "b"]), ["b", "a"], ["a"], 5, False),
    (leaf("x", "starts_with", "a%"), "a%b", "aab", 5, False),
    (leaf("x", "not_starts_with", "a"), "b", "a", 5, True),
    (leaf("x", "ends_with", "."), "a.", "ab", 5, False),
    (leaf("x", "not_ends_with", "."), "ab", "a.", 5, True),
    (leaf("x", "matches", "^a[0-9]+$"), "a12", "ab", 5, False),
    (leaf("x", "not_matches", "^a"), "b", "a", 5, True),
    (leaf("x", "length_eq", 3), "äöü", "ab", 3, False),
    (leaf("x", "length_lt", 2), [1], [1, 2], {}, False),
    (leaf("x", "length_lte", 2), [1, 2], "abc", 1, False),
    (leaf("x", "length_gt", 2), "abc", [1, 2], True, False),
    (leaf("x", "length_gte", 2), [1, 2], "a", 2, False),
    (leaf("x", "is_true"), True, False, 1, False),
    (leaf("x", "is_false"), False, True, 0, False),
    (leaf("x", "before", "2025-06-01"), "2025-05-31T23:59:59Z", "2025-06-01", "soon", False),
    (leaf("x", "after", "2025-06-01"), "2025-06-01 00:00:01", "2025-06-01", 5, False),
    (leaf("x", "on", "2025-06-01"), "2025-06-01T23:59:59.9Z", "2025-06-02", "June", False),
    (leaf("x", "on_or_before", "2025-06-01"), "2025-06-01T23:00Z", "2025-06-02", "?", False),
    (leaf("x", "on_or_after", "2025-06-01"), "2025-06-01", "2025-05-31", True, False),
    (leaf("x", "gt", "2025-06-01T00:00:00Z"), "2025-06-02", "2025-06-01", "x", False),
    (leaf("x", "gt", {"now": "-7d"}), "2025-06-18", "2025-06-11", "x", False),
    (leaf("x", "within_last", "7d"), NOW, "2025-06-11T12:00:00Z", "x", False),
    (leaf("x", "not_within_last", "7d"), "2025-06-18T12:00:01Z", NOW, "x", True),
    (leaf("x", "within_next", "7d"), "2025-06-25T12:00:00Z", NOW, "x", False),
    (leaf("x", "older_than", "7d"), "2025-06-11T12:00:00Z", "2025-06-11T12:00:01Z", "x", False),
    (leaf("x", "day_of_week", ["wed", 7]), "2025-06-18", "2025-06-19", "wed", False),
    (leaf("x", "time_between", ["09:00", "17:00"]), "2025-06-18T09:00Z", "2025-06-18", "9", False),
    (
        leaf("x", "time_between", ["22:00", "06:00"]),
        "2025-06-18T05:59Z",
        "2025-06-18T06:00",
        9,
        False,
    ),
    (leaf("x", "day_of_week", ["wed"], type="timestamp"), NOW, "2025-06-19", 3, False),
    (leaf("x", "is_business_day"), "2025-06-20", "2025-06-21", "Friday", False),
    (leaf("x", "is_anniversary"), "2020-06-18", "2020-06-19", "x", False),
    (leaf("x", "eq", "ÉCOLE", ci=True), "école", "ecole", 5, False),
    (leaf("x", "contains", "vip", ci=True), "A VIP", "v", 5, False),
    (leaf("x", "gt", 5, type="number"), "5.5", "5", "1,000", False),
    (leaf("x", "eq", NOW, type="timestamp"), "2025-06-18T14:00+02:00", "2025-06-18", "", False),
    (leaf("x", "eq", "2025-06-18", type="date"), NOW, "2025-06-17", "2025-02-30", False),
    (leaf("x", "changed_to", "a"), "a", "b", 5, False),
    (leaf("x", "increased_by", 5), 105, 104, "x", False),
    (leaf("x", "decreased_by", 5), 95, 96, "x", False),
    (leaf("x", "increased_by_pct", 20), 120, 119, "x", False),
    (leaf("x", "decreased_by_pct", 20), 80, 81, "x", False),
]
NEGATIVES = {
    "neq": "eq", "not_between": "between", "not_in": "in", "not_contains": "contains",
    "not_contains_any": "contains_any", "not_starts_with": "starts_with",
    "not_ends_with": "ends_with", "not_matches": "matches", "not_within_last": "within_last",
    "is_not_set": "is_set", "is_not_empty": "is_empty",
}  # fmt: skip
HOSTILE = [
    None, True, False, 0, -0.0, 1, 10**37, -(10**38), 1e308, 5e-324, "", " \n", "0", "NaN",
    "Infinity", "-inf", "1e130000", "0x10", "1,000", "99999-01-01", "2025-02-29", "0000-01-01",
    "2025-06-18T24:00:00Z", "2025-06-18T12:00:00+99:00", "\u0085", "\ufeff", "\U0001f600",
    "a\\b\"c'", "x" * 300,
    [], {}, [[]], [None], [None, 5, "a"], [[5]], [{}], {"x": {"x": 5}}, ["a", "b"], [True, 5],
]  # fmt: skip


def test_operators_give_true_false_and_error_by_value(db):
    cases = []
    for condition, meets, fails, mismatch, _ in OPERATORS:
        old = {"x": 100} if "creased" in condition["op"] else {}
        cases += [
            (condition, {"x": meets}, old, True),
            (condition, {"x": fails}, old, False),
            (condition, {"x": mismatch}, old, ERROR),
        ]
    check(db, cases)


def test_no_value_is_false_for_positive_and_true_for_negative_operators(db):
    check(db, [(c, row, no) for c, _, _, _, no in OPERATORS for row in ({}, {"x": None})])
    check(
        db,
        [
            (text, row, expected)
            for row in ({}, {"x": None})
            for text, expected in (
                ("x is set", False), ("x is not set", True), ("x is empty", True),
                ("x is not empty", False), ("x", False), ("not x", True), ("x = y", False),
                ("x != y", True), ("x < y", False), ("x >= y", False), ("x in y", False),
                ("x not between y and z", True),
            )
        ],
    )  # fmt: skip
    check(
        db,
        [
            (f"x {op} y", {"x": 5, "y": None}, expected)
            for op, expected in (("=", False), ("!=", True), (">", False), ("<=", False))
        ],
    )


def test_set_and_empty_look_at_presence_not_at_truth(db):
    check(
        db,
        [
            (f"x is {word}", {"x": value}, expected)
            for value, is_set, is_empty in (
                (0, True, False), (False, True, False), ("", True, True), (" \t\n", True, True),
                ("\u00a0", True, True), ("x", True, False), ([], True, True), ([""], True, False),
                ({}, True, True), ({"a": None}, True, False), (None, False, True),
            )
            for word, expected in (
                ("set", is_set), ("not set", not is_set),
                ("empty", is_empty), ("not empty", not is_empty),
            )
        ],
    )  # fmt: skip


def test_negative_operators_are_exact_complements(db):
    leaves = [c for c, *_ in OPERATORS if c["op"] in NEGATIVES]
    leaves += [leaf("x", "is_not_set"), leaf("x", "is_not_empty"), leaf("x", "neq", {"field": "y"})]
    assert {c["op"] for c in leaves} == set(NEGATIVES)
    rows = [{}, *({"x": value, "y": 5} for value in HOSTILE)]
    negative = evaluate_each(db, leaves, rows)
    positive = evaluate_each(db, [{**c, "op": NEGATIVES[c["op"]]} for c in leaves], rows)
    assert negative == [None if result is None else not result for result in positive]


def test_hostile_values_never_raise_and_never_coerce(db):
    conditions = [c for c, *_ in OPERATORS] + ["x = y", "x < y", "x * y > 1", "x / y < 1", "x in y"]
    rows = [{"x": x, "y": y} for i, x in enumerate(HOSTILE) for y in (1, HOSTILE[-i])]
    results = evaluate_each(db, conditions, rows)
    assert len(results) == len(conditions) * len(rows)
    check(
        db,
        [
            ("x = 1", {"x": "1"}, ERROR),
            ("x > 5", {"x": "NaN"}, ERROR),
            ("x = 'true'", {"x": True}, ERROR),
            ("x in (1, 2)", {"x": "1"}, ERROR),
            ("x = y", {"x": "1", "y": 1}, ERROR),
            ("x < y", {"x": "a", "y": "b"}, ERROR),
            ("x < y", {"x": False, "y": True}, ERROR),
            ("x between y and z", {"x": "b", "y": "a", "z": "c"}, ERROR),
            ("x = y", {"x": {}, "y": {}}, ERROR),
        ],
    )
    huge = """
        select array_agg(automation.evaluate_condition(%s, row.value))
        from unnest('{"{\\"x\\": -1e-16000}", "{\\"x\\": 1e130000}"}'::jsonb[]) as row (value)
    """
    for condition, expected in (
        ("x > 5", [False, True]), ("x * x > 5", [False, None]), ("x - x = 0", [True, True]),
        ("x = '5'", [None, None]), ("x + 1 between 0 and 2", [True, False]),
    ):  # fmt: skip
        assert db.execute(huge, (json.dumps(condition),)).fetchone()[0] == expected


def test_a_list_means_some_item(db):
    check(
        db,
        [
            ("x = 5", {"x": [1, 5]}, True),
            ("x = 5", {"x": []}, False),
            ("x = 5", {"x": ["a", 5]}, True),
            ("x = 5", {"x": ["a", 6]}, False),
            ("x != 5", {"x": ["a", 6]}, True),
            ("x > 5", {"x": ["a"]}, False),
            ("x between 3 and 4", {"x": [1, 6]}, False),
            ("x in ('a', 'b')", {"x": [1, "b"]}, True),
            ("x starts_with 'a'", {"x": ["b", "ab"]}, True),
            ("x < y", {"x": ["a", 1], "y": 2}, True),
            ("x = y", {"x": [None, 1], "y": [None, 2]}, False),
            ("x = y", {"x": [1], "y": [2, 1]}, True),
            ("'vip' in x", {"x": ["new", "vip"]}, True),
            ("x in y", {"x": "UK", "y": ["US", "UK"]}, True),
            ("x not in y", {"x": "UK", "y": ["US"]}, True),
            ("x after '2025-01-01'", {"x": ["?", "2025-02-01"]}, True),
            ("x = 5", {"x": {"y": 5}}, ERROR),
            ("x[].y = 5", {"x": [{"y": 4}, {"y": 5}]}, True),
            ("x[].y != 5", {"x": [{"y": 4}, {"y": 5}]}, False),
            ("x[].y = 5", {"x": [{"y": "5"}]}, False),
            ("x[1] = 5", {"x": [4, 5]}, True),
            ("x contains y", {"x": [1, None], "y": [None]}, False),
            ("x contains_all y", {"x": [1, 2, 3], "y": [3, 1]}, True),
            ("x contains_all y", {"x": list(range(20)), "y": list(range(12))}, True),
            ("x contains_all y", {"x": list(range(11)), "y": list(range(12))}, False),
            ("x contains_any y", {"x": [11], "y": list(range(12))}, True),
            ("x contains_any y", {"x": [11], "y": []}, False),
            (leaf("x", "in", list(range(200))), {"x": [-1, 150]}, True),
            (leaf("x", "in", list(range(200))), {"x": [-1, "150"]}, False),
            (leaf("x", "in", list(range(200))), {"x": "150"}, ERROR),
            ("x = y", {"x": [1] * 600, "y": [2] * 600}, ERROR),
            ("x = y", {"x": [1] * 500, "y": [2] * 499 + [1]}, True),
            ("x[].id != y[].id", {"x": [{"id": 1}] * 600, "y": [{"id": 2}] * 600}, ERROR),
        ],
    )


def test_quantifiers_fail_closed(db):
    rows = [
        [{"s": "ok"}, {"s": "ok"}],
        [{"s": "ok"}, {"s": "no"}],
        [{"s": "no"}],
        [{"s": "ok"}, {}],
        [{"s": "ok"}, {"s": 5}],
        [],
        None,
    ]
    expected = {
        ("some", "eq"): [True, True, False, True, True, False, False],
        ("every", "eq"): [True, False, False, False, False, False, False],
        ("none", "eq"): [False, False, True, False, False, True, True],
        ("some", "neq"): [False, True, True, True, False, False, False],
        ("every", "neq"): [False, False, True, False, False, False, False],
        ("none", "neq"): [True, False, False, False, False, True, True],
    }
    check(
        db,
        [
            (leaf("x[].s", op, "ok", quantifier=quantifier), {"x": row}, result)
            for (quantifier, op), results in expected.items()
            for row, result in zip(rows, results, strict=True)
        ],
    )
    every = {"quantifier": "every"}
    check(
        db,
        [
            (leaf("x", "gt", 5, **every), {"x": 6}, True),
            (leaf("x", "neq", 5, **every), {"x": None}, False),
            (leaf("x", "neq", 5, quantifier="none"), {"x": None}, True),
            (leaf("x[].at", "before", "2025-06-01", **every), {"x": [{"at": "2025-05-01"}]}, True),
            (leaf("x[].at", "before", "2025-06-01", **every), {"x": [{"at": "?"}]}, False),
            (leaf("x[].at", "before", "2025-06-01", **every), {"x": [{}]}, False),
            (leaf("x[].at", "before", "2025-06-01", quantifier="none"), {}, True),
            (leaf("x[].tags", "contains", "vip", **every), {"x": [{"tags": ["vip"]}]}, True),
        ],
    )


T, F, E = "t = 1", "t = 2", "t = 'x'"
KLEENE = {T: True, F: False, E: None}


def kleene(node):
    """The result of a tree whose leaves are T, F and E."""
    if isinstance(node, str):
        return KLEENE[node]
    key, nodes = next(iter(node.items()))
    results = {kleene(nodes)} if key == "not" else {kleene(n) for n in nodes}
    if key == "all":
        return False if False in results else None if None in results else True
    result = True if True in results else None if None in results else False
    return result if key == "any" or result is None else not result


NODES = st.recursive(
    st.sampled_from([T, F, E]),
    lambda nodes: st.one_of(
        st.fixed_dictionaries({"not": nodes}),
        *(
            st.fixed_dictionaries({key: st.lists(nodes, min_size=1, max_size=3)})
            for key in ("all", "any", "none")
        ),
    ),
    max_leaves=8,
)


def deep(node) -> int:
    """How many levels a tree has."""
    if isinstance(node, str):
        return 1
    nodes = next(iter(node.values()))
    return 1 + max(map(deep, nodes if isinstance(nodes, list) else [nodes]))


@QUICK
@given(batch=st.lists(NODES.filter(lambda node: deep(node) <= 8), min_size=6, max_size=6))
def test_groups_follow_kleene_logic_in_any_order(db, batch):
    check(db, [(node, {"t": 1}, kleene(node)) for node in batch])
    check(db, [(reverse(node), {"t": 1}, kleene(node)) for node in batch])
    n, m = batch[:2]
    sides = {"not": {"any": [n, m]}}, {"all": [{"not": n}, {"not": m}]}, {"none": [n, m]}
    assert len(set(evaluate(db, [(side, {"t": 1}) for side in sides]))) == 1


def reverse(node):
    """The tree with the members of every group in opposite order."""
    if isinstance(node, str):
        return node
    key, nodes = next(iter(node.items()))
    if key == "not":
        return {key: reverse(nodes)}
    return {key: [reverse(n) for n in reversed(nodes)]}


def test_kleene_tables(db):
    values = (T, F, E)
    pairs = [(a, b) for a in values for b in values]
    cases = [(f"({a}) {op} ({b})", {key: [a, b]}) for a, b in pairs
             for op, key in (("and", "all"), ("or", "any"))]  # fmt: skip
    cases += [(f"not ({a})", {"not": a}) for a in values]
    check(db, [(text, {"t": 1}, kleene(tree)) for text, tree in cases])
    check(db, [(tree, {"t": 1}, kleene(tree)) for _, tree in cases])
