"""The two forms of a condition, what is refused, and hostile input."""

from __future__ import annotations

import json

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.condition_tools import QUICK, check, clone_template, compile_all, evaluate, leaf, trees

db = pytest.fixture(scope="module")(clone_template)


def test_the_string_form_is_the_tree_form(db):
    pairs = [
        ("roi > 200", leaf("roi", "gt", 200)),
        ("roi == -0.50", leaf("roi", "eq", -0.5)),
        ("200 < roi", leaf("roi", "gt", 200)),
        ("a <> 'it''s \\\"x\\\" \\u00e9\\n'", leaf("a", "neq", 'it\'s "x" é\n')),
        ('a = "it\'s"', leaf("a", "eq", "it's")),
        ("a in ('x', \"y\")", leaf("a", "in", ["x", "y"])),
        ("a NOT IN[1, -2]", leaf("a", "not_in", [1, -2])),
        ("a between 1 and 5 and b", {"all": [leaf("a", "between", [1, 5]), leaf("b", "is_true")]}),
        ("a not between -1 and b", leaf("a", "not_between", [-1, {"field": "b"}])),
        ("a contains 'x'", leaf("a", "contains", "x")),
        ("a starts with 'x'", leaf("a", "starts_with", "x")),
        ("a matches '^x'", leaf("a", "matches", "^x")),
        ("a is set", leaf("a", "is_set")),
        ("a Is Not Set", leaf("a", "is_not_set")),
        ("a.b[0][\"odd key\"]['q'] = true", leaf("a.b[0][\"odd key\"]['q']", "eq", True)),
        ("a = b", leaf("a", "eq", {"field": "b"})),
        ("a >= now - 7d", leaf("a", "gte", {"now": "-7 days"})),
        ("now > a", leaf("a", "lt", {"now": "0"})),
        ("a within_last 36h", leaf("a", "within_last", "PT36H")),
        ("now day_of_week ('Saturday', 0)", leaf("now", "day_of_week", ["sat", "sun"])),
        ("a changed", leaf("a", "changed")),
        ("a or b and not c", {"any": [leaf("a", "is_true"), {"all": [leaf("b", "is_true"),
            {"not": leaf("c", "is_true")}]}]}),
        ("(a or b) and c", {"all": [{"any": [leaf("a", "is_true"), leaf("b", "is_true")]},
            leaf("c", "is_true")]}),
        ("not a = 1", {"not": leaf("a", "eq", 1)}),
        ("a + b * 2 > -c", {"left": {"add": [{"field": "a"}, {"mul": [{"field": "b"}, 2]}]},
            "op": "gt", "value": {"neg": {"field": "c"}}}),
        ("a - b - c = 0", {"left": {"sub": [{"field": "a"}, {"field": "b"}, {"field": "c"}]},
            "op": "eq", "value": 0}),
        ("roi > 200\n  and (sentiment < -0.5\tor not verified)", {"all": [leaf("roi", "gt", 200),
            {"any": [leaf("sentiment", "lt", -0.5), {"not": leaf("verified", "is_true")}]}]}),
    ]  # fmt: skip
    assert trees(db, [text for text, _ in pairs]) == trees(db, [tree for _, tree in pairs])


def test_aliases_are_stored_canonically(db):
    pairs = [
        ({"metric": "roas", "operator": ">", "threshold": 2}, leaf("roas", "gt", 2)),
        ({"type": "metric_threshold", "metric": "cpa", "operator": "greater_than", "threshold": 50},
            leaf("cpa", "gt", 50)),
        ({"field": "a", "operator": "not_equals", "value": 1}, leaf("a", "neq", 1)),
        (leaf("a", "less_than_or_equal", 1), leaf("a", "lte", 1)),
        (leaf("a", "between", {"min": 1, "max": 5}), leaf("a", "between", [1, 5])),
        (leaf("a", "exists"), leaf("a", "is_set")),
        (leaf("a", "exists", False), leaf("a", "is_not_set")),
        (leaf("a", "Not In", [1]), leaf("a", "not_in", [1])),
        (leaf("a", "within_last", "2 days"), leaf("a", "within_last", "P2D")),
        (leaf("a", "eq", 1, ci=False), leaf("a", "eq", 1)),
        ({"field": "a"}, leaf("a", "is_true")),
        ({"or": ["a > 1", leaf("b", "lt", 2)]}, {"any": [leaf("a", "gt", 1), leaf("b", "lt", 2)]}),
        ([leaf("a", "gt", 1), "b < 2"], {"all": [leaf("a", "gt", 1), leaf("b", "lt", 2)]}),
        ({"conditions": ["a > 1"], "condition_logic": "OR"}, {"any": [leaf("a", "gt", 1)]}),
        ({"conditions": "a > 1", "condition_logic": "custom"}, {"all": [leaf("a", "gt", 1)]}),
        (leaf("a", "changes_by", 5),
            {"any": [leaf("a", "increased_by", 5), leaf("a", "decreased_by", 5)]}),
        (leaf("a", "change_pct", 5),
            {"any": [leaf("a", "increased_by_pct", 5), leaf("a", "decreased_by_pct", 5)]}),
        (leaf("a", "gt", 1, ui={"x": 1}), leaf("a", "gt", 1, ui={"x": 1})),
        ({"all": ["a > 1"], "x-note": "n"}, {"all": [leaf("a", "gt", 1)], "x-note": "n"}),
    ]  # fmt: skip
    assert trees(db, [alias for alias, _ in pairs]) == [tree for _, tree in pairs]
    assert trees(db, [tree for _, tree in pairs]) == [tree for _, tree in pairs]


REFUSED = [
    (None, "not_a_condition", "a condition is a text or an object, this is a null"),
    (5, "not_a_condition", "this is a number"),
    ({}, "missing_field", "a condition names its field"),
    ([], "empty_group", "needs a list of at least one condition"),
    ({"all": []}, "empty_group", "all needs a list"),
    ({"any": {}}, "empty_group", "any needs a list"),
    ({"not": []}, "empty_group", "all needs a list"),
    ({"all": ["a"], "any": ["b"]}, "unknown_key", "cannot stand beside"),
    ({"conditions": ["a"], "condition_logic": "xor"}, "unknown_logic", '"xor"'),
    ({"ref": "vips"}, "unknown_reference", 'there is no condition set "vips"'),
    (leaf("a", "resembles", 1), "unknown_operator", '"resembles" is not an operator'),
    (leaf("a", "eq", 1, foo=1), "unknown_key", '"foo" is not a key'),
    ({"op": "eq", "value": 1}, "missing_field", "names its field"),
    ({"field": 5, "op": "eq", "value": 1}, "missing_field", "names its field"),
    ({"field": "a", "value": 1}, "missing_operator", "names its operator"),
    (leaf("a", "gt"), "missing_value", "gt needs a value"),
    (leaf("a", "is_set", 5), "unexpected_value", "is_set takes no value"),
    (leaf("a..b", "eq", 1), "invalid_path", '"a..b" is not a path'),
    (leaf("a." * 16 + "a", "eq", 1), "invalid_path", "at most 16 parts"),
    ("a = null", "null_comparison", "nothing equals null"),
    (leaf("a", "lt", None), "null_comparison", "nothing equals null"),
    (leaf("a", "eq", [1]), "not_a_scalar", "a list stands where one value is expected"),
    (leaf("a", "eq", {"x": 1}), "invalid_value", "an object cannot be compared"),
    (leaf("a", "eq", {"var": "x"}), "unknown_variable", "a rule has no variables"),
    ("name > 'abc'", "unordered", '"abc" has no order'),
    ("a between 'x' and 'y'", "unordered", '"x" has no order'),
    ("a < true", "unordered", "true and false have no order"),
    ("a between 5 and 1", "empty_range", "the lower bound is above the upper bound"),
    ("a between '2025-02-01' and '2025-01-01'", "empty_range", "above the upper bound"),
    ("a between 1 and '2025-01-01'", "type_mismatch", "both bounds"),
    (leaf("a", "between", [1]), "not_a_range", "two bounds"),
    (leaf("a", "in", []), "empty_list", "1 to 1,000 constants"),
    (leaf("a", "in", [1, None]), "null_in_list", "a list holds no null"),
    (leaf("a", "in", [1, "x"]), "mixed_list", "constants of one type"),
    (leaf("a", "in", [[1]]), "not_a_scalar", "only constants"),
    (leaf("a", "in", 5), "not_a_list", "a list is expected"),
    ("a contains ''", "empty_text", "the text to look for is empty"),
    ("a starts_with 5", "not_a_text", "5 is not a text"),
    (leaf("a", "length_gt", 1.5), "invalid_value", "a whole number"),
    (leaf("a", "within_last", "soon"), "invalid_value", "a duration such as 7d"),
    (leaf("a", "within_last", "101 years"), "invalid_value", "at most 100 years"),
    (leaf("a", "gt", {"now": "-999999 years"}), "invalid_duration", "is not a duration"),
    (leaf("a", "increased_by", 0), "invalid_value", "a number above 0"),
    (leaf("now", "day_of_week", ["xyz"]), "invalid_value", "days are mon to sun"),
    (leaf("now", "time_between", ["09:00", "09:00"]), "invalid_value", "two different times"),
    (leaf("a", "before", "2025-02-30"), "not_a_timestamp", "is not an ISO 8601 date"),
    ("now > 5", "type_mismatch", "now is compared with timestamps and dates"),
    ("a + 'x' > 5", "not_a_number", '"x" cannot stand in arithmetic'),
    ("a[] + 1 > 5", "not_a_number", "a list cannot stand in arithmetic"),
    ("a + 1 = 'x'", "type_mismatch", "arithmetic is compared with numbers"),
    (leaf("a", "eq", 1, type="money"), "invalid_type", '"money" is not a type for eq'),
    (leaf("a", "eq", "x", type="number"), "type_mismatch", '"x" is not of type number'),
    (leaf("a", "eq", 1, ci=True), "invalid_ci", "only text"),
    (leaf("a", "eq", 1, quantifier="most"), "invalid_quantifier", "some, every or none"),
    (leaf("a", "changed", quantifier="every"), "invalid_quantifier", "no quantifier"),
    (leaf("old.a", "changed"), "no_old_value", "old.a is none"),
    (leaf("a", "gt", "x", rank=["low", "high"]), "not_ranked", '"x" is not in the rank'),
    (leaf("a", "gt", "low", rank=["low", "low"]), "invalid_rank", "different texts"),
    (leaf("a", "gt", 10**38), "number_too_long", "at most 38 digits"),
    ("a > 1e40", "number_too_long", "at most 38 digits"),
    (leaf("a", "eq", "x" * 65537), "text_too_long", "at most 64 KiB"),
    (leaf("a", "in", list(range(1001))), "list_too_long", "1 to 1,000"),
    (leaf("a", "eq", "x" * 300000), "too_long", "at most 256 KiB"),
    ("a = 1 or " * 1200 + "a", "too_long", "at most 10 kB"),
    ({"any": ["a"] * 201}, "too_many_leaves", "at most 200 comparisons"),
    (" and ".join(["a"] * 201), "too_many_leaves", "at most 200 comparisons"),
    ("not " * 10 + "a", "too_deep", "at most 10 levels"),
]
SYNTAX = [
    ("", 1, 1, 'expected a field, a value or "(", found the end'),
    ("roi >", 1, 6, 'expected a field, a value or "(", found the end'),
    ("(roi > 200", 1, 11, 'expected ")", found the end'),
    ("roi > 200)", 1, 10, 'expected an operator or the end, found ")"'),
    ("roi 200", 1, 5, 'expected an operator, "and" or "or", found "200"'),
    ("a = 'x\ny' and\n b ! 5", 3, 4, 'expected an operator, "and" or "or", found "!"'),
    ("a = 'abc", 1, 5, "found a text without its closing quote"),
    ("a = '\\q'", 1, 5, "expected a text with no escapes but"),
    ("1 < a < 3", 1, 7, "comparisons are joined by and, or"),
    ("5 > 3", 1, 1, 'expected a field on the left of ">"'),
    ("a between 1 or b", 1, 3, 'expected "and" and an upper bound'),
    ("a in (x)", 1, 7, "expected a constant"),
    ("a in (1 2)", 1, 9, 'expected "," or ")"'),
    ("a and 5", 1, 7, 'expected a comparison or a field beside "and"'),
    ("score + 10", 1, 1, "expected a comparison such as roi > 200, found a value"),
    ("a > b - 7d", 1, 9, "a duration is added to now"),
    ("(" * 50 + "a" + ")" * 50, 1, 41, "nested too deeply"),
    ("x = 1; drop table t", 1, 6, 'found ";"'),
]


def test_invalid_conditions_are_refused_with_the_reason(db):
    rows = compile_all(db, [condition for condition, *_ in REFUSED])
    wrong = [
        (json.dumps(condition)[:60], errors)
        for (condition, code, text), (*_, errors) in zip(REFUSED, rows, strict=True)
        if not errors or errors[0]["code"] != code or text not in errors[0]["message"]
    ]
    assert wrong == []


def test_syntax_errors_name_line_column_and_what_was_expected(db):
    rows = compile_all(db, [text for text, *_ in SYNTAX])
    wrong = [
        (text[:40], errors)
        for (text, line, column, message), (*_, errors) in zip(SYNTAX, rows, strict=True)
        if not errors
        or errors[0]["code"] != "syntax"
        or not errors[0]["message"].startswith(f"line {line}, column {column}: ")
        or message not in errors[0]["message"]
    ]
    assert wrong == []


def test_all_errors_are_reported_with_their_pointers(db):
    tree = {"all": ["a > 1", leaf("b", "gt", "x"), {"not": {"any": ["c >", leaf("d", "=", None)]}}]}
    errors = db.execute(
        "select (automation_private.compile_condition(%s, 'row', '{}', '/steps/0/when')).errors",
        (json.dumps(tree),),
    ).fetchone()[0]
    assert [(e["pointer"], e["code"]) for e in errors] == [
        ("/steps/0/when/all/1", "unordered"),
        ("/steps/0/when/all/2/not/any/0", "syntax"),
        ("/steps/0/when/all/2/not/any/1", "null_comparison"),
    ]
    with pytest.raises(psycopg.Error) as raised:
        evaluate(db, [(tree, {})])
    assert raised.value.sqlstate == "MA201"
    assert [e["pointer"] for e in json.loads(raised.value.diag.message_detail)] == [
        "/all/1", "/all/2/not/any/0", "/all/2/not/any/1",
    ]  # fmt: skip


def test_limits_are_inclusive(db):
    text = "n" * 10000
    conditions = [
        {"any": ["a = 1"] * 199 + ["b"]},
        " or ".join(["a"] * 199 + ["b"]),
        leaf("n", "in", list(range(1000))),
        leaf("t", "in", [str(i) for i in range(1000)], ci=True),
        leaf("x", "contains_any", [str(i) + text[:40] for i in range(999)] + ["needle"]),
        leaf("n", "eq", int("9" * 38)),
        leaf("t", "eq", "x" * 65536),
        "not " * 8 + "b",
        leaf("a." * 15 + "a", "is_not_set"),
        "(" * 40 + "b" + ")" * 40,
    ]
    row = {"b": True, "n": 999, "t": "999", "x": "a needle"}
    assert evaluate(db, [(c, row) for c in conditions]) == [
        True, True, True, True, True, False, False, True, True, True,
    ]  # fmt: skip


UNSAFE = [
    "", "x" * 201, "(a+)+$", "(a*)*b", "((a+)b?){3,}", "(x+x+)+y", "(a|b*)*c", "(?:a+){2}",
    r"(a)\1", r"(.*)(.*)\2\1", r"((a)|b)\2", "a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)b", "(?i)a",
    "***=a", "***:a", "a{96}", "(a", "a)", "[a", "a{2,1}", "a**", "\\", "x\x01", "." * 96,
    r"\w{60}\d{60}",
]  # fmt: skip
SAFE = [
    ("^a(bc)+$", "abcbc"), (r"^\d{4}-\d{2}-\d{2}", "2025-01-01"), ("(a.b)?c", "c"),
    (r"^[\w.+-]+@[\w-]+(\.[a-z]{2,})?$", "a.b@c.de"), ("(a|b)*c", "abc"), (r"\(\d+\)+", "(1))"),
    (r"a\\1", "a\\1"), ("[(+]*x", "(+x"), ("a\"b'", "a\"b'"), ("é$", "café"),
]  # fmt: skip


def test_dangerous_patterns_are_refused_and_others_are_fast(db):
    rows = compile_all(db, [leaf("x", "matches", pattern) for pattern in UNSAFE])
    accepted = [p for p, (*_, errors) in zip(UNSAFE, rows, strict=True) if not errors]
    assert accepted == []
    *_, errors = compile_all(db, [{"all": [leaf("x", "matches", "a.{30}b")] * 4}])[0]
    assert "together too complex" in errors[0]["message"]
    check(db, [(leaf("x", "matches", pattern), {"x": text}, True) for pattern, text in SAFE])
    worst = ["a.{90}c", "(a|b)*a(a|b){90}c", "a?" * 60 + "a" * 60, "(a|ab|b|ba|aa|bb)*c"]
    texts = ["ab" * 32000, "a" * 64000, "abbabaabbaababba" * 4000]
    for pattern in worst:
        started = db.execute("select clock_timestamp()").fetchone()[0]
        evaluate(db, [(leaf("x", "matches", pattern), {"x": text}) for text in texts])
        elapsed = db.execute("select clock_timestamp() - %s", (started,)).fetchone()[0]
        assert elapsed.total_seconds() < 1.5, pattern


WORDS = (
    "a b.c a[0] a[] d['x'] now old.a changed 7d 1 -1 1e5 1e999 'x' '' \"y\" '2025-01-01' true null "
    "( ) [ ] , and or not in is set empty between contains starts_with matches = != < >= + - * / "
    "within_last day_of_week changed_to increased_by '(a+)+' & ' \\ é ; -- /* $ @ ? } {{"
)
TEXTS = st.lists(st.sampled_from(WORDS.split()), max_size=9).map(" ".join)


def nested(depth: int, inner: str, opening: str, closing: str):
    """Deeply nested JSON, which Python's own encoder would refuse."""
    return opening * depth + inner + closing * depth


@QUICK
@given(
    texts=st.lists(st.lists(st.sampled_from(WORDS.split()), max_size=9).map(" ".join), min_size=20)
)
def test_nonsense_is_refused_and_never_raises(db, texts):
    rows = compile_all(db, texts)
    assert all((tree is None) == (errors is not None) for tree, _, _, _, errors in rows)
    valid = [text for text, row in zip(texts, rows, strict=True) if row[0]]
    assert len(evaluate(db, [(text, {"a": [1, {"b": "x"}]}, {}) for text in valid])) == len(valid)


def test_deep_nesting_is_refused_before_it_hurts(db):
    query = "select errors -> 0 ->> 'code' from automation_private.compile_condition(%s, 'row')"
    for source, code in (
        (nested(1000, '"a"', '{"all": [', "]}"), "too_deep"),
        (nested(1000, '"a"', '{"not": ', "}"), "too_deep"),
        (nested(1000, "1", '{"field": "a", "op": "eq", "value": [', "]}"), "not_a_scalar"),
        (
            '{"op": "gt", "value": 1, "left": ' + nested(1000, "1", '{"neg": ', "}") + "}",
            "too_deep",
        ),
    ):
        assert db.execute(query, (source,)).fetchone()[0] == code, source[:60]


ODD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
SPICE = st.sampled_from(
    ['") || (1 == 1', "' or '1'='1", "$.new", '"', "'", "\\", "\\u0022", "@", "$", "?(@ == 1)",
     "%s", "%1$s", "*/", "/*", "[*]", "]", "{{x}}", ".type()", "\n", "\x1f", "\u2028",
     "flag \"i\"", "x\\"],
)  # fmt: skip
HOSTILE_TEXT = st.one_of(ODD, SPICE, st.tuples(ODD, SPICE, ODD).map("".join))


def quoted_path(name: str) -> str:
    """A path of one part, its name quoted."""
    escaped = "".join(
        f"\\u{ord(c):04x}" if c < " " else "\\" + c if c in '"\\' else c for c in name
    )
    return f'new["{escaped}"]'


@QUICK
@given(names=st.lists(st.tuples(HOSTILE_TEXT, HOSTILE_TEXT.filter(bool)), min_size=5, max_size=5))
def test_hostile_names_and_texts_are_only_ever_data(db, names):
    cases = []
    for name, text in names:
        path, row = quoted_path(name), {name: text, name + "_": [text, 1]}
        cases += [
            (leaf(path, "eq", text), row, True),
            (leaf(path, "in", [text + "'", text]), row, True),
            (leaf(path, "contains", text), row, True),
            (leaf(path, "starts_with", text), row, True),
            (leaf(path, "ends_with", text), row, True),
            (leaf(path, "contains_all", [text] * 5), row, True),
            (leaf(path, "eq", text, ci=True), row, True),
            (leaf(path, "neq", text + "x"), row, True),
            (leaf(path, "eq", {"field": quoted_path(name)}), row, True),
            (leaf(quoted_path(name + "_"), "contains", text), row, True),
            (leaf(quoted_path(name + "-"), "is_set"), row, False),
        ]
    check(db, cases)


LEAVES = st.one_of(
    st.builds(
        leaf, st.sampled_from(["a", "b.c", 'd["x y"][0]', "e[].f"]), st.just("eq"), HOSTILE_TEXT
    ),
    st.builds(
        leaf,
        st.just("n"),
        st.sampled_from(["lt", "gte", "neq"]),
        st.one_of(
            st.integers(-(10**20), 10**20),
            st.decimals(-1000, 1000, places=3).map(float),
            st.just({"field": "m"}),
            st.just({"div": [{"field": "m"}, {"add": [{"field": "k"}, 2]}]}),
        ),
    ),
    st.builds(leaf, st.just("s"), st.sampled_from(["in", "not_in"]), st.just(["a", "it's"])),
    st.builds(leaf, st.just("n"), st.just("between"), st.just([-1, {"field": "m"}])),
    st.builds(leaf, st.just("t"), st.just("gt"), st.just({"now": "-P7D"})),
    st.builds(leaf, st.just("t"), st.just("within_last"), st.sampled_from(["PT36H", "P2M"])),
    st.builds(
        leaf, st.just("s"), st.sampled_from(["is_set", "is_not_empty", "is_true", "changed"])
    ),
    st.builds(leaf, st.just("s"), st.sampled_from(["not_contains", "starts_with"]), st.just("x")),
    st.just(
        {"left": {"sub": [{"field": "a"}, 1, {"neg": {"field": "b"}}]}, "op": "lte", "value": 3}
    ),
)
GROUPS = st.recursive(
    LEAVES,
    lambda nodes: st.one_of(
        st.fixed_dictionaries({"not": nodes}),
        st.fixed_dictionaries({"all": st.lists(nodes, min_size=2, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(nodes, min_size=2, max_size=3)}),
    ),
    max_leaves=6,
)


@QUICK
@given(batch=st.lists(GROUPS, min_size=5, max_size=5))
def test_the_shown_string_form_reads_back_as_the_same_condition(db, batch):
    shown = db.execute(
        """
        select array_agg(automation_private.format_condition(d.tree) order by c.at)
        from jsonb_array_elements(%s::jsonb) with ordinality as c (value, at),
            automation_private.compile_condition(c.value, 'row') as d
        """,
        (json.dumps(batch),),
    ).fetchone()[0]
    left, right = (compile_all(db, forms) for forms in (batch, shown))
    assert [row[4] for row in left + right if row[4]] == []
    assert [flatten(row[0]) for row in left] == [flatten(row[0]) for row in right]


def flatten(node):
    """The tree with groups of one kind joined: (a and b) and c is a and b and c."""
    if "not" in node:
        return {"not": flatten(node["not"])}
    for key in ("all", "any"):
        if key in node:
            nodes = [flatten(n) for n in node[key]]
            return {key: nodes[0].get(key, nodes[:1]) + nodes[1:]}
    return node
